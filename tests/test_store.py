"""The store: what it keeps, refuses and forgets, with real files, real processes and a real PostgreSQL.

Every test of the `store` fixture runs in both.
"""

from __future__ import annotations

import ast
import multiprocessing
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

import kit.store.seats
from kit.cards import CARD_COUNT, numbers_of
from kit.errors import (
    ChoiceNeeded,
    DoorLocked,
    ExerciseClosed,
    LinkUsed,
    NoSeat,
    ReopenTooLate,
    SessionClosed,
    StaleAnswer,
    StoreFull,
    StoreTooNew,
    StoreUnwritable,
    TooManyLinks,
    UnknownCard,
    UnknownExercise,
    UnknownSession,
    WrongKey,
    WrongOption,
)
from kit.session import (
    EXPECTED_MOST,
    Mode,
    Plan,
    Reason,
    Sector,
    Session,
    State,
    card_words,
    fingerprint,
    new_code,
    new_id,
)
from kit.store import Counts, Store, migrate
from kit.store.answers import MOST_TAKEN_BACK
from kit.store.engine import reading, writing
from kit.store.hosts import MOST_LINKS, Opens
from kit.store.imports import Incoming
from kit.store.schema import REVISION, metadata
from kit.store.snapshots import Kept
from kit.texts import card_list, languages

PLANS = (Plan("reflection", (), State.OPEN), Plan("partnership", ("care", "trust")))
TEXT = {"text": "we could share a waiting room", "share": True}


def make(store: Store, **changes) -> Session:
    session = Session(new_id(), new_code(), "Tuesday", "fr", Mode.ANONYMOUS, 5, PLANS, secret=new_id())
    return store.sessions.add(replace(session, **changes), fingerprint("the key"))


def sit(store: Store, session: Session, sector: Sector = Sector.OTHER) -> str:
    return store.seats.take(session, sector, None, "en")[0].id


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def store(request, tmp_path):
    place = tmp_path / "store.db"
    if request.param == "postgresql":
        place = request.getfixturevalue("postgres_url")
        drop_everything(place)
    with Store.open(place) as opened:
        yield opened


@pytest.fixture
def file_store(tmp_path):
    with Store.open(tmp_path / "store.db") as opened:
        yield opened


def drop_everything(url: str) -> None:
    with Store.open(url) as opened, opened.engine.begin() as connection:
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))


# Sessions


def test_a_session_comes_back_as_it_was_made(store):
    made = make(
        store,
        title="Été à l’étage",
        mode=Mode.ATTRIBUTED,
        k=7,
        partners=("Maison A", "Ville B"),
        made_on=date(2025, 3, 8),
    )
    assert store.sessions.get(made.id) == made
    assert store.sessions.all() == [made]
    assert store.sessions.by_code(f" {made.code[:3].lower()}-{made.code[3:]} ") == made


def test_a_missing_secret_is_made(store):
    assert len(make(store, secret="").secret) == 32


def test_a_taken_code_is_drawn_anew(store):
    first = make(store)
    second = make(store, code=first.code)
    assert second.code != first.code
    assert store.sessions.by_code(first.code).id == first.id
    assert store.sessions.by_code(second.code).id == second.id


def test_a_closed_session_is_known_by_its_code_and_takes_nothing(store):
    session = make(store)
    person = sit(store, session)
    store.sessions.close(session.id)
    assert store.sessions.get(session.id).closed
    assert store.sessions.by_code(session.code).closed_on == date.today()
    with pytest.raises(SessionClosed):
        sit(store, session)
    with pytest.raises(SessionClosed):
        store.answers.save(person, "reflection", "a", "yes", 1)
    with pytest.raises(SessionClosed):
        store.sessions.set_state(session.id, "reflection", State.OPEN)


def test_the_end_is_taken_back_on_its_own_day_only(store):
    session = make(store)
    person = sit(store, session)
    store.sessions.set_state(session.id, "reflection", State.OPEN)
    store.sessions.close(session.id)
    store.sessions.reopen(session.id)
    assert store.sessions.get(session.id).closed_on is None
    assert store.answers.save(person, "reflection", "a", "yes", 1) == 1
    # One that runs goes on.
    store.sessions.reopen(session.id)
    store.sessions.close(session.id)
    with writing(store.engine) as connection:
        connection.execute(text("UPDATE sessions SET closed_on = '2026-01-31'"))
    # Closed once more, it was still ended then.
    store.sessions.close(session.id)
    with pytest.raises(ReopenTooLate):
        store.sessions.reopen(session.id)
    assert store.sessions.get(session.id).closed
    with pytest.raises(UnknownSession):
        store.sessions.reopen("nowhere")


def test_what_the_facilitator_typed_at_the_end_is_kept_also_after_it(store):
    session = make(store)
    assert (session.decided, session.asks) == ("", "")
    store.sessions.close(session.id)
    store.sessions.conclude(session.id, "Nous nous voyons en mars.", "Une salle.")
    found = store.sessions.get(session.id)
    assert (found.decided, found.asks) == ("Nous nous voyons en mars.", "Une salle.")
    assert [one.asks for one in store.sessions.all()] == ["Une salle."]
    store.sessions.conclude(session.id, "", "")
    assert store.sessions.get(session.id).decided == ""
    with pytest.raises(UnknownSession):
        store.sessions.conclude("nowhere", "a", "b")


def test_the_wall_speaks_what_was_chosen(store):
    session = make(store)
    assert session.room_lang == ""
    store.sessions.speak(session.id, "en")
    assert store.sessions.get(session.id).room_lang == "en"
    store.sessions.set_wall(session.id, ("dark",))
    assert store.sessions.get(session.id).room_lang == "en"
    store.sessions.set_wall(session.id, (), "fr")
    assert store.sessions.get(session.id).room_lang == "fr"
    assert store.sessions.get(session.id).lang == session.lang
    with pytest.raises(UnknownSession):
        store.sessions.speak("nowhere", "en")


