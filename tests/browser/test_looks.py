"""Every page for somebody who zooms, who has colours of their own, or whom movement makes ill."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from kit.results import reveal
from kit.session import State
from tests.browser.axe import violations, wider_than_the_page
from tests.browser.people import Person, person
from tests.browser.test_conducting import following, here, is_at
from tests.browser.test_steps import OWN_WAY
from tests.support.stored import answered_by_many
from tests.support.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ONE = "reflection"
# A laptop at 200 %: half as many pixels each way.
ZOOMED = {"width": 640, "height": 360}
# How much of the height is covered by what stays in sight while the page scrolls.
COVERED = """() => {
  const place = (one) => getComputedStyle(one).position;
  const stays = [...document.querySelectorAll("body *")].filter((one) => ["sticky", "fixed"].includes(place(one)));
  const outer = stays.filter((one) => !stays.some((other) => other !== one && other.contains(one)));
  const seen = outer.filter((one) => one.checkVisibility());
  return seen.reduce((sum, one) => sum + one.getBoundingClientRect().height, 0) / innerHeight;
}"""
# Without colours of the page's own, a button is told by its border, a link by its line.
UNMARKED = """() => [...document.querySelectorAll("button, a, input, select, textarea, summary")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 1)
  .filter((one) => {
    const style = getComputedStyle(one);
    const bordered = ["Top", "Bottom"].some((side) => parseFloat(style[`border${side}Width`]) > 0);
    const lined = style.textDecorationLine.includes("underline");
    return !bordered && !lined && !one.matches("summary, input[type=radio], input[type=checkbox], input[type=file]");
  }).map((one) => one.outerHTML.slice(0, 120))"""
CHOSEN = """(wanted) => {
  const one = document.querySelector(wanted);
  if (!one) return "outline";
  const style = getComputedStyle(one.closest(".kit-option") ?? one);
  return style.outlineStyle === "none" ? "nothing marks it" : "outline";
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one);
  const long = (times, name) => name !== "none" && times.split(",").some((time) => parseFloat(time) > 0);
  if (long(style.transitionDuration, style.transitionProperty)) return true;
  return style.scrollBehavior === "smooth" || long(style.animationDuration, style.animationName);
}).map((one) => one.outerHTML.slice(0, 120))"""


def zoomed(page: Page, what: str) -> None:
    size = page.viewport_size
    assert size
    page.set_viewport_size(ZOOMED)
    assert wider_than_the_page(page) == [], f"{what} at 200 %"
    assert page.evaluate(COVERED) <= 0.5, f"{what} at 200 %: a reader sees less than half of the page"
    page.set_viewport_size(size)


def in_own_colours(page: Page, what: str) -> None:
    page.emulate_media(forced_colors="active")
    assert page.evaluate(UNMARKED) == [], f"{what} without its colours"
    for chosen in (".kit-option input:checked", '[aria-pressed="true"]', '[aria-current="true"]'):
        assert page.evaluate(CHOSEN, chosen) == "outline", (what, chosen)
    assert violations(page) == [], what
    page.emulate_media(forced_colors="none")


def at_rest(page: Page, what: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == [], f"{what} moves"
    page.emulate_media(reduced_motion="no-preference")


def look(page: Page, what: str) -> None:
    for one in (zoomed, in_own_colours, at_rest):
        one(page, what)


@pytest.fixture(scope="module")
def workshop(server: Workshop) -> Workshop:
    """One with every exercise."""
    return server.another()


def test_every_page_zoomed_in_other_colours_and_at_rest(browser: Browser, workshop: Workshop) -> None:
    workshop.set_state(State.OPEN, ONE)
    answered_by_many(workshop, ONE)
    with workshop.store() as store:
        reveal(store, store.sessions.get(workshop.session_id), ONE)
        store.sessions.show(workshop.session_id, ONE)
    with ExitStack() as people:

        def new(**device: object) -> Person:
            return people.enter_context(person(browser, workshop, "fr", **device))  # type: ignore[arg-type]

        phone, host = new(steps=True), new()
        phone.go(f"/j/{workshop.code}")
        look(phone.page, "join")
        phone.take_seat()
        look(phone.page, "word card")
        phone.enter()
        phone.sees(ONE)
        phone.page.locator(".kit-option:visible input").first.check()
        look(phone.page, "an exercise")
        picture, onward = phone.page.locator('[data-key="picture"]'), phone.page.locator('[data-key="step/next"]')
        while not picture.is_visible():
            onward.click()
            if (asked := phone.page.locator(".kit-option:visible input")).count():
                asked.first.check()
        picture.click()
        expect(phone.page.locator(".kit-profile-now").first).to_be_visible()
        look(phone.page, "a picture of one's own")
        phone.page.locator('[data-key="result"]:visible, [data-key="together/see_result"]:visible').first.click()
        expect(phone.page.locator("[data-result] .kit-slide")).to_be_visible()
        phone.menu()
        look(phone.page, "results and menu")
        phone.page.locator('[data-key="pause"]').click()
        expect(phone.page.locator(".kit-pause h1")).to_be_focused()
        look(phone.page, "a pause")
        host.host()
        look(host.page, "console")
        host.go("/reach")
        look(host.page, "reach")
        host.go("/screen")
        expect(host.page.locator(".kit-slide")).to_be_visible()
        look(host.page, "wall")
        phone.page.locator('[data-key="pause/back"]').click()
        workshop.set_state(State.OPEN)
        for slug in OWN_WAY:
            phone.choose(slug)
            look(phone.page, slug)


def test_pages_that_follow_an_agenda_too(browser: Browser, server: Workshop) -> None:
    workshop = following(server)
    here(workshop, "pause")
    with person(browser, workshop, "fr") as phone, person(browser, workshop, "fr") as host:
        phone.join()
        expect(phone.page.locator(".kit-away-card h2")).to_be_visible()
        host.host()
        is_at(host, "pause")
        for one, what in ((phone, "a phone that is put away"), (host, "console with an agenda")):
            look(one.page, what)
        host.go("/screen")
        expect(host.page.locator(".kit-task")).to_be_visible()
        look(host.page, "wall with nothing but the time")
