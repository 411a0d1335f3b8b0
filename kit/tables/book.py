"""The cells of an XLSX file as texts, within limits: a small file can unpack to a very large one."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from zipfile import BadZipFile, ZipFile

LARGEST_BOOK = 30_000_000  # bytes, unpacked
_MARK = "xl/workbook.xml"
# What a formula says that could not be worked out.
_FAILED = frozenset({"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})


class Unreadable(Exception):
    """Not a workbook, or too large a one; its text is "book" or "large"."""


def is_book(data: bytes) -> bool:
    """Whether this is an XLSX file, going by what it holds."""
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            return _MARK in archive.namelist()
    except (BadZipFile, ValueError, OSError):
        return False


def sheets_of(data: bytes, rows: int, columns: int) -> Iterator[tuple[str, list[list[str]]]]:
    """Each visible sheet that holds something: its name and its first rows, empty ones too. Raises `Unreadable`."""
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
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible":
                    found = [
                        [_told(cell) for cell in row]
                        for row in sheet.iter_rows(max_row=rows, max_col=columns, values_only=True)
                    ]
                    if any(any(row) for row in found):
                        yield sheet.title, found
            book.close()
    except Exception as error:
        # A damaged file breaks openpyxl in a dozen ways; none of them is a fault of the kit.
        raise Unreadable("book") from error


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
