"""A report as a Word document that can be edited: real styles, headings, tables with header rows, captions, bookmarks.

Figures are pictures with their alternative texts. Nothing in the file says who made it or when.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from kit.letters import printable
from kit.reports.document import Look, Part, Pictured, Report, ReportSection, Tabled
from kit.reports.formats import _word as word
from kit.reports.press import drawings, pictures, whole, widths
from kit.spoken import language_of
from kit.summary import Bullets, Heading, Paragraph, Quotes
from kit.tables.writing import timeless

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph as Line

# Dots for 72 units of a drawing, which stands 6.6 cm wide: 240 dots for an inch of paper.
PPI = 144
APPENDIX = "appendix"
TONES = {"plain": "Normal", "note": "Note", "question": "Question"}


def write(document: Report, look: Look) -> bytes:
    """The whole file; raises `PartMissing`."""
    made = _Writer(document, look)
    made.fill()
    out = io.BytesIO()
    made.word.save(out)
    return timeless(out.getvalue())


class _Writer:
    """One report on its way into a Word file."""

    def __init__(self, document: Report, look: Look) -> None:
        self.document, self.look = document, look
        self.word = word.new(document.lang, document.head.title, look)
        self.room = word.room(look)
        self.columns = 1
        self.bookmarks = 0
        self.pictures = self._pictures()

    def fill(self) -> None:
        """Everything, in order."""
        document, beside = self.document, self.document.beside
        self.first_page()
        self.parts(document, document.note, 1, "")
        self.sections(document.opening, beside.opening if beside else (), 1)
        self.columns = 1 if document.wide else 2
        word.columns(self.word, self.columns)
        self.contents()
        self.sections(document.sections, beside.sections if beside else (), 1)
        word.columns(self.word, 1)
        self.columns = 1
        appendix = self.line(document, document.say("page.appendix"), "Heading 1")
        appendix.paragraph_format.page_break_before = True
        self.mark(appendix, APPENDIX)
        self.line(document, document.say("page.appendix_lead"))
        self.sections(document.appendix, beside.appendix if beside else (), 2)
        running = self.look.name or document.head.kind
        word.finish(self.word, running, document.head.title, document.say("page.foot"), self.room)

    def first_page(self) -> None:
        """What the report is, of which workshop, and when that was held."""
        document, logo = self.document, self.look.logo
        if logo is not None:
            picture = self.word.add_picture(io.BytesIO(logo.data), height=word.LOGO)
            word.describe(picture, logo.alt)
        every = [one.head.kind for one in (document, document.beside) if one]
        self.line(document, " · ".join(every), "Note")
        self.line(document, document.head.title, "Title")
        self.line(document, document.head.day, "Subtitle")

    def contents(self) -> None:
        """The sections with links: Word puts page numbers beside them when its user asks for that."""
        document, beside = self.document, self.document.beside
        self.line(document, document.say("page.contents"), "Contents")
        for one, other in zip_longest(_listed(document), _listed(beside) if beside else ()):
            for own, section, mark in ((document, one, ""), (beside, other, f"-{beside.lang}" if beside else "")):
                if own is not None and section is not None:
                    line = self.line(own, "", "Contents line")
                    word.link(line, printable(section.title), own.lang, f"{section.id}{mark}")
        last = self.line(document, "", "Contents line")
        word.link(last, printable(document.say("page.appendix")), document.lang, APPENDIX)

    def sections(self, own: Sequence[ReportSection], beside: Sequence[ReportSection], level: int) -> None:
        """Each section, in a file of two languages followed by the same one in the other."""
        for one, other in zip_longest(own, beside):
            self.section(self.document, one, level, "")
            if other is not None and self.document.beside is not None:
                self.section(self.document.beside, other, level, f"-{self.document.beside.lang}")

    def section(self, document: Report, one: ReportSection, level: int, mark: str) -> None:
        document = replace(document, lang=one.lang) if one.lang else document
        self.mark(self.line(document, one.title, f"Heading {level}"), f"{one.id}{mark}")
        self.parts(document, one.parts, level + 1, mark)

    def parts(self, document: Report, parts: Sequence[Part], level: int, mark: str) -> None:
        for part in parts:
            self.part(document, part, level, mark)

    def part(self, document: Report, part: Part, level: int, mark: str) -> None:
        if isinstance(part, Heading):
            line = self.line(document, part.text, f"Heading {level}")
            if part.id:
                self.mark(line, f"{part.id}{mark}")
        elif isinstance(part, Paragraph):
            self.line(document, part.text, TONES[part.tone])
        elif isinstance(part, Bullets | Quotes):
            self.items(document, part)
        elif isinstance(part, Tabled):
            self.table(document, part, mark)
        else:
            self.figure(document, part, mark)

    def items(self, document: Report, part: Bullets | Quotes) -> None:
        if part.title:
            self.line(document, part.title, "Lead")
        for item in whole(part) if isinstance(part, Bullets) else part.items:
            if isinstance(part, Quotes):
                line = self.line(document, "", "List Bullet")
                said = printable(document.say("page.quote", text=item))
                word.say(line, said, language_of(item) or document.lang)
            else:
                self.line(document, item, "List Bullet")

    def table(self, document: Report, part: Tabled, mark: str) -> None:
        caption = self.caption(document, document.say("page.table", n=part.number), part.table.title)
        self.mark(caption, f"{part.id}{mark}")
        rows = [part.table.columns, *part.table.rows]
        made = word.table(self.word, len(rows), word.shares(widths(part.table), self.width), self.look)
        # `table.cell` walks the whole table each time: rows are taken once.
        for row, cells in zip(made.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                word.in_cell(cell, printable(text), document.lang, bold=cells is part.table.columns)
        self.line(document, "", "After")

    def figure(self, document: Report, part: Pictured, mark: str) -> None:
        caption = self.caption(document, document.say("page.figure", n=part.number), part.figure.title)
        self.mark(caption, f"{part.id}{mark}")
        drawn = self.pictures[id(part)]
        for n, picture in enumerate(drawn):
            line = self.line(document, "", "Picture")
            # A figure of several drawings may go on in the next column; only the last stays with the link below.
            line.paragraph_format.keep_with_next = n == len(drawn) - 1
            shape = line.add_run().add_picture(io.BytesIO(picture), width=word.PICTURE)
            word.describe(shape, part.figure.title if n else part.figure.alt)
        twin = self.line(document, "", "Note")
        word.link(twin, document.say("page.twin", n=part.table), document.lang, f"{part.table_id}{mark}")

    def caption(self, document: Report, number: str, title: str) -> Line:
        line = self.line(document, "", "Caption")
        word.say(line, f"{number} ", document.lang, bold=True)
        word.say(line, printable(title), document.lang)
        return line

    @property
    def width(self) -> int:
        """The room for a table, in Word's own unit."""
        return word.column(self.room) if self.columns == 2 else self.room

    def line(self, document: Report, text: str, style: str = "Normal") -> Line:
        """A paragraph, its words marked as being in the document's language."""
        made = word.line(self.word, style)
        if text:
            word.say(made, printable(text), document.lang)
        return made

    def mark(self, line: Line, name: str) -> None:
        self.bookmarks += 1
        word.bookmark(line, name, self.bookmarks)

    def _pictures(self) -> dict[int, list[bytes]]:
        """The drawings of each figure as pictures, all of them made at once."""
        documents = [one for one in (self.document, self.document.beside) if one]
        every = [(figure, drawings(one, figure)) for one in documents for figure in _figures(one)]
        made = iter(pictures([drawing for _, drawn in every for drawing in drawn], PPI))
        return {id(figure): [next(made) for _ in drawn] for figure, drawn in every}


def _listed(document: Report) -> tuple[ReportSection, ...]:
    """What the list of contents names."""
    return (*document.opening, *document.sections)


def _figures(document: Report) -> Iterator[Pictured]:
    for section in document.all():
        yield from (part for part in section.parts if isinstance(part, Pictured))
