"""Files in the store: each person once, the latest counts, and a batch that is taken back leaves nothing behind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from kit.errors import (
    BatchBuiltUpon,
    ChoiceNeeded,
    FileRefused,
    KeyUnreadable,
    StaleAnswer,
    UnknownBatch,
    UnknownSession,
    WrongOption,
)
from kit.sealed import opened, public_of, seal
from kit.session import Mode, Plan, Sector, Session, State, card_words, new_code, new_id
from kit.store import Store
from kit.store.imports import Incoming, Outcome, digest_of
from kit.store.schema import answers, imports, keys, metadata
from kit.texts import card_list

PLANS = (Plan("reflection", state=State.OPEN), Plan("pulse"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def store(request, tmp_path):
    place = tmp_path / "store.db"
    if request.param == "postgresql":
        place = request.getfixturevalue("postgres_url")
        drop_everything(place)
    with Store.open(place) as opened_store:
        yield opened_store


def drop_everything(url: str) -> None:
    with Store.open(url) as opened_store, opened_store.engine.begin() as connection:
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))


@pytest.fixture
def session(store):
    made = Session(new_id(), new_code(), "Tuesday", "fr", Mode.ANONYMOUS, 5, PLANS, secret=new_id())
    return store.sessions.add(made, "-")


def file(holder: str = "someone", edition: int = 1, card: str = "", **answers: object) -> Incoming:
    said = {slug: dict(own) for slug, own in (answers or {"pulse": {"x": "yes"}}).items()}
    return Incoming(holder, edition, digest_of(f"{said}{card}".encode()), Sector.MUNICIPAL, "en", said, card=card)


def told(store: Store, session: Session, exercise: str = "pulse") -> list[dict]:
    return sorted((dict(one.answers) for one in store.answers.responses(session.id, exercise)), key=str)


def sit(store: Store, session: Session) -> tuple[str, str]:
    """Somebody who takes part live: the seat's number, and the words of the card."""
    person, _ = store.seats.take(session, Sector.COMMUNITY, None, "fr")
    return person.id, card_words(session.secret, person.id, card_list("fr"))


def values(store: Store, person: str, exercise: str) -> dict:
    return {item: one.value for item, one in store.answers.of(person, exercise).items()}


def test_a_file_is_one_more_person(store, session):
    assert store.imports.look(session, file()) is Outcome.NEW
    assert store.imports.take(session, "ONE", file()) is Outcome.NEW
    assert told(store, session) == [{"x": "yes"}]
    assert [one.sector for one in store.seats.people(session.id)] == [Sector.MUNICIPAL]
    assert [(one.id, one.people) for one in store.imports.batches(session.id)] == [("ONE", 1)]


def test_the_same_file_again_changes_nothing(store, session):
    store.imports.take(session, "ONE", file())
    assert store.imports.take(session, "TWO", file()) is Outcome.SAME
    assert [one.id for one in store.imports.batches(session.id)] == ["ONE"]


def test_the_latest_file_of_a_person_counts(store, session):
    store.imports.take(session, "ONE", file(pulse={"x": "yes", "y": "no"}, reflection={"a": "b"}))
    assert store.imports.take(session, "TWO", file(edition=2, pulse={"x": "no"})) is Outcome.NEWER
    assert told(store, session) == [{"x": "no"}]
    assert told(store, session, "reflection") == []
    assert store.imports.take(session, "TWO", file(edition=1, pulse={"x": "late"})) is Outcome.OLDER
    assert told(store, session) == [{"x": "no"}]


def test_two_that_go_on_from_one_are_not_guessed_between(store, session):
    store.imports.take(session, "ONE", file(edition=2, pulse={"x": "yes"}))
    with pytest.raises(FileRefused) as refused:
        store.imports.take(session, "TWO", file(edition=2, pulse={"x": "no"}))
    assert refused.value.details["why"] == "twin"


def test_the_same_number_in_two_sessions_leaves_two_traces(store, session):
    other = store.sessions.add(replace(session, id=new_id(), code=new_code(), secret=new_id()), "-")
    for one in (session, other):
        store.imports.take(one, one.code, file())
    with store.engine.connect() as connection:
        rows = connection.execute(imports.select()).all()
    assert len({row.holder for row in rows}) == 2
    assert not any("someone" in row.holder for row in rows)


