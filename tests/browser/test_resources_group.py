"""The group's list at the facilitator's console, on a phone: by keyboard alone in French, by touch in English."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kit.exercise import exercise
from kit.session import Plan, Sector, State
from tests.browser import axe
from tests.browser.keyboard import enter, tab_to
from tests.browser.people import PHONE, Person, person, turn_to
from tests.support.mapping import MODEL, board, entry
from tests.support.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLUG = "resources"
# Words that stand nowhere else: the same kitchen in two people's words, and one that only looks like it.
ONE, OTHER, NEAR, SECRET = "Cuisine Framboise", "La Framboise (cuisine)", "Cuisine Framboize", "Zorglub"
SMALL = {**PHONE, "viewport": {"width": 360, "height": 740}}
BOARDS = (
    board(entry(name=ONE, offers="Repas", checked="2026-01-02"), entry(type="health", name="Clinique Mûre")),
    board(entry(name=OTHER, languages="dari")), board(entry(name=NEAR)), board(entry(name=ONE.upper())),
    board(entry(type="employment", name="Travail Myrtille"), entry(name=SECRET, visibility="partners")),
)  # fmt: skip
PICTURES = os.environ.get("KIT_PICTURES", "")


@pytest.fixture
def workshop(server: Workshop) -> Workshop:
    """A workshop in which five people have entries, and nothing was revealed."""
    made = server.another(Plan("reflection", state=State.OPEN), Plan(SLUG, state=State.OPEN))
    with made.store() as store:
        for answers in BOARDS:
            seat, _ = store.seats.take(made.session(), Sector.OTHER, None, "fr")
            for item, value in answers.items():
                store.answers.save(seat.id, SLUG, item, MODEL.check(item, value), 1)
    return made


def says(one: Person, key: str) -> str:
    return exercise(SLUG).texts(one.lang).say(key)


def asked(page: Page) -> Locator:
    """What is left to decide."""
    return page.locator("li[data-ask]")


def pair(page: Page) -> str:
    """The id of the question about the same kitchen in two people's words."""
    return asked(page).filter(has_text=ONE).filter(has_text=OTHER).get_attribute("data-ask") or ""


def key(name: str) -> str:
    return f'[data-key="{name}"]'


def status(one: Person, key: str, **details: object) -> None:
    expect(one.page.locator(".kit-said")).to_have_text(one.say(f"console.{key}", **details))


def listed(page: Page) -> Locator:
    """The group's list, as the result tells it."""
    return page.locator(".kit-group li").filter(has_text="Framboi")


def downloaded(one: Person, act: object) -> str:
    with one.page.expect_download() as got:
        act()  # type: ignore[operator]
    assert got.value.suggested_filename == "services.csv"
    return Path(got.value.path()).read_text("utf-8-sig")


def picture(one: Person, name: str) -> None:
    """For somebody who wants to see it: KIT_PICTURES names a folder."""
    if PICTURES:
        one.page.locator(".kit-decisions").screenshot(path=f"{PICTURES}/group-{name}-{one.lang}.png")


def holds(text: str) -> None:
    """The file has the merged service once, with what both said of it, and nothing that is not public."""
    lines = [line for line in text.splitlines() if "framboi" in line.lower()]
    assert len(lines) == 2, text
    (merged,) = (line for line in lines if NEAR not in line)
    for part in ("Repas", "dari", "2026-01"):
        assert part in merged
    for gone in (SECRET, "2026-01-02"):
        assert gone not in text


