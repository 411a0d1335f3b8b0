"""What another trainer does, and who comes in, takes nothing out of the hands of whoever leads at a console."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from kit.agenda.model import find_agenda
from kit.following import follow, followed
from kit.results import reveal
from kit.session import Plan, Sector, State
from kit.store.hosts import Opens
from tests.browser.people import Person, person
from tests.support.waiting import eventually
from tests.support.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAPTOP = {"viewport": {"width": 1280, "height": 720}}
ONE = "reflection"


@pytest.fixture
def workshop(server: Workshop) -> Workshop:
    """Six people have shared a text and chosen, and the result was revealed: a second round can begin."""
    made = server.another(Plan(ONE, state=State.OPEN), Plan("partnership"))
    with made.store() as store:
        session = made.session()
        follow(store, session.id, find_agenda("half_day"))
        for name in ("Zorglub", "Alphonse", "Bianca", "Casimir", "Dorothea", "Ermelinde"):
            seat, _ = store.seats.take(session, Sector.OTHER, None, "fr")
            store.answers.save(seat.id, ONE, "commitment", {"text": f"remercier {name}", "share": True}, 1)
            store.answers.save(seat.id, ONE, "all_power", "growth", 1)
        reveal(store, session, ONE)
        store.sessions.set_state(session.id, ONE, State.CLOSED)
    return made


@pytest.fixture
def two(browser: Browser, workshop: Workshop) -> Iterator[tuple[Person, Person]]:
    """Two trainers at their consoles."""
    with person(browser, workshop, "fr", **LAPTOP) as host, person(browser, workshop, "fr", **LAPTOP) as second:
        host.host()
        second.go(workshop.host_path(Opens.SECOND))
        second.page.wait_for_url("**/console")
        expect(second.page.locator(".kit-console h1")).to_be_visible()
        yield host, second
        assert host.troubles == second.troubles == []


def field(one: Person, key: str) -> Locator:
    return one.page.locator(f'[data-key="{key}"]')


def rested(one: Person, key: str) -> Locator:
    """A button, once what was pressed before has been answered."""
    expect(field(one, key)).not_to_have_attribute("aria-disabled", "true")
    return field(one, key)


def goes_by(host: Person, second: Person, round_: int) -> None:
    """The other trainer locks or opens the door, notes a number, and speaks another language: here all stays as it is
    spoken, and only the wall's language that they choose is seen.
    """
    rested(second, "lock").click()
    expect(field(host, "lock")).to_have_text(host.say(f"console.door_{'unlock' if round_ % 2 else 'lock'}"))
    field(second, "expected").fill(str(200 + round_))
    rested(second, "expect").click()
    expect(second.page.locator(".kit-said")).to_have_text(second.say("console.expected_noted", n=200 + round_))
    second.lang = "en" if round_ % 2 else "fr"
    rested(second, f"lang/{second.lang}").click()
    expect(second.page.locator("html")).to_have_attribute("lang", second.lang)
    rested(second, f"wall/{second.lang}").click()
    for one in (host, second):
        expect(field(one, f"wall/{second.lang}")).to_have_attribute("aria-pressed", "true")
    expect(host.page.locator("html")).to_have_attribute("lang", host.lang)


def test_what_is_being_typed_keeps_focus_and_words(two: tuple[Person, Person]) -> None:
    host, second = two
    page = host.page
    # The clock of a block runs: there are notes to write.
    rested(host, "agenda/act").click()
    for fold in ("agenda/notes", "agenda/all"):
        field(host, fold).click()
    fields = dict.fromkeys(("agenda/note", "closing/decided", "closing/asks", "agenda/add-title"), "Peu de")
    for round_, (key, words) in enumerate([*fields.items(), ("expected", "12")], 1):
        there = field(host, key)
        there.click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(words)
        goes_by(host, second, round_)
        expect(there).to_be_focused()
        page.keyboard.type("7")
        expect(there).to_have_value(f"{words}7")
    # The others, which nobody touched meanwhile, too, and in the other language.
    rested(host, "lang/en").click()
    expect(host.page.locator("html")).to_have_attribute("lang", "en")
    for key, words in fields.items():
        expect(field(host, key)).to_have_value(f"{words}7")


def test_notes_go_to_the_block_that_they_are_about(two: tuple[Person, Person]) -> None:
    host, second = two
    rested(host, "agenda/act").click()
    field(host, "agenda/notes").click()
    field(host, "agenda/note").press_sequentially("Begun late.")
    told = find_agenda("half_day").told(host.lang).blocks
    first, then, *_ = find_agenda("half_day").structure.blocks
    # Until the other trainer's console has heard that the first block is on, its large button begins that one.
    expect(field(second, "agenda/act")).to_contain_text(told[then.id].title)
    rested(second, "agenda/act").click()
    about = host.page.get_by_text(host.say("agenda.console.notes_about", title=told[first.id].title))
    expect(about).to_be_visible()
    expect(field(host, "agenda/note")).to_have_value("Begun late.")
    rested(host, "agenda/keep").click()
    expect(about).to_be_hidden()
    expect(field(host, "agenda/note")).to_have_value("")
    # The field may be the next block's before the words are kept.
    eventually(lambda: host.page.title() and notes(host) == (then.id, {first.id: "Begun late."}), "the words are kept")


def notes(host: Person) -> tuple[str, dict[str, str]]:
    """The block that is on, and what the trainers have written, by block."""
    with host.workshop.store() as store:
        kept = followed(store, host.workshop.session_id)
    assert kept is not None
    return kept.course.now, dict(kept.course.notes)


def test_an_open_question_stays_open_and_a_list_that_is_looked_through_keeps_its_place(
    two: tuple[Person, Person],
) -> None:
    host, second = two
    rested(host, f"again/{ONE}").click()
    expect(field(host, f"again/{ONE}/no")).to_be_focused()
    with host.workshop.store() as store:
        store.seats.take(host.workshop.session(), Sector.OTHER, None, "en")
    expect(host.page.locator(".kit-count")).to_have_text(host.say("console.joined", n=7))
    expect(field(host, f"again/{ONE}/no")).to_be_focused()
    rested(host, f"again/{ONE}/no").click()
    # The link's end is asked for, while another link is made elsewhere.
    rested(host, "link/wall").click()
    rested(host, "link/wall/1").click()
    host.workshop.new_link(Opens.WALL)
    expect(field(host, "link/wall/2")).to_be_visible()
    expect(field(host, "link/wall/1/no")).to_be_focused()
    # Both look through the texts: what one strikes out takes neither focus nor an unfolded table from the other.
    for one in (host, second):
        rested(one, f"look/{ONE}").click()
        expect(one.page.locator("[data-text]")).to_have_count(6)
    fold = host.page.locator(".kit-group details").first
    fold.locator("summary").click()
    mine, theirs = (host.page.locator("[data-text] button").nth(at) for at in (0, 1))
    mine.focus()
    key = theirs.get_attribute("data-key")
    rested(second, str(key)).click()
    expect(theirs).to_have_text(host.say("console.texts_back"))
    expect(mine).to_be_focused()
    expect(fold).to_have_attribute("open", "")


def test_what_one_was_told_goes_once_the_other_has_changed_it(two: tuple[Person, Person]) -> None:
    """No console goes on saying that everybody sees a result which the other trainer took off all screens."""
    host, second = two
    said, other = host.page.locator(".kit-said"), second.page.locator(".kit-said")
    rested(host, f"off/{ONE}").click()
    expect(said).to_have_text(host.say("console.taken_off"))
    expect(field(second, f"off/{ONE}")).to_have_text(second.say("console.put_back"))
    rested(second, f"off/{ONE}").click()
    expect(other).to_have_text(second.say("console.put_back_done"))
    expect(said).to_be_empty()
    # What is about nothing that has changed stays.
    rested(host, "lock").click()
    expect(field(second, "lock")).to_have_text(second.say("console.door_unlock"))
    expect(other).to_have_text(second.say("console.put_back_done"))
