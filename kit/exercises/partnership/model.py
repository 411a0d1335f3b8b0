"""Partnership evaluation: statements about one partnership, rated on one scale and counted by lens.

The scale runs from 1 (first option) to 5; "I don't know" and "does not apply" stand beside it and are never counted on
it. There are two editions: the statements of now, each of which asks one thing, and those that workshops of before go
on with (`editions` in structure.yaml).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random

from kit.content import Item, Lens, Texts
from kit.exercise import Exercise
from kit.picture import chosen, next_step, profile
from kit.session import Sector, Value
from kit.summary import Block, Bullets, Heading, Paragraph, Summary

SCALES = ("agree", "agree_first")
UNKNOWN, BESIDE = "dont_know", "does_not_apply"

# What an answer says about a statement, in the order in which a person is told.
READING = {
    "strongly_agree": "solid",
    "agree": "solid",
    "disagree": "gap",
    "strongly_disagree": "gap",
    "neither": "middle",
    UNKNOWN: "unknown",
    BESIDE: "beside",
}
READINGS = ("solid", "gap", "middle", "unknown", "beside")

# Simulated people only: where the average answer lies (1 to 5), how far a sector is from it, and how
# often people do not know (share of 1). None of it is a finding about real partnerships.
USUAL = 3.5
AVERAGES = {
    "belief": 4.2, "shared_vision": 4.0, "mutual_trust": 3.8, "management_support": 2.9, "work_time": 2.7,
    "way_to_see": 2.9, "planned_together": 3.0,
}  # fmt: skip
TENDENCIES: Mapping[str, Mapping[Sector, float]] = {
    "power_shared": {
        Sector.MUNICIPAL: 0.9, Sector.INSTITUTION: 0.9, Sector.COMMUNITY: -1.2, Sector.ANTI_VIOLENCE: -1.1,
    },
    "known_roles": {
        Sector.MUNICIPAL: 0.9, Sector.INSTITUTION: 0.7, Sector.SETTLEMENT: -1.0, Sector.COMMUNITY: -0.5,
        Sector.OTHER: -0.7,
    },
    "way_to_see": {
        Sector.INSTITUTION: 1.1, Sector.HEALTH_HIV: 0.8, Sector.SETTLEMENT: 0.4, Sector.COMMUNITY: -0.8,
        Sector.ANTI_VIOLENCE: -0.7,
    },
    "honest_talk": {Sector.MUNICIPAL: 0.8, Sector.COMMUNITY: -1.0, Sector.ANTI_VIOLENCE: -0.7},
    "community_expertise": {Sector.MUNICIPAL: 0.9, Sector.COMMUNITY: -0.9},
}  # fmt: skip
UNSURE_USUALLY = 0.05
UNSURE = {"way_to_see": 0.15, "added_value": 0.12, "management_support": 0.12, "planned_together": 0.12}
APPLIES_NOT = {"pooled_means": 0.15, "spokesperson": 0.1, "management_support": 0.05, "change_seen": 0.05}
WRITES = 0.8
SHARES = 0.6
VARIANTS = 8


class Model(Exercise):
    """The rules of the partnership evaluation."""

    def compares(self, item: Item) -> bool:
        """Every rated statement is set side by side by sector or partner."""
        return item.scale in SCALES

    def statements(self, options: tuple[str, ...] = ()) -> tuple[Item, ...]:
        """The statements that these lenses ask, in the order of the page."""
        return tuple(item for item in self.structure.items(options) if item.scale in SCALES)

    def edition(self, options: tuple[str, ...] = ()) -> str:
        """The edition that is asked: the last one, where no earlier one is among the options."""
        *earlier, last = self.structure.editions
        return next((one for one in earlier if one in options), last)

    def dimensions(self, options: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The two sides that the statements are about, in the order of the page."""
        return tuple(dict.fromkeys(str(item.group) for item in self.statements(options)))

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
        rated = {item for item, reading in read.items() if reading not in ("unknown", "beside")}
        blocks: list[Block] = [Paragraph(texts.say("rated", rated=len(rated), asked=len(items)))]
        always = {lens.id for lens in self.structure.lenses if lens.always}
        core = [(texts.text(one.id), chosen(answers, one.id)) for one in items if always & {*one.lenses}]
        scale = str(items[0].scale)
        blocks += profile(texts, scale, self.structure.scales[scale].options, lang, core)
        blocks += next_step(lang, _step(texts, items, read))
        for dimension in self.dimensions(options):
            blocks += _dimension(texts, dimension, [item for item in items if item.group == dimension], read)
        blocks += _questions(texts, [item for item in items if read.get(item.id) == "gap"])
        by_lens = texts.say(f"by_lens_{self.edition(options)}")
        blocks.append(_by_lens(texts, by_lens, self.lenses(options), items, rated))
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
        if rng.random() < APPLIES_NOT.get(item_id, 0):
            return BESIDE
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


def _step(texts: Texts, items: Sequence[Item], read: Mapping[str, str]) -> str:
    """What to do about the first statement that is a gap, else unknown, in between, or solid."""
    first = {read[item.id]: item for item in reversed(items) if item.id in read}
    for reading in ("gap", "unknown", "middle", "solid"):
        if item := first.get(reading):
            return texts.say(f"step_{reading}", ask=texts.text(item.id, "ask"), name=texts.text(item.id))
    return ""


def _questions(texts: Texts, gaps: list[Item]) -> list[Block]:
    if not gaps:
        return []
    asked = [Paragraph(texts.text(item.id, "ask"), "question") for item in gaps]
    return [Heading(texts.say("carry"), "carry"), Paragraph(texts.say("carry_lead")), *asked]


def points(lens: Lens, items: Iterable[Item]) -> tuple[tuple[Item, ...], ...]:
    """What a lens counts: each place of its lists with the statements that come from there.

    A statement of the first edition names no places, and counts for itself.
    """
    found: dict[str, list[Item]] = {}
    for item in items:
        places = [one for one in item.source if "." in one] or [item.id]
        for place in places:
            if lens.id in item.lenses and place.partition(".")[0] in (*lens.source, item.id):
                found.setdefault(place, []).append(item)
    return tuple(map(tuple, found.values()))


def _by_lens(texts: Texts, title: str, lenses: tuple[Lens, ...], items: tuple[Item, ...], rated: set[str]) -> Block:
    lines = []
    for lens in lenses:
        counted = points(lens, items)
        done = sum(any(item.id in rated for item in point) for point in counted)
        name = texts.say(f"lens_{lens.id}")
        lines.append(texts.say("lens_line", lens=name, rated=done, asked=len(counted)))
    return Bullets(tuple(lines), title)
