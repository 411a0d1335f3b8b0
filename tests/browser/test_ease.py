"""A moment's pause that nobody hears of, larger letters, and a picture of one's own that is one."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kit.exercise import exercise
from kit.session import Plan, State
from tests.browser import axe
from tests.browser.people import person
from tests.support.workshop import Workshop

pytestmark = pytest.mark.browser

SMALL: dict[str, Any] = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
SLUG = "reflection"
WIDE = "document.documentElement.scrollWidth - innerWidth"
SIZE = "getComputedStyle(document.documentElement).fontSize"


def turn_to(page: Page, wanted: Locator) -> None:
    """Step by step to where something is asked."""
    for _ in range(30):
        if wanted.is_visible():
            return
        page.locator('[data-key="step/next"]').tap()
    pytest.fail("not in any step")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_pause_larger_letters_and_a_picture_on_a_small_phone(browser: Browser, server: Workshop, lang: str) -> None:
    room = server.another(Plan(SLUG, (), State.OPEN))
    with person(browser, room, lang, **SMALL) as one:
        page = one.page
        one.join()
        one.sees(SLUG)
        one.menu()
        page.locator('[data-key="size/2"]').tap()
        assert page.evaluate(SIZE) == "22.4px"
        assert page.evaluate(WIDE) <= 0
        axe.check(page, "the menu with large letters")
        page.reload()
        one.sees(SLUG)
        assert page.evaluate(SIZE) == "22.4px", "the tab remembers"
        one.menu()
        said = len(one.frames)
        page.locator('[data-key="pause"]').tap()
        expect(page.locator(".kit-pause h1")).to_be_focused()
        expect(page.locator(".kit-form")).to_be_hidden()
        expect(page.locator('[data-key="exit"]')).to_be_visible()
        assert page.evaluate(WIDE) <= 0
        axe.check(page, "a pause")
        page.locator('[data-key="pause/back"]').tap()
        expect(page.locator(".kit-pause")).to_have_count(0)
        expect(page.locator("form")).to_be_visible()
        assert not [frame for frame in one.frames[said:] if b"pause" in frame], "nobody is told"
        items = [item.id for item in exercise(SLUG).structure.items() if item.scale == "practice" and not item.about]
        for item in items[:3]:
            turn_to(page, one.option(item, "growth"))
            one.option(item, "growth").check()
            one.saved(item)
        turn_to(page, page.locator('[data-key="picture"]'))
        page.locator('[data-key="picture"]').tap()
        picture = page.locator(".kit-profile")
        expect(picture.locator(".kit-profile-now")).to_have_count(3)
        picture.locator("summary").tap()
        expect(picture.locator("tbody tr")).to_have_count(3)
        assert page.evaluate(WIDE) <= 0
        axe.check(page, "a picture of one's own")
        assert one.troubles == []
