"""The lines of a list from elsewhere, whatever kind of file it is: a table (CSV, XLSX) or an Open Referral package."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from kit.brought import MOST_NAMES, SHEET, left_out, letter_of, which_sheet
from kit.content import Texts
from kit.directory import packages
from kit.directory.entries import page_of
from kit.directory.headings import CALLED, STATUS, called, column_of, key_of
from kit.directory.shelter import shelter_in
from kit.directory.status import TICKED, UNTICKED, are_statuses, is_gone
from kit.exercises.resources.above import Above
from kit.exercises.resources.listed import ENTRIES
from kit.exercises.resources.model import Model
from kit.files import Asked, FileChoice
from kit.letters import folded, without_markup
from kit.summary import Block, Bullets, Paragraph
from kit.tables import book
from kit.tables.reading import Line, Sheet, read
from kit.texts import languages, say

# A list of 211 has some eighty columns; a person looks through so many at most.
MOST_COLUMNS = 60
NAME, ORGANIZATION = "name", "organization"
COLUMN = "column:"
PAGE = "page"
FIRST, HEADINGS, ENTRY = "first", "headings", "entry"
_MARKED = re.compile(r"\[([^\[\]]+)\]\((https?://[^()\s]+)\)")
# With such a heading a list is one of people: an address book.
_PERSON = frozenset(map(key_of, ("given name", "first name", "prénom", "last name", "family name", "surname",
    "nom de famille")))
# What a box holds that says no; a dash leaves no letter.
_NO = frozenset({"", "non", "no", "n", "0", "false", "faux", "aucun", "aucune", "none", "na", "n a", "so",
    "s o", UNTICKED})


@dataclass(frozen=True)
class Raw:
    """One line before it is understood.

    fields   texts by column id, `status` what it says of whether the service is there
    terms    what its type is called, `others` every other cell
    around   what stands above it and may be meant for it too: the title of its part, a cell that the next ones repeat
    faults   what is wrong with the line itself: more cells than there are headings ("surplus"), a quotation mark that
             nothing closes ("torn")
    titles   whether it is the title of a part of the list, and no entry
    """

    number: int
    fields: Mapping[str, str]
    status: str = ""
    terms: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    titles: bool = False


@dataclass(frozen=True)
class Source:
    """The lines of a file, what is told about it as a whole, and what can be chosen about its columns.

    about   what the list is called: its file, its sheet, its title, the headings that were understood
    named   False when no column is known to hold names: nothing can be taken yet
    typed   whether anything in it says of which type a service is
    """

    lines: tuple[Raw, ...]
    notes: tuple[Block, ...] = ()
    choices: tuple[FileChoice, ...] = ()
    orphans: tuple[int, ...] = ()
    about: tuple[str, ...] = ()
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
            one.others, one.around)
        for one in found.services
    )  # fmt: skip
    typed = any(one.terms for one in lines)
    return Source(lines, notes, orphans=found.orphans, about=(asked.name,), typed=typed)


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
        first: tuple[FileChoice, ...] = ()
        if sheet.lines and not any(column_of(one, self.called) for one in sheet.head):
            first = (self.about_first(sheet),)
            if asked.chosen.get(FIRST) == ENTRY:
                sheet = self.with_first(sheet)
        meant = self.meant(sheet)
        notes: list[Block] = []
        if NAME not in meant.values() and ORGANIZATION in meant.values():
            # A list of organizations: each is an entry of its own.
            meant = {at: NAME if column == ORGANIZATION else column for at, column in meant.items()}
            notes.append(Paragraph(self.say("organizations_only")))
        named = NAME in meant.values()
        around = Above(sheet, meant)
        lines = _unticked(self.raw(sheet, line, meant, around) for line in sheet.lines)
        if named:
            notes += self.notes(sheet, meant)
        typed = "type" in meant.values() or any(one.titles for one in lines)
        choices = (*which_sheet(asked, sheet), *first, *self.choices(sheet, meant, named))
        about = (asked.name, sheet.title, *sheet.above, *(sheet.head[at] for at in meant))
        return Source(lines, tuple(notes), choices, about=about, named=named, typed=typed)

    def about_first(self, sheet: Sheet) -> FileChoice:
        """Where no heading is known, the first line may be a service like the others."""
        label = self.say("ask_first", line=sheet.row, cells=", ".join(one for one in sheet.head if one)[:80])
        options = ((HEADINGS, self.say("ask_first_headings")), (ENTRY, self.say("ask_first_entry")))
        chosen = self.asked.chosen.get(FIRST, HEADINGS)
        return FileChoice(FIRST, label, options, chosen if chosen == ENTRY else HEADINGS)

    def with_first(self, sheet: Sheet) -> Sheet:
        """The first line among the others, and headings that say nothing."""
        first = Line(sheet.row, {at: cell for at, cell in enumerate(sheet.head) if cell})
        head = tuple(say(self.asked.lang, "tables.unnamed", letter=letter_of(at)) for at in range(len(sheet.head)))
        return replace(sheet, head=head, lines=(first, *sheet.lines))

    def meant(self, sheet: Sheet) -> dict[int, str]:
        """The column that each heading means, by its place; the first of two that mean the same counts."""
        found: dict[int, str] = {}
        for at in range(len(sheet.head)):
            column = self.asked.chosen.get(f"{COLUMN}{at}")
            if column in (*self.columns, STATUS):
                found = {place: one for place, one in found.items() if one != column}
                found[at] = str(column)
        chosen = set(found.values())
        # In a list of people, names are people's.
        people = {NAME} if any(key_of(heading) in _PERSON for heading in sheet.head) else set()
        for at, heading in enumerate(sheet.head):
            column = column_of(heading, self.called) if heading else ""
            if f"{COLUMN}{at}" not in self.asked.chosen and column and column not in chosen | people:
                found[at] = column
                chosen.add(column)
        by_cells = self.status_by_cells(sheet, found) if STATUS not in chosen else None
        if by_cells is not None:
            found[by_cells] = STATUS
        return found

    def status_by_cells(self, sheet: Sheet, found: Collection[int]) -> int | None:
        """The column, whatever it is called, in which nothing but the words of a status stands."""
        for at in range(len(sheet.head)):
            said = {line.cells[at] for line in sheet.lines if at in line.cells}
            if at not in found and f"{COLUMN}{at}" not in self.asked.chosen and are_statuses(said):
                return at
        return None

    def raw(self, sheet: Sheet, line: Line, meant: Mapping[int, str], around: Above) -> Raw:
        """A line by its columns; what belongs to none is kept for the guards."""
        cells = {meant[at]: _plain(cell, meant[at]) for at, cell in line.cells.items() if at in meant}
        for at, link in line.links.items():
            # What is shown of a link is often a word.
            if meant.get(at) == PAGE and not page_of(cells.get(PAGE, "")):
                cells[PAGE] = link
        status = cells.pop(STATUS, "")
        others = [_said(sheet.head[at], cell) for at, cell in line.cells.items() if at not in meant]
        for at in _gone(sheet, meant) & line.cells.keys():
            status = _affirmed(sheet.head[at], line.cells[at]) or status
        above, titles = around.of(line)
        kind = cells.get("type", "") or around.kind
        faults = tuple(fault for fault, is_so in (("surplus", line.surplus), ("torn", line.torn)) if is_so)
        pages = (found[2] for cell in line.cells.values() for found in _MARKED.finditer(cell))
        others += [*line.surplus, *line.links.values(), *pages, *line.notes]
        return Raw(line.number, cells, status, (kind,) if kind else (), tuple(others), above, faults, titles)

    def notes(self, sheet: Sheet, meant: Mapping[int, str]) -> Iterator[Block]:
        """What of the file is not used."""
        for told in left_out(sheet, {*meant, *_gone(sheet, meant)}, self.asked.lang):
            yield Paragraph(told, "note")

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


def _plain(cell: str, column: str) -> str:
    """A cell without markup; of a link in Markdown ("[Pont](https://…)") its words, or where it leads."""
    return _MARKED.sub(r"\2" if column == PAGE else r"\1", without_markup(cell))


def _gone(sheet: Sheet, meant: Collection[int]) -> set[int]:
    """The columns that say of a service that it is gone: "Closed", "Fermé le"."""
    return {at for at, heading in enumerate(sheet.head) if at not in meant and is_gone(heading)}


def _said(heading: str, cell: str) -> str:
    """A cell with its heading, where that speaks of a house: "Emergency shelter: yes"."""
    return _affirmed(heading, cell) or cell if shelter_in((heading,), ()) else cell


def _affirmed(heading: str, cell: str) -> str:
    """What a heading says of a line, and its cell; empty when the cell says no."""
    return "" if folded(cell) in _NO else f"{heading} : {cell}"


def _unticked(lines: Iterable[Raw]) -> tuple[Raw, ...]:
    """Where a column only has ticks, what has none says so: some programs write nothing then."""
    found = tuple(lines)
    said = {folded(one.status) or one.status for one in found if one.status}
    if not said or not said <= TICKED:
        return found
    return tuple(one if one.status else replace(one, status=UNTICKED) for one in found)
