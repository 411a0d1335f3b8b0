"""Resource mapping: a board of services, and how well a person knows each type of them.

An entry is `public`, for `partners`, or it `never` leaves the device: the last kind lives in the browser only,
so the rules here refuse it. What the group's picture counts is one choice per type (see `counted`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from kit.content import Item, Texts
from kit.directory.entries import (
    PUBLIC,
    SHELTER,
    SHOWN,
    Row,
    coordinates_in,
    line_of,
    page_of,
    row_number,
    what_leads,
)
from kit.errors import EntryIncomplete, EntryStaysOnDevice, LineRefused, PageRefused, ShelterHasNoPage, TextIdentifies
from kit.exercise import Exercise, Question
from kit.exercises.resources.listed import ENTRIES, named, row_of, text_of
from kit.picture import chosen, next_step, profile
from kit.session import Sector, Value
from kit.summary import Block, Bullets, Heading, Paragraph, Summary, Table

AREA_NAME = "area_name"
KNOWLEDGE = ("not_known", "a_little", "well")
NONE_HERE = "none_here"
# What people have typed about a service, beside its name.
TYPED = ("offers", "languages", "who_can_come", "refer")
TITLES = {"well": "known_well", "a_little": "known_little", "not_known": "known_not", NONE_HERE: "known_none"}
# Days after which an entry is worth another look.
FRESH = 365

# Sentences of the board that the page needs.
BOARD = (
    "board_view", "by_type", "by_knowledge", "unplaced", "lane_empty", "lane_count", "add_here", "add_title", "add_go",
    "add_cancel", "add_needs", "added", "move", "move_to", "move_go", "move_cancel", "moved", "drag", "remove",
    "remove_question", "remove_confirm", "remove_keep", "removed", "full", "device", "device_note", "device_unkept",
    "went_device", "shelter_note", "send_question", "send_confirm", "send_keep", "sent_now", "alike", "alike_lead",
    "alike_pair", "alike_merge", "alike_apart", "alike_same", "merged", "kept_apart", "more_service", "more_way",
    "more_check",
)  # fmt: skip

# Simulated people only: how likely each sector knows a type well (0 … 1). No finding about real sectors.
USUAL = 0.3
TENDENCIES: Mapping[Sector, Mapping[str, float]] = {
    Sector.SETTLEMENT: {
        "language_classes": 0.95, "interpretation": 0.85, "employment": 0.9, "legal_aid": 0.5, "shelter": 0.1,
        "sexual_assault": 0.08, "mens_groups": 0.04, "lgbtq": 0.15,
    },
    Sector.ANTI_VIOLENCE: {
        "shelter": 0.97, "sexual_assault": 0.95, "crisis_support": 0.95, "womens_groups": 0.9, "legal_aid": 0.6,
        "language_classes": 0.08, "employment": 0.1, "mens_groups": 0.05,
    },
    Sector.MUNICIPAL: {"food": 0.7, "childcare": 0.7, "health": 0.5, "mens_groups": 0.05, "interpretation": 0.1},
    Sector.HEALTH_HIV: {"health": 0.97, "lgbtq": 0.8, "crisis_support": 0.5, "mens_groups": 0.1},
    Sector.INSTITUTION: {"health": 0.7, "legal_aid": 0.5, "mens_groups": 0.1, "lgbtq": 0.1},
    Sector.COMMUNITY: {"food": 0.9, "childcare": 0.6, "womens_groups": 0.6, "mens_groups": 0.1},
}  # fmt: skip
SKIPS, CHECKED, WRITES, SHARES, PUBLIC_SHARE = 0.05, 0.7, 0.7, 0.7, 0.6
FIRST_CHECK = date(2026, 1, 5)


class Model(Exercise):
    """The rules of resource mapping."""

    @property
    def types(self) -> tuple[str, ...]:
        """The types of services, in the order of the page."""
        return self.structure.scales["type"].options

    def compares(self, item: Item) -> bool:
        """Sectors are set side by side on each type."""
        return item.scale == "known_here"

    def questions(self, options: tuple[str, ...] = ()) -> tuple[Question, ...]:
        """Every choice and shared text, and the public entries as texts."""
        return (*super().questions(options), Question(ENTRIES, text=True))

    def content(self, lang: str, options: tuple[str, ...] = ()) -> dict[str, Any]:
        """As for every exercise, with the sentences of the board."""
        sentences = self.texts(lang).sentences
        return {**super().content(lang, options), "says": {key: sentences[key] for key in BOARD}}

    def check(self, item_id: str, value: object, options: tuple[str, ...] = ()) -> Value | None:
        """As for every exercise; the name of an area is also searched for what would lead to a door."""
        checked = super().check(item_id, value, options)
        if item_id == AREA_NAME and isinstance(checked, dict) and (what := what_leads(checked["text"])):
            raise TextIdentifies(item=item_id, what=what)
        return checked

    def check_row(self, item: Item, row: dict[str, Any]) -> Value:
        """An entry as it is stored: with type and name, marked for others, and with nothing that leads to a door.

        Raises `EntryStaysOnDevice`, `EntryIncomplete`, `ShelterHasNoPage`, `LineRefused`, `PageRefused`,
        `TextIdentifies`.
        """
        if row.get("visibility") not in SHOWN:
            raise EntryStaysOnDevice(item=item.id)
        if not (row.get("type") and row.get("name")):
            raise EntryIncomplete(item=item.id, column="name" if row.get("type") else "type")
        for column, text in row.items():
            if isinstance(text, str) and coordinates_in(text):
                raise TextIdentifies(item=item.id, what="coordinates", column=column)
        if row["type"] == SHELTER and {"page", "line"} & row.keys():
            raise ShelterHasNoPage(item=item.id)
        if "line" in row:
            row["line"] = line_of(row["line"])
            if not row["line"]:
                raise LineRefused(item=item.id, column="line")
        if "page" in row:
            row["page"] = page_of(row["page"])
            if not row["page"]:
                raise PageRefused(item=item.id, column="page")
        return row

    def read_out(self, item: str, text: str, lang: str) -> str:
        """Of an entry, every field that people have typed, with its type."""
        row = row_of(self.structure, text) if item == ENTRIES else None
        if row is None:
            return text
        texts = self.texts(lang)
        typed = [row[name] for name in TYPED if isinstance(row.get(name), str)]
        entry = texts.say("entry", name=named(texts, row), type=texts.option("type", row["type"]))
        return " – ".join((entry, *typed))

    def counted(self, answers: Mapping[str, Value], options: tuple[str, ...] = ()) -> Mapping[str, Value]:
        """How well each type is known: the best of the person's own choice and of their entries of that type.

        Public entries are handed on as texts, with what the group may have of them (see `listed`).
        """
        rows = list(entries(answers).values())
        counted = {item: value for item, value in answers.items() if "." not in item}
        for kind in self.types:
            known = {knowledge(answers, kind), *(row.get("knowledge") for row in rows if row.get("type") == kind)}
            best = max((KNOWLEDGE.index(one) for one in known if one in KNOWLEDGE), default=-1)
            if best >= 0:
                counted[f"know_{kind}"] = KNOWLEDGE[best]
        shared = {text_of(self.structure, row) for row in rows} - {""}
        if shared:
            counted[ENTRIES] = {"texts": sorted(shared), "share": True}
        return counted

    def feedback(self, answers: Mapping[str, Value], lang: str, options: tuple[str, ...] = ()) -> Summary:
        """What a person knows, whom to ask about the rest, and which entries are worth another look."""
        texts = self.texts(lang)
        rows = list(entries(answers).values())
        counted = self.counted(answers, options)
        by_level = {
            level: [kind for kind in self.types if counted.get(f"know_{kind}") == level]
            for level in (*KNOWLEDGE, NONE_HERE)
        }
        if not rows and not any(by_level.values()):
            return Summary(texts.title, (Paragraph(texts.say("nothing_yet")), Paragraph(texts.say("never_note"))))
        blocks: list[Block] = [Paragraph(texts.say("own_view"))]
        lines = [(texts.option("type", kind), chosen(counted, f"know_{kind}")) for kind in self.types]
        blocks += profile(texts, "knowledge", KNOWLEDGE, lang, lines)
        first = next((level for level in ("not_known", "a_little", "well", NONE_HERE) if by_level[level]), "")
        kind = texts.option("type", by_level[first][0]) if first else ""
        blocks += next_step(lang, texts.say(f"step_{first}", type=kind) if first else "")
        for level, title in TITLES.items():
            if by_level[level]:
                blocks.append(Bullets(tuple(texts.option("type", kind) for kind in by_level[level]), texts.say(title)))
        if by_level["not_known"]:
            blocks.append(Paragraph(texts.say("ask_around"), "question"))
        blocks += [*_table(texts, self.types, rows), *_wished(texts, rows), *_stale(texts, rows)]
        return Summary(texts.title, (*blocks, Paragraph(texts.say("never_note"))))

    def rehearse(
        self, rng: Random, sector: Sector, lang: str, options: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, Value]]:
        """Choices that differ by sector, a few made-up entries, and often a wish in `lang`."""
        texts = self.texts(lang)
        yield "area", rng.choice(self.structure.scales["area"].options)
        known = TENDENCIES.get(sector, {})
        levels = {kind: _level(rng, known.get(kind, USUAL)) for kind in self.types}
        for kind, level in levels.items():
            if rng.random() >= SKIPS:
                yield f"know_{kind}", level
        placed = [kind for kind in self.types if kind != SHELTER and levels[kind] != "not_known"]
        for number, kind in enumerate(rng.sample(placed, min(len(placed), rng.randint(1, 4)))):
            yield f"{ENTRIES}.{row_number(number + 1)}", self._entry(rng, texts, kind, levels[kind])
        yield "table", rng.choice(self.structure.scales["table"].options)
        for item, key in (("issue", "issue"), ("next_step", "step")):
            if rng.random() < WRITES:
                yield item, {"text": texts.say(f"{key}_{rng.randint(1, 4)}"), "share": rng.random() < SHARES}

    def _entry(self, rng: Random, texts: Texts, kind: str, level: str) -> Value:
        row: dict[str, Any] = {
            "type": kind,
            "name": texts.say(f"service_{kind}"),
            "knowledge": level,
            "together": rng.choice(self.structure.scales["together"].options),
            "visibility": PUBLIC if rng.random() < PUBLIC_SHARE else "partners",
            "languages": texts.say(f"languages_{rng.randint(1, 3)}"),
            "interpreting": rng.choice(self.structure.scales["interpreting"].options),
            "access": ["free_of_charge"],
            "waiting": rng.choice(self.structure.scales["waiting"].options),
        }
        if rng.random() < CHECKED:
            row["checked"] = (FIRST_CHECK + timedelta(days=rng.randint(0, 200))).isoformat()
            row["checked_by"] = rng.choice(self.structure.scales["role"].options)
        return {**row, "share": False}


def entries(answers: Mapping[str, Value]) -> dict[str, Row]:
    """A person's entries by key, in the order in which they were added; nothing that stays on the device."""
    found = {
        item.partition(".")[2]: value
        for item, value in sorted(answers.items())
        if item.startswith(f"{ENTRIES}.") and isinstance(value, dict) and value.get("visibility") in SHOWN
    }
    return {key: row for key, row in found.items() if row.get("type") and row.get("name")}


