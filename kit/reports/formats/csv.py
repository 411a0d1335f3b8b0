"""The released numbers as CSV, as the person's spreadsheet expects it: each with its question and answer in words."""

from __future__ import annotations

from kit.reports.document import Look, Report
from kit.reports.formats._numbers import NUMBERS, columns, numbers
from kit.tables.writing import write_csv


def write(document: Report, _look: Look) -> bytes:
    """The whole file, in UTF-8; numbers look like no theme."""
    rows = ([str(cell) for cell in row] for row in numbers(document, document.data()))
    return write_csv([columns(document, NUMBERS), *rows], document.lang)
