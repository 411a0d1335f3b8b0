"""One step at a time: what is asked first is in sight, no step is long, and each way leads on and back."""

from __future__ import annotations

import io
import re
from random import Random
from unicodedata import normalize

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader

from kit.exercise import exercise, exercises
from kit.results import reveal, take_off
from kit.session import Plan, Sector, State
from tests.browser import axe
from tests.browser.keyboard import tab_to
from tests.browser.people import PHONE, Person, person
from tests.support.stored import answered_by_many
from tests.support.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SMALL = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
# A story, a board, a list of rows: what there is to press or to choose first is no question.
OWN_WAY = {
    "scenarios": '[data-key^="open/"]', "resources": ".kit-option",
    "action_plan": ':is([data-key="plan/add"], [data-item] summary)',
}  # fmt: skip
NEXT, BACK = (f'.kit-row:not([hidden]) > [data-key="step/{key}"]:not([hidden])' for key in ("next", "back"))
WHOLE = '[data-key="step/whole"]'
FIRST = """() => {
  const fields = [...document.querySelectorAll(".kit-form form :is(input, textarea, select)")];
  const first = fields.find((one) => one.offsetParent);
  return first.getBoundingClientRect().top + scrollY;
}"""
# A list that the person fills is as long as they make it.
TALL = """() => {
  const shown = [...document.querySelectorAll(".kit-form form > *, .kit-steps")].filter((one) => one.offsetParent);
  const filled = shown.some((one) => one.querySelector(".kit-rows:not(.kit-off), .kit-lanes")?.offsetParent);
  return filled ? 0 : shown.at(-1).getBoundingClientRect().bottom - shown[0].getBoundingClientRect().top;
}"""
PAGE = "document.documentElement.scrollHeight"
PICTURE, PANEL = '[data-key="picture"]', ".kit-panel:has(> .kit-result)"
FOLDED = """() => [...document.querySelectorAll(".kit-form details")].filter((one) => !one.open).length"""


@pytest.fixture(scope="module")
def workshop(server: Workshop) -> Workshop:
    """One with every exercise."""
    return server.another()


def place(one: Person) -> str:
    return one.page.locator(".kit-steps [role=status]").inner_text()


@pytest.mark.parametrize(("lang", "device"), [("fr", PHONE), ("en", SMALL)])
def test_the_first_answer_is_in_sight_and_no_screen_is_long(
    browser: Browser, workshop: Workshop, lang: str, device: dict
) -> None:
    workshop.set_state(State.OPEN)
    high = device["viewport"]["height"]
    with person(browser, workshop, lang, steps=True, **device) as one:
        one.take_seat()
        has_answered(workshop)
        one.enter()
        for slug in exercises():
            one.choose(slug)
            expect(one.page.locator(".kit-menu")).not_to_have_attribute("open", "")
            expect(one.page.locator(".kit-form h2")).to_be_focused()
            begins_in_sight(one, slug, high)
            while not one.page.locator(PICTURE).is_visible():
                tall = one.page.evaluate(TALL)
                print(slug, place(one), round(tall / high, 2))
                assert tall <= 2 * high, (slug, place(one))
                one.page.locator(NEXT).click()
            last_screen_is_short(one, slug)
        assert one.troubles == []


def begins_in_sight(one: Person, slug: str, high: int) -> None:
    if slug not in OWN_WAY:
        assert one.page.evaluate(FIRST) < high, slug
        return
    # Above the line that stays at the foot of the page.
    begins = one.page.locator(f".kit-form form {OWN_WAY[slug]}").first.bounding_box()
    foot = one.page.locator(".kit-foot").bounding_box()
    assert begins
    assert foot
    assert begins["y"] + begins["height"] <= foot["y"], (slug, begins, foot)


def has_answered(workshop: Workshop) -> None:
    """Whoever has taken a seat and answered nothing answers all that is asked; of the stories, every one."""
    with workshop.store() as store:
        seats = [one.key for one in store.seats.people(workshop.session_id)]
        plans = store.sessions.get(workshop.session_id).plans
        for seat, plan in [(seat, plan) for seat in seats for plan in plans if not store.answers.of(seat, plan.slug)]:
            model = exercise(plan.slug)
            lenses = [(lens,) for lens in model.unnamed] if plan.slug == "scenarios" else [plan.options]
            for options in lenses:
                for item, value in model.rehearse(Random(1), Sector.ANTI_VIOLENCE, "fr", options):
                    # Whose commitment has come to its end needs no next step.
                    if item != "kept":
                        store.answers.save(seat, plan.slug, item, value, 1)


