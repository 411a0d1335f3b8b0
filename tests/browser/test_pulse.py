"""Before and after on a phone: by keyboard alone in French, and weeks later by touch in English with the word card."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from kit.exercise import exercise
from kit.session import Plan, State
from tests.browser.axe import check
from tests.browser.keyboard import tab_to
from tests.browser.people import PHONE, Person, person
from tests.support.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLUG = "pulse"
PROMISE = "Appeler l'équipe voisine (verveine)"


@pytest.fixture(scope="module")
def workshop(server: Workshop) -> Workshop:
    """A workshop that asks the statement of one more exercise than the least."""
    return server.another(Plan(SLUG, exercise(SLUG).options(("agreement",)), State.OPEN))


def test_before_and_now_by_keyboard_alone_and_back_weeks_later(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "fr", **PHONE) as one:
        words = one.join()
        one.sees(SLUG)
        both_moments_by_keyboard(one)
        assert one.troubles == []
        assert one.abroad == []
    with person(browser, workshop, "en", **PHONE) as again:
        the_same_person_comes_back(again, words)
        assert again.abroad == []


def both_moments_by_keyboard(one: Person) -> None:
    page, keys = one.page, one.page.keyboard
    tab_to(page, '[data-item="before_contacts"] input')
    keys.press("Space")
    keys.press("ArrowDown")
    tab_to(page, '[data-item="now_contacts"] input')
    keys.press("Space")
    for _ in range(3):
        keys.press("ArrowDown")
    one.saved("before_contacts", "now_contacts")
    expect(one.option("before_contacts", "little")).to_be_checked()
    expect(one.option("now_contacts", "much")).to_be_checked()
    # Two statements at two moments: what is asked weeks later is missing to nobody today.
    expect(page.locator(".kit-foot .kit-count")).to_have_text(one.say("form.count", done=2, all=4))
    side_by_side(one)
    tab_to(page, '[data-key="commitment"]')
    keys.type(PROMISE)
    tab_to(page, '[data-key="picture"]')
    one.saved("commitment")
    keys.press("Enter")
    result = page.locator(".kit-result").first
    expect(result.get_by_role("heading").first).to_be_focused()
    texts = exercise(SLUG).texts("fr")
    expect(result).to_contain_text(texts.say("rose"))
    # A sentence is not laid out like a list of the console's: what is marked in it stays in its line.
    expect(result.locator("p.kit-plain").first).to_have_css("display", "block")
    expect(result).to_contain_text(texts.say("short_contacts"))
    expect(result).to_contain_text(PROMISE)
    check(page, "before and after")


def side_by_side(one: Person) -> None:
    """The same answer stands at one height in both columns, and each set is named with its statement."""
    for width in (390, 320):
        one.page.set_viewport_size({"width": width, "height": 844})
        left, right = (one.option(f"{moment}_contacts", "half").bounding_box() for moment in ("before", "now"))
        assert left is not None
        assert right is not None
        assert abs(left["y"] - right["y"]) < 4
        assert left["x"] + left["width"] < right["x"]
    one.page.set_viewport_size(PHONE["viewport"])
    name = exercise(SLUG).texts("fr").text("before_contacts")
    expect(one.page.get_by_role("radiogroup", name=name)).to_have_count(1)


def the_same_person_comes_back(one: Person, words: str) -> None:
    """On another device, in the other language, with the words of the card."""
    page = one.page
    one.go(f"/back/{one.workshop.code}?lang=en")
    page.get_by_label(one.say("door.words")).fill(words)
    one.button("door.come_back").tap()
    page.wait_for_url("**/w")
    one.arrived()
    one.speak("en")  # the seat speaks the language in which it was left
    one.sees(SLUG)
    expect(one.option("now_contacts", "much")).to_be_checked()
    one.option("later_contacts", "full").tap()
    one.option("kept", "done").tap()
    one.saved("later_contacts", "kept")
    page.locator('[data-key="picture"]').tap()
    texts = exercise(SLUG).texts("en")
    result = page.locator(".kit-result").first
    expect(result).to_contain_text(texts.say("later_rose"))
    expect(result).to_contain_text(texts.say("kept_done"))
    expect(result).to_contain_text(PROMISE)
    check(page, "weeks later")
    with one.workshop.store() as store:
        (response,) = store.answers.responses(one.workshop.session_id, SLUG)
    counted = exercise(SLUG).counted(response.answers, ("agreement",))
    assert (counted["change_contacts"], counted["lasted_contacts"]) == ("rose", "rose"), "one seat, one pair"
