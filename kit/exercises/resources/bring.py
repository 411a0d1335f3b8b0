"""A list from elsewhere, turned into entries line by line, with an account of what is left out and why.

Nothing is guessed that would matter: what is doubtful becomes a `FileChoice`, and stays out until it is made.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kit.brought import day_of, order_of, which_comes_first
from kit.content import Column, Texts
from kit.directory.entries import SHELTER, line_of, next_numbers, page_of, what_leads
from kit.directory.kinds import kind_of
from kit.directory.likeness import plain_name
from kit.directory.shelter import shelter_in
from kit.directory.status import status_of, status_said
from kit.errors import KitError
from kit.exercises.resources.lines import Raw, Source, source_of
from kit.exercises.resources.listed import ENTRIES
from kit.exercises.resources.model import Model, entries
from kit.files import Asked, FileChoice, Taken
from kit.letters import folded
from kit.session import Value
from kit.summary import Block, Bullets, Paragraph, Summary, Table
from kit.tables.dates import days_of
from kit.texts import languages, say

OTHER = "other"
START = "partners"
MOST_LINES = 100
# Lines that may be about a house and are asked about one by one; a list with more of them is looked through first.
MOST_ASKED = 30
LEAVE, TAKE = "leave", "take"
SHELTERS, LIST_OF_SHELTERS = "shelter:", "shelters"
READS = {"page": page_of, "line": line_of}
# Where lists say in one field what are two here: what else it says, and the options.
SAID_IN_ONE = {"who_can_come": "served", "refer": "access"}
# Between two options of a cell; two labels of the kit hold a comma or an "and" themselves.
_BETWEEN = re.compile(r"[,;/|•\n]|(?<=\s)(?:et|and|&|\+)(?=\s)", re.IGNORECASE)
_NOT = r"(?:not?|non?|pas|sauf|except\w*|hormis|sans|without|aucune?s?|jamais|never|exclu\w*|unless|refus\w*)"
_DENIES = re.compile(rf"{_NOT}\b")
_DENIES_ALL = re.compile(rf".+\b{_NOT}\b|exclu|.*\b(?:but|mais|moins) ")


@dataclass
class Bringing:
    """One file on its way in."""

    model: Model
    asked: Asked
    reasons: list[tuple[int, str]] = field(default_factory=list)
    choices: list[FileChoice] = field(default_factory=list)
    away: Counter[str] = field(default_factory=Counter)
    unclear_dates: int = 0

    @cached_property
    def texts(self) -> Texts:
        return self.model.texts(self.asked.lang)

    @cached_property
    def columns(self) -> dict[str, Column]:
        item = self.model.structure.item(ENTRIES)
        assert item is not None
        return {column.id: column for column in item.columns if column.id != "visibility"}

    @cached_property
    def labels(self) -> Mapping[str, Mapping[tuple[str, ...], str]]:
        """Scale → the parts of a label in any language, or of the option's id → the option."""
        found: dict[str, dict[tuple[str, ...], str]] = {}
        for name, scale in self.model.structure.scales.items():
            told = [(one, one) for one in scale.all]
            told += [(self.model.texts(lang).option(name, one), one) for lang in languages() for one in scale.all]
            found[name] = {tuple(_parts(label)): option for label, option in told}
        return found

    def taken(self) -> Taken:
        """The entries that would be added, and what is told about the file; raises `FileUnreadable`."""
        source = source_of(self.model, self.asked)
        if not source.named:
            lead = Paragraph(self.texts.say("columns_lead"))
            return Taken({}, Summary(self.texts.say("columns_title"), (lead,)), source.choices)
        self.reasons += [(line, self.texts.say("no_organization")) for line in source.orphans]
        if not self.is_no_list_of_houses(source):
            lead = Paragraph(self.texts.say("perhaps_shelters"))
            return Taken({}, Summary(self.texts.say("taken_none"), (lead,)), (*self.choices, *source.choices))
        item = self.model.structure.item(ENTRIES)
        assert item is not None
        keys = [one.partition(".")[2] for one in self.asked.values if one.startswith(f"{ENTRIES}.")]
        room = max(item.most - len(keys), 0)
        rows = self.rows(source, room)
        notes = list(source.notes)
        if len(rows) == room and len(source.lines) > room:
            notes.insert(0, Paragraph(self.texts.say("too_many", found=len(source.lines), room=room), "note"))
        if not source.typed and rows:
            notes.append(Paragraph(self.texts.say("no_types", other=self.texts.option("type", OTHER)), "note"))
        answers = {f"{ENTRIES}.{key}": row for key, row in zip(next_numbers(keys, len(rows)), rows, strict=True)}
        return Taken(answers, self.told(rows, notes), (*self.asks(), *self.choices, *source.choices))

    def rows(self, source: Source, room: int) -> list[Value]:
        """The entries of the lines, at most so many."""
        rows: list[Value] = []
        known = {identity(row) for row in entries(self.asked.values).values()}
        for raw in source.lines:
            if len(rows) == room:
                break
            row = self.row(raw, known, source.typed)
            if row is not None:
                rows.append(row)
                known.add(identity(row))
        return rows

    # ---- one line ----

    def row(self, raw: Raw, known: set[tuple[str, ...]], typed: bool) -> Value | None:
        """An entry of a line, checked as if it had been typed; None, with the reason, when it is left out."""
        number, fields = raw.number, raw.fields
        if raw.titles:
            house = shelter_in((fields.get("name", ""),), ())
            return self.refuse(number, self.texts.say("is_shelter" if house else "is_title"))
        if not fields.get("name", "").strip():
            return self.refuse(number, self.texts.say("no_name"))
        if not self.is_there(raw) or not self.is_no_house(raw):
            return None
        fields = self.parted(fields)
        row = {
            name: value
            for name, column in self.columns.items()
            if (cell := fields.get(name, "").strip()) and (value := self.field(number, column, cell))
        }
        if not row.get("name"):
            return self.refuse(number, self.texts.say("no_name"))
        if row.get("type") == SHELTER:
            return self.refuse(number, self.texts.say("is_shelter"))
        if "type" not in row:
            row["type"] = self.kind(raw) or OTHER
            if row["type"] == OTHER and typed:
                self.refuse(number, self.texts.say("type_unknown", other=self.texts.option("type", OTHER)))
        for fault in raw.faults:
            self.refuse(number, say(self.asked.lang, f"tables.{fault}"))
        self.mark(raw, row)
        if identity(row) in known:
            return self.refuse(number, self.texts.say("already"))
        try:
            return self.model.check(f"{ENTRIES}.r0000", {**row, "visibility": START}, self.asked.options)
        except KitError as error:
            return self.refuse(number, error.tell(self.asked.lang))

    def is_no_list_of_houses(self, source: Source) -> bool:
        """False where the list is called one of such places, until the person has said that it is none."""
        called = next((one for one in source.about if shelter_in((one,), ())), "")
        if not called:
            return True
        chosen = self.asked.chosen.get(LIST_OF_SHELTERS, LEAVE)
        label = self.texts.say("ask_shelters", name=called[:80])
        options = ((LEAVE, self.texts.say("ask_shelters_leave")), (TAKE, self.texts.say("ask_shelters_take")))
        self.choices.append(FileChoice(LIST_OF_SHELTERS, label, options, chosen))
        return chosen == TAKE

    def is_no_house(self, raw: Raw) -> bool:
        """False for a house that people flee to, and for what may be one until the person has said that it is none."""
        fields = raw.fields
        called = (fields.get("name", ""), fields.get("organization", ""), *raw.terms)
        if any(self.option_of(term, "type") == SHELTER for term in raw.terms):
            self.refuse(raw.number, self.texts.say("is_shelter"))
            return False
        # Words of the kit's own lists speak of violence, and of no house.
        said = [
            text
            for name, text in fields.items()
            if name not in ("name", "organization", "type", *READS) and not self.is_option(name, text)
        ]
        pages = [fields.get("page", ""), *raw.others]
        found = shelter_in(called, [*said, *raw.others, *raw.around, raw.status], pages)
        if not found:
            return True
        if found == "sure":
            self.refuse(raw.number, self.texts.say("is_shelter"))
            return False
        return self.asked_about(raw)

    def is_option(self, name: str, text: str) -> bool:
        """Whether a field says nothing but one of the kit's own options."""
        scale = self.columns[name].scale if name in self.columns else None
        return bool(scale and self.option_of(text, scale))

    def asked_about(self, raw: Raw) -> bool:
        """Whether the person said that this line is about no such house; asks for it as long as they did not."""
        ident = f"{SHELTERS}{raw.number}"
        asked = sum(one.id.startswith(SHELTERS) for one in self.choices) < MOST_ASKED
        chosen = self.asked.chosen.get(ident, LEAVE) if asked else LEAVE
        if asked:
            name = raw.fields["name"][:80]
            label = self.texts.say("ask_shelter", line=raw.number, name=name)
            options = ((LEAVE, self.texts.say("ask_shelter_leave")), (TAKE, self.texts.say("ask_shelter_take")))
            self.choices.append(FileChoice(ident, label, options, chosen))
        if chosen != TAKE:
            self.refuse(raw.number, self.texts.say("perhaps_shelter"))
        return chosen == TAKE

    def is_there(self, raw: Raw) -> bool:
        """Whether a service is to be taken, going by what the list says of its being open."""
        status = status_of(raw.status)
        if status in ("open", "unknown"):
            if status == "unknown":
                self.refuse(raw.number, self.texts.say("status_unknown", status=raw.status[:40]))
            # An alert, a note: in whatever column it stands.
            status = status_said(raw.fields["name"], ". ".join((raw.fields.get("offers", ""), *raw.others)))
        if status == "open":
            return True
        self.away[status] += 1
        if self.choice_about(status) == TAKE:
            return True
        self.refuse(raw.number, self.texts.say(f"status_{status}"))
        return False

    def choice_about(self, status: str) -> str:
        """What the person wants with services that are gone, or closed for a while."""
        usual = TAKE if status == "paused" else LEAVE
        chosen = self.asked.chosen.get(f"status:{status}", usual)
        return chosen if chosen in (LEAVE, TAKE) else usual

    def mark(self, raw: Raw, row: dict[str, Any]) -> None:
        """An entry that is not open says so itself."""
        status = status_of(raw.status)
        if status not in ("paused", "ended"):
            # An alert that does not come along; what the description says, it says itself.
            status = status_said("", ". ".join(raw.others))
        if status in ("paused", "ended"):
            limit = self.columns["offers"].limit
            row["offers"] = f"{self.texts.say(f'mark_{status}')} {row.get('offers', '')}".strip()[:limit].strip()

    def kind(self, raw: Raw) -> str:
        """The type that the words of a line's terms speak of."""
        exact = (self.option_of(term, "type") for term in raw.terms)
        return next((one for one in exact if one), "") or kind_of(raw.terms)

    def field(self, number: int, column: Column, raw: str) -> Any:
        """A field's value; empty, with the reason, when it is left out."""
        label = self.texts.text(ENTRIES, column.id)
        if column.id in READS:
            value: Any = READS[column.id](raw) if len(raw) <= column.limit else ""
        elif column.kind == "date":
            return self.day(number, label, raw)
        elif column.kind == "choices":
            return self.options(number, column, label, raw)
        elif column.scale is not None:
            value = self.option_of(raw, column.scale)
        elif what := what_leads(raw):
            kind = say(self.asked.lang, f"disclosure.contact_kind.{what}")
            return self.refuse(number, self.texts.say("field_contact", column=label, what=kind)) or ""
        else:
            value = " ".join(raw.split())
            if len(value) > column.limit:
                self.refuse(number, self.texts.say("field_cut", column=label, limit=column.limit))
            return value[: column.limit].strip()
        if not value and column.id != "type":
            self.refuse(number, self.texts.say("field_unread", column=label))
        return value

    def day(self, number: int, label: str, raw: str) -> str:
        """A day; one that could be two days is left out until the person has said which."""
        days = days_of(raw)
        self.unclear_dates += len(days) == 2
        day = day_of(days, order_of(self.asked))
        if not day:
            unclear = "date_unclear" if days else "field_unread"
            self.refuse(number, self.texts.say(unclear, column=label, date=raw[:20]))
        return day

    def option_of(self, raw: str, scale: str) -> str:
        """The option that a whole text names in any language, or empty: never one that is only like it."""
        return self.labels[scale].get(tuple(_parts(raw)), "")

    def parted(self, fields: Mapping[str, str]) -> Mapping[str, str]:
        """Where the first line of a cell is nothing but options, they go into the field for options."""
        parted = dict(fields)
        for said, listed in SAID_IN_ONE.items():
            first, _, rest = fields.get(said, "").strip().partition("\n")
            found, unread = self._read(self.columns[listed], first)
            if found and not unread and not fields.get(listed, "").strip():
                parted |= {listed: first, said: rest}
        return parted

    def options(self, number: int, column: Column, label: str, raw: str) -> list[str]:
        """The options that the parts of a cell name; a part that names none, or says more, is told."""
        found, unread = self._read(column, raw)
        if unread:
            self.refuse(number, self.texts.say("field_part" if found else "field_unread", column=label))
        return found

    def _read(self, column: Column, raw: str) -> tuple[list[str], bool]:
        """The options in a cell, and whether it says something that is none."""
        known = self.labels[column.scale or ""]
        found: list[str] = []
        parts, unread = _parts(raw), False
        if any(_DENIES_ALL.search(part) for part in parts if (part,) not in known):
            return [], True
        while parts:
            # "Not for men, women": what follows may be denied too.
            if _DENIES.match(parts[0]) and not any(tuple(parts[:n]) in known for n in range(1, len(parts) + 1)):
                return list(dict.fromkeys(found)), True
            # Labels may consist of several parts themselves, so the longest are looked for first.
            most = next((n for n in range(len(parts), 0, -1) if tuple(parts[:n]) in known), 0)
            if most:
                found.append(known[tuple(parts[:most])])
            unread = unread or not most
            parts = parts[most or 1 :]
        return list(dict.fromkeys(found)), unread

    def refuse(self, number: int, reason: str) -> Any:
        """Tells why something of a line is left out; returns None, which stands for nothing."""
        self.reasons.append((number, reason))
        return None

    # ---- what is asked and told ----

    def asks(self) -> Iterator[FileChoice]:
        """What is asked about the file as a whole."""
        options = ((LEAVE, self.texts.say("ask_leave")), (TAKE, self.texts.say("ask_take")))
        for status in ("ended", "paused"):
            if self.away[status]:
                label = self.texts.say(f"ask_{status}", count=self.away[status])
                yield FileChoice(f"status:{status}", label, options, self.choice_about(status))
        if self.unclear_dates:
            yield which_comes_first(self.asked, self.unclear_dates)

    def told(self, rows: Sequence[Any], notes: Sequence[Block]) -> Summary:
        """The names that would be added, and what would not, line by line."""
        title = self.texts.say("taken", count=len(rows)) if rows else self.texts.say("taken_none")
        blocks: list[Block] = [Paragraph(self.texts.say("taken_start")), *notes]
        if rows:
            names = tuple(f"{row['name']} ({self.texts.option('type', row['type'])})" for row in rows)
            blocks.append(Bullets(names, self.texts.say("taken_names")))
        if self.reasons:
            lines = sorted(self.reasons)
            shown = tuple((str(number), reason) for number, reason in lines[:MOST_LINES])
            columns = (self.texts.say("col_line"), self.texts.say("col_reason"))
            blocks += [
                Paragraph(self.texts.say("left_out_lead")),
                Table(self.texts.say("left_out"), columns, shown),
            ]
            if len(lines) > MOST_LINES:
                blocks.append(Paragraph(self.texts.say("more_lines", count=len(lines) - MOST_LINES), "note"))
        return Summary(title, tuple(blocks))


def identity(row: Any) -> tuple[str, ...]:
    """What makes two entries the same one."""
    return str(row["type"]), plain_name(row["name"]), plain_name(row.get("organization", ""))


def _parts(text: str) -> list[str]:
    """What stands between commas, "and" and the like, folded; empty parts are none."""
    return [part for one in _BETWEEN.split(text) if (part := folded(one))]
