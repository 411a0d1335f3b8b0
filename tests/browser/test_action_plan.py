"""The action plan on a phone: by keyboard alone in French, by touch in English, and what the files hold."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page, expect

from kit.exercise import exercise
from kit.session import Plan, State
from tests.browser.axe import check
from tests.browser.keyboard import FOCUS, tab_to
from tests.browser.people import PHONE, Person, person
from tests.support.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLUG = "action_plan"
ACTIVITY = "Inviter l'équipe voisine (sarriette)"


@pytest.fixture(scope="module")
def workshop(server: Workshop) -> Workshop:
    """A workshop with the plan, and the two exercises whose gaps it takes."""
    return server.another(*(Plan(slug, state=State.OPEN) for slug in (SLUG, "reflection", "partnership")))


def row(one: Person, number: int) -> Locator:
    """One of the plan's rows, as it stands on the page."""
    return one.page.locator(".kit-one-row").nth(number)


def field(one: Person, number: int, column: str) -> Locator:
    return row(one, number).locator(f'[data-key$="/{column}"]')


def type_day(page: Page, day: str) -> None:
    """Type a day into the date field that has focus, in whichever order this browser wants its parts."""
    year, month, number = day.split("-")
    for parts in ((year, month, number), (month, number, year), (number, month, year)):
        for _ in parts:
            page.keyboard.press("ArrowLeft")
        for part in parts:
            page.keyboard.type(part)
            if len(part) == 4:  # a year could have more digits
                page.keyboard.press("ArrowRight")
        if page.evaluate("document.activeElement.value") == day:
            return
    pytest.fail(f"{day} cannot be typed")


def download(one: Person, press: str) -> tuple[str, bytes]:
    """What a button gives: the file's name and content."""
    with one.page.expect_download() as waited:
        one.page.locator(f'[data-key="give/{press}"]').press("Enter")
    path = waited.value.path()
    return waited.value.suggested_filename, path.read_bytes()


def test_a_plan_by_keyboard_alone(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "fr", **PHONE) as one:
        page, keys = one.page, one.page.keyboard
        one.join()
        tab_to(page, '[data-key="fold/menu"]')
        keys.press("Enter")
        tab_to(page, f'[data-key="choose/{SLUG}"]')
        keys.press("Enter")
        one.sees(SLUG)
        tab_to(page, '[data-key="plan/add"]')
        keys.press("Enter")
        expect(row(one, 0)).to_be_visible()
        a_row_is_filled_in(one)
        what_ends_too_early_is_told(one)
        tab_to(page, '[data-key="picture"]')
        keys.press("Enter")
        result = page.locator(".kit-result").first
        expect(result.get_by_role("heading").first).to_be_focused()
        expect(result).to_contain_text(ACTIVITY)
        tab_to(page, '[data-key="take/example"]')
        keys.press("Enter")
        expect(page.locator(".kit-taken").get_by_role("heading").first).to_be_focused()
        check(page, "the action plan")
        tab_to(page, '[data-key="take/keep"]')
        keys.press("Enter")
        expect(page.locator(".kit-one-row")).to_have_count(7)
        the_files_hold_the_plan(one)
        assert one.troubles == []
        assert one.abroad == []


def a_row_is_filled_in(one: Person) -> None:
    page, keys = one.page, one.page.keyboard
    expect(field(one, 0, "objective")).to_be_focused()
    keys.press("ArrowDown")
    expect(field(one, 0, "objective")).to_have_value("durable")
    tab_to(page, '[data-key$="/activity"]')
    keys.type(ACTIVITY)
    tab_to(page, '[data-key$="/start"]')
    type_day(page, "2027-02-10")
    tab_to(page, '[data-key$="/end"]')
    type_day(page, "2027-01-10")


