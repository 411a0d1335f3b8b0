"""The board of services in a real browser: by keyboard alone, by touch, and what never leaves the device."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kit.exercise import exercise
from kit.session import Plan, State, Value
from tests.browser import axe
from tests.browser.keyboard import tab_to
from tests.browser.people import PHONE, Person, person
from tests.support.waiting import eventually
from tests.support.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLUG = "resources"
FIRST, SECOND, THIRD = "entries.r0000", "entries.r0001", "entries.r0002"
# Words that stand nowhere else.
NAME, OTHER, SECRET = "Cuisine Framboise", "La cuisine Framboise", "Zébulon-Orchidée-wyxz"


@pytest.fixture(scope="module")
def workshop(server: Workshop) -> Workshop:
    """A workshop with this exercise alone."""
    return server.another(Plan(SLUG, state=State.OPEN))


def says(one: Person, key: str, **details: object) -> str:
    return exercise(SLUG).texts(one.lang).say(key, **details)


def at(page: Page, key: str) -> Locator:
    return page.locator(f'[data-key="{key}"]')


def lane(page: Page, name: str) -> Locator:
    return page.locator(f'[data-lane="{name}"]')


def told(one: Person, sentence: str) -> None:
    expect(one.page.locator("[data-news]")).to_have_text(sentence)


def add(one: Person, kind: str, name: str) -> None:
    at(one.page, f"add/{kind}").click()
    at(one.page, "new/name").fill(name)
    at(one.page, "new/add").click()
    expect(lane(one.page, kind)).to_contain_text(name)


@contextmanager
def mapper(browser: Browser, workshop: Workshop, lang: str, **device: Any) -> Iterator[Person]:
    """Somebody at their board."""
    before = frozenset(responses(workshop))
    with person(browser, workshop, lang, **device) as one:
        one.__dict__["before"] = before
        one.join()
        yield one


def responses(workshop: Workshop) -> dict[str, Mapping[str, Value]]:
    """What each person has answered."""
    with workshop.store() as store:
        return {one.key: one.answers for one in store.answers.responses(workshop.session_id, SLUG)}


def stored(one: Person) -> dict[str, Value]:
    """The entries that the workshop holds of this person: of all who have come since."""
    new = [answers for key, answers in responses(one.workshop).items() if key not in one.__dict__["before"]]
    return {item: value for answers in new for item, value in answers.items() if "." in item}


def label(one: Person, kind: str) -> str:
    return exercise(SLUG).texts(one.lang).option("type", kind)


# ---- without a mouse ----


def test_by_keyboard_alone_an_entry_is_added_moved_described_and_removed(browser: Browser, workshop: Workshop) -> None:
    with mapper(browser, workshop, "fr", **PHONE) as one:
        page, keys = one.page, one.page.keyboard
        tab_to(page, '[data-item="know_food"] input')
        keys.press("Space")
        keys.press("ArrowRight")
        one.saved("know_food")
        tab_to(page, '[data-key="add/food"]')
        keys.press("Enter")
        expect(at(page, "new/name")).to_be_focused()
        keys.type(NAME)
        keys.press("Enter")
        told(one, says(one, "added", name=NAME, lane=label(one, "food")))
        expect(at(page, f"{FIRST}/fold")).to_be_focused()
        one.saved(FIRST)
        moves_by_keyboard(one)
        describes_by_keyboard(one)
        tab_to(page, f'[data-key="{FIRST}/remove"]')
        keys.press("Enter")
        expect(at(page, f"{FIRST}/stay")).to_be_focused()
        keys.press("Shift+Tab")
        keys.press("Enter")
        told(one, says(one, "removed", name=NAME))
        eventually(lambda: not stored(one), "the entry is gone")
        assert one.troubles == []


def moves_by_keyboard(one: Person) -> None:
    page, keys = one.page, one.page.keyboard
    tab_to(page, f'[data-key="{FIRST}/move"]')
    keys.press("Enter")
    expect(at(page, f"{FIRST}/lane")).to_be_focused()
    keys.press("Escape")
    expect(at(page, f"{FIRST}/move")).to_be_focused()
    keys.press("Enter")
    keys.press("End")
    tab_to(page, f'[data-key="{FIRST}/go"]')
    keys.press("Enter")
    told(one, says(one, "moved", name=NAME, lane=label(one, "other")))
    expect(lane(page, "other").locator(f'[data-item="{FIRST}"]')).to_be_visible()
    expect(at(page, f"{FIRST}/move")).to_be_focused()


def describes_by_keyboard(one: Person) -> None:
    page, keys = one.page, one.page.keyboard
    keys.press("Shift+Tab")
    expect(at(page, f"{FIRST}/fold")).to_be_focused()
    keys.press("Enter")
    unfolds(one, "service")
    tab_to(page, f'[data-key="{FIRST}/languages"]')
    keys.type("dari")
    tab_to(page, f'[data-key="{FIRST}/access/evenings"]')
    keys.press("Space")
    one.saved(FIRST)
    eventually(lambda: "evenings" in str(stored(one)), "the field is stored")
    expect(at(page, f"{FIRST}/more/service")).to_have_text(f"{says(one, 'more_service')} (2)")
    unfolds(one, "way")
    tab_to(page, f'[data-key="{FIRST}/page"]')
    keys.type("12 rue des Tilleuls")
    keys.press("Tab")
    problem = page.locator(f'[data-problem="{FIRST}"]')
    expect(problem).to_have_text(one.say("errors.PageRefused"))
    # It stands at the field that it is about, which says so.
    expect(page.locator(f'.kit-field:has([data-key="{FIRST}/page"]) > [data-problem]')).to_be_visible()
    expect(at(page, f"{FIRST}/page")).to_have_attribute("aria-invalid", "true")
    keys.press("Shift+Tab")
    keys.press("Control+A")
    keys.press("Delete")
    keys.press("Tab")
    expect(problem).to_be_hidden()
    expect(at(page, f"{FIRST}/page")).not_to_have_attribute("aria-invalid", "true")
    one.saved(FIRST)
    (row,) = stored(one).values()
    assert isinstance(row, dict)
    assert (row["languages"], row["access"], row["type"], row["name"]) == ("dari", ["evenings"], "other", NAME)


def unfolds(one: Person, part: str) -> None:
    """What an entry does not ask first is folded away until somebody wants it."""
    fold = f'[data-key="{FIRST}/more/{part}"]'
    expect(one.page.locator(f"details:has(> {fold}) > .kit-fields")).to_be_hidden()
    tab_to(one.page, fold)
    one.page.keyboard.press("Enter")


# ---- by touch ----


def drag(page: Page, key: str, target: Locator) -> None:
    """Take a button with a finger and let go over a lane, both in sight and away from the edges."""
    at(page, key).evaluate("one => one.scrollIntoView({block: 'center', behavior: 'instant'})")
    start = at(page, key).bounding_box()
    assert start
    devtools = page.context.new_cdp_session(page)
    x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
    end = target.bounding_box()
    assert end
    to_x, to_y = end["x"] + end["width"] / 2, end["y"] + min(end["height"] / 2, 40)
    send = devtools.send
    send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        point = {"x": x + (to_x - x) * step / 8, "y": y + (to_y - y) * step / 8}
        send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_by_touch_an_entry_is_dragged_and_alike_ones_are_merged_when_asked(
    browser: Browser, workshop: Workshop
) -> None:
    with mapper(browser, workshop, "en", **PHONE) as one:
        page = one.page
        add(one, "food", NAME)
        one.saved(FIRST)
        drag(page, f"{FIRST}/move", lane(page, "employment"))
        told(one, says(one, "moved", name=NAME, lane=label(one, "employment")))
        expect(at(page, f"{FIRST}/lane")).to_have_count(0)
        one.saved(FIRST)
        merges(one)
        by_knowledge(one)
        assert one.troubles == []


def merges(one: Person) -> None:
    page = one.page
    add(one, "employment", OTHER)
    one.saved(SECOND)
    pair = page.locator(".kit-alike li")
    expect(pair).to_have_count(1)
    assert len(stored(one)) == 2
    merge = pair.get_by_role("button", name=re.compile(says(one, "alike_merge")))
    stays_under_the_finger(one, merge)
    merge.tap()
    told(one, says(one, "merged", name=NAME))
    expect(page.locator(".kit-entry")).to_have_count(1)
    expect(pair).to_have_count(0)
    assert list(stored(one)) == [FIRST]


def stays_under_the_finger(one: Person, button: Locator) -> None:
    """The same suggestion comes again after each change that is saved; its button is not replaced by its like."""

    def suggestions() -> int:
        return sum(b'"pairs"' in frame for frame in one.frames)

    before, touched = suggestions(), button.element_handle()
    at(one.page, f"{FIRST}/fold").tap()
    at(one.page, f"{FIRST}/more/service").tap()
    at(one.page, f"{FIRST}/languages").fill("dari")
    # Frames are heard of only while the page is asked something.
    eventually(lambda: one.page.title() and suggestions() > before, "the suggestion has come again")
    assert touched is not None
    assert touched.evaluate("one => one.isConnected")
    at(one.page, f"{FIRST}/fold").tap()


def by_knowledge(one: Person) -> None:
    page = one.page
    at(page, "by/knowledge").tap()
    expect(lane(page, "").locator(".kit-entry")).to_have_count(1)
    drag(page, f"{FIRST}/move", lane(page, "not_known"))
    expect(lane(page, "not_known").locator(".kit-entry")).to_have_count(1)
    eventually(lambda: "not_known" in str(stored(one)), "the move is stored")


# ---- what never leaves the device ----


def test_an_entry_that_never_leaves_the_device_is_in_no_message(browser: Browser, workshop: Workshop) -> None:
    with mapper(browser, workshop, "fr", **PHONE) as one:
        page = one.page
        add(one, "shelter", SECRET)
        own = page.locator(".kit-entry-own")
        expect(own).to_contain_text(says(one, "device"))
        own.locator("summary").click()
        expect(own.locator('[data-key$="/page"]')).to_have_count(0)
        own.locator('[data-key$="/more/service"]').click()
        own.locator('[data-key$="/offers"]').fill(SECRET)
        own.locator('[data-key$="/access/online"]').check()
        own.locator('[data-key$="/knowledge"]').select_option("well")
        at(page, "add/crisis_support").click()
        at(page, "new/name").fill(SECRET)
        at(page, "new/visibility").select_option("never")
        at(page, "new/add").click()
        expect(own).to_have_count(2)
        # Something that is sent tells that the line works, and gives what is under way time to be sent.
        add(one, "food", NAME)
        one.saved(FIRST)
        one.button("form.picture").click()
        expect(page.locator(".kit-result")).to_be_visible()
        page.reload()
        one.arrived()
        expect(own).to_have_count(2)
        expect(own.first).to_contain_text(SECRET)
        never_sent(one)
        assert page.evaluate("Object.values(sessionStorage).join().includes('wyxz')")
        one.speak("en")
        expect(own.first).to_contain_text(SECRET)
        never_sent(one)


def never_sent(one: Person) -> None:
    assert any(b"Framboise" in frame for frame in one.frames)
    assert not any(b"wyxz" in frame or b"Orchid" in frame for frame in one.frames)
    assert "wyxz" not in str(stored(one))
    assert "wyxz" not in one.workshop.log


def test_an_entry_leaves_the_device_only_after_a_second_question(browser: Browser, workshop: Workshop) -> None:
    with mapper(browser, workshop, "en") as one:
        page = one.page
        add(one, "shelter", SECRET)
        own = page.locator(".kit-entry-own")
        own.locator("summary").click()
        who = own.locator('[data-key$="/visibility"]')
        who.select_option("public")
        expect(own.locator('[data-key$="/keep"]')).to_be_focused()
        own.locator('[data-key$="/keep"]').click()
        expect(who).to_have_value("never")
        never = one.frames[:]
        assert not any(b"wyxz" in frame for frame in never)
        comes_back(one, own)
        who.select_option("partners")
        own.locator('[data-key$="/send"]').click()
        told(one, says(one, "sent_now", name=SECRET))
        eventually(lambda: "wyxz" in str(stored(one)), "the entry is stored")
        expect(own).to_have_count(0)
        page.locator('[data-key$="/visibility"]').focus()
        page.locator('[data-key$="/visibility"]').select_option("never")
        told(one, says(one, "went_device", name=SECRET))
        expect(own).to_have_count(1)
        eventually(lambda: "wyxz" not in str(stored(one)), "the entry is gone from the workshop")
        expect(page.locator('[data-key$="/visibility"]')).to_be_focused()


def comes_back(one: Person, own: Locator) -> None:
    """What the workshop cannot take stays on the device, with the reason."""
    own.locator('[data-key$="/more/service"]').click()
    own.locator('[data-key$="/offers"]').fill("Appeler le 514 555-0142")
    own.locator('[data-key$="/visibility"]').select_option("partners")
    own.locator('[data-key$="/send"]').click()
    expect(own.locator(".kit-problem")).to_contain_text(one.say("disclosure.contact_kind.phone"))
    expect(own).to_contain_text(SECRET)
    own.locator('[data-key$="/offers"]').fill("")
    assert not stored(one)


def test_an_entry_that_becomes_a_shelter_goes_to_the_device(browser: Browser, workshop: Workshop) -> None:
    with mapper(browser, workshop, "fr") as one:
        page = one.page
        add(one, "other", SECRET)
        one.saved(FIRST)
        at(page, f"{FIRST}/move").click()
        at(page, f"{FIRST}/lane").select_option("shelter")
        at(page, f"{FIRST}/go").click()
        told(one, says(one, "went_device", name=SECRET))
        expect(lane(page, "shelter").locator(".kit-entry-own")).to_contain_text(SECRET)
        eventually(lambda: "wyxz" not in str(stored(one)), "the entry is gone from the workshop")


def test_erasing_everything_and_quick_exit_take_entries_of_the_device_along(
    browser: Browser, workshop: Workshop
) -> None:
    with mapper(browser, workshop, "fr") as one:
        add(one, "shelter", SECRET)
        for _ in range(3):
            one.page.keyboard.press("Shift")
        one.page.wait_for_url("**/quiet")
        assert one.page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]


# ---- files ----


def test_a_list_comes_in_after_a_look_and_only_public_entries_go_out(
    browser: Browser, workshop: Workshop, tmp_path: Path
) -> None:
    listed = tmp_path / "liste.csv"
    listed.write_bytes("Nom;Type;Adresse\nCafé Framboise;Emploi;12 rue X\nRefuge Y;;\n".encode("latin-1"))
    with mapper(browser, workshop, "fr", **PHONE) as one:
        page = one.page
        page.locator('[data-pick="list"]').set_input_files(listed)
        seen = page.locator(".kit-taken")
        expect(seen).to_contain_text(says(one, "taken", count=1))
        expect(seen).to_contain_text(says(one, "is_shelter"))
        assert not stored(one)
        at(page, "take/keep").click()
        expect(page.locator(".kit-entry")).to_have_count(1)
        (row,) = stored(one).values()
        assert row == {"name": "Café Framboise", "type": "employment", "visibility": "partners", "share": False}
        at(page, "give/csv").click()
        expect(seen).to_have_text(one.say("errors.NothingPublic"))
        add(one, "food", NAME)
        at(page, f"{THIRD}/fold").click()
        at(page, f"{THIRD}/visibility").select_option("public")
        one.saved(THIRD)
        eventually(lambda: "'public'" in str(stored(one)), "the entry is public")
        with page.expect_download() as got:
            at(page, "give/csv").click()
        assert got.value.suggested_filename == "services.csv"
        text = Path(got.value.path()).read_text("utf-8-sig")
        assert NAME in text
        assert "Café" not in text


def test_what_is_doubtful_in_a_list_is_chosen_by_keyboard_on_a_narrow_phone(
    browser: Browser, workshop: Workshop, tmp_path: Path
) -> None:
    listed = tmp_path / "liste.csv"
    listed.write_text("Nom;Type;Description;Mise à jour\nLa Clairière;Autre;Un lieu où dormir;02/03/2026\n", "utf-8")
    narrow = {**PHONE, "viewport": {"width": 320, "height": 640}}
    with mapper(browser, workshop, "fr", **narrow) as one:
        page = one.page
        page.locator('[data-pick="list"]').set_input_files(listed)
        expect(page.locator(".kit-taken")).to_contain_text(says(one, "taken_none"))
        expect(page.locator(".kit-taken h4, .kit-taken h3").first).to_be_focused()
        house = at(page, "choice/shelter:2")
        house.focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator(".kit-taken")).to_contain_text(says(one, "taken", count=1))
        expect(at(page, "choice/shelter:2")).to_be_focused()
        at(page, "choice/dates").select_option("day")
        expect(page.locator(".kit-status")).to_have_text(one.say("form.files_again", n=1))
        axe.check(page, "choices about a list")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        at(page, "take/keep").click()
        expect(page.locator(".kit-entry")).to_have_count(1)
        (row,) = stored(one).values()
        assert (row["name"], row["checked"]) == ("La Clairière", "2026-03-02")


# ---- seen by everyone ----


def test_the_board_is_accessible_and_fits_a_narrow_page(browser: Browser, workshop: Workshop) -> None:
    with mapper(browser, workshop, "fr", **PHONE) as one:
        page = one.page
        add(one, "food", NAME)
        one.saved(FIRST)
        add(one, "food", OTHER)
        expect(page.locator(".kit-alike li")).to_have_count(1)
        add(one, "shelter", SECRET)
        at(page, f"{FIRST}/fold").click()
        at(page, f"{SECOND}/move").click()
        at(page, "add/health").click()
        axe.check(page, "the board by type")
        page.locator('.kit-entry-own [data-key$="/fold"]').click()
        page.locator('.kit-entry-own [data-key$="/visibility"]').select_option("public")
        at(page, "by/knowledge").click()
        axe.check(page, "the board by knowledge")
        small = page.evaluate(
            """() => [...document.querySelectorAll(".kit-lanes :is(button, summary, select, input)")]
            .filter((one) => one.checkVisibility()).map((one) => (one.closest("label") ?? one))
            .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
            .filter(([, box]) => box.height < 24 || box.width < 24).map(([text]) => text)"""
        )
        assert small == []
