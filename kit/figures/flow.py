"""A flow: from each scene, ribbons as wide as the shares that went on from there, one block below the other.

A phone is too narrow for a whole graph from left to right: here the reader follows a label from one block to the
block that begins with it. Every ribbon has its share and its target in words, so no colour is needed to read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import pi, sin
from typing import Final

from kit.figures.pen import GAP, INK, LABEL, LEADING, MARGIN, SMALL, TINTS, WIDTH, Pen, wrapped
from kit.summary import Flow, Link

STEM: Final = 12.0
REACH: Final = 84.0
UNIT: Final = 0.64
SLOT: Final = 7.0
STEPS: Final = 24
RIBBON: Final = TINTS[3].fill
BLOCK: Final = TINTS[4].fill


def draw(pen: Pen, figure: Flow) -> None:
    """All blocks, in the order in which their starts first appear."""
    for number, start in enumerate(dict.fromkeys(link.start for link in figure.links)):
        if number:
            pen.y += GAP
        pen.lines(start, size=LABEL)
        pen.y += 5
        _block(pen, [link for link in figure.links if link.start == start])


def _block(pen: Pen, links: Sequence[Link]) -> None:
    left = MARGIN + STEM + REACH + STEM + 6
    lines = [_lines(pen, link, WIDTH - MARGIN - left) for link in links]
    slots = [max(len(said) * SMALL * LEADING, UNIT * link.percent) for said, link in zip(lines, links, strict=True)]
    whole = UNIT * sum(link.percent for link in links)
    height = max(sum(slots) + SLOT * (len(slots) - 1), whole)
    source = pen.y + (height - whole) / 2
    pen.fill(MARGIN, source, STEM, whole, BLOCK)
    target = pen.y
    for link, said, slot in zip(links, lines, slots, strict=True):
        width = UNIT * link.percent
        arrive = target + (slot - width) / 2
        _ribbon(pen, source, arrive, width)
        pen.fill(MARGIN + STEM + REACH, arrive, STEM, width, BLOCK)
        top = target + (slot - len(said) * SMALL * LEADING) / 2
        for place, line in enumerate(said):
            pen.write(line, left, top + SMALL * LEADING * (place + 0.5), size=SMALL, bold=place == 0)
        source += width
        target += slot + SLOT
    pen.y += height


def _lines(pen: Pen, link: Link, room: float) -> list[str]:
    """The share on a line of its own, the target below it."""
    return [pen.say("percent", percent=link.said or link.percent), *wrapped(link.end, room, SMALL)]


def _ribbon(pen: Pen, start: float, end: float, width: float) -> None:
    """A band that swings from one height to the other, with an edge that is seen on paper too."""
    xs = [MARGIN + STEM + REACH * step / STEPS for step in range(STEPS + 1)]
    swing = [(sin(pi * (step / STEPS - 0.5)) + 1) / 2 for step in range(STEPS + 1)]
    upper = [start + (end - start) * share for share in swing]
    lower = [y + width for y in upper]
    pen.shape([*xs, *reversed(xs)], [*upper, *reversed(lower)], RIBBON, layer=1)
    for edge in (upper, lower):
        pen.line(xs, edge, width=0.8, ink=INK)
