"""Bars that share 100 %, and dots on a scale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Final

from kit.figures.pen import (
    BAR,
    GAP,
    INK,
    LABEL,
    LANE,
    LEADING,
    MARGIN,
    MARKER,
    MARKERS,
    QUIET,
    SMALL,
    SWATCH,
    TALLEST,
    WIDTH,
    Pen,
    Tint,
    place_of,
    text_width,
    tint_of,
    wrapped,
)  # fmt: skip
from kit.summary import Bar, Figure, Row
from kit.summary import Tint as Parts

INSIDE_FROM: Final = 10
# Labels with the number of their tint or marker.
Legend = tuple[tuple[str, Parts], ...]


def legend_of(figure: Figure) -> Legend:
    """What the colours, or the markers, stand for in all pieces of a figure."""
    return _tints(figure) if figure.kind == "stack" else _kinds(figure)


def draw(pen: Pen, figure: Figure, legend: Legend) -> int:
    """As many rows as a piece holds; returns their number."""
    return (_stack if figure.kind == "stack" else _dots)(pen, figure, legend)


def _stack(pen: Pen, figure: Figure, legend: Legend) -> int:
    for label, tint in (one for one in legend if one[0]):
        pen.key(label, partial(pen.swatch, tint_of(tint, figure.tints, figure.palette)))

    def picture(row: Row) -> None:
        if row.bars:
            _bars(pen, row, figure)
        if any((bar.label, bar.tint) not in legend for bar in row.bars):
            pen.y += 3
            pen.lines(_spelled(pen, row), size=SMALL)

    return _rows(pen, figure, picture)


def _bars(pen: Pen, row: Row, figure: Figure) -> None:
    # Rounded shares add up to about 100; the bar is always full, but that of a share of its own.
    alone = not any(bar.label for bar in row.bars)
    whole = 100 if alone else sum(bar.percent for bar in row.bars) or 1
    x = MARGIN
    for bar in row.bars:
        width = (WIDTH - 2 * MARGIN) * bar.percent / whole
        tint = tint_of(bar.tint, figure.tints, figure.palette)
        pen.box(x, pen.y, width, BAR, tint)
        if alone and bar.percent < INSIDE_FROM:
            said = pen.say("percent", percent=bar.said or bar.percent)
            pen.write(said, x + width + 4, pen.y + BAR / 2, size=SMALL, bold=True)
        _share(pen, bar, x, width, tint)
        x += width
    pen.y += BAR


def _share(pen: Pen, bar: Bar, x: float, width: float, tint: Tint) -> None:
    if bar.percent < INSIDE_FROM:
        return
    said = bar.said or str(bar.percent)
    full = pen.say("percent", percent=said)
    text = full if text_width(full, SMALL, True) <= width - 4 else said
    if text_width(text, SMALL, True) > width - 4:
        return
    middle, half = x + width / 2, text_width(text, SMALL, True) / 2 + 1
    if tint.lines:
        pen.fill(middle - half, pen.y + 4, 2 * half, BAR - 8, tint.fill)
    pen.write(text, middle, pen.y + BAR / 2, size=SMALL, ink=tint.ink, align="center", bold=True)


def _tints(figure: Figure) -> Legend:
    """What each tint most often stands for, in the order of the scale."""
    labels: dict[Parts, Counter[str]] = {}
    for row in figure.rows:
        for bar in row.bars:
            labels.setdefault(bar.tint, Counter())[bar.label] += 1
    return tuple((labels[tint].most_common(1)[0][0], tint) for tint in sorted(labels, key=place_of))


def _kinds(figure: Figure) -> Legend:
    """The place in `MARKERS` of each group, in the order in which groups first stand in a row."""
    names = dict.fromkeys(label for row in figure.rows for label, _ in row.dots)
    return tuple((name, place % len(MARKERS)) for place, name in enumerate(names))


def _spelled(pen: Pen, row: Row) -> str:
    """A row's bars in words, where neighbours were put together and the legend does not fit."""
    shares = [(bar.label, pen.say("percent", percent=bar.said or bar.percent)) for bar in row.bars]
    return pen.say("between").join(pen.say("part", label=label, percent=share) for label, share in shares)


def _dots(pen: Pen, figure: Figure, legend: Legend) -> int:
    kinds = {name: MARKERS[place] for name, place in legend if isinstance(place, int)}
    for name, kind in kinds.items():
        pen.key(name, partial(pen.marker, kind, MARGIN + SWATCH / 2))

    def picture(row: Row) -> None:
        if row.dots:
            _lanes(pen, figure, row, kinds)
            _ends(pen, figure)

    return _rows(pen, figure, picture)


def _lanes(pen: Pen, figure: Figure, row: Row, kinds: dict[str, tuple[str, str]]) -> None:
    """The dots over their scale; equal values stand one above the other."""
    left, right = MARGIN + MARKER + 2, WIDTH - MARGIN - MARKER - 2

    def place(value: float) -> float:
        return left + (right - left) * (value - figure.low) / (figure.high - figure.low)

    piles: Counter[float] = Counter(value for _, value in row.dots)
    axis = pen.y + LANE * max(piles.values())
    pen.line((left, right), (axis, axis))
    for tick in range(round(figure.low), round(figure.high) + 1):
        pen.line((place(tick), place(tick)), (axis, axis + 5))
    lowest = axis - LANE / 2
    pen.line((place(min(piles)), place(max(piles))), (lowest, lowest), width=1.5, ink=INK)
    drawn: Counter[float] = Counter()
    for label, value in row.dots:
        pen.marker(kinds[label], place(value), lowest - LANE * drawn[value])
        drawn[value] += 1
    pen.y = axis + 7


def _ends(pen: Pen, figure: Figure) -> None:
    """What the two ends of the scale mean, left and right below it."""
    sides = [wrapped(text, WIDTH / 2 - MARGIN - 6, SMALL) for text in figure.ends]
    for lines, x, align in zip(sides, (MARGIN, WIDTH - MARGIN), ("left", "right"), strict=True):
        for place, line in enumerate(lines):
            pen.write(line, x, pen.y + SMALL * LEADING * (place + 0.5), size=SMALL, ink=QUIET, align=align)
    pen.y += SMALL * LEADING * max(len(lines) for lines in sides)


def _rows(pen: Pen, figure: Figure, picture: Callable[[Row], None]) -> int:
    """Label, picture and note of each row until the piece is full; returns how many rows it took."""
    for number, row in enumerate(figure.rows):
        if number and pen.y > TALLEST:
            return number
        pen.y += GAP
        pen.lines(row.label, size=LABEL)
        pen.y += 4
        picture(row)
        if row.note:
            pen.lines(row.note, size=SMALL, ink=QUIET)
    return len(figure.rows)
