"""How an agenda runs: what comes next, the clock, live changes and undoing them, and how the store keeps it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest

from kit.agenda.course import (
    KEPT,
    Course,
    add,
    asked,
    beginning,
    course_from_json,
    course_to_json,
    go,
    last_change,
    lengthen,
    mark,
    move,
    run_clock,
    skip,
    stop_clock,
    undo,
)
from kit.agenda.model import find_agenda
from kit.agenda.protocol import protocol
from kit.exercise import exercise
from kit.following import change, follow, followed
from kit.results import first_round, is_off, shown
from kit.serving.inside.conducting import Conducting
from kit.serving.inside.facilitator import console_page
from kit.serving.inside.participant import ParticipantPage
from kit.serving.inside.wall import screen_page
from kit.session import Mode, Plan, Sector, Session, State, new_code, new_id
from kit.store import Store
from kit.texts import languages, say, section
from kit.views.agenda import AgendaWish, wish_of

HALF = find_agenda("half_day")
BEGUN = beginning(HALF.structure)
NOON = 1_800_000_000


Found = TypeVar("Found")


def there(one: Found | None) -> Found:
    """What must not be missing."""
    assert one is not None
    return one


def order(course: Course) -> list[str]:
    return [one.id for one in course.slots]


def test_it_goes_through_all_blocks() -> None:
    course, seen = BEGUN, []
    while course.next is not None:
        course = go(course, course.next.id, NOON)
        seen.append(course.now)
        assert course.until == NOON + 60 * there(course.slot(course.now)).minutes
    assert seen == [block.id for block in HALF.structure.blocks]


def test_the_same_wish_twice_does_nothing_more() -> None:
    here = go(BEGUN, "joining", NOON)
    assert go(here, "joining", NOON + 30) == here
    assert go(here, "nowhere", NOON) == here
    longer = lengthen(here, "joining", 20)
    assert lengthen(longer, "joining", 20) == longer
    assert skip(skip(here, "why", True), "why", True) == skip(here, "why", True)
    stopped = stop_clock(here, NOON)
    assert stop_clock(stopped, NOON + 5) == stopped


def test_the_clock_stands_and_runs_again() -> None:
    course = stop_clock(go(BEGUN, "joining", NOON), NOON + 120)
    assert (course.until, course.left, course.paused) == (0, 480, True)
    longer = lengthen(course, "joining", 15)
    assert longer.left == 780
    assert run_clock(longer, NOON + 1000).until == NOON + 1780
    assert lengthen(go(BEGUN, "joining", NOON), "joining", 15).until == NOON + 900


def test_blocks_are_left_out_moved_and_added() -> None:
    course = go(BEGUN, "rules", NOON)
    assert there(skip(course, "why", True).next).id == "reflection"
    assert skip(course, "rules", True) == course, "the block that is on stays"
    assert go(skip(course, "why", True), "why", NOON).slot("why") == course.slot("why"), "going there puts it back"
    moved = move(course, "pause", order(course).index("why"))
    assert order(moved).index("pause") == order(course).index("why")
    assert sorted(order(moved)) == sorted(order(course))
    added = add(course, "talk", "  What we heard ", 10)
    assert there(added.next).title == "What we heard"
    assert asked(HALF.structure, go(added, "own_1", NOON)) is None
    early = order(add(BEGUN, "talk", "", 10))
    assert early[-2:] == ["own_1", "closing"], "before the beginning nothing comes before the welcome"
    assert add(course, "exercise", "", 10) == add(course, "talk", "", 10, "pulse") == course
    assert add(course, "break", "", 0) == course


def test_every_change_is_undone() -> None:
    course = BEGUN
    changes = (
        lambda one: go(one, "welcome", NOON), lambda one: skip(one, "why", True), lambda one: add(one, "break", "", 5),
        lambda one: move(one, "closing", 0), lambda one: lengthen(one, "welcome", 30),
        lambda one: stop_clock(one, NOON),
    )  # fmt: skip
    states, kinds = [course], []
    for one in changes:
        course = one(course)
        kinds.append(last_change(course)[0])
        assert course.number > states[-1].number
        states.append(course)
    for before in reversed(states[:-1]):
        course = undo(course)
        assert (course.slots, course.now, course.until, course.left) == (
            before.slots, before.now, before.until, before.left,
        )  # fmt: skip
    assert undo(course) == course
    assert kinds == ["go", "skip", "add", "move", "minutes", "stop"]


def test_what_was_done_is_noted_and_not_undone_alone() -> None:
    course = mark(mark(go(BEGUN, "reflection", NOON), "open"), "open")
    assert course.done == ("open",)
    assert go(course, "pause", NOON).done == ()
    assert undo(go(course, "pause", NOON)).done == ("open",)


def test_it_is_kept_and_does_not_grow_without_end() -> None:
    course = go(BEGUN, "welcome", NOON)
    for n in range(50):
        course = lengthen(course, "welcome", 10 + n)
    assert len(course.earlier) == KEPT
    kept = json.loads(json.dumps(course_to_json(course)))
    assert undo(course_from_json(kept)).slots == undo(course).slots
    assert len(json.dumps(kept)) < 60_000


@pytest.mark.parametrize(
    "said",
    [
        {"deed": "end"}, {"deed": "go", "block": 3}, {"deed": "minutes", "block": "x", "number": True}, {},
        {"deed": "skip", "yes": "no"}, {"deed": "add", "title": "x" * 81}, {"deed": "minutes", "number": 10**9},
    ],
)  # fmt: skip
def test_what_a_page_says_is_not_believed(said: dict[str, object]) -> None:
    assert wish_of(said) is None


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.db") as opened:
        yield opened


def workshop(store: Store, agenda: str = "half_day") -> Session:
    plans = tuple(Plan(slug, lenses) for slug, lenses in find_agenda(agenda).structure.plans.items())
    made = store.sessions.add(Session(new_id(), new_code(), "T", "en", Mode.ANONYMOUS, 5, plans), "x")
    follow(store, made.id, find_agenda(agenda))
    return made


def test_the_store_keeps_it_and_tells_the_pages(store: Store, tmp_path: Path) -> None:
    session = workshop(store)
    tick = store.sessions.tick(session.id)
    assert change(store, session.id, lambda one: go(one, "welcome", NOON)) is not None
    assert store.sessions.tick(session.id) == tick + 1
    change(store, session.id, lambda one: go(one, "welcome", NOON))
    assert store.sessions.tick(session.id) == tick + 1, "nothing has changed"
    with Store.open(tmp_path / "store.db") as again:
        kept = there(followed(again, session.id))
        assert (kept.agenda, kept.course.now) == (HALF, "welcome")
    store.sessions.purge(session.id)
    assert store.courses.agenda(session.id) is None
    assert followed(store, session.id) is None


def test_a_workshop_without_an_agenda_has_none(store: Store) -> None:
    made = store.sessions.add(Session(new_id(), new_code(), "T", "en", Mode.ANONYMOUS, 5, (Plan("pulse"),)), "x")
    assert followed(store, made.id) is None
    assert change(store, made.id, undo) is None
    assert Conducting(store, made.id).head(made, (), "en") is None


def test_the_one_button_is_always_the_right_next_thing(store: Store) -> None:
    """Open, close, look first, reveal, show, next: from one thing to the other until the end."""
    session = workshop(store)
    agenda = Conducting(store, session.id)
    revealed: set[str] = set()
    pressed = []
    while True:
        head = agenda.head(store.sessions.get(session.id), revealed, "en")
        assert head is not None
        action = head["action"]
        if action is None:
            break
        pressed.append(action["kind"])
        match action["kind"]:
            case "begin" | "next":
                assert agenda.conduct(AgendaWish("go", action["block"]), "en") == ""
            case "open":
                store.sessions.set_state(session.id, action["slug"], State.OPEN)
                agenda.done(action["slug"], "open")
            case "close":
                store.sessions.set_state(session.id, action["slug"], State.CLOSED)
            case "look":
                assert agenda.foresee(session, action["slug"], "en")
            case "reveal":
                revealed.add(action["slug"])
                agenda.done(action["slug"], "reveal")
            case "show":
                store.sessions.show(session.id, action["slug"])
                agenda.done(action["slug"], "show")
    one = ["open", "close", "look", "reveal", "show", "next"]
    assert pressed == ["begin", *["next"] * 5, *one, "next", *one, "next"]
    assert store.sessions.showing(session.id) is None, "the wall goes along"
    head = agenda.head(store.sessions.get(session.id), revealed, "fr")
    assert head is not None
    assert "terminez l'atelier" in head["note"]


def test_undo_takes_back_the_last_thing_that_was_done_with_an_exercise_or_the_wall(store: Store) -> None:
    """After "Close", it opens again: the room is not led back to the block before."""
    session = workshop(store, "full_day")
    told = {"session": session.id, "address": "http://127.0.0.1:1", "lang": "en", "reached": "yes", "right": "lead"}
    page = console_page(store, told)
    slug = "scenarios"
    scene = exercise(slug).stages("en", there(session.plan(slug)).options)[0].id

    def how() -> tuple[object, ...]:
        now, (course, plan) = store.sessions.get(session.id), (there(followed(store, session.id)).course, None)
        plan = now.plan(slug)
        assert plan is not None
        wall = store.sessions.on_the_wall(session.id)
        return course.now, course.done, plan.state, plan.stage, wall, is_off(store, now, slug)

    page.conduct(AgendaWish("go", "story"))
    steps: list[Callable[[], object]] = [
        lambda: page.open(slug), lambda: page.stage(slug, scene), lambda: page.stage(slug, ""),
        lambda: page.close(slug), lambda: page.show(slug), lambda: page.take_off(slug, True),
        lambda: page.take_off(slug, False), lambda: page.show(slug), lambda: page.conduct(AgendaWish("go", "pause")),
    ]  # fmt: skip
    named = ("open", "stage", "free", "close", "show", "take_off", "put_back", "show", "go")
    other = console_page(store, told | {"lang": "fr", "right": "second"})
    pause = {lang: find_agenda("full_day").told(lang).blocks["pause"].title for lang in languages()}
    states = [how()]
    for step in steps:
        if len(states) == 5:
            page.reveal(slug)
            states[-1] = how()
        step()
        states.append(how())
        step()
        assert how() == states[-1], "the same once more changes nothing"
    for at in reversed(range(len(steps))):
        for one, lang in ((page, "en"), (other, "fr")):
            what = say(lang, f"agenda.undo.{named[at]}", title=pause[lang])
            assert there(one.page()["agenda"])["undo"] == say(lang, "agenda.undo.label", what=what), "it says what"
        assert page.conduct(AgendaWish("undo")) == say("en", "agenda.console.undone")
        known = how()
        assert (known[0], *known[2:]) == (states[at][0], *states[at][2:]), at
    assert set(states[0][1]) == set(known[1]) == set()
    assert page.told(slug), "what was revealed stays"
    page.conduct(AgendaWish("undo"))
    assert how()[0] == ""
    assert there(page.page()["agenda"])["undo"] == ""
    page.open(slug)
    assert exercise(slug).texts("fr").title in there(other.page()["agenda"])["undo"], "one that is not on is named"


def test_the_one_button_leads_through_a_story_that_the_room_plays_together(store: Store) -> None:
    """To its first scene; there reveal, show, and the room's own choice; at its end on alone, and then as always."""
    session, slug = workshop(store, "full_day"), "scenarios"
    told = {"session": session.id, "address": "http://127.0.0.1:1", "lang": "en", "reached": "yes", "right": "lead"}
    page = console_page(store, told)
    scenes = {one.id: one for one in exercise(slug).stages("en", ("third_contact",))}

    def action() -> tuple[str, str]:
        head = there(page.page()["agenda"])
        found = head["action"]
        return (found["kind"], found["stage"]) if found else ("", "")

    page.conduct(AgendaWish("go", "story"))
    assert action() == ("open", "")
    page.open(slug)
    at = next(iter(scenes))
    assert action() == ("stage", at)
    page.stage(slug, at)
    while scenes[at].onward:
        assert there(there(page.page()["agenda"])["now"])["step"] == say("en", "agenda.console.step_together")
        assert action()[0] == "reveal"
        page.reveal(slug)
        assert action()[0] == "show"
        page.show(slug)
        assert action() == ("", "")
        at = scenes[at].onward[0][0]
        page.stage(slug, at)
    assert action() == ("free", "")
    page.stage(slug, "")
    assert action()[0] == "close"
    page.close(slug)
    assert action()[0] == "look"


