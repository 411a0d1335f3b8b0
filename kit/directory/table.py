"""Tables as files: CSV for any program, XLSX for a spreadsheet; and CSV from anywhere, read as text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from kit.errors import FileUnreadable

BOM = "\ufeff"
DELIMITERS = (",", ";", "\t")
LONGEST_CELL = 20_000
# A spreadsheet would run a cell that begins so.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Sheet:
    """A table of texts with one heading for each column; `first` is the number of the first row in its file."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first: int = 2


def neutral(cell: str) -> str:
    """The cell as a text that no spreadsheet runs: an apostrophe stands before what looks like a formula."""
    cell = _UNSEEN.sub("", cell)
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_RUNS) else cell


def plain(cell: str) -> str:
    """A cell from a file, without the apostrophe that `neutral` puts there."""
    bare = cell.strip()
    return bare[1:] if bare[:1] == "'" and bare[1:].lstrip().startswith(_RUNS) else bare


def write_csv(sheet: Sheet, bom: bool = True) -> bytes:
    """UTF-8, with commas and CRLF; the mark at the beginning lets spreadsheets see the accents."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([[neutral(cell) for cell in row] for row in (sheet.head, *sheet.rows)])
    return (BOM if bom else "").encode() + out.getvalue().encode("utf-8")


def write_xlsx(sheet: Sheet, title: str) -> bytes:
    """A workbook with one sheet; every cell is text, and nothing tells who made it or when."""
    from datetime import datetime

    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.properties.creator = ""
    book.properties.created = book.properties.modified = datetime(2000, 1, 1)
    page = book.active
    assert page is not None
    page.title = re.sub(r"[][:*?/\\]", " ", title)[:31]
    for number, row in enumerate((sheet.head, *sheet.rows), start=1):
        for place, text in enumerate(row, start=1):
            cell = page.cell(number, place)
            cell.value = neutral(text)
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    page.freeze_panes = "A2"
    for place in range(1, len(sheet.head) + 1):
        page.column_dimensions[get_column_letter(place)].width = 28
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_csv(data: bytes, name: str, fault: str) -> Sheet:
    """A table from a file in UTF-8, UTF-16 or Latin-1, with commas, semicolons or tabs.

    Rows are cut or filled to the width of the head; an empty one stays, so that rows can be counted. Raises
    `FileUnreadable` with the sentence `fault`.
    """
    text = _decoded(data)
    if text is None or not text.strip():
        raise FileUnreadable(name=name, reason=fault)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error:
        raise FileUnreadable(name=name, reason=fault) from None
    top = next((at for at, row in enumerate(rows) if any(cell.strip() for cell in row)), len(rows))
    if top == len(rows):
        raise FileUnreadable(name=name, reason=fault)
    head, body, wide = rows[top], rows[top + 1 :], len(rows[top])
    cut = (tuple(plain(cell[:LONGEST_CELL]) for cell in [*row, *[""] * wide][:wide]) for row in body)
    return Sheet(tuple(plain(cell[:LONGEST_CELL]) for cell in head), tuple(cut), top + 2)


def _decoded(data: bytes) -> str | None:
    if data.startswith((b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xd0\xcf\x11\xe0")):
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\x00" in data:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Windows' Latin-1 has a few letters more; what even that does not know is Latin-1.
        return data.decode("cp1252", "replace") if _is_windows(data) else data.decode("latin-1")


def _is_windows(data: bytes) -> bool:
    return any(0x80 <= byte < 0xA0 for byte in data)


def _delimiter(text: str) -> str:
    """The delimiter that stands most often in the first line, outside of quotes."""
    first = re.sub(r'"[^"]*"', "", text.lstrip().splitlines()[0])
    return max(DELIMITERS, key=first.count)


def columns_of(sheet: Sheet, row: Sequence[str]) -> dict[str, str]:
    """A row by its headings; the first of two equal headings counts."""
    found: dict[str, str] = {}
    for heading, cell in zip(sheet.head, row, strict=True):
        found.setdefault(heading, cell)
    return found
