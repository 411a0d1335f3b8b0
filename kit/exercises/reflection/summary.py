"""The self-reflection of a group, told from its `Release` and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from kit.content import Item
from kit.disclosure import ItemRelease, Release
from kit.exercise import Exercise
from kit.findings import Finding, finding, foremost
from kit.summary import Block, Bullets, Heading, Paragraph, Summary, Table
from kit.telling import Telling, standing_out

WARM_UP = "warm_up"
PRACTICE, WEIGHT = "practice", "weight"
COMMITMENT = "commitment"
SIDES = ("strength", "growth")

# Above which share a sentence says "most", and from which share of unsure people it says "many" (per cent).
MOST = 50
MANY_UNSURE = 20
# The middle of the scale of worries: what lies below it is not said to weigh on the group.
WEIGHS = 2.0


def summarise(model: Exercise, release: Release, lang: str, options: tuple[str, ...] = ()) -> Summary:
    """Tell a group's released numbers: worries, the thirteen practices, each level, a question, commitments."""
    telling = _Telling(model, release, lang, options)
    return telling.summary(telling.say("group_title"), telling.blocks())


def findings(model: Exercise, release: Release, lang: str, options: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """What the room said, in a sentence each; none where nothing stands alone."""
    return tuple(_Telling(model, release, lang, options).findings())


class _Telling(Telling):
    """The parts of one group's summary; each reads the release and returns blocks."""

    GOOD_FIRST = frozenset({PRACTICE})

    def __init__(self, model: Exercise, release: Release, lang: str, options: tuple[str, ...]) -> None:
        super().__init__(model, release, lang)
        self.sections = model.structure.chosen(options)
        items = model.structure.items(options)
        self.warm_up = [item for item in items if item.group == WARM_UP]
        self.practices = [item for item in items if item.scale == PRACTICE and item.about is None]

    def blocks(self) -> list[Block]:
        """Everything, in order."""
        hidden = sum(self._of(item).shape == "hidden" for item in [*self.warm_up, *self.practices])
        return [
            Paragraph(self.say("group_opening", people=self.release.people)),
            *self.worries(),
            *self.picture(),
            *self.levels(),
            *self.question(),
            *self.quotes(COMMITMENT, "commitments", "commitments"),
            *self.held(hidden),
        ]

    def worries(self) -> list[Block]:
        """The warm-up: a sentence on what weighs most, and a table of shares."""
        table = Table(
            self.say("warm_table"),
            tuple(self.say(key) for key in ("warm_column", "warm_answers", "warm_apart")),
            tuple(self._worry(item) for item in self.warm_up),
        )
        return [Heading(self.say("warm_heading"), "worries", detail=True), *self._heaviest(), table]

    def picture(self) -> list[Block]:
        """The figure over the practices with its text alternative and its table twin."""
        title = self.say("figure_title")
        columns = ("practice_column", *SIDES, "unsure_column")
        names = (self.say(one) if one not in SIDES else self.texts.option(PRACTICE, one) for one in columns)
        told = [(self._names([item]), self._of(item)) for item in self.practices]
        cells = (
            (name, *(self.cell(PRACTICE, one, side) for side in SIDES), self.percent(one.apart)) for name, one in told
        )
        figure = self.stack(PRACTICE, title, self._alt(), told, Table(title, tuple(names), tuple(cells)))
        return [Heading(self.say("figure_heading"), "practices"), Paragraph(self.say("figure_reading")), figure]

    def levels(self) -> list[Block]:
        """By level: where most see a strength, where most want to grow, where it is close or unclear."""
        blocks: list[Block] = []
        for section in self.sections:
            practices = [item for item in section.items if item in self.practices]
            if practices:
                blocks.append(Heading(self.texts.sections[section.id]["title"], f"level-{section.id}", detail=True))
                blocks += self._level(practices) or [Paragraph(self.say("level_held"), "note")]
        return blocks

    def question(self) -> list[Block]:
        """What to talk about: the area to grow that most surely chose, with ideas for a first step."""
        shares = {item.id: self._share(item, "growth") for item in self.practices}
        largest = max(shares.values(), default=0)
        if largest == 0:
            return []
        named = [item for item in self.practices if shares[item.id] == largest]
        key = "question_one" if len(named) == 1 else "question_several"
        return [
            Heading(self.say("question_heading"), "question"),
            Paragraph(self.say(key, items=self._names(named)), "question"),
            Bullets(tuple(self.texts.text(item.id, "next") for item in named), self.say("question_start")),
        ]

    def findings(self) -> list[Finding]:
        """Where the most want to grow, what the most name as a strength, what weighs on the most."""
        practices = [(item, self._of(item)) for item in self.practices]
        worries = [(item, self._of(item)) for item in self.warm_up]
        return [
            *finding(self, "growth", foremost(practices, "growth"), self._name),
            *finding(self, "strength", foremost(practices, "strength"), self._name),
            *finding(self, "weighs", foremost(worries, "much"), self._name),
        ]

    def _of(self, item: Item) -> ItemRelease:
        return self.told(item.id)

    def _share(self, item: Item, option: str) -> int:
        """More than so many per cent chose this option; 0 where it may be nobody."""
        return next((band.low for band in self._of(item).bands if option in band.options), 0)

    def _names(self, items: Iterable[Item]) -> str:
        return "; ".join(map(self._name, items))

    def _name(self, item: Item) -> str:
        return self.texts.text(item.id, "short")

    def _worry(self, item: Item) -> tuple[str, str, str]:
        """A row of the warm-up's table: neighbours that are told as one stand together."""
        told = self._of(item)
        return self.texts.text(item.id, "short"), self.shares(WEIGHT, told), self.percent(told.apart)

    def _heaviest(self) -> list[Block]:
        middles = {item.id: self._of(item).middle for item in self.warm_up}
        known = [middle for middle in middles.values() if middle is not None]
        if not known:
            return []
        named = standing_out({id: middle for id, middle in middles.items() if middle is not None})
        if max(known) < WEIGHS or named is None:
            # With a worry held back, nobody can say that none of them stands out.
            return [Paragraph(self.say("warm_none"))] if len(known) == len(middles) else []
        heaviest = [item for item in self.warm_up if item.id == named]
        return [Paragraph(self.say("warm_most", items=self._names(heaviest)))]

    def _most(self, side: str) -> list[Item]:
        return [item for item in self.practices if self._share(item, side) >= MOST]

    def _alt(self) -> str:
        held = [item for item in self.practices if self._of(item).shape == "hidden"]
        named = [("alt_strength", self._most("strength")), ("alt_growth", self._most("growth"))]
        said = [self.say(key, items=self._names(items)) for key, items in named if items]
        if not said:
            said = [self.say("alt_even")]
        if held:
            said.append(self.say("alt_held", items=self._names(held)))
        return " ".join([self.say("alt_intro"), *said, self.word("same_numbers")])

    def _level(self, practices: list[Item]) -> list[Block]:
        shown = [item for item in practices if self._of(item).shape != "hidden"]
        strong = [item for item in shown if self._share(item, "strength") >= MOST]
        grows = [item for item in shown if self._share(item, "growth") >= MOST]
        close = [item for item in shown if item not in strong and item not in grows]
        unsure = [item for item in practices if (apart := self._of(item).apart) and apart.low >= MANY_UNSURE]
        found = {"group_strength": strong, "group_growth": grows, "group_even": close, "group_unsure": unsure}
        return [
            Bullets(tuple(self.texts.text(item.id, "short") for item in items), self.say(key))
            for key, items in found.items()
            if items
        ]


__all__ = ["findings", "summarise"]
