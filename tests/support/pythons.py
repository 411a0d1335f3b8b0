"""The Pythons of this machine that the kit may be installed with."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

LEAST = (3, 11, 2)
NEWEST_MINOR = 16

Version = tuple[int, int, int]


@cache
def found(least: tuple[int, ...] = LEAST) -> dict[Path, Version]:
    """Each Python from `least` on, one for each version, oldest first."""
    known: dict[Version, Path] = {}
    for path in _candidates():
        version = _version(path)
        if version and version >= least:
            known.setdefault(version, path)
    return {known[version]: version for version in sorted(known)}


def _candidates() -> Iterator[Path]:
    """Where Pythons usually are: the system's, pyenv's, uv's, and what the path leads to."""
    homes = (
        Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions",
        Path(os.environ.get("UV_PYTHON_INSTALL_DIR", Path.home() / ".local/share/uv/python")),
    )
    folders = [Path("/usr/bin"), Path("/usr/local/bin"), *(bin for home in homes for bin in sorted(home.glob("*/bin")))]
    for folder in folders:
        yield from (path for path in (folder / "python3",) if path.exists())
    for minor in range(6, NEWEST_MINOR):
        yield from (Path(path) for path in (shutil.which(f"python3.{minor}"),) if path)


def _version(path: Path) -> Version | None:
    """None for what is no Python that runs, such as pyenv's placeholders."""
    asked = "import sys; print(*sys.version_info[:3])"
    try:
        told = subprocess.run([path, "-I", "-c", asked], capture_output=True, text=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return None
    major, minor, patch = map(int, told.stdout.split())
    return major, minor, patch
