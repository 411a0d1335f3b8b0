"""Snapshots: what was revealed of an exercise, frozen, with what it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Select, Text, bindparam, cast, delete, insert, select, update

from kit.store.engine import reading, writing
from kit.store.schema import marks, seats, snapshots
from kit.store.session_rows import touch

Marks = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Kept:
    """A release as JSON, and what it rests on: marks by person and item, and how many people have left, by item."""

    release: dict[str, Any]
    marks: dict[str, dict[str, str]]
    left: dict[str, int]


@dataclass(frozen=True)
class Snapshots:
    """What the store does with released results."""

    engine: Engine

    def get(self, session_id: str, exercise: str) -> Kept | None:
        """The last release of an exercise and what it rests on, or None when nothing was revealed."""
        wanted = select(snapshots).where(snapshots.c.session_id == session_id, snapshots.c.exercise == exercise)
        own = (
            select(marks.c.participant_id, marks.c["items"])
            .join(seats, seats.c.id == marks.c.participant_id)
            .where(seats.c.session_id == session_id, marks.c.exercise == exercise)
        )
        with reading(self.engine) as connection:
            row = connection.execute(wanted).one_or_none()
            if row is None:
                return None
            return Kept(row.release, dict(connection.execute(own).tuples().all()), row.left)

    def secrets(self, session_id: str) -> dict[str, str]:
        """Everyone's secret by their id, for disclosure control only."""
        wanted = select(seats.c.id, seats.c.secret).where(seats.c.session_id == session_id)
        with reading(self.engine) as connection:
            return dict(connection.execute(wanted).tuples().all())

    def told(self, session_id: str, exercise: str, lang: str, which: str = "told") -> str:
        """The HTML of a released result in one language, and nothing else of it; empty when there is none."""
        with reading(self.engine) as connection:
            found = connection.execute(_told(lang, which), {"session": session_id, "in_exercise": exercise})
            told: str | None = found.scalar_one_or_none()
        return told or ""

    def all(self, session_id: str) -> dict[str, dict[str, Any]]:
        """Every release of a session as JSON, by exercise, all as they stood at one moment."""
        wanted = select(snapshots.c.exercise, snapshots.c.release).where(snapshots.c.session_id == session_id)
        with reading(self.engine) as connection:
            return dict(connection.execute(wanted).tuples().all())

    def raw(self, session_id: str) -> dict[str, str]:
        """The same as the store holds it, unread: to see whether anything has changed."""
        as_kept = cast(snapshots.c.release, Text)
        wanted = select(snapshots.c.exercise, as_kept).where(snapshots.c.session_id == session_id)
        with reading(self.engine) as connection:
            return dict(connection.execute(wanted.order_by(snapshots.c.exercise)).tuples().all())

    def slugs(self, session_id: str) -> frozenset[str]:
        """The exercises of which something was released; what begins with "_" is none."""
        wanted = select(snapshots.c.exercise).where(snapshots.c.session_id == session_id)
        with reading(self.engine) as connection:
            return frozenset(slug for slug in connection.execute(wanted).scalars() if not slug.startswith("_"))

    def save(
        self, session_id: str, exercise: str, release: Mapping[str, Any], told: Marks, left: Mapping[str, int]
    ) -> bool:
        """Replace the release of an exercise and what it rests on, and let the pages notice.

        False, with nothing written, when somebody in `told` has been erased meanwhile. Raises `UnknownSession`.
        """
        row = {"session_id": session_id, "exercise": exercise}
        place = (snapshots.c.session_id == session_id, snapshots.c.exercise == exercise)
        everyone = select(seats.c.id).where(seats.c.session_id == session_id)
        with writing(self.engine) as connection:
            if not set(told) <= set(connection.execute(everyone.with_for_update()).scalars()):
                return False
            touch(connection, session_id)
            connection.execute(delete(snapshots).where(*place))
            connection.execute(insert(snapshots).values(row | {"release": dict(release), "left": dict(left)}))
            connection.execute(
                delete(marks).where(marks.c.participant_id.in_(everyone), marks.c.exercise == exercise)
            )
            if told:
                rows = [{"participant_id": one, "exercise": exercise, "items": dict(own)} for one, own in told.items()]
                connection.execute(insert(marks), rows)
        return True

    def replace(self, session_id: str, exercise: str, was: Mapping[str, Any], release: Mapping[str, Any]) -> bool:
        """Put `release` where `was` stands, and let the pages notice; what it rests on stays.

        False, with nothing written, when something else stands there by now. Raises `UnknownSession`.
        """
        place = (snapshots.c.session_id == session_id, snapshots.c.exercise == exercise)
        with writing(self.engine) as connection:
            now = connection.execute(select(snapshots.c.release).where(*place).with_for_update()).scalar_one_or_none()
            if now != was:
                return False
            touch(connection, session_id)
            connection.execute(update(snapshots).where(*place).values(release=dict(release)))
        return True

    def remove(self, session_id: str, exercise: str) -> None:
        """Take a release away with what it rests on, and let the pages notice. Raises `UnknownSession`."""
        everyone = select(seats.c.id).where(seats.c.session_id == session_id)
        place = (snapshots.c.session_id == session_id, snapshots.c.exercise == exercise)
        with writing(self.engine) as connection:
            touch(connection, session_id)
            connection.execute(delete(marks).where(marks.c.participant_id.in_(everyone), marks.c.exercise == exercise))
            connection.execute(delete(snapshots).where(*place))


def forget_marks(connection: Connection, participant_id: str) -> None:
    """Remove what releases knew of a person; that somebody left is counted for each item that told of them."""
    own = (marks.c.participant_id == participant_id,)
    session_id = select(seats.c.session_id).where(seats.c.id == participant_id).scalar_subquery()
    found = connection.execute(select(marks.c.exercise, marks.c["items"]).where(*own)).tuples().all()
    connection.execute(delete(marks).where(*own))
    for exercise, items in found:
        place = (snapshots.c.session_id == session_id, snapshots.c.exercise == exercise)
        left = connection.execute(select(snapshots.c.left).where(*place).with_for_update()).scalar_one_or_none()
        if left is not None:
            counted = left | {item: left.get(item, 0) + 1 for item in items}
            connection.execute(update(snapshots).where(*place).values(left=counted))


@cache
def _told(lang: str, which: str) -> Select[Any]:
    """Made once for each language: every page asks it, and asks again at each change."""
    place = (snapshots.c.session_id == bindparam("session"), snapshots.c.exercise == bindparam("in_exercise"))
    return select(snapshots.c.release[which][lang].as_string()).where(*place)
