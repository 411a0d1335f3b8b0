"""Which region is in use: the one that was named, or the only one in the user's data folder."""

from __future__ import annotations

import os
from functools import cache
from importlib.resources import files
from pathlib import Path

from kit.errors import UnknownRegion
from kit.regions.pack import FILE, Region, read

# The folder of the pack in use. Kernels and reports inherit it.
VARIABLE = "KIT_REGION"
# The worked example; it is never used unless it is named.
EXAMPLE = "example"


def home() -> Path:
    """Where a person's own packs lie."""
    from platformdirs import user_data_path

    return user_data_path("collaboration-kit", appauthor=False) / "regions"


def own() -> dict[str, Path]:
    """The packs in the person's data folder, by name."""
    return {path.parent.name: path.parent for path in sorted(home().glob(f"*/{FILE}"))}


def folders() -> dict[str, Path]:
    """Every pack that can be named: the person's own, and the worked example."""
    return {EXAMPLE: Path(str(files("kit.regions"))) / EXAMPLE, **own()}


def choose(name: str) -> Path:
    """Use the pack of this name or folder in this process and those that it starts.

    Raises `UnknownRegion`, and `ContentFault` for one that cannot be read.
    """
    folder = _find(name)
    read(folder)
    os.environ[VARIABLE] = str(folder)
    return folder


def found() -> Path | None:
    """The folder of the pack in use; None where none was named and there is none, or more than one, to be found."""
    named = os.environ.get(VARIABLE, "")
    if named:
        return _find(named)
    packs = [*own().values()]
    return packs[0] if len(packs) == 1 else None


def in_use() -> Region | None:
    """The pack in use, read once for each state of its files; raises what `choose` does."""
    folder = found()
    if folder is None:
        return None
    stamp = tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.yaml")))
    return _read(folder, stamp)


@cache
def _read(folder: Path, _stamp: tuple[tuple[str, int], ...]) -> Region:
    return read(folder)


def _find(name: str) -> Path:
    folder = folders().get(name) or Path(name).expanduser().absolute()
    if not (folder / FILE).is_file():
        raise UnknownRegion(region=name[:64], known=", ".join(folders()), folder=home())
    return folder
