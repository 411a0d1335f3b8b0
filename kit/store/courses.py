"""The agenda that a workshop follows, and where it is in it: both as JSON, which `kit.following` reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, insert, select, update

from kit.store.engine import reading, writing
from kit.store.schema import courses
from kit.store.session_rows import read_session, touch

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Courses:
    """What the store does with agendas. A session keeps its own copy: a file that is changed later changes nothing."""

    engine: Engine

    def add(self, session_id: str, agenda: Json, course: Json) -> None:
        """Let a session follow an agenda; raises `UnknownSession`."""
        with writing(self.engine) as connection:
            read_session(connection, session_id, lock=True)
            connection.execute(insert(courses).values(session_id=session_id, agenda=agenda, course=course))
            touch(connection, session_id)

    def agenda(self, session_id: str) -> Json | None:
        """The agenda of a session; None when it follows none."""
        return self._column(session_id, courses.c.agenda)

    def course(self, session_id: str) -> Json | None:
        """Where a session is in its agenda; None when it follows none."""
        return self._column(session_id, courses.c.course)

    def change(self, session_id: str, by: Callable[[Json], Json]) -> tuple[Json, Json] | None:
        """Change where a session is, in one transaction, so that two trainers' presses follow each other.

        Returns what was before and what is now; None when the session follows no agenda.
        """
        one = courses.c.session_id == session_id
        with writing(self.engine) as connection:
            read_session(connection, session_id, lock=True)
            before = connection.execute(select(courses.c.course).where(one)).scalar_one_or_none()
            if before is None:
                return None
            after = by(before)
            if after != before:
                connection.execute(update(courses).where(one).values(course=after))
                touch(connection, session_id)
        return before, after

    def _column(self, session_id: str, column: Any) -> Json | None:
        with reading(self.engine) as connection:
            found: Json | None = connection.execute(
                select(column).where(courses.c.session_id == session_id)
            ).scalar_one_or_none()
        return found
