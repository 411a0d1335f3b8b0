"""Shared texts at the facilitator's console: looked over by keyboard on a phone before anybody else sees them."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Browser, expect

from kit.exercise import exercise
from kit.results import erase
from kit.session import Plan, Sector, State
from kit.texts import languages
from tests.browser import axe
from tests.browser.keyboard import tab_to
from tests.browser.people import PHONE, person, turn_to
from tests.support.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLUG, ITEM = "reflection", "commitment"
TITLES = {lang: exercise(SLUG).texts(lang).title for lang in languages()}
NAMES = ["Zorglub", "Alphonse", "Bianca", "Casimir", "Dorothea", "Ermelinde"]
SMALL = {**PHONE, "viewport": {"width": 360, "height": 740}}
PICTURES = os.environ.get("KIT_PICTURES", "")


@pytest.fixture
def workshop(server: Workshop) -> Workshop:
    """A workshop in which six people have each shared a text, and nothing was revealed."""
    made = server.another(Plan(SLUG, state=State.OPEN))
    with made.store() as store:
        for name in NAMES:
            seat, _ = store.seats.take(made.session(), Sector.OTHER, None, "fr")
            store.answers.save(seat.id, SLUG, ITEM, {"text": f"remercier {name} chaque mois", "share": True}, 1)
    return made


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_text_is_struck_out_before_the_room_sees_it(browser: Browser, workshop: Workshop, lang: str) -> None:
    with person(browser, workshop, lang, **SMALL) as one, person(browser, workshop, "fr", **SMALL) as guest:
        page, keys = one.page, one.page.keyboard
        guest.join("other")
        guest.choose(SLUG)
        one.host()
        one.press("reveal", SLUG)
        line = page.locator("[data-text]").filter(has_text="Zorglub")
        expect(page.locator("[data-text]")).to_have_count(len(NAMES))
        shown = guest.page.locator(".kit-panel > .kit-result").last
        expect(shown).to_be_visible()
        assert not any(name in guest.page.content() for name in NAMES)
        tab_to(page, f'[data-text="{line.get_attribute("data-text")}"] button')
        keys.press("Enter")
        expect(page.locator(".kit-said")).to_have_text(one.say("console.texts_now_struck"))
        expect(line.locator("s")).to_be_visible()
        # The focus stays, now on the way back.
        expect(line.locator("button")).to_be_focused()
        expect(line.locator("button")).to_have_text(one.say("console.texts_back"))
        expect(line.locator("button")).to_have_accessible_description(line.locator("s").inner_text())
        axe.check(page, "the console with shared texts", (("light", 360), ("dark", axe.NARROW)))
        if PICTURES:
            page.locator(".kit-looked").screenshot(path=f"{PICTURES}/shared-{lang}.png")
        tab_to(page, '[data-key="texts/show"]')
        keys.press("Enter")
        expect(page.locator(".kit-said")).to_have_text(one.say("console.texts_now_shown"))
        expect(page.get_by_role("heading", name=one.say("console.texts_title"))).to_be_focused()
        expect(shown.get_by_text("remercier Bianca")).to_be_visible()
        assert "Zorglub" not in guest.page.content()
        assert one.troubles == []
        assert one.abroad == []


def test_an_erased_text_goes_at_once_from_wall_console_and_phone(browser: Browser, workshop: Workshop) -> None:
    """While all three stand open, and nobody touches them; the wall then says the same about the room as before."""
    with person(browser, workshop, "en") as host, person(browser, workshop, "fr", **SMALL) as guest:
        guest.join("other")
        guest.choose(SLUG)
        host.host()
        wall = host.context.new_page()
        host.watch(wall)
        wall.goto(f"{workshop.address}/screen")
        progress = wall.locator(".kit-screen .kit-count")
        most = host.say("console.wall_most")
        expect(progress).to_have_text(most[0].upper() + most[1:])
        axe.check(wall, "the wall while people answer", (("light", 1280), ("dark", axe.NARROW)))
        if PICTURES:
            wall.screenshot(path=f"{PICTURES}/wall.png")
        host.press("reveal", SLUG)
        host.page.locator('[data-key="texts/show"]').click()
        host.press("show", SLUG)
        turn_to(wall, "remercier Zorglub")
        screens = wall, host.page, guest.page
        for one in screens:
            expect(one.get_by_text("remercier Zorglub").first).to_be_attached()
            assert "Zorglub" in one.content()
        said = progress.inner_text()
        with workshop.store() as store:
            seats = [
                one.key for one in store.answers.responses(workshop.session().id, SLUG) if "Zorglub" in str(one.answers)
            ]
            erase(store, store.seats.get(seats[0]))
        for one in screens:
            expect(one.locator("body")).not_to_contain_text("Zorglub")
            expect(one.locator("body")).to_contain_text("Bianca")
            assert "Zorglub" not in one.content()
        assert progress.inner_text() == said
        assert (host.troubles, guest.troubles) == ([], [])
