"""What the pages do for somebody who has no mouse, must leave fast, or loses the network or the server."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tornado.websocket import WebSocketClosedError

from kit.errors import RehearsalFailed
from kit.session import State
from tests.browser.keyboard import FOCUS, tab_to
from tests.browser.people import NEUTRAL, PHONE, Person, person
from tests.support.device import Device
from tests.support.waiting import PATIENCE, eventually
from tests.support.workshop import Workshop, start

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ONE, TWO = "reflection", "partnership"
CHOICE, OTHER, TEXT, NOTE = "all_power", "all_bias", "commitment", "self_learning"
# ms in which a page that has lost its kernel would ask for it twice
LONGER_THAN_TWO_TRIES = 2500
WORDS = "Appeler l'équipe voisine"


@pytest.fixture(autouse=True)
def _open(workshop: Workshop) -> None:
    workshop.set_state(State.OPEN)


# ---- without a mouse ----

# What has focus: whether the selector fits it, whether it can be seen, and whether it is marked.


def test_by_keyboard_alone_through_the_door_and_the_page(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "fr", **PHONE) as one:
        page, keys = one.page, one.page.keyboard
        one.go("/")
        tab_to(page, "#code")
        keys.type(workshop.code)
        keys.press("Enter")
        page.wait_for_url(f"**/j/{workshop.code}")
        tab_to(page, 'input[name="sector"]')
        keys.press("Space")
        keys.press("ArrowDown")
        tab_to(page, 'button[type="submit"]')
        keys.press("Enter")
        page.wait_for_url("**/card")
        tab_to(page, 'a[href="/w"]')
        keys.press("Enter")
        one.arrived()
        the_page_by_keyboard(one)


def the_page_by_keyboard(one: Person) -> None:
    page, keys = one.page, one.page.keyboard
    tab_to(page, '[data-key="fold/menu"]')
    keys.press("Enter")
    tab_to(page, f'[data-key="choose/{ONE}"]')
    keys.press("Enter")
    one.sees(ONE)
    tab_to(page, f'[data-item="{CHOICE}"] input')
    keys.press("Space")
    one.saved(CHOICE)
    keys.press("ArrowDown")
    expect(page.locator(f'[data-item="{CHOICE}"] input').nth(1)).to_be_checked()
    tab_to(page, f'[data-key="{TEXT}"]')
    keys.type(WORDS)
    tab_to(page, f'[data-share="{TEXT}"]')
    keys.press("Space")
    one.saved(CHOICE, TEXT)
    tab_to(page, '[data-key="picture"]')
    keys.press("Enter")
    heading = page.locator(".kit-result").first.get_by_role("heading").first
    expect(heading).to_be_focused()
    assert page.evaluate(FOCUS, "*")["seen"], "the picture's heading is hidden"


# ---- leaving fast ----


def shifts(page: Page) -> None:
    # Three are enough; a hand in a hurry goes on.
    for _ in range(5):
        page.keyboard.press("Shift")


def button(page: Page) -> None:
    page.locator(".kit-exit:visible").click()


def left(one: Person) -> None:
    """At the calendar, with nothing kept in the browser."""
    one.page.wait_for_url("**/quiet")
    assert one.page.title() in NEUTRAL
    eventually(lambda: not one.context.cookies(), "the cookies are gone")
    assert one.page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]


def test_news_take_neither_the_focus_nor_an_open_question_away(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "fr", **PHONE) as one:
        keys = one.page.keyboard
        one.join()
        one.menu()
        for fold in ("about", "card", "data"):
            news_arrive(workshop, one, f'[data-key="fold/{fold}"]')
        keys.press("Enter")
        keys.press("Tab")
        keys.press("Enter")
        news_arrive(workshop, one, f'.kit-ask button:text-is("{one.say("room.erase_no")}")')
        assert one.troubles == []


def news_arrive(workshop: Workshop, one: Person, wanted: str) -> None:
    """Go to an element by keyboard; it has focus still when the facilitator has opened or closed an exercise."""
    page = one.page
    if not page.locator(wanted).evaluate("one => one === document.activeElement"):
        tab_to(page, wanted)
    line = page.locator('[data-key="choose/partnership"]')
    other = State.CLOSED if line.get_attribute("data-is") == "open" else State.OPEN
    workshop.set_state(other, "partnership")
    expect(line).to_have_attribute("data-is", other.value)
    expect(page.locator(wanted)).to_be_focused()


def test_the_next_person_at_a_device_sees_no_notes_of_the_one_before(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop) as one:
        one.take_seat()
        one.page.evaluate("sessionStorage.setItem('kit-notes-reflection', 'mine')")
        # Scanning again leads to the seat that this browser holds; the next person says that they are another one.
        one.go(f"/j/{workshop.code}")
        one.page.get_by_role("link", name=one.say("door.again_new")).click()
        one.page.locator('input[value="anti_violence"]').check()
        one.page.locator('input[name="reason"]').first.check()
        one.button("door.take_seat").click()
        one.page.wait_for_url("**/card")
        assert one.page.evaluate("sessionStorage.getItem('kit-notes-reflection')") is None


@pytest.mark.parametrize("go", [button, shifts])
def test_quick_exit_at_the_door(browser: Browser, workshop: Workshop, go: Callable[[Page], None]) -> None:
    with person(browser, workshop) as one:
        one.take_seat()
        assert one.context.cookies()
        go(one.page)
        left(one)
        one.page.go_back()
        assert "/card" not in one.page.url
        assert not one.page.locator("[data-words]").count()


@pytest.mark.parametrize("place", ["card", "w"])
def test_quick_exit_forgets_where_the_answer_to_its_good_bye_is_lost(
    browser: Browser, workshop: Workshop, place: str
) -> None:
    """As on a phone in the room, whose address is not a secure one: there, Chromium drops that answer's cookies."""
    with person(browser, workshop, **PHONE) as one:
        one.take_seat() if place == "card" else one.join()
        one.page.route("**/exit", lambda route: route.abort())
        button(one.page)
        left(one)


