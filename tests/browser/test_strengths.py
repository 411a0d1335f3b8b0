"""What each of us brings, on a phone: by keyboard alone in French, by touch in English, and the room's board."""

from __future__ import annotations

from random import Random

import pytest
from playwright.sync_api import Browser, expect

from kit.exercise import exercise
from kit.session import Plan, Sector, State
from kit.texts import say
from tests.browser import axe
from tests.browser.keyboard import tab_to
from tests.browser.people import PHONE, person, table_rows
from tests.support.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLUG = "strengths"
OFFER = "Deux places dans notre formation"
NEED = "Someone to ask about status"


@pytest.fixture(scope="module")
def workshop(server: Workshop) -> Workshop:
    """A workshop with this exercise alone, open."""
    return server.another(Plan(SLUG, state=State.OPEN))


def test_by_keyboard_alone_in_french(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "fr", **PHONE) as one:
        one.join("settlement")
        page, keys = one.page, one.page.keyboard
        one.sees(SLUG)
        tab_to(page, '[data-item="immigration"] input')
        keys.press("Space")
        one.saved("immigration")
        tab_to(page, '[data-key="offers/add"]')
        keys.press("Enter")
        topic = page.locator('[data-key="offers.r0000/topic"]')
        expect(topic).to_be_focused()
        keys.press("ArrowDown")
        keys.press("ArrowDown")
        expect(topic).to_have_value("trauma")
        tab_to(page, '[data-key="offers.r0000/detail"]')
        keys.type(OFFER)
        tab_to(page, '[data-share="offers.r0000"]')
        keys.press("Space")
        one.saved("offers.r0000")
        axe.check(page, "strengths with a line")
        tab_to(page, '[data-key="picture"]')
        keys.press("Enter")
        result = page.locator(".kit-result").first
        expect(result.get_by_role("heading").first).to_be_focused()
        expect(result).to_contain_text(OFFER)
        axe.check(page, "one's own list")
        assert one.troubles == []


def fill(workshop: Workshop) -> None:
    """Forty people of each of two sectors answer: fewer would leave nothing that may stand side by side."""
    model = exercise(SLUG)
    with workshop.store() as store:
        session = store.sessions.get(workshop.session_id)
        for number in range(80):
            sector = (Sector.SETTLEMENT, Sector.ANTI_VIOLENCE)[number % 2]
            seat, _ = store.seats.take(session, sector, None, "en")
            for revision, (item, value) in enumerate(model.rehearse(Random(number), sector, "en"), start=1):
                store.answers.save(seat.id, SLUG, item, model.check(item, value), revision)


def test_by_touch_in_english_up_to_the_board(browser: Browser, workshop: Workshop) -> None:
    texts = exercise(SLUG).texts("en")
    with person(browser, workshop, "en", **PHONE) as one, person(browser, workshop, "en") as host:
        one.join("settlement")
        one.option("trauma", "need").tap()
        one.page.locator('[data-key="needs/add"]').tap()
        one.page.locator('[data-key="needs.r0000/topic"]').select_option("immigration")
        detail = one.page.locator('[data-key="needs.r0000/detail"]')
        detail.fill("Call 514 555 0199")
        detail.blur()
        problem = one.page.locator('[data-problem="needs.r0000"]')
        expect(problem).to_contain_text(say("en", "disclosure.contact_kind.phone"))
        detail.fill(NEED)
        detail.blur()
        one.saved("trauma", "needs.r0000")
        fill(workshop)
        host.host()
        host.press("reveal", SLUG)
        board = one.page.locator(".kit-result").filter(has_text=texts.say("group_title"))
        expect(board).to_be_visible()
        settlement, anti_violence = table_rows(board)[texts.option("topic", "immigration")]
        assert (settlement, anti_violence) == (texts.say("sector_offer"), texts.say("sector_need"))
        assert NEED not in board.inner_text(), "one writer is not enough"
        axe.check(one.page, "the board")
        assert one.troubles == []
