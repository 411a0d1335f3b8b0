"""What python-docx has no words for: styles, header rows, bookmarks, links, fields, columns, alternative texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from docx import Document as open_document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor

from kit.letters import printable
from kit.reports.document import Look
from kit.typeset import unbroken

if TYPE_CHECKING:
    from docx.document import Document
    from docx.shape import InlineShape
    from docx.styles.style import ParagraphStyle
    from docx.table import Table
    from docx.text.paragraph import Paragraph

# Word's spelling of a language: as it is written in Canada.
REGION = "CA"
FONT = "Verdana"
QUIET, LINE = "595959", "B2B2B2"
PAPERS = {"a4": (Cm(21.0), Cm(29.7)), "letter": (Cm(21.59), Cm(27.94))}
SIDE, EDGE, BETWEEN = Cm(1.5), Cm(1.9), Cm(0.6)
PICTURE, LOGO = Cm(6.6), Cm(1.4)
# The longest name that a bookmark may have.
NAME = 40
# name, what it is based on, size in points, space before and after in points, whether it stays with what follows
STYLES = (
    ("Note", "Normal", 8, 2, 6, False),
    ("Question", "Normal", 9, 4, 8, False),
    ("Lead", "Normal", 9, 4, 3, True),
    ("Contents", "Normal", 14, 14, 6, True),
    ("Contents line", "Normal", 9, 0, 3, False),
    ("Picture", "Normal", 9, 2, 2, True),
    ("Cell", "Normal", 8, 1, 1, False),
    ("After", "Normal", 4, 0, 4, False),
)
SIZES = (("Title", 24, 6), ("Subtitle", 11, 10), ("Heading 1", 15, 6), ("Heading 2", 11, 4), ("Heading 3", 10, 4))


def new(lang: str, title: str, look: Look) -> Document:
    """An empty document with the look's paper, colours and font."""
    document = open_document()
    about = document.core_properties
    about.title, about.author, about.comments, about.last_modified_by = printable(title)[:255], "", "", ""
    about.language = f"{lang}-{REGION}"
    page = document.sections[0]
    page.page_width, page.page_height = PAPERS[look.paper]
    page.left_margin = page.right_margin = SIDE
    page.top_margin = page.bottom_margin = EDGE
    _styles(document, lang, look)
    return document


def room(look: Look) -> int:
    """How wide a page's text is."""
    return int(PAPERS[look.paper][0] - 2 * SIDE)


def column(width: int) -> int:
    """How wide one of two columns is."""
    return (width - BETWEEN) // 2


def shares(parts: Sequence[float], width: int) -> list[int]:
    """The width in parts that are to each other as these."""
    return [int(width * part / sum(parts)) for part in parts]


def _styles(document: Document, lang: str, look: Look) -> None:
    styles: Any = document.styles
    normal = styles["Normal"]
    _font(normal, look.font or FONT)
    normal.font.size = Pt(9)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(4), 1.12
    _language(normal.element.get_or_add_rPr(), lang)
    for name, size, after in SIZES:
        style = styles[name]
        _font(style, look.font or FONT)
        style.font.size, style.font.italic = Pt(size), False
        style.font.color.rgb = RGBColor.from_string(look.accent.lstrip("#"))
        style.paragraph_format.space_after = Pt(after)
        style.paragraph_format.keep_with_next = True
    for name, base, size, before, after, stays in STYLES:
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.font.size = styles[base], Pt(size)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.keep_with_next = stays
    for name in ("Note", "Caption"):
        styles[name].font.color.rgb = RGBColor.from_string(QUIET)
    styles["Lead"].font.bold = styles["Contents"].font.bold = True
    styles["Contents"].font.color.rgb = RGBColor.from_string(look.accent.lstrip("#"))
    _caption(styles["Caption"])
    _boxed(styles["Question"], look)


def _caption(style: ParagraphStyle) -> None:
    style.font.bold, style.font.size = False, Pt(9)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(8), Pt(4)
    style.paragraph_format.keep_with_next = True


def _boxed(style: ParagraphStyle, look: Look) -> None:
    """On the look's tint, with a line at its left, in one piece."""
    style.paragraph_format.keep_together = True
    made = style.element.get_or_add_pPr()
    borders = _element("w:pBdr")
    borders.append(_element("w:left", val="single", sz="24", space="4", color=look.accent.lstrip("#")))
    made.append(borders)
    made.append(_element("w:shd", val="clear", color="auto", fill=look.tint.lstrip("#")))


def _font(style: ParagraphStyle, name: str) -> None:
    style.font.name = name
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in [one for one in fonts.attrib if one.endswith("Theme")]:
        del fonts.attrib[theme]
    for which in ("w:hAnsi", "w:cs"):
        fonts.set(qn(which), name)


