"""Who leads: the facilitator's key, and the links that it has made for a second trainer and for the wall."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from kit.errors import TooManyLinks
from kit.session import fingerprint
from kit.store.engine import reading, writing
from kit.store.schema import hosts, sessions
from kit.store.sessions import read_session, touch

MOST_LINKS = 9
TAG = 16


class Opens(StrEnum):
    """What a key opens."""

    LEAD = "lead"  # the facilitator's own: everything
    SECOND = "second"  # console and wall; makes and ends no links
    WALL = "wall"  # the wall, to look at


@dataclass(frozen=True)
class Right:
    """What a key may do. `number` tells links of one kind apart (0: the facilitator's own)."""

    kind: Opens
    number: int
    fingerprint: str

    @property
    def tag(self) -> str:
        """A name for it that opens nothing."""
        return self.fingerprint[:TAG]


@dataclass(frozen=True)
class Hosts:
    """What the store does with facilitators' keys. Of each, only the fingerprint is kept."""

    engine: Engine

    def right(self, session_id: str, key: str) -> Right | None:
        """What this key may do in a session; None when it opens nothing there, or there is no such session."""
        known, found = fingerprint(key), None
        for one in self._rights(session_id):
            # Each is compared, so that the time says nothing.
            if hmac.compare_digest(one.fingerprint, known):
                found = one
        return found

    def links(self, session_id: str) -> list[Right]:
        """The links that work, without the facilitator's own."""
        return [one for one in self._rights(session_id) if one.kind is not Opens.LEAD]

    def tags(self) -> set[tuple[str, str]]:
        """Of every key that works in this store: the session's id and the key's tag."""
        with reading(self.engine) as connection:
            rows = [
                *connection.execute(select(hosts.c.session_id, hosts.c.fingerprint)),
                *connection.execute(select(sessions.c.id, sessions.c.key_fingerprint)),
            ]
        return {(session, known[:TAG]) for session, known in rows}

    def add(self, session_id: str, kind: Opens) -> str:
        """A new link's key, shown this once; raises `UnknownSession`, `TooManyLinks`."""
        key = new_host_key()
        with writing(self.engine) as connection:
            read_session(connection, session_id, lock=True)
            touch(connection, session_id)
            number = _next_number(connection, session_id, kind)
            row = {"session_id": session_id, "kind": kind.value, "number": number, "fingerprint": fingerprint(key)}
            connection.execute(insert(hosts).values(row))
        return key

    def end(self, session_id: str, kind: Opens, number: int) -> None:
        """A link opens nothing any more; raises `UnknownSession`."""
        one = (hosts.c.session_id == session_id, hosts.c.kind == kind.value, hosts.c.number == number)
        with writing(self.engine) as connection:
            touch(connection, session_id)
            connection.execute(delete(hosts).where(*one))

    def renew(self, session_id: str) -> str:
        """A new key for the facilitator, shown this once; every earlier key and link ends. Raises `UnknownSession`."""
        key = new_host_key()
        with writing(self.engine) as connection:
            touch(connection, session_id)
            connection.execute(delete(hosts).where(hosts.c.session_id == session_id))
            own = update(sessions).where(sessions.c.id == session_id)
            connection.execute(own.values(key_fingerprint=fingerprint(key)))
        return key

    def _rights(self, session_id: str) -> list[Right]:
        own = select(sessions.c.key_fingerprint).where(sessions.c.id == session_id)
        links = select(hosts).where(hosts.c.session_id == session_id).order_by(hosts.c.kind, hosts.c.number)
        with reading(self.engine) as connection:
            lead = [Right(Opens.LEAD, 0, one) for one in connection.execute(own).scalars()]
            return lead + [Right(Opens(row.kind), row.number, row.fingerprint) for row in connection.execute(links)]


def new_host_key() -> str:
    """A facilitator's key: 192 bits, so that nobody guesses it."""
    return secrets.token_urlsafe(24)


def _next_number(connection: Connection, session_id: str, kind: Opens) -> int:
    own = (hosts.c.session_id == session_id, hosts.c.kind == kind.value)
    number, last = connection.execute(select(func.count(), func.max(hosts.c.number)).where(*own)).one()
    if number >= MOST_LINKS:
        raise TooManyLinks(most=MOST_LINKS)
    return int(last or 0) + 1
