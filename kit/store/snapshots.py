"""Snapshots: what was revealed of an exercise, frozen, with what it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, insert, select

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

    def save(self, session_id: str, exercise: str, release: Mapping[str, Any], basis: Mapping[str, Any]) -> None:
        """Replace the release of an exercise, and let the pages notice; raises `UnknownSession`."""
        with writing(self.engine) as connection:
            touch(connection, session_id)
            row = {"session_id": session_id, "exercise": exercise}
            place = (snapshots.c.session_id == session_id, snapshots.c.exercise == exercise)
            connection.execute(delete(snapshots).where(*place))
            connection.execute(insert(snapshots).values(row | {"release": dict(release), "basis": dict(basis)}))
