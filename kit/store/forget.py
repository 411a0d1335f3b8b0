"""Make the database's files forget what was deleted from its tables."""

from __future__ import annotations

import sqlite3

from sqlalchemy import Engine

from kit.store.engine import bare, is_busy, is_full, is_sqlite


def forget(engine: Engine) -> None:
    """Write a SQLite file anew without what was deleted, and empty its log.

    `secure_delete` has overwritten the rows; copies that moving rows about left in a page go when the
    file is rewritten, and those in the log (-wal) with the checkpoint. Waits for others who read or
    write; the rows are gone in any case. PostgreSQL reuses the space in its own time.
    """
    if not is_sqlite(engine.url):
        return
    with bare(engine) as connection:
        try:
            connection.execute("VACUUM")
        except sqlite3.OperationalError as error:
            # Too busy or too full to rewrite: the checkpoint still does most of it.
            if not is_busy(error) and not is_full(error):
                raise
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