def test_a_link_opens_once_and_the_browser_holds_another_key_from_then_on(store):
    session = make(store)
    for where, secret in ((session.id, "the keys"), (session.id, ""), ("nowhere", "the key")):
        with pytest.raises(WrongKey):
            store.hosts.open(where, secret)
    assert store.hosts.right(session.id, "the key") is None, "a link is no key"
    right, key = store.hosts.open(session.id, "the key")
    assert (right.kind, right.number) == (Opens.LEAD, 1)
    assert store.hosts.right(session.id, key) == right
    with pytest.raises(LinkUsed):
        store.hosts.open(session.id, "the key")
    with pytest.raises(WrongKey):
        store.hosts.open(session.id, key)
    assert store.hosts.right(session.id, key) == right, "whoever is in stays in"
    for other in ("the key", "", key[:-1]):
        assert store.hosts.right(session.id, other) is None


def test_of_many_who_open_a_link_in_the_same_moment_one_is_let_in(store):
    session = make(store)

    def opened(_number):
        try:
            return store.hosts.open(session.id, "the key")[1]
        except LinkUsed:
            return None

    with ThreadPoolExecutor(8) as pool:
        keys = [key for key in pool.map(opened, range(16)) if key]
    assert len(keys) == 1
    assert store.hosts.right(session.id, keys[0])


def test_a_link_ends_alone_or_with_all_and_takes_its_browsers_key_along(store):
    session, other = make(store), make(store)
    tick = store.sessions.tick(session.id)
    links = {kind: store.hosts.add(session.id, kind) for kind in (Opens.SECOND, Opens.WALL)}
    second = store.hosts.add(session.id, Opens.SECOND)
    assert store.sessions.tick(session.id) == tick + 3, "consoles notice"
    with pytest.raises(WrongKey):
        store.hosts.open(other.id, second)
    assert store.hosts.tags() == set(), "nobody is in yet"
    wall, wall_key = store.hosts.open(session.id, links[Opens.WALL])
    _, second_key = store.hosts.open(session.id, second)
    told = [(one.kind, one.number, one.opened) for one in store.hosts.links(session.id)]
    assert told == [(Opens.SECOND, 1, False), (Opens.SECOND, 2, True), (Opens.WALL, 1, True)]
    assert wall.kind is Opens.WALL
    assert (session.id, wall.tag) in store.hosts.tags()

    store.hosts.end(session.id, Opens.SECOND, 1)
    with pytest.raises(WrongKey):
        store.hosts.open(session.id, links[Opens.SECOND])
    store.hosts.end(session.id, Opens.WALL, 1)
    assert store.hosts.right(session.id, wall_key) is None
    assert store.hosts.right(session.id, second_key) is not None

    anew = store.hosts.renew(session.id)
    assert store.hosts.right(session.id, second_key) is None
    assert store.hosts.links(session.id) == []
    with pytest.raises(WrongKey):
        store.hosts.open(session.id, "the key")
    assert store.hosts.open(session.id, anew)[0].kind is Opens.LEAD
    assert store.hosts.open(other.id, "the key"), "another workshop's links stay"
    store.sessions.purge(session.id)
    assert not [one for one in store.hosts.tags() if one[0] == session.id]


def test_rows_that_are_added_and_taken_back_without_end_fill_no_disk(store):
    session = make(store)
    person = sit(store, session, Sector.OTHER)
    store.answers.save(person, "reflection", "own", "yes", 1)
    store.answers.save(person, "reflection", "own", None, 2)
    store.answers.save(person, "reflection", "list.r9999", {"name": "x"}, 1)
    for n in range(MOST_TAKEN_BACK + 40):
        store.answers.save(person, "reflection", f"list.r{n:04}", {"name": "x"}, 2 * n + 3)
        store.answers.save(person, "reflection", f"list.r{n:04}", None, 2 * n + 4)
    with reading(store.engine) as connection:
        kept = connection.execute(text("SELECT item FROM answers")).scalars().all()
    # The rows that are there, what is no row, and the latest that were taken back.
    assert len(kept) == MOST_TAKEN_BACK + 2
    assert {"own", "list.r9999", f"list.r{MOST_TAKEN_BACK + 39:04}"} <= set(kept)
    with pytest.raises(StaleAnswer):
        store.answers.save(person, "reflection", f"list.r{MOST_TAKEN_BACK + 39:04}", {"name": "x"}, 3)


def test_a_seat_that_was_left_opens_by_card_only(store):
    session = make(store)
    person, token = store.seats.take(session, Sector.OTHER, None, "fr")
    words = card_words(session.secret, person.id, card_list("fr"))
    store.answers.save(person.id, "reflection", "a", "yes", 1)
    store.seats.leave(person.id)
    with pytest.raises(NoSeat):
        store.seats.by_token(token)
    again, other = store.seats.by_card(session, words)
    assert again.id == store.seats.by_token(other).id == person.id
    assert store.answers.of(person.id, "reflection")["a"].value == "yes"
    with pytest.raises(NoSeat):
        store.seats.leave("nobody")


def test_there_are_not_more_links_than_a_person_can_look_through(store):
    session = make(store)
    for _ in range(MOST_LINKS):
        store.hosts.add(session.id, Opens.SECOND)
    with pytest.raises(TooManyLinks):
        store.hosts.add(session.id, Opens.SECOND)
    store.hosts.add(session.id, Opens.WALL)
    store.hosts.end(session.id, Opens.SECOND, 3)
    store.hosts.add(session.id, Opens.SECOND)


def test_what_pages_notice_moves_the_tick(store):
    session = make(store)
    ticks = [store.sessions.tick(session.id)]
    for change in (
        lambda: store.sessions.set_state(session.id, "partnership", State.OPEN),
        lambda: store.snapshots.save(session.id, "reflection", {"n": 6}, {}, {}),
        lambda: store.sessions.show(session.id, "reflection"),
        lambda: store.sessions.show(session.id, None),
        lambda: store.sessions.close(session.id),
    ):
        change()
        ticks.append(store.sessions.tick(session.id))
    assert ticks == sorted(set(ticks))


