"""What comes in as files: each person once, the latest file counts, and a batch can be taken back.

A file is kept whole or not at all, in one transaction. Beside the answers stands what they replaced, so that taking
a batch back leaves everyone as they were; it is gone with the person, the batch or the session.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update

from kit.errors import AnswersGone, BatchBuiltUpon, FileRefused, UnknownBatch, UnknownCard
from kit.session import Participant, Sector, Session, Value
from kit.store.engine import reading, writing
from kit.store.forget import forget
from kit.store.schema import answers, batches, imports, seats
from kit.store.seats import add_seat, check_partner, held_by_card
from kit.store.session_rows import read_session, touch
from kit.store.snapshots import forget_marks

Place = tuple[str, str]  # an exercise and an item of it


class Outcome(StrEnum):
    """What a file does, or has done, in a session."""

    NEW = "new"  # a person who was not there
    NEWER = "newer"  # the latest of a person whose earlier file is there
    PAIRED = "paired"  # a person who took part live, known by the word card
    SAME = "same"  # it is there already
    OLDER = "older"  # a later file of this person is there

    @property
    def changes(self) -> bool:
        """Whether the file is taken."""
        return self not in (Outcome.SAME, Outcome.OLDER)


@dataclass(frozen=True)
class Incoming:
    """A file that has passed every check but those that need the store.

    holder   the random number in the file, or another sign that is the same in each file of one person
    digest   the same for two files that say the same
    """

    holder: str
    edition: int
    digest: str
    sector: Sector
    lang: str
    answers: Mapping[str, Mapping[str, Value]]
    partner: str | None = None
    card: str = ""


@dataclass(frozen=True)
class Batch:
    """What was taken in at once, and from how many people."""

    id: str
    made_on: date
    people: int


@dataclass(frozen=True)
class Imports:
    """What the store does with files. A session that is over takes them too: it is the facilitator who brings them."""

    engine: Engine

    def look(self, session: Session, file: Incoming) -> Outcome:
        """What `take` would do; raises `FileRefused`."""
        with reading(self.engine) as connection:
            return _found(connection, session, file)[0]

    def take(self, session: Session, batch: str, file: Incoming) -> Outcome:
        """Take a file into a batch, whole, or leave everything as it is.

        Raises `UnknownSession` (purged, say), `FileRefused`, `ChoiceNeeded` and `WrongOption` (a partner).
        """
        with writing(self.engine) as connection:
            current = read_session(connection, session.id, lock=True)
            if current.emptied_on:
                raise AnswersGone(title=current.title)
            outcome, person, last = _found(connection, current, file)
            if outcome.changes:
                _open(connection, current, batch)
                _take(connection, current, batch, file, person, last)
        return outcome

    def done(self, session_id: str) -> None:
        """Let the pages notice that a batch is complete; raises `UnknownSession`."""
        with writing(self.engine) as connection:
            touch(connection, session_id)

    def batches(self, session_id: str) -> list[Batch]:
        """The batches of a session that are still there, the latest day first."""
        wanted = (
            select(batches.c.id, batches.c.made_on, func.count(imports.c.holder))
            .outerjoin(imports, imports.c.batch_id == batches.c.id)
            .where(batches.c.session_id == session_id)
            .group_by(batches.c.id, batches.c.made_on)
            .order_by(batches.c.made_on.desc(), batches.c.id)
        )
        with reading(self.engine) as connection:
            return [Batch(*row) for row in connection.execute(wanted).tuples()]

    def undo(self, session_id: str, batch: str) -> int:
        """Take a batch back; everyone is as before it, but for what they have changed live since. How many people.

        Raises `UnknownBatch`, `BatchBuiltUpon`, `UnknownSession`.
        """
        with writing(self.engine) as connection:
            read_session(connection, session_id, lock=True)
            here = select(batches.c.id).where(batches.c.id == batch, batches.c.session_id == session_id)
            if connection.execute(here).first() is None:
                raise UnknownBatch(batch=batch[:16])
            rows = list(connection.execute(select(imports).where(imports.c.batch_id == batch)))
            for row in rows:
                _refuse_built_upon(connection, session_id, row)
            connection.execute(delete(imports).where(imports.c.batch_id == batch))
            _give_back(connection, rows)
            connection.execute(delete(batches).where(batches.c.id == batch))
            touch(connection, session_id)
        forget(self.engine)
        return len(rows)


def _found(connection: Connection, session: Session, file: Incoming) -> tuple[Outcome, Participant | None, Any]:
    """What a file is here, whose seat it goes to (None: a new one), and the row of this person's last file."""
    last = _last(connection, session, file)
    if last is not None and file.edition <= last.edition:
        if file.edition == last.edition and file.digest != last.digest:
            raise FileRefused(why="twin")
        return (Outcome.SAME if file.edition == last.edition else Outcome.OLDER), None, last
    carded = _carded(connection, session, file.card) if file.card else None
    if last is None and carded is None:
        check_partner(session, file.partner)
    if last is None:
        return (Outcome.PAIRED if carded else Outcome.NEW), carded, None
    if carded is not None and carded.id != last.participant_id and not _made(connection, session, last):
        raise FileRefused(why="two_seats")
    return Outcome.NEWER, carded or _participant(connection, last.participant_id), last


