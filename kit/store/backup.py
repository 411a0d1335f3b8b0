"""A copy of the store while it is in use."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import Engine

from kit.errors import AlreadyThere, FolderUnwritable
from kit.store.engine import is_sqlite, translated


def copy(engine: Engine, file: Path) -> bool:
    """Copy a SQLite store to `file`, whole or not at all; False for a database that has tools of its own for that.

    Raises `AlreadyThere`, `FolderUnwritable`. What is written while it copies is in the copy or is not, change by
    change; never half of one.
    """
    if not is_sqlite(engine.url):
        return False
    if file.exists():
        raise AlreadyThere(file=str(file))
    part = file.with_name(f"{file.name}.part")
    try:
        part.unlink(missing_ok=True)
        # For this user's eyes only, as the store itself.
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        _copy(engine, part)
        os.replace(part, file)
    except OSError as error:
        raise FolderUnwritable(folder=str(file.parent), reason=error.strerror or str(error)) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return True


def _copy(engine: Engine, part: Path) -> None:
    with translated(engine), engine.connect() as connection, closing(sqlite3.connect(part)) as target:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        # In one go: with write-ahead logging nobody waits for a reader, and a copy in steps begins anew at each answer.
        source.backup(target)
        sound = target.execute("PRAGMA quick_check").fetchone()[0]
        if sound != "ok":
            raise sqlite3.DatabaseError(sound)
