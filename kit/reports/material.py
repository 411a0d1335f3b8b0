"""What a report is made of, read out of the store: plain data, which can travel to another process or machine."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kit import results
from kit.regions import Region
from kit.results import Results
from kit.session import Session
from kit.store import Store
from kit.views.support import pack


@dataclass(frozen=True)
class Material:
    """A session with all that may be told of it, and the regional pack in use; nothing of it needs the store."""

    session: Session
    shown: Results
    region: Region | None = None

    @property
    def name(self) -> str:
        """What a report of it is called where something goes wrong."""
        return self.session.code


@dataclass(frozen=True)
class Several:
    """What a roll-up is made of: sessions with what may be told of each, and its title."""

    all: tuple[Material, ...]
    title: str = ""

    @property
    def name(self) -> str:
        """What it is called where something goes wrong."""
        return ", ".join(one.session.code for one in self.all)


def gather(store: Store, session_id: str) -> Material:
    """Read a session at one moment, in one transaction that writes nothing; raises `UnknownSession`.

    Nothing is released here: what was not revealed is not in it, nor what the facilitator has struck out.
    """
    with store.at_once():
        session = store.sessions.get(session_id)
        # A report needs no secret, and may be made on another machine.
        return Material(replace(session, secret=""), results.shown(store, session), pack())
