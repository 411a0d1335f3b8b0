"""The stage on which a slide stands, and how much of a text fits there.

Letters are measured one by one and are wider than a screen's own: so every wall, console and phone has the same slides.
All lengths are in heights of the wall's letters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeVar

from kit.figures.pen import text_width

Slide = dict[str, Any]
Thing = TypeVar("Thing")

# The stage is as wide and as high as this (see desk.css), its letters 1 high; a heading's are larger.
WIDE, HIGH = 48.0, 18.8
LINE, HEADING = 1.35, 1.4
# Of a row with bars, what its label has; what stands between two rows.
LABEL, GAP = 19.0, 0.7
# How much wider bold letters are.
BOLD = 1.13
# Between two words; how much of a line is full where a word is broken.
SPACE, BROKEN = 0.32, 0.9


@dataclass(frozen=True)
class Space:
    """How wide a slide is, and what a label beside its shares has of it; 0: it stands above them."""

    wide: float = WIDE
    label: float = LABEL
    high: float = HIGH

    @property
    def shares(self) -> float:
        return self.wide - self.label - 1 if self.label else self.wide


WHOLE: Final = Space()
# One of two languages side by side, with a gap between; lines are short there, and two of them are kept free, since
# more of them break where a screen breaks them otherwise.
HALF: Final = Space((WIDE - 2) / 2, 0, HIGH - 2 * LINE)
# Two languages of one figure, one label below the other: beside their shares, or above them.
JOINT: Final = Space()
ABOVE: Final = Space(label=0)


def filled(things: Sequence[Thing], room: float, height: Callable[[Thing], float]) -> Iterator[list[Thing]]:
    """The things in order, as many together as have room; one that is higher than that stands alone."""
    some: list[Thing] = []
    used = 0.0
    for one in things:
        needs = height(one)
        if some and used + needs > room:
            yield some
            some, used = [], 0.0
        some.append(one)
        used += needs
    if some:
        yield some


def lines(text: str, room: float, size: float = 1.0, bold: bool = False) -> int:
    """On how many lines a text stands; a word that is wider than the room is broken."""
    times = size * (BOLD if bold else 1)
    count, used = 1, 0.0
    for word in text.split(" "):
        wide = width(word) * times
        if used and used + SPACE * times + wide > room:
            count, used = count + 1, 0.0
        used += (SPACE * times if used else 0) + wide
        while used > room:
            count, used = count + 1, used - BROKEN * room
    return count


def width(text: str) -> float:
    return sum(map(letter_width, text))


@cache
def letter_width(sign: str) -> float:
    """How wide one sign is. Words are never measured as a whole: what is measured stays in memory, and somebody's text
    must not, once it is erased."""
    return text_width(sign, 10.0) / 10
