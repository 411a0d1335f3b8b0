"""A report as one document, whatever it is written as: what an author of a format has to know stands here.

A format is one module in `kit/reports/formats`, called as the format (`html.py`, `pdf.py`). It has

    def write(document: Report, look: Look) -> bytes

and finds all that stands in the file in these two. It reads no store and knows no exercise; what it writes holds
no time of day, no path, no name of the machine or its user, and the same document gives the same bytes.

The order in a file is that of the fields of `Report`: `head`, `note`, `opening`, `sections`, `appendix`. All text is
plain (to be escaped) and in `document.lang`; `document.say("page.figure", n=3)` has the words around it
(kit/texts/<lang>/report.yaml).

A section's `parts` are blocks of `kit.summary` (`Heading`, `Paragraph`, `Bullets`, `Quotes`), except that each figure
is a `Pictured` and each table a `Tabled`: these have a number, and an id that is unique in the document, for a link
or a bookmark. A heading's id is unique too, where it has one. The levels: the report's title, section, `Heading`; in
the appendix the same below its own title (`page.appendix`).

Of a figure, `pictured.figure` has the numbers and `document.drawing(pictured)` the picture: one or more `<svg>`
elements, one below the other, 320 units wide, with letters as text in no particular font. It is drawn once: the
room's own drawing is taken where there is one. `figure.alt` is its text alternative; its table twin is the table
`pictured.table` of the appendix, so a figure needs no other table beside it.

A format of numbers writes `document.data()`: released shares and head counts with a codebook.

`document.beside` is the same report in a second language, for a file in both: the same sections, parts, numbers and
ids in the same order, to be set side by side (or one after the other) section by section. Most reports have none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from kit.reports.data import Data
from kit.summary import Bullets, Drawn, Heading, Paragraph, Quotes, Table
from kit.texts import say, section
from kit.typeset import typeset
from kit.views.html import picture


@dataclass(frozen=True)
class Pictured:
    """A figure with its number; `table` is the number of its table twin, in the appendix."""

    id: str
    number: str
    figure: Drawn
    table: str
    table_id: str


@dataclass(frozen=True)
class Tabled:
    """A table with its number; the twin of figure 3 is the table "A3"."""

    id: str
    number: str
    table: Table


Part = Heading | Paragraph | Bullets | Quotes | Pictured | Tabled


@dataclass(frozen=True)
class ReportSection:
    """`id` is unique in the document: "people", "exercise-pulse", "tables". `lang` where it is another's than that of
    the document: a regional pack may be written in one language only."""

    id: str
    title: str
    parts: tuple[Part, ...]
    lang: str = ""


@dataclass(frozen=True)
class Head:
    """What the report is and of which workshop: `day` is when it was held, as a date and as `lang` writes it."""

    kind: str
    title: str
    date: date
    day: str


@dataclass(frozen=True)
class Report:
    """One report in one language.

    note      the facilitator's own cover note; empty for most
    opening   page one: who met, what the room said, what it decided
    sections  the main part, in the order that the facilitator has chosen
    appendix  details, the table twins of all figures, what is not shown and why, the method
    told      whether anything was revealed: a report without says so, and little else
    wide      on paper its main part takes the whole width: it has tables of many columns instead of figures
    data      gives the released numbers behind all of it, for formats of numbers
    drawn     drawings of its figures, by `kit.figures.key`
    """

    lang: str
    head: Head
    opening: tuple[ReportSection, ...]
    sections: tuple[ReportSection, ...]
    appendix: tuple[ReportSection, ...]
    note: tuple[Part, ...] = ()
    told: bool = True
    beside: Report | None = None
    wide: bool = False
    data: Callable[[], Data] = field(default=Data, repr=False, compare=False)
    drawn: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def all(self) -> Iterator[ReportSection]:
        """Every section, in order."""
        yield from (*self.opening, *self.sections, *self.appendix)

    def say(self, key: str, **details: object) -> str:
        """A sentence of the report."""
        return typeset(say(self.lang, f"report.{key}", **details))

    def words(self, key: str) -> dict[str, Any]:
        """A set of its sentences."""
        return {name: typeset(told) for name, told in section(self.lang, f"report.{key}").items()}

    def drawing(self, one: Pictured) -> str:
        """The figure as SVG for an HTML page, named by its text alternative for those who do not see it."""
        from kit.figures import key

        return self.drawn.get(key(one.figure, self.lang)) or picture(one.figure, self.lang)


@dataclass(frozen=True)
class Logo:
    """A picture file with its text alternative."""

    data: bytes = field(repr=False)
    kind: Literal["png", "jpeg"]
    alt: str


@dataclass(frozen=True)
class Look:
    """How a report looks, in every format: the theme's name, logo, colours and font, and the paper.

    name    of the organization, for the head of each page; empty: the kit's own look
    accent  of headings and lines, "#rrggbb", read well on white
    tint    behind questions, notes and the heads of tables, on which `accent` and black are read well
    font    the name of a font; empty: the format's own
    """

    name: str = ""
    logo: Logo | None = None
    accent: str = "#5b2c83"
    tint: str = "#f1e9f8"
    font: str = ""
    paper: Literal["a4", "letter"] = "a4"
