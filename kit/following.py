"""A workshop that follows an agenda: from the store to what `kit.agenda` knows, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from kit.agenda.course import Change, Course, asked, beginning, course_from_json, course_to_json
from kit.agenda.model import Agenda, Block, agenda_from_json
from kit.store import Store

# An agenda is kept once, when its workshop is made, and never changed: it is read once by each process.
_read: WeakKeyDictionary[Store, dict[str, Agenda | None]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Followed:
    """A workshop's agenda, and where the room is in it."""

    agenda: Agenda
    course: Course

    @property
    def block(self) -> Block | None:
        """The block that is on; None before the beginning, and in a break or a talk that was added."""
        return asked(self.agenda.structure, self.course)


def follow(store: Store, session_id: str, agenda: Agenda) -> None:
    """Let a session that was just made follow an agenda from its beginning; raises `UnknownSession`."""
    store.courses.add(session_id, agenda.as_json(), course_to_json(beginning(agenda.structure)))
    _read.pop(store, None)


def followed(store: Store, session_id: str) -> Followed | None:
    """What a session follows, and where it is; None when it follows no agenda."""
    agenda = _agenda(store, session_id)
    course = store.courses.course(session_id) if agenda is not None else None
    return Followed(agenda, course_from_json(course)) if agenda is not None and course is not None else None


def change(store: Store, session_id: str, by: Change) -> tuple[Course, Course] | None:
    """Change where a session is; returns what was before and what is now."""

    def in_json(kept: Any) -> Any:
        before = course_from_json(kept)
        after = by(before)
        return kept if after == before else course_to_json(after)

    found = store.courses.change(session_id, in_json)
    return (course_from_json(found[0]), course_from_json(found[1])) if found else None


def _agenda(store: Store, session_id: str) -> Agenda | None:
    known = _read.setdefault(store, {})
    if session_id not in known:
        kept = store.courses.agenda(session_id)
        known[session_id] = agenda_from_json(kept) if kept is not None else None
    return known[session_id]