def _last(connection: Connection, session: Session, file: Incoming) -> Any:
    own = _of(session.id).where(imports.c.holder == _holder(session, file)).order_by(imports.c.edition.desc())
    return connection.execute(own).first()


def _of(session_id: str) -> Any:
    return select(imports).join(batches, batches.c.id == imports.c.batch_id).where(batches.c.session_id == session_id)


def _holder(session: Session, file: Incoming) -> str:
    """What the store keeps instead of the number in the file: it fits in one session only."""
    return hmac.digest(session.secret.encode(), file.holder.encode(), "sha256").hex()


def _carded(connection: Connection, session: Session, words: str) -> Participant:
    try:
        return held_by_card(connection, session, words)
    except UnknownCard:
        raise FileRefused(why="card") from None


def _made(connection: Connection, session: Session, last: Any) -> bool:
    """Whether this person's seat was made for a file: nobody has taken part live on it."""
    rows = list(connection.execute(_of(session.id).where(imports.c.participant_id == last.participant_id)))
    return any(row.before["made"] for row in rows) and not any(row.before["moved"] for row in rows)


def _participant(connection: Connection, seat: str) -> Participant:
    row = connection.execute(select(seats).where(seats.c.id == seat)).one()
    return Participant(row.id, row.session_id, Sector(row.sector), row.lang, row.partner)


def _open(connection: Connection, session: Session, batch: str) -> None:
    if connection.execute(select(batches.c.id).where(batches.c.id == batch)).first() is None:
        connection.execute(insert(batches).values(id=batch, session_id=session.id, made_on=date.today()))


# ---- taking ----


def _take(
    connection: Connection, session: Session, batch: str, file: Incoming, person: Participant | None, last: Any
) -> None:
    before: dict[str, Any] = {"made": person is None, "seat": None, "moved": None}
    if person is None:
        person, _ = add_seat(connection, session, file.sector, file.partner, file.lang)
    elif last is not None and last.participant_id != person.id:
        before["moved"] = _move(connection, last.participant_id, person.id)
        last = None
    elif last is not None and _made(connection, session, last):
        check_partner(session, file.partner)
        before["seat"] = {"sector": person.sector.value, "lang": person.lang, "partner": person.partner}
        new = {"sector": file.sector.value, "lang": file.lang, "partner": file.partner}
        connection.execute(update(seats).where(seats.c.id == person.id).values(new))
    holds, before["answers"] = _write(connection, person.id, file, last)
    connection.execute(
        insert(imports).values(
            batch_id=batch, holder=_holder(session, file), participant_id=person.id, edition=file.edition,
            digest=file.digest, holds=holds, before=before,
        )
    )  # fmt: skip


def _write(connection: Connection, seat: str, file: Incoming, last: Any) -> tuple[list[Any], list[Any]]:
    """Write the answers; what the file holds now (with revisions), and what stood where it changed something."""
    kept = _kept(connection, seat)
    wanted: dict[Place, Value | None] = {
        (slug, item): value for slug, own in file.answers.items() for item, value in own.items()
    }
    for slug, item, revision in last.holds if last is not None else ():
        # In the earlier file and not in this one: the person has taken it back.
        if (slug, item) not in wanted and kept.get((slug, item), (None, 0))[1] == revision:
            wanted[slug, item] = None
    holds: list[Any] = []
    before: list[Any] = []
    added: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for (slug, item), value in sorted(wanted.items(), key=lambda pair: pair[0]):
        was, revision = kept.get((slug, item), (None, 0))
        if was != value or not revision:
            before.append([slug, item, was, revision])
            row = {"seat": seat, "slug": slug, "on": item, "value": value, "revision": revision + 1}
            (changed if revision else added).append(row)
            revision += 1
        holds.append([slug, item, revision])
    _save(connection, added, changed)
    return holds, before


def _kept(connection: Connection, seat: str) -> dict[Place, tuple[Value | None, int]]:
    rows = connection.execute(select(answers).where(answers.c.participant_id == seat))
    return {(row.exercise, row.item): (row.value, row.revision) for row in rows}


def _save(connection: Connection, added: list[dict[str, Any]], changed: list[dict[str, Any]]) -> None:
    if added:
        columns = {"seat": "participant_id", "slug": "exercise", "on": "item", "value": "value", "revision": "revision"}
        connection.execute(insert(answers), [{columns[name]: one for name, one in row.items()} for row in added])
    for row in changed:
        place = (answers.c.participant_id == row["seat"], answers.c.exercise == row["slug"])
        new = {"value": row["value"], "revision": row["revision"]}
        connection.execute(update(answers).where(*place, answers.c.item == row["on"]).values(new))