def test_the_room_screen_shows_one_exercise_or_none(store):
    session = make(store)
    assert store.sessions.showing(session.id) is None
    store.sessions.show(session.id, "partnership")
    tick = store.sessions.tick(session.id)
    # A slide of what was there before comes too late; and so does one that is there.
    store.sessions.turn(session.id, "reflection", 3)
    store.sessions.turn(session.id, "partnership", 0)
    assert store.sessions.on_the_wall(session.id) == ("partnership", 0)
    assert store.sessions.tick(session.id) == tick
    with pytest.raises(UnknownSession):
        store.sessions.turn("nobody", "partnership", 3)
    store.sessions.turn(session.id, "partnership", 3)
    assert store.sessions.on_the_wall(session.id) == ("partnership", 3)
    assert store.sessions.showing(session.id) == "partnership"
    with pytest.raises(UnknownExercise):
        store.sessions.show(session.id, "journal")
    store.sessions.show(session.id, None)
    assert store.sessions.showing(session.id) is None


def test_an_exercise_opens_and_closes(store):
    session = make(store)
    store.sessions.set_state(session.id, "partnership", State.OPEN)
    store.sessions.set_state(session.id, "reflection", State.CLOSED)
    states = [plan.state for plan in store.sessions.get(session.id).plans]
    assert states == [State.CLOSED, State.OPEN]
    with pytest.raises(UnknownExercise):
        store.sessions.set_state(session.id, "journal", State.OPEN)


@pytest.mark.parametrize(
    "call",
    [
        lambda s: s.get("nowhere"),
        lambda s: s.set_state("nowhere", "reflection", State.OPEN),
        lambda s: s.close("nowhere"),
        lambda s: s.purge("nowhere"),
        lambda s: s.lock("nowhere", True),
        lambda s: s.expect("nowhere", 12),
        lambda s: s.tick("nowhere"),
        lambda s: s.counts("nowhere"),
        lambda s: s.show("nowhere", None),
        lambda s: s.showing("nowhere"),
    ],
)
def test_an_unknown_session_is_named(store, call):
    with pytest.raises(UnknownSession, match="nowhere"):
        call(store.sessions)


def test_counts_are_of_people_with_an_answer(store):
    session, other = make(store), make(store)
    people = [sit(store, session) for _ in range(3)]
    store.answers.save(sit(store, other), "reflection", "a", "yes", 1)
    for item in ("a", "b"):
        store.answers.save(people[0], "reflection", item, "yes", 1)
    store.answers.save(people[1], "reflection", "a", "yes", 1)
    store.answers.save(people[1], "reflection", "a", None, 2)
    assert store.sessions.counts(session.id) == Counts(3, {"reflection": 1, "partnership": 0})


# The door


def test_a_locked_door_lets_in_who_has_a_seat_and_nobody_new(store):
    session = make(store)
    person, token = store.seats.take(session, Sector.OTHER, None, "en")
    words = card_words(session.secret, person.id, card_list("en"))
    before = store.sessions.tick(session.id)
    store.sessions.lock(session.id, True)
    assert store.sessions.tick(session.id) > before, "pages notice it"
    with pytest.raises(DoorLocked):
        store.seats.take(session, Sector.OTHER, None, "en")
    assert store.seats.by_token(token) == person
    assert store.seats.by_card(store.sessions.get(session.id), words)[0] == person
    store.sessions.lock(session.id, False)
    sit(store, session)
    assert store.sessions.counts(session.id).joined == 2


def test_how_many_are_expected_is_kept_within_bounds(store):
    session = make(store, expected=12)
    assert store.sessions.get(session.id).expected == 12
    store.sessions.expect(session.id, 300)
    assert store.sessions.get(session.id).expected == 300
    for wrong in (0, -1, EXPECTED_MOST + 1):
        with pytest.raises(WrongOption):
            store.sessions.expect(session.id, wrong)
    assert store.sessions.get(session.id).expected == 300


def test_reasons_for_a_second_seat_are_counted_and_kept_with_nobody(store):
    session, other = make(store), make(store)
    sit(store, session)
    for reason in (Reason.SHARED, Reason.LOST, Reason.SHARED):
        store.seats.take(session, Sector.OTHER, None, "en", reason)
    assert store.sessions.counts(session.id).again == {"shared": 2, "lost": 1}
    assert store.sessions.counts(other.id).again == {}
    assert not {"again", "reason"} & set(metadata.tables["seats"].c.keys())


# Seats


def test_a_token_proves_a_seat_and_is_not_kept(store):
    session = make(store)
    person, token = store.seats.take(session, Sector.MUNICIPAL, None, "fr")
    assert store.seats.by_token(token) == store.seats.get(person.id) == person
    with store.engine.connect() as connection:
        kept = connection.execute(text("SELECT token_fingerprint FROM seats")).scalar_one()
    assert kept == fingerprint(token)
    with pytest.raises(NoSeat):
        store.seats.by_token(token + "x")


def test_a_language_is_kept(store):
    person = sit(store, make(store))
    store.seats.set_lang(person, "fr")
    assert store.seats.get(person).lang == "fr"


def test_partners_are_named_in_attributed_mode_only(store):
    attributed = make(store, mode=Mode.ATTRIBUTED, partners=("Maison A",))
    person, _ = store.seats.take(attributed, Sector.OTHER, "Maison A", "fr")
    assert store.seats.get(person.id).partner == "Maison A"
    with pytest.raises(ChoiceNeeded):
        store.seats.take(attributed, Sector.OTHER, None, "fr")
    with pytest.raises(WrongOption):
        store.seats.take(attributed, Sector.OTHER, "Maison Z", "fr")
    with pytest.raises(WrongOption):
        store.seats.take(make(store), Sector.OTHER, "Maison A", "fr")


