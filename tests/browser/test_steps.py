"""One step at a time: what is asked first is in sight, no step is long, and each way leads on and back."""

from __future__ import annotations

from random import Random

import pytest
from playwright.sync_api import Browser, expect

from kit.exercise import exercise, exercises
from kit.session import Sector, State
from tests.browser import axe
from tests.browser.keyboard import tab_to
from tests.browser.people import PHONE, Person, person
from tests.support.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SMALL = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
# A scene at a time, a board, a list whose lines begin with a button: these have no questions one by one.
OWN_WAY = {"scenarios": '[data-key^="open/"]', "resources": ".kit-option", "action_plan": '[data-key="plan/add"]'}
NEXT, BACK = (f'.kit-row:not([hidden]) > [data-key="step/{key}"]:not([hidden])' for key in ("next", "back"))
WHOLE = '[data-key="step/whole"]'
FIRST = """() => {
  const fields = [...document.querySelectorAll(".kit-form form :is(input, textarea, select)")];
  const first = fields.find((one) => one.offsetParent);
  return first.getBoundingClientRect().top + scrollY;
}"""
TALL = """() => {
  const shown = [...document.querySelectorAll(".kit-form form > *, .kit-steps")].filter((one) => one.offsetParent);
  const rows = shown.some((one) => one.querySelector(".kit-rows:not(.kit-off)")?.offsetParent);
  return rows ? 0 : shown.at(-1).getBoundingClientRect().bottom - shown[0].getBoundingClientRect().top;
}"""


@pytest.fixture(scope="module")
def workshop(server: Workshop) -> Workshop:
    """One with every exercise."""
    return server.another()


def place(one: Person) -> str:
    return one.page.locator(".kit-steps [role=status]").inner_text()


@pytest.mark.parametrize(("lang", "device"), [("fr", PHONE), ("en", SMALL)])
def test_the_first_answer_is_in_sight_and_no_step_is_long(
    browser: Browser, workshop: Workshop, lang: str, device: dict
) -> None:
    workshop.set_state(State.OPEN)
    high = device["viewport"]["height"]
    with person(browser, workshop, lang, steps=True, **device) as one:
        one.take_seat()
        has_answered(workshop)
        one.enter()
        for slug in [slug for slug in exercises() if slug not in OWN_WAY]:
            one.choose(slug)
            expect(one.page.locator(".kit-menu")).not_to_have_attribute("open", "")
            expect(one.page.locator(".kit-form h2")).to_be_focused()
            assert one.page.evaluate(FIRST) < high, slug
            while one.page.locator(NEXT).count():
                tall = one.page.evaluate(TALL)
                print(slug, place(one), round(tall / high, 2))
                assert tall <= 2 * high, (slug, place(one))
                one.page.locator(NEXT).click()
            own_picture_is_short(one, slug)
        # Above the line that stays at the foot of the page.
        for slug, first in OWN_WAY.items():
            one.choose(slug)
            expect(one.page.locator(".kit-form h2")).to_be_focused()
            begins = one.page.locator(f".kit-form form {first}").first.bounding_box()
            foot = one.page.locator(".kit-foot").bounding_box()
            assert begins
            assert foot
            assert begins["y"] + begins["height"] <= foot["y"], (slug, begins, foot)
        assert one.troubles == []


def has_answered(workshop: Workshop) -> None:
    """Whoever has taken a seat and answered nothing answers all that is asked with questions."""
    with workshop.store() as store:
        seats = [one.key for one in store.seats.people(workshop.session_id)]
        plans = store.sessions.get(workshop.session_id).plans
        asked = [plan for plan in plans if plan.slug not in OWN_WAY]
        for seat, plan in [(seat, plan) for seat in seats for plan in asked if not store.answers.of(seat, plan.slug)]:
            for item, value in exercise(plan.slug).rehearse(Random(1), Sector.ANTI_VIOLENCE, "fr", plan.options):
                # Whose commitment has come to its end needs no next step.
                if item != "kept":
                    store.answers.save(seat, plan.slug, item, value, 1)


