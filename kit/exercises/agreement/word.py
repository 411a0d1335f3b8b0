"""The draft as a Word document with real headings, header rows, and the language of every run."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kit.exercises.agreement.document import Draft, Listed, Told

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

# Word's spelling of a language: as it is written in Canada.
REGION = "CA"
BETWEEN = " / "
INK = "1F2937"


def write(made: Draft) -> bytes:
    """The document's bytes; its properties say nothing about who made it or when."""
    import docx

    document = docx.Document()
    _properties(document, made)
    _say(document.add_heading(level=0), made.title)
    for note in made.notes:
        for lang, words in note:
            _mark(document.add_paragraph(style="Quote").add_run(words), lang)
    for topic in made.topics:
        _say(document.add_heading(level=1), topic.title)
        _say(document.add_paragraph(), topic.status, bold=True)
        for part in topic.parts:
            if isinstance(part, Listed):
                _list(document, part)
            else:
                _say(document.add_heading(level=2), part.question)
                paragraph = document.add_paragraph(part.text)
                if not part.text:
                    _say(paragraph, made.nothing)
    _say(document.add_heading(level=1), made.open_title)
    _say(document.add_paragraph(), made.open_lead)
    for point in made.open_points:
        _say(document.add_paragraph(style="List Bullet"), point)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _properties(document: Document, made: Draft) -> None:
    from docx.shared import RGBColor

    about = document.core_properties
    about.title, about.author, about.comments, about.last_modified_by = "Document", "", "", ""
    about.language = f"{made.lang}-{REGION}"
    _language(document.styles["Normal"].element.get_or_add_rPr(), made.lang)
    for name in ("Title", "Heading 1", "Heading 2"):
        # Word's own light blue is hard to read for some.
        document.styles[name].font.color.rgb = RGBColor.from_string(INK)


def _list(document: Document, part: Listed) -> None:
    _say(document.add_heading(level=2), part.title)
    table = document.add_table(rows=1 + len(part.rows), cols=len(part.columns), style="Table Grid")
    _heads(table)
    # `table.cell` walks the whole table each time: rows are taken once.
    lines: Iterable[tuple[str | Told, ...]] = (part.columns, *part.rows)
    for row, line in zip(table.rows, lines, strict=True):
        for cell, words in zip(row.cells, line, strict=True):
            paragraph = cell.paragraphs[0]
            if isinstance(words, str):
                paragraph.add_run(words)
            else:
                _say(paragraph, words, bold=line is part.columns)


def _heads(table: Table) -> None:
    """The first row is the header, and stands again at the top of each page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(header)


def _say(paragraph: Paragraph, told: Told, bold: bool = False) -> None:
    """The same words in each language, one after the other."""
    for n, (lang, words) in enumerate(told):
        if n:
            paragraph.add_run(BETWEEN)
        run = paragraph.add_run(words)
        run.bold = bold or None
        _mark(run, lang)


def _mark(run: Run, lang: str) -> None:
    _language(run._r.get_or_add_rPr(), lang)


def _language(properties: object, lang: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement("w:lang")
    element.set(qn("w:val"), f"{lang}-{REGION}")
    properties.append(element)  # type: ignore[attr-defined]
