"""One cell: what a spreadsheet would run is kept from running, and comes back as it was written."""

from __future__ import annotations

import re

from kit.letters import printable

# With these a formula begins, in wide and small forms too, since some programs make them narrow again.
_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫"
# A program that takes another sign for the end of a cell sees a new cell after each of these.
_AFTER = re.compile(rf"(^|[,;|\n])([ \u00a0\u202f]*)(?='*[{_SIGNS}])")
_BACK = re.compile(rf"(^|[,;|\n])'([ \u00a0\u202f]*)(?='*[{_SIGNS}])")


def neutral(cell: str) -> str:
    """The cell as a text that no spreadsheet runs: an apostrophe stands before each sign that begins a formula,
    also where another program would see a new cell begin."""
    return _AFTER.sub(r"\1'\2", re.sub(r"\r\n?", "\n", printable(cell)).replace("\t", " "))


def plain(cell: str) -> str:
    """A cell from a file, without the apostrophes that `neutral` puts there and without blanks around it."""
    return _BACK.sub(r"\1\2", printable(cell).strip())
