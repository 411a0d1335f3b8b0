"""Answers: saved one by one, each with a revision, so that a late copy never overwrites a newer one."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import BindParameter, Connection, Engine, and_, bindparam, delete, func, insert, null, select, update

from kit.errors import ExerciseClosed, NoSeat, SessionClosed, StaleAnswer
from kit.session import Answer, Response, Sector, State, Value
from kit.store.engine import reading, writing
from kit.store.schema import answers, plans, seats, sessions
from kit.store.together import Together

# These are made once: every page asks, and a whole room stands in line while somebody saves.
_PERSON: BindParameter[str] = bindparam("person")
_EXERCISE: BindParameter[str] = bindparam("in_exercise")
_ITEM: BindParameter[str] = bindparam("on_item")
_PLACE = and_(answers.c.participant_id == _PERSON, answers.c.exercise == _EXERCISE, answers.c.item == _ITEM)
_KEPT = (
    select(sessions.c.closed, plans.c.state, answers.c.revision, answers.c.value)
    .select_from(seats)
    .join(sessions, sessions.c.id == seats.c.session_id)
    .outerjoin(plans, and_(plans.c.session_id == seats.c.session_id, plans.c.slug == _EXERCISE))
    .outerjoin(answers, _PLACE)
    .where(seats.c.id == _PERSON)
)
_OWN = (
    select(answers)
    .where(answers.c.participant_id == _PERSON, answers.c.exercise == _EXERCISE, answers.c.value != null())
    .order_by(answers.c.item)
)
# A late copy of a row that was taken back comes within seconds: nobody takes back so many meanwhile.
MOST_TAKEN_BACK = 300
_TAKEN_BACK = (
    select(answers.c.item)
    .where(
        answers.c.participant_id == _PERSON, answers.c.exercise == _EXERCISE, answers.c.value == null(),
        answers.c.item.contains(".", autoescape=True),
    )
    .order_by(answers.c.revision.desc(), answers.c.item)
    .offset(MOST_TAKEN_BACK)
)  # fmt: skip
_ADD = insert(answers).values(participant_id=_PERSON, exercise=_EXERCISE, item=_ITEM)
_CHANGE = update(answers).where(_PLACE)
# PostgreSQL only, since SQLite has one writer anyway: two pages of one person save one after the
# other, and nobody closes the session meanwhile. The session comes first, as everywhere in this
# package, so that no two transactions wait for each other.
_HOLDS = (
    select(sessions.c.id)
    .join(seats, seats.c.session_id == sessions.c.id)
    .where(seats.c.id == _PERSON)
    .with_for_update(read=True, of=sessions),
    select(seats.c.id).where(seats.c.id == _PERSON).with_for_update(),
)


@dataclass(frozen=True)
class Answers:
    """What the store does with answers. Whether an answer fits its question is the exercise's to say."""

    engine: Engine
    _together: Together = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_together", Together(self.engine))

    def save(self, participant_id: str, exercise: str, item: str, value: Value | None, revision: int) -> int:
        """Keep an answer (None: take it back) and return its revision: then it is on the disk.

        The same answer sent twice, because its acknowledgement was lost, is acknowledged again.
        Raises `NoSeat`, `SessionClosed`, `ExerciseClosed`, and `StaleAnswer` with the `revision`
        and `value` that are kept.
        """
        with writing(self.engine) as connection:
            return _save(connection, participant_id, exercise, item, value, revision)

    def save_soon(
        self, participant_id: str, exercise: str, item: str, value: Value | None, revision: int
    ) -> Future[int]:
        """The same for whoever does not stand still meanwhile: those that wait together are one transaction."""
        write = partial(
            _save, participant_id=participant_id, exercise=exercise, item=item, value=value, revision=revision
        )
        return self._together.write(participant_id, write)

    def of(self, participant_id: str, exercise: str) -> dict[str, Answer]:
        """A person's answers in one exercise by item, without those that were taken back."""
        place = {"person": participant_id, "in_exercise": exercise}
        with reading(self.engine) as connection:
            rows = connection.execute(_OWN, place).all()
        return {row.item: Answer(row.item, row.value, row.revision) for row in rows}

    def whole(self, session_id: str, exercise: str, items: Collection[str]) -> int:
        """How many have answered every one of these items."""
        wanted = (
            select(answers.c.participant_id)
            .join(seats, seats.c.id == answers.c.participant_id)
            .where(
                seats.c.session_id == session_id, answers.c.exercise == exercise, answers.c.value != null(),
                answers.c.item.in_(items),
            )
            .group_by(answers.c.participant_id)
            .having(func.count() == len(set(items)))
        )  # fmt: skip
        with reading(self.engine) as connection:
            return connection.execute(select(func.count()).select_from(wanted.subquery())).scalar_one()

    def stamps(self, session_id: str, exercise: str) -> dict[str, tuple[int, ...]]:
        """For each person with an answer in an exercise, what changes with every one that they give or take back."""
        wanted = (
            select(
                answers.c.participant_id, func.count(), func.sum(answers.c.revision), func.max(answers.c.revision)
            )
            .join(seats, seats.c.id == answers.c.participant_id)
            .where(seats.c.session_id == session_id, answers.c.exercise == exercise, answers.c.value != null())
            .group_by(answers.c.participant_id)
        )
        with reading(self.engine) as connection:
            return {person: tuple(map(int, stamp)) for person, *stamp in connection.execute(wanted).tuples()}

    def responses(self, session_id: str, exercise: str) -> list[Response]:
        """Everyone's answers in one exercise, for disclosure control only; those with none are left out.

        They come in the order of random ids, which says nothing about who came first.
        """
        wanted = (
            select(seats.c.id, seats.c.sector, seats.c.partner, answers.c.item, answers.c.value)
            .join(answers, answers.c.participant_id == seats.c.id)
            .where(seats.c.session_id == session_id, answers.c.exercise == exercise, answers.c.value != null())
            .order_by(seats.c.id, answers.c.item)
        )
        with reading(self.engine) as connection:
            rows = connection.execute(wanted).all()
        said: dict[str, dict[str, Value]] = {}
        who: dict[str, tuple[str, str | None]] = {}
        for key, sector, partner, item, value in rows:
            said.setdefault(key, {})[item] = value
            who[key] = sector, partner
        return [Response(key, Sector(who[key][0]), own, who[key][1]) for key, own in said.items()]


