"""A device that is passed on: nothing of the first person is left to see, and the next one begins anew."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from kit.session import State
from tests.browser import axe
from tests.browser.people import PHONE, person
from tests.support.workshop import Workshop

pytestmark = pytest.mark.browser

NARROW = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
ONE = "reflection"
VALUES = "[...document.querySelectorAll('input, textarea')].map((one) => one.value)"
WISH, JOURNAL = "Marjolaine et thym", "Zebulonic orchidaria"


@pytest.fixture(scope="module")
def workshop(server: Workshop) -> Workshop:
    """One with every exercise."""
    return server.another()


def test_nothing_of_the_first_is_left(browser: Browser, workshop: Workshop) -> None:
    workshop.set_state(State.OPEN)
    with person(browser, workshop, "en", **PHONE) as tablet, person(browser, workshop, "en", **NARROW) as own:
        words = tablet.join("health_hiv")
        tablet.option("all_power", "growth").check()
        tablet.text("all_own").fill(WISH)
        tablet.text("self_learning").fill(JOURNAL)
        tablet.saved("all_power", "all_own")
        kept = tablet.context.cookies()
        beside = tablet.context.new_page()
        beside.goto(f"{workshop.address}/card")
        expect(beside.locator("[data-words]")).to_have_text(words)
        tablet.menu()
        tablet.page.locator('[data-key="fold/data"]').click()
        axe.check(tablet.page, "the way to pass the device on")
        tablet.page.locator('[data-key="pass"]').press("Enter")
        # The way back is shown first, and one may still stay.
        tablet.page.wait_for_url("**/pass")
        expect(tablet.page.locator("[data-words]")).to_have_text(words)
        assert tablet.page.locator("[data-words]").get_attribute("translate") == "no"
        axe.check(tablet.page, "passing the device on")
        tablet.page.get_by_role("link", name=tablet.say("door.pass_not")).click()
        tablet.sees(ONE)
        expect(tablet.option("all_power", "growth")).to_be_checked()
        tablet.menu()
        tablet.page.locator('[data-key="fold/data"]').click()
        tablet.page.locator('[data-key="pass"]').click()
        tablet.button("door.pass_now").click()
        tablet.page.wait_for_url(f"**/j/{workshop.code}")
        expect(tablet.page.locator("input:checked")).to_have_count(0)
        assert "seat" not in {one["name"] for one in tablet.context.cookies()}
        # The card that was open in another tab is gone with them.
        beside.wait_for_url("**/quiet")
        beside.close()
        left = tablet.page.evaluate("[sessionStorage.length, localStorage.length, window.name, document.title]")
        assert left == [0, 0, "", "Atelier · Workshop"]
        # Back, as often as it goes, and a reload show nothing of the first.
        for _ in range(tablet.page.evaluate("history.length")):
            tablet.page.go_back()
            tablet.page.wait_for_load_state()
            seen = tablet.page.content() + str(
                tablet.page.evaluate("[...document.querySelectorAll('input')].map(o => o.value)")
            )
            for piece in (words, WISH, JOURNAL, words.split()[0]):
                assert not re.search(rf"\b{re.escape(piece)}\b", seen), tablet.page.url
            if "/j/" in tablet.page.url or tablet.page.url == workshop.address + "/":
                expect(tablet.page.locator("input:checked")).to_have_count(0)
        # Who has copied the cookie gets nowhere with it.
        tablet.context.add_cookies([one for one in kept if one["name"] == "seat"])  # type: ignore[misc]
        tablet.go("/w")
        assert tablet.page.url == workshop.address + "/"
        tablet.context.clear_cookies()
        # The next one has a seat of their own, with nothing in it; the first comes back elsewhere by their words.
        others = tablet.join("municipal")
        assert others != words
        tablet.sees(ONE)
        expect(tablet.option("all_power", "growth")).not_to_be_checked()
        expect(tablet.text("self_learning")).to_have_value("")
        own.go(f"/back/{workshop.code}")
        own.page.get_by_label(own.say("door.words"), exact=True).fill(words)
        own.button("door.come_back").click()
        own.arrived()
        own.sees(ONE)
        expect(own.option("all_power", "growth")).to_be_checked()
        expect(own.text("all_own")).to_have_value(WISH)
        expect(own.text("self_learning")).to_have_value("")


def test_what_is_left_in_one_tab_is_left_in_all_and_the_facilitators_pages_stay(
    browser: Browser, workshop: Workshop
) -> None:
    with person(browser, workshop, "fr") as one:
        one.host()
        console = one.page
        one.page = one.context.new_page()
        one.watch(one.page)
        one.join()
        card = one.context.new_page()
        card.goto(f"{workshop.address}/card")
        card.keyboard.press("Shift")
        card.keyboard.press("Shift")
        card.keyboard.press("Shift")
        card.wait_for_url("**/quiet")
        one.page.wait_for_url("**/quiet")
        assert "/quiet" not in console.url


def test_only_who_has_a_seat_can_pass_it_on(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "en", **NARROW) as stranger:
        stranger.go("/pass")
        assert stranger.page.url == workshop.address + "/"
        stranger.take_seat()
        stranger.go("/pass")
        assert stranger.page.evaluate("document.documentElement.scrollWidth") <= 320
