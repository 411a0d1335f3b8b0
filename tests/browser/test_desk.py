"""The facilitator's pages: double clicks, the end and the way back, the language of console and wall."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kit.session import Plan, State
from tests.browser import axe
from tests.browser.keyboard import enter, tab_to
from tests.browser.people import PHONE, Person, person
from tests.browser.test_workshop import kit
from tests.support.waiting import eventually
from tests.support.workshop import Workshop, serving

pytestmark = pytest.mark.browser

ONE, STORIES = "reflection", "scenarios"
# People who click twice do it within so many milliseconds.
BETWEEN = 220


@pytest.fixture
def held(server: Workshop) -> Workshop:
    """A workshop of two exercises for one test, which may end it."""
    return server.another(Plan(ONE), Plan(STORIES))


def click_twice(page: Page, button: Locator) -> None:
    """Two clicks on one spot, whatever stands there by then."""
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(*at)
    page.wait_for_timeout(BETWEEN)
    page.mouse.click(*at)


def state(workshop: Workshop, slug: str) -> State:
    plan = workshop.session().plan(slug)
    assert plan is not None
    return plan.state


def stage(workshop: Workshop) -> str:
    plan = workshop.session().plan(STORIES)
    assert plan is not None
    return plan.stage


def can_be_pressed(one: Person) -> None:
    """Wait until the console has done what it was asked for; at the first slide on the wall, Back rests anyway."""
    rests = one.page.locator('button[aria-disabled="true"]:not([data-key="wall/slide_back"])')
    expect(rests).to_have_count(0)


def test_two_clicks_never_do_two_things(browser: Browser, held: Workshop) -> None:
    with person(browser, held, "fr") as host:
        host.host()
        click_twice(host.page, host.page.locator(f'[data-key="open/{ONE}"]'))
        eventually(lambda: state(held, ONE) is State.OPEN and host.page.title(), "the first click opens it")
        can_be_pressed(host)
        assert state(held, ONE) is State.OPEN
        click_twice(host.page, host.page.locator(f'[data-key="close/{ONE}"]'))
        eventually(lambda: state(held, ONE) is State.CLOSED and host.page.title(), "the first click closes it")
        can_be_pressed(host)
        assert state(held, ONE) is State.CLOSED
        host.press("open", STORIES)
        can_be_pressed(host)
        host.page.locator(f'[data-key="fold/{STORIES}"]').click()
        host.page.locator(".kit-stages details details summary").first.click()
        scene = host.page.locator(f'[data-key^="stage/{STORIES}/"]:visible').first
        wanted = str(scene.get_attribute("data-key")).partition(f"{STORIES}/")[2]
        click_twice(host.page, scene)
        can_be_pressed(host)
        assert stage(held) == wanted
        onward = host.page.locator(f'[data-key^="stage/{STORIES}/"]:visible').first
        wanted = str(onward.get_attribute("data-key")).partition(f"{STORIES}/")[2]
        click_twice(host.page, onward)
        can_be_pressed(host)
        assert stage(held) == wanted
        click_twice(host.page, host.button("console.end"))
        assert not held.session().closed
        expect(host.button("console.end_yes")).to_be_visible()
        assert host.troubles == []


def presses_while_news_come(one: Person, button: Locator, news: Callable[[], object]) -> None:
    """The button goes down, the page hears of something that it draws, the button is let go: slowly, as by a hand that
    trembles or on a laptop that has much to do.
    """
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    one.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    one.page.mouse.down()
    began = one.page.evaluate("performance.now()")
    one.page.wait_for_function("began => performance.now() > began + 2000", arg=began)
    heard = len(one.frames)
    news()
    # Frames are heard of only while the page is asked something.
    eventually(lambda: one.page.title() and any(b'"exercises"' in frame for frame in one.frames[heard:]), "the news")
    one.page.mouse.up()


def test_what_is_pressed_while_news_come_is_pressed(browser: Browser, held: Workshop) -> None:
    with person(browser, held, "fr") as host, person(browser, held, "fr", **PHONE) as phone:
        phone.join()
        host.host()
        count, newcomer = host.page.locator(".kit-count"), held.device()
        joined = count.inner_text()
        opens = host.page.locator(f'[data-key="open/{ONE}"]')
        presses_while_news_come(host, opens, lambda: newcomer.take_seat(held.code))
        phone.sees(ONE)
        expect(count).not_to_have_text(joined)
        phone.menu()
        exit_now = phone.page.locator(".kit-exit:visible")
        presses_while_news_come(phone, exit_now, lambda: held.set_state(State.OPEN, STORIES))
        phone.page.wait_for_url("**/quiet")
        assert host.troubles == []


def test_the_end_is_decided_by_keyboard_and_in_two_steps(browser: Browser, held: Workshop) -> None:
    with person(browser, held, "fr") as host:
        host.host()
        host.button("console.end").focus()
        host.page.keyboard.press("Enter")
        expect(host.button("console.end_no")).to_be_focused()
        # Enter held down, or pressed in haste, ends nothing.
        host.page.keyboard.press("Enter")
        expect(host.button("console.end_yes")).to_be_visible()
        can_be_pressed(host)
        axe.check(host.page, "the question before the end", axe.WIDE)
        host.page.keyboard.press("Escape")
        expect(host.button("console.end")).to_be_focused()
        can_be_pressed(host)
        host.page.keyboard.press("Enter")
        can_be_pressed(host)
        host.page.keyboard.press("Tab")
        expect(host.button("console.end_yes")).to_be_focused()
        host.page.keyboard.press("Enter")
        expect(host.page.get_by_text(host.say("console.ended_host"))).to_be_visible()
        assert held.session().closed


def test_after_the_end_pages_say_what_is_and_the_end_can_be_taken_back(browser: Browser, held: Workshop) -> None:
    with person(browser, held, "fr") as host, person(browser, held, "en", **PHONE) as phone:
        held.set_state(State.OPEN)
        phone.join()
        host.host()
        wall = host.context.new_page()
        host.watch(wall)
        wall.goto(f"{held.address}/screen")
        expect(wall.locator(".kit-code")).to_contain_text(held.code)
        kit(held, "session", "close", held.code)
        # The wall invites nobody any more, the console leads on, the phone says what can be done.
        expect(wall.locator(".kit-code")).to_have_count(0)
        expect(wall.locator(".kit-screen")).to_contain_text(host.say("console.ended"))
        axe.check(wall, "the wall after the end", axe.WIDE)
        expect(host.page.locator(".kit-code")).to_have_count(0)
        expect(host.page.locator(f'[data-key="open/{ONE}"], [data-key="close/{ONE}"]')).to_have_count(0)
        expect(host.page.locator(".kit-console")).to_contain_text(f"kit report {held.code}")
        axe.check(host.page, "the console after the end", axe.WIDE)
        expect(phone.page.locator(".kit-room .kit-head")).to_contain_text(phone.say("room.over"))
        phone.page.reload()
        expect(phone.page.locator(".kit-room .kit-head")).to_contain_text(phone.say("room.over"))
        axe.check(phone.page, "a phone after the end")
        with person(browser, held, "en", **PHONE) as late:
            late.go(f"/j/{held.code}")
            expect(late.page.locator("main")).to_contain_text(late.say("door.over_lead"))
            axe.check(late.page, "the door after the end")
            host.page.locator('[data-key="reopen"]').click()
            expect(wall.locator(".kit-code")).to_contain_text(held.code)
            expect(phone.page.locator(".kit-news")).to_contain_text(phone.say("room.reopened"))
            expect(phone.page.locator(".kit-room .kit-head")).not_to_contain_text(phone.say("room.over"))
            expect(host.page.locator(f'[data-key="close/{ONE}"]')).to_be_visible()
            late.join()
        kit(held, "session", "close", held.code)
        expect(phone.page.locator(".kit-room .kit-head")).to_contain_text(phone.say("room.over"))
        kit(held, "session", "reopen", held.code.lower())
        expect(phone.page.locator(".kit-room .kit-head")).not_to_contain_text(phone.say("room.over"))
        assert host.troubles == phone.troubles == []


def test_who_has_erased_everything_is_told_what_is_left(browser: Browser, held: Workshop) -> None:
    held.set_state(State.OPEN)
    with person(browser, held, "en", **PHONE) as phone:
        words = phone.join()
        phone.menu()
        phone.page.locator('[data-key="fold/data"]').click()
        click_twice(phone.page, phone.button("room.erase"))
        expect(phone.button("room.erase_yes")).to_be_visible()
        can_be_pressed(phone)
        phone.button("room.erase_yes").click()
        expect(phone.page.locator(".kit-gone")).to_contain_text(phone.say("room.gone"))
        expect(phone.page.locator(".kit-shell")).not_to_contain_text(words)
        expect(phone.button("room.erase")).to_have_count(0)
        axe.check(phone.page, "erased")
        # Nothing that the facilitator does brings the form back.
        held.set_state(State.CLOSED)
        held.set_state(State.OPEN)
        phone.page.wait_for_timeout(1500)
        expect(phone.page.locator("form")).to_have_count(0)
        phone.page.locator('[data-key="join"]').click()
        phone.page.wait_for_url("**/j/*")
        assert phone.join() != words


def test_after_the_end_a_word_card_still_leads_to_ones_answers_and_erases_them(
    browser: Browser, held: Workshop
) -> None:
    """On another device, by keyboard alone."""
    held.set_state(State.OPEN)
    with person(browser, held, "fr", **PHONE) as phone:
        words = phone.join()
        phone.choose(ONE)
        item = phone.page.locator("form [data-item] input").first
        item.check()
        phone.saved(phone.page.locator("form [data-item]").first.get_attribute("data-item") or "")
    with held.store() as store:
        (seat,) = [one.key for one in store.seats.people(held.session_id)]
        assert store.answers.of(seat, ONE)
        store.sessions.close(held.session_id)
    with person(browser, held, "fr") as later:
        later.go(f"/j/{held.code}")
        expect(later.page.locator("main")).to_contain_text(later.say("door.over_lead"))
        tab_to(later.page, f'a[href$="/back/{held.code}"]')
        later.page.keyboard.press("Enter")
        later.page.wait_for_url("**/back/*")
        tab_to(later.page, 'input[name="words"]')
        later.page.keyboard.type(words)
        later.page.keyboard.press("Enter")
        later.page.wait_for_url("**/w")
        later.arrived()
        expect(later.page.locator(".kit-room .kit-head")).to_contain_text(later.say("room.over"))
        for key in ("fold/menu", "fold/data"):
            later.page.locator(f'[data-key="{key}"]').press("Enter")
        later.button("room.erase").press("Enter")
        expect(later.button("room.erase_no")).to_be_focused()
        later.page.keyboard.press("Tab")
        expect(later.button("room.erase_yes")).to_be_focused()
        enter(later.page)
        expect(later.page.locator(".kit-gone")).to_contain_text(later.say("room.gone"))
        assert later.troubles == []
    with held.store() as store:
        assert store.seats.people(held.session_id) == []


def test_console_and_wall_speak_each_the_language_that_was_chosen_for_it(browser: Browser, held: Workshop) -> None:
    # The workshop is held in French; the laptop's browser speaks English.
    with person(browser, held, "en") as host:
        host.host_in_any_language()
        wall = host.context.new_page()
        host.watch(wall)
        wall.goto(f"{held.address}/screen")
        for page in (host.page, wall):
            expect(page.locator("html")).to_have_attribute("lang", "fr")
        host.lang = "fr"
        host.press("open", ONE)
        host.press("reveal", ONE)
        expect(host.page.locator(".kit-said")).to_have_text(host.say("console.revealed_few", k=5))
        with host.page.expect_response("**/host?lang=en"):
            host.speak("en")
        # What was said in French is over; what still holds is said again.
        expect(host.page.locator(".kit-said")).to_have_text(host.say("console.unreached"))
        for page, lang in ((host.page, "en"), (wall, "fr")):
            page.reload()
            expect(page.locator("html")).to_have_attribute("lang", lang)
        can_be_pressed(host)
        host.page.locator('[data-key="wall/en"]').click()
        expect(wall.locator("html")).to_have_attribute("lang", "en")
        begun = host.say("console.wall_nobody")
        expect(wall.locator(".kit-screen .kit-count")).to_have_text(begun[0].upper() + begun[1:])
        # By key: one language, both, the other one.
        sides = wall.locator(".kit-screen .kit-count p")
        for langs in (["en", "fr"], ["fr"]):
            wall.keyboard.press("F2")
            expect(sides).to_have_count(len(langs))
            expect(wall.locator("html")).to_have_attribute("lang", langs[0])
            assert [one.get_attribute("lang") for one in sides.all()] == langs
        expect(host.page.locator('[data-key="wall/fr"]')).to_have_attribute("aria-pressed", "true")
        for page, lang in ((host.page, "en"), (wall, "fr")):
            page.reload()
            expect(page.locator("html")).to_have_attribute("lang", lang)
        can_be_pressed(host)
        host.press("reveal", ONE)
        expect(host.page.locator(".kit-said")).to_have_text(host.say("console.revealed_few", k=5))
        host.go("/reach")
        expect(host.page.locator("html")).to_have_attribute("lang", "en")
        assert host.troubles == []


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Workshop]:
    """The same with a server of its own."""
    with serving(tmp_path, "--exercises", f"{ONE},{STORIES}") as made:
        yield made


def test_a_restart_leaves_no_traceback(browser: Browser, alone: Workshop) -> None:
    alone.set_state(State.OPEN)
    with person(browser, alone, "fr") as host, person(browser, alone, "fr", **PHONE) as phone:
        phone.join()
        host.host()
        before = set(alone.kernels())
        for process in before:
            os.kill(process, signal.SIGKILL)
        eventually(lambda: alone.kernels() and not before & set(alone.kernels()), "other kernels")
        # Both pages come back by themselves.
        alone.pages_are(2)
        host.press("close", ONE)
        eventually(lambda: host.page.title() and state(alone, ONE) is State.CLOSED, "the console works again")
        phone.arrived()
    alone.stop()
    assert "Traceback" not in alone.log
    assert "Signature" not in alone.log


def test_what_the_report_says_first_is_typed_at_the_end(browser: Browser, held: Workshop) -> None:
    with person(browser, held, "fr") as host, person(browser, held, "fr", **PHONE) as phone:
        host.host()
        decided = host.page.get_by_label(host.say("console.closing_decided"), exact=True)
        asks = host.page.get_by_label(host.say("console.closing_asks"), exact=True)
        keep = host.page.get_by_role("button", name=host.say("console.closing_keep"), exact=True)
        decided.fill("Une liste commune  d'ici mars.")
        phone.take_seat()
        # Somebody has joined, and what was typed is still there.
        expect(host.page.locator(".kit-count")).not_to_have_text(host.say("console.joined", n=0))
        expect(decided).to_have_value("Une liste commune  d'ici mars.")
        asks.fill("Appelez le 514 555-0199.")
        keep.press("Enter")
        expect(host.page.locator(".kit-said")).to_contain_text(host.say("disclosure.contact_kind.phone"))
        expect(asks).to_have_value("Appelez le 514 555-0199.")
        asks.fill("Une personne à qui parler.")
        expect(keep).not_to_have_attribute("aria-disabled", "true")
        keep.press("Enter")
        expect(host.page.locator(".kit-said")).to_have_text(host.say("console.closing_noted"))
        expect(decided).to_have_value("Une liste commune d'ici mars.")
        assert (held.session().decided, held.session().asks) == (
            "Une liste commune d'ici mars.", "Une personne à qui parler.",
        )  # fmt: skip
        axe.check(host.page, "the words for the report", axe.WIDE)
        host.page.reload()
        expect(asks).to_have_value("Une personne à qui parler.")
        assert host.troubles == phone.troubles == []
