"""A group's board of strengths, from released numbers alone: needs, offers, where they meet and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from kit.content import Item
from kit.disclosure import HALF, TOGETHER, Band, Release
from kit.exercises.strengths.model import LISTS, MARK, OTHER, Model
from kit.findings import OF_ONE, Finding, finding, foremost
from kit.summary import Block, Bullets, Cell, Heading, Matrix, Paragraph, Quotes, Summary, Table, Tint
from kit.telling import Telling, in_order

EXCHANGE, WEIGHT = "exchange", "weight"
NEED, NEITHER, OFFER = "need", "neither", "offer"
# Where a sector's middle (1 need, 2 neither, 3 offer) begins to lean, and from which spread on a middle in
# between says that the sector is on both sides.
NEEDS_TO, OFFERS_FROM, DIVIDED = 1.5, 2.5, 1.0
LEANINGS = (NEED, NEITHER, "both", OFFER)
# The colours of the leanings are those of the options; a sector on both sides has one mixed of them.
TINTS: tuple[Tint, ...] = (0, 1, (0, 2), 2)
NAMED = 3
# Up to which share, in per cent, a thing that is offered by few may be missing.
SCARCE = 30
QUESTIONS = 3


def summarise(model: Model, release: Release, lang: str, options: tuple[str, ...] = ()) -> Summary:
    """Tell `release` in `lang`; says so when too few people answered."""
    board = _Board(model, release, lang, options)
    return board.summary(board.say("group_title"), board.blocks())


def findings(model: Model, release: Release, lang: str, options: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """What the room said, in a sentence each; none where nothing stands alone."""
    return tuple(_Board(model, release, lang, options).findings())


class _Board(Telling):
    """One release with the language in which it is told."""

    def __init__(self, model: Model, release: Release, lang: str, options: tuple[str, ...]) -> None:
        super().__init__(model, release, lang)
        self.topics, self.limits = model.topics(options), model.limits(options)

    def blocks(self) -> list[Block]:
        """Everything, in order."""
        return [
            Paragraph(self.say("people", people=self.release.people)),
            Paragraph(self.say("how_to_read")),
            *self.picture(),
            *self.sectors(),
            *self.exchanges(),
            *self.gaps(),
            *self.questions(),
            *self.limits_table(),
            *self.words(),
        ]

    # ---- everyone ----

    def picture(self) -> list[Block]:
        """The figure over all topics, and how many of them are held back."""
        title = self.say("figure_title")
        told = [(self.name(item), self.told(item.id)) for item in self.topics]
        cells = tuple((name, self.shares(EXCHANGE, one)) for name, one in told)
        twin = Table(title, self.columns("topic", "shares"), cells)
        figure = self.stack(EXCHANGE, title, self.alt(), told, twin)
        hidden = sum(one.shape == "hidden" for _, one in told)
        return [Heading(self.say("figure_heading"), "board"), figure, *self.held(hidden)]

    def label(self, scale: str, options: Sequence[str]) -> str:
        """Every run of neighbours has a name of its own."""
        return self.say("band_" + "_".join(options))

    def alt(self) -> str:
        said = [self.say("alt_intro", rows=len(self.topics))]
        for key, option in (("alt_needed", NEED), ("alt_offered", OFFER)):
            known = [(share.low, item) for item in self.topics if (share := self.share_of(item, option))]
            first = sorted(known, key=lambda pair: -pair[0])[:NAMED]
            if first:
                said.append(self.say(key, topics="; ".join(self.name(item) for _, item in first)))
        return " ".join([*said, self.word("same_numbers")])

    # ---- by sector ----

    def sectors(self) -> list[Block]:
        """Sectors side by side. Partner organizations never are: this exercise names none."""
        leanings = {item.id: self.leanings(item) for item in self.topics}
        shown = in_order(sector for by in leanings.values() for sector in by)
        heading = Heading(self.say("sectors_heading"), "sectors")
        if not shown:
            key = "sectors_none" if self.release.by == "sector" else "sectors_attributed"
            return [heading, Paragraph(self.say(key), "note")]
        return [heading, Paragraph(self.say("sectors_lead")), self.matrix(leanings, shown)]

    def matrix(self, leanings: Mapping[str, Mapping[str, str]], shown: Sequence[str]) -> Matrix:
        title = self.say("sectors_title")
        rows = [item for item in self.topics if leanings[item.id]]
        names = tuple(map(self.group, shown))
        cells = tuple(tuple(self.square(leanings[item.id].get(sector)) for sector in shown) for item in rows)
        twin = Table(
            title,
            (*self.columns("topic"), *names),
            tuple((self.name(item), *(cell.label for cell in line)) for item, line in zip(rows, cells, strict=True)),
        )
        alt = self.say("sectors_alt", rows=len(rows), columns=len(shown))
        legend = tuple(self.say(f"sector_{leaning}") for leaning in LEANINGS)
        return Matrix(title, alt, names, tuple(self.name(item) for item in rows), cells, legend, twin, TINTS, 3)

    def square(self, leaning: str | None) -> Cell:
        if leaning is None:
            return Cell(None, self.word("not_shown"))
        return Cell(LEANINGS.index(leaning), self.say(f"sector_{leaning}"))

    def leanings(self, item: Item) -> dict[str, str]:
        """Sector → what it leans to on one topic; empty where sectors are not set side by side."""
        if self.release.by != "sector":
            return {}
        values = (value for value in self.told(item.id).groups if value.group != TOGETHER)
        return {value.group: _leaning(value.middle, value.spread) for value in values}

    def leaning_to(self, item: Item, leaning: str) -> list[str]:
        return in_order(one for one, to in self.leanings(item).items() if to == leaning)

    # ---- where they meet, and what is missing ----

    def exchanges(self) -> list[Block]:
        lines = tuple(line for _, line in self.meetings())
        heading = Heading(self.say("exchanges_heading"), "exchanges")
        if not lines:
            return [heading, Paragraph(self.say("exchanges_none"), "note")]
        return [heading, Bullets(lines, self.say("exchanges_lead"))]

    def meetings(self) -> list[tuple[Item, str]]:
        """Topics that one sector leans to offer and another to need; else those with both in the room."""
        found = []
        for item in self.topics:
            offering, needing = (self.leaning_to(item, one) for one in (OFFER, NEED))
            if offering and needing:
                by = {"offer": self.sector_names(offering), "need": self.sector_names(needing)}
                found.append((item, self.say("exchange_sectors", topic=self.name(item), **by)))
        return found or [
            (item, self.say("exchange_room", topic=self.name(item), offer=self.percent(o), need=self.percent(n)))
            for item in self.topics
            if (o := self.share_of(item, OFFER)) and (n := self.share_of(item, NEED))
        ]

    def gaps(self) -> list[Block]:
        """What nobody, or nearly nobody, offers; and what most people need where no share may be told."""
        missing = tuple(self.gap(item) for item in self.missing())
        needed = tuple(self.name(item) for item in self.topics if self.is_most(item, NEED))
        heading = Heading(self.say("gaps_heading"), "gaps")
        lists: list[Block] = []
        if missing:
            lists.append(Bullets(missing, self.say("gaps_lead")))
        if needed:
            lists.append(Bullets(needed, self.say("most_need")))
        return [heading, *(lists or [Paragraph(self.say("gaps_none"))])]

    def missing(self) -> list[Item]:
        """Topics that few or none offer, those that are needed most first."""
        found = [item for item in self.topics if self.is_scarce(item)]
        needs = {item.id: share.low if (share := self.share_of(item, NEED)) else 0 for item in found}
        return sorted(found, key=lambda item: -needs[item.id])

    def gap(self, item: Item) -> str:
        need = self.share_of(item, NEED)
        if need:
            return self.say("gap_needed", topic=self.name(item), percent=self.percent(need))
        return self.say("gap", topic=self.name(item))

    def questions(self) -> list[Block]:
        """What to talk about: exchanges first, then what is missing."""
        told = [self.say("question_exchange", topic=self.name(item)) for item, _ in self.meetings()][:QUESTIONS]
        missing = [item for item in self.missing() if self.share_of(item, NEED)]
        told += [self.say("question_gap", topic=self.name(item)) for item in missing[:1]]
        asked = told or [self.say("question_other")]
        heading = Heading(self.say("question_heading"), "questions")
        return [heading, *(Paragraph(one, "question") for one in asked)]

    def limits_table(self) -> list[Block]:
        rows = tuple(
            (self.texts.option("limit", one.id), self.shares(WEIGHT, self.told(one.id))) for one in self.limits
        )
        columns = self.columns("limit", "shares")
        heading = Heading(self.say("limits_heading"), "limits", detail=True)
        return [heading, Table(self.say("limits_title"), columns, rows)]

    # ---- in a sentence ----

    def findings(self) -> list[Finding]:
        """One exchange between sectors; what the most need, what limits the most, what the most offer."""
        topics = [(item, self.told(item.id)) for item in self.topics]
        limits = [(one.id, self.told(one.id)) for one in self.limits]
        found = [
            *self.exchange(),
            *finding(self, "need", foremost(topics, NEED), self.name),
            *finding(self, "limit", foremost(limits, "much"), partial(self.texts.option, "limit")),
            *finding(self, "offer", foremost(topics, OFFER), self.name),
        ]
        return found[:OF_ONE]

    def exchange(self) -> list[Finding]:
        """The one topic that some sectors lean to offer and others to need; none where there are several."""
        sides = [(item, self.leaning_to(item, OFFER), self.leaning_to(item, NEED)) for item in self.topics]
        met = [(item, offering, needing) for item, offering, needing in sides if offering and needing]
        if len(met) != 1:
            return []
        item, offering, needing = met[0]
        by = {"offer": self.sector_names(offering), "need": self.sector_names(needing)}
        most = Band((OFFER,), HALF, 100)
        told = self.say("finding_exchange", name=self.name(item), **by)
        return [Finding(self.slug, told, self.percent(most), self.say("finding_exchange_ask"), most.low)]

    # ---- in their own words ----

    def words(self) -> list[Block]:
        """Shared lines: offers and needs on the same topic stand together, limits below."""
        lines = {name: self.lines(name) for name in LISTS}
        if not any(lines.values()):
            return []
        heading = Heading(self.say("words_heading"), "words", detail=True)
        blocks: list[Block] = [heading, Paragraph(self.say("words_lead"))]
        for topic in (*(item.id for item in self.topics), OTHER):
            for name in ("offers", "needs"):
                if found := lines[name].get(topic):
                    blocks.append(Quotes(tuple(found), self.say(f"words_{name}", topic=self.topic(topic))))
        limits = tuple(self.limit_line(kind, line) for kind, found in lines["limits"].items() for line in found)
        return [*blocks, Quotes(limits, self.say("words_limits"))] if limits else blocks

    def lines(self, name: str) -> dict[str, list[str]]:
        """Shared lines of one list by topic; a line without a topic goes to the other ones."""
        by: dict[str, list[str]] = {}
        for told in self.release.texts.get(name, ()):
            topic, _, line = told.partition(MARK)
            by.setdefault(topic or OTHER, []).append(line)
        return by

    def limit_line(self, kind: str, line: str) -> str:
        return line if kind == OTHER else self.say("word", topic=self.texts.option("limit", kind), detail=line)

    # ---- small parts ----

    def share_of(self, item: Item, option: str) -> Band | None:
        """The share of an option that stands for itself; None where it is not told, or may be nobody."""
        told = self.told(item.id)
        bands = told.bands if told.shape == "bands" else ()
        return next((band for band in bands if band.options == (option,) and not band.few), None)

    def is_scarce(self, item: Item) -> bool:
        """Whether few offer a thing, or none, where the room said something else of it."""
        cells = self.told(item.id).cells
        scarce = any(band.options == (OFFER,) and band.few and band.high <= SCARCE for band in cells)
        return scarce and not all(band.few for band in cells)

    def is_most(self, item: Item, option: str) -> bool:
        """Whether more than half surely chose it, where no share is told; of a sensitive topic less may be known."""
        told = self.told(item.id)
        return told.shape == "most" and any(band.options == (option,) and band.low >= HALF for band in told.bands)

    def name(self, item: Item) -> str:
        return self.topic(item.id)

    def topic(self, topic: str) -> str:
        return self.texts.option("topic", topic)

    def sector_names(self, sectors: Iterable[str]) -> str:
        return "; ".join(map(self.group, sectors))


def _leaning(middle: float, spread: float) -> str:
    if middle <= NEEDS_TO:
        return NEED
    if middle >= OFFERS_FROM:
        return OFFER
    return "both" if spread >= DIVIDED else NEITHER


__all__ = ["findings", "summarise"]
