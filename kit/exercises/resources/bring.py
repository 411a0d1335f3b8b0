"""A list from elsewhere, turned into entries line by line, with an account of what is left out and why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from kit.content import Column, Texts
from kit.directory import hsds
from kit.directory.entries import SHELTER, looks_like_a_shelter, next_numbers, page_of, what_leads
from kit.directory.likeness import plain_name
from kit.directory.table import Sheet, columns_of, read_csv
from kit.errors import FileUnreadable, KitError
from kit.exercises.resources.listed import ENTRIES
from kit.exercises.resources.model import Model, entries
from kit.files import Asked, Taken
from kit.session import Value
from kit.summary import Block, Bullets, Paragraph, Summary, Table
from kit.texts import languages, say

OTHER = "other"
START = "partners"
MOST_LINES = 100
MOST_NAMES = 20

# How other lists call a field, beside its id and its labels; HSDS's names among them.
CALLED: Mapping[str, tuple[str, ...]] = {
    "name": ("nom", "service", "service name", "nom du service", "title", "titre", "ressource", "resource"),
    "type": ("category", "categorie", "kind", "taxonomy", "taxonomy term", "type de ressource", "resource type"),
    "organization": ("organisme", "organisation", "organization name", "organization_name", "agency", "agence"),
    "offers": ("description", "service description", "services offerts"),
    "served": ("eligibility", "eligibility description", "eligibility_description", "clientele", "population"),
    "languages": ("language", "langue", "languages spoken", "langues parlees"),
    "interpreting": ("interpretation services", "interpretation_services", "interpretation"),
    "access": ("application process", "application_process", "accessibility", "accessibilite"),
    "page": ("url", "website", "web site", "site web", "site", "web", "lien", "link", "page web"),
    "checked": ("assured date", "assured_date", "last updated", "date", "last verified", "mise a jour", "verifie"),
    "checked_by": ("role", "verifie par", "verified by"),
}
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")


@dataclass
class Bringing:
    """One file on its way in."""

    model: Model
    asked: Asked
    reasons: list[tuple[int, str]] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)

    @cached_property
    def texts(self) -> Texts:
        return self.model.texts(self.asked.lang)

    @cached_property
    def columns(self) -> dict[str, Column]:
        item = self.model.structure.item(ENTRIES)
        assert item is not None
        return {column.id: column for column in item.columns if column.id != "visibility"}

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Scale → a plain label in any language, or the option's id → the option."""
        found: dict[str, dict[str, str]] = {}
        for name, scale in self.model.structure.scales.items():
            labels = {plain(one): one for one in scale.all}
            for lang in languages():
                labels |= {plain(self.model.texts(lang).option(name, one)): one for one in scale.all}
            found[name] = labels
        return found

    def taken(self) -> Taken:
        """The entries that would be added, and what is told about the file; raises `FileUnreadable`."""
        lines = list(self.lines())
        item = self.model.structure.item(ENTRIES)
        assert item is not None
        keys = [one.partition(".")[2] for one in self.asked.values if one.startswith(f"{ENTRIES}.")]
        room = max(item.most - len(keys), 0)
        rows: list[Value] = []
        known = {identity(row) for row in entries(self.asked.values).values()}
        for number, fields in lines:
            if len(rows) == room:
                break
            row = self.row(number, fields, known)
            if row is not None:
                rows.append(row)
                known.add(identity(row))
        if len(rows) == room and len(lines) > room:
            self.notes.insert(0, Paragraph(self.texts.say("too_many", found=len(lines), room=room), "note"))
        answers = {f"{ENTRIES}.{key}": row for key, row in zip(next_numbers(keys, len(rows)), rows, strict=True)}
        return Taken(answers, self.told(len(rows)))

    # ---- lines of either kind of file ----

    def lines(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each line's number and its fields by column."""
        name, data = self.asked.name, self.asked.data
        if data.startswith(b"PK"):
            yield from self.open_data(name, data)
            return
        sheet = read_csv(data, name, self.texts.say("unreadable_text"))
        heads = self.heads(sheet)
        for number, row in enumerate(sheet.rows, start=sheet.first):
            if any(row):
                yield number, columns_of(Sheet(heads, ()), row)

    def heads(self, sheet: Sheet) -> tuple[str, ...]:
        """The column that each heading means; the headings that mean none are told."""
        called: dict[str, str] = {}
        for column in self.columns.values():
            labels = (self.model.texts(lang).text(ENTRIES, column.id) for lang in languages())
            for one in (column.id, *labels, *CALLED.get(column.id, ())):
                called.setdefault(plain(one), column.id)
        heads = tuple(called.get(plain(one), "") for one in sheet.head)
        if "name" not in heads:
            raise FileUnreadable(name=self.asked.name, reason=self.texts.say("unreadable_header"))
        left = [one[:40] for one, column in zip(sheet.head, heads, strict=True) if one and not column]
        if left:
            names = ", ".join(left[:MOST_NAMES])
            self.notes.append(Paragraph(self.texts.say("left_columns", names=names), "note"))
        return heads

    def open_data(self, name: str, data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
        """The lines of an HSDS file, with the tables that are left out."""
        faults = {one: self.texts.say(f"unreadable_{one}") for one in ("zip", "large", "table", "text")}
        found = hsds.read(data, name, faults)
        told = [
            self.texts.say(f"tables_{kind}", names=", ".join(one[:40] for one in names[:MOST_NAMES]))
            for kind, names in (("private", found.private), ("unknown", found.unknown))
            if names
        ]
        if found.unsafe:
            told.append(self.texts.say("tables_unsafe", count=found.unsafe))
        if told:
            self.notes.append(Bullets(tuple(told), self.texts.say("left_tables")))
        self.reasons += [(line, self.texts.say("no_organization")) for line in found.orphans]
        renamed = {
            "kind": "type", "description": "offers", "url": "page", "eligibility": "served", "day": "checked",
        }  # fmt: skip
        for one in found.services:
            fields = {renamed.get(key, key): value for key, value in asdict(one).items() if key != "line"}
            yield one.line, {**fields, "languages": ", ".join(one.languages)}

    # ---- one line ----

    def row(self, number: int, fields: Mapping[str, str], known: set[tuple[str, ...]]) -> Value | None:
        """An entry of a line, checked as if it had been typed; None, with the reason, when it is left out."""
        row = {
            name: value
            for name, column in self.columns.items()
            if (raw := fields.get(name, "").strip()) and (value := self.field(number, column, raw))
        }
        if not row.get("name"):
            return self.refuse(number, self.texts.say("no_name"))
        kind = fields.get("type", "")
        if row.get("type") == SHELTER or looks_like_a_shelter(row["name"], row.get("organization", ""), kind):
            return self.refuse(number, self.texts.say("is_shelter"))
        if "type" not in row:
            row["type"] = OTHER
            self.refuse(number, self.texts.say("type_unknown", other=self.texts.option("type", OTHER)))
        if identity(row) in known:
            return self.refuse(number, self.texts.say("already"))
        try:
            return self.model.check(f"{ENTRIES}.r0000", {**row, "visibility": START}, self.asked.options)
        except KitError as error:
            return self.refuse(number, error.tell(self.asked.lang))

    def field(self, number: int, column: Column, raw: str) -> Any:
        """A field's value; empty, with the reason, when it is left out."""
        label = self.texts.text(ENTRIES, column.id)
        if column.id == "page":
            value: Any = page_of(raw) if len(raw) <= column.limit else ""
        elif column.kind == "date":
            value = day_of(raw)
        elif column.scale is not None:
            value = self.options(column, raw)
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

    def options(self, column: Column, raw: str) -> Any:
        """The option, or the options, that a text names in any language."""
        labels = self.labels[column.scale or ""]
        whole = labels.get(plain(raw), "")
        if column.kind == "choice":
            words = set(plain(raw).split())
            near = {option for label, option in labels.items() if words and words <= set(label.split())}
            return whole or (near.pop() if len(near) == 1 else "")
        rest, found = raw, [whole] if whole else []
        # Labels may hold commas themselves, so the longest are looked for first.
        for label in sorted(labels, key=len, reverse=True):
            if not whole and f" {label} " in f" {plain(rest)} ":
                found.append(labels[label])
                rest = f" {plain(rest)} ".replace(f" {label} ", " | ")
        return list(dict.fromkeys(found))

    def refuse(self, number: int, reason: str) -> Any:
        """Tells why something of a line is left out; returns None, which stands for nothing."""
        self.reasons.append((number, reason))
        return None

    # ---- what is told ----

    def told(self, count: int) -> Summary:
        """How many entries would be added, and what would not, line by line."""
        title = self.texts.say("taken", count=count) if count else self.texts.say("taken_none")
        blocks: list[Block] = [Paragraph(self.texts.say("taken_start")), *self.notes]
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


def plain(text: str) -> str:
    """A heading or a label in small letters, without accents and marks."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(re.findall(r"[^\W_]+", bare))


def day_of(raw: str) -> str:
    """A day as 2026-01-31, from a text with the year first; empty when it is none."""
    found = _DAY.fullmatch(raw)
    try:
        return date(*map(int, found.groups())).isoformat() if found else ""
    except ValueError:
        return ""
