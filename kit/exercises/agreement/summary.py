"""What a group is told about its agreement, from released numbers alone: the most open topics first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kit.content import Item, Section, Texts
from kit.disclosure import TOGETHER, Band, ItemRelease, Release
from kit.exercises.agreement.model import AGREED, STATUS, TO_DISCUSS, Model
from kit.session import Sector
from kit.summary import Bar, Block, Figure, Heading, Paragraph, Quotes, Row, Summary, Table
from kit.texts import say

SECTORS = tuple(str(sector) for sector in Sector)
SIDES = (TO_DISCUSS, AGREED)
HALF = 50
QUESTIONS = NAMED = 3
# A group's middle runs from 1 (to discuss) to 2 (agreed); in between it is divided.
LEAST_AGREED, MOST_OPEN = 2.0, 1.0


def summarise(model: Model, release: Release, lang: str, options: tuple[str, ...] = ()) -> Summary:
    """Tell `release` in `lang`; says so when too few people answered."""
    texts = model.texts(lang)
    title = texts.say("group_title")
    if not release.people:
        return Summary(title, (Paragraph(texts.say("too_few", k=release.k)),))
    teller = _Teller(texts, lang, release, model.structure.chosen(options))
    return Summary(
        title,
        (
            Paragraph(texts.say("people", people=release.people)),
            Paragraph(texts.say("how_to_read")),
            *teller.picture(),
            *teller.questions(),
            *teller.comparison(),
            *teller.words(),
            Paragraph(texts.say("legal"), "note"),
        ),
    )


@dataclass(frozen=True)
class _Teller:
    """One release with the language and the topics in which it is told."""

    texts: Texts
    lang: str
    release: Release
    topics: tuple[Section, ...]

    def picture(self) -> list[Block]:
        """Every topic as a bar, the most open one on top, and how many are held back."""
        topics = self.by_openness()
        title = self.texts.say("figure_title")
        columns = tuple(self.texts.say(f"col_{name}") for name in ("topic", "shares", "not_for_us"))
        twin = Table(title, columns, tuple(self.cells(topic) for topic in topics))
        blocks: list[Block] = [
            Heading(self.texts.say("figure_heading"), "topics"),
            Figure("stack", title, self.alt(topics), tuple(self.row(topic) for topic in topics), twin, tints=2),
        ]
        hidden = sum(self.told(topic).shape == "hidden" for topic in topics)
        return [*blocks, Paragraph(self.texts.say("held_note", count=hidden), "note")] if hidden else blocks

    def row(self, topic: Section) -> Row:
        told = self.told(topic)
        if told.shape != "bands":
            return Row(self.name(topic), note=self.shares(told))
        bars = tuple(
            Bar(self.band(band), band.percent, SIDES.index(band.options[0]), band.range) for band in told.bands
        )
        return Row(self.name(topic), bars)

    def cells(self, topic: Section) -> tuple[str, ...]:
        told = self.told(topic)
        apart = self.texts.say("not_shown") if told.apart is None else self.percent(told.apart)
        return self.name(topic), self.shares(told), apart

    def shares(self, told: ItemRelease) -> str:
        """What was released about one topic, in words."""
        if told.shape == "hidden":
            return self.texts.say("not_shown")
        if told.shape == "most":
            return self.texts.say("most_of", option=" / ".join(self.band(band) for band in told.bands))
        parts = ((self.band(band), self.percent(band)) for band in told.bands)
        return "; ".join(self.texts.say("share", option=option, percent=percent) for option, percent in parts)

    def alt(self, topics: Sequence[Section]) -> str:
        said = [self.texts.say("alt_intro", rows=len(topics))]
        ends = {
            "alt_open": [topic for topic in topics if self.surely(topic, TO_DISCUSS) >= HALF][:NAMED],
            "alt_agreed": [topic for topic in reversed(topics) if self.surely(topic, AGREED) >= HALF][:NAMED],
        }
        said += [
            self.texts.say(key, topics="; ".join(map(self.name, found))) for key, found in ends.items() if found
        ]
        return " ".join([*said, self.texts.say("alt_table")])

    def questions(self) -> list[Block]:
        """The most open topics, each with its question."""
        found = [topic for topic in self.by_openness() if self.surely(topic, TO_DISCUSS)][:QUESTIONS]
        blocks: list[Block] = [Heading(self.texts.say("questions_heading"), "questions")]
        if not found:
            return [*blocks, Paragraph(self.texts.say("questions_none"), "question")]
        blocks.append(Paragraph(self.texts.say("questions_lead")))
        for topic in found:
            asked = self.texts.say("next", topic=self.name(topic), question=self.texts.sections[topic.id]["ask"])
            blocks.append(Paragraph(asked, "question"))
        return blocks

    def comparison(self) -> list[Block]:
        """Sectors, or by agreement partners, side by side on the topics that they see differently."""
        title = self.texts.say(f"compare_{self.release.by}")
        heading = Heading(title, "compare")
        leanings = {topic.id: self.leanings(topic) for topic in self.by_openness()}
        groups = sorted({group for by in leanings.values() for group in by}, key=_by_group)
        if not groups:
            return [heading, Paragraph(self.texts.say("compare_none"), "note")]
        differing = [topic for topic in self.by_openness() if len(set(leanings[topic.id].values())) > 1]
        if not differing:
            return [heading, Paragraph(self.texts.say("compare_alike"))]
        untold = self.texts.say("not_shown")
        rows = tuple(
            (self.name(topic), *(leanings[topic.id].get(group, untold) for group in groups)) for topic in differing
        )
        columns = (self.texts.say("col_topic"), *(self.group(group) for group in groups))
        return [heading, Paragraph(self.texts.say("compare_lead")), Table(title, columns, rows)]

    def words(self) -> list[Block]:
        """Shared proposals, by what was asked."""
        quotes: list[Block] = []
        for topic in self.topics:
            for item in topic.items:
                if shared := self.release.texts.get(item.id):
                    quotes.append(Quotes(tuple(shared), self.title_of(topic, item)))
        return [Heading(self.texts.say("words_heading"), "words"), *quotes] if quotes else []

    # ---- small parts ----

    def told(self, topic: Section) -> ItemRelease:
        """What was released about a topic's status; hidden if nothing was."""
        item = next(item.id for item in topic.items if item.scale == STATUS)
        return self.release.items.get(item) or ItemRelease(item)

    def surely(self, topic: Section, status: str) -> int:
        """For more than so many per cent the topic is `status`; 0 where it may be nobody."""
        return next((band.low for band in self.told(topic).bands if band.options == (status,)), 0)

    def by_openness(self) -> list[Section]:
        """The most open first, then those that least surely are agreed, then those of which nothing is sure."""

        def place(topic: Section) -> tuple[int, int]:
            return -self.surely(topic, TO_DISCUSS), self.surely(topic, AGREED) or 100

        return sorted(self.topics, key=place)

    def leanings(self, topic: Section) -> dict[str, str]:
        values = (value for value in self.told(topic).groups if value.group != TOGETHER)
        return {value.group: self.leaning(value.middle) for value in values}

    def leaning(self, middle: float) -> str:
        if middle >= LEAST_AGREED:
            return self.texts.say("leans_agreed")
        return self.texts.say("leans_to_discuss" if middle <= MOST_OPEN else "divided")

    def group(self, group: str) -> str:
        """A sector's name in this language; a partner's as it was written."""
        return say(self.lang, f"sectors.{group}") if self.release.by == "sector" else group

    def title_of(self, topic: Section, item: Item) -> str:
        """The topic, and the question where a topic has several."""
        texts = [one for one in topic.items if one.share]
        return self.name(topic) if len(texts) == 1 else self.texts.text(item.id)

    def name(self, topic: Section) -> str:
        return self.texts.sections[topic.id]["title"]

    def band(self, band: Band) -> str:
        return " / ".join(self.texts.option(STATUS, option) for option in band.options)

    def percent(self, band: Band) -> str:
        return self.texts.say("percent", n=band.range)


def _by_group(group: str) -> tuple[int, str]:
    """Sort key: sectors as forms list them, partners by name."""
    return (SECTORS.index(group), "") if group in SECTORS else (len(SECTORS), group.casefold())


__all__ = ["summarise"]
