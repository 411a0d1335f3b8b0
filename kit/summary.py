"""What is told to a person or a group, as plain data: headings, sentences, tables, figures.

A block holds text in one language. One renderer (`kit.views.html`) makes HTML of blocks for the
screen, the console and the report alike; one place (`kit.figures`) draws a `Figure`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Heading:
    """A heading inside a section. With `detail`, what follows up to the next heading stands in a report's appendix."""

    text: str
    id: str = ""
    detail: bool = False


@dataclass(frozen=True)
class Paragraph:
    """One or more sentences. `tone` is "plain", "note" (what was hidden) or "question"."""

    text: str
    tone: Literal["plain", "note", "question"] = "plain"


@dataclass(frozen=True)
class Bullets:
    """Short statements of equal rank; `title` introduces them.

    calls  numbers that stand in the items, each with the address that calls it ("tel:"): they are kept in one piece
    """

    items: tuple[str, ...]
    title: str = ""
    calls: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Quotes:
    """Texts that their writers agreed to show, in shuffled order."""

    items: tuple[str, ...]
    title: str


@dataclass(frozen=True)
class Table:
    """`columns` has one heading more than there are cells after a row's heading: the first is the row's."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


# A step of a colour scale, from 0; or the steps of which a colour is mixed, for what was put together.
Tint = int | tuple[int, ...]


@dataclass(frozen=True)
class Bar:
    """A part of a stacked row, `percent` long; `said` is what stands on the bar, and `label` what stands in the legend
    (empty where the row says it all)."""

    label: str
    percent: int
    tint: Tint
    said: str = ""


@dataclass(frozen=True)
class Row:
    """One row of a figure. Stacked bars use `bars`, dots use `dots` (label, value).

    `below` is what it is called where it stands right below the row before it, which says the rest.
    """

    label: str
    bars: tuple[Bar, ...] = ()
    dots: tuple[tuple[str, float], ...] = ()
    note: str = ""
    below: str = ""


@dataclass(frozen=True)
class Figure:
    """A picture of released numbers with its text alternative and its table twin.

    kind   "stack": shares of 100 %; "dots": values on a scale from `low` to `high`
    tints  how many steps the colour scale has; the tint of a bar is made of 0 … tints - 1
    palette  "ends": from the end where there is most to do to the good end; "steps": an order in which none is better
    """

    kind: Literal["stack", "dots"]
    title: str
    alt: str
    rows: tuple[Row, ...]
    twin: Table
    tints: int = 5
    palette: Literal["ends", "steps"] = "ends"
    low: float = 1
    high: float = 5
    ends: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Link:
    """From `start` to `end` (both are labels), `percent` wide; `said` is the share as it is told."""

    start: str
    end: str
    percent: int
    said: str = ""


@dataclass(frozen=True)
class Flow:
    """How paths spread, from left to right or from the top down: a Sankey-like figure."""

    title: str
    alt: str
    links: tuple[Link, ...]
    twin: Table


@dataclass(frozen=True)
class Cell:
    """`tint` is a place in the legend, or None for what may not be shown; `label` stands in the cell."""

    tint: int | None
    label: str


@dataclass(frozen=True)
class Matrix:
    """Coloured cells: one row of `cells` for each of `rows`, one cell for each of `columns`.

    tints  the colour of each place in the legend, of a scale of `steps`; without them, as many steps as places
    """

    title: str
    alt: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    legend: tuple[str, ...]
    twin: Table
    tints: tuple[Tint, ...] = ()
    steps: int = 0


@dataclass(frozen=True)
class Network:
    """Lines between two columns of names; an edge is (a name of `left`, one of `right`, its width from 1 to 5)."""

    title: str
    alt: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    edges: tuple[tuple[str, str, int], ...]
    twin: Table


@dataclass(frozen=True)
class Span:
    """One bar of a plan: days as ISO dates. Without an end it is ongoing; without a start it has no bar."""

    label: str
    start: str = ""
    end: str = ""
    group: str = ""


@dataclass(frozen=True)
class Gantt:
    """A plan over time."""

    title: str
    alt: str
    spans: tuple[Span, ...]
    twin: Table


@dataclass(frozen=True)
class Profile:
    """One person's answers, a line each with a dot at its place among the `stops`; the page itself draws it.

    rows  a label, and its place from 0; with two places, where it was before comes first
    """

    title: str
    alt: str
    stops: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    twin: Table


Drawn = Figure | Flow | Matrix | Network | Gantt
Block = Heading | Paragraph | Bullets | Quotes | Table | Profile | Drawn


@dataclass(frozen=True)
class Summary:
    """One exercise's result: for a person (feedback) or for a group (from a `Release`)."""

    title: str
    blocks: tuple[Block, ...] = field(default=())
