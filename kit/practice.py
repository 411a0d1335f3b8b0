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


@contextmanager
def passing_folder(prefix: str) -> Iterator[Path]:
    """A private folder, removed on the way out; what an earlier process has left that was killed is removed now."""
    for left in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        number = re.match(r"\d+", left.name.removeprefix(prefix))
        if number and not psutil.pid_exists(int(number[0])):
            # Somebody else's stays: it cannot be removed.
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}_"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