def last_screen_is_short(one: Person, slug: str) -> None:
    """All of it, on this phone and on the smallest; one next step is seen, and what is folded is a press away."""
    page, size = one.page, one.page.viewport_size
    assert size
    page.locator(PICTURE).click()
    panel = page.locator(PANEL).first
    rest = panel.locator(".kit-rest")
    expect(panel.get_by_text(one.say("form.next_step"), exact=True)).to_be_visible()
    for device in (size, SMALL["viewport"]):
        page.set_viewport_size(device)
        tall = page.evaluate(PAGE) / device["height"]
        print(slug, "last screen", device["width"], round(tall, 2))
        assert tall <= 2, (slug, device)
    page.set_viewport_size(size)
    expect(rest.locator(":scope > :not(summary)").first).to_be_hidden()
    copy = page.locator('[data-key="copy/get"]')
    expect(copy).to_be_hidden()
    rest.locator("summary").first.click()
    expect(rest.locator(":scope > :not(summary)").first).to_be_visible()
    page.locator('[data-key="copy"]').click()
    expect(copy).to_be_visible()


def test_on_paper_nothing_is_folded_and_afterwards_all_is_as_it_was(browser: Browser, workshop: Workshop) -> None:
    workshop.set_state(State.OPEN)
    with person(browser, workshop, "fr", steps=True, **PHONE) as one:
        page = one.page
        words = one.take_seat()
        has_answered(workshop)
        one.enter()
        one.choose("scenarios")
        page.locator(NEXT).click()
        page.locator(PICTURE).click()
        folded = page.locator(PANEL).locator(".kit-rest li").first
        expect(folded).to_be_attached()
        expect(folded).to_be_hidden()
        before = page.evaluate(FOLDED)
        page.evaluate(f"addEventListener('beforeprint', () => (window.onPaper = ({FOLDED})()))")
        told = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf())).pages)
        assert page.evaluate("onPaper") == 0 < before
        assert page.evaluate(FOLDED) == before
        expect(folded).to_be_hidden()
        plain = re.sub(r"\s+", "", normalize("NFKC", told))
        for line in page.locator(PANEL).locator("li, h4, h5, .kit-question").all_text_contents():
            assert re.sub(r"\s+", "", normalize("NFKC", line)) in plain
        # The words that open this seat lie on no paper, and nothing on it can be pressed.
        assert re.sub(r"\s+", "", words) not in plain
        assert re.sub(r"\s+", "", one.say("form.copy_get")) not in plain
        assert one.troubles == []


@pytest.mark.parametrize(("lang", "slug"), [("fr", "scenarios"), ("en", "agreement")])
def test_the_rooms_result_is_a_step_of_its_own(browser: Browser, server: Workshop, lang: str, slug: str) -> None:
    room = server.another(Plan(slug, (), State.OPEN))
    answered_by_many(room, slug)
    with person(browser, room, lang, steps=True, **SMALL) as one:
        page, status = one.page, page_status(one.page)
        one.join()
        one.sees(slug)
        while not page.locator(PICTURE).is_visible():
            page.locator(NEXT).click()
        own = status.inner_text()
        expect(page.locator(NEXT)).to_have_count(0)
        with room.store() as store:
            reveal(store, store.sessions.get(room.session_id), slug)
        expect(page.locator(NEXT)).to_be_visible()
        expect(page.locator(PICTURE)).to_be_visible()
        page.locator('[data-key="together/see_result"]').tap()
        expect(page.locator("[data-result] .kit-slide")).to_be_visible()
        expect(page.locator("[data-result]")).to_be_focused()
        expect(page.locator(PICTURE)).to_be_hidden()
        tall = page.evaluate(PAGE) / SMALL["viewport"]["height"]
        print(slug, "result", round(tall, 2))
        assert tall <= 2
        page.reload()
        one.arrived()
        expect(page.locator("[data-result] .kit-slide")).to_be_visible()
        page.locator("[data-result] .kit-button").first.focus()
        with room.store() as store:
            take_off(store, store.sessions.get(room.session_id), slug, off=True)
        # Back at one's own picture, with the focus.
        expect(page.locator(PICTURE)).to_be_focused()
        expect(status).to_have_text(own)
        assert one.troubles == []


def page_status(page: Page) -> Locator:
    return page.locator(".kit-steps [role=status]")


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
