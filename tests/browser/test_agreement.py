"""Our agreement, on a phone: by keyboard alone in French, by touch in English, and the draft that is taken away."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Download, expect

from kit.exercise import exercise
from kit.session import Plan, State
from tests.browser import axe
from tests.browser.keyboard import tab_to
from tests.browser.people import PHONE, Person, person
from tests.support.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLUG = "agreement"
VISION = "Une région où chaque personne trouve la sécurité"
GOAL, INDICATOR = "Staff know each other's services", "Four visits"
ROW = "goals_list.r0000"


@pytest.fixture(scope="module")
def workshop(server: Workshop) -> Workshop:
    """A workshop with this exercise alone, open."""
    return server.another(Plan(SLUG, state=State.OPEN))


def kept(download: Download, folder: Path) -> Path:
    """The file that was taken away."""
    assert download.suggested_filename.startswith("document.")
    place = folder / download.suggested_filename
    download.save_as(place)
    return place


def words(place: Path) -> list[str]:
    """Every paragraph and every cell of a Word file."""
    document = docx.Document(str(place))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [one.text for one in document.paragraphs] + cells


def test_by_keyboard_alone_in_french(browser: Browser, workshop: Workshop, tmp_path: Path) -> None:
    with person(browser, workshop, "fr", **PHONE) as one:
        one.join()
        page, keys = one.page, one.page.keyboard
        one.sees(SLUG)
        tab_to(page, '[data-item="vision_status"] input')
        keys.press("Space")
        keys.press("ArrowDown")
        expect(one.option("vision_status", "agreed")).to_be_checked()
        tab_to(page, '[data-key="vision_text"]')
        keys.type(VISION)
        one.saved("vision_status", "vision_text")
        tab_to(page, '[data-key="review_list/add"]')
        keys.press("Enter")
        expect(page.locator('[data-key="review_list.r0000/day"]')).to_be_focused()
        tab_to(page, '[data-key="review_list.r0000/look"]')
        keys.type("Les buts")
        tab_to(page, '[data-key="picture"]')
        one.saved("review_list.r0000")
        keys.press("Enter")
        result = page.locator(".kit-result").first
        expect(result.get_by_role("heading").first).to_be_focused()
        expect(result).to_contain_text(exercise(SLUG).texts("fr").sections["vision"]["title"])
        axe.check(page, "one's own draft")
        tab_to(page, '[data-key="give/docx"]')
        with page.expect_download() as download:
            keys.press("Enter")
        found = words(kept(download.value, tmp_path))
        assert VISION in found
        assert "Les buts" in found
        assert "Vision commune / Shared vision" in found
        assert one.troubles == []


def test_by_touch_in_english(browser: Browser, workshop: Workshop, tmp_path: Path) -> None:
    with person(browser, workshop, "en", **PHONE) as one:
        one.join()
        one.sees(SLUG)
        writes_a_goal(one)
        one.option("goals_status", "agreed").tap()
        one.saved("goals_status")
        axe.check(one.page, "with a goal")
        with one.page.expect_download() as download:
            one.page.locator('[data-key="give/docx"]').tap()
        found = words(kept(download.value, tmp_path))
        assert {GOAL, INDICATOR, "2027-01-15", "2027-06-30"} <= set(found)
        with one.page.expect_download() as download:
            one.page.locator('[data-key="give/html"]').tap()
        page = kept(download.value, tmp_path)
        assert one.troubles == []
    the_page_reads_well(browser, page)


def writes_a_goal(one: Person) -> None:
    """A goal whose end comes before its start is not kept until it is mended."""
    names = ("goal", "term", "indicator", "start", "end")
    field = {name: one.page.locator(f'[data-key="{ROW}/{name}"]') for name in names}
    one.page.locator('[data-key="goals_list/add"]').tap()
    field["goal"].fill(GOAL)
    field["term"].select_option("short")
    field["indicator"].fill(INDICATOR)
    field["start"].fill("2027-01-15")
    field["end"].fill("2026-06-30")
    field["end"].blur()
    problem = one.page.locator(f'[data-problem="{ROW}"]')
    expect(problem).to_have_text(one.say("errors.EndsBeforeStart", start="2027-01-15", end="2026-06-30"))
    field["end"].fill("2027-06-30")
    field["end"].blur()
    expect(problem).to_be_hidden()
    one.saved(ROW)


def the_page_reads_well(browser: Browser, place: Path) -> None:
    """The web page alone, from the device's own disk: nothing is asked of a network, and axe finds nothing."""
    context = browser.new_context(**PHONE)
    try:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(place.as_uri())
        expect(page.get_by_role("cell", name=GOAL)).to_be_visible()
        assert asked == [place.as_uri()]
        axe.check(page, "the draft")
    finally:
        context.close()