def test_the_words_of_a_card_make_one_person_of_the_two(store, session):
    person, words = sit(store, session)
    store.answers.save(person, "reflection", "a", "live", 1)
    assert store.imports.take(session, "ONE", file(card=words, pulse={"x": "yes"})) is Outcome.PAIRED
    assert len(store.seats.people(session.id)) == 1
    assert values(store, person, "pulse") == {"x": "yes"}
    assert values(store, person, "reflection") == {"a": "live"}
    assert store.seats.get(person).sector is Sector.COMMUNITY


def test_what_a_file_replaces_comes_back_with_the_batch(store, session):
    person, words = sit(store, session)
    store.answers.save(person, "reflection", "a", "live", 1)
    store.answers.save(person, "reflection", "b", "live", 1)
    store.imports.take(session, "ONE", file(card=words, reflection={"a": "file", "b": "file", "c": "file"}))
    assert values(store, person, "reflection") == {"a": "file", "b": "file", "c": "file"}
    store.answers.save(person, "reflection", "b", "since", 9)
    assert store.imports.undo(session.id, "ONE") == 1
    assert values(store, person, "reflection") == {"a": "live", "b": "since"}
    assert store.imports.batches(session.id) == []


def test_words_that_fit_nobody_are_refused(store, session):
    for words in ("un deux trois quatre", "nonsense"):
        with pytest.raises(FileRefused) as refused:
            store.imports.take(session, "ONE", file(card=words))
        assert refused.value.details["why"] == "card"
    assert store.imports.batches(session.id) == []


def test_a_card_that_comes_with_a_later_file_moves_the_person(store, session):
    store.imports.take(session, "ONE", file(pulse={"x": "yes", "y": "yes"}))
    own = store.seats.people(session.id)[0].key
    person, words = sit(store, session)
    store.answers.save(person, "reflection", "a", "live", 1)
    store.imports.take(session, "TWO", file(edition=2, card=words, pulse={"x": "no"}))
    assert [one.key for one in store.seats.people(session.id)] == [person]
    assert told(store, session) == [{"x": "no"}]
    # A still later one without words stays with the person, and leaves the sector that was chosen live.
    assert store.imports.take(session, "THREE", file(edition=3, pulse={"x": "maybe"})) is Outcome.NEWER
    assert store.seats.get(person).sector is Sector.COMMUNITY
    with pytest.raises(BatchBuiltUpon) as refused:
        store.imports.undo(session.id, "ONE")
    assert refused.value.details["later"] in ("TWO", "THREE")
    store.imports.undo(session.id, "THREE")
    assert told(store, session) == [{"x": "no"}]
    store.imports.undo(session.id, "TWO")
    assert {one.key for one in store.seats.people(session.id)} == {own, person}
    assert values(store, own, "pulse") == {"x": "yes", "y": "yes"}
    assert values(store, person, "pulse") == {}
    assert values(store, person, "reflection") == {"a": "live"}
    store.imports.undo(session.id, "ONE")
    assert [one.key for one in store.seats.people(session.id)] == [person]


def test_words_of_two_seats_are_refused(store, session):
    (_, first), (_, second) = sit(store, session), sit(store, session)
    store.imports.take(session, "ONE", file(card=first))
    with pytest.raises(FileRefused) as refused:
        store.imports.take(session, "TWO", file(edition=2, card=second))
    assert refused.value.details["why"] == "two_seats"


def test_two_devices_of_one_card_add_up(store, session):
    person, words = sit(store, session)
    store.imports.take(session, "ONE", file("phone", card=words, pulse={"x": "phone", "y": "phone"}))
    store.imports.take(session, "ONE", file("laptop", card=words, pulse={"x": "laptop"}))
    assert values(store, person, "pulse") == {"x": "laptop", "y": "phone"}
    store.imports.undo(session.id, "ONE")
    assert values(store, person, "pulse") == {}
    assert [one.key for one in store.seats.people(session.id)] == [person]


def test_a_batch_under_another_cannot_be_taken_back_first(store, session):
    _, words = sit(store, session)
    store.imports.take(session, "ONE", file("phone", card=words, pulse={"x": "phone"}))
    store.imports.take(session, "TWO", file("laptop", card=words, pulse={"x": "laptop"}))
    with pytest.raises(BatchBuiltUpon):
        store.imports.undo(session.id, "ONE")
    store.imports.undo(session.id, "TWO")
    assert told(store, session) == [{"x": "phone"}]
    store.imports.undo(session.id, "ONE")
    assert told(store, session) == []


