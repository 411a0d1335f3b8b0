"""Snapshots: what was revealed of an exercise, frozen, with what it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Engine, Select, bindparam, delete, insert, select, update

from kit.store.engine import reading, writing
from kit.store.schema import snapshots
from kit.store.sessions import touch


@dataclass(frozen=True)
class Snapshots:
    """What the store does with released results."""

    engine: Engine

    def get(self, session_id: str, exercise: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The last release of an exercise and its basis, or None when nothing was revealed."""
        wanted = select(snapshots).where(snapshots.c.session_id == session_id, snapshots.c.exercise == exercise)
        with reading(self.engine) as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else (row.release, row.basis)

    def told(self, session_id: str, exercise: str, lang: str) -> str:
        """The HTML of a released result in one language, and nothing else of it; empty when there is none."""
        with reading(self.engine) as connection:
            found = connection.execute(_told(lang), {"session": session_id, "in_exercise": exercise})
            told: str | None = found.scalar_one_or_none()
        return told or ""

    def slugs(self, session_id: str) -> frozenset[str]:
        """The exercises of which something was released."""
        wanted = select(snapshots.c.exercise).where(snapshots.c.session_id == session_id)
        with reading(self.engine) as connection:
            return frozenset(connection.execute(wanted).scalars())

    def save(self, session_id: str, exercise: str, release: Mapping[str, Any], basis: Mapping[str, Any]) -> None:
        """Replace the release of an exercise, and let the pages notice; raises `UnknownSession`."""
        with writing(self.engine) as connection:
            touch(connection, session_id)
            row = {"session_id": session_id, "exercise": exercise}
            place = (snapshots.c.session_id == session_id, snapshots.c.exercise == exercise)
            connection.execute(delete(snapshots).where(*place))
            connection.execute(insert(snapshots).values(row | {"release": dict(release), "basis": dict(basis)}))

    def replace(self, session_id: str, exercise: str, was: Mapping[str, Any], release: Mapping[str, Any]) -> bool:
        """Put `release` where `was` stands, and let the pages notice; its basis stays.

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


@cache
def _told(lang: str) -> Select[Any]:
    """Made once for each language: every page asks it, and asks again at each change."""
    place = (snapshots.c.session_id == bindparam("session"), snapshots.c.exercise == bindparam("in_exercise"))
    return select(snapshots.c.release["told"][lang].as_string()).where(*place)