def _save(
    connection: Connection, participant_id: str, exercise: str, item: str, value: Value | None, revision: int
) -> int:
    """Every error is raised before anything is changed."""
    place = {"person": participant_id, "in_exercise": exercise, "on_item": item}
    kept = _kept(connection, place)
    if (kept.revision, kept.value) == (revision, value):
        return revision
    if kept.closed:
        raise SessionClosed()
    if kept.state != State.OPEN.value:
        raise ExerciseClosed(exercise=exercise)
    if kept.revision is not None and revision <= kept.revision:
        raise StaleAnswer(item=item, revision=kept.revision, value=kept.value)
    change = _ADD if kept.revision is None else _CHANGE
    connection.execute(change, place | {"value": value, "revision": revision})
    if value is None and "." in item:
        _forget_some(connection, place)
    return revision


def _forget_some(connection: Connection, place: dict[str, str]) -> None:
    """Of rows that were taken back, only the latest are remembered: adding and taking back for ever fills no disk."""
    surplus = connection.execute(_TAKEN_BACK, place).scalars().all()
    if surplus:
        one = (answers.c.participant_id == place["person"], answers.c.exercise == place["in_exercise"])
        connection.execute(delete(answers).where(*one, answers.c.item.in_(surplus)))


def _kept(connection: Connection, place: dict[str, str]) -> Any:
    """What stands where an answer is to go: closed, state, revision, value; raises `NoSeat`."""
    if connection.dialect.name != "sqlite":
        for hold in _HOLDS:
            connection.execute(hold, place)
    row = connection.execute(_KEPT, place).one_or_none()
    if row is None:
        raise NoSeat()
    return row