def test_a_seat_needs_a_session_that_is_kept(store):
    session = make(store)
    with pytest.raises(UnknownSession):
        sit(store, replace(session, id="nowhere"))


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("typed", [str, str.upper, lambda w: w.replace(" ", ", "), lambda w: w.replace(" ", "  - ")])
def test_a_word_card_brings_a_person_back_and_ends_the_old_page(store, lang, typed):
    session = make(store)
    person, old = store.seats.take(session, Sector.OTHER, None, lang)
    assert store.seats.generation(person.id) == 1
    again, token = store.seats.by_card(session, typed(card_words(session.secret, person.id, card_list(lang))))
    assert again == person
    assert store.seats.by_token(token) == person
    assert store.seats.generation(person.id) == 2
    with pytest.raises(NoSeat):
        store.seats.by_token(old)


def test_words_that_are_nobodys_are_refused(store):
    session, other = make(store), make(store)
    person = sit(store, other)
    theirs = card_words(other.secret, person, card_list("fr"))
    for words in (theirs, "", "one two three four", theirs.rsplit(" ", 1)[0], "é" * 10_000):
        with pytest.raises(UnknownCard):
            store.seats.by_card(session, words)
    assert store.seats.by_card(other, theirs)[0].id == person


@pytest.mark.parametrize("lang", languages())
def test_every_word_of_the_lists_is_read_back(lang):
    words = card_list(lang)
    assert len(words) == CARD_COUNT
    for start in range(0, CARD_COUNT, 4):
        assert tuple(range(start, start + 4)) in numbers_of(" ".join(words[start : start + 4]))


def test_accents_may_be_left_out():
    words = list(card_list("fr"))
    typed = "velo Gateau ÉTÉ theiere"
    assert numbers_of(typed) == {tuple(words.index(word) for word in ("vélo", "gâteau", "été", "théière"))}


def test_two_people_never_share_a_card(store, monkeypatch):
    """With a drawer of ids that repeats itself, the store draws on until the card is free."""
    session = make(store)
    drawn = iter(["same", "same", "same", "other"])
    monkeypatch.setattr("kit.store.seats.new_id", lambda: next(drawn))
    assert [sit(store, session), sit(store, session)] == ["same", "other"]


def test_an_erased_person_is_gone_at_once(store):
    session = make(store)
    person, token = store.seats.take(session, Sector.OTHER, None, "fr")
    stays = sit(store, session)
    for one in (person.id, stays):
        store.answers.save(one, "reflection", "a", TEXT, 1)
    store.seats.erase(person.id)
    assert [response.key for response in store.answers.responses(session.id, "reflection")] == [stays]
    assert store.sessions.counts(session.id).joined == 1
    for call in (
        lambda: store.seats.by_token(token),
        lambda: store.seats.get(person.id),
        lambda: store.seats.set_lang(person.id, "en"),
        lambda: store.seats.generation(person.id),
        lambda: store.seats.erase(person.id),
        lambda: store.answers.save(person.id, "reflection", "a", TEXT, 2),
    ):
        with pytest.raises(NoSeat):
            call()


# Answers


def test_answers_come_back_by_item(store):
    person = sit(store, make(store))
    assert store.answers.save(person, "reflection", "b", TEXT, 3) == 3
    assert store.answers.save(person, "reflection", "a", "yes", 1) == 1
    kept = store.answers.of(person, "reflection")
    assert {item: (answer.value, answer.revision) for item, answer in kept.items()} == {"a": ("yes", 1), "b": (TEXT, 3)}
    assert store.answers.of(person, "partnership") == {}


def test_a_lone_half_of_an_emoji_or_a_nul_is_kept(store):
    person = sit(store, make(store))
    value = {"text": "half \ud83d and \x00 nul", "share": False}
    store.answers.save(person, "reflection", "a", value, 1)
    assert store.answers.of(person, "reflection")["a"].value == value


def test_an_older_answer_is_refused_with_the_newer_one(store):
    person = sit(store, make(store))
    store.answers.save(person, "reflection", "a", "yes", 5)
    for value, revision in (("no", 4), ("no", 5), ("yes", 4)):
        with pytest.raises(StaleAnswer) as refused:
            store.answers.save(person, "reflection", "a", value, revision)
        assert refused.value.details == {"item": "a", "revision": 5, "value": "yes"}
    assert store.answers.save(person, "reflection", "a", "no", 6) == 6


def test_an_answer_sent_twice_is_acknowledged_twice_even_after_the_end(store):
    session = make(store)
    person = sit(store, session)
    store.answers.save(person, "reflection", "a", TEXT, 1)
    assert store.answers.save(person, "reflection", "a", TEXT, 1) == 1
    store.sessions.close(session.id)
    assert store.answers.save(person, "reflection", "a", TEXT, 1) == 1


def test_an_answer_taken_back_stays_away(store):
    session = make(store)
    person = sit(store, session)
    store.answers.save(person, "reflection", "a", "yes", 1)
    assert store.answers.save(person, "reflection", "a", None, 2) == 2
    assert store.answers.save(person, "reflection", "a", None, 2) == 2
    with pytest.raises(StaleAnswer):
        store.answers.save(person, "reflection", "a", "yes", 1)
    assert store.answers.of(person, "reflection") == {}
    assert store.answers.responses(session.id, "reflection") == []


@pytest.mark.parametrize("exercise", ["partnership", "journal"])
def test_only_an_open_exercise_takes_answers(store, exercise):
    person = sit(store, make(store))
    with pytest.raises(ExerciseClosed):
        store.answers.save(person, exercise, "a", "yes", 1)
    assert store.answers.of(person, exercise) == {}


def test_responses_say_nothing_about_who_came_first(store):
    session = make(store)
    arrived = [sit(store, session, sector) for sector in list(Sector) * 5]
    for person in arrived:
        store.answers.save(person, "reflection", "a", "yes", 1)
    keys = [response.key for response in store.answers.responses(session.id, "reflection")]
    assert keys == sorted(arrived) != arrived


