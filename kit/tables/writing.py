"""Tables for others: CSV as the person's own spreadsheet expects it, and XLSX."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

from kit.letters import printable
from kit.tables.cells import neutral

BOM = "\ufeff"
# Where French is spoken, spreadsheets expect a semicolon between cells.
BETWEEN = {"fr": ";"}
WIDTH = 28
_NEVER = (1980, 1, 1, 0, 0, 0)

Cell = str | int | date


def write_csv(rows: Sequence[Sequence[str]], lang: str = "", bom: bool = True) -> bytes:
    """Rows, the headings first, in UTF-8 with CRLF; the mark at the beginning lets spreadsheets see the accents.

    In no language ("") commas stand between the cells, as data packages want it.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=BETWEEN.get(lang, ","), lineterminator="\r\n")
    writer.writerows([[neutral(cell) for cell in row] for row in rows])
    return (BOM if bom else "").encode() + out.getvalue().encode("utf-8")


def write_xlsx(rows: Sequence[Sequence[Cell]], title: str, widths: Sequence[int] = ()) -> bytes:
    """A workbook with one sheet, the headings first: text that wraps, days as days, nothing of who made it or when."""
    return write_sheets([(title, rows)], widths)


def write_sheets(sheets: Sequence[tuple[str, Sequence[Sequence[Cell]]]], widths: Sequence[int] = ()) -> bytes:
    """The same with several sheets, each a title and its rows."""
    from openpyxl import Workbook

    book = Workbook()
    book.properties.creator = None
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        _sheet(book.create_sheet(re.sub(r"[][:*?/\\]", " ", printable(title))[:31] or "1"), rows, widths)
    made = io.BytesIO()
    book.save(made)
    return timeless(made.getvalue())


def _sheet(sheet: Any, rows: Sequence[Sequence[Cell]], widths: Sequence[int]) -> None:
    from openpyxl.utils import get_column_letter

    for line, row in enumerate(rows, start=1):
        for place, content in enumerate(row, start=1):
            _fill(sheet.cell(line, place), content, heading=line == 1)
    sheet.freeze_panes = "A2"
    for place in range(1, len(rows[0]) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = widths[place - 1] if widths else WIDTH


def _fill(cell: Any, content: Cell, heading: bool) -> None:
    from openpyxl.styles import Alignment, Font

    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if heading:
        cell.font = Font(bold=True)
    if isinstance(content, date):
        cell.value, cell.number_format = content, "yyyy-mm-dd"
    elif isinstance(content, int):
        cell.value = content
    elif content:
        # Said to be a text, it is not run here; with its apostrophe, not where it is saved as CSV either.
        cell.value, cell.data_type = neutral(content), "s"


def timeless(data: bytes) -> bytes:
    """The same workbook without the time at which it was made."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"<dcterms:(created|modified).*?</dcterms:\1>", b"", part)
            new.writestr(zipfile.ZipInfo(name, _NEVER), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()
