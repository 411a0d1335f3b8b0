"""Answers go after their time and results stay: no row, no word and no way back is left of the people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit import deciding, results
from kit.errors import AnswersGone, SessionClosed, StillRuns
from kit.reports.build import build
from kit.reports.material import gather
from kit.session import Mode, Sector, Session
from kit.shared import SHOW
from kit.store import Store
from kit.store.imports import Incoming
from kit.store.schema import metadata, sessions, snapshots
from kit.summary import Quotes
from tests.test_reports import workshop

WORDS = "a word that somebody shared"
ABOUT_THE_SESSION = {"sessions", "plans", "snapshots"}


@pytest.fixture
def session(store: Store) -> Session:
    """A workshop with a shared text, revealed and shown."""
    made = workshop(store, 12, Mode.ANONYMOUS, ("reflection",))
    for number, person in enumerate(store.answers.responses(made.id, "reflection")):
        store.answers.save(person.key, "reflection", "commitment", {"text": f"{WORDS} {number}", "share": True}, 99)
    store.keys.public(made.id)
    results.reveal(store, made, "reflection")
    deciding.look_over(store, made, "reflection", "", SHOW)
    return made


def rows(store: Store) -> dict[str, int]:
    with store.engine.connect() as connection:
        return {one.name: len(connection.execute(one.select()).all()) for one in metadata.sorted_tables}


def test_people_are_gone_and_the_numbers_stay(store: Store, session: Session, tmp_path: Path) -> None:
    before = build(gather(store, session.id), "en")
    assert [part for one in before.all() for part in one.parts if isinstance(part, Quotes)]
    store.sessions.close(session.id)
    results.keep_results_only(store, session)
    assert {name for name, count in rows(store).items() if count} - {"marks"} == ABOUT_THE_SESSION
    after = build(gather(store, session.id), "en")
    assert not [part for one in after.all() for part in one.parts if isinstance(part, Quotes)]
    assert after.data() == before.data()
    assert after.opening == before.opening
    assert store.sessions.get(session.id).emptied_on
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert WORDS.encode() not in left
    results.keep_results_only(store, session)
    assert build(gather(store, session.id), "en") == after


def test_nothing_can_be_added_or_told_anew(store: Store, session: Session) -> None:
    with pytest.raises(StillRuns):
        results.keep_results_only(store, session)
    assert rows(store)["answers"]
    store.sessions.close(session.id)
    results.keep_results_only(store, session)
    with pytest.raises(AnswersGone):
        results.reveal(store, session, "reflection")
    with pytest.raises(AnswersGone):
        store.sessions.reopen(session.id)
    with pytest.raises(AnswersGone):
        store.hosts.renew(session.id)
    with pytest.raises(AnswersGone):
        store.imports.take(session, "ONE", Incoming("someone", 1, "-", Sector.OTHER, "en", {"reflection": {}}))
    with pytest.raises(SessionClosed):
        store.seats.take(session, Sector.OTHER, None, "en")
    assert store.hosts.links(session.id) == []


def test_what_is_revealed_meanwhile_is_not_lost(store: Store, session: Session) -> None:
    store.sessions.close(session.id)
    assert not store.sessions.empty(session.id, {}, {}), "something other is there"
    assert rows(store)["answers"]


def test_another_session_keeps_everything(store: Store, session: Session) -> None:
    other = workshop(store, 6, Mode.ANONYMOUS, ("reflection",))
    before = [replace(one, secret="") for one in store.answers.responses(other.id, "reflection")]
    store.sessions.close(session.id)
    results.keep_results_only(store, session)
    assert [replace(one, secret="") for one in store.answers.responses(other.id, "reflection")] == before
    with store.engine.connect() as connection:
        assert len(connection.execute(sessions.select()).all()) == 2
        assert connection.execute(snapshots.select()).all()