def test_responses_carry_sector_partner_and_answers(store):
    session = make(store, mode=Mode.ATTRIBUTED, partners=("Maison A",))
    person, _ = store.seats.take(session, Sector.HEALTH_HIV, "Maison A", "fr")
    store.answers.save(person.id, "reflection", "b", TEXT, 1)
    store.answers.save(person.id, "reflection", "a", "yes", 2)
    (response,) = store.answers.responses(session.id, "reflection")
    assert (response.sector, response.partner) == (Sector.HEALTH_HIV, "Maison A")
    assert response.answers == {"a": "yes", "b": TEXT}


def test_two_pages_of_one_person_save_one_after_the_other(store):
    person = sit(store, make(store))

    def save(revision: int) -> int | None:
        try:
            return store.answers.save(person, "reflection", "a", f"v{revision}", revision)
        except StaleAnswer:
            return None

    revisions = random.Random(1).sample(range(1, 101), 100)
    with ThreadPoolExecutor(8) as threads:
        saved = list(threads.map(save, revisions))
    assert 100 in saved
    assert store.answers.of(person, "reflection")["a"].value == "v100"


# Snapshots and changes


def test_a_snapshot_is_replaced_as_a_whole(store):
    session = make(store)
    assert store.snapshots.get(session.id, "reflection") is None
    here, gone = sit(store, session), sit(store, session)
    assert store.snapshots.save(session.id, "reflection", {"cells": [5]}, {here: {"a": "1"}, gone: {"a": "2"}}, {})
    assert store.snapshots.save(session.id, "reflection", {"cells": [8]}, {here: {"b": "3"}}, {"b": 1})
    assert store.snapshots.get(session.id, "reflection") == Kept({"cells": [8]}, {here: {"b": "3"}}, {"b": 1})
    assert store.snapshots.get(session.id, "partnership") is None
    with pytest.raises(UnknownSession):
        store.snapshots.save("nowhere", "reflection", {}, {}, {})


def test_of_an_erased_person_a_snapshot_keeps_a_number(store):
    session = make(store)
    here, gone = sit(store, session), sit(store, session)
    marks = {here: {"a": "1", "b": "2"}, gone: {"a": "3", "": "4"}}
    assert store.snapshots.save(session.id, "reflection", {}, marks, {"a": 1})
    assert store.snapshots.save(session.id, "pulse", {}, {gone: {"x": "5"}}, {})
    store.seats.erase(gone)
    assert store.snapshots.get(session.id, "reflection") == Kept({}, {here: marks[here]}, {"a": 2, "": 1})
    assert store.snapshots.get(session.id, "pulse") == Kept({}, {}, {"x": 1})
    assert not store.snapshots.save(session.id, "reflection", {"new": 1}, marks, {}), "somebody in it has left"
    assert store.snapshots.get(session.id, "reflection").release == {}
    assert set(store.snapshots.secrets(session.id)) == {here}


def test_everyone_has_a_secret_of_their_own(store):
    session = make(store)
    people = [sit(store, session) for _ in range(3)]
    secrets = store.snapshots.secrets(session.id)
    assert set(secrets) == set(people)
    assert len(set(secrets.values())) == 3
    assert all(len(one) == 32 for one in secrets.values())


def test_a_change_is_noticed_and_quiet_is_not_one(store):
    session = make(store)
    before = store.changed()
    assert store.changed() == before
    sit(store, session)
    assert store.changed() != before


def test_news_are_what_pages_show_and_come_after_the_change_is_kept(store):
    """Somebody's answer is no news, nor is a change that came to nothing, nor what another process keeps."""
    session = make(store)
    person = sit(store, session)
    heard = []
    store.on_news(lambda: heard.append(store.sessions.tick(session.id)))
    before = store.sessions.tick(session.id)
    store.answers.save(person, "reflection", "a", "b", 1)
    with pytest.raises(UnknownExercise):
        store.sessions.set_state(session.id, "nothing", State.OPEN)
    assert heard == []
    with Store.open(store.engine.url.render_as_string(hide_password=False)) as other:
        other.sessions.set_state(session.id, "reflection", State.CLOSED)
        assert heard == []
        assert other.sessions.ticks()[session.id] == before + 1
    store.snapshots.save(session.id, "reflection", {}, {}, {})
    assert heard == [before + 2], "what is told of can be read"


# Answers together


def test_answers_that_wait_together_are_one_transaction_and_each_is_told_its_own(store, monkeypatch):
    session = make(store)
    people = [sit(store, session) for _ in range(20)]
    commits, held, go = [], threading.Event(), threading.Event()
    event.listen(store.engine, "commit", lambda connection: commits.append(connection))

    def slow(connection):
        held.set()
        go.wait()
        return 0

    first = store.answers._together.write("", slow)
    held.wait()
    done = [store.answers.save_soon(person, "reflection", "a", f"v{at}", 1) for at, person in enumerate(people)]
    again = store.answers.save_soon(people[0], "reflection", "a", "newer", 2)
    stale = store.answers.save_soon(people[0], "reflection", "a", "older", 1)
    nobody = store.answers.save_soon("nobody", "reflection", "a", "x", 1)
    closed = store.answers.save_soon(people[1], "partnership", "a", "x", 1)
    assert not any(one.done() for one in done)
    go.set()
    assert first.result() == 0
    assert [one.result() for one in done] == [1] * 20
    assert again.result() == 2
    for refused, kind in ((stale, StaleAnswer), (nobody, NoSeat), (closed, ExerciseClosed)):
        assert isinstance(refused.exception(), kind)
    assert len(commits) == 2
    assert store.answers.of(people[0], "reflection")["a"].value == "newer"
    assert store.answers.of(people[19], "reflection")["a"].value == "v19"


