"""Rules of the exercise on strengths: what a person is told about their own list, and simulated answers.

A shared line is counted as "topic|line": the topic's id travels with the text, so that the summary can put
offers and needs on the same topic together in any language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import cycle, islice
from random import Random

from kit.answers import rows_of
from kit.content import Item, Texts
from kit.exercise import Exercise
from kit.picture import chosen, next_step, profile
from kit.session import Sector, Value
from kit.summary import Block, Bullets, Paragraph, Summary

EXCHANGE = "exchange"
WEIGHT = "weight"
# Each list with the scale of its topics.
LISTS = {"offers": "topic", "needs": "topic", "limits": "limit"}
MARK = "|"
OTHER = "other_topic"

# Simulated people only: how likely each sector offers or needs a topic (shares of 1). None of it is a finding
# about real sectors; topics that are not named here are usual.
USUAL = (0.3, 0.35)
LIKELY: Mapping[Sector, Mapping[str, tuple[float, float]]] = {
    Sector.SETTLEMENT: {"immigration": (0.85, 0.05), "trauma": (0.1, 0.8), "settlement": (0.85, 0.05)},
    Sector.ANTI_VIOLENCE: {"trauma": (0.9, 0.05), "immigration": (0.05, 0.85), "safety": (0.85, 0.1)},
    Sector.MUNICIPAL: {"funding": (0.7, 0.1), "events": (0.7, 0.1), "trust": (0.1, 0.7)},
    Sector.INSTITUTION: {"evaluation": (0.6, 0.2), "hours": (0.5, 0.2)},
    Sector.COMMUNITY: {"trust": (0.9, 0.02), "funding": (0.02, 0.85)},
}
EVERYWHERE = {"interpreting": (0.02, 0.9), "care": (0.1, 0.6)}
WEIGHTS = (0.25, 0.4, 0.35)
SKIPS, WRITES, SHARES = 0.05, 0.6, 0.7


class Model(Exercise):
    """What each sector can offer, needs and is limited by: quick choices by topic, and lines in one's own words."""

    def compares(self, item: Item) -> bool:
        """Sectors are set side by side on every topic."""
        return item.scale == EXCHANGE

    def topics(self, options: tuple[str, ...] = ()) -> tuple[Item, ...]:
        """The topics that are rated, in the order of the page."""
        return tuple(item for item in self.structure.items(options) if item.scale == EXCHANGE)

    def limits(self, options: tuple[str, ...] = ()) -> tuple[Item, ...]:
        """The limits that are rated, in the order of the page."""
        return tuple(item for item in self.structure.items(options) if item.scale == WEIGHT)

    def counted(self, answers: Mapping[str, Value], options: tuple[str, ...] = ()) -> Mapping[str, Value]:
        """The quick choices as they are, and of each list the lines that their writer shares."""
        kept: dict[str, Value] = {item: value for item, value in answers.items() if "." not in item}
        for name in LISTS:
            rows = [row for row in rows_of(answers, name) if row.get("share") is True and row.get("detail")]
            if rows:
                lines = [f"{row.get('topic', '')}{MARK}{row['detail']}" for row in rows]
                kept[name] = {"texts": lines, "share": True}
        return kept

    def read_out(self, item: str, text: str, lang: str) -> str:
        """A line with its topic; a limit is named by the kind of limit."""
        topic, mark, line = text.partition(MARK)
        if not mark or not topic:
            return line or text
        return self.texts(lang).say("line", topic=self.texts(lang).option(LISTS[item], topic), detail=line)

    def feedback(self, answers: Mapping[str, Value], lang: str, options: tuple[str, ...] = ()) -> Summary:
        """The person's own list, exchanges that it makes possible, and one next step."""
        texts = self.texts(lang)
        own = _Own(self, answers, texts)
        if not (own.offers or own.needs or own.limits):
            return Summary(texts.say("feedback_title"), (Paragraph(texts.say("empty")),))
        lines = [(texts.option("topic", one.id), chosen(answers, one.id)) for one in self.topics(options)]
        picture = profile(texts, EXCHANGE, self.structure.scales[EXCHANGE].options, lang, lines)
        step = next_step(lang, own.next_step())
        blocks = [Paragraph(texts.say("opening")), *picture, *step, *own.lists(), *own.pairs()]
        return Summary(texts.say("feedback_title"), (*blocks, Paragraph(texts.say("principle"))))

    def rehearse(
        self, rng: Random, sector: Sector, lang: str, options: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, Value]]:
        """Quick choices with a tendency of the sector, and often a line or two in `lang`."""
        for item in (*self.topics(options), *self.limits(options)):
            if rng.random() >= SKIPS:
                yield item.id, _rated(rng, sector, item)
        for name in LISTS:
            if rng.random() < WRITES:
                start = f"rehearse_{name}_"
                key = rng.choice([key for key in self.structure.sentences if key.startswith(start)])
                detail = self.texts(lang).say(key)
                yield f"{name}.r0001", {"topic": key[len(start):], "detail": detail, "share": rng.random() < SHARES}