@pytest.mark.parametrize("go", [button, shifts])
def test_quick_exit_from_the_page(browser: Browser, workshop: Workshop, go: Callable[[Page], None]) -> None:
    with person(browser, workshop) as one:
        one.join()
        one.text(NOTE).fill(WORDS)
        one.option(CHOICE, "growth").check()
        one.saved(CHOICE)
        kernel = one.page.evaluate("kitPage.kernelId")
        assert kernel in workshop.pages()
        asked: list[str] = []
        one.page.on("request", lambda request: asked.append(request.url))
        go(one.page)
        left(one)
        ways_out = [url for url in asked if "/quiet" in url and "." not in url.rpartition("/")[2]]
        assert ways_out == [f"{one.page.url}?left"], "a way out that begins anew is slower"
        eventually(lambda: kernel not in workshop.pages(), "the kernel has ended")
        one.page.go_back()
        assert not one.page.locator(".kit-exercise, form[aria-label]").count()
        assert WORDS not in one.page.content()
        one.go("/w")
        assert one.page.url == f"{workshop.address}/"


# ---- quiet pages ----

MOVES = """() => [...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one);
  const times = [...style.transitionDuration.split(","), ...style.animationDuration.split(",")].map(parseFloat);
  return style.scrollBehavior === "smooth" || Math.max(...times) > 0;
}).map((one) => one.outerHTML.slice(0, 80))"""


