"""What a group is told about its agreement, from released numbers alone: the most open topics first."""

from __future__ import annotations

from collections.abc import Sequence

from kit.content import Item, Section
from kit.disclosure import TOGETHER, ItemRelease, Release
from kit.exercises.agreement.model import AGREED, STATUS, TO_DISCUSS, Model
from kit.findings import Finding, finding, foremost
from kit.summary import Block, Heading, Paragraph, Quotes, Summary, Table
from kit.telling import Telling, in_order

HALF = 50
QUESTIONS = NAMED = 3
# A group's middle runs from 1 (to discuss) to 2 (agreed); in between it is divided.
LEAST_AGREED, MOST_OPEN = 2.0, 1.0


def summarise(model: Model, release: Release, lang: str, options: tuple[str, ...] = ()) -> Summary:
    """Tell `release` in `lang`; says so when too few people answered."""
    teller = _Teller(model, release, lang, options)
    return teller.summary(teller.say("group_title"), teller.blocks())


def findings(model: Model, release: Release, lang: str, options: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """What the room said, in a sentence each; none where nothing stands alone."""
    return tuple(_Teller(model, release, lang, options).findings())


class _Teller(Telling):
    """One release with the language and the topics in which it is told."""

    def __init__(self, model: Model, release: Release, lang: str, options: tuple[str, ...]) -> None:
        super().__init__(model, release, lang)
        # What was revealed before there was a topic says nothing about it.
        asked = model.structure.chosen(options)
        self.topics = tuple(one for one in asked if f"{one.id}_status" in release.items)

    def blocks(self) -> list[Block]:
        """Everything, in order."""
        return [
            Paragraph(self.say("people", people=self.release.people)),
            Paragraph(self.say("how_to_read")),
            *self.picture(),
            *self.questions(),
            *self.comparison(),
            Paragraph(self.say("legal"), "note"),
            *self.words(),
        ]

    def picture(self) -> list[Block]:
        """Every topic as a bar, the most open one on top, and how many are held back."""
        topics = self.by_openness()
        title = self.say("figure_title")
        columns = self.columns("topic", "shares", "not_for_us")
        told = [(self.name(topic), self.status(topic)) for topic in topics]
        cells = ((name, self.shares(STATUS, one), self.percent(one.apart)) for name, one in told)
        figure = self.stack(STATUS, title, self.alt(topics), told, Table(title, columns, tuple(cells)))
        hidden = sum(one.shape == "hidden" for _, one in told)
        return [Heading(self.say("figure_heading"), "topics"), figure, *self.held(hidden)]

    def alt(self, topics: Sequence[Section]) -> str:
        said = [self.say("alt_intro", rows=len(topics))]
        ends = {
            "alt_open": [topic for topic in topics if self.surely(topic, TO_DISCUSS) >= HALF][:NAMED],
            "alt_agreed": [topic for topic in reversed(topics) if self.surely(topic, AGREED) >= HALF][:NAMED],
        }
        said += [self.say(key, topics="; ".join(map(self.name, found))) for key, found in ends.items() if found]
        return " ".join([*said, self.word("same_numbers")])

    def questions(self) -> list[Block]:
        """The most open topics, each with its question."""
        found = [topic for topic in self.by_openness() if self.surely(topic, TO_DISCUSS)][:QUESTIONS]
        blocks: list[Block] = [Heading(self.say("questions_heading"), "questions")]
        if not found:
            return [*blocks, Paragraph(self.say("questions_none"), "question")]
        blocks.append(Paragraph(self.say("questions_lead")))
        for topic in found:
            asked = self.say("next", topic=self.name(topic), question=self.ask(topic))
            blocks.append(Paragraph(asked, "question"))
        return blocks

    def comparison(self) -> list[Block]:
        """Sectors, or by agreement partners, side by side on the topics that they see differently."""
        title = self.say(f"compare_{self.release.by}")
        heading = Heading(title, "compare")
        leanings = {topic.id: self.leanings(topic) for topic in self.by_openness()}
        groups = in_order(group for by in leanings.values() for group in by)
        if not groups:
            return [heading, Paragraph(self.say("compare_none"), "note")]
        differing = [topic for topic in self.by_openness() if len(set(leanings[topic.id].values())) > 1]
        if not differing:
            return [heading, Paragraph(self.say("compare_alike"))]
        untold = self.word("not_shown")
        rows = tuple(
            (self.name(topic), *(leanings[topic.id].get(group, untold) for group in groups)) for topic in differing
        )
        columns = (*self.columns("topic"), *(self.group(group) for group in groups))
        return [heading, Paragraph(self.say("compare_lead")), Table(title, columns, rows)]

    def words(self) -> list[Block]:
        """Shared proposals, by what was asked."""
        quotes: list[Block] = []
        for topic in self.topics:
            for item in topic.items:
                if shared := self.release.texts.get(item.id):
                    quotes.append(Quotes(tuple(shared), self.title_of(topic, item)))
        return [Heading(self.say("words_heading"), "words", detail=True), *quotes] if quotes else []

    def findings(self) -> list[Finding]:
        """Which topic is still to discuss for the most people, and which is agreed for the most."""
        told = [(topic, self.status(topic)) for topic in self.topics]
        return [
            *finding(self, "open", foremost(told, TO_DISCUSS), self.name, self.ask),
            *finding(self, "agreed", foremost(told, AGREED), self.name),
        ]

    # ---- small parts ----

    def status(self, topic: Section) -> ItemRelease:
        """What was released about a topic's status; hidden if nothing was."""
        return self.told(next(item.id for item in topic.items if item.scale == STATUS))

    def surely(self, topic: Section, status: str) -> int:
        """For more than so many per cent the topic is `status`; 0 where it may be nobody."""
        return next((band.low for band in self.status(topic).bands if band.options == (status,)), 0)

    def by_openness(self) -> list[Section]:
        """The most open first, then those that least surely are agreed, then those of which nothing is sure."""

        def place(topic: Section) -> tuple[int, int]:
            return -self.surely(topic, TO_DISCUSS), self.surely(topic, AGREED) or 100

        return sorted(self.topics, key=place)

    def leanings(self, topic: Section) -> dict[str, str]:
        values = (value for value in self.status(topic).groups if value.group != TOGETHER)
        return {value.group: self.leaning(value.middle) for value in values}

    def leaning(self, middle: float) -> str:
        if middle >= LEAST_AGREED:
            return self.say("leans_agreed")
        return self.say("leans_to_discuss" if middle <= MOST_OPEN else "divided")

    def title_of(self, topic: Section, item: Item) -> str:
        """The topic, and the question where a topic has several."""
        texts = [one for one in topic.items if one.share]
        return self.name(topic) if len(texts) == 1 else self.texts.text(item.id)

    def ask(self, topic: Section) -> str:
        return self.texts.sections[topic.id]["ask"]

    def name(self, topic: Section) -> str:
        return self.texts.sections[topic.id]["title"]


__all__ = ["findings", "summarise"]
