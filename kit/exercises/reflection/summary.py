"""The self-reflection of a group, told from its `Release` and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from kit.content import Item, Texts
from kit.disclosure import Band, ItemRelease, Release
from kit.exercise import Exercise
from kit.summary import Bar, Block, Bullets, Figure, Heading, Paragraph, Quotes, Row, Summary, Table

WARM_UP = "warm_up"
PRACTICE = "practice"
COMMITMENT = "commitment"
SIDES = ("strength", "growth")

# Above which share a sentence says "most", and from which share of unsure people it says "many" (per cent).
MOST = 50
MANY_UNSURE = 20
# The middle of the scale of worries: what lies below it is not said to weigh on the group.
WEIGHS = 2.0


def summarise(model: Exercise, release: Release, lang: str, options: tuple[str, ...] = ()) -> Summary:
    """Tell a group's released numbers: worries, the thirteen practices, each level, a question, commitments."""
    texts = model.texts(lang)
    title = texts.say("group_title")
    if release.people == 0:
        return Summary(title, (Paragraph(texts.say("too_few"), "note"),))
    telling = _Telling(model, release, lang, options)
    return Summary(
        title,
        (
            Paragraph(texts.say("group_opening", people=release.people)),
            *telling.worries(),
            *telling.picture(),
            *telling.levels(),
            *telling.question(),
            *telling.commitments(),
            *telling.held_note(),
        ),
    )