def test_one_that_cannot_be_written_hinders_no_other(store):
    session = make(store)
    person = sit(store, session)
    held, go = threading.Event(), threading.Event()

    def slow(connection):
        held.set()
        go.wait()
        return 0

    def broken(connection):
        raise ZeroDivisionError

    store.answers._together.write("", slow)
    held.wait()
    before = store.answers.save_soon(person, "reflection", "a", "x", 1)
    poison = store.answers._together.write("", broken)
    after = store.answers.save_soon(person, "reflection", "b", "y", 1)
    go.set()
    assert isinstance(poison.exception(), ZeroDivisionError)
    assert (before.result(), after.result()) == (1, 1)
    assert {item: one.value for item, one in store.answers.of(person, "reflection").items()} == {"a": "x", "b": "y"}


def test_whoever_leaves_while_their_answer_waits_stops_nobody_elses(store):
    """A page that ends cancels what it waits for: the thread that writes for all fell over it, and nobody was told."""
    session = make(store)
    leaver, other = sit(store, session), sit(store, session)
    held, go = threading.Event(), threading.Event()

    def slow(connection):
        held.set()
        go.wait()
        return 0

    store.answers._together.write("", slow)
    held.wait()
    left = store.answers.save_soon(leaver, "reflection", "a", "x", 1)
    left.cancel()
    meanwhile = store.answers.save_soon(other, "reflection", "a", "y", 1)
    go.set()
    assert meanwhile.result(60) == 1
    assert store.answers.save_soon(other, "reflection", "b", "z", 1).result(60) == 1
    assert store.answers.of(leaver, "reflection")["a"].value == "x", "what was said is written"


def test_a_damaged_file_whose_damage_cannot_even_be_said_is_told_in_words(tmp_path):
    """SQLite names what is damaged, and the name was no text any more."""
    place = tmp_path / "store.db"
    Store.open(place).close()
    kept = place.read_bytes()
    assert b"CREATE TABLE answers (" in kept
    place.write_bytes(kept.replace(b"CREATE TABLE answers (", b"CREATE TABL\xd4 answers ("))
    with pytest.raises(StoreUnwritable), Store.open(place) as store:
        store.sessions.all()


# Forgetting

PURGE_SEEDS = (2, 4)
ERASE_SEEDS = (11, 29)


def files_of(store: Store) -> bytes:
    return b"".join(path.read_bytes() for path in Path(store.where).parent.iterdir() if path.is_file())


def fill(store: Store, people: dict[str, str], changes: int, seed: int) -> None:
    """Write, overwrite and take back long and short texts, so that rows move about in the file.

    With these seeds and `same_ids`, text was left in the file when it was not written anew.
    """
    chance = random.Random(seed)
    for revision in range(1, changes + 1):
        person = chance.choice(list(people))
        words = people[person] * chance.choice((1, 3, 10, 40, 130, 400))
        value = None if chance.random() < 0.15 else {"text": words, "share": False}
        store.answers.save(person, "reflection", f"item{chance.randrange(25)}", value, revision)


@pytest.fixture
def same_ids(monkeypatch):
    """Ids that are the same each time, so that the rows lie in the same order."""
    chance = random.Random(1)
    for module in (sys.modules[__name__], kit.store.seats):
        monkeypatch.setattr(module, "new_id", lambda: chance.randbytes(16).hex())


@pytest.mark.parametrize("seed", PURGE_SEEDS)
def test_a_purged_session_leaves_no_text_in_the_files(file_store, same_ids, seed):
    gone, stays = make(file_store, title="confidence-title"), make(file_store)
    halves = [(gone, "confidence-"), (stays, "staying-")] * 20
    fill(file_store, {sit(file_store, each): word for each, word in halves}, 300, seed)
    file_store.snapshots.save(gone.id, "reflection", {"quotes": ["confidence-quote"]}, {}, {})
    assert b"confidence-" in files_of(file_store)
    with Store.open(file_store.where) as other:
        other.changed()
        file_store.sessions.purge(gone.id)
        left = files_of(file_store)
    for trace in ("confidence-", gone.id, gone.secret, gone.code):
        assert trace.encode() not in left
    assert b"staying-" in left
    with pytest.raises(UnknownSession):
        file_store.sessions.get(gone.id)


def test_a_purged_session_leaves_no_row(store):
    session = make(store)
    person = sit(store, session)
    store.answers.save(person, "reflection", "a", "yes", 1)
    store.snapshots.save(session.id, "reflection", {}, {person: {"a": "1"}}, {})
    store.keys.public(session.id)
    store.seats.take(session, Sector.OTHER, None, "en", Reason.OTHER)
    store.imports.take(session, "BATCH", Incoming("someone", 1, "-", Sector.OTHER, "en", {"reflection": {"a": "no"}}))
    store.sessions.purge(session.id)
    with store.engine.connect() as connection:
        assert {table.name: connection.execute(table.select()).all() for table in metadata.sorted_tables} == {
            name: [] for name in metadata.tables
        }


@pytest.mark.parametrize("seed", ERASE_SEEDS)
def test_an_erased_person_leaves_no_text_in_the_files(file_store, same_ids, seed):
    session = make(file_store)
    people = {sit(file_store, session): f"person-{number}-" for number in range(10)}
    fill(file_store, people, 300, seed)
    gone, words = next(iter(people.items()))
    assert words.encode() in files_of(file_store)
    file_store.seats.erase(gone)
    left = files_of(file_store)
    assert gone.encode() not in left
    assert [word for word in people.values() if word.encode() in left] == list(people.values())[1:]


def test_an_error_does_not_repeat_what_a_person_wrote(file_store):
    person = sit(file_store, make(file_store))
    with file_store.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER broken BEFORE INSERT ON answers BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )
    with pytest.raises(IntegrityError, match="broken") as failed:
        file_store.answers.save(person, "reflection", "a", {"text": "my-confidence"}, 1)
    assert "my-confidence" not in str(failed.value)


def test_a_write_takes_the_lock_from_its_first_statement_on(file_store):
    with closing(sqlite3.connect(file_store.where, timeout=0, isolation_level=None)) as other:
        with writing(file_store.engine), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        with reading(file_store.engine):
            other.execute("BEGIN IMMEDIATE")


