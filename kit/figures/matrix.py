"""Coloured cells in rows and columns, with the legend of the colours.

A column is headed by its name where that fits, else by a letter with its name in a list above. A row's name stands
left of its cells, or above them where there are too many cells for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from string import ascii_uppercase
from typing import Final

from kit.figures.pen import (
    GAP,
    INK,
    LEADING,
    MARGIN,
    PAPER,
    QUIET,
    SMALL,
    SWATCH,
    WIDTH,
    Pen,
    Tint,
    text_width,
    tint_of,
    wrapped,
)  # fmt: skip
from kit.summary import Cell, Matrix

CELL: Final = 26.0
LEAST_LABEL: Final = 120.0
WIDEST_CELL: Final = 72.0
PADDING: Final = 8.0
SPACE: Final = 5.0
EMPTY: Final = Tint(PAPER, QUIET)


def draw(pen: Pen, figure: Matrix) -> None:
    """The legend, the columns' names, and a line of cells for each row."""
    for place, label in enumerate(figure.legend):
        pen.key(label, partial(pen.swatch, _tint(figure, place)))
    cell = _cell_width(figure)
    left = WIDTH - MARGIN - cell * len(figure.columns)
    beside = left - MARGIN >= LEAST_LABEL
    pen.y += GAP / 2
    heads = _heads(pen, figure.columns, cell)
    pen.y += GAP / 2
    start = left if beside else MARGIN
    _line_of_heads(pen, heads, start, cell)
    for label, cells in zip(figure.rows, figure.cells, strict=True):
        if beside:
            _beside(pen, figure, label, cells, left, cell)
        else:
            pen.lines(label, size=SMALL)
            pen.y += 2
            _cells(pen, figure, cells, start, cell, CELL)
            pen.y += CELL + SPACE


def _tint(figure: Matrix, place: int) -> Tint:
    return tint_of(figure.tints[place] if figure.tints else place, figure.steps or len(figure.legend))


def _cell_width(figure: Matrix) -> float:
    """Wide enough for the longest label; as wide as the page lets it be beside the rows' names."""
    labels = [cell.label for line in figure.cells for cell in line]
    needed = max((text_width(label, SMALL, True) for label in labels), default=0) + PADDING
    count = max(len(figure.columns), 1)
    room = (WIDTH - 2 * MARGIN - LEAST_LABEL) / count
    if needed > room:
        return (WIDTH - 2 * MARGIN) / count
    return max(needed, CELL if room < WIDEST_CELL else WIDEST_CELL)


def _heads(pen: Pen, columns: Sequence[str], cell: float) -> list[list[str]]:
    """Each column's heading in lines; long names become letters, with a list of what they stand for."""
    lines = [wrapped(name, cell - 4, SMALL) for name in columns]
    whole = [" ".join(one) == name for one, name in zip(lines, columns, strict=True)]
    if all(whole) and max(map(len, lines), default=0) <= 2:
        return lines
    letters = ascii_uppercase[: len(columns)]
    for letter, name in zip(letters, columns, strict=True):
        pen.key(name, partial(_letter, pen, letter))
    return [[letter] for letter in letters]


def _letter(pen: Pen, letter: str, y: float) -> None:
    pen.write(letter, MARGIN + SWATCH / 2, y, size=SMALL, align="center", bold=True)


def _line_of_heads(pen: Pen, heads: Sequence[list[str]], start: float, cell: float) -> None:
    for place, lines in enumerate(heads):
        for number, line in enumerate(lines):
            y = pen.y + SMALL * LEADING * (number + 0.5)
            pen.write(line, start + cell * (place + 0.5), y, size=SMALL, align="center", bold=True)
    pen.y += SMALL * LEADING * max(map(len, heads), default=0) + 3


def _beside(pen: Pen, figure: Matrix, label: str, cells: Sequence[Cell], left: float, cell: float) -> None:
    lines = wrapped(label, left - MARGIN - PADDING, SMALL)
    height = max(CELL, SMALL * LEADING * len(lines))
    top = pen.y + (height - SMALL * LEADING * len(lines)) / 2
    for number, line in enumerate(lines):
        pen.write(line, MARGIN, top + SMALL * LEADING * (number + 0.5), size=SMALL, ink=INK)
    _cells(pen, figure, cells, left, cell, height)
    pen.y += height + SPACE


def _cells(
    pen: Pen, figure: Matrix, cells: Sequence[Cell], start: float, width: float, height: float
) -> None:
    for place, cell in enumerate(cells):
        tint = EMPTY if cell.tint is None else _tint(figure, cell.tint)
        x = start + width * place
        pen.box(x, pen.y, width, height, tint)
        half = text_width(cell.label, SMALL, True) / 2 + 1
        if tint.lines:
            pen.fill(x + width / 2 - half, pen.y + 4, 2 * half, height - 8, tint.fill)
        y = pen.y + height / 2
        pen.write(cell.label, x + width / 2, y, size=SMALL, ink=tint.ink, align="center", bold=True)
