"""Titles and words without a break fit 320 pixels on every page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from kit.session import Plan, State
from tests.browser.people import person
from tests.support.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLES = ("Établissements/organismes/regroupements", "https://exemple.org/table-2026-du-grand-nord-et-des-rives-du-fleuve")
NARROW = {"viewport": {"width": 320, "height": 640}}


def fits(page: Page, what: str) -> None:
    page.locator("h1").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, what
    cut = page.evaluate(
        """() => [...document.querySelectorAll("h1, h2, h3, p, li, button, a")]
        .filter((one) => one.checkVisibility() && !one.closest("[role=region], table, .kit-scroll"))
        .map((one) => [one.textContent.slice(0, 60), one.getBoundingClientRect()])
        .filter(([, box]) => box.width > 2 && box.right > 321).map(([text]) => text)"""
    )
    assert cut == [], what


@pytest.mark.parametrize("title", TITLES)
def test_a_title_without_a_break_fits_a_phone_everywhere(browser: Browser, server: Workshop, title: str) -> None:
    workshop = server.another(Plan("reflection", state=State.OPEN), Plan("pulse"), title=title)
    with person(browser, workshop, "fr", **NARROW) as one, person(browser, workshop, "fr", **NARROW) as host:
        one.go(f"/j/{workshop.code}")
        fits(one.page, "join")
        one.join()
        fits(one.page, "the participant's page")
        host.host()
        fits(host.page, "console")
        host.go("/screen")
        host.page.locator(".kit-screen").wait_for()
        fits(host.page, "wall")