def knowledge(answers: Mapping[str, Value], kind: str) -> str:
    """What the person chose for a type; empty when nothing was chosen."""
    chosen = answers.get(f"know_{kind}")
    return chosen if isinstance(chosen, str) else ""


def _level(rng: Random, well: float) -> str:
    """A level that is "well" with about this likelihood."""
    return KNOWLEDGE[min(max(round(rng.gauss(2 * well, 0.45)), 0), 2)]


def _table(texts: Texts, types: Iterable[str], rows: list[Row]) -> list[Block]:
    lines = []
    for kind in types:
        of_type = [row for row in rows if row["type"] == kind]
        work = sum(row.get("together") == "we_do" for row in of_type)
        if of_type:
            lines.append((texts.option("type", kind), str(len(of_type)), str(work)))
    columns = (texts.say("col_type"), texts.say("col_entries"), texts.say("col_work"))
    return [Table(texts.say("entries_title"), columns, tuple(lines))] if lines else []


def _wished(texts: Texts, rows: list[Row]) -> list[Block]:
    wished = tuple(_named(texts, row) for row in rows if row.get("together") == "we_could")
    if not wished:
        return []
    return [Heading(texts.say("not_worked"), "wished"), Paragraph(texts.say("not_worked_lead")), Bullets(wished)]


def _stale(texts: Texts, rows: list[Row]) -> list[Block]:
    last = (date.today() - timedelta(days=FRESH)).isoformat()
    old = tuple(
        _named(texts, row) if row.get("checked") else texts.say("undated", name=row["name"])
        for row in rows
        if row.get("checked", "") < last
    )
    return [Heading(texts.say("stale"), "stale"), Paragraph(texts.say("stale_lead")), Bullets(old)] if old else []


def _named(texts: Texts, row: Row) -> str:
    return texts.say("entry", name=row["name"], type=texts.option("type", row["type"]))
