"""Has anything changed that a warm process has in its memory?"""

from __future__ import annotations

import os
import sysconfig
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

# Files are looked at no more often than this (seconds).
EVERY = 1.0
# Built or fetched beside the package, never loaded by Python.
_SKIPPED = frozenset({"__pycache__", "node_modules", "frontend", "static"})
_EXERCISES = "kit.exercises"

Fingerprint = frozenset[tuple[str, int, int]]


class Watcher:
    """Watches the packages that some modules belong to, exercises of other packages, and what is installed."""

    def __init__(self, interpreter: str, modules: Sequence[str], every: float = EVERY) -> None:
        exercises = (entry.value for entry in entry_points(group=_EXERCISES))
        names = {name.partition(".")[0] for name in (__name__, *modules, *exercises)}
        self._folders = [Path(folder) for name in sorted(names) for folder in _folders(name)]
        # Installing or removing anything changes the folder that it is installed in.
        self._places = [Path(interpreter), Path(sysconfig.get_path("purelib"))]
        self._every, self._seen, self._last = every, -1.0, Fingerprint()

    def look(self) -> Fingerprint:
        """Names, sizes and times of change; equal as long as nothing has changed."""
        now = time.monotonic()
        if self._seen < 0 or now - self._seen >= self._every:
            found = (entry for folder in self._folders for entry in _files(folder))
            self._last = frozenset([*found, *(_stat(place) for place in self._places)])
            self._seen = now
        return self._last


def _folders(package: str) -> Sequence[str]:
    spec = find_spec(package)
    return list(spec.submodule_search_locations or ()) if spec else []


def _files(folder: str | Path) -> Iterator[tuple[str, int, int]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in _SKIPPED:
                yield from _files(entry.path)
        elif not entry.name.startswith("."):
            yield _stat(Path(entry.path))


def _stat(path: Path) -> tuple[str, int, int]:
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), found.st_mtime_ns, found.st_size
