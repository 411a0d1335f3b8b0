"""A session and its exercises as rows: read and written inside a transaction of somebody else's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from kit.errors import UnknownSession
from kit.session import Mode, Plan, Session, State
from kit.store.engine import NEWS
from kit.store.schema import answers, plans, seats, sessions
from kit.versions import versions

# Made once: every page asks them, and asks again at each change.
_ONE = select(sessions).where(sessions.c.id == bindparam("id"))
_LOCKED = _ONE.with_for_update()
_PLANS = select(plans).where(plans.c.session_id == bindparam("id")).order_by(plans.c.position)


def read_session(connection: Connection, session_id: str, lock: bool = False) -> Session:
    """One session inside a transaction; `lock` holds its row until the end. Raises `UnknownSession`."""
    row = connection.execute(_LOCKED if lock else _ONE, {"id": session_id}).one_or_none()
    if row is None:
        raise UnknownSession(session=session_id)
    return session_of(row, [plan_of(plan) for plan in connection.execute(_PLANS, {"id": session_id})])


def touch(connection: Connection, session_id: str) -> None:
    """Let the pages of a session notice a change; raises `UnknownSession`."""
    connection.execution_options(**{NEWS: True})
    row = update(sessions).where(sessions.c.id == session_id).values(tick=sessions.c.tick + 1)
    if connection.execute(row).rowcount == 0:
        raise UnknownSession(session=session_id)


def session_of(row: Row[Any], own: Sequence[Plan]) -> Session:
    """The session that a row is, with its own exercises."""
    return Session(
        id=row.id, code=row.code, title=row.title, lang=row.lang, mode=Mode(row.mode), k=row.k,
        plans=tuple(own), partners=tuple(row.partners), made_on=row.made_on, closed=row.closed, secret=row.secret,
        locked=row.locked, expected=row.expected,
        closed_on=row.closed_on, room_lang=row.room_lang or "",
        decided=row.decided or "", asks=row.asks or "",
        tags=tuple(row.tags or ()), emptied_on=row.emptied_on, follows=row.follows or "",
        keep_days=row.keep_days, room=row.room or "",
        wall=tuple((row.wall or "").split()), practice=row.practice or "",
    )  # fmt: skip


def plan_of(row: Row[Any]) -> Plan:
    """The exercise of a session that a row is."""
    way = tuple(row.way or ())
    return Plan(
        row.slug, tuple(row.options), State(row.state), row.stage or "", row.version, row.renewed, row.round, way
    )  # fmt: skip


def session_row(session: Session) -> dict[str, object]:
    """The row of a new session."""
    return {
        "id": session.id, "code": session.code, "title": session.title, "lang": session.lang,
        "mode": session.mode.value, "k": session.k, "partners": list(session.partners),
        "made_on": session.made_on, "closed": session.closed, "secret": session.secret,
        "tick": 0, "showing": None, "locked": session.locked, "expected": session.expected,
        "closed_on": session.closed_on, "room_lang": session.room_lang or None,
        "decided": session.decided or None, "asks": session.asks or None,
        "tags": list(session.tags), "emptied_on": session.emptied_on, "follows": session.follows or None,
        "keep_days": session.keep_days, "room": session.room or None,
        "wall": " ".join(session.wall) or None, "practice": session.practice or None,
    }  # fmt: skip


def plan_rows(session: Session) -> list[dict[str, object]]:
    """The rows of its exercises, in their order."""
    return [_plan_row(session.id, position, plan) for position, plan in enumerate(session.plans)]


def add_plan(connection: Connection, session: Session, slug: str, options: Sequence[str]) -> None:
    """Add an exercise after the others, or give one that is there other options."""
    if session.plan(slug) is None:
        after = select(func.coalesce(func.max(plans.c.position) + 1, 0)).where(plans.c.session_id == session.id)
        position = connection.execute(after).scalar_one()
        connection.execute(insert(plans).values(_plan_row(session.id, position, Plan(slug, tuple(options)))))
        return
    row = update(plans).where(plans.c.session_id == session.id, plans.c.slug == slug)
    connection.execute(row.values(options=list(options)))


def take_plan(connection: Connection, session_id: str, slug: str, options: Sequence[str] | None) -> None:
    """Take an exercise away, or (with other options) leave it; nothing is done where anybody has answered it."""
    people = select(seats.c.id).where(seats.c.session_id == session_id)
    said = select(answers.c.item).where(answers.c.exercise == slug, answers.c.participant_id.in_(people)).limit(1)
    if connection.execute(said).first() is not None:
        return
    own = (plans.c.session_id == session_id, plans.c.slug == slug)
    if options is None:
        connection.execute(delete(plans).where(*own))
    else:
        connection.execute(update(plans).where(*own).values(options=list(options)))


def _plan_row(session_id: str, position: int, plan: Plan) -> dict[str, object]:
    return {
        "session_id": session_id, "slug": plan.slug, "position": position,
        "options": list(plan.options), "state": plan.state.value, "stage": plan.stage or None,
        "way": list(plan.way),
        "version": plan.version or versions().get(plan.slug, 1), "round": plan.round,
    }  # fmt: skip
