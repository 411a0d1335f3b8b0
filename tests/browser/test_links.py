"""The console's links in a browser: made, shown once, used elsewhere, ended; by keyboard, in a narrow window."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, expect

from kit.session import Plan
from tests.browser import axe
from tests.browser.people import person
from tests.support.waiting import eventually
from tests.support.workshop import Workshop

pytestmark = pytest.mark.browser
NARROW = {"viewport": {"width": 320, "height": 700}}


def press(button: Locator) -> None:
    """By keyboard, once it has rested from what was pressed before."""
    expect(button).not_to_have_attribute("aria-disabled", "true")
    button.press("Enter")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_second_trainer_is_let_in_and_led_out_by_keyboard(browser: Browser, server: Workshop, lang: str) -> None:
    room = server.another(Plan("reflection"))
    with person(browser, room, lang, **NARROW) as lead:
        lead.host()
        make = lead.page.locator('[data-key="link/second"]')
        press(make)
        title = lead.page.get_by_role("heading", name=lead.say("console.link_made_second"))
        expect(title).to_be_focused()
        link = lead.page.locator(".kit-made .kit-link").inner_text()
        assert lead.page.evaluate("document.documentElement.scrollWidth") <= 320
        assert axe.violations(lead.page) == []
        path = re.sub(r"^http://[^/]+", "", link)
        with person(browser, room, lang) as second:
            second.go(path)
            second.page.wait_for_url("**/console")
            assert "#" not in second.page.url
            expect(second.page.locator(".kit-console h1")).to_be_visible()
            expect(second.page.locator('[data-key="link/second"]')).to_have_count(0)
            expect(lead.page.get_by_text(lead.say("console.link_opened"))).to_be_visible()
            press(lead.button("console.link_hide"))
            expect(make).to_be_focused()
            assert link not in lead.page.content(), "it is shown once"
            name = lead.say("console.link_name_second", n=1)
            press(lead.page.get_by_role("button", name=lead.say("console.link_end", name=name)))
            expect(lead.button("console.link_no")).to_be_focused()
            assert axe.violations(lead.page) == []
            lead.page.keyboard.press("Tab")
            expect(lead.button("console.link_yes")).to_be_focused()
            press(lead.button("console.link_yes"))
            second.page.wait_for_url("**/lost*")
            expect(second.page.get_by_role("heading", name=second.say("door.ended_title"))).to_be_visible()
            assert axe.violations(second.page) == []
        expect(lead.page.get_by_text(lead.say("console.links_none"))).to_be_visible()
        expect(lead.page.get_by_text(lead.say("console.link_ended"))).to_be_visible()
        press(make)
        made = lead.page.locator(".kit-made .kit-link")
        expect(made).to_have_count(1)
        press(lead.page.locator('[data-key="link/wall"]'))
        expect(made).to_have_count(2)
        press(lead.page.locator('[data-key="lang/en"]' if lang == "fr" else '[data-key="lang/fr"]'))
        expect(lead.page.locator("html")).not_to_have_attribute("lang", lang)
        expect(made).to_have_count(2)
        press(lead.page.locator(f'[data-key="lang/{lang}"]'))
        expect(lead.page.locator("html")).to_have_attribute("lang", lang)
        press(lead.button("console.leave"))
        expect(lead.button("console.leave_no")).to_be_focused()
        lead.page.keyboard.press("Tab")
        press(lead.button("console.leave_yes"))
        lead.page.wait_for_url("**/quiet")
        eventually(lambda: "host" not in {one["name"] for one in lead.context.cookies()}, "the browser keeps no key")
        lead.go("/console")
        expect(lead.page.get_by_text(lead.say("errors.WrongKey"))).to_be_visible()