class _Telling:
    """The parts of one group's summary; each reads the release and returns blocks."""

    def __init__(self, model: Exercise, release: Release, lang: str, options: tuple[str, ...]) -> None:
        self.texts: Texts = model.texts(lang)
        self.release = release
        self.sections = model.structure.chosen(options)
        self.scales = model.structure.scales
        items = model.structure.items(options)
        self.warm_up = [item for item in items if item.group == WARM_UP]
        self.practices = [item for item in items if item.scale == PRACTICE and item.about is None]

    def worries(self) -> list[Block]:
        """The warm-up: a sentence on what weighs most, and a table of shares."""
        table = Table(
            self.texts.say("warm_table"),
            tuple(self.texts.say(key) for key in ("warm_column", "warm_answers", "warm_apart")),
            tuple(self._worry(item) for item in self.warm_up),
        )
        return [Heading(self.texts.say("warm_heading")), *self._heaviest(), table]

    def picture(self) -> list[Block]:
        """The figure over the practices with its text alternative and its table twin."""
        title = self.texts.say("figure_title")
        rows = tuple(self._row(item) for item in self.practices)
        figure = Figure("stack", title, self._alt(), rows, self._twin(title), tints=len(SIDES))
        return [Heading(self.texts.say("figure_heading")), Paragraph(self.texts.say("figure_reading")), figure]

    def levels(self) -> list[Block]:
        """By level: where most see a strength, where most want to grow, where it is close or unclear."""
        blocks: list[Block] = []
        for section in self.sections:
            practices = [item for item in section.items if item in self.practices]
            if practices:
                blocks.append(Heading(self.texts.sections[section.id]["title"]))
                blocks += self._level(practices) or [Paragraph(self.texts.say("level_held"), "note")]
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
            Heading(self.texts.say("question_heading")),
            Paragraph(self.texts.say(key, items=self._names(named)), "question"),
            Bullets(tuple(self.texts.text(item.id, "next") for item in named), self.texts.say("question_start")),
        ]

    def commitments(self) -> list[Block]:
        """The commitments that their writers agreed to show, where there are any."""
        shared = self.release.texts.get(COMMITMENT, ())
        if not shared:
            return []
        heading = Heading(self.texts.say("commitments_heading"))
        return [heading, Quotes(tuple(shared), self.texts.say("commitments_title"))]

    def held_note(self) -> list[Block]:
        """A short note when a row is held back; the report itself says how many and why."""
        hidden = any(self._of(item).shape == "hidden" for item in [*self.warm_up, *self.practices])
        return [Paragraph(self.texts.say("held_note"), "note")] if hidden else []

    def _of(self, item: Item) -> ItemRelease:
        return self.release.items.get(item.id) or ItemRelease(item.id)

    def _share(self, item: Item, option: str) -> int:
        """More than so many per cent chose this option; 0 where it may be nobody."""
        return next((band.low for band in self._of(item).bands if option in band.options), 0)

    def _names(self, items: Iterable[Item]) -> str:
        return "; ".join(self.texts.text(item.id, "short") for item in items)

    def _label(self, item: Item, options: Iterable[str]) -> str:
        return " / ".join(self.texts.option(item.scale or "", option) for option in options)

    def _percent(self, band: Band | None) -> str:
        return self.texts.say("held_back") if band is None else self.texts.say("percent", number=band.range)

    def _worry(self, item: Item) -> tuple[str, str, str]:
        """A row of the warm-up's table: neighbours that are told as one stand together."""
        told = self._of(item)
        name = self.texts.text(item.id, "short")
        if told.shape == "hidden":
            return name, self.texts.say("held_back"), self._percent(told.apart)
        if told.shape == "most":
            said = [self.texts.say("most_of", option=self._label(item, band.options)) for band in told.bands]
        else:
            said = [
                self.texts.say("share_of", options=self._label(item, band.options), share=self._percent(band))
                for band in told.bands
            ]
        return name, "; ".join(said), self._percent(told.apart)

    def _heaviest(self) -> list[Block]:
        middles = {item.id: self._of(item).middle for item in self.warm_up}
        known = [middle for middle in middles.values() if middle is not None]
        if not known:
            return []
        if max(known) < WEIGHS:
            # With a worry held back, nobody can say that none of them stands out.
            return [Paragraph(self.texts.say("warm_none"))] if len(known) == len(middles) else []
        heaviest = [item for item in self.warm_up if middles[item.id] == max(known)]
        return [Paragraph(self.texts.say("warm_most", items=self._names(heaviest)))]

    def _row(self, item: Item) -> Row:
        told = self._of(item)
        name = self.texts.text(item.id, "short")
        if told.shape == "hidden":
            return Row(name, note=self.texts.say("held_back"))
        if told.shape == "most":
            chosen = [option for band in told.bands for option in band.options]
            return Row(name, note=self.texts.say("most_of", option=self._label(item, chosen)))
        bars = tuple(
            Bar(self._label(item, band.options), band.percent, tint, band.range) for tint, band in enumerate(told.bands)
        )
        return Row(name, bars)

    def _twin(self, title: str) -> Table:
        columns = (
            self.texts.say("practice_column"),
            *(self.texts.option(PRACTICE, side) for side in SIDES),
            self.texts.say("unsure_column"),
        )
        rows = tuple(
            (self.texts.text(item.id, "short"), *(self._cell(item, side) for side in SIDES),
             self._percent(self._of(item).apart))
            for item in self.practices
        )
        return Table(title, columns, rows)

    def _cell(self, item: Item, side: str) -> str:
        told = self._of(item)
        if told.shape == "hidden":
            return self.texts.say("held_back")
        if told.shape == "most":
            return self.texts.say("most" if self._share(item, side) else "nothing")
        return self._percent(next(band for band in told.bands if side in band.options))

    def _most(self, side: str) -> list[Item]:
        return [item for item in self.practices if self._share(item, side) >= MOST]

    def _alt(self) -> str:
        held = [item for item in self.practices if self._of(item).shape == "hidden"]
        named = [("alt_strength", self._most("strength")), ("alt_growth", self._most("growth"))]
        said = [self.texts.say(key, items=self._names(items)) for key, items in named if items]
        if not said:
            said = [self.texts.say("alt_even")]
        if held:
            said.append(self.texts.say("alt_held", items=self._names(held)))
        return " ".join([self.texts.say("alt_intro"), *said, self.texts.say("alt_table")])

    def _level(self, practices: list[Item]) -> list[Block]:
        shown = [item for item in practices if self._of(item).shape != "hidden"]
        strong = [item for item in shown if self._share(item, "strength") >= MOST]
        grows = [item for item in shown if self._share(item, "growth") >= MOST]
        close = [item for item in shown if item not in strong and item not in grows]
        unsure = [item for item in practices if (apart := self._of(item).apart) and apart.low >= MANY_UNSURE]
        found = {"group_strength": strong, "group_growth": grows, "group_even": close, "group_unsure": unsure}
        return [
            Bullets(tuple(self.texts.text(item.id, "short") for item in items), self.texts.say(key))
            for key, items in found.items()
            if items
        ]


__all__ = ["summarise"]
