"""What is told to a person or a group, as plain data: headings, sentences, tables, figures.

A block holds text in one language. One renderer (`kit.views.html`) makes HTML of blocks for the
screen, the console and the report alike; one place (`kit.figures`) draws a `Figure`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str
    id: str = ""


@dataclass(frozen=True)
class Paragraph:
    """One or more sentences. `tone` is "plain", "note" (what was hidden) or "question"."""

    text: str
    tone: Literal["plain", "note", "question"] = "plain"


@dataclass(frozen=True)
class Bullets:
    """Short statements of equal rank; `title` introduces them."""

    items: tuple[str, ...]
    title: str = ""


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


@dataclass(frozen=True)
class Bar:
    """A part of a stacked row: per cent of those who rated; `label` is what stands in the legend."""

    label: str
    percent: int
    tint: int


@dataclass(frozen=True)
class Row:
    """One row of a figure. Stacked bars use `bars`, dots use `dots` (label, value)."""

    label: str
    bars: tuple[Bar, ...] = ()
    dots: tuple[tuple[str, float], ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A picture of released numbers with its text alternative and its table twin.

    kind   "stack": shares of 100 %; "dots": values on a scale from `low` to `high`
    tints  how many steps the colour scale has; the tint of a bar is 0 … tints - 1
    """

    kind: Literal["stack", "dots"]
    title: str
    alt: str
    rows: tuple[Row, ...]
    twin: Table
    tints: int = 5
    low: float = 1
    high: float = 5
    ends: tuple[str, str] = ("", "")


Block = Heading | Paragraph | Bullets | Quotes | Table | Figure


@dataclass(frozen=True)
class Summary:
    """One exercise's result: for a person (feedback) or for a group (from a `Release`)."""

    title: str
    blocks: tuple[Block, ...] = field(default=())
