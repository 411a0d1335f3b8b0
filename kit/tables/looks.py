"""How the sheets of an XLSX file look to who opens them: cells that were joined, rows that are not shown, formulas of
which the file holds no result, and what lies behind a cell: a link, a note. openpyxl tells none of it while it reads
quickly."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any
from xml.etree.ElementTree import Element, iterparse
from zipfile import ZipFile

_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})")
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::.*)?")
_LINKED = re.compile(r'HYPERLINK\(\s*"([^"]*)"', re.IGNORECASE)
_HERE = "xl/workbook.xml"
MOST_NOTES = 20_000

Place = tuple[int, int]  # row and column


@dataclass(frozen=True)
class Looks:
    """Of one sheet: the column, first and last row of cells that were joined downwards, the numbers of hidden rows,
    how many formulas have no result, where cells lead to, and what notes on them say."""

    joined: tuple[tuple[int, int, int], ...] = ()
    hidden: frozenset[int] = frozenset()
    unworked: int = 0
    links: Mapping[Place, str] = field(default_factory=dict)
    notes: Mapping[Place, str] = field(default_factory=dict)


def looks_of(data: bytes) -> dict[str, Looks]:
    """By the title of the sheet. Raises whatever a damaged file brings about."""
    with ZipFile(io.BytesIO(data)) as archive:
        return {title: _sheet(archive, path) for title, path in _paths(archive)}


def _paths(archive: ZipFile) -> Iterator[tuple[str, str]]:
    """Each sheet's title, and where it is in the file."""
    names = set(archive.namelist())
    with archive.open("xl/_rels/workbook.xml.rels") as file:
        targets = {one.get("Id"): one.get("Target", "") for one in _each(file, "Relationship")}
    with archive.open(_HERE) as file:
        sheets = [(one.get("name", ""), _attribute(one, "id")) for one in _each(file, "sheet")]
    for title, ident in sheets:
        path = posixpath.normpath(posixpath.join("/xl", targets.get(ident, ""))).lstrip("/")
        if path in names:
            yield title, path


def _sheet(archive: ZipFile, path: str) -> Looks:
    joined: list[tuple[int, int, int]] = []
    hidden: list[int] = []
    related = _related(archive, path)
    links: dict[Place, str] = {}
    number = unworked = 0
    with archive.open(path) as file:
        for one in _each(file, "row", "mergeCell", "hyperlink"):
            if _name(one) == "row":
                number = int(one.get("r") or number + 1)
                if one.get("hidden") in ("1", "true") or float(one.get("ht") or 1) == 0:
                    hidden.append(number)
                unworked += sum(_is_unworked(cell) for cell in one)
                links |= {place: found for cell in one for place, found in _formula(cell)}
            elif _name(one) == "hyperlink":
                if (place := _place(one.get("ref", ""))) and (kind := related.get(_attribute(one, "id"))):
                    links[place] = kind[1]
            elif (found := _RANGE.fullmatch(one.get("ref", ""))) and found[2] != found[3]:
                joined.append((_column(found[1]), int(found[2]), int(found[3])))
    return Looks(tuple(joined), frozenset(hidden), unworked, links, _notes(archive, path, related.values()))


def _related(archive: ZipFile, path: str) -> dict[str, tuple[str, str]]:
    """What belongs to a sheet, by its id: of which kind it is, and its place in the file or in the world."""
    folder, name = posixpath.split(path)
    listed = f"{folder}/_rels/{name}.rels"
    if listed not in archive.namelist():
        return {}
    with archive.open(listed) as file:
        return {
            one.get("Id", ""): (one.get("Type", "").rpartition("/")[2], one.get("Target", ""))
            for one in _each(file, "Relationship")
        }


def _notes(archive: ZipFile, path: str, related: Iterable[tuple[str, str]]) -> dict[Place, str]:
    """What was written on cells, in the form of today and in the older one."""
    found: dict[Place, str] = {}
    for kind, target in related:
        part = posixpath.normpath(posixpath.join("/", posixpath.dirname(path), target)).lstrip("/")
        if kind in ("comments", "threadedComment") and part in archive.namelist():
            with archive.open(part) as file:
                for one in _each(file, "comment", "threadedComment"):
                    if (place := _place(one.get("ref", ""))) and len(found) < MOST_NOTES:
                        said = "".join(piece.text or "" for piece in one.iter() if _name(piece) in ("t", "text"))
                        found[place] = f"{found.get(place, '')} {said}".strip()
    return found


def _formula(cell: Element) -> Iterator[tuple[Place, str]]:
    """Where a formula leads that shows another text than its address."""
    for one in cell:
        if _name(one) == "f" and (found := _LINKED.search(one.text or "")) and (place := _place(cell.get("r", ""))):
            yield place, found[1]


def _place(ref: str) -> Place | None:
    found = _CELL.fullmatch(ref)
    return (int(found[2]), _column(found[1])) if found else None


def _is_unworked(cell: Element) -> bool:
    inside = {_name(one): one.text for one in cell}
    return "f" in inside and inside.get("v") is None and "is" not in inside


def _each(file: IO[bytes], *names: str) -> Iterator[Element]:
    """The elements with these names, one after the other; what was looked at takes no more room."""
    path: list[Element] = []
    step: Any
    for step, one in iterparse(file, ("start", "end")):
        if step == "start":
            path.append(one)
            continue
        path.pop()
        if _name(one) in names:
            yield one
            if path:
                path[-1].remove(one)


def _name(one: Element) -> str:
    return one.tag.rpartition("}")[2]


def _attribute(one: Element, name: str) -> str:
    return next((value for key, value in one.attrib.items() if key.rpartition("}")[2] == name), "")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
