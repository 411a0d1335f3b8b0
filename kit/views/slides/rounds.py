"""Of two rounds, the rows that a trainer shows first: those whose two pictures differ most.

Both pictures are released; how far apart they are is worked out from what everybody sees of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby, pairwise

from kit.summary import Block, Figure, Heading, Paragraph, Row, Summary
from kit.texts import say
from kit.views.slides.blocks import is_shares

# So many rows are a talk; the others stand behind them.
MOST = 6
Part = tuple[Heading, list[Block]]


def first_shown(told: Mapping[str, Summary]) -> dict[str, Part]:
    """In each language the part that goes before all others; none where nothing stands in two rounds."""
    kinds = {tuple(map(type, one.blocks)) for one in told.values()}
    pairs = list(_pairs(next(iter(told.values())))) if len(kinds) == 1 else []
    if not pairs:
        return {}
    differ = sorted((one for one in pairs if one[0] > 0), key=lambda one: -one[0])
    chosen = sorted((at, row) for _, at, row in differ[:MOST])
    key = "differ_most" if len(differ) > MOST else "differ" if differ else "differ_nowhere"
    return {
        lang: (Heading(say(lang, f"telling.{key}")), _only(summary, chosen, lang)) for lang, summary in told.items()
    }


def _pairs(summary: Summary) -> Iterator[tuple[float, int, int]]:
    """How far apart two rows are of which one stands below the other; the place of their figure, and of the first."""
    for at, block in enumerate(summary.blocks):
        if is_shares(block):
            for row, (first, second) in enumerate(pairwise(block.rows)):
                if second.below:
                    yield _apart(first, second), at, row


def _only(summary: Summary, chosen: list[tuple[int, int]], lang: str) -> list[Block]:
    made: list[Block] = []
    for at, places in groupby(chosen, key=lambda one: one[0]):
        figure = summary.blocks[at]
        assert isinstance(figure, Figure)
        rows = tuple(one for _, row in places for one in figure.rows[row : row + 2])
        made.append(replace(figure, title="", rows=rows))
    return made or [Paragraph(say(lang, "telling.differ_nowhere_told"))]


def _apart(first: Row, second: Row) -> float:
    """Of a hundred, how many stand elsewhere on the scale; 0 where one of them has no shares to compare."""
    if not (first.bars and second.bars):
        return 0.0
    before, after = _spread(first), _spread(second)
    return sum(abs(before.get(tint, 0.0) - after.get(tint, 0.0)) for tint in before.keys() | after.keys()) / 2


def _spread(row: Row) -> dict[int, float]:
    """The shares by step of the scale; what is told of several steps together belongs to each of them alike."""
    found: dict[int, float] = {}
    for bar in row.bars:
        steps = bar.tint if isinstance(bar.tint, tuple) else (bar.tint,)
        for step in steps:
            found[step] = found.get(step, 0.0) + bar.percent / len(steps)
    return found
