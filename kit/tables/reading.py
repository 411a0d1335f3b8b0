"""A table from a file that others made: CSV of any program, or XLSX. Nothing of a line is dropped in silence."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from kit.errors import FileUnreadable
from kit.tables import book
from kit.tables.cells import plain
from kit.tables.decoding import BINARY, decode
from kit.tables.records import records
from kit.texts import say

DELIMITERS = (",", ";", "\t", "|")
LONGEST_CELL = 20_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200
# Titles and notes stand above the heading in at most so many rows.
LOOKED_THROUGH = 30
# A web page that is called .xls, or data for programs: each line would be taken for a cell.
_OTHER = re.compile(r'\s*(?:<(?:!doctype|!--|html|head|table|meta|style|\?xml)\b|\{\s*"|\[\s*[\[{"])', re.IGNORECASE)
_SEP = re.compile(r'\ufeff?"?sep=(.)"?\s*', re.IGNORECASE)

Knows = Callable[[str], bool]


@dataclass(frozen=True)
class Line:
    """One row: its number in the file, its cells by the place of their heading, and those beyond the headings.

    links  where cells lead to, by their place; `notes` what was written on cells
    torn   whether a quotation mark is opened in it that nothing closes
    """

    number: int
    cells: Mapping[int, str]
    surplus: tuple[str, ...] = ()
    links: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    torn: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table: headings, and the rows that hold something.

    above     the rows that stand above the heading and hold something
    title     which sheet of a workbook this is; `sheets` are the names of further ones, which are not read
    hidden    how many rows that hold something are not shown by the workbook's own program, and are not read
    unworked  how many cells hold a formula of which the workbook does not say what comes out
    beyond    whether there is, or may be, more than what is read at once
    row       the number of the row in which the headings stand
    """

    head: tuple[str, ...]
    lines: tuple[Line, ...]
    above: tuple[str, ...] = ()
    title: str = ""
    sheets: tuple[str, ...] = ()
    hidden: int = 0
    unworked: int = 0
    beyond: bool = False
    row: int = 1


def read(data: bytes, name: str, lang: str, knows: Knows, title: str = "") -> Sheet:
    """The table in a file; `knows(heading)` tells the row of headings from those above it.

    title  the sheet of a workbook that is wanted; where there is none that is called so, the likeliest

    Raises `FileUnreadable` with a sentence in `lang`.
    """
    try:
        return _of_book(data, knows, title) if book.is_book(data) else _of_text(data, knows)
    except book.Unreadable as fault:
        raise FileUnreadable(name=name, reason=say(lang, f"tables.{fault}")) from None


def _of_book(data: bytes, knows: Knows, title: str) -> Sheet:
    """The sheet that is wanted, or the one with the most headings that are known, the first of several."""
    sheets = list(book.sheets_of(data, MOST_ROWS, MOST_COLUMNS))
    if not sheets:
        raise book.Unreadable("empty")
    best = max(sheets, key=lambda one: (one.title == title, _known(one.rows, knows)))
    found = _table(best.rows, knows, best.hidden)
    found = replace(found, lines=tuple(_with_what_lies_behind(line, best) for line in found.lines))
    others = tuple(one.title for one in sheets if one is not best)
    return replace(found, title=best.title, sheets=others, unworked=best.unworked)


def _with_what_lies_behind(line: Line, sheet: book.Grid) -> Line:
    if not (sheet.links or sheet.notes):
        return line
    number = line.number
    links = {at: link for at in range(MOST_COLUMNS) if (link := sheet.links.get((number, at + 1)))}
    notes = tuple(said for at in range(MOST_COLUMNS) if (said := sheet.notes.get((number, at + 1))))
    return replace(line, links=links, notes=notes) if links or notes else line


