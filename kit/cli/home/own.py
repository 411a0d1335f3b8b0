"""Agendas and regional packs of a trainer's own: taken in, begun, looked through by the rules of `kit check`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from kit import regions
from kit.agenda import place
from kit.cli.checking import of_folders
from kit.errors import ContentFault, KitError
from kit.regions import Brought
from kit.texts import languages, say
from kit.yamls import LOADER

BEFORE = "agendas-before"
SLUG = "[a-z][a-z0-9_]{0,47}"


@dataclass(frozen=True)
class OwnFolder:
    """An agenda or a pack of the trainer's own: its `faults` and what is `due` in words, and whether it is `used`."""

    name: str
    title: str
    faults: Sequence[str]
    due: Sequence[str] = ()
    used: bool = False


def agendas(lang: str) -> list[OwnFolder]:
    """Every agenda in the trainer's folder, and what is wrong with each."""
    from kit.agenda.model import read_agenda

    found = []
    for name, folder in place.own().items():
        faults = [one.tell(lang) for one in of_folders([folder])]
        found.append(OwnFolder(name, name if faults else read_agenda(folder).told(lang).title, faults))
    return found


def sound_agendas() -> dict[str, Path]:
    """Those in which nothing is wrong: they can be chosen."""
    return {name: folder for name, folder in place.own().items() if not of_folders([folder])}


def bring_agenda(sent: Sequence[tuple[str, bytes]]) -> list[ContentFault]:
    """Take in the files of one agenda under the name in it, in the place of an earlier one; returns what is wrong.

    What it replaces is kept beside. Nothing is taken in where something is wrong.
    """
    named = _named(sent, place.FILE)
    name = _name_in(named.get(place.FILE, b""), "slug")
    home = place.home()
    home.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=home.parent) as made:
        folder = Path(made) / (name or "agenda")
        _write(folder, named)
        if faults := of_folders([folder]):
            return faults
        aside = home.parent / BEFORE / folder.name
        if (home / folder.name).is_dir():
            shutil.rmtree(aside, ignore_errors=True)
            aside.parent.mkdir(parents=True, exist_ok=True)
            (home / folder.name).rename(aside)
        folder.rename(home / folder.name)
    return []


def packs(lang: str) -> list[OwnFolder]:
    """Every regional pack in the trainer's folder, what is wrong with each, and what is still to be filled in."""
    used = regions.found()
    found = []
    for name, folder in regions.own().items():
        faults = [one.tell(lang) for one in regions.check(folder)]
        due = [] if faults else [one.tell(lang) for one in regions.to_do(folder)]
        title = name if faults else regions.read(folder).texts(lang).name
        found.append(OwnFolder(name, title, faults, due, used == folder))
    return found


def bring_pack(sent: Sequence[tuple[str, bytes]], lang: str) -> list[str]:
    """Take in the files of one regional pack; what became of it, in words."""
    named = _named(sent, regions.FILE)
    name = _name_in(named.get(regions.FILE, b""), "region")
    with TemporaryDirectory() as made:
        folder = Path(made) / (name or "region")
        _write(folder, named)
        try:
            if faults := regions.check(folder):
                return [one.tell(lang) for one in faults]
        except KitError as error:
            return [error.tell(lang)]
        brought = regions.bring(Path(made)).get(folder.name, Brought.BROKEN)
    return [say(lang, f"calls.packs.{brought}", name=name, folder=regions.home())]


def _named(sent: Sequence[tuple[str, bytes]], structure: str) -> dict[str, bytes]:
    """The files that such a folder can hold, by name."""
    known = (structure, *(f"{lang}.yaml" for lang in languages()))
    given = {Path(name.replace("\\", "/")).name: data for name, data in sent}
    return {name: data for name, data in given.items() if name in known}


def _name_in(data: bytes, key: str) -> str:
    """What a folder's own file says that it is called; empty where that is no name."""
    try:
        told = yaml.load(data.decode("utf-8-sig"), LOADER)
    except (UnicodeDecodeError, yaml.YAMLError):
        return ""
    name = told.get(key) if isinstance(told, dict) else None
    return name if isinstance(name, str) and re.fullmatch(SLUG, name) else ""


def _write(folder: Path, named: dict[str, bytes]) -> None:
    folder.mkdir()
    for name, data in named.items():
        (folder / name).write_bytes(data)