def what_ends_too_early_is_told(one: Person) -> None:
    page = one.page
    tab_to(page, '[data-key$="/term"]')
    problem = row(one, 0).locator("[data-problem]")
    expect(problem).to_be_visible()
    expect(problem).to_contain_text("2027-01-10")
    expect(problem).to_contain_text("2027-02-10")
    expect(row(one, 0).locator('.kit-field:has([data-key$="/end"]) > [data-problem]')).to_be_visible()
    # What has the focus is not pushed below the bar at the foot.
    assert page.evaluate(FOCUS, "*")["seen"]
    while not page.evaluate("document.activeElement.matches('[data-key$=\"/start\"]')"):
        page.keyboard.press("Shift+Tab")
    tab_to(page, '[data-key$="/end"]')
    type_day(page, "2027-03-31")
    tab_to(page, '[data-key$="/term"]')
    expect(row(one, 0).locator("[data-state]")).to_have_text(one.say("form.saved"))
    expect(problem).to_be_hidden()


def the_files_hold_the_plan(one: Person) -> None:
    name, data = download(one, "calendar")
    assert name == "plan.ics"
    assert b"DTSTART;VALUE=DATE:20270331\r\n" in data
    assert b"sarriette" not in data
    name, data = download(one, "text")
    assert name == "plan.csv"
    assert ACTIVITY in data.decode("utf-8-sig")
    name, data = download(one, "table")
    assert name == "plan.xlsx"
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert ACTIVITY in [cell.value for cell in sheet[2]]
    assert sheet.max_row == 8


def test_a_plan_by_touch_with_drafts_a_file_and_a_picture(browser: Browser, workshop: Workshop, tmp_path: Path) -> None:
    with person(browser, workshop, "en", **PHONE) as one:
        page = one.page
        one.join()
        one.choose("reflection")
        one.option("all_power", "growth").tap()
        one.saved("all_power")
        one.choose(SLUG)
        page.locator('[data-key="take/reflection"]').tap()
        gap = exercise("reflection").texts("en").text("all_power", "short")
        expect(page.locator(".kit-taken")).to_contain_text(gap)
        assert page.locator(".kit-one-row").count() == 0, "nothing is kept before it was seen"
        page.locator('[data-key="take/keep"]').tap()
        expect(page.locator(".kit-one-row")).to_have_count(1)
        a_file_is_brought_along(one, tmp_path)
        page.locator('[data-key="take/example"]').tap()
        page.locator('[data-key="take/leave"]').tap()
        expect(page.locator(".kit-taken")).to_be_empty()
        expect(page.locator(".kit-one-row")).to_have_count(4)
        name, data = download(one, "picture")
        assert name == "plan.html"
        the_picture_stands_alone(browser, data, tmp_path)
        page.reload()
        one.arrived()
        one.choose(SLUG)
        expect(page.locator(".kit-one-row")).to_have_count(4)
        assert one.abroad == []


def a_file_is_brought_along(one: Person, folder: Path) -> None:
    path = folder / "ours.csv"
    lines = ("Objective,Activity,Start date,End date", "Speak up together,Write a letter,2027-01-01,2027-02-01",
             ",Backwards,2027-02-01,2027-01-01", "Something of ours,Look ahead,,2028-01-01")  # fmt: skip
    path.write_text("\n".join(lines), "utf-8")
    one.page.locator('[data-pick="text"]').set_input_files(path)
    taken = one.page.locator(".kit-taken")
    expect(taken).to_contain_text("Write a letter")
    expect(taken).to_contain_text("Line 3")
    one.page.locator('[data-key="take/keep"]').tap()
    expect(one.page.locator(".kit-one-row")).to_have_count(4)


def the_picture_stands_alone(browser: Browser, data: bytes, folder: Path) -> None:
    """The page opens with no network, on a phone, and axe finds nothing."""
    path = folder / "plan.html"
    path.write_bytes(data)
    context = browser.new_context(**PHONE, offline=True)
    page = context.new_page()
    page.goto(path.as_uri())
    expect(page.get_by_role("img")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(5)
    assert re.search(r"2027-01-01", page.get_by_role("img").get_attribute("aria-label") or "")
    check(page, "the picture of the plan")
    context.close()
