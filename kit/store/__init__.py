"""What a workshop keeps: sessions, seats, answers and released snapshots, in SQLite or PostgreSQL.

Each call is one short transaction; when it returns, the change is on the disk.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from weakref import WeakSet

from sqlalchemy import URL, Engine

from kit.errors import StoreMissing
from kit.store import news
from kit.store.answers import Answers
from kit.store.courses import Courses
from kit.store.engine import connect, reading_at_once
from kit.store.hosts import Hosts
from kit.store.imports import Imports
from kit.store.keys import Keys
from kit.store.migrate import bring_up_to_date, is_empty
from kit.store.pairs import Pairs
from kit.store.place import is_missing, locate, name_of, prepare
from kit.store.renew import renew
from kit.store.seats import Seats
from kit.store.sessions import Counts, Sessions
from kit.store.snapshots import Kept, Snapshots
from kit.store.watch import Watch

__all__ = ["Counts", "Kept", "Store"]


@dataclass(frozen=True, eq=False)
class Store:
    """One open store, shared by any number of threads and processes."""

    engine: Engine = field(repr=False)
    where: str
    sessions: Sessions = field(repr=False)
    seats: Seats = field(repr=False)
    answers: Answers = field(repr=False)
    snapshots: Snapshots = field(repr=False)
    keys: Keys = field(repr=False)
    imports: Imports = field(repr=False)
    hosts: Hosts = field(repr=False)
    courses: Courses = field(repr=False)
    pairs: Pairs = field(repr=False)
    _watch: Watch = field(repr=False)

    @classmethod
    def open(cls, place: str | Path | None = None, existing: bool = False) -> Store:
        """Open the store at a path or URL, made or brought up to date if need be.

        None means KIT_STORE, or else store.db in the user's data folder. With `existing` none is made: a mistyped
        place raises `StoreMissing`. Raises `StoreTooNew`, `StoreUnwritable`, `StoreFull`, and `WrongOption` for a
        database that the kit does not know.
        """
        url = locate(place)
        engine = _opened(url, existing)
        parts = Sessions(engine), Seats(engine), Answers(engine), Snapshots(engine), Keys(engine), Imports(engine)
        store = cls(engine, name_of(url), *parts, Hosts(engine), Courses(engine), Pairs(engine), Watch(engine))
        _open.add(store)
        return store

    def at_once(self) -> AbstractContextManager[None]:
        """For a block that reads more than once and writes nothing: one transaction instead of many.

        On SQLite it sees one state of the store; on PostgreSQL each reading sees what has been written by then.
        """
        return reading_at_once(self.engine)

    def changed(self) -> int:
        """A number that differs from the last one when anything was written in between: ask it often.

        Compare it only with earlier numbers of this same object and process.
        """
        return self._watch.changed()

    def on_news(self, listener: Callable[[], None]) -> None:
        """Call this when this very store has kept something that pages show (`Sessions.tick` grew).

        It is called in the thread that has kept it. What other processes keep shows in `changed`.
        """
        news.listen(self.engine, listener)

    def close(self) -> None:
        """Give back every connection; a later call opens new ones."""
        self._watch.close()
        self.engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _opened(url: URL, existing: bool) -> Engine:
    """The database, ready to be used."""
    if not existing:
        prepare(url)
    elif is_missing(url):
        raise StoreMissing(where=name_of(url))
    engine = connect(url)
    try:
        if existing and is_empty(engine):
            raise StoreMissing(where=name_of(url))
        bring_up_to_date(engine)
        renew(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


_open: WeakSet[Store] = WeakSet()


def _let_go() -> None:
    """Before a fork: close the connections that nobody is using, and open them again when they are needed.

    A child that inherits SQLite's connections would believe that it holds the parent's file locks,
    and lose what it writes when the parent closes the store. So no thread may be inside a call of
    the store while another one forks.
    """
    for store in list(_open):
        store.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_let_go)