def test_a_batch_that_is_taken_back_leaves_no_text(store, session, tmp_path):
    store.imports.take(session, "ONE", file(pulse={"x": {"text": "confidence", "share": False}}))
    store.imports.undo(session.id, "ONE")
    assert store.seats.people(session.id) == []
    with store.engine.connect() as connection:
        assert [connection.execute(table.select()).all() for table in (answers, imports)] == [[], []]
    assert not any(b"confidence" in path.read_bytes() for path in tmp_path.iterdir() if path.is_file())


def test_what_an_erased_person_had_sent_is_gone(store, session):
    person, words = sit(store, session)
    store.imports.take(session, "ONE", file(card=words))
    store.seats.erase(person)
    assert told(store, session) == []
    assert [one.people for one in store.imports.batches(session.id)] == [0]
    with pytest.raises(FileRefused):
        store.imports.take(session, "TWO", file(card=words))
    assert store.imports.undo(session.id, "ONE") == 0


def test_a_session_that_is_over_takes_files_and_a_purged_one_none(store, session):
    store.sessions.close(session.id)
    assert store.imports.take(session, "ONE", file()) is Outcome.NEW
    store.sessions.purge(session.id)
    with pytest.raises(UnknownSession):
        store.imports.take(session, "TWO", file())


def test_a_batch_belongs_to_its_session(store, session):
    other = store.sessions.add(replace(session, id=new_id(), code=new_code()), "-")
    store.imports.take(session, "ONE", file())
    with pytest.raises(UnknownBatch):
        store.imports.undo(other.id, "ONE")
    with pytest.raises(UnknownBatch):
        store.imports.undo(session.id, "NONE")


def test_partners_are_those_of_the_session(store, session):
    named = replace(session, id=new_id(), code=new_code(), mode=Mode.ATTRIBUTED, partners=("Maison A",))
    named = store.sessions.add(named, "-")
    with pytest.raises(ChoiceNeeded):
        store.imports.look(named, file())
    with pytest.raises(WrongOption):
        store.imports.take(named, "ONE", replace(file(), partner="Maison B"))
    store.imports.take(named, "ONE", replace(file(), partner="Maison A"))
    assert [one.partner for one in store.seats.people(named.id)] == ["Maison A"]


def test_a_live_page_hears_of_a_newer_answer(store, session):
    """The page's own copy is older than what the file brought: it is told, and overwrites nothing."""
    person, words = sit(store, session)
    store.answers.save(person, "reflection", "a", "live", 1)
    store.imports.take(session, "ONE", file(card=words, reflection={"a": "file"}))
    with pytest.raises(StaleAnswer) as stale:
        store.answers.save(person, "reflection", "a", "typed", 2)
    assert stale.value.details["value"] == "file"


# Keys


def test_a_session_has_one_key_from_its_first_need_on(store, session):
    assert store.keys.private(session.id) == ()
    public = store.keys.public(session.id)
    assert store.keys.public(session.id) == public
    assert [public_of(one) for one in store.keys.private(session.id)] == [public]
    assert opened(seal(b"mine", public), store.keys.private(session.id)) == b"mine"
    with pytest.raises(UnknownSession):
        store.keys.public("nowhere")


def test_a_lost_key_is_brought_back_beside_the_new_one(store, session):
    old = store.keys.public(session.id)
    kept = store.keys.private(session.id)[0]
    with store.engine.begin() as connection:
        connection.execute(keys.delete())
    new = store.keys.public(session.id)
    assert new != old
    with pytest.raises(FileRefused) as refused:
        opened(seal(b"mine", old), store.keys.private(session.id))
    assert refused.value.details["why"] == "sealed_other"
    assert store.keys.bring_back(session.id, kept) == old
    assert store.keys.bring_back(session.id, kept) == old
    for public in (old, new):
        assert opened(seal(b"mine", public), store.keys.private(session.id)) == b"mine"
    with pytest.raises(KeyUnreadable):
        store.keys.bring_back(session.id, "AGE-SECRET-KEY-1")