def test_by_keyboard_alone_in_french(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "fr", **SMALL) as one:
        page, keys = one.page, one.page.keyboard
        one.host()
        tab_to(page, key(f"reveal/{SLUG}"))
        enter(page)
        # What a reveal will show comes first, and the focus goes there.
        expect(page.locator(key(f"look-no/{SLUG}"))).to_be_focused()
        tab_to(page, key(f"look-yes/{SLUG}"))
        enter(page)
        title = one.say("console.result_of", title=MODEL.texts("fr").title)
        expect(page.get_by_role("heading", name=title)).to_be_focused()
        tab_to(page, key("texts/show"))
        enter(page)
        status(one, "texts_now_shown")
        expect(asked(page)).to_have_count(3)
        expect(page.get_by_role("heading", name=one.say("console.texts_title"))).to_be_focused()
        expect(page.get_by_role("heading", name=says(one, "group_asks"))).to_be_visible()
        expect(listed(page)).to_have_count(3)
        picture(one, "asked")
        ask = pair(page)
        merge_by_keyboard(one, ask)
        tab_to(page, key("asks/done"))
        enter(page)
        tab_to(page, key(f"decide/{ask}/"))
        enter(page)
        status(one, "asked_again", n=3)
        expect(listed(page)).to_have_count(3)
        expect(page.locator(key(f"decide/{ask}/same"))).to_be_focused()
        keys.press("Shift+Tab")
        merge_by_keyboard(one, ask)
        picture(one, "one-merged")
        keys.press("Tab")
        enter(page)
        status(one, "noted", choice=says(one, "alike_apart"), n=0)
        expect(page.get_by_role("heading", name=says(one, "group_asks"))).to_be_focused()
        tab_to(page, key("give/csv"))
        holds(downloaded(one, lambda: enter(page)))
        status(one, "file_given")
        picture(one, "decided")
        axe.check(page, "the console with the group's list")
        assert one.troubles == []
        assert one.abroad == []


def merge_by_keyboard(one: Person, ask: str) -> None:
    """Together the two are like the third as one: one question is left, and the focus is on it."""
    tab_to(one.page, key(f"decide/{ask}/same"))
    enter(one.page)
    status(one, "noted", choice=says(one, "alike_merge"), n=1)
    expect(listed(one.page)).to_have_count(2)
    expect(asked(one.page).locator("button").first).to_be_focused()


def test_by_touch_in_english(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "en", **SMALL) as one:
        page = one.page
        one.host()
        page.locator(f'[data-key="reveal/{SLUG}"]').tap()
        page.locator(f'[data-key="look-yes/{SLUG}"]').tap()
        page.locator('[data-key="texts/show"]').tap()
        expect(asked(page)).to_have_count(3)
        for button in page.locator(".kit-decisions button").all():
            box = button.bounding_box()
            assert box
            assert box["height"] >= 44
            assert box["width"] >= 44
        described = asked(page).first.locator("button").first
        expect(described).to_have_accessible_description(asked(page).first.locator("p").inner_text())
        axe.check(page, "the console with questions", (("light", 360), ("dark", axe.NARROW)))
        picture(one, "asked")
        ask = pair(page)
        page.locator(f'[data-key="decide/{ask}/same"]').tap()
        status(one, "noted", choice=says(one, "alike_merge"), n=1)
        page.locator('[data-key="asks/done"]').tap()
        page.locator(f'[data-key="decide/{ask}/"]').tap()
        status(one, "asked_again", n=3)
        page.locator(f'[data-key="decide/{ask}/same"]').tap()
        status(one, "noted", choice=says(one, "alike_merge"), n=1)
        expect(listed(page)).to_have_count(2)
        holds(downloaded(one, lambda: page.locator('[data-key="give/csv"]').tap()))
        picture(one, "one-merged")
        # Another result has no such list; the other language has the same one.
        page.locator('[data-key="reveal/reflection"]').tap()
        page.locator('[data-key="look-yes/reflection"]').tap()
        expect(page.locator(".kit-decisions")).to_be_empty()
        page.locator(f'[data-key="look/{SLUG}"]').tap()
        one.speak("fr")
        expect(page.get_by_role("heading", name=says(one, "group_files"))).to_be_visible()
        expect(asked(page)).to_have_count(1)
        assert one.troubles == []


def test_somebody_in_the_room_sees_what_was_merged_and_no_question(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "fr", **SMALL) as one, person(browser, workshop, "en", **SMALL) as guest:
        guest.join("other")
        guest.choose(SLUG)
        one.host()
        one.press("reveal", SLUG)
        one.press("texts", "show")
        shown = guest.page.locator(".kit-panel > .kit-result").last
        expect(shown.locator("li").filter(has_text="Framboi")).to_have_count(3)
        ask = pair(one.page)
        one.page.locator(f'[data-key="decide/{ask}/same"]').click()
        expect(shown.locator("li").filter(has_text="Framboi")).to_have_count(2)
        expect(guest.page.locator("[data-ask]")).to_have_count(0)
        one.press("show", SLUG)
        one.page.goto(f"{workshop.address}/screen")
        turn_to(one.page, "Framboi")
        expect(one.page.locator(".kit-slide").get_by_text("Framboi")).to_have_count(2)