# Opening


def test_the_store_is_for_its_owner_only(tmp_path):
    with Store.open(tmp_path / "new" / "store.db") as opened:
        make(opened)
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in (tmp_path / "new").iterdir()} == {0o600}


def test_the_environment_says_where(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_STORE", str(tmp_path / "elsewhere.db"))
    with Store.open() as opened:
        assert opened.where == str(tmp_path / "elsewhere.db")


def test_the_users_data_folder_is_the_default(tmp_path, monkeypatch):
    monkeypatch.delenv("KIT_STORE", raising=False)
    monkeypatch.setattr("platformdirs.user_data_path", lambda name, appauthor: tmp_path / name)
    with Store.open() as opened:
        assert opened.where == str(tmp_path / "collaboration-kit" / "store.db")


@pytest.mark.parametrize("place", ["mysql://me:hush@host/db", "sqlite://", "sqlite:///:memory:", "not a url://"])
def test_other_databases_are_refused(place):
    with pytest.raises(WrongOption) as refused:
        Store.open(place)
    assert "hush" not in str(refused.value)


def test_every_connection_waits_syncs_and_overwrites(file_store):
    with file_store.engine.connect() as connection:
        asked = ("journal_mode", "synchronous", "busy_timeout", "secure_delete", "foreign_keys")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    assert found == ["wal", 2, 10_000, 1, 1]


def test_a_store_at_the_current_revision_is_opened_without_alembic(tmp_path):
    Store.open(tmp_path / "store.db").close()
    code = (
        "import sys; from kit.store import Store; Store.open(sys.argv[1]).close();"
        "print({'alembic', 'sqlalchemy.orm', 'pydantic', 'ipywidgets'} & set(sys.modules))"
    )
    call = [sys.executable, "-c", code, tmp_path / "store.db"]
    run = subprocess.run(call, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


# Migrations


def test_migrations_make_the_tables_of_the_schema(store):
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert migrate.recorded(connection) == REVISION


def test_tables_keep_no_row_numbers(file_store):
    with closing(sqlite3.connect(file_store.where)) as connection:
        for table in metadata.tables:
            with pytest.raises(sqlite3.OperationalError, match="rowid"):
                connection.execute(f"SELECT rowid FROM {table}")


def test_the_revision_of_the_schema_is_the_last_migration():
    assert ScriptDirectory.from_config(migrate.config()).get_heads() == [REVISION]


def test_a_migration_that_fails_leaves_nothing(tmp_path, monkeypatch):
    """The first step fails half-way: neither its tables nor the record of it are there; the next try makes both."""
    from alembic.operations import Operations

    create, made = Operations.create_table, []

    def fail_at_the_third(self, name, *columns, **options):
        made.append(name)
        if len(made) == 3:
            raise OSError("power cut")
        return create(self, name, *columns, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Operations, "create_table", fail_at_the_third)
        with pytest.raises(OSError, match="power cut"):
            Store.open(tmp_path / "store.db")
    assert len(made) == 3
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    with Store.open(tmp_path / "store.db") as opened:
        make(opened)


def test_what_is_read_at_once_is_one_state_and_one_connection(tmp_path):
    with Store.open(tmp_path / "store.db") as mine, Store.open(tmp_path / "store.db") as other:
        session = make(mine)
        with mine.at_once():
            before = mine.sessions.tick(session.id)
            assert mine.engine.pool.checkedout() == 1
            other.sessions.set_state(session.id, "reflection", State.CLOSED)
            assert mine.sessions.get(session.id).plan("reflection").state is State.OPEN
            assert mine.sessions.tick(session.id) == before
            assert other.sessions.tick(session.id) == before + 1
        assert mine.engine.pool.checkedout() == 0
        assert mine.sessions.get(session.id).plan("reflection").state is State.CLOSED


def test_a_store_of_a_newer_kit_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "store.db"
    with Store.open(path) as opened, opened.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match="9999"):
        Store.open(path)
    assert path.read_bytes() == before


# Trouble


def test_a_full_store_says_so_and_keeps_what_it_had(file_store):
    session = make(file_store)
    person = sit(file_store, session)
    file_store.answers.save(person, "reflection", "a", "yes", 1)
    with file_store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreFull):
        file_store.answers.save(person, "reflection", "b", {"text": "x" * 50_000, "share": False}, 1)
    assert list(file_store.answers.of(person, "reflection")) == ["a"]
    assert file_store.answers.save(person, "reflection", "a", "no", 2) == 2


@contextmanager
def small_disk(folder: Path):
    """A real disk of 1 MiB, for those who may mount one; yields None for the others."""
    mounted = shutil.which("mount") and sys.platform == "linux" and os.geteuid() == 0
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
    if not mounted or subprocess.run(mount, capture_output=True).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_disk_says_so_and_loses_nothing_acknowledged(tmp_path):
    with small_disk(tmp_path) as folder:
        if folder is None:
            pytest.skip("mounting a small disk is not allowed here")
        acknowledged = {}

        def save_until_full() -> None:
            value = {"text": "x" * 5000, "share": False}
            for item in map(str, range(1000)):
                acknowledged[item] = opened.answers.save(person, "reflection", item, value, 1)

        with Store.open(folder / "store.db") as opened:
            person = sit(opened, make(opened))
            with pytest.raises(StoreFull):
                save_until_full()
            assert len(acknowledged) > 20
        with Store.open(folder / "store.db") as again:
            kept = again.answers.of(person, "reflection")
            assert acknowledged.items() <= {item: answer.revision for item, answer in kept.items()}.items()


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StoreUnwritable, match="taken"):
        Store.open(tmp_path / "taken" / "store.db")


def test_a_folder_where_the_file_should_be(tmp_path):
    with pytest.raises(StoreUnwritable):
        Store.open(tmp_path)


def test_a_file_of_another_program(tmp_path):
    (tmp_path / "store.db").write_text("this is a letter, not a database\n" * 100)
    with pytest.raises(StoreUnwritable):
        Store.open(tmp_path / "store.db")