@pytest.mark.parametrize("lang", languages())
def test_the_wall_shows_the_way_in_while_people_come_in_and_not_while_they_listen(store: Store, lang: str) -> None:
    session = workshop(store)
    told = {"session": session.id, "address": "http://127.0.0.1:1", "lang": lang, "reached": "yes"}
    store.sessions.speak(session.id, lang)
    wall, agenda = screen_page(store, told), Conducting(store, session.id)
    seen = {}
    for block in ("", *[one.id for one in HALF.structure.blocks]):
        if block:
            agenda.conduct(AgendaWish("go", block), lang)
        wall.draw()
        seen[block] = wall.screen.page["joining"], bool(wall.screen.page["progress"])
    assert {one for one, (joining, _) in seen.items() if joining} == {"", "joining"}
    assert all(joining == told for joining, told in seen.values()), "that phones are here is no news elsewhere"


@pytest.mark.parametrize("lang", languages())
def test_phones_are_put_away_as_the_agenda_says_and_in_what_was_added(store: Store, lang: str) -> None:
    session = workshop(store)
    person, _ = store.seats.take(session, Sector.COMMUNITY, None, lang)
    page, agenda = ParticipantPage(store, person, lang), Conducting(store, session.id)

    def seen() -> tuple[str | None, str]:
        page.look()
        now = page.room.page["now"]
        return now["phones"], now["block"]

    assert seen() == (None, "")
    for block in HALF.structure.blocks:
        agenda.conduct(AgendaWish("go", block.id), lang)
        assert seen() == (block.phones, block.id)
    assert {block.phones for block in HALF.structure.blocks if block.kind in ("break", "closing")} == {"away"}
    agenda.conduct(AgendaWish("add", kind="talk", number=5), lang)
    added = there(there(followed(store, session.id)).course.next).id
    agenda.conduct(AgendaWish("go", added), lang)
    assert seen() == ("away", added)
    store.sessions.close(session.id)
    assert seen() == (None, "")