def _of_text(data: bytes, knows: Knows) -> Sheet:
    if not data.strip():
        raise book.Unreadable("empty")
    text = decode(data)
    if text is None:
        foreign = data.startswith(BINARY) or b"\x00" in data
        raise book.Unreadable("kind" if foreign else "letters")
    text = text.removeprefix("\ufeff").replace("\x00", "")
    if _OTHER.match(text):
        raise book.Unreadable("kind")
    first, _, rest = text.partition("\n")
    said = _SEP.fullmatch(first)
    try:
        # The line that only says what stands between cells counts as a row.
        rows = [([""], False), *_rows(rest, said[1])] if said else _rows(text, _between(text, knows))
    except csv.Error:
        raise book.Unreadable("text") from None
    if not any(any(cell.strip() for cell in row) for row, _ in rows):
        raise book.Unreadable("empty")
    found = _table([row for row, _ in rows], knows)
    lines = tuple(replace(line, torn=True) if rows[line.number - 1][1] else line for line in found.lines)
    return replace(found, lines=lines)


def _rows(text: str, between: str, most: int = MOST_ROWS) -> list[tuple[list[str], bool]]:
    return list(islice(records(text, between), most))


def _between(text: str, knows: Knows) -> str:
    """The sign between cells: with it the most headings are known, and the most rows are equally long."""

    def fits(between: str) -> tuple[int, int]:
        try:
            rows = [row for row, _ in _rows(text[: 200 * LONGEST_CELL], between, LOOKED_THROUGH)]
        except csv.Error:
            return (-1, 0)
        wide = [len(row) for row in rows if len(row) > 1]
        usual = max(set(wide), key=wide.count) if wide else 0
        return _known(rows, knows), wide.count(usual) * max(usual - 1, 0)

    return max(DELIMITERS, key=fits)


def _known(rows: Sequence[Sequence[str]], knows: Knows) -> int:
    """How many headings are known in the row that has the most of them."""
    return max((sum(knows(plain(cell)) for cell in row[:MOST_COLUMNS]) for row in rows[:LOOKED_THROUGH]), default=0)


def _table(rows: Sequence[Sequence[str]], knows: Knows, hidden: Collection[int] = ()) -> Sheet:
    at = _heading(rows, knows)
    head = [plain(cell)[:LONGEST_CELL] for cell in rows[at][:MOST_COLUMNS]]
    while head and not head[-1]:
        head.pop()
    above = tuple(" ".join(said) for row in rows[:at] if (said := [cell for cell in map(plain, row) if cell]))
    lines = list(_lines(rows[at + 1 :], at + 2, len(head)))
    shown = tuple(line for line in lines if line.number not in hidden)
    beyond = len(rows) >= MOST_ROWS or any(len(row) > MOST_COLUMNS for row in rows)
    return Sheet(tuple(head), shown, above, hidden=len(lines) - len(shown), beyond=beyond, row=at + 1)


def _heading(rows: Sequence[Sequence[str]], knows: Knows) -> int:
    """The row that knows most; where none knows anything, the first that has several cells, or any."""
    filled = [[plain(cell) for cell in row[:MOST_COLUMNS] if cell.strip()] for row in rows[:LOOKED_THROUGH]]
    scores = [(sum(map(knows, cells)), len(cells)) for cells in filled]
    best = max(range(len(scores)), key=lambda at: (scores[at][0], scores[at][1] if scores[at][0] else 0, -at))
    if scores[best][0]:
        return best
    several = (at for at, cells in enumerate(filled) if len(cells) > 1)
    return next(several, next((at for at, cells in enumerate(filled) if cells), 0))


def _lines(rows: Sequence[Sequence[str]], first: int, wide: int) -> Iterator[Line]:
    for number, row in enumerate(rows, start=first):
        cells = {at: text for at, cell in enumerate(row[:wide]) if (text := plain(cell[:LONGEST_CELL]))}
        surplus = tuple(text for cell in row[wide:MOST_COLUMNS] if (text := plain(cell[:LONGEST_CELL])))
        if cells or surplus:
            yield Line(number, cells, surplus)
