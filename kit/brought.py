"""What is asked and told of a table that somebody brings along, whichever exercise it is for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from kit.files import Asked, FileChoice
from kit.tables.reading import Sheet
from kit.texts import say

DATES, SHEET = "dates", "sheet"
_ORDERS = ("day", "month")
MOST_NAMES = 20
# Letters of a name from a file.
LONGEST = 40


def which_sheet(asked: Asked, sheet: Sheet) -> Iterator[FileChoice]:
    """A workbook of several sheets: which one is read."""
    if sheet.sheets:
        titles = sorted((sheet.title, *sheet.sheets), key=lambda one: one != sheet.title)
        options = tuple((one, one[:LONGEST]) for one in titles[:MOST_NAMES])
        yield FileChoice(SHEET, say(asked.lang, "tables.ask_sheet"), options, sheet.title)


def which_comes_first(asked: Asked, count: int) -> FileChoice:
    """So many dates could be two days each: nobody guesses."""
    options = tuple((one, say(asked.lang, f"tables.ask_dates.{one or 'leave'}")) for one in ("", *_ORDERS))
    return FileChoice(DATES, say(asked.lang, "tables.ask_dates.label", count=count), options, order_of(asked))


def order_of(asked: Asked) -> str:
    """What the person has chosen to come first: "day", "month", or "" while they have not."""
    chosen = asked.chosen.get(DATES, "")
    return chosen if chosen in _ORDERS else ""


def day_of(days: Sequence[str], order: str) -> str:
    """The day that is meant, of none, one or two (`kit.tables.dates.days_of`); empty where it is not known."""
    if len(days) < 2:
        return days[0] if days else ""
    return days[_ORDERS.index(order)] if order in _ORDERS else ""


def left_out(sheet: Sheet, used: Collection[int], lang: str) -> Iterator[str]:
    """A sentence each for what of a file is not used: columns, other sheets, lines above the headings, hidden rows,
    formulas without a result, notes, and what is beyond what is read at once."""
    filled = {at for line in sheet.lines for at in line.cells}
    columns = [
        heading or say(lang, "tables.unnamed", letter=letter_of(at))
        for at, heading in enumerate(sheet.head)
        if at not in used and (heading or at in filled)
    ]
    for which, names in (("left_columns", columns), ("left_sheets", sheet.sheets)):
        if names:
            told = ", ".join(one[:LONGEST] for one in names[:MOST_NAMES])
            yield say(lang, f"tables.{which}", names=told)
    counts = {
        "above": len(sheet.above), "hidden": sheet.hidden, "formulas": sheet.unworked,
        "notes": sum(len(line.notes) for line in sheet.lines), "beyond": sheet.beyond,
    }  # fmt: skip
    for which, count in counts.items():
        if count:
            yield say(lang, f"tables.left_{which}", count=count)


def letter_of(at: int) -> str:
    """What spreadsheets call a column: A, B … Z, AA."""
    letters, number = "", at + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
