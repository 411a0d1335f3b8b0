"""A moment's pause that nobody hears of, larger letters, and a picture of one's own that is one."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kit.agenda.model import find_agenda
from kit.exercise import exercise
from kit.following import follow
from kit.serving.inside.conducting import Conducting
from kit.session import Plan, State
from kit.views.agenda import AgendaWish
from tests.browser import axe
from tests.browser.keyboard import tab_to
from tests.browser.people import person
from tests.support.workshop import Workshop

pytestmark = pytest.mark.browser

SMALL: dict[str, Any] = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
SLUG, OTHER = "reflection", "partnership"
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


def test_by_keyboard_alone_the_focus_is_never_lost(browser: Browser, server: Workshop) -> None:
    """What goes when it is pressed, and what is drawn anew, leaves it where somebody goes on."""
    agenda = find_agenda("half_day")
    room = server.another(Plan(SLUG), Plan(OTHER))
    with room.store() as store:
        follow(store, room.session_id, agenda)
    here(room, SLUG)
    with person(browser, room, "fr", steps=True, viewport={"width": 390, "height": 844}) as one:
        page, keys = one.page, one.page.keyboard
        one.join()
        one.sees(SLUG)

        def press(key: str) -> None:
            tab_to(page, f'[data-key="{key}"]')
            keys.press("Enter")

        def focused(key: str) -> Locator:
            found = page.locator(f'[data-key="{key}"]')
            expect(found).to_be_focused()
            return found

        press("fold/menu")
        press("together/own")
        focused("together/with_room")
        keys.press("Enter")
        focused("together/ready")
        press("pause")
        expect(page.locator(".kit-pause h1")).to_be_focused()
        press("pause/back")
        focused("fold/menu")
        keys.press("Enter")
        press("step/next")
        for _ in range(40):
            if page.locator('[data-key="picture"]').is_visible():
                break
            keys.press("ArrowRight")
        # On the button; it becomes the picture, whose heading has the focus, also when the exercise closes.
        focused("picture")
        keys.press("Enter")
        title = page.locator(".kit-result h3").first
        expect(title).to_be_focused()
        room.set_state(State.CLOSED, SLUG)
        expect(page.locator(".kit-closed")).to_be_visible()
        expect(title).to_be_focused()
        here(room, OTHER)
        expect(page.locator('[data-key="together/finish"]')).to_be_visible()
        page.locator('[data-key="exit"]').focus()
        press("together/finish")
        focused("together/go_there")
        keys.press("Enter")
        one.sees(OTHER)
        expect(page.locator(".kit-form h2")).to_be_focused()
        assert one.troubles == []


def here(room: Workshop, block: str) -> None:
    """The room is at this exercise, which is open, and no other is."""
    with room.store() as store:
        Conducting(store, room.session_id).conduct(AgendaWish("go", block), "fr")
    room.set_state(State.CLOSED)
    room.set_state(State.OPEN, block)