def test_no_page_calls_out_complains_moves_or_tells_by_its_title(browser: Browser, workshop: Workshop) -> None:
    code = workshop.code
    with person(browser, workshop, "en", reduced_motion="reduce") as one:
        for path in ("/", f"/j/{code}", f"/back/{code}", "/lost", "/privacy", "/quiet", "/host"):
            one.go(path)
            is_quiet(one, path)
        one.take_seat()
        is_quiet(one, "/card")
        one.enter()
        one.button("form.picture").click()
        expect(one.page.locator(".kit-result").first).to_be_visible()
        is_quiet(one, "/w")
        one.host()
        is_quiet(one, "/console")
        one.go("/screen")
        expect(one.page.locator(".kit-qr svg")).to_be_visible()
        is_quiet(one, "/screen")


def is_quiet(one: Person, path: str) -> None:
    assert one.abroad == [], path
    assert one.troubles == [], path
    assert one.page.title() in NEUTRAL, path
    assert one.page.evaluate(MOVES) == [], path
    # Nobody else learns who was here: neither where a link leads, nor what an address holds.
    assert "#" not in one.page.url
    assert one.workshop.key not in one.page.content()


# ---- when something breaks ----


def answered(one: Person) -> None:
    """Somebody who is in the middle of it."""
    one.join()
    one.option(CHOICE, "growth").check()
    one.text(TEXT).fill(WORDS)
    one.text(NOTE).fill(WORDS)
    one.saved(CHOICE, TEXT)


def finds_everything(one: Person) -> None:
    one.sees(ONE)
    expect(one.option(CHOICE, "growth")).to_be_checked()
    expect(one.text(TEXT)).to_have_value(WORDS)
    expect(one.text(NOTE)).to_have_value(WORDS)
    one.saved(CHOICE, TEXT)


def test_a_page_whose_kernel_is_killed_comes_back_with_the_answers(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, **PHONE) as one:
        answered(one)
        kernel = one.page.evaluate("kitPage.kernelId")
        pid = workshop.holder_of(kernel)
        with one.page.expect_navigation():
            os.kill(pid, signal.SIGKILL)
        finds_everything(one)
        assert one.page.evaluate("kitPage.kernelId") != kernel
        one.option(OTHER, "strength").check()
        one.saved(OTHER)


def test_a_page_that_is_being_left_does_not_ask_for_its_ended_kernel(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "en", **PHONE) as one:
        one.join()
        # A reload in a full room: the browser is on its way out while the server has ended the kernel.
        one.page.evaluate("dispatchEvent(new Event('beforeunload'))")
        again = one.context.new_page()
        again.goto(f"{workshop.address}/w")
        one.page.wait_for_timeout(LONGER_THAN_TWO_TRIES)
        assert (one.page.url, one.troubles) == (f"{workshop.address}/w", [])
        # It stayed after all.
        one.page.evaluate("dispatchEvent(new Event('online'))")
        one.page.wait_for_url("**/lost*")


def test_an_answer_that_was_taken_back_can_be_given_again_after_a_reload(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop) as one:
        answered(one)
        one.option(CHOICE, "strength").check()
        one.page.locator(f'[data-clear="{CHOICE}"]').click()
        expect(one.page.locator(f'[data-state="{CHOICE}"]')).to_be_empty()
        one.page.reload()
        one.sees(ONE)
        expect(one.page.locator(f'[data-item="{CHOICE}"] input:checked')).to_have_count(0)
        one.option(CHOICE, "growth").check()
        finds_everything(one)
        expect(one.page.locator(".kit-problem:visible")).to_have_count(0)
        one.choose(TWO)
        one.page.reload()
        one.sees(TWO)


def test_answers_given_offline_are_saved_when_the_network_is_back(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "en", **PHONE) as one:
        answered(one)
        one.context.set_offline(True)
        one.option(OTHER, "strength").check()
        one.option(CHOICE, "unsure").check()
        one.text(TEXT).fill(WORDS + "!")
        expect(one.page.locator(".kit-status")).to_have_text(one.say("form.late_long"))
        for item in (CHOICE, OTHER, TEXT):
            expect(one.page.locator(f'[data-state="{item}"]')).to_have_text(one.say("form.late"))
        expect(one.page.locator("#kit-connection .kit-say")).to_be_visible()
        one.context.set_offline(False)
        one.saved(CHOICE, OTHER, TEXT)
        expect(one.page.locator("#kit-connection")).to_be_empty()
        one.page.reload()
        one.sees(ONE)
        expect(one.option(OTHER, "strength")).to_be_checked()
        expect(one.option(CHOICE, "unsure")).to_be_checked()
        expect(one.text(TEXT)).to_have_value(WORDS + "!")


