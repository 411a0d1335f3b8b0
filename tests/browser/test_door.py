"""The front door in a browser: scanned again, without cookies, and the facilitator's trial with one phone."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from kit.texts import languages
from tests.browser import axe
from tests.browser.people import PHONE, person
from tests.support import region
from tests.support.device import Device
from tests.support.workshop import Workshop, serving


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


@pytest.mark.parametrize("lang", languages())
def test_where_people_can_turn_is_in_reach_before_and_after_the_door(
    browser: Browser, workshop: Workshop, lang: str
) -> None:
    packs = workshop.folder / "home" / region.HOME
    with person(browser, workshop, lang, **PHONE) as host, person(browser, workshop, lang, **PHONE) as phone:
        host.host()
        expect(host.page.get_by_text(host.say("regions.none"))).to_be_visible()
        phone.go(f"/?lang={lang}")
        assert phone.page.get_by_text(phone.say("regions.menu")).count() == 0
        region.filled(packs, on=date(2024, 1, 31))
        try:
            phone.go(f"/?lang={lang}")
            phone.page.get_by_role("link", name=phone.say("regions.menu")).click()
            expect(phone.page.get_by_text(region.PHONE)).to_be_visible()
            axe.check(phone.page, "support, before the door")
            phone.join()
            fold = phone.page.locator("summary", has_text=phone.say("regions.menu"))
            fold.focus()
            phone.page.keyboard.press("Enter")
            number = phone.page.get_by_role("link", name=region.PHONE)
            expect(number).to_be_visible()
            for width in range(280, 400, 20):
                phone.page.set_viewport_size({"width": width, "height": 700})
                assert number.evaluate("one => one.getClientRects().length") == 1, width
            axe.check(phone.page, "support, in the room")
            assert phone.page.title() == "Atelier · Workshop"
            host.page.reload()
            expect(host.page.locator(".kit-note", has_text="services.crisis")).to_be_visible()
            axe.check(host.page, "a pack that is overdue")
            assert phone.troubles == host.troubles == []
            assert phone.abroad == []
        finally:
            shutil.rmtree(packs)


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
        trial = host.page.locator("[aria-labelledby=trial] [role=status]")
        # Said for a minute, which a look at the whole page may take where much else is done.
        expect(trial).to_contain_text(host.say("door.reach_waiting"))
        axe.check(host.page, "the trial")
        link = host.page.locator(".kit-card .kit-hint").inner_text()
        assert Device(workshop.address).get("/" + link.split("/", 3)[3]).status == 200
        expect(trial).to_contain_text(host.say("door.reach_came"))
        host.go("/lost")
        axe.check(host.page, "a facilitator's page that was opened elsewhere")
        host.page.get_by_role("link", name=host.say("door.console_here")).click()
        host.page.wait_for_url("**/console")
        assert host.troubles == []


@pytest.mark.parametrize("lang", languages())
def test_the_facilitator_locks_the_door_and_opens_it_with_the_keyboard(
    browser: Browser, workshop: Workshop, lang: str
) -> None:
    with person(browser, workshop, lang) as host, person(browser, workshop, lang, **PHONE) as phone:
        host.host()
        door, button = host.page.locator(".kit-door-keeping"), host.page.locator('[data-key="lock"]')
        expect(door).to_contain_text(host.say("console.door_open"))
        # A press counts once what was pressed before has been answered.
        expect(button).not_to_have_attribute("aria-disabled", "true")
        button.focus()
        host.page.keyboard.press("Enter")
        expect(button).to_have_text(host.say("console.door_unlock"))
        expect(button).to_be_focused()
        expect(door).to_contain_text(host.say("console.door_locked"))
        expect(host.page.locator(".kit-said")).to_have_text(host.say("console.door_locked"))
        axe.check(host.page, "the console with a locked door", axe.WIDE)
        wall = host.context.new_page()
        wall.set_viewport_size({"width": 1280, "height": 720})
        wall.goto(workshop.address + "/screen")
        expect(wall.locator(".kit-screen-invite .kit-problem")).to_contain_text(host.say("console.door_wall"))
        axe.check(wall, "the wall with a locked door", axe.WIDE)
        phone.go(f"/j/{workshop.code}")
        expect(phone.page.locator("#problem")).to_have_text(phone.say("errors.DoorLocked"))
        axe.check(phone.page, "a locked door")
        expect(button).not_to_have_attribute("aria-disabled", "true")
        button.press(" ")
        expect(button).to_have_text(host.say("console.door_lock"))
        phone.page.get_by_role("link", name=phone.say("door.locked_again")).click()
        phone.page.locator('input[value="other"]').check()
        phone.button("door.take_seat").click()
        phone.page.wait_for_url("**/card")
        assert host.troubles == []


def test_the_facilitator_says_how_many_are_expected_and_sees_why_second_seats_were_taken(
    browser: Browser, workshop: Workshop
) -> None:
    with person(browser, workshop, "fr") as host, person(browser, workshop, "fr", **PHONE) as tablet:
        host.host()
        number = host.page.get_by_label(host.say("console.expected"), exact=True)
        number.fill("300")
        tablet.take_seat()
        # Somebody has joined, and what was typed is still there.
        expect(host.page.locator(".kit-count")).not_to_have_text(host.say("console.joined", n=0))
        expect(number).to_have_value("300")
        # A press counts once what was pressed before has been answered.
        expect(host.page.locator('[data-key="lock"]')).not_to_have_attribute("aria-disabled", "true")
        number.press("Enter")
        expect(host.page.locator(".kit-said")).to_have_text(host.say("console.expected_noted", n=300))
        assert workshop.session().expected == 300
        tablet.go(f"/j/{workshop.code}")
        tablet.page.get_by_role("link", name=tablet.say("door.again_new")).click()
        tablet.page.locator('input[value="other"][name="sector"]').check()
        axe.check(tablet.page, "a second seat needs a reason")
        tablet.page.get_by_label(tablet.say("door.reasons.help"), exact=True).check()
        tablet.button("door.take_seat").click()
        tablet.page.wait_for_url("**/card")
        told = host.say("console.door_again_line", label=host.say("door.reasons.help"), n=1)
        expect(host.page.locator(".kit-door-keeping li")).to_have_text([told])
        axe.check(host.page, "the console's door", axe.WIDE)
        assert host.troubles == tablet.troubles == []


def test_who_waits_comes_in_by_itself_without_a_script_and_the_console_sees_a_rush(
    browser: Browser, tmp_path: Path
) -> None:
    with serving(tmp_path, "--exercises", "reflection", "--expected", "2") as made:
        # From where the browsers come, too.
        crowd = [Device(made.address, source="127.0.0.1") for _ in range(2)]
        with (
            person(browser, made, "en") as host,
            person(browser, made, "fr", **PHONE, java_script_enabled=False) as phone,
            person(browser, made, "fr", **PHONE) as other,
        ):
            host.host()
            for one in crowd:
                one.take_seat(made.code)
            phone.go(f"/j/{made.code}")
            phone.page.locator('input[value="other"]').check()
            phone.button("door.take_seat").click()
            expect(host.page.locator(".kit-door-keeping .kit-problem")).to_have_text(host.say("console.rush", n=2))
            axe.check(host.page, "a rush", axe.WIDE)
            # The page has asked again, and again, with nothing but a header.
            phone.page.wait_for_url("**/card")
            other.page.route("**/wait", standing_still)
            other.go(f"/j/{made.code}")
            other.page.locator('input[value="other"]').check()
            other.button("door.take_seat").click()
            expect(other.page.locator("h1")).to_have_text(other.say("door.wait_title"))
            # What a form has led to passes no route: only what is asked for anew is held still.
            other.page.reload()
            expect(other.page.locator("h1")).to_have_text(other.say("door.wait_title"))
            axe.check(other.page, "who waits for a seat")
            assert host.troubles == other.troubles == []


def standing_still(route: Route) -> None:
    """The page that asks again by itself, held still to be looked at."""
    reply = route.fetch()
    route.fulfill(response=reply, headers={name: value for name, value in reply.headers.items() if name != "refresh"})
