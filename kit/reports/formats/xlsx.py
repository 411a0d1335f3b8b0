"""The released numbers as a workbook: numbers, codebook, and what the columns mean."""

from __future__ import annotations

from kit.reports.document import Look, Report
from kit.reports.formats._numbers import CODEBOOK, NUMBERS, codebook, columns, numbers
from kit.tables.writing import write_sheets


def write(document: Report, _look: Look) -> bytes:
    """The whole file; numbers have no theme."""
    found, said, meaning = document.data(), document.words("data.sheets"), document.words("data.meaning")
    about = [(name, meaning[key]) for key, name in document.words("data.columns").items()]
    return write_sheets(
        [
            (said["numbers"], [columns(document, NUMBERS), *numbers(document, found)]),
            (said["codebook"], [columns(document, CODEBOOK), *codebook(document, found)]),
            (said["about"], [(said["column"], said["meaning"]), *about, *_about(document)]),
        ]
    )


def _about(document: Report) -> list[tuple[str, str]]:
    """Of which workshop it is, and the rule that all numbers keep."""
    words = document.words("data")
    return [(document.head.title, document.head.day), (words["rule"], words["rule_meaning"])]
