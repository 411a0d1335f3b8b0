"""Connections and transactions: the one place that begins, commits, rolls back and names a driver's errors."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError

from kit.errors import KitError, PartMissing, StoreAway, StoreFull, StoreUnwritable
from kit.store.news import tell
from kit.store.place import name_of
from kit.store.turn import turn

BUSY_SECONDS = 10
# FULL: what was acknowledged has reached the disk. secure_delete: what was deleted is overwritten.
# temp_store 2: sorting never writes answers to a temporary file. cache_size: half a megabyte is plenty for one person.
PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = 2",
    "PRAGMA cache_size = -512",
)
# SQLite's error names and PostgreSQL's SQLSTATE codes, by how they begin.
FULL = ("SQLITE_FULL", "53100")
UNWRITABLE = (
    "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH", "SQLITE_IOERR", "SQLITE_BUSY",
    "SQLITE_NOTADB", "SQLITE_CORRUPT", "25006", "42501", "28", "3D", "53",
)  # fmt: skip
AWAY = ("08", "53300", "57P")
# A database whose machine is silent is given up after so long, and for so long nobody else waits for it.
CONNECT_SECONDS = 3
PAUSE_SECONDS = 2.0
# libpq's own settings: a dead line is noticed while somebody waits, not after the system's two hours.
REACHED = {
    "connect_timeout": CONNECT_SECONDS, "keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}  # fmt: skip
NEARLY_NOTHING = 64 * 1024
WRITES = "kit_writes"
_shared: ContextVar[Connection | None] = ContextVar("shared", default=None)
# Set on a connection whose transaction changes what pages show.
NEWS = "kit_news"


def connect(url: URL) -> Engine:
    """An engine for this URL; nothing is opened yet. Raises `PartMissing` when its driver is not installed.

    `hide_parameters` keeps what people wrote out of tracebacks and logs.
    """
    try:
        there = {} if is_sqlite(url) else {"connect_args": REACHED}
        engine = create_engine(
            url, hide_parameters=True, pool_pre_ping=not is_sqlite(url), json_deserializer=_from_json, **there
        )
    except ModuleNotFoundError:
        raise PartMissing(what="PostgreSQL", install='pip install "collaboration-kit[postgres]"') from None
    if is_sqlite(url):
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
    return engine


def _from_json(kept: str | bytes) -> Any:
    """What was kept as JSON; most of it are chosen options, plain words that need no parser."""
    if isinstance(kept, str) and kept.startswith('"') and "\\" not in kept:
        return kept[1:-1]
    return json.loads(kept)


def is_sqlite(url: URL) -> bool:
    """Whether the store is a file."""
    return url.get_backend_name() == "sqlite"


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One short transaction that sees one state of the store; raises `StoreUnwritable`."""
    shared = _shared.get()
    if shared is not None and shared.engine is engine:
        yield shared
        return
    with translated(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def reading_at_once(engine: Engine) -> Iterator[None]:
    """Inside, all reading is one transaction: whoever reads ten times is sooner done."""
    with reading(engine) as connection:
        token = _shared.set(connection)
        try:
            yield
        finally:
            _shared.reset(token)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One short transaction that is on the disk when this block ends, or leaves nothing if it raises.

    On SQLite writers stand in line from the first statement on, so none fails half-way.
    Raises `StoreFull` and `StoreUnwritable`.
    """
    with turn(engine.url), translated(engine), engine.connect() as connection:
        connection.execution_options(**{WRITES: True})
        with connection.begin():
            yield connection
        if connection.get_execution_options().get(NEWS):
            tell(engine)


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Turn a driver's error into the situation that a person can act on."""
    since, away = _away.get(engine.url, (0.0, None))
    if away is not None and time.monotonic() - since < PAUSE_SECONDS:
        raise StoreAway(**away.details)
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        situation = _situation(error, engine.url)
        if situation is None:
            raise
        if isinstance(situation, StoreAway):
            _away[engine.url] = time.monotonic(), situation
        raise situation from None
    except UnicodeDecodeError as error:
        if not is_sqlite(engine.url):
            raise
        # SQLite says what is damaged in the words that stand there, and these cannot be read.
        raise StoreUnwritable(where=name_of(engine.url), reason=error.reason) from None


@contextmanager
def bare(engine: Engine) -> Iterator[sqlite3.Connection]:
    """SQLite's own connection with no transaction open, for statements that cannot stand inside one."""
    with turn(engine.url), translated(engine), engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        yield driver


def is_busy(error: sqlite3.Error) -> bool:
    """Whether SQLite gave up because others were at work."""
    return error.sqlite_errorname.startswith("SQLITE_BUSY")


def is_full(error: sqlite3.Error) -> bool:
    """Whether SQLite found no room on the disk."""
    return error.sqlite_errorname.startswith("SQLITE_FULL")


def _situation(error: DBAPIError | sqlite3.Error, url: URL) -> KitError | None:
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    if name is None or name.startswith(AWAY):
        # PostgreSQL that cannot be reached has no code; neither have a programmer's mistakes.
        known = name is not None or isinstance(error, OperationalError)
        return StoreAway(where=name_of(url), reason=_first_line(cause)) if known else None
    if name.startswith(FULL) or (name.startswith("SQLITE_IOERR") and _disk_is_full(url)):
        return StoreFull(where=name_of(url))
    if name.startswith(UNWRITABLE):
        return StoreUnwritable(where=name_of(url), reason=_first_line(cause))
    return None


_away: dict[URL, tuple[float, StoreAway]] = {}


def _first_line(cause: object) -> str:
    return (str(cause).splitlines() or ["?"])[0]


def _disk_is_full(url: URL) -> bool:
    try:
        return shutil.disk_usage(Path(url.database or "").parent).free < NEARLY_NOTHING
    except OSError:
        return False


def _set_up(connection: Any, _record: object) -> None:
    # None: the driver opens no transaction by itself; `_begin` does.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
