"""What a group is told about its partnership, from released numbers alone.

The spread comes before the middle, differences before averages, and every gap with a question:
the numbers open a conversation and are never a grade.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from math import floor
from statistics import mean

from kit.content import Item, Lens
from kit.disclosure import ItemRelease, Release
from kit.exercises.partnership.model import READING, Model, points
from kit.findings import Finding, finding, foremost
from kit.summary import Block, Bullets, Figure, Heading, Paragraph, Quotes, Row, Summary, Table
from kit.telling import Telling, in_order

LEAST_DIFFERENCE = 0.5
MOST_COMPARED = 8
QUESTIONS = 3

# The least value, in scale steps, from which on a word applies; the first that fits is used.
SPREADS = ((1.5, "spread_wide"), (1.0, "spread_some"), (0.0, "spread_close"))
STANDINGS = ((4.0, "dimension_solid"), (3.0, "dimension_between"), (0.0, "dimension_strengthen"))


def summarise(model: Model, release: Release, lang: str, options: tuple[str, ...] = ()) -> Summary:
    """Tell `release` in `lang` for the lenses in `options`; says so when too few people answered."""
    teller = _Teller(model, release, lang, options)
    return teller.summary(teller.texts.title, teller.blocks())


def findings(model: Model, release: Release, lang: str, options: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """What the room said, in a sentence each; none where nothing stands alone."""
    return tuple(_Teller(model, release, lang, options).findings())


class _Teller(Telling):
    """One release with the language, the statements (`items`) and the lenses in which it is told."""

    def __init__(self, model: Model, release: Release, lang: str, options: tuple[str, ...]) -> None:
        super().__init__(model, release, lang)
        self.items, self.dimensions = model.statements(options), model.dimensions(options)
        self.asked, self.edition = model.lenses(options), model.edition(options)
        self.scale_id = str(self.items[0].scale)
        self.scale = self.scales[self.scale_id].options

    def blocks(self) -> list[Block]:
        """Everything, in order."""
        dimensions = (block for dimension in self.dimensions for block in self.dimension(dimension))
        words = [Quotes(shared, self.say("words"))] if (shared := self.release.texts.get("strengthen", ())) else []
        return [
            *self.opening(), *dimensions, *self.comparison(), *self.gaps(), *self.side_by_side(),
            self.lenses(self.asked), *words,
        ]  # fmt: skip

    def opening(self) -> list[Block]:
        low, high = self.option(self.scale[0]), self.option(self.scale[-1])
        return [
            Paragraph(self.say("people", people=self.release.people)),
            Paragraph(self.say(f"how_to_read{self.small}", low=low, high=high)),
        ]

    @cached_property
    def small(self) -> str:
        """What the sentences of a room end with that no spread is told of: it is not sent to look for one first."""
        return "" if any(one.spread is not None for one in self.statements()) else "_small"

    def dimension(self, dimension: str) -> list[Block]:
        """One dimension: its statements with the widest spread on top, and how many are held back."""
        told = [self.told(item.id) for item in self.items if item.group == dimension]
        rows = sorted((one for one in told if one.shape != "hidden" or one.middle is not None), key=_by_spread)
        blocks: list[Block] = [Heading(self.dimension_title(dimension), dimension)]
        if rows:
            stack = self.bars(dimension, rows)
            blocks.append(stack if any(row.bars for row in stack.rows) else stack.twin)
        return [*blocks, *self.held(len(told) - len(rows))]

    def bars(self, dimension: str, rows: Sequence[ItemRelease]) -> Figure:
        """Shares as stacked bars; a row without shares says so in its note."""
        title = self.say(f"stack_title{self.small}", dimension=self.dimension_title(dimension))
        first, last = self.statement(rows[0]), self.statement(rows[-1])
        alt = self.say(f"stack_alt{self.small}", rows=len(rows), first=first, last=last)
        columns = self.columns("statement", *self.told_of_each)
        twin = Table(title, columns, tuple(self.stack_cells(one) for one in rows))
        return self.stack(self.scale_id, title, alt, [(self.statement(one), one) for one in rows], twin)

    def row(self, scale: str, name: str, one: ItemRelease) -> Row:
        """With the share of those beside the scale, where it is told."""
        row = super().row(scale, name, one)
        note = f"unknown_note_{self.edition}"
        unknown = self.say(note, percent=self.percent(one.apart)) if one.apart is not None else ""
        return replace(row, note="; ".join(filter(None, (row.note, unknown))))

    def stack_cells(self, one: ItemRelease) -> tuple[str, ...]:
        cells = {
            "spread": self.spread(one.spread),
            "middle": self.number(one.middle),
            "shares": self.shares(self.scale_id, one),
            f"unknown_{self.edition}": self.percent(one.apart),
        }
        return self.statement(one), *(cells[name] for name in self.told_of_each)

    @property
    def told_of_each(self) -> tuple[str, ...]:
        """The columns beside a statement; without a spread, what most said comes first, in sight on a phone."""
        rest = f"unknown_{self.edition}"
        return ("shares", "middle", rest) if self.small else ("spread", "middle", "shares", rest)

    def comparison(self) -> list[Block]:
        """Sectors or partners side by side on the statements where they differ most."""
        heading = self.say(f"compare_{self.release.by}")
        blocks: list[Block] = [Heading(heading, "compare", detail=True)]
        comparable = [one for one in self.statements() if len(one.groups) > 1]
        if not comparable:
            return [*blocks, Paragraph(self.say("compare_none"), "note")]
        widest = sorted((one for one in comparable if _difference(one) >= LEAST_DIFFERENCE), key=_by_difference)
        if not widest:
            return [*blocks, Paragraph(self.say("compare_alike"))]
        return [*blocks, Paragraph(self.say("compare_lead")), self.dots(heading, widest[:MOST_COMPARED])]

    def dots(self, title: str, rows: Sequence[ItemRelease]) -> Figure:
        shown = in_order(value.group for row in rows for value in row.groups)
        low, high = _ends(rows[0])
        alt = self.say(
            "dots_alt",
            rows=len(rows),
            first=self.statement(rows[0]),
            high_group=self.groups_at(rows[0], high),
            high=self.number(high),
            low_group=self.groups_at(rows[0], low),
            low=self.number(low),
        )
        columns = (*self.columns("statement", "difference"), *(self.group(one) for one in shown))
        twin = Table(title, columns, tuple(self.dot_cells(row, shown) for row in rows))
        return Figure(
            "dots",
            title,
            alt,
            tuple(self.dot_row(row, shown) for row in rows),
            twin,
            low=1,
            high=len(self.scale),
            ends=(self.option(self.scale[0]), self.option(self.scale[-1])),
        )

    def dot_row(self, one: ItemRelease, groups: Sequence[str]) -> Row:
        middles = {value.group: value.middle for value in one.groups}
        dots = tuple((self.group(group), middles[group]) for group in groups if group in middles)
        return Row(self.statement(one), dots=dots)

    def dot_cells(self, one: ItemRelease, groups: Sequence[str]) -> tuple[str, ...]:
        middles = {value.group: value.middle for value in one.groups}
        cells = (self.number(middles.get(group)) for group in groups)
        return self.statement(one), self.number(_difference(one)), *cells

    def gaps(self) -> list[Block]:
        """The widest gaps, each with its question: between groups first, else within the whole group."""
        found = [one for one in self.statements() if _difference(one) > 0 or (one.spread or 0) > 0]
        if not found:
            return []
        blocks: list[Block] = [Heading(self.say("gaps"), "gaps"), Paragraph(self.say("gaps_lead"))]
        for one in sorted(found, key=_by_difference)[:QUESTIONS]:
            blocks += [
                Heading(self.statement(one)),
                Paragraph(self.gap(one)),
                Paragraph(self.texts.text(one.item, "ask"), "question"),
            ]
        return blocks

    def gap(self, one: ItemRelease) -> str:
        if _difference(one) <= 0:
            return self.say("gap_spread", spread=self.spread(one.spread), middle=self.place(one.middle))
        low, high = _ends(one)
        return self.say(
            "gap_groups",
            high_group=self.groups_at(one, high),
            high=self.place(high),
            low_group=self.groups_at(one, low),
            low=self.place(low),
        )

    def groups_at(self, one: ItemRelease, middle: float) -> str:
        """Every group whose middle this is: none of several is singled out."""
        groups = in_order(value.group for value in one.groups if value.middle == middle)
        return ", ".join(self.group(group) for group in groups)

    def findings(self) -> list[Finding]:
        """With which statement the most disagree, with which they agree, which one stands beside the scale."""
        told = [(one, one) for one in self.statements()]
        low, high = ([one for one in self.scale if READING[one] == side] for side in ("gap", "solid"))
        beside = self.scales[self.scale_id].apart
        return [
            *finding(self, "gap", foremost(told, *low), self.statement, lambda one: self.texts.text(one.item, "ask")),
            *finding(self, "solid", foremost(told, *high), self.statement),
            *finding(self, f"unknown_{self.edition}", foremost(told, *beside), self.statement),
        ]

    def statements(self) -> list[ItemRelease]:
        """What was released about each statement."""
        return [self.told(item.id) for item in self.items]

    def side_by_side(self) -> list[Block]:
        """A sentence on each dimension, in words."""
        told = []
        for dimension in self.dimensions:
            middle = self.middle_of((item,) for item in self.items if item.group == dimension)
            key = "dimension_unknown" if middle is None else _word(middle, STANDINGS)
            told.append(self.say(key, dimension=self.dimension_title(dimension)))
        return [Heading(self.say(f"dimensions_{self.edition}"), "dimensions"), Bullets(tuple(told))]

    def lenses(self, lenses: Sequence[Lens]) -> Table:
        """How much of each lens is shown. What several statements ask of one point counts once."""
        rows = []
        for lens in lenses:
            counted = points(lens, self.items)
            shown = sum(self.middle_of([point]) is not None for point in counted)
            middle = self.number(self.middle_of(counted))
            rows.append((self.say(f"lens_{lens.id}"), str(len(counted)), str(shown), middle))
        columns = self.columns("lens", f"statements_{self.edition}", "shown", "middle")
        return Table(self.say("lenses"), columns, tuple(rows))

    def middle_of(self, asked: Iterable[Sequence[Item]]) -> float | None:
        """Mean of the released middles, rounded to halves as they are; None if there is none.

        Each point has the mean of its statements: one that asks more has no more weight.
        """
        told = ([self.told(item.id).middle for item in point] for point in asked)
        middles = [mean(known) for one in told if (known := [middle for middle in one if middle is not None])]
        return floor(2 * mean(middles) + 0.5) / 2 if middles else None

    def statement(self, one: ItemRelease) -> str:
        return self.texts.text(one.item)

    def dimension_title(self, dimension: str) -> str:
        return self.texts.sections[dimension]["title"]

    def option(self, option: str) -> str:
        return self.texts.option(self.scale_id, option)

    def number(self, value: float | None, form: str = ".1f") -> str:
        """With one decimal, as a middle on the scale."""
        return super().number(value, form)

    def spread(self, value: float | None) -> str:
        """How far answers are apart, in words and scale steps."""
        if value is None:
            return self.word("not_shown")
        return self.say(_word(value, SPREADS), value=self.number(value))

    def place(self, middle: float | None) -> str:
        """Where a middle lies, in the words of the scale."""
        if middle is None:
            return self.word("not_shown")
        below = self.option(self.scale[floor(middle) - 1])
        if middle == floor(middle):
            return self.say("near", option=below)
        return self.say("between", low=below, high=self.option(self.scale[floor(middle)]))


def _word(value: float, words: Sequence[tuple[float, str]]) -> str:
    return next(word for least, word in words if value >= least)


def _ends(one: ItemRelease) -> tuple[float, float]:
    """The lowest and the highest middle of a group."""
    middles = [value.middle for value in one.groups]
    return min(middles), max(middles)


def _difference(one: ItemRelease) -> float:
    """Between the highest and the lowest middle of the shown groups, in scale steps; 0 if not comparable."""
    if len(one.groups) < 2:
        return 0.0
    low, high = _ends(one)
    return high - low


def _by_spread(one: ItemRelease) -> float:
    """Sort key: the widest first, the unknown last."""
    return 0.0 if one.spread is None else -1.0 - one.spread


def _by_difference(one: ItemRelease) -> tuple[float, float]:
    """Sort key: the widest difference first, among equals the widest spread."""
    return -_difference(one), -(one.spread or 0.0)