def test_undo_closes_a_second_round_again(store: Store) -> None:
    session = workshop(store)
    store.sessions.set_state(session.id, "reflection", State.OPEN)
    people = [store.seats.take(session, Sector.COMMUNITY, None, "en")[0] for _ in range(12)]
    for one in people:
        store.answers.save(one.id, "reflection", "all_power", "strength", 1)
    told = {"session": session.id, "address": "http://127.0.0.1:1", "lang": "en", "reached": "yes", "right": "lead"}
    page = console_page(store, told)
    page.conduct(AgendaWish("go", "reflection"))
    page.open("reflection")
    page.close("reflection")
    page.reveal("reflection")
    page.show("reflection")
    assert page.again("reflection") == say("en", "console.again_open")
    page.conduct(AgendaWish("undo"))
    plan = store.sessions.get(session.id).plan("reflection")
    assert plan is not None
    assert plan.state is State.CLOSED
    assert store.sessions.showing(session.id) == "reflection"
    # It has not been: it is called so nowhere, and can be asked for again.
    assert plan.round == 1
    line = next(one for one in page.page()["exercises"] if one["slug"] == "reflection")
    assert (line["round"], line["again"]) == (1, True)
    assert there(page.page()["agenda"])["again"] == "reflection"
    assert first_round(store, session, "reflection") is None
    assert page.again("reflection") == say("en", "console.again_open")
    # Until it is revealed, nobody is told of two rounds: no screen, and no report of a room that had no time left.
    assert first_round(store, session, "reflection") is None
    assert not shown(store, store.sessions.get(session.id)).first
    # What the room has seen of it stays seen: two pictures, and a second round.
    for one in people:
        store.answers.save(one.id, "reflection", "all_power", "growth", 2)
    page.close("reflection")
    page.reveal("reflection")
    for _ in range(2):
        page.conduct(AgendaWish("undo"))
    plan = store.sessions.get(session.id).plan("reflection")
    assert plan is not None
    assert (plan.round, plan.state) == (2, State.CLOSED)
    assert first_round(store, session, "reflection") is not None