# Presses one answer after the other without end, so that there is always one on its way.
PRESSES = """(item) => {
  const choices = [...document.querySelectorAll(`[data-item="${item}"] input[type=radio]`)];
  let at = 0;
  setInterval(() => choices[at++ % 2].click(), 50);
}"""
IN_FLIGHT, ENOUGH = 6, 20


async def answers_without_end(device: Device, seat: str, saved: dict[str, int]) -> None:
    """Say one answer after the other, and note the latest that was acknowledged, until the line breaks."""
    async with device.line(device.enter()) as page:
        form, said = await page.form_of(ONE), 0
        with suppress(RehearsalFailed, WebSocketClosedError):
            while True:
                while said - saved[seat] < IN_FLIGHT:
                    said += 1
                    value = ("growth", "strength")[said % 2]
                    put = {"kind": "answer", "item": OTHER, "value": value, "revision": said, "n": said}
                    await page.say(form, put)
                page.take(await page.read())
                saved[seat] = max([saved[seat], *(one["n"] for _, one, _ in page.heard if one.get("kind") == "saved")])
                page.heard.clear()


def test_everyone_goes_on_by_themselves_when_the_server_is_killed_in_the_middle_of_answers(
    browser: Browser, tmp_path: Path
) -> None:
    """A power cut while a room answers: no phone needs a hand, nothing that was shown as saved is lost."""
    first = start(tmp_path)
    first.set_state(State.OPEN)
    devices = [first.device() for _ in range(4)]
    for device in devices:
        device.take_seat(first.code)
    with first.store() as store:
        seats = {store.seats.by_token(device.cookies["seat"]).id: device for device in devices}
    saved = dict.fromkeys(seats, 0)

    async def all_of_them() -> None:
        await asyncio.gather(*(answers_without_end(device, seat, saved) for seat, device in seats.items()))

    with person(browser, first, **PHONE) as one, person(browser, first, "en", **PHONE) as other:
        pages = []
        for each in (one, other):
            answered(each)
            pages.append((each, each.page.evaluate("kitPage.kernelId")))
        with ThreadPoolExecutor(1) as pool:
            room = pool.submit(lambda: asyncio.run(all_of_them()))
            for each, _ in pages:
                each.page.evaluate(PRESSES, OTHER)
            eventually(lambda: min(saved.values()) > ENOUGH or room.done(), "the room answers")
            first.process.kill()
            room.result(PATIENCE)
        first.kill()
        assert min(saved.values()) > ENOUGH
        expect(one.page.locator("#kit-connection .kit-say")).to_be_visible()
        again = start(tmp_path, "--port", first.address.rsplit(":", 1)[1], command=("serve",))
        try:
            for each, before in pages:
                each.page.wait_for_function("(before) => (window.kitPage?.kernelId ?? before) !== before", arg=before)
                finds_everything(each)
                expect(each.page.locator("#kit-connection")).to_be_empty()
                each.saved(OTHER)
                each.option(OTHER, "unsure").check()
                each.saved(OTHER)
            with again.store() as store:
                kept = {seat: store.answers.of(seat, ONE)[OTHER].revision for seat in seats}
            assert all(kept[seat] >= saved[seat] for seat in seats), (kept, saved)
            for device in devices:
                device.leave(device.enter())
            for sign in ("Duplicate Signature", "Traceback", "left unread"):
                assert sign not in again.log, again.log[-3000:]
        finally:
            again.kill()
