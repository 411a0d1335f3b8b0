"""Folders that go with the process that made them. A practice is kept in one of those, never in the store."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from kit.errors import PracticeAmongOthers
from kit.store import Store

PREFIX = "kit_practice_"
# So much may a clock be set right while a process runs.
CLOCK_SECONDS = 3600


@contextmanager
def passing_folder(prefix: str) -> Iterator[Path]:
    """A private folder, removed on the way out; what an earlier process has left that was killed is removed now."""
    for left in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        number = re.match(r"\d+", left.name.removeprefix(prefix))
        if number and not _still_runs(int(number[0]), left):
            # Somebody else's stays: it cannot be removed.
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}_"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _still_runs(number: int, made: Path) -> bool:
    """Whether the process that has made a folder is there; after a power cut, another one may have its number."""
    try:
        return psutil.Process(number).create_time() < made.stat().st_mtime + CLOCK_SECONDS
    except psutil.AccessDenied:
        return True
    except (psutil.NoSuchProcess, OSError):
        return False


@contextmanager
def practice_store(named: str | None) -> Iterator[Store]:
    """A store of simulated people, of which nothing is kept, or one that was named for them.

    Raises `PracticeAmongOthers` where that holds workshops already.
    """
    if named:
        with Store.open(named) as store:
            if store.sessions.all():
                raise PracticeAmongOthers()
            yield store
        return
    with passing_folder(PREFIX) as folder, Store.open(folder / "practice.db") as store:
        yield store