def test_a_meeting_ends_before_the_next_one_begins(store: Store) -> None:
    session = workshop(store, "three_meetings")
    agenda = Conducting(store, session.id)
    agenda.conduct(AgendaWish("go", "closing"), "en")
    head = agenda.head(session, (), "en")
    assert head is not None
    expected = {"kind": "meeting", "slug": "", "block": "second_return", "stage": "", "title": "Welcome back"}
    assert head["action"] == expected
    assert "kit serve" in head["note"]
    assert [one["meeting"] for one in head["blocks"] if one["meeting"]] == [1, 2, 3]


def test_the_clock_stands_once_the_workshop_has_ended(store: Store) -> None:
    session = workshop(store)
    agenda = Conducting(store, session.id)
    agenda.conduct(AgendaWish("go", "welcome"), "en")
    agenda.rest()
    assert there(followed(store, session.id)).course.until == 0


TOLD = {"address": "http://127.0.0.1:1", "lang": "en", "reached": "yes", "right": "lead"}


def test_an_exercise_that_was_added_is_led_like_any_other(store: Store) -> None:
    """Phones, wall, the large button, the protocol; undone, nothing of it is left."""
    session, slug = workshop(store), "strengths"
    page = console_page(store, TOLD | {"session": session.id})
    person, _ = store.seats.take(session, Sector.COMMUNITY, None, "fr")
    phone = ParticipantPage(store, person, "fr")
    page.conduct(AgendaWish("go", "why"))
    offer = next(one for one in there(page.page()["agenda"])["offers"] if one["id"] == slug)
    wish = AgendaWish("add", kind=offer["id"], number=offer["minutes"])
    assert page.conduct(wish) == say("en", "agenda.console.added_exercise")
    head = there(page.page()["agenda"])
    title = exercise(slug).texts("en").title
    assert there(head["action"])["title"] == title
    page.conduct(AgendaWish("undo"))
    assert store.sessions.get(session.id).plans == session.plans
    page.conduct(wish)
    page.conduct(AgendaWish("go", there(page.page()["agenda"])["action"]["block"]))  # type: ignore[index]
    now = there(there(page.page()["agenda"])["now"])
    assert now["title"] == title
    assert now["say"]
    assert sum(minutes for _, minutes in now["steps"]) == now["minutes"] == offer["minutes"]
    phone.look()
    assert phone.room.page["now"]["phones"] == "exercise"
    kinds = []
    for press in (lambda: page.open(slug), lambda: page.close(slug), lambda: page.foresee(slug),
                  lambda: page.reveal(slug), lambda: page.show(slug)):  # fmt: skip
        kinds.append(there(there(page.page()["agenda"])["action"])["kind"])
        press()
        phone.look()
        if kinds == ["open"]:
            assert phone.current == slug, "phones go along"
            item, value = next(iter(exercise(slug).rehearse(Random(1), Sector.COMMUNITY, "fr")))
            store.answers.save(person.id, slug, item, value, 1)
    assert kinds == ["open", "close", "look", "reveal", "show"]
    found = there(followed(store, session.id))
    added = say("fr", "agenda.protocol.added")
    row = next(one for one in protocol(found.agenda, found.course, "fr") if one[4] == added)
    assert row[1] == exercise(slug).texts("fr").title
    assert row[5], "what was said is in it"
    for _ in range(12):
        page.conduct(AgendaWish("undo"))
    assert there(store.sessions.get(session.id).plan(slug)), "what somebody has answered stays"