class _Own:
    """One person's offers, needs and limits, as lines in their language."""

    def __init__(self, model: Model, answers: Mapping[str, Value], texts: Texts) -> None:
        self.texts = texts
        self.rated = {item.id: str(answers.get(item.id, "")) for item in (*model.topics(), *model.limits())}
        self.rows = {name: rows_of(answers, name) for name in LISTS}
        self.offers = self._lines("offers", "offer")
        self.needs = self._lines("needs", "need")
        self.limits = self._lines("limits", "much")

    def lists(self) -> list[Block]:
        found = {"own_offers": self.offers, "own_needs": self.needs, "own_limits": self.limits}
        return [Bullets(tuple(lines), self.texts.say(key)) for key, lines in found.items() if lines]

    def pairs(self) -> list[Block]:
        """Topics that stand on both sides, and each need with something to offer in return."""
        told: list[Block] = []
        needed = self._topics("needs", "need")
        both = [topic for topic in self._topics("offers", "offer") if topic in needed and topic != OTHER]
        if both:
            names = "; ".join(self.texts.option("topic", topic) for topic in both)
            told.append(Paragraph(self.texts.say("both", topics=names)))
        if self.needs and self.offers:
            offers = islice(cycle(self.offers), len(self.needs))
            lines = (self._say("pair", need=need, offer=offer) for need, offer in zip(self.needs, offers, strict=True))
            told.append(Bullets(tuple(lines), self.texts.say("pairs")))
        return told

    def next_step(self) -> str:
        first = {"need": self.needs[:1], "offer": self.offers[:1], "limit": self.limits[:1]}
        known = {name: lines[0] for name, lines in first.items() if lines}
        for key, wanted in NEXT:
            if wanted <= set(known):
                return self._say(key, **known)
        return ""

    def _lines(self, name: str, rating: str) -> list[str]:
        """Lines in the person's own words first, then the topics that they only ticked."""
        rows = self.rows[name]
        written = {row["topic"] for row in rows if "topic" in row}
        ticked = [one for one, value in self.rated.items() if value == rating and one not in written]
        return [line for row in rows if (line := self._line(name, row))] + [
            self.texts.option(LISTS[name], one) for one in ticked
        ]

    def _line(self, name: str, row: Mapping[str, str]) -> str:
        topic = self.texts.option(LISTS[name], row["topic"]) if "topic" in row else ""
        if topic and row.get("detail"):
            return self.texts.say("line", topic=topic, detail=row["detail"])
        return topic or row.get("detail", "")

    def _topics(self, name: str, rating: str) -> list[str]:
        ticked = [one for one, value in self.rated.items() if value == rating]
        return list(dict.fromkeys([row["topic"] for row in self.rows[name] if "topic" in row] + ticked))

    def _say(self, key: str, **details: str) -> str:
        """A sentence; a full stop at the end of what the person wrote would stand there twice."""
        return self.texts.say(key, **{name: line.rstrip(" .") for name, line in details.items()})


# The first step whose parts are all there.
NEXT = (
    ("next_exchange", {"need", "offer"}),
    ("next_need", {"need"}),
    ("next_offer", {"offer"}),
    ("next_limit", {"limit"}),
)


def _rated(rng: Random, sector: Sector, item: Item) -> str:
    if item.scale == WEIGHT:
        return rng.choices(("little", "some", "much"), WEIGHTS)[0]
    offers, needs = LIKELY.get(sector, {}).get(item.id, EVERYWHERE.get(item.id, USUAL))
    chance = rng.random()
    return "offer" if chance < offers else "need" if chance < offers + needs else "neither"


__all__ = ["LISTS", "MARK", "Model"]
