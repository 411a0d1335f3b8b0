"""A cheap sign that something in the store has changed."""

from __future__ import annotations

from threading import Lock
from typing import Any

from sqlalchemy import Engine

from kit.store.engine import is_sqlite, reading, translated

POSTGRES_POSITION = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"


class Watch:
    """Asks one kept connection, which never holds a transaction open, whether others have written."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._kept: Any = None
        self._openings = 0

    def changed(self) -> int:
        """A number that differs from the last one when something was written in between.

        It means something only beside an earlier number of this same object.
        """
        if not is_sqlite(self._engine.url):
            with reading(self._engine) as connection:
                return int(connection.exec_driver_sql(POSTGRES_POSITION).scalar_one())
        with self._lock, translated(self._engine):
            if self._kept is None:
                # SQLite's number compares only within one connection: the upper bits tell connections apart.
                self._kept = self._engine.raw_connection()
                self._openings += 1
            version = self._kept.driver_connection.execute("PRAGMA data_version").fetchone()[0]
            return (self._openings << 32) | int(version)

    def close(self) -> None:
        """Give the connection back; asking again opens another."""
        with self._lock:
            if self._kept is not None:
                self._kept.close()
            self._kept = None
