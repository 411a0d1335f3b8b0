"""The cells of an XLSX file as texts, within limits: a small file can unpack to a very large one."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zipfile import BadZipFile, ZipFile

from kit.tables.looks import Looks, looks_of

LARGEST_BOOK = 30_000_000  # bytes, unpacked
_MARK = "xl/workbook.xml"
# What a formula says that could not be worked out.
_FAILED = frozenset({"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})


class Unreadable(Exception):
    """Not a workbook, or too large a one; its text is "book" or "large"."""


@dataclass(frozen=True)
class Grid:
    """A sheet's rows from the first one on, empty ones too.

    hidden    the numbers of rows that its program does not show
    unworked  how many cells hold a formula without what comes out of it
    links     where cells lead to, and `notes` what was written on them, by row and column from 1 on
    """

    title: str
    rows: list[list[str]]
    hidden: frozenset[int] = frozenset()
    unworked: int = 0
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)
    notes: Mapping[tuple[int, int], str] = field(default_factory=dict)


def is_book(data: bytes) -> bool:
    """Whether this is an XLSX file, going by what it holds."""
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            return _MARK in archive.namelist()
    except (BadZipFile, ValueError, OSError):
        return False


def sheets_of(data: bytes, rows: int, columns: int) -> Iterator[Grid]:
    """Each visible sheet that holds something, with at most so many rows and columns. Raises `Unreadable`."""
    from openpyxl import load_workbook

    with ZipFile(io.BytesIO(data)) as archive:
        # Reading stops at the size that an entry claims to have.
        if sum(info.file_size for info in archive.infolist()) > LARGEST_BOOK:
            raise Unreadable("large")
    try:
        with warnings.catch_warnings():
            # About charts, rules and pictures, none of which are read.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            looks = looks_of(data)
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible":
                    found = [
                        [_told(cell) for cell in row]
                        for row in sheet.iter_rows(max_row=rows, max_col=columns, values_only=True)
                    ]
                    if any(any(row) for row in found):
                        yield _grid(sheet.title, found, looks.get(sheet.title, Looks()), columns)
            book.close()
    except Exception as error:
        # A damaged file breaks openpyxl in a dozen ways; none of them is a fault of the kit.
        raise Unreadable("book") from error


def _grid(title: str, rows: list[list[str]], looks: Looks, columns: int) -> Grid:
    """What stands in cells that were joined belongs to each of their rows: a person sees it beside all of them."""
    # Cells that are joined twice are no spreadsheet's work.
    left = len(rows) * columns
    for column, first, last in looks.joined:
        told = rows[first - 1][column - 1] if first <= len(rows) and column <= len(rows[first - 1]) else ""
        for row in rows[first : min(last, len(rows))] if told else ():
            row.extend([""] * (column - len(row)))
            row[column - 1] = row[column - 1] or told
            left -= 1
        if left < 0:
            raise Unreadable("book")
    return Grid(title, rows, looks.hidden, looks.unworked, looks.links, looks.notes)


def _told(cell: Any) -> str:
    """A cell as it would be typed."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    told = "" if cell is None else str(cell)
    return "" if told in _FAILED else told
