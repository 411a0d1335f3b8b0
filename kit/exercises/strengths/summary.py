"""A group's board of strengths, from released numbers alone: needs, offers, where they meet and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kit.content import Item, Texts
from kit.disclosure import TOGETHER, Band, ItemRelease, Release
from kit.exercises.strengths.model import LISTS, MARK, OTHER, Model
from kit.session import Sector
from kit.summary import Bar, Block, Bullets, Cell, Figure, Heading, Matrix, Paragraph, Quotes, Row, Summary, Table
from kit.texts import say

NEED, NEITHER, OFFER = "need", "neither", "offer"
# What can be told of the three options, from need to offer: each run of neighbours has a tint of its own.
BANDS = ((NEED,), (NEED, NEITHER), (NEITHER,), (NEITHER, OFFER), (OFFER,))
SECTORS = tuple(str(sector) for sector in Sector)

# Where a sector's middle (1 need, 2 neither, 3 offer) begins to lean, and from which spread on a middle in
# between says that the sector is on both sides.
NEEDS_TO, OFFERS_FROM, DIVIDED = 1.5, 2.5, 1.0
LEANINGS = (NEED, NEITHER, "both", OFFER)
NAMED = 3
# Up to which share, in per cent, a thing that is offered by few may be missing.
SCARCE = 30
QUESTIONS = 3


def summarise(model: Model, release: Release, lang: str, options: tuple[str, ...] = ()) -> Summary:
    """Tell `release` in `lang`; says so when too few people answered."""
    texts = model.texts(lang)
    title = texts.say("group_title")
    if not release.people:
        return Summary(title, (Paragraph(texts.say("too_few", k=release.k)),))
    board = _Board(texts, lang, release, model.topics(options), model.limits(options))
    return Summary(
        title,
        (
            Paragraph(texts.say("people", people=release.people)),
            Paragraph(texts.say("how_to_read")),
            *board.picture(),
            *board.sectors(),
            *board.exchanges(),
            *board.gaps(),
            *board.questions(),
            *board.limits_table(),
            *board.words(),
        ),
    )


@dataclass(frozen=True)
class _Board:
    """One release with the language in which it is told."""

    texts: Texts
    lang: str
    release: Release
    topics: tuple[Item, ...]
    limits: tuple[Item, ...]

    # ---- everyone ----

    def picture(self) -> list[Block]:
        """The figure over all topics, and how many of them are held back."""
        title = self.texts.say("figure_title")
        rows = tuple(self.row(item) for item in self.topics)
        cells = tuple((self.name(item), self.shares(self.told(item))) for item in self.topics)
        twin = Table(title, (self.texts.say("col_topic"), self.texts.say("col_shares")), cells)
        blocks: list[Block] = [
            Heading(self.texts.say("figure_heading"), "board"),
            Figure("stack", title, self.alt(), rows, twin, tints=len(BANDS)),
        ]
        hidden = sum(self.told(item).shape == "hidden" for item in self.topics)
        return [*blocks, Paragraph(self.texts.say("held_note", count=hidden), "note")] if hidden else blocks

    def row(self, item: Item) -> Row:
        told = self.told(item)
        if told.shape != "bands":
            return Row(self.name(item), note=self.shares(told))
        bars = tuple(
            Bar(self.band(band), band.percent, BANDS.index(band.options), band.range) for band in told.bands
        )
        return Row(self.name(item), bars)

    def shares(self, told: ItemRelease) -> str:
        """What was released about one item, in words."""
        if told.shape == "hidden":
            return self.texts.say("not_shown")
        if told.shape == "most":
            return self.texts.say("most_of", option=" / ".join(self.band(band) for band in told.bands))
        parts = ((self.band(band), self.percent(band)) for band in told.bands)
        return "; ".join(self.texts.say("share", option=option, percent=percent) for option, percent in parts)

    def alt(self) -> str:
        said = [self.texts.say("alt_intro", rows=len(self.topics))]
        for key, option in (("alt_needed", NEED), ("alt_offered", OFFER)):
            known = [(share.low, item) for item in self.topics if (share := self.share(item, option))]
            first = sorted(known, key=lambda pair: -pair[0])[:NAMED]
            if first:
                said.append(self.texts.say(key, topics="; ".join(self.name(item) for _, item in first)))
        return " ".join([*said, self.texts.say("alt_table")])

    # ---- by sector ----

    def sectors(self) -> list[Block]:
        """Sectors side by side. Partner organizations never are: this exercise names none."""
        leanings = {item.id: self.leanings(item) for item in self.topics}
        shown = sorted({sector for by in leanings.values() for sector in by}, key=SECTORS.index)
        heading = Heading(self.texts.say("sectors_heading"), "sectors")
        if not shown:
            key = "sectors_none" if self.release.by == "sector" else "sectors_attributed"
            return [heading, Paragraph(self.texts.say(key), "note")]
        return [heading, Paragraph(self.texts.say("sectors_lead")), self.matrix(leanings, shown)]

    def matrix(self, leanings: Mapping[str, Mapping[str, str]], shown: Sequence[str]) -> Matrix:
        title = self.texts.say("sectors_title")
        rows = [item for item in self.topics if leanings[item.id]]
        names = tuple(self.sector(sector) for sector in shown)
        cells = tuple(tuple(self.cell(leanings[item.id].get(sector)) for sector in shown) for item in rows)
        twin = Table(
            title,
            (self.texts.say("col_topic"), *names),
            tuple((self.name(item), *(cell.label for cell in line)) for item, line in zip(rows, cells, strict=True)),
        )
        alt = self.texts.say("sectors_alt", rows=len(rows), columns=len(shown))
        legend = tuple(self.texts.say(f"sector_{leaning}") for leaning in LEANINGS)
        return Matrix(title, alt, names, tuple(self.name(item) for item in rows), cells, legend, twin)

    def cell(self, leaning: str | None) -> Cell:
        if leaning is None:
            return Cell(None, self.texts.say("not_shown"))
        return Cell(LEANINGS.index(leaning), self.texts.say(f"sector_{leaning}"))

    def leanings(self, item: Item) -> dict[str, str]:
        """Sector → what it leans to on one topic; empty where sectors are not set side by side."""
        if self.release.by != "sector":
            return {}
        values = (value for value in self.told(item).groups if value.group != TOGETHER)
        return {value.group: _leaning(value.middle, value.spread) for value in values}

    def leaning_to(self, item: Item, leaning: str) -> list[str]:
        return sorted((one for one, to in self.leanings(item).items() if to == leaning), key=SECTORS.index)

    # ---- where they meet, and what is missing ----

    def exchanges(self) -> list[Block]:
        lines = tuple(line for _, line in self.meetings())
        heading = Heading(self.texts.say("exchanges_heading"), "exchanges")
        if not lines:
            return [heading, Paragraph(self.texts.say("exchanges_none"), "note")]
        return [heading, Bullets(lines, self.texts.say("exchanges_lead"))]

    def meetings(self) -> list[tuple[Item, str]]:
        """Topics that one sector leans to offer and another to need; else those with both in the room."""
        found = []
        for item in self.topics:
            offering, needing = (self.leaning_to(item, one) for one in (OFFER, NEED))
            if offering and needing:
                by = {"offer": self.sector_names(offering), "need": self.sector_names(needing)}
                found.append((item, self.texts.say("exchange_sectors", topic=self.name(item), **by)))
        return found or [
            (item, self.texts.say("exchange_room", topic=self.name(item), offer=self.percent(o), need=self.percent(n)))
            for item in self.topics
            if (o := self.share(item, OFFER)) and (n := self.share(item, NEED))
        ]

    def gaps(self) -> list[Block]:
        """What nobody, or nearly nobody, offers; and what most people need where no share may be told."""
        missing = tuple(self.gap(item) for item in self.missing())
        needed = tuple(self.name(item) for item in self.topics if self.is_most(item, NEED))
        heading = Heading(self.texts.say("gaps_heading"), "gaps")
        lists: list[Block] = []
        if missing:
            lists.append(Bullets(missing, self.texts.say("gaps_lead")))
        if needed:
            lists.append(Bullets(needed, self.texts.say("most_need")))
        return [heading, *(lists or [Paragraph(self.texts.say("gaps_none"))])]

    def missing(self) -> list[Item]:
        """Topics that few or none offer, those that are needed most first."""
        found = [item for item in self.topics if self.is_scarce(item)]
        needs = {item.id: share.low if (share := self.share(item, NEED)) else 0 for item in found}
        return sorted(found, key=lambda item: -needs[item.id])

    def gap(self, item: Item) -> str:
        need = self.share(item, NEED)
        if need:
            return self.texts.say("gap_needed", topic=self.name(item), percent=self.percent(need))
        return self.texts.say("gap", topic=self.name(item))

    def questions(self) -> list[Block]:
        """What to talk about: exchanges first, then what is missing."""
        told = [self.texts.say("question_exchange", topic=self.name(item)) for item, _ in self.meetings()][:QUESTIONS]
        missing = [item for item in self.missing() if self.share(item, NEED)]
        told += [self.texts.say("question_gap", topic=self.name(item)) for item in missing[:1]]
        asked = told or [self.texts.say("question_other")]
        heading = Heading(self.texts.say("question_heading"), "questions")
        return [heading, *(Paragraph(one, "question") for one in asked)]

    def limits_table(self) -> list[Block]:
        rows = tuple((self.texts.option("limit", one.id), self.shares(self.told(one))) for one in self.limits)
        columns = (self.texts.say("col_limit"), self.texts.say("col_shares"))
        heading = Heading(self.texts.say("limits_heading"), "limits")
        return [heading, Table(self.texts.say("limits_title"), columns, rows)]

    # ---- in their own words ----

    def words(self) -> list[Block]:
        """Shared lines: offers and needs on the same topic stand together, limits below."""
        lines = {name: self.lines(name) for name in LISTS}
        if not any(lines.values()):
            return []
        heading = Heading(self.texts.say("words_heading"), "words")
        blocks: list[Block] = [heading, Paragraph(self.texts.say("words_lead"))]
        for topic in (*(item.id for item in self.topics), OTHER):
            for name in ("offers", "needs"):
                if found := lines[name].get(topic):
                    blocks.append(Quotes(tuple(found), self.texts.say(f"words_{name}", topic=self.topic(topic))))
        limits = tuple(self.limit_line(kind, line) for kind, found in lines["limits"].items() for line in found)
        return [*blocks, Quotes(limits, self.texts.say("words_limits"))] if limits else blocks

    def lines(self, name: str) -> dict[str, list[str]]:
        """Shared lines of one list by topic; a line without a topic goes to the other ones."""
        by: dict[str, list[str]] = {}
        for told in self.release.texts.get(name, ()):
            topic, _, line = told.partition(MARK)
            by.setdefault(topic or OTHER, []).append(line)
        return by

    def limit_line(self, kind: str, line: str) -> str:
        return line if kind == OTHER else self.texts.say("word", topic=self.texts.option("limit", kind), detail=line)

    # ---- small parts ----

    def told(self, item: Item) -> ItemRelease:
        """What was released about an item; hidden if nothing was."""
        return self.release.items.get(item.id) or ItemRelease(item.id)

    def share(self, item: Item, option: str) -> Band | None:
        """The share of an option that stands for itself; None where it is not told, or may be nobody."""
        told = self.told(item)
        bands = told.bands if told.shape == "bands" else ()
        return next((band for band in bands if band.options == (option,) and not band.few), None)

    def is_scarce(self, item: Item) -> bool:
        """Whether few offer a thing, or none, where the room said something else of it."""
        cells = self.told(item).cells
        scarce = any(band.options == (OFFER,) and band.few and band.high <= SCARCE for band in cells)
        return scarce and not all(band.few for band in cells)

    def is_most(self, item: Item, option: str) -> bool:
        told = self.told(item)
        return told.shape == "most" and any(band.options == (option,) for band in told.bands)

    def band(self, band: Band) -> str:
        """The name of options that are told as one; every run of neighbours has its own."""
        return self.texts.say("band_" + "_".join(band.options))

    def name(self, item: Item) -> str:
        return self.topic(item.id)

    def topic(self, topic: str) -> str:
        return self.texts.option("topic", topic)

    def sector(self, sector: str) -> str:
        return say(self.lang, f"sectors.{sector}")

    def sector_names(self, sectors: Iterable[str]) -> str:
        return "; ".join(self.sector(sector) for sector in sectors)

    def percent(self, band: Band) -> str:
        return self.texts.say("percent", n=band.range)


def _leaning(middle: float, spread: float) -> str:
    if middle <= NEEDS_TO:
        return NEED
    if middle >= OFFERS_FROM:
        return OFFER
    return "both" if spread >= DIVIDED else NEITHER


__all__ = ["summarise"]
