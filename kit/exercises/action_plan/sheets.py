"""A plan as a table: XLSX and CSV out, CSV in.

A cell that a spreadsheet would run as a formula is kept from running, and comes back as it was written.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kit.content import Item, Texts
from kit.errors import FileUnreadable, KitError
from kit.exercises.action_plan.model import OWN, PLAN, Fields, Model
from kit.texts import languages

WIDTHS = {"text": 38, "date": 13, "choice": 26}
# Where French is spoken, spreadsheets expect a semicolon between cells.
BETWEEN = {"fr": ";"}
LONGEST_FILE_ROWS = 5000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_NEVER = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Read:
    """Rows of a file that fit into a plan, and a sentence for each line that was left out or understood otherwise."""

    rows: list[Fields] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def workbook(model: Model, rows: Iterable[Fields], lang: str) -> bytes:
    """One sheet: headings that stay in sight, dates as dates, text that wraps."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book, item, texts = Workbook(), _item(model), model.texts(lang)
    book.properties.creator = None
    sheet = book.active
    assert sheet is not None
    sheet.title = "Plan"
    for at, column in enumerate(item.columns, 1):
        sheet.cell(1, at, texts.text(PLAN, column.id)).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(at)].width = WIDTHS[column.kind]
        for line, row in enumerate(rows := list(rows), 2):
            cell = sheet.cell(line, at)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if column.kind == "date" and row.get(column.id):
                cell.value, cell.number_format = date.fromisoformat(row[column.id]), "yyyy-mm-dd"
            elif text := _CONTROL.sub("", _shown(column.scale, row.get(column.id, ""), texts)):
                # Said to be a text, it is not run, whatever it begins with.
                cell.value, cell.data_type, cell.quotePrefix = text, "s", text.startswith(_FORMULA)
    sheet.freeze_panes = "A2"
    made = io.BytesIO()
    book.save(made)
    return _timeless(made.getvalue())


def write_csv(model: Model, rows: Iterable[Fields], lang: str) -> bytes:
    """UTF-8 with a mark that spreadsheets need to see it; a formula gets an apostrophe before it."""
    item, texts = _item(model), model.texts(lang)
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=BETWEEN.get(lang, ","))
    writer.writerow(texts.text(PLAN, column.id) for column in item.columns)
    for row in rows:
        cells = (_shown(column.scale, row.get(column.id, ""), texts) for column in item.columns)
        writer.writerow(f"'{cell}" if cell.startswith((*_FORMULA, "'")) else cell for cell in cells)
    return made.getvalue().encode("utf-8-sig")


def read_csv(model: Model, name: str, data: bytes, lang: str) -> Read:
    """The rows of a CSV file with headings in any language; raises `FileUnreadable`."""
    texts = model.texts(lang)
    lines = _lines(data)
    columns = _headings(model, lines[0]) if lines else {}
    if not columns:
        raise FileUnreadable(name=name, reason=texts.say("reason_headings"))
    read = Read()
    for number, line in enumerate(lines[1 : LONGEST_FILE_ROWS + 1], 2):
        cells = {column: _plain(line[at]) for at, column in columns.items() if at < len(line) and line[at].strip()}
        if cells:
            _read_row(model, cells, number, texts, lang, read)
    if not read.rows and not read.left:
        raise FileUnreadable(name=name, reason=texts.say("reason_empty"))
    return read


def _read_row(
    model: Model, cells: Mapping[str, str], number: int, texts: Texts, lang: str, read: Read
) -> None:
    """One line as a row; one that cannot be kept is told with its number and why."""
    row: dict[str, Any] = dict(cells)
    try:
        if "objective" in row:
            known = _option(model, "objective", row["objective"])
            if known is None:
                row.setdefault("aim", row["objective"])
                read.left.append(texts.say("taken_other_line", line=number, reason=texts.say("reason_objective")))
            row["objective"] = known or OWN
        if "term" in row and (term := _option(model, "term", row["term"])) is None:
            raise _Unclear(texts.say("reason_term", term=row["term"][:40]))
        elif "term" in row:
            row["term"] = term
        for which in {"start", "end"} & set(row):
            row[which] = _day(row[which], texts)
        checked = model.check(f"{PLAN}.r0000", row)
    except _Unclear as unclear:
        read.left.append(texts.say("taken_left_line", line=number, reason=str(unclear)))
    except KitError as error:
        read.left.append(texts.say("taken_left_line", line=number, reason=error.tell(lang)))
    else:
        if isinstance(checked, dict):
            read.rows.append(checked)


class _Unclear(Exception):
    """A cell that says nothing that a plan knows; its text is a sentence."""


def _item(model: Model) -> Item:
    item = model.structure.item(PLAN)
    assert item is not None
    return item


def _shown(scale: str | None, value: str, texts: Texts) -> str:
    return texts.option(scale, value) if scale and value else value


def _lines(data: bytes) -> list[list[str]]:
    """The cells of a file, whichever way a spreadsheet wrote it."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    text = text.replace("\x00", "")
    head = text.partition("\n")[0]
    between = max(";,\t", key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=between))
    except csv.Error:
        return []


def _headings(model: Model, cells: Iterable[str]) -> dict[int, str]:
    """Which cell of a line belongs to which column, by its heading in any language."""
    named = {
        _folded(model.texts(lang).text(PLAN, column.id)): column.id
        for lang in languages()
        for column in _item(model).columns
    }
    return {at: named[_folded(cell)] for at, cell in enumerate(cells) if _folded(cell) in named}


def _option(model: Model, scale: str, told: str) -> str | None:
    """The option that is called so in any language."""
    options = model.structure.scales[scale].options
    for lang in languages():
        for option in options:
            if _folded(told) in (_folded(model.texts(lang).option(scale, option)), option):
                return option
    return None


def _day(told: str, texts: Texts) -> str:
    found = _DAY.fullmatch(told.strip())
    try:
        return date(*map(int, found.groups()[:3])).isoformat() if found else date.fromisoformat("").isoformat()
    except ValueError:
        raise _Unclear(texts.say("reason_date")) from None


def _plain(cell: str) -> str:
    """A cell without the apostrophe that `write_csv` put before a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*_FORMULA, "'")) else cell


def _folded(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


def _timeless(data: bytes) -> bytes:
    """The same workbook without the time at which it was made."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"<dcterms:(created|modified).*?</dcterms:\1>", b"", part)
            new.writestr(zipfile.ZipInfo(name, _NEVER), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()
