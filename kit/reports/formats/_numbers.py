"""What the formats of numbers share: the rows of a report's data, and what their columns are called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kit.reports.data import CodebookLine, Data, Number
from kit.reports.document import Report

NUMBERS = (
    "workshop", "day", "exercise", "part", "question", "answer", "group", "above", "most", "people", "exercise_id",
    "item", "options", "group_id",
)  # fmt: skip
CODEBOOK = ("exercise", "part", "question", "option", "label", "apart", "exercise_id", "version", "item")
Row = tuple[str | int | date, ...]


def columns(document: Report, names: tuple[str, ...]) -> tuple[str, ...]:
    """The headings of these columns."""
    told = document.words("data.columns")
    return tuple(told[name] for name in names)


def numbers(document: Report, found: Data) -> Iterator[Row]:
    """Every number as a row of `NUMBERS`: head counts first, then shares."""
    everyone = document.say("data.everyone")
    for workshop, group, name, people in found.people:
        yield *workshop, document.say("people"), "", "", "", name or everyone, "", "", people, "", "", "", group
    for one in found.numbers:
        said = one.answer, one.group_name or everyone, one.above, one.most
        yield (*one.workshop, *_words(one.asked), *said, *_ids(one))


def codebook(document: Report, found: Data) -> Iterator[Row]:
    """Every answer to every question as a row of `CODEBOOK`."""
    yes = document.say("data.apart")
    for one in found.codebook:
        for option, label in one.options:
            beside = yes if option in one.apart else ""
            yield *_words(one), option, label, beside, one.exercise, one.version, one.item


def _words(one: CodebookLine) -> tuple[str, str, str]:
    return one.title, one.part, one.text


def _ids(one: Number) -> Row:
    # Of a group, how many it has is told beside who took part.
    people = "" if one.group else one.people
    return people, one.asked.exercise, one.asked.item, "+".join(one.options), one.group
