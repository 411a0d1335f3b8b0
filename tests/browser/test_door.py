"""The front door in a browser: scanned again, without cookies, and the facilitator's trial with one phone."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser import axe
from tests.browser.people import PHONE, person
from tests.support.device import Device
from tests.support.workshop import Workshop


def test_scanning_again_leads_to_ones_own_seat(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "fr", **PHONE) as phone:
        words = phone.join()
        phone.go(f"/j/{workshop.code}")
        axe.check(phone.page, "scanned again")
        phone.page.get_by_role("link", name=phone.say("door.go_back_in")).click()
        phone.arrived()
        phone.go("/card")
        assert phone.page.locator("[data-words]").inner_text() == words
        assert phone.page.locator("[data-words]").get_attribute("translate") == "no"
        assert phone.troubles == []


def test_a_browser_that_keeps_no_cookie_takes_no_seat(browser: Browser, workshop: Workshop) -> None:
    with workshop.store() as store:
        before = store.sessions.counts(workshop.session_id).joined
    with person(browser, workshop, "en", **PHONE) as phone:
        phone.go(f"/j/{workshop.code}")
        phone.context.clear_cookies()
        phone.page.locator('input[value="other"]').check()
        phone.button("door.take_seat").click()
        expect(phone.page.locator("#problem")).to_have_text(phone.say("errors.NoCookie"))
        axe.check(phone.page, "no cookie")
    with workshop.store() as store:
        assert store.sessions.counts(workshop.session_id).joined == before


def test_the_page_says_by_itself_that_a_phone_has_come(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "fr") as host:
        host.host()
        host.page.get_by_role("link", name=host.say("console.reach")).click()
        host.page.wait_for_url("**/reach")
        axe.check(host.page, "the trial")
        trial = host.page.locator("[data-reach]")
        expect(trial).to_contain_text(host.say("door.reach_waiting"))
        link = host.page.locator(".kit-card .kit-hint").inner_text()
        assert Device(workshop.address).get("/" + link.split("/", 3)[3]).status == 200
        expect(trial).to_contain_text(host.say("door.reach_came"))
        host.go("/lost")
        axe.check(host.page, "a facilitator's page that was opened elsewhere")
        host.page.get_by_role("link", name=host.say("door.console_here")).click()
        host.page.wait_for_url("**/console")
        assert host.troubles == []
