"""A queue in front of SQLite's write lock.

Those who wait for SQLite's own lock ask again now and then: with 300 processes on two cores, a few
waited for over 10 seconds and gave up (measured). Those who wait for a file lock sleep until the system wakes
them. This is about fairness only; that one writes at a time is SQLite's to ensure.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL

SUFFIX = "-turn"


@contextmanager
def turn(url: URL) -> Iterator[None]:
    """Wait until it is this thread's turn to write to a SQLite file; never nested.

    Without a lock file (other databases, Windows, a file that cannot be made) it waits for nothing.
    """
    held = _take(url)
    try:
        yield
    finally:
        if held is not None:
            _give_back(held)


if sys.platform == "win32":

    def _take(_url: URL) -> int | None:
        return None

    def _give_back(held: int) -> None:
        os.close(held)

else:
    import fcntl

    def _take(url: URL) -> int | None:
        if url.get_backend_name() != "sqlite" or "uri" in url.query:
            return None
        try:
            # A description of its own for each turn, so that threads queue as processes do.
            held = os.open(f"{url.database}{SUFFIX}", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return None
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
        except OSError:
            os.close(held)
            return None
        return held

    def _give_back(held: int) -> None:
        # Unlocked by name, since a child forked meanwhile holds the same description.
        fcntl.flock(held, fcntl.LOCK_UN)
        os.close(held)
