"""How the sheets of an XLSX file look to who opens them: cells that were joined, rows that are not shown, and formulas
of which the file holds no result. openpyxl tells none of it while it reads quickly."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any
from xml.etree.ElementTree import Element, iterparse
from zipfile import ZipFile

_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})")
_HERE = "xl/workbook.xml"


@dataclass(frozen=True)
class Looks:
    """Of one sheet: the column, first and last row of cells that were joined downwards, the numbers of hidden rows,
    and how many formulas have no result."""

    joined: tuple[tuple[int, int, int], ...] = ()
    hidden: frozenset[int] = frozenset()
    unworked: int = 0


def looks_of(data: bytes) -> dict[str, Looks]:
    """By the title of the sheet. Raises whatever a damaged file brings about."""
    with ZipFile(io.BytesIO(data)) as archive:
        return {title: _sheet(archive.open(path)) for title, path in _paths(archive)}


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


def _sheet(file: IO[bytes]) -> Looks:
    joined: list[tuple[int, int, int]] = []
    hidden: list[int] = []
    number = unworked = 0
    with file:
        for one in _each(file, "row", "mergeCell"):
            if _name(one) == "row":
                number = int(one.get("r") or number + 1)
                if one.get("hidden") in ("1", "true") or float(one.get("ht") or 1) == 0:
                    hidden.append(number)
                unworked += sum(_is_unworked(cell) for cell in one)
            elif (found := _RANGE.fullmatch(one.get("ref", ""))) and found[2] != found[3]:
                joined.append((_column(found[1]), int(found[2]), int(found[3])))
    return Looks(tuple(joined), frozenset(hidden), unworked)


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