def line(document: Document, style: str) -> Paragraph:
    """An empty paragraph at the end, in the style of this name."""
    made = document.add_paragraph()
    made._p.style = _id(style)
    return made


def in_cell(cell: Any, text: str, lang: str, bold: bool) -> None:
    """The words of a table's cell."""
    (first,) = cell.paragraphs
    first._p.style = _id("Cell")
    say(first, text, lang, bold)


def _id(style: str) -> str:
    # python-docx looks through all styles each time that it is asked for one: half of the time for a report.
    return style.replace(" ", "")


def say(line: Paragraph, text: str, lang: str, bold: bool = False) -> None:
    """Words in a language."""
    run = line.add_run(unbroken(text))
    run.bold = bold or None
    _language(run._r.get_or_add_rPr(), lang)


def _language(properties: Any, lang: str) -> None:
    properties.append(_element("w:lang", val=f"{lang}-{REGION}"))


def table(document: Document, rows: int, parts: Sequence[int], look: Look) -> Table:
    """An empty table whose first row is its header, which stands again at the top of each page; no row is split."""
    made = document.add_table(rows=rows, cols=len(parts), style="Table Grid")
    made.autofit = False
    for grid, width in zip(made._tbl.tblGrid.gridCol_lst, parts, strict=True):
        grid.w = Emu(width)
    for number, row in enumerate(made.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(_element("w:cantSplit", val="true"))
        if number == 0:
            properties.append(_element("w:tblHeader", val="true"))
        for cell, width in zip(row.cells, parts, strict=True):
            cell.width = Emu(width)
            if number == 0:
                shade = _element("w:shd", val="clear", color="auto", fill=look.tint.lstrip("#"))
                cell._tc.get_or_add_tcPr().append(shade)
    return made


def bookmark(line: Paragraph, name: str, number: int) -> None:
    """A place to which links lead; `number` is unique in the file."""
    start = _element("w:bookmarkStart", id=str(number), name=_name(name))
    line._p.insert(1 if line._p.pPr is not None else 0, start)
    line._p.append(_element("w:bookmarkEnd", id=str(number)))


def link(line: Paragraph, text: str, lang: str, name: str) -> None:
    """Words that lead to a bookmark."""
    made = _element("w:hyperlink", anchor=_name(name), history="1")
    run = line.add_run(unbroken(text))
    run.underline = True
    _language(run._r.get_or_add_rPr(), lang)
    made.append(run._r)
    line._p.append(made)


def describe(shape: InlineShape, alt: str) -> None:
    """The text alternative of a picture."""
    about = shape._inline.docPr
    about.set("descr", printable(alt))
    about.set("name", f"Picture {about.get('id')}")


def columns(document: Document, count: int) -> None:
    """What follows stands in so many columns, from here on."""
    begun = document.add_section(WD_SECTION.CONTINUOUS)
    found = begun._sectPr.find(qn("w:cols"))
    if found is None:
        found = _element("w:cols")
        begun._sectPr.append(found)
    found.set(qn("w:num"), str(count))
    found.set(qn("w:space"), str(int(BETWEEN.twips)))


def finish(document: Document, running: str, title: str, foot: str, width: int) -> None:
    """Running heads, what the file is, and page numbers, on each page."""
    for section in document.sections:
        section.header.is_linked_to_previous = section.footer.is_linked_to_previous = True
    first = document.sections[0]
    head, line = first.header.paragraphs[0], first.footer.paragraphs[0]
    head.style = line.style = document.styles["Note"]
    head.paragraph_format.tab_stops.add_tab_stop(Emu(width), WD_TAB_ALIGNMENT.RIGHT)
    head.add_run(printable(f"{running}\t{title}"))
    line.add_run(f"{foot}  ")
    for number, field in enumerate(("PAGE", "NUMPAGES")):
        if number:
            line.add_run(" / ")
        _field(line, field)


def _field(line: Paragraph, code: str) -> None:
    run = line.add_run()
    instruction = _element("w:instrText")
    instruction.text = code
    for one in (
        _element("w:fldChar", fldCharType="begin"), instruction, _element("w:fldChar", fldCharType="separate"),
        _text("1"), _element("w:fldChar", fldCharType="end"),
    ):  # fmt: skip
        run._r.append(one)


def _text(text: str) -> Any:
    made = _element("w:t")
    made.text = text
    return made


def _name(name: str) -> str:
    """A bookmark's name: letters, digits and underscores."""
    return "r_" + re.sub(r"\W", "_", name)[: NAME - 2]


def _element(name: str, /, **attributes: str) -> Any:
    made = OxmlElement(name)
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


__all__ = [
    "LOGO", "PICTURE", "bookmark", "column", "columns", "describe", "finish", "in_cell", "line", "link", "new", "room",
    "say", "shares", "table",
]  # fmt: skip