def test_a_story_that_was_added_is_played_together(store: Store) -> None:
    session, slug, story = workshop(store, "full_day"), "scenarios", "late_report"
    assert story not in there(session.plan(slug)).options
    page = console_page(store, TOLD | {"session": session.id})
    person, _ = store.seats.take(session, Sector.COMMUNITY, None, "en")
    phone = ParticipantPage(store, person, "en")
    phone.choose(slug)
    page.conduct(AgendaWish("add", kind=f"{slug}/{story}", number=40))
    phone.look()
    assert story in [one["id"] for one in json.loads(phone.forms[slug].page_json)["content"]["stories"]]
    page.conduct(AgendaWish("undo"))
    assert store.sessions.get(session.id).plan(slug) == session.plan(slug)
    page.conduct(AgendaWish("add", kind=f"{slug}/{story}", number=40))
    page.conduct(AgendaWish("go", "own_1"))
    page.open(slug)
    action = there(there(page.page()["agenda"])["action"])
    assert (action["kind"], action["stage"].partition(".")[0]) == ("stage", story)
    page.reveal(slug)
    told = [one["id"] for one in there(page.page()["agenda"])["offers"] if one["group"]]
    assert f"{slug}/{story}" in told, "what is asked already can be played once more"
    assert f"{slug}/long_road" not in told
    refused = page.conduct(AgendaWish("add", kind=f"{slug}/long_road", number=40))
    assert refused == say("en", "agenda.console.added_not")


def test_what_is_added_and_taken_back_leaves_phones_too(store: Store) -> None:
    session = workshop(store)
    page = console_page(store, TOLD | {"session": session.id})
    person, _ = store.seats.take(session, Sector.COMMUNITY, None, "en")
    phone = ParticipantPage(store, person, "en")
    page.conduct(AgendaWish("add", kind="pulse", number=20))
    phone.look()
    phone.choose("pulse")
    page.conduct(AgendaWish("undo"))
    phone.look()
    assert (phone.current, list(phone.forms)) == ("", [])
    assert "pulse" not in [one["slug"] for one in phone.room.page["exercises"]]


@pytest.mark.parametrize("lang", languages())
def test_no_sentence_of_the_agenda_takes_the_place_of_another_on_a_page(lang: str) -> None:
    clock, room = section(lang, "agenda.clock"), section(lang, "agenda.room")
    for page, added in (("room", clock | room), ("console", clock), ("agenda.console", clock)):
        assert section(lang, page).keys() & added.keys() == set(), page
