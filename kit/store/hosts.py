"""Who leads: links for the facilitator, a second trainer and the wall, and the keys of browsers that opened them.

A link opens once. What it carries stays in a browser's history, so the browser holds another key from then on.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update

from kit.errors import AnswersGone, LinkUsed, TooManyLinks, WrongKey
from kit.session import fingerprint
from kit.store.engine import reading, writing
from kit.store.schema import hosts
from kit.store.session_rows import read_session, touch

MOST_LINKS = 9
TAG = 16


class Opens(StrEnum):
    """What a link opens."""

    LEAD = "lead"  # the facilitator's own: everything
    SECOND = "second"  # console and wall; makes and ends no links
    WALL = "wall"  # the wall, to look at


@dataclass(frozen=True)
class Right:
    """What the holder of a key may do. `number` tells links of one kind apart."""

    kind: Opens
    number: int
    fingerprint: str

    @property
    def tag(self) -> str:
        """A name for it that opens nothing."""
        return self.fingerprint[:TAG]


@dataclass(frozen=True)
class HostLink:
    """A link that was made: whether a browser has opened it yet."""

    kind: Opens
    number: int
    opened: bool


@dataclass(frozen=True)
class Hosts:
    """What the store does with facilitators' links and keys. Of each, only the fingerprint is kept."""

    engine: Engine

    def right(self, session_id: str, key: str) -> Right | None:
        """What a browser with this key may do in a session; None when it opens nothing there."""
        known, found = fingerprint(key), None
        for row in self._rows(session_id):
            # Each is compared, so that the time says nothing.
            if hmac.compare_digest(row.held or "", known):
                found = Right(Opens(row.kind), row.number, row.held)
        return found

    def open(self, session_id: str, secret: str) -> tuple[Right, str]:
        """Open a link with what it carries; what this browser may do now, and its key.

        Raises `LinkUsed` when another time has opened it, `WrongKey` when there is no such link.
        """
        known, wanted = fingerprint(secret), None
        for row in self._rows(session_id):
            if hmac.compare_digest(row.fingerprint, known):
                wanted = row
        if wanted is None:
            raise WrongKey()
        kind, key = Opens(wanted.kind), new_host_key()
        one = (*_one(session_id, kind, wanted.number), hosts.c.held.is_(None))
        with writing(self.engine) as connection:
            touch(connection, session_id)
            # Of two who open it in the same moment, one has it.
            if connection.execute(update(hosts).where(*one).values(held=fingerprint(key))).rowcount == 0:
                raise LinkUsed(kind=kind.value)
        return Right(kind, wanted.number, fingerprint(key)), key

    def links(self, session_id: str) -> list[HostLink]:
        """The links that work, without the facilitator's own."""
        found = [HostLink(Opens(row.kind), row.number, row.held is not None) for row in self._rows(session_id)]
        return [one for one in found if one.kind is not Opens.LEAD]

    def tags(self) -> set[tuple[str, str]]:
        """Of every key that works in this store: the session's id and the key's tag."""
        held = select(hosts.c.session_id, hosts.c.held).where(hosts.c.held.is_not(None))
        with reading(self.engine) as connection:
            return {(session, known[:TAG]) for session, known in connection.execute(held)}

    def add(self, session_id: str, kind: Opens) -> str:
        """What a new link carries, shown this once; raises `UnknownSession`, `TooManyLinks`."""
        secret = new_host_key()
        with writing(self.engine) as connection:
            read_session(connection, session_id, lock=True)
            touch(connection, session_id)
            _insert(connection, session_id, kind, secret)
        return secret

    def end(self, session_id: str, kind: Opens, number: int) -> None:
        """A link opens nothing any more, and its browser's key neither; raises `UnknownSession`."""
        with writing(self.engine) as connection:
            touch(connection, session_id)
            connection.execute(delete(hosts).where(*_one(session_id, kind, number)))

    def leave(self, session_id: str, tag: str) -> None:
        """The key with this tag opens nothing any more, and its link is gone; raises `UnknownSession`."""
        held = (hosts.c.session_id == session_id, hosts.c.held.startswith(tag, autoescape=True))
        with writing(self.engine) as connection:
            touch(connection, session_id)
            connection.execute(delete(hosts).where(*held))

    def renew(self, session_id: str) -> str:
        """What a new link for the facilitator carries, shown this once; every earlier link and key ends.

        Raises `UnknownSession`, and `AnswersGone` where there is nothing to lead any more.
        """
        secret = new_host_key()
        with writing(self.engine) as connection:
            session = read_session(connection, session_id, lock=True)
            if session.emptied_on:
                raise AnswersGone(title=session.title)
            touch(connection, session_id)
            connection.execute(delete(hosts).where(hosts.c.session_id == session_id))
            _insert(connection, session_id, Opens.LEAD, secret)
        return secret

    def _rows(self, session_id: str) -> list[Row[Any]]:
        own = select(hosts).where(hosts.c.session_id == session_id).order_by(hosts.c.kind, hosts.c.number)
        with reading(self.engine) as connection:
            return list(connection.execute(own))


def new_host_key() -> str:
    """A link's secret or a browser's key: 192 bits, so that nobody guesses it."""
    return secrets.token_urlsafe(24)


def _one(session_id: str, kind: Opens, number: int) -> tuple[Any, ...]:
    return hosts.c.session_id == session_id, hosts.c.kind == kind.value, hosts.c.number == number


def _insert(connection: Connection, session_id: str, kind: Opens, secret: str) -> None:
    number = _next_number(connection, session_id, kind)
    row = {"session_id": session_id, "kind": kind.value, "number": number, "fingerprint": fingerprint(secret)}
    connection.execute(insert(hosts).values(row))


def _next_number(connection: Connection, session_id: str, kind: Opens) -> int:
    own = (hosts.c.session_id == session_id, hosts.c.kind == kind.value)
    number, last = connection.execute(select(func.count(), func.max(hosts.c.number)).where(*own)).one()
    if number >= MOST_LINKS and kind is not Opens.LEAD:
        raise TooManyLinks(most=MOST_LINKS)
    return int(last or 0) + 1
