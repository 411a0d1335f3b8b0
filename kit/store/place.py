"""Where a store lies: from what a person typed to a database URL, with its folder and file made."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from kit.errors import StoreFull, StoreUnwritable, WrongOption

VARIABLE = "KIT_STORE"
ALLOWED = "store.db, sqlite:///store.db, postgresql://user@host/database"


def locate(place: str | Path | None) -> URL:
    """The database URL of a path, a URL, or (None) of KIT_STORE or the user's data folder.

    Raises `WrongOption` for a database that the kit does not know.
    """
    typed = str(place or os.environ.get(VARIABLE) or _data_folder() / "store.db")
    if "://" not in typed:
        return URL.create("sqlite", database=str(Path(typed).expanduser().absolute()))
    try:
        url = make_url(typed)
    except ArgumentError:
        raise _unknown("…://") from None
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return url
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    raise _unknown(url.render_as_string(hide_password=True))


def is_named(place: str | Path | None) -> bool:
    """Whether somebody has said where the store is, as `place` or in KIT_STORE."""
    return bool(place or os.environ.get(VARIABLE))


def prepare(url: URL) -> None:
    """Make a SQLite store's folder and file, for this user's eyes only; raises `StoreUnwritable`.

    SQLite gives its side files (-wal, -shm) the permissions of the main one.
    """
    if url.get_backend_name() != "sqlite" or "uri" in url.query:
        return
    path = Path(url.database or "")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if not path.parent.is_dir():
            raise StoreUnwritable(where=name_of(url), reason=f"{path.parent} is not a folder") from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull(where=name_of(url)) from None
        raise StoreUnwritable(where=name_of(url), reason=error.strerror or str(error)) from None


def is_missing(url: URL) -> bool:
    """Whether there is no such file; a database elsewhere is asked itself."""
    return url.get_backend_name() == "sqlite" and "uri" not in url.query and not Path(url.database or "").is_file()


def name_of(url: URL) -> str:
    """The store as a person may read it: its path, or its URL without the password."""
    if url.get_backend_name() == "sqlite":
        return url.database or ""
    return url.render_as_string(hide_password=True)


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("collaboration-kit", appauthor=False)


def _unknown(typed: str) -> WrongOption:
    return WrongOption(option="--store", value=typed, allowed=ALLOWED)
