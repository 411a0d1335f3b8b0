"""A room that moves together: console, a second console, wall and two phones follow one agenda."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from kit.agenda.model import find_agenda
from kit.session import Sector
from kit.store.hosts import Opens
from tests.browser.axe import WIDE, check
from tests.browser.people import PHONE, Person, person
from tests.support.waiting import eventually
from tests.support.workshop import Workshop, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAPTOP = {"viewport": {"width": 1280, "height": 720}}
AGENDA = find_agenda("half_day")
ONE, TWO = "reflection", "partnership"


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """A workshop that follows the half day; one server for this file."""
    with serving(tmp_path_factory.mktemp("conducting"), "--agenda", "half_day") as made:
        yield made


def big(one: Person) -> Locator:
    return one.page.locator('.kit-agenda [data-key="agenda/act"]')


def press(one: Person) -> None:
    """The large button, once it can be pressed."""
    expect(big(one)).not_to_have_attribute("aria-disabled", "true")
    big(one).click()


def is_at(one: Person, block: str) -> None:
    title = AGENDA.told(one.lang).blocks[block].title or ""
    expect(one.page.locator(".kit-agenda h2")).to_have_text(one.say("agenda.console.now", title=title))


def second_trainer(workshop: Workshop) -> str:
    with workshop.store() as store:
        return f"/host#{workshop.session_id}.{store.hosts.add(workshop.session_id, Opens.SECOND)}"


def test_two_trainers_conduct_one_room(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "en", **LAPTOP) as host, person(browser, workshop, "en", **PHONE) as second:
        host.host()
        expect(big(host)).to_have_text(host.say("agenda.console.act_begin", title="Welcome"))
        # The large button and the words to say are in sight at once.
        press(host)
        is_at(host, "welcome")
        lines = host.page.locator(".kit-agenda-lines")
        expect(lines).to_contain_text(AGENDA.told("en").blocks["welcome"].say[0])  # type: ignore[index]
        expect(big(host)).to_be_in_viewport()
        expect(lines.locator("li").first).to_be_in_viewport()
        expect(host.page.locator("[data-clock]")).to_have_text(host.say("agenda.clock.left", n=15))
        second.go(second_trainer(workshop))
        second.page.wait_for_url("**/console")
        is_at(second, "welcome")
        press(second)
        for one in (host, second):
            is_at(one, "joining")
        check(second.page, "the agenda on the console", WIDE)
        live_changes(host, second)
        assert (host.troubles, second.troubles) == ([], [])


def live_changes(host: Person, second: Person) -> None:
    """Lengthen, stop the clock, leave out, move, add, undo; the other trainer sees each."""

    def button(name: str) -> Locator:
        found = host.page.locator(f'[data-key="agenda/{name}"]')
        expect(found).not_to_have_attribute("aria-disabled", "true")
        return found

    button("longer").click()
    for one in (host, second):
        expect(one.page.locator("[data-clock]")).to_have_text(one.say("agenda.clock.left", n=15))
    button("stop").click()
    stands = host.say("agenda.clock.paused", left=host.say("agenda.clock.left", n=15))
    expect(second.page.locator("[data-clock]")).to_have_text(stands)
    button("run").click()
    host.page.locator('[data-key="agenda/all"]').click()
    button("skip/introductions").click()
    expect(big(second)).to_have_text(host.say("agenda.console.act_next", title="Ground rules"))
    button("undo").click()
    expect(big(second)).to_have_text(host.say("agenda.console.act_next", title="Introductions"))
    host.page.get_by_label(host.say("agenda.console.add_title")).fill("A minute of quiet")
    button("add").click()
    expect(big(second)).to_have_text(host.say("agenda.console.act_next", title="A minute of quiet"))
    button("down/own_1").click()
    expect(big(second)).to_have_text(host.say("agenda.console.act_next", title="Introductions"))


def test_the_large_button_leads_through_an_exercise_by_keyboard(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "fr", **LAPTOP) as host, person(browser, workshop, "fr", **PHONE) as phone:
        host.host()
        here(workshop, ONE)
        is_at(host, ONE)
        big(host).focus()
        for deed in ("open", "close", "look"):
            expect(big(host)).to_have_text(host.say(f"agenda.console.act_{deed}"))
            expect(big(host)).not_to_have_attribute("aria-disabled", "true")
            expect(big(host)).to_be_focused()
            if deed == "close":
                phone.join()
                phone.sees(ONE)
                answered_by_many(workshop, ONE)
            host.page.keyboard.press("Enter")
        expect(host.page.locator(".kit-agenda-foresight li").first).to_be_visible()
        check(host.page, "before a reveal", WIDE)
        expect(big(host)).to_have_text(host.say("agenda.console.act_reveal"))
        assert not revealed(workshop), "looking first reveals nothing"
        press(host)
        yes = host.button("agenda.console.reveal_yes")
        expect(yes).not_to_have_attribute("aria-disabled", "true")
        yes.click()
        expect(big(host)).to_have_text(host.say("agenda.console.act_show"))
        assert revealed(workshop)
        press(host)
        is_next = host.say("agenda.console.act_next", title=AGENDA.told("fr").blocks["pause"].title)
        expect(big(host)).to_have_text(is_next)
        press(host)
        is_at(host, "pause")
        eventually(lambda: host.page.title() and not showing(workshop), "the wall goes along")
        assert host.troubles == []


def here(workshop: Workshop, block: str) -> None:
    """Bring the room to a block, as another trainer would."""
    from kit.serving.inside.conducting import Conducting
    from kit.views.agenda import AgendaWish

    with workshop.store() as store:
        Conducting(store, workshop.session_id).conduct(AgendaWish("go", block), "en")


def answered_by_many(workshop: Workshop, slug: str, people: int = 8) -> None:
    """Enough people have answered, so that there is something to reveal."""
    from random import Random

    from kit.exercise import exercise

    rng = Random(3)
    with workshop.store() as store:
        session = store.sessions.get(workshop.session_id)
        for _ in range(people):
            seat, _ = store.seats.take(session, Sector.COMMUNITY, None, "fr")
            for item, value in exercise(slug).rehearse(rng, Sector.COMMUNITY, "fr", ()):
                store.answers.save(seat.id, slug, item, value, 1)


def revealed(workshop: Workshop) -> bool:
    with workshop.store() as store:
        return ONE in store.snapshots.slugs(workshop.session_id)


def showing(workshop: Workshop) -> str | None:
    with workshop.store() as store:
        return store.sessions.showing(workshop.session_id)
