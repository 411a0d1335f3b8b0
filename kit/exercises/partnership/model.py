"""Partnership evaluation: statements about one partnership, rated on one scale and counted by lens.

The scale runs from 1 (first option) to 5; "I don't know" stands beside it and is never counted on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from kit.content import Item, Lens, Texts
from kit.exercise import Exercise
from kit.session import Sector, Value
from kit.summary import Block, Bullets, Heading, Paragraph, Summary

DIMENSIONS = ("health", "impact")
UNKNOWN = "dont_know"

# What an answer says about a statement, in the order in which a person is told.
READING = {
    "strongly_agree": "solid",
    "agree": "solid",
    "disagree": "gap",
    "strongly_disagree": "gap",
    "neither": "middle",
    UNKNOWN: "unknown",
}
READINGS = ("solid", "gap", "middle", "unknown")

# Simulated people only: where the average answer lies (1 to 5), how far a sector is from it, and how
# often people do not know (share of 1). None of it is a finding about real partnerships.
USUAL = 3.5
AVERAGES = {"will": 4.2, "vision": 4.0, "trust": 3.8, "management": 2.9, "measure": 2.9, "action_plan": 3.0}
TENDENCIES: Mapping[str, Mapping[Sector, float]] = {
    "power": {
        Sector.MUNICIPAL: 0.9, Sector.INSTITUTION: 0.9, Sector.COMMUNITY: -1.2, Sector.ANTI_VIOLENCE: -1.1,
    },
    "roles": {
        Sector.MUNICIPAL: 0.9, Sector.INSTITUTION: 0.7, Sector.SETTLEMENT: -1.0, Sector.COMMUNITY: -0.5,
        Sector.OTHER: -0.7,
    },
    "measure": {
        Sector.INSTITUTION: 1.1, Sector.HEALTH_HIV: 0.8, Sector.SETTLEMENT: 0.4, Sector.COMMUNITY: -0.8,
        Sector.ANTI_VIOLENCE: -0.7,
    },
    "decisions": {Sector.MUNICIPAL: 0.8, Sector.COMMUNITY: -1.0, Sector.ANTI_VIOLENCE: -0.7},
    "expertise": {Sector.MUNICIPAL: 0.9, Sector.COMMUNITY: -0.9},
}
UNSURE_USUALLY = 0.05
UNSURE = {"measure": 0.15, "right_way": 0.12, "management": 0.12, "action_plan": 0.12}
WRITES = 0.8
SHARES = 0.6
VARIANTS = 8


class Model(Exercise):
    """The rules of the partnership evaluation."""

    def compares(self, item: Item) -> bool:
        """Every rated statement is set side by side by sector or partner."""
        return item.scale == "agree"

    def statements(self, options: tuple[str, ...] = ()) -> tuple[Item, ...]:
        """The statements that these lenses ask, in the order of the page."""
        return tuple(item for item in self.structure.items(options) if item.scale == "agree")

    def lenses(self, options: tuple[str, ...] = ()) -> tuple[Lens, ...]:
        """The lenses in use: the core, and those that were chosen."""
        return tuple(lens for lens in self.structure.lenses if lens.always or lens.id in options)

    def feedback(self, answers: Mapping[str, Value], lang: str, options: tuple[str, ...] = ()) -> Summary:
        """What is solid, where a gap is, what is unknown, by dimension; and questions for the gaps."""
        texts = self.texts(lang)
        items = self.statements(options)
        read = {item.id: READING[value] for item in items if (value := _choice(answers, item)) in READING}
        if not read:
            return Summary(texts.title, (Paragraph(texts.say("nothing_yet")),))
        rated = {item for item, reading in read.items() if reading != "unknown"}
        blocks: list[Block] = [Paragraph(texts.say("rated", rated=len(rated), asked=len(items)))]
        for dimension in DIMENSIONS:
            blocks += _dimension(texts, dimension, [item for item in items if item.group == dimension], read)
        blocks += _questions(texts, [item for item in items if read.get(item.id) == "gap"])
        blocks.append(_by_lens(texts, self.lenses(options), items, rated))
        return Summary(texts.title, tuple(blocks))

    def rehearse(
        self, rng: Random, sector: Sector, lang: str, options: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, Value]]:
        """Answers around an average that differs by sector, and often one wish in `lang`."""
        mood = rng.gauss(0, 0.3)
        for item in self.statements(options):
            yield item.id, self._simulated(rng, sector, item.id, mood)
        if rng.random() < WRITES:
            text = self.texts(lang).say(f"strengthen_{rng.randint(1, VARIANTS)}")
            yield "strengthen", {"text": text, "share": rng.random() < SHARES}

    def _simulated(self, rng: Random, sector: Sector, item_id: str, mood: float) -> str:
        if rng.random() < UNSURE.get(item_id, UNSURE_USUALLY):
            return UNKNOWN
        scale = self.structure.scales["agree"].options
        center = AVERAGES.get(item_id, USUAL) + TENDENCIES.get(item_id, {}).get(sector, 0.0) + mood
        place = min(max(round(rng.gauss(center, 0.75)), 1), len(scale))
        return scale[place - 1]


def _choice(answers: Mapping[str, Value], item: Item) -> str:
    value = answers.get(item.id)
    return value if isinstance(value, str) else ""


def _dimension(texts: Texts, dimension: str, items: list[Item], read: Mapping[str, str]) -> list[Block]:
    lists: list[Block] = []
    for reading in READINGS:
        found = tuple(texts.text(item.id) for item in items if read.get(item.id) == reading)
        if found:
            lists.append(Bullets(found, texts.say(reading)))
    return [Heading(texts.sections[dimension]["title"], dimension), *lists] if lists else []


def _questions(texts: Texts, gaps: list[Item]) -> list[Block]:
    if not gaps:
        return []
    asked = [Paragraph(texts.text(item.id, "ask"), "question") for item in gaps]
    return [Heading(texts.say("carry"), "carry"), Paragraph(texts.say("carry_lead")), *asked]


def _by_lens(texts: Texts, lenses: tuple[Lens, ...], items: tuple[Item, ...], rated: set[str]) -> Block:
    lines = []
    for lens in lenses:
        counted = {item.id for item in items if lens.id in item.lenses}
        name = texts.say(f"lens_{lens.id}")
        lines.append(texts.say("lens_line", lens=name, rated=len(rated & counted), asked=len(counted)))
    return Bullets(tuple(lines), texts.say("by_lens"))
