"""A sign beside a SQLite store that pages should look again: a few bytes that are new after each change.

Pages look at it instead of the database, where every answer of everybody would wake them: reading it costs a
hundredth, and it changes only with what `touch` marks.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress

from sqlalchemy import URL

SUFFIX = "-news"
LENGTH = 8


def file_of(url: URL) -> str | None:
    """Where the sign of this store is; None for another database."""
    if url.get_backend_name() != "sqlite" or "uri" in url.query:
        return None
    return f"{url.database}{SUFFIX}"


def tell(url: URL) -> None:
    """Renew the sign, after what it tells of is on the disk. Where that fails, pages find out by themselves, later."""
    if (file := file_of(url)) is None:
        return
    with suppress(OSError):
        sign = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.pwrite(sign, secrets.token_bytes(LENGTH), 0)
        finally:
            os.close(sign)


def read(file: str) -> bytes:
    """The sign as it is now; empty when nothing was told yet."""
    try:
        sign = os.open(file, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(sign, LENGTH)
    except OSError:
        return b""
    finally:
        os.close(sign)
