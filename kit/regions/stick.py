"""Packs on a USB stick: laid there with the program (`kit take-along`), and taken into the data folder at its start."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from kit.errors import KitError
from kit.regions.pack import FILE, read
from kit.regions.place import home
from kit.texts import languages

# Below the stick's folder, and beside the packs in use: what was replaced, which nothing finds by itself.
FOLDER = "regions"
BEFORE = "regions-before"


class Brought(StrEnum):
    """What became of a pack that lay on a stick."""

    NEW = "new"
    SAME = "same"
    NEWER = "newer"
    KEPT = "kept"
    BROKEN = "broken"


def lay(packs: Iterable[Path], stick: Path) -> None:
    """Copy packs below `stick`, in the place of those that lay there."""
    there = stick / FOLDER
    shutil.rmtree(there, ignore_errors=True)
    for pack in packs:
        _copy(pack, there / pack.name)


def bring(there: Path) -> dict[str, Brought]:
    """Bring every pack that lies in `there` into the data folder; by name, what became of it.

    Of two that differ, the one counts in which something was checked last, so that an old stick brings no old numbers
    back; on the same day it is the stick's. What it replaces is kept beside. One that cannot be read stays where it is.
    """
    return {path.parent.name: _bring(path.parent) for path in sorted(there.glob(f"*/{FILE}"))}


def _bring(pack: Path) -> Brought:
    mine = home() / pack.name
    try:
        coming = read(pack)
    except KitError:
        return Brought.BROKEN
    if not mine.is_dir():
        return _put(pack, mine, Brought.NEW)
    if _files(pack) == _files(mine):
        return Brought.SAME
    try:
        newer = coming.checked_on >= read(mine).checked_on
    except KitError:
        newer = True
    if not newer:
        return Brought.KEPT
    aside = home().parent / BEFORE / pack.name
    shutil.rmtree(aside, ignore_errors=True)
    aside.parent.mkdir(parents=True, exist_ok=True)
    mine.rename(aside)
    return _put(pack, mine, Brought.NEWER)


def _put(pack: Path, mine: Path, as_what: Brought) -> Brought:
    """A whole pack or none: whoever pulls the stick out meanwhile leaves no half of one."""
    home().mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=home().parent) as made:
        _copy(pack, Path(made) / pack.name).rename(mine)
    return as_what


def _copy(pack: Path, to: Path) -> Path:
    to.mkdir(parents=True)
    for name, text in _files(pack).items():
        (to / name).write_bytes(text)
    return to


def _files(pack: Path) -> dict[str, bytes]:
    """What a pack is made of, and nothing else that lies beside it."""
    names = (FILE, *(f"{lang}.yaml" for lang in languages()))
    return {name: (pack / name).read_bytes() for name in names if (pack / name).is_file()}
