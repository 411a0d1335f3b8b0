"""Keys of sessions: a pair for each, made when its first link is; what is sealed with one half, the other opens."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, insert, select

from kit.sealed import new_key, public_of
from kit.store.engine import reading, writing
from kit.store.schema import keys
from kit.store.session_rows import read_session


@dataclass(frozen=True)
class Keys:
    """What the store does with keys. A session has one; more only where a lost one was brought back."""

    engine: Engine

    def public(self, session_id: str) -> str:
        """The half that goes into a link; the pair is made on first need. Raises `UnknownSession`."""
        with writing(self.engine) as connection:
            read_session(connection, session_id, lock=True)
            if found := _pairs(connection, session_id):
                return next(iter(found))
            public, private = new_key()
            _insert(connection, session_id, public, private)
        return public

    def private(self, session_id: str) -> tuple[str, ...]:
        """The halves that open what was sealed for this session; none when no link was ever made."""
        with reading(self.engine) as connection:
            return tuple(_pairs(connection, session_id).values())

    def bring_back(self, session_id: str, private: str) -> str:
        """Keep a key that was kept elsewhere, and return its public half; raises `KeyUnreadable`, `UnknownSession`."""
        public = public_of(private)
        with writing(self.engine) as connection:
            read_session(connection, session_id, lock=True)
            if public not in _pairs(connection, session_id):
                _insert(connection, session_id, public, private)
        return public

    def elsewhere(self, session_id: str) -> dict[str, tuple[str, ...]]:
        """The private halves of every other session, by its id: to say of which one a file is."""
        found: dict[str, tuple[str, ...]] = {}
        with reading(self.engine) as connection:
            for row in connection.execute(select(keys).where(keys.c.session_id != session_id)):
                found[row.session_id] = (*found.get(row.session_id, ()), row.private)
        return found


def _pairs(connection: Connection, session_id: str) -> dict[str, str]:
    rows = select(keys.c.public, keys.c.private).where(keys.c.session_id == session_id).order_by(keys.c.public)
    return dict(connection.execute(rows).tuples().all())


def _insert(connection: Connection, session_id: str, public: str, private: str) -> None:
    connection.execute(insert(keys).values(session_id=session_id, public=public, private=private))