def test_a_store_that_may_only_be_read(file_store):
    session = make(file_store)
    with Store.open(f"sqlite:///file:{file_store.where}?mode=ro&uri=true") as opened:
        assert opened.sessions.get(session.id) == session
        with pytest.raises(StoreUnwritable):
            opened.sessions.close(session.id)
    assert not file_store.sessions.get(session.id).closed


@pytest.fixture
def locked_folder():
    """A folder that may be read and not written; outside of pytest's own, which only its owner may enter."""
    folder = Path(tempfile.mkdtemp())
    with Store.open(folder / "old.db") as opened:
        make(opened, id="old")
    os.chmod(folder / "old.db", 0o444)
    os.chmod(folder, 0o555)
    yield folder
    os.chmod(folder, 0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("name", ["new.db", "old.db"])
def test_a_folder_without_permission(locked_folder, name):
    """In a child without root's rights, since root may write anywhere."""

    def write_there() -> str:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        try:
            with Store.open(locked_folder / name) as opened:
                opened.sessions.close("old")
        except StoreUnwritable as error:
            return error.tell("en")
        return "it was written"

    assert f"{name} cannot be written" in in_a_fork(write_there)


def test_a_postgresql_that_is_not_there():
    pytest.importorskip("psycopg")
    with pytest.raises(StoreUnwritable) as refused:
        Store.open("postgresql://me:hush@127.0.0.1:1/none")
    assert "hush" not in str(refused.value)


# Many at once


def in_a_fork(work) -> str:
    """What `work` returns in a forked child that then ends at once, as a kernel's process does."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            said = work()
        except BaseException as error:
            said = repr(error)
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    said = os.read(read, 65536).decode()
    os.close(read)
    os.waitpid(child, 0)
    return said


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_loses_nothing_when_its_parent_ends(tmp_path):
    """A process opens the store, forks, and closes it while the child goes on saving."""
    path = tmp_path / "store.db"
    with Store.open(path) as opened:
        person = sit(opened, make(opened))
    tell, hear = os.pipe(), os.pipe()

    def parent() -> str:
        with Store.open(path) as opened:
            opened.answers.save(person, "reflection", "parent", "yes", 1)
            opened.changed()
            if os.fork() == 0:
                os.close(tell[1])
                opened.answers.save(person, "reflection", "child before", "yes", 1)
                os.write(hear[1], b".")
                os.read(tell[0], 1)
                opened.answers.save(person, "reflection", "child after", "yes", 1)
                os.write(hear[1], b".")
                os.read(tell[0], 1)
                os._exit(0)
            os.read(hear[0], 1)
        return "closed"

    assert in_a_fork(parent) == "closed"
    with Store.open(path) as opened:
        opened.answers.save(person, "reflection", "other", "yes", 1)
    os.write(tell[1], b".")
    os.read(hear[0], 1)
    with Store.open(path) as opened:
        assert sorted(opened.answers.of(person, "reflection")) == ["child after", "child before", "other", "parent"]
        with opened.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    os.write(tell[1], b".")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_parent_and_child_both_go_on_after_a_fork(store):
    person = sit(store, make(store))
    before = store.changed()
    assert in_a_fork(lambda: str(store.answers.save(person, "reflection", "child", "yes", 1))) == "1"
    assert store.changed() != before
    store.answers.save(person, "reflection", "parent", "yes", 1)
    assert list(store.answers.of(person, "reflection")) == ["child", "parent"]


def open_and_write(where: str, session_id: str, number: int) -> list[str]:
    """In a process of its own: open (perhaps make) the store, take a seat, save, come back, read."""
    with Store.open(where) as opened:
        try:
            session = opened.sessions.get(session_id)
        except UnknownSession:
            try:
                session = make(opened, id=session_id, secret="s" * 32)
            except Exception:
                session = opened.sessions.get(session_id)
        person, _ = opened.seats.take(session, Sector.OTHER, None, "fr")
        for step in range(40):
            opened.answers.save(person.id, "reflection", f"item{step % 10}", f"{number}-{step}", step + 1)
            opened.changed()
            opened.sessions.counts(session_id)
        return sorted(str(answer.value) for answer in opened.answers.of(person.id, "reflection").values())


def test_many_processes_make_and_write_one_store(tmp_path):
    """All of them open a store that does not exist yet, at once, then write; nobody is locked out."""
    where, session_id, crowd = str(tmp_path / "store.db"), new_id(), 12
    context = multiprocessing.get_context("fork" if hasattr(os, "fork") else "spawn")
    with ProcessPoolExecutor(crowd, context, context.Barrier(crowd).wait) as processes:
        work = [processes.submit(open_and_write, where, session_id, number) for number in range(crowd)]
        results = [one.result() for one in work]
    assert results == [sorted(f"{number}-{step}" for step in range(30, 40)) for number in range(crowd)]
    with Store.open(where) as opened:
        assert opened.sessions.counts(session_id).joined == crowd
        assert len(opened.answers.responses(session_id, "reflection")) == crowd


def test_many_threads_write_one_store(store):
    session = make(store)
    with ThreadPoolExecutor(20) as threads:
        people = list(threads.map(lambda _: sit(store, session), range(60)))
        list(threads.map(lambda person: store.answers.save(person, "reflection", "a", "yes", 1), people))
    assert store.sessions.counts(session.id) == Counts(60, {"reflection": 60, "partnership": 0})


def test_the_store_imports_only_from_lower_levels():
    allowed = {
        "kit.cards", "kit.errors", "kit.sealed", "kit.session", "kit.texts", "kit.store",
        "kit.versions", "kit.exercise", "kit.upgrades",
    }  # fmt: skip
    for path in Path(kit.store.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            module = node.module if isinstance(node, ast.ImportFrom) and node.module else ""
            assert not module.startswith("kit") or any(module.startswith(name) for name in allowed), (path, module)
