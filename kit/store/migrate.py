"""Bring a store's tables to the current revision; Alembic is imported only when there is work for it.

To change a table: change `schema.py`, write `migrations/versions/<next>_<what>.py`, set
`schema.REVISION`. Each step runs in the transaction that also records it.
"""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, column, select, table

from kit.errors import StoreTooNew
from kit.store.engine import BUSY_SECONDS, bare, is_busy, is_sqlite, reading, writing
from kit.store.place import name_of
from kit.store.schema import REVISION, VERSION_TABLE

if TYPE_CHECKING:
    from alembic.config import Config

PAUSE_SECONDS = 0.02
# Any number that no other program on the same server uses for its locks.
ADVISORY_LOCK = 0x6B69745F73746F72


def bring_up_to_date(engine: Engine) -> None:
    """Make the tables, or bring them up to date; does nothing when they are.

    Raises `StoreTooNew` (the store is left as it was), `StoreUnwritable`, `StoreFull`.
    """
    with reading(engine) as connection:
        found = recorded(connection)
    if found == REVISION:
        return
    _refuse_unknown(found, engine)
    if is_sqlite(engine.url):
        _write_ahead(engine)
    with writing(engine) as connection:
        if not is_sqlite(engine.url):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
        # Another process may have done the work while this one stood in line.
        if recorded(connection) != REVISION:
            _upgrade(connection)


def is_empty(engine: Engine) -> bool:
    """Whether this is no store (yet): nothing says which revision it has."""
    with reading(engine) as connection:
        return recorded(connection) is None


def recorded(connection: Connection) -> str | None:
    """The revision that the store says it has; None for an empty one."""
    if not connection.dialect.has_table(connection, VERSION_TABLE):
        return None
    found: str | None = connection.execute(select(column("version_num")).select_from(table(VERSION_TABLE))).scalar()
    return found


def config() -> Config:
    """Alembic's configuration: no ini file, migrations from inside the package."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", f"{__package__}:migrations")
    made.set_main_option("path_separator", "os")
    return made


def _refuse_unknown(found: str | None, engine: Engine) -> None:
    if found is None:
        return
    from alembic.script import ScriptDirectory

    if found not in {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}:
        raise StoreTooNew(where=name_of(engine.url), found=found)


def _upgrade(connection: Connection) -> None:
    from alembic import command

    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")


def _write_ahead(engine: Engine) -> None:
    """Switch the file to WAL. SQLite does not wait for others here, so this asks again until they are done."""
    last = time.monotonic() + BUSY_SECONDS
    with bare(engine) as connection:
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL").fetchall()
                return
            except sqlite3.OperationalError as error:
                if not is_busy(error) or time.monotonic() > last:
                    raise
                time.sleep(PAUSE_SECONDS)