def _move(connection: Connection, old: str, new: str) -> dict[str, Any]:
    """Give up the seat that was made for an earlier file, now that the person's own is known; what it was."""
    row = connection.execute(select(seats).where(seats.c.id == old)).one()
    kept = [[slug, item, value, revision] for (slug, item), (value, revision) in _kept(connection, old).items()]
    connection.execute(update(imports).where(imports.c.participant_id == old).values(participant_id=new))
    forget_marks(connection, old)
    connection.execute(delete(answers).where(answers.c.participant_id == old))
    connection.execute(delete(seats).where(seats.c.id == old))
    return {"seat": dict(row._mapping), "answers": kept}


# ---- taking back ----


def _refuse_built_upon(connection: Connection, session_id: str, row: Row[Any]) -> None:
    """Raise `BatchBuiltUpon` when another batch has changed the same answers, or the same person's file, since."""
    others = _of(session_id).where(
        imports.c.participant_id == row.participant_id, imports.c.batch_id != row.batch_id
    )
    own = {(slug, item): revision for slug, item, revision in row.holds}
    for other in connection.execute(others):
        same = other.holder == row.holder and other.edition > row.edition
        if same or (other.holder != row.holder and _above(own, other.holds)):
            raise BatchBuiltUpon(batch=row.batch_id, later=other.batch_id)


def _above(own: Mapping[Place, int], holds: Iterable[Any]) -> bool:
    return any(revision > own.get((slug, item), revision) for slug, item, revision in holds)


def _give_back(connection: Connection, rows: list[Row[Any]]) -> None:
    gone = {row.participant_id for row in rows if row.before["made"]}
    for seat in {row.participant_id for row in rows} - gone:
        _put_back(connection, seat, [row for row in rows if row.participant_id == seat])
    for seat in gone:
        forget_marks(connection, seat)
    for table, column in ((answers, answers.c.participant_id), (seats, seats.c.id)):
        connection.execute(delete(table).where(column.in_(gone)))
    for row in rows:
        if row.before["seat"] and row.participant_id not in gone:
            connection.execute(update(seats).where(seats.c.id == row.participant_id).values(row.before["seat"]))
        if row.before["moved"]:
            _move_back(connection, row)


def _put_back(connection: Connection, seat: str, rows: list[Row[Any]]) -> None:
    """What stood there before, wherever nobody has changed it since; as a newer answer, so that a page notices."""
    kept = _kept(connection, seat)
    first: dict[Place, tuple[int, Value | None]] = {}
    top: dict[Place, int] = {}
    for row in rows:
        held = {(slug, item): revision for slug, item, revision in row.holds}
        for slug, item, was, revision in row.before["answers"]:
            place = (slug, item)
            top[place] = max(top.get(place, 0), held[place])
            if place not in first or revision < first[place][0]:
                first[place] = (revision, was)
    unchanged = {place: top[place] for place in top if kept.get(place, (None, 0))[1] == top[place]}
    changed = [
        {"seat": seat, "slug": slug, "on": item, "value": first[slug, item][1], "revision": revision + 1}
        for (slug, item), revision in unchanged.items()
    ]
    _save(connection, [], changed)
    _hold_again(connection, seat, {(*place, first[place][0]): unchanged[place] + 1 for place in unchanged})


def _hold_again(connection: Connection, seat: str, back: Mapping[tuple[str, str, int], int]) -> None:
    """Tell the earlier files of this seat under which revision their answers stand again."""
    for row in connection.execute(select(imports).where(imports.c.participant_id == seat)).all():
        holds = [[slug, item, back.get((slug, item, revision), revision)] for slug, item, revision in row.holds]
        own = (imports.c.batch_id == row.batch_id, imports.c.holder == row.holder)
        connection.execute(update(imports).where(*own).values(holds=holds))


def _move_back(connection: Connection, row: Row[Any]) -> None:
    """Make the earlier file's own seat again, as it was."""
    moved = row.before["moved"]
    old = moved["seat"]["id"]
    connection.execute(insert(seats).values(moved["seat"]))
    kept = [{"seat": old, "slug": slug, "on": item, "value": value, "revision": revision}
            for slug, item, value, revision in moved["answers"]]  # fmt: skip
    _save(connection, kept, [])
    earlier = (imports.c.holder == row.holder, imports.c.participant_id == row.participant_id)
    connection.execute(update(imports).where(*earlier).values(participant_id=old))


def digest_of(data: bytes) -> str:
    """The same for two files that say the same."""
    return sha256(data).hexdigest()
