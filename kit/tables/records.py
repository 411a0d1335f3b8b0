"""The lines of a CSV file as records: a cell in quotation marks may hold line breaks, and a mark that nothing closes
is a mark like any other, instead of swallowing all that follows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

# A cell has so many lines at most.
LONGEST = 200


def records(text: str, between: str) -> Iterator[tuple[list[str], bool]]:
    """The cells of each record, and whether a quotation mark is opened in it that nothing closes.

    Blanks before a mark are no part of the cell, or its commas would part it. Raises `csv.Error`.
    """
    blank = "" if between == "\t" else " *"
    opens = re.compile(rf'(?:^|{re.escape(between)}){blank}"')
    lines = list(io.StringIO(text, newline=""))
    at = 0
    while at < len(lines):
        record, end = _whole(lines, at, between, opens)
        torn = not record
        if torn:
            record, end = _closed(lines[at], between, opens), at + 1
        cells = csv.reader(io.StringIO(record, newline=""), delimiter=between, skipinitialspace=bool(blank))
        yield next(cells, []), torn
        at = end


def _whole(lines: Sequence[str], at: int, between: str, opens: re.Pattern[str]) -> tuple[str, int]:
    """The record that begins in this line, and the line after it; empty when a mark stays open."""
    record = lines[at]
    if _left_open(record, opens) < 0:
        return record, at + 1
    for end in range(at + 1, min(at + LONGEST, len(lines))):
        line = lines[end]
        if _begins_one(line, between, opens):
            break
        record += line
        if _left_open(line, opens, inside=True) < 0:
            return record, end + 1
    return "", at


def _left_open(line: str, opens: re.Pattern[str], inside: bool = False) -> int:
    """Where the quotation mark stands that a line opens and does not close; -1 when there is none."""
    opener, at = (0, 0) if inside else (-1, 0)
    while True:
        if opener < 0:
            found = opens.search(line, at)
            if not found:
                return -1
            opener, at = found.end() - 1, found.end()
        end = line.find('"', at)
        while end >= 0 and line[end + 1 : end + 2] == '"':
            end = line.find('"', end + 2)
        if end < 0:
            return opener
        opener, at = -1, end + 1


def _begins_one(line: str, between: str, opens: re.Pattern[str]) -> bool:
    """Whether the first mark of a line begins a cell: then the cell of the line before had no end."""
    found = opens.search(line)
    if not found or '"' in line[: found.end() - 1]:
        return False
    after = line[found.end() : found.end() + 1]
    return bool(after.strip()) and after not in (between, '"')


def _closed(line: str, between: str, opens: re.Pattern[str]) -> str:
    """A line whose open marks are marks of the text: the cell is put between quotation marks of its own."""
    while (at := _left_open(line, opens)) >= 0:
        rest = line[at:]
        cell = re.split(rf"{re.escape(between)}|[\r\n]", rest, maxsplit=1)[0]
        quoted = cell.replace('"', '""')
        line = f'{line[:at]}"{quoted}"{rest[len(cell) :]}'
    return line
