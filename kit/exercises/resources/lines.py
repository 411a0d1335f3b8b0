"""The lines of a list from elsewhere, whatever kind of file it is: a table (CSV, XLSX) or an Open Referral package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from kit.brought import MOST_NAMES, SHEET, left_out, which_sheet
from kit.content import Texts
from kit.directory import packages
from kit.directory.headings import CALLED, STATUS, called, column_of
from kit.directory.status import TICKED, UNTICKED
from kit.exercises.resources.listed import ENTRIES
from kit.exercises.resources.model import Model
from kit.files import Asked, FileChoice
from kit.letters import without_markup
from kit.summary import Block, Bullets, Paragraph
from kit.tables import book
from kit.tables.reading import Line, Sheet, read
from kit.texts import languages, say

# A list of 211 has some eighty columns; a person looks through so many at most.
MOST_COLUMNS = 60
NAME, ORGANIZATION = "name", "organization"
COLUMN = "column:"


@dataclass(frozen=True)
class Raw:
    """One line before it is understood.

    fields   texts by column id, `status` what it says of whether the service is there
    terms    what its type is called, `others` every other cell
    surplus  whether it has more cells than there are headings
    """

    number: int
    fields: Mapping[str, str]
    status: str = ""
    terms: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    surplus: bool = False


@dataclass(frozen=True)
class Source:
    """The lines of a file, what is told about it as a whole, and what can be chosen about its columns.

    named   False when no column is known to hold names: nothing can be taken yet
    typed   whether anything in it says of which type a service is
    """

    lines: tuple[Raw, ...]
    notes: tuple[Block, ...] = ()
    choices: tuple[FileChoice, ...] = ()
    orphans: tuple[int, ...] = ()
    named: bool = True
    typed: bool = True


def source_of(model: Model, asked: Asked) -> Source:
    """The lines of the file that was brought along; raises `FileUnreadable`."""
    if asked.data.startswith(b"PK") and not book.is_book(asked.data):
        return _of_package(model.texts(asked.lang), asked)
    return _Table(model, asked).source()


def _of_package(texts: Texts, asked: Asked) -> Source:
    faults = {one: texts.say(f"unreadable_{one}") for one in ("zip", "large", "table")}
    faults["kind"] = say(asked.lang, "tables.kind")
    found = packages.read(asked.data, asked.name, asked.lang, faults)
    told = [
        texts.say(f"tables_{kind}", names=", ".join(one[:40] for one in names[:MOST_NAMES]))
        for kind, names in (("private", found.private), ("unknown", found.unknown))
        if names
    ]
    if found.unsafe:
        told.append(texts.say("tables_unsafe", count=found.unsafe))
    notes = (Bullets(tuple(told), texts.say("left_tables")),) if told else ()
    lines = tuple(
        Raw(one.line, {name: without_markup(text) for name, text in one.fields.items() if text}, one.status, one.terms,
            one.others)
        for one in found.services
    )  # fmt: skip
    return Source(lines, notes, orphans=found.orphans, typed=any(one.terms for one in lines))


@dataclass
class _Table:
    """A table on its way in: its headings are matched to columns, by themselves or as the person chose."""

    model: Model
    asked: Asked
    called: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        item = self.model.structure.item(ENTRIES)
        assert item is not None
        # Whether an entry is public is never read from a file.
        self.columns = [column.id for column in item.columns if column.id != "visibility"]
        texts = [self.model.texts(lang) for lang in languages()]
        own = {column: (column, *(one.text(ENTRIES, column) for one in texts)) for column in self.columns}
        self.called = called(own, CALLED)

    def source(self) -> Source:
        """The table's lines."""
        asked = self.asked
        wanted = asked.chosen.get(SHEET, "")
        sheet = read(asked.data, asked.name, asked.lang, lambda one: bool(column_of(one, self.called)), wanted)
        meant = self.meant(sheet)
        notes: list[Block] = []
        if NAME not in meant.values() and ORGANIZATION in meant.values():
            # A list of organizations: each is an entry of its own.
            meant = {at: NAME if column == ORGANIZATION else column for at, column in meant.items()}
            notes.append(Paragraph(self.say("organizations_only")))
        named = NAME in meant.values()
        lines = _unticked(self.raw(line, meant) for line in sheet.lines)
        if named:
            notes += self.notes(sheet, meant)
        typed = "type" in meant.values()
        choices = (*which_sheet(asked, sheet), *self.choices(sheet, meant, named))
        return Source(lines, tuple(notes), choices, named=named, typed=typed)

    def meant(self, sheet: Sheet) -> dict[int, str]:
        """The column that each heading means, by its place; the first of two that mean the same counts."""
        found: dict[int, str] = {}
        for at in range(len(sheet.head)):
            column = self.asked.chosen.get(f"{COLUMN}{at}")
            if column in (*self.columns, STATUS):
                found = {place: one for place, one in found.items() if one != column}
                found[at] = str(column)
        chosen = set(found.values())
        for at, heading in enumerate(sheet.head):
            column = column_of(heading, self.called) if heading else ""
            if f"{COLUMN}{at}" not in self.asked.chosen and column and column not in chosen:
                found[at] = column
                chosen.add(column)
        return found

    def raw(self, line: Line, meant: Mapping[int, str]) -> Raw:
        """A line by its columns; what belongs to none is kept for the guards."""
        cells = {meant[at]: without_markup(cell) for at, cell in line.cells.items() if at in meant}
        status = cells.pop(STATUS, "")
        others = (*(cell for at, cell in line.cells.items() if at not in meant), *line.surplus)
        kind = cells.get("type", "")
        return Raw(line.number, cells, status, (kind,) if kind else (), others, bool(line.surplus))

    def notes(self, sheet: Sheet, meant: Mapping[int, str]) -> Iterator[Block]:
        """What of the file is not used."""
        for told in left_out(sheet, meant, self.asked.lang):
            yield Paragraph(told, "note")
        if sheet.above:
            yield Paragraph(self.say("left_above", count=sheet.above), "note")

    def choices(self, sheet: Sheet, meant: Mapping[int, str], named: bool) -> Iterator[FileChoice]:
        """What each column is, for the person to change; open to see where nothing can be taken without it."""
        texts = self.model.texts(self.asked.lang)
        labels = [(column, texts.text(ENTRIES, column)) for column in self.columns]
        options = (("", self.say("column_unused")), *labels, (STATUS, self.say("column_status")))
        # Where some columns are known already, the others are rarely wanted.
        fold = self.say("columns_fold") if named else ""
        for at, heading in list(enumerate(sheet.head))[:MOST_COLUMNS]:
            example = next((line.cells[at] for line in sheet.lines if at in line.cells), "")
            label = self.say("column_label", heading=heading[:40] or str(at + 1), example=example[:40])
            yield FileChoice(f"{COLUMN}{at}", label, options, meant.get(at, ""), fold)

    def say(self, sentence: str, **details: object) -> str:
        return self.model.texts(self.asked.lang).say(sentence, **details)


def _unticked(lines: Iterable[Raw]) -> tuple[Raw, ...]:
    """Where a column only has ticks, what has none says so: some programs write nothing then."""
    found = tuple(lines)
    if {one.status for one in found if one.status} != {TICKED}:
        return found
    return tuple(one if one.status else replace(one, status=UNTICKED) for one in found)
