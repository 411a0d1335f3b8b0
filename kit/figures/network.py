"""Lines between two columns of names. Each name of the left has its own colour and kind of line; the width tells
how strong a tie is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kit.figures.pen import INK, LEADING, MARGIN, MARKER, MARKERS, SMALL, WIDTH, Pen, wrapped
from kit.summary import Network

COLUMN: Final = 116.0
SPACE: Final = 9.0
LEAST: Final = 34.0
# Units of line width for each step of an edge.
STEP: Final = 0.75


def draw(pen: Pen, figure: Network) -> None:
    """Both columns over the same height, with the lines between them."""
    left = [wrapped(name, COLUMN, SMALL) for name in figure.left]
    right = [wrapped(name, COLUMN, SMALL) for name in figure.right]
    height = max(_height(left), _height(right))
    starts, ends = _places(pen.y, height, left), _places(pen.y, height, right)
    near, far = MARGIN + COLUMN + SPACE, WIDTH - MARGIN - COLUMN - SPACE
    kinds = {name: MARKERS[place % len(MARKERS)] for place, name in enumerate(figure.left)}
    # Wide lines first, so that a thin one is not hidden below them.
    for one, other, width in sorted(figure.edges, key=lambda edge: -edge[2]):
        ys = (starts[figure.left.index(one)], ends[figure.right.index(other)])
        pen.line((near, far), ys, width=STEP * width, ink=kinds[one][1])
    for name, lines, y in zip(figure.left, left, starts, strict=True):
        _name(pen, lines, MARGIN, y, "left")
        pen.marker(kinds[name], near, y)
    for other, lines, y in zip(figure.right, right, ends, strict=True):
        _name(pen, lines, WIDTH - MARGIN, y, "right")
        _arrivals(pen, figure, other, far, y)
    pen.y += height


def _height(names: Sequence[list[str]]) -> float:
    return sum(_room(lines) for lines in names)


def _room(lines: Sequence[str]) -> float:
    return max(LEAST, SMALL * LEADING * len(lines) + SPACE)


def _places(top: float, height: float, names: Sequence[list[str]]) -> list[float]:
    """The middle of each name; what is left of the height is shared between them."""
    spare = (height - _height(names)) / max(len(names), 1)
    places, y = [], top
    for lines in names:
        room = _room(lines) + spare
        places.append(y + room / 2)
        y += room
    return places


def _name(pen: Pen, lines: Sequence[str], x: float, y: float, align: str) -> None:
    top = y - SMALL * LEADING * len(lines) / 2
    for number, line in enumerate(lines):
        pen.write(line, x, top + SMALL * LEADING * (number + 0.5), size=SMALL, ink=INK, align=align)


def _arrivals(pen: Pen, figure: Network, name: str, x: float, y: float) -> None:
    """The marks of those who are tied to a name of the right, so that lines can be told apart without colour."""
    tied = [place for place, one in enumerate(figure.left) if any(e[:2] == (one, name) for e in figure.edges)]
    first = y - (len(tied) - 1) * MARKER
    for number, place in enumerate(tied):
        pen.marker(MARKERS[place % len(MARKERS)], x, first + number * 2 * MARKER)
