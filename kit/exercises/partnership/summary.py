"""What a group is told about its partnership, from released numbers alone.

The spread comes before the middle, differences before averages, and every gap with a question:
the numbers open a conversation and are never a grade.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor

from kit.content import Item, Texts
from kit.disclosure import TOGETHER, Band, ItemRelease, Release
from kit.exercises.partnership.model import DIMENSIONS, Model
from kit.session import Sector
from kit.summary import Bar, Block, Bullets, Figure, Heading, Paragraph, Quotes, Row, Summary, Table
from kit.texts import say

LEAST_DIFFERENCE = 0.5
MOST_COMPARED = 8
SECTORS = tuple(str(sector) for sector in Sector)
QUESTIONS = 3

# The least value, in scale steps, from which on a word applies; the first that fits is used.
SPREADS = ((1.5, "spread_wide"), (1.0, "spread_some"), (0.0, "spread_close"))
STANDINGS = ((4.0, "dimension_solid"), (3.0, "dimension_between"), (0.0, "dimension_strengthen"))


def summarise(model: Model, release: Release, lang: str, options: tuple[str, ...] = ()) -> Summary:
    """Tell `release` in `lang` for the lenses in `options`; says so when too few people answered."""
    texts = model.texts(lang)
    if not release.people:
        return Summary(texts.title, (Paragraph(texts.say("too_few", k=release.k)),))
    teller = _Teller(texts, lang, release, model.structure.scales["agree"].options, model.statements(options))
    blocks = [*teller.opening()]
    for dimension in DIMENSIONS:
        blocks += teller.dimension(dimension)
    blocks += [*teller.comparison(), *teller.gaps(), *teller.side_by_side()]
    blocks += [teller.lenses([lens.id for lens in model.lenses(options)]), *teller.words()]
    return Summary(texts.title, tuple(blocks))


@dataclass(frozen=True)
class _Teller:
    """One release with the language and the statements (`items`) in which it is told."""

    texts: Texts
    lang: str
    release: Release
    scale: tuple[str, ...]
    items: tuple[Item, ...]

    def opening(self) -> list[Block]:
        low, high = self.option(self.scale[0]), self.option(self.scale[-1])
        return [
            Paragraph(self.texts.say("people", people=self.release.people)),
            Paragraph(self.texts.say("how_to_read", low=low, high=high)),
        ]

    def dimension(self, dimension: str) -> list[Block]:
        """One dimension: its statements with the widest spread on top, and how many are held back."""
        told = [self.told(item) for item in self.items if item.group == dimension]
        rows = sorted((one for one in told if one.shape != "hidden" or one.middle is not None), key=_by_spread)
        blocks: list[Block] = [Heading(self.dimension_title(dimension), dimension)]
        if rows:
            stack = self.stack(dimension, rows)
            blocks.append(stack if any(row.bars for row in stack.rows) else stack.twin)
        if hidden := len(told) - len(rows):
            blocks.append(Paragraph(self.texts.say("held_back", count=hidden), "note"))
        return blocks

    def stack(self, dimension: str, rows: Sequence[ItemRelease]) -> Figure:
        """Shares as stacked bars; a row without shares says so in its note."""
        title = self.texts.say("stack_title", dimension=self.dimension_title(dimension))
        alt = self.texts.say(
            "stack_alt", rows=len(rows), first=self.statement(rows[0]), last=self.statement(rows[-1])
        )
        columns = self.columns("statement", "spread", "middle", "shares", "unknown")
        twin = Table(title, columns, tuple(self.stack_cells(one) for one in rows))
        return Figure(
            "stack", title, alt, tuple(self.stack_row(one) for one in rows), twin, tints=len(self.scale)
        )

    def stack_row(self, one: ItemRelease) -> Row:
        if one.shape == "bands":
            bars = tuple(Bar(self.band(band), band.percent, self.tint(band), band.range) for band in one.bands)
            notes = []
        else:
            bars = ()
            notes = [self.texts.say("shares_held") if one.shape == "hidden" else self.shares(one)]
        if one.apart is not None:
            notes.append(self.texts.say("unknown_note", percent=self.percent(one.apart)))
        return Row(self.statement(one), bars=bars, note="; ".join(notes))

    def stack_cells(self, one: ItemRelease) -> tuple[str, ...]:
        unknown = self.texts.say("not_shown") if one.apart is None else self.percent(one.apart)
        return self.statement(one), self.spread(one.spread), self.number(one.middle), self.shares(one), unknown

    def shares(self, one: ItemRelease) -> str:
        """The shares of one statement in words; for "most" the options, without a number."""
        if one.shape == "hidden":
            return self.texts.say("not_shown")
        if one.shape == "most":
            return self.texts.say("most", options=" / ".join(self.band(band) for band in one.bands))
        shares = (
            self.texts.say("share", option=self.band(band), percent=self.percent(band)) for band in one.bands
        )
        return "; ".join(shares)

    def comparison(self) -> list[Block]:
        """Sectors or partners side by side on the statements where they differ most."""
        heading = self.texts.say(f"compare_{self.release.by}")
        blocks: list[Block] = [Heading(heading, "compare")]
        comparable = [one for one in map(self.told, self.items) if len(one.groups) > 1]
        if not comparable:
            return [*blocks, Paragraph(self.texts.say("compare_none"), "note")]
        widest = sorted((one for one in comparable if _difference(one) >= LEAST_DIFFERENCE), key=_by_difference)
        if not widest:
            return [*blocks, Paragraph(self.texts.say("compare_alike"))]
        return [*blocks, Paragraph(self.texts.say("compare_lead")), self.dots(heading, widest[:MOST_COMPARED])]

    def dots(self, title: str, rows: Sequence[ItemRelease]) -> Figure:
        shown = sorted({value.group for row in rows for value in row.groups}, key=_by_group)
        low, high = _ends(rows[0])
        alt = self.texts.say(
            "dots_alt", rows=len(rows), first=self.statement(rows[0]),
            high_group=self.groups_at(rows[0], high), high=self.number(high),
            low_group=self.groups_at(rows[0], low), low=self.number(low),
        )
        columns = (*self.columns("statement", "difference"), *(self.group(one) for one in shown))
        twin = Table(title, columns, tuple(self.dot_cells(row, shown) for row in rows))
        return Figure(
            "dots", title, alt, tuple(self.dot_row(row, shown) for row in rows), twin,
            low=1, high=len(self.scale), ends=(self.option(self.scale[0]), self.option(self.scale[-1])),
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
        found = [one for one in map(self.told, self.items) if _difference(one) > 0 or (one.spread or 0) > 0]
        if not found:
            return []
        blocks: list[Block] = [Heading(self.texts.say("gaps"), "gaps"), Paragraph(self.texts.say("gaps_lead"))]
        for one in sorted(found, key=_by_difference)[:QUESTIONS]:
            blocks += [
                Heading(self.statement(one)),
                Paragraph(self.gap(one)),
                Paragraph(self.texts.text(one.item, "ask"), "question"),
            ]
        return blocks

    def gap(self, one: ItemRelease) -> str:
        if _difference(one) <= 0:
            return self.texts.say("gap_spread", spread=self.spread(one.spread), middle=self.place(one.middle))
        low, high = _ends(one)
        return self.texts.say(
            "gap_groups", high_group=self.groups_at(one, high), high=self.place(high),
            low_group=self.groups_at(one, low), low=self.place(low),
        )

    def groups_at(self, one: ItemRelease, middle: float) -> str:
        """Every group whose middle this is: none of several is singled out."""
        groups = sorted((value.group for value in one.groups if value.middle == middle), key=_by_group)
        return ", ".join(self.group(group) for group in groups)

    def side_by_side(self) -> list[Block]:
        """A sentence on each dimension, in words."""
        told = []
        for dimension in DIMENSIONS:
            middle = self.middle_of(item for item in self.items if item.group == dimension)
            key = "dimension_unknown" if middle is None else _word(middle, STANDINGS)
            told.append(self.texts.say(key, dimension=self.dimension_title(dimension)))
        return [Heading(self.texts.say("dimensions"), "dimensions"), Bullets(tuple(told))]

    def lenses(self, lenses: Sequence[str]) -> Table:
        rows = []
        for lens in lenses:
            items = [item for item in self.items if lens in item.lenses]
            shown = sum(self.told(item).middle is not None for item in items)
            middle = self.number(self.middle_of(items))
            rows.append((self.texts.say(f"lens_{lens}"), str(len(items)), str(shown), middle))
        columns = self.columns("lens", "statements", "shown", "middle")
        return Table(self.texts.say("lenses"), columns, tuple(rows))

    def words(self) -> list[Block]:
        shared = self.release.texts.get("strengthen", ())
        return [Quotes(shared, self.texts.say("words"))] if shared else []

    def told(self, item: Item) -> ItemRelease:
        """What was released about a statement; hidden if nothing was."""
        return self.release.items.get(item.id) or ItemRelease(item.id)

    def middle_of(self, items: Iterable[Item]) -> float | None:
        """Mean of the released middles, rounded to halves as they are; None if there is none."""
        middles = [middle for item in items if (middle := self.told(item).middle) is not None]
        return floor(2 * sum(middles) / len(middles) + 0.5) / 2 if middles else None

    def columns(self, *names: str) -> tuple[str, ...]:
        return tuple(self.texts.say(f"col_{name}") for name in names)

    def statement(self, one: ItemRelease) -> str:
        return self.texts.text(one.item)

    def dimension_title(self, dimension: str) -> str:
        return self.texts.sections[dimension]["title"]

    def option(self, option: str) -> str:
        return self.texts.option("agree", option)

    def group(self, group: str) -> str:
        """A sector's name in this language; a partner's as its members wrote it."""
        by_sector = self.release.by == "sector" or group == TOGETHER
        return say(self.lang, f"sectors.{group}") if by_sector else group

    def band(self, band: Band) -> str:
        return self.join(self.option(option) for option in band.options)

    def join(self, labels: Iterable[str]) -> str:
        """Labels as one: the first keeps its capital letter."""
        first, *others = labels
        rest = [label[:1].lower() + label[1:] for label in others]
        if not rest:
            return first
        return self.texts.say("either", options=", ".join([first, *rest[:-1]]), last=rest[-1])

    def tint(self, band: Band) -> int:
        """The tint of a band's middle option.

        `round` goes to the even neighbour, which on five options is the outer one at both ends.
        """
        return round(sum(self.scale.index(option) for option in band.options) / len(band.options))

    def percent(self, band: Band) -> str:
        return self.texts.say("percent", n=band.range)

    def number(self, value: float | None) -> str:
        if value is None:
            return self.texts.say("not_shown")
        return f"{value:.1f}".replace(".", self.texts.say("decimal"))

    def spread(self, value: float | None) -> str:
        """How far answers are apart, in words and scale steps."""
        if value is None:
            return self.texts.say("not_shown")
        return self.texts.say(_word(value, SPREADS), value=self.number(value))

    def place(self, middle: float | None) -> str:
        """Where a middle lies, in the words of the scale."""
        if middle is None:
            return self.texts.say("not_shown")
        below = self.option(self.scale[floor(middle) - 1])
        if middle == floor(middle):
            return self.texts.say("near", option=below)
        return self.texts.say("between", low=below, high=self.option(self.scale[floor(middle)]))


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


def _by_group(group: str) -> tuple[int, str]:
    """Sort key: sectors as forms list them, partners by name, those put together last."""
    if group == TOGETHER:
        return len(SECTORS) + 1, group
    return (SECTORS.index(group), "") if group in SECTORS else (len(SECTORS), group.casefold())


def _by_spread(one: ItemRelease) -> float:
    """Sort key: the widest first, the unknown last."""
    return 0.0 if one.spread is None else -1.0 - one.spread


def _by_difference(one: ItemRelease) -> tuple[float, float]:
    """Sort key: the widest difference first, among equals the widest spread."""
    return -_difference(one), -(one.spread or 0.0)