def own_picture_is_short(one: Person, slug: str) -> None:
    """At the end, on this phone and on the smallest; one next step is among what is seen."""
    page, size = one.page, one.page.viewport_size
    assert size
    page.locator('[data-key="picture"]').click()
    panel = page.locator(".kit-panel:has(> .kit-result)").first
    rest = panel.locator(".kit-rest")
    expect(panel.get_by_text(one.say("form.next_step"), exact=True)).to_be_visible()
    for device in (size, SMALL["viewport"]):
        page.set_viewport_size(device)
        tall = panel.evaluate("one => one.getBoundingClientRect().height") / device["height"]
        print(slug, "picture", device["width"], round(tall, 2))
        assert tall <= 2, (slug, device)
    page.set_viewport_size(size)
    expect(rest.locator(":scope > :not(summary)").first).to_be_hidden()
    rest.locator("summary").first.click()
    expect(rest.locator(":scope > :not(summary)").first).to_be_visible()


def test_on_and_back_by_key_and_finger_and_all_on_one_page(browser: Browser, workshop: Workshop) -> None:
    workshop.set_state(State.OPEN)
    with person(browser, workshop, "fr", steps=True, **PHONE) as one:
        page, keys = one.page, one.page.keyboard
        one.join()
        one.choose("partnership")
        first = place(one)
        axe.check(page, "the first step")
        tab_to(page, NEXT)
        keys.press("Enter")
        expect(page.locator(".kit-steps [role=status]")).not_to_have_text(first)
        second = place(one)
        # The next step's heading has the focus; from there the arrows turn pages.
        assert page.evaluate("document.activeElement.matches('h3')")
        keys.press("ArrowLeft")
        assert place(one) == first
        keys.press("ArrowRight")
        assert place(one) == second
        swipe(one, 300, 60)
        assert place(one) not in (first, second)
        swipe(one, 60, 300)
        assert place(one) == second
        # A step stays over a reload, and the arrows are a choice's own while it has the focus.
        page.reload()
        one.arrived()
        expect(page.locator(".kit-steps [role=status]")).to_have_text(second)
        page.locator(".kit-form fieldset:not(.kit-off) input").first.focus()
        keys.press("ArrowRight")
        assert place(one) == second
        page.locator(WHOLE).click()
        assert page.locator(".kit-off").count() == 0
        expect(page.locator(BACK)).to_have_count(0)
        page.locator(WHOLE).click()
        assert place(one) == second
        page.locator(".kit-exit").click()
        page.wait_for_url("**/quiet")
        assert page.evaluate("sessionStorage.length") == 0
        assert one.troubles == []


def test_a_text_that_is_left_by_the_button_is_saved_and_the_step_turns(browser: Browser, workshop: Workshop) -> None:
    workshop.set_state(State.OPEN)
    with person(browser, workshop, "fr", steps=True, **PHONE) as one:
        one.join()
        one.choose("reflection")
        while not one.text("all_own").is_visible():
            one.page.locator(NEXT).click()
        written = place(one)
        one.text("all_own").fill("Écouter d'abord")
        one.page.locator(NEXT).click()
        expect(one.page.locator(".kit-steps [role=status]")).not_to_have_text(written)
        one.saved("all_own")
        one.page.locator(BACK).click()
        expect(one.text("all_own")).to_be_visible()
        # The other language is laid out anew: the same question is still on the page.
        one.speak("en")
        expect(one.text("all_own")).to_be_visible()
        assert one.troubles == []


def swipe(one: Person, start: int, end: int) -> None:
    touch = one.context.new_cdp_session(one.page)
    for kind, x in (("touchStart", start), ("touchMove", (start + end) // 2), ("touchMove", end), ("touchEnd", None)):
        points = [] if x is None else [{"x": x, "y": 200}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.detach()
