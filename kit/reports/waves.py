"""What stood out in a workshop, drawn beside what others said of it: a figure for each thing, a bar for each workshop.

The bars are those of the workshops' own figures, and the table twin has the cells of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kit.summary import Block, Figure, Row, Table
from kit.texts import say

# So many figures an exercise has, and of so many workshops: more bars would be taller than a page.
FIGURES = 2
WORKSHOPS = 12


@dataclass(frozen=True)
class Wave:
    """What one workshop tells of an exercise: the workshop's name, its summary, and what stands out in it."""

    name: str
    blocks: tuple[Block, ...]
    about: tuple[str, ...]


def figures(told: Sequence[Wave], lang: str) -> Iterator[Figure]:
    """An exercise's figures, of what stood out in the most workshops; none where nothing is told in two of them."""
    if not 1 < len(told) <= WORKSHOPS:
        return
    names = [name for one in told for name in dict.fromkeys(one.about)]
    drawn = 0
    for name in sorted(dict.fromkeys(names), key=lambda one: -names.count(one)):
        found = [(one.name, *shown) for one in told if (shown := _shown(one.blocks, name))]
        if sum(bool(row.bars) for _, _, row in found) > 1 and len({figure.title for _, figure, _ in found}) == 1:
            yield _figure(name, found, lang)
            drawn += 1
        if drawn == FIGURES:
            return


def _shown(blocks: Iterable[Block], name: str) -> tuple[Figure, Row] | None:
    """The figure with bars in which this stands, and its row."""
    stacks = (one for one in blocks if isinstance(one, Figure) and one.kind == "stack")
    return next(((figure, row) for figure in stacks for row in figure.rows if row.label == name), None)


def _figure(name: str, found: Sequence[tuple[str, Figure, Row]], lang: str) -> Figure:
    _, like, _ = found[0]
    title = say(lang, "rollup.picture_title", title=like.title, name=name)
    lines = tuple(
        (workshop, *cells) for workshop, figure, _ in found for label, *cells in figure.twin.rows if label == name
    )
    twin = Table(title, (say(lang, "rollup.columns.workshop"), *like.twin.columns[1:]), lines)
    rows = tuple(replace(row, label=workshop) for workshop, _, row in found)
    return replace(like, title=title, alt=say(lang, "rollup.picture_alt", name=name), rows=rows, twin=twin)


__all__ = ["Wave", "figures"]
