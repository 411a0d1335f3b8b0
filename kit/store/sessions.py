"""Workshops: made once, opened and closed exercise by exercise, purged when they are no longer needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, null, select, update
from sqlalchemy.exc import IntegrityError

from kit.errors import (
    AnswersGone,
    ReopenTooLate,
    SessionClosed,
    StillRuns,
    UnknownCode,
    UnknownExercise,
    UnknownSession,
    WrongOption,
)
from kit.session import EXPECTED_MOST, TAGS_MOST, Plan, Session, State, new_code, new_id, tidy_code, tidy_room
from kit.store.engine import reading, writing
from kit.store.forget import forget
from kit.store.schema import (
    answers,
    batches,
    courses,
    hosts,
    imports,
    keys,
    marks,
    pairs,
    plans,
    seats,
    second_seats,
    sessions,
    snapshots,
)
from kit.store.session_rows import add_plan, plan_of, plan_rows, read_session, session_of, session_row, take_plan, touch

CODE_TRIES = 20
# Releases as JSON, by exercise.
Releases = Mapping[str, Mapping[str, Any]]
# An exercise with the number of its slide after a stroke.
LONGEST_SHOWN = 48
# Made once: every page asks them, and asks again at each change.
_TICK = select(sessions.c.tick).where(sessions.c.id == bindparam("id"))


@dataclass(frozen=True)
class Counts:
    """How many hold a seat, how many of them have at least one answer, by exercise, and how often a browser took a
    second seat, by `Reason`."""

    joined: int
    answered: Mapping[str, int]
    again: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Sessions:
    """What the store does with workshops. Mode, k and partners cannot be changed once made; exercises can be added."""

    engine: Engine

    def add(self, session: Session, link_fingerprint: str) -> Session:
        """Keep a new session, with the fingerprint of what its facilitator's link carries, and return it as kept.

        It may differ from what was given: a join code that is taken is drawn anew, and a missing
        secret is made. A room's name passes to the newest: earlier ones there that have not ended go by
        their code. Raises `sqlalchemy.exc.IntegrityError` when its id is already here.
        """
        kept = replace(session, secret=session.secret or new_id())
        for _ in range(CODE_TRIES):
            try:
                self._insert(kept, link_fingerprint)
                return kept
            except IntegrityError:
                if not self._code_is_taken(kept):
                    raise
                kept = replace(kept, code=new_code())
        raise RuntimeError(f"{CODE_TRIES} join codes in a row were taken")

    def get(self, session_id: str) -> Session:
        """One session; raises `UnknownSession`."""
        with reading(self.engine) as connection:
            return read_session(connection, session_id)

    def by_code(self, code: str) -> Session:
        """The session with this join code or in this room, however it was typed, also one that has ended.

        Of several in one room, the latest that has not ended, or the latest. Raises `UnknownCode`.
        """
        wanted = select(sessions.c.id).where(sessions.c.code == tidy_code(code))
        order = (sessions.c.closed, sessions.c.made_on.desc(), sessions.c.closed_on.desc(), sessions.c.id)
        name = tidy_room(code)
        in_room = select(sessions.c.id).where(sessions.c.room == name).order_by(*order).limit(1)
        with reading(self.engine) as connection:
            found = connection.execute(wanted).scalar_one_or_none()
            if found is None and name:
                found = connection.execute(in_room).scalar_one_or_none()
            if found is None:
                raise UnknownCode()
            return read_session(connection, found)

    def named(self, typed: str) -> Session:
        """The session with this id or join code, or in this room (see `by_code`); raises `UnknownSession`."""
        with suppress(UnknownSession):
            return self.get(typed)
        try:
            return self.by_code(typed)
        except UnknownCode:
            raise UnknownSession(session=typed[:64]) from None

    def all(self) -> list[Session]:
        """Every session, the latest day first."""
        with reading(self.engine) as connection:
            by_session: dict[str, list[Plan]] = {}
            for row in connection.execute(select(plans).order_by(plans.c.position)):
                by_session.setdefault(row.session_id, []).append(plan_of(row))
            order = (sessions.c.made_on.desc(), sessions.c.title, sessions.c.id)
            rows = connection.execute(select(sessions).order_by(*order)).all()
        return [session_of(row, by_session.get(row.id, [])) for row in rows]

    def set_state(self, session_id: str, slug: str, state: State) -> None:
        """Open or close one exercise; raises `UnknownSession`, `SessionClosed`, `UnknownExercise`."""
        with writing(self.engine) as connection:
            _check_exercise(read_session(connection, session_id, lock=True), slug)
            row = (plans.c.session_id == session_id, plans.c.slug == slug)
            connection.execute(update(plans).where(*row).values(state=state.value))
            touch(connection, session_id)

    def ask(self, session_id: str, slug: str, options: Sequence[str]) -> None:
        """Ask an exercise too, or one that is asked already with these options from now on.

        Raises `UnknownSession`, `SessionClosed`.
        """
        with writing(self.engine) as connection:
            session = read_session(connection, session_id, lock=True)
            if session.closed:
                raise SessionClosed()
            add_plan(connection, session, slug, options)
            touch(connection, session_id)

    def ask_no_more(self, session_id: str, slug: str, options: Sequence[str] | None) -> None:
        """Ask an exercise with these options again, or (with None) not at all; once it was opened, or anybody has
        answered it, it stays as it is. Raises `UnknownSession`.
        """
        with writing(self.engine) as connection:
            plan = read_session(connection, session_id, lock=True).plan(slug)
            if plan is not None and plan.state is State.WAITING:
                take_plan(connection, session_id, slug, options)
                touch(connection, session_id)

    def open_again(self, session_id: str, slug: str) -> None:
        """Open an exercise for a second round; raises `UnknownSession`, `SessionClosed`, `UnknownExercise`."""
        with writing(self.engine) as connection:
            _check_exercise(read_session(connection, session_id, lock=True), slug)
            row = (plans.c.session_id == session_id, plans.c.slug == slug)
            connection.execute(update(plans).where(*row).values(state=State.OPEN.value, round=2, stage=None))
            touch(connection, session_id)

    def take_round_back(self, session_id: str, slug: str) -> None:
        """Let an exercise be in its first round again; raises `UnknownSession`, `SessionClosed`, `UnknownExercise`."""
        with writing(self.engine) as connection:
            _check_exercise(read_session(connection, session_id, lock=True), slug)
            row = (plans.c.session_id == session_id, plans.c.slug == slug)
            connection.execute(update(plans).where(*row).values(round=1))
            touch(connection, session_id)

    def set_stage(self, session_id: str, slug: str, stage: str, way: Sequence[str] = ()) -> None:
        """Bring the room to one place of an exercise, or (with "") let everyone go on at their own pace.

        `way` is where it was before, on its way there. Raises `UnknownSession`, `SessionClosed`, `UnknownExercise`.
        """
        with writing(self.engine) as connection:
            _check_exercise(read_session(connection, session_id, lock=True), slug)
            row = (plans.c.session_id == session_id, plans.c.slug == slug)
            connection.execute(update(plans).where(*row).values(stage=stage or None, way=list(way)))
            touch(connection, session_id)

    def close(self, session_id: str) -> None:
        """End the workshop: nothing more is taken. One that has ended stays as it is. Raises `UnknownSession`."""
        with writing(self.engine) as connection:
            touch(connection, session_id)
            row = update(sessions).where(sessions.c.id == session_id, sessions.c.closed.is_(False))
            connection.execute(row.values(closed=True, closed_on=date.today()))

    def reopen(self, session_id: str) -> None:
        """Take the end back, on its own day; one that runs goes on.

        Raises `UnknownSession`, `ReopenTooLate`, and `AnswersGone` where answers were removed.
        """
        with writing(self.engine) as connection:
            session = read_session(connection, session_id, lock=True)
            if session.emptied_on:
                raise AnswersGone(title=session.title)
            if session.closed and session.closed_on != date.today():
                raise ReopenTooLate(title=session.title)
            touch(connection, session_id)
            row = update(sessions).where(sessions.c.id == session_id)
            connection.execute(row.values(closed=False, closed_on=None))

    def speak(self, session_id: str, lang: str) -> None:
        """Say which language the wall speaks, and a console until another is chosen there; raises `UnknownSession`."""
        with writing(self.engine) as connection:
            touch(connection, session_id)
            connection.execute(update(sessions).where(sessions.c.id == session_id).values(room_lang=lang))

    def set_wall(self, session_id: str, looks: Sequence[str], lang: str = "") -> None:
        """Say how the room screen looks and (unless "") what it speaks (`Session.wall`); raises `UnknownSession`."""
        with writing(self.engine) as connection:
            touch(connection, session_id)
            row = update(sessions).where(sessions.c.id == session_id)
            speaks = {"room_lang": lang} if lang else {}
            connection.execute(row.values(wall=" ".join(looks) or None, **speaks))

    def conclude(self, session_id: str, decided: str, asks: str) -> None:
        """Keep what the room decided and what it asks of its partners, also after the end; raises `UnknownSession`."""
        with writing(self.engine) as connection:
            touch(connection, session_id)
            row = update(sessions).where(sessions.c.id == session_id)
            connection.execute(row.values(decided=decided or None, asks=asks or None))

    def lock(self, session_id: str, locked: bool) -> None:
        """Let nobody new in, or (with False) everybody again; raises `UnknownSession`."""
        with writing(self.engine) as connection:
            touch(connection, session_id)
            connection.execute(update(sessions).where(sessions.c.id == session_id).values(locked=locked))

    def expect(self, session_id: str, people: int) -> None:
        """Say how many people are expected; raises `UnknownSession`, `WrongOption`."""
        if not 1 <= people <= EXPECTED_MOST:
            raise WrongOption(option="--expected", value=people, allowed=f"1–{EXPECTED_MOST}")
        with writing(self.engine) as connection:
            touch(connection, session_id)
            connection.execute(update(sessions).where(sessions.c.id == session_id).values(expected=people))

    def tag(self, session_id: str, tags: Sequence[str]) -> None:
        """Say which tags a workshop has; raises `UnknownSession`, `WrongOption`."""
        if len(tags) > TAGS_MOST:
            raise WrongOption(option="--tag", value=len(tags), allowed=f"0–{TAGS_MOST}")
        with writing(self.engine) as connection:
            touch(connection, session_id)
            connection.execute(update(sessions).where(sessions.c.id == session_id).values(tags=list(tags)))

    def empty(self, session_id: str, was: Releases, releases: Releases) -> bool:
        """Remove every row about the people of a session that has ended; of what was released, `releases` stay.

        False, with nothing removed, when something other than `was` is released by now. Raises `UnknownSession`,
        `StillRuns`.
        """
        own_seats = select(seats.c.id).where(seats.c.session_id == session_id)
        own = select(snapshots.c.exercise, snapshots.c.release).where(snapshots.c.session_id == session_id)
        with writing(self.engine) as connection:
            session = read_session(connection, session_id, lock=True)
            if not session.closed:
                raise StillRuns(title=session.title, code=session.code)
            if dict(connection.execute(own).tuples().all()) != was:
                return False
            touch(connection, session_id)
            connection.execute(delete(pairs).where(pairs.c.first_id.in_(own_seats)))
            for table in (answers, imports, marks, pairs):
                connection.execute(delete(table).where(table.c.participant_id.in_(own_seats)))
            for table in (batches, courses, hosts, keys, seats, second_seats, snapshots):
                connection.execute(delete(table).where(table.c.session_id == session_id))
            for slug, release in releases.items():
                row = {"session_id": session_id, "exercise": slug, "release": dict(release), "left": {}}
                connection.execute(insert(snapshots).values(row))
            day = session.emptied_on or date.today()
            connection.execute(update(sessions).where(sessions.c.id == session_id).values(emptied_on=day))
        forget(self.engine)
        return True

    def purge(self, session_id: str) -> None:
        """Remove every row of a session, and its text from the database's files; raises `UnknownSession`.

        PostgreSQL frees the space for reuse, and its own backups and log may keep copies.
        """
        own_seats = select(seats.c.id).where(seats.c.session_id == session_id)
        with writing(self.engine) as connection:
            touch(connection, session_id)
            connection.execute(delete(pairs).where(pairs.c.first_id.in_(own_seats)))
            for table in (answers, imports, marks, pairs):
                connection.execute(delete(table).where(table.c.participant_id.in_(own_seats)))
            for table in (batches, courses, hosts, keys, seats, second_seats, plans, snapshots):
                connection.execute(delete(table).where(table.c.session_id == session_id))
            later = update(sessions).where(sessions.c.follows == session_id)
            connection.execute(later.values(follows=None))
            connection.execute(delete(sessions).where(sessions.c.id == session_id))
        forget(self.engine)

    def tick(self, session_id: str) -> int:
        """A number that grows with every change that a page should notice; raises `UnknownSession`.

        Such changes are an exercise's state or stage, what is revealed, what the room screen shows, the end.
        """
        with reading(self.engine) as connection:
            tick: int | None = connection.execute(_TICK, {"id": session_id}).scalar_one_or_none()
        if tick is None:
            raise UnknownSession(session=session_id)
        return tick

    def ticks(self) -> dict[str, int]:
        """The same for all sessions, by id."""
        with reading(self.engine) as connection:
            return dict(connection.execute(select(sessions.c.id, sessions.c.tick)).tuples().all())

    def counts(self, session_id: str) -> Counts:
        """How many joined and how many answered; raises `UnknownSession`."""
        answered = (
            select(answers.c.exercise, func.count(answers.c.participant_id.distinct()))
            .join(seats, seats.c.id == answers.c.participant_id)
            .where(seats.c.session_id == session_id, answers.c.value != null())
            .group_by(answers.c.exercise)
        )
        joined = select(func.count()).select_from(seats).where(seats.c.session_id == session_id)
        reasons = select(second_seats.c.reason, second_seats.c.count).where(second_seats.c.session_id == session_id)
        with reading(self.engine) as connection:
            session = read_session(connection, session_id)
            found: dict[str, int] = dict(connection.execute(answered).tuples().all())
            total = connection.execute(joined).scalar_one()
            again: dict[str, int] = dict(connection.execute(reasons).tuples().all())
        return Counts(total, {plan.slug: found.get(plan.slug, 0) for plan in session.plans}, again)

    def show(self, session_id: str, slug: str | None, slide: int = 0) -> None:
        """Say which exercise the room screen shows (or none), and which slide of what is on it.

        Raises `UnknownSession`, `UnknownExercise`.
        """
        with writing(self.engine) as connection:
            if slug is not None:
                _check_plan(read_session(connection, session_id, lock=True), slug)
            touch(connection, session_id)
            shown = _shown(slug, slide)
            connection.execute(update(sessions).where(sessions.c.id == session_id).values(showing=shown))

    def turn(self, session_id: str, slug: str | None, slide: int) -> None:
        """Bring the room screen to a slide of what it shows; where another trainer has put something else there by now,
        that stays, and no page looks again. Raises `UnknownSession`.
        """
        shown, wanted = _shown(slug, slide), select(sessions.c.showing).where(sessions.c.id == session_id)
        with writing(self.engine) as connection:
            row = connection.execute(wanted.with_for_update()).one_or_none()
            if row is None:
                raise UnknownSession(session=session_id)
            now: str = row[0] or ""
            if now.partition("/")[0] == (slug or "") and now != (shown or ""):
                touch(connection, session_id)
                connection.execute(update(sessions).where(sessions.c.id == session_id).values(showing=shown))

    def showing(self, session_id: str) -> str | None:
        """The exercise that the room screen shows; raises `UnknownSession`."""
        return self.on_the_wall(session_id)[0]

    def on_the_wall(self, session_id: str) -> tuple[str | None, int]:
        """The same, with the number of its slide, from 0; raises `UnknownSession`."""
        slug, _, slide = (self._column(session_id, sessions.c.showing) or "").partition("/")
        return slug or None, int(slide or 0)

    def _column(self, session_id: str, column: Any) -> Any:
        with reading(self.engine) as connection:
            row = connection.execute(select(column).where(sessions.c.id == session_id)).one_or_none()
        if row is None:
            raise UnknownSession(session=session_id)
        return row[0]

    def _insert(self, session: Session, link_fingerprint: str) -> None:
        with writing(self.engine) as connection:
            if session.room:
                _leave_room(connection, session.room)
            connection.execute(insert(sessions).values(session_row(session)))
            own = {"session_id": session.id, "kind": "lead", "number": 1, "fingerprint": link_fingerprint}
            connection.execute(insert(hosts).values(own))
            if session.plans:
                connection.execute(insert(plans), plan_rows(session))

    def _code_is_taken(self, session: Session) -> bool:
        rows = select(sessions.c.id).where(sessions.c.code == session.code, sessions.c.id != session.id)
        with reading(self.engine) as connection:
            return connection.execute(rows).first() is not None


def _leave_room(connection: Connection, room: str) -> None:
    """Only the day is kept on which a workshop was made: of two of one day, nobody could tell which is the newest."""
    earlier = select(sessions.c.id).where(sessions.c.room == room, sessions.c.closed.is_(False))
    for session_id in connection.execute(earlier).scalars().all():
        touch(connection, session_id)
        connection.execute(update(sessions).where(sessions.c.id == session_id).values(room=""))


def _shown(slug: str | None, slide: int) -> str | None:
    """What the room screen shows, as it is kept."""
    shown = f"{slug or ''}/{slide}" if slide else slug
    return slug if shown and len(shown) > LONGEST_SHOWN else shown


def _check_exercise(session: Session, slug: str) -> None:
    if session.closed:
        raise SessionClosed()
    _check_plan(session, slug)


def _check_plan(session: Session, slug: str) -> None:
    if session.plan(slug) is None:
        raise UnknownExercise(slug=slug[:48], known=", ".join(plan.slug for plan in session.plans))
