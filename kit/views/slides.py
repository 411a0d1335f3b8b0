"""A result as slides: one message each, set so that the back row of a room reads every word.

What a room said comes first, a finding to each slide; then what the summary tells, part by part, each as much as fits.
How much fits is worked out here, once, from letters that are wider than a screen's own: so every wall, console and
phone has the same slides, and the trainer's "3 of 12" is everybody's. All lengths are in heights of the wall's letters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from kit.figures.pen import TINTS, text_width, tint_of
from kit.findings import Finding
from kit.summary import Block, Bullets, Figure, Flow, Heading, Paragraph, Quotes, Row, Summary, Table
from kit.texts import say

# The stage is as wide and as high as this (see desk.css), its letters 1 high; a heading's are larger.
WIDE, HIGH = 48.0, 18.8
LINE, HEADING = 1.35, 1.4
# Of a row with bars, what its label has; what stands between two rows; what a legend's sign takes.
LABEL, GAP, SIGN = 19.0, 0.7, 2.2
BAR = 2.1
# A finding's letters, the largest that fit; its question's.
SIZES, ASKED = (2.2, 1.8, 1.5, 1.2), 1.3
# How much wider bold letters are.
BOLD = 1.13
# Between two words; how much of a line is full where a word is broken.
SPACE, BROKEN = 0.32, 0.9
# Of a table, what the first column has, and from how many columns on each row is told as a sentence.
FIRST, WIDEST = 0.34, 5
# What a cell keeps free inside, with what a line may lose where a word is too wide.
INSIDE = 2.2

# A share that needs no colour to be told from others.
PLAIN = [TINTS[3].fill, TINTS[3].ink, ""]

Slide = dict[str, Any]
_EMBEDDED = re.compile(r'<script type="application/json" class="kit-slides">(.*?)</script>', re.DOTALL)


def slides(summary: Summary, findings: Sequence[Finding], lang: str) -> list[Slide]:
    """All slides of a result, in order; what a report has in its appendix comes last."""
    found: list[Slide] = [_finding(one) for one in findings]
    parts = list(_parts(summary))
    for wanted in (False, True):
        for heading, detail, blocks in parts:
            if detail is wanted:
                found += _numbered(heading, list(_of_part(blocks, heading, lang)))
    return found


def embedded(found: Sequence[Slide]) -> str:
    """The slides as data that stands in a result's HTML, where the scripts of the pages find it."""
    told = json.dumps(found, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" class="kit-slides">{told}</script>'


def slides_in(told: str) -> list[Slide]:
    """The slides in a result's HTML; none in one that an earlier version has made."""
    found = _EMBEDDED.search(told)
    made: list[Slide] = json.loads(found[1]) if found else []
    return made


def _parts(summary: Summary) -> Iterator[tuple[str, bool, list[Block]]]:
    """The blocks below each heading, and whether they are details."""
    heading, detail, blocks = summary.title, False, list[Block]()
    for block in summary.blocks:
        if isinstance(block, Heading):
            if blocks:
                yield heading, detail, blocks
            heading, detail, blocks = block.text, block.detail, []
        else:
            blocks.append(block)
    if blocks:
        yield heading, detail, blocks


def _numbered(heading: str, found: list[Slide]) -> list[Slide]:
    """The slides of one part under its heading, which says how many they are."""
    many = len(found) > 1
    return [
        {**one, "title": f"{heading} ({number}/{len(found)})" if many else heading}
        for number, one in enumerate(found, 1)
    ]


def _finding(one: Finding) -> Slide:
    """A sentence in letters as large as the stage has room for."""
    for size in SIZES:
        asked = _lines(one.question, WIDE, ASKED) * ASKED * LINE + 2
        if _lines(one.statement, WIDE, size, True) * size * LINE + asked <= HIGH:
            break
    return {"kind": "finding", "text": one.statement, "ask": one.question, "size": size}


def _of_part(blocks: Sequence[Block], heading: str, lang: str) -> Iterator[Slide]:
    room = HIGH - _lines(heading + " (88/88)", WIDE, HEADING, True) * HEADING * LINE - GAP
    lines: list[tuple[str, str]] = []
    for block in blocks:
        said = _said(block)
        if said:
            lines += said
            continue
        yield from _texts(lines, room)
        lines = []
        if isinstance(block, Figure) and block.kind == "stack":
            yield from _bars(block, room, lang)
        elif isinstance(block, Flow):
            yield from _flow(block, room, lang)
        else:
            table = block if isinstance(block, Table) else getattr(block, "twin", None)
            if table is not None:
                yield from _table(table, room)
    yield from _texts(lines, room)


def _said(block: Block) -> list[tuple[str, str]]:
    """What is words alone, line by line with its tone."""
    if isinstance(block, Paragraph):
        return [(block.tone, block.text)]
    if isinstance(block, Bullets):
        return [*([("title", block.title)] if block.title else []), *(("item", one) for one in block.items)]
    if isinstance(block, Quotes):
        return [("title", block.title), *(("quote", one) for one in block.items)]
    return []


def _texts(lines: Sequence[tuple[str, str]], room: float) -> Iterator[Slide]:
    for some in _filled(lines, room, _text_height):
        yield {"kind": "text", "lines": [list(one) for one in some]}


def _text_height(line: tuple[str, str]) -> float:
    return _lines(line[1], WIDE - 2, bold=line[0] in ("title", "question")) * LINE + GAP / 2


def _bars(figure: Figure, room: float, lang: str) -> Iterator[Slide]:
    """Rows of shares, each beside its label."""
    looks = {(bar.label, bar.tint): _look(bar.tint, figure) for row in figure.rows for bar in row.bars if bar.percent}
    legend = [[label, look] for (label, _), look in sorted(looks.items(), key=lambda one: str(one[0][1]))]
    wide = sum(_width(str(label)) + SIGN for label, _ in legend)
    above = _lines(figure.title, WIDE, bold=True) * LINE + GAP
    above += (int(wide / WIDE) + 1) * LINE + GAP if legend else 0
    for rows in _filled(figure.rows, room - above, _row_height):
        told = [_row(row, figure, lang) for row in rows]
        yield {"kind": "bars", "lead": figure.title, "legend": legend, "rows": told}


def _row(row: Row, figure: Figure, lang: str) -> Slide:
    bars = [_bar(bar.label, bar.percent, bar.said, _look(bar.tint, figure), lang) for bar in row.bars if bar.percent]
    return {"label": row.label, "bars": bars, "note": row.note}


def _bar(label: str, percent: int, said: str, look: list[str], lang: str) -> Slide:
    share = say(lang, "figures.percent", percent=said or percent)
    return {"label": label, "percent": percent, "said": share, "look": look}


def _row_height(row: Row) -> float:
    label = _lines(row.label, LABEL) * LINE
    note = _lines(row.note, WIDE - LABEL - 1) * LINE if row.note else 0
    return max(label, (BAR if row.bars else 0) + note) + GAP


def _look(tint: Any, figure: Figure) -> list[str]:
    """The colour of a share, of its letters, and of the lines on it: "" for none, "|" before them for upright ones."""
    made = tint_of(tint, figure.tints, figure.palette)
    return [made.fill, made.ink, f"{'|' if made.upright else ''}{made.lines}"]


def _flow(figure: Flow, room: float, lang: str) -> Iterator[Slide]:
    """From each place, where people went on to: a row for each way, as long as its share."""
    for start in dict.fromkeys(link.start for link in figure.links):
        rows = [
            {"label": link.end, "bars": [_bar("", link.percent, link.said, PLAIN, lang)], "note": ""}
            for link in figure.links
            if link.start == start
        ]
        above = _lines(start, WIDE, bold=True) * LINE + GAP
        for some in _filled(rows, room - above, lambda row: max(_lines(row["label"], LABEL) * LINE, BAR) + GAP):
            yield {"kind": "bars", "lead": start, "legend": [], "rows": list(some)}


def _table(table: Table, room: float) -> Iterator[Slide]:
    rest = WIDE * (1 - FIRST) / max(len(table.columns) - 1, 1)
    widths = [WIDE * FIRST if len(table.columns) > 1 else WIDE, *[rest] * (len(table.columns) - 1)]

    def height(cells: Iterable[str], head: bool = False) -> float:
        told = enumerate(zip(cells, widths, strict=False))
        return max(_lines(cell, wide - INSIDE, bold=head or at == 0) for at, (cell, wide) in told) * LINE + GAP

    if len(table.columns) > WIDEST or height(table.columns, True) > room / 4:
        yield from _texts([("title", table.title), *(("item", _as_sentence(table, row)) for row in table.rows)], room)
        return
    above = _lines(table.title, WIDE, bold=True) * LINE + GAP + height(table.columns, True)
    for rows in _filled(table.rows, room - above, height):
        told = {"columns": list(table.columns), "rows": [list(row) for row in rows]}
        yield {"kind": "table", "lead": table.title, **told}


def _as_sentence(table: Table, row: Sequence[str]) -> str:
    cells = zip(table.columns[1:], row[1:], strict=False)
    return f"{row[0]}: " + "; ".join(f"{column}: {cell}" for column, cell in cells)


def _filled(things: Sequence[Any], room: float, height: Any) -> Iterator[list[Any]]:
    """The things in order, as many together as have room; one that is higher than that stands alone."""
    some: list[Any] = []
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


def _lines(text: str, room: float, size: float = 1.0, bold: bool = False) -> int:
    """On how many lines a text stands; a word that is wider than the room is broken."""
    times = size * (BOLD if bold else 1)
    lines, used = 1, 0.0
    for word in text.split(" "):
        wide = _width(word) * times
        if used and used + SPACE * times + wide > room:
            lines, used = lines + 1, 0.0
        used += (SPACE * times if used else 0) + wide
        while used > room:
            lines, used = lines + 1, used - BROKEN * room
    return lines


def _width(text: str) -> float:
    return sum(map(letter_width, text))


@cache
def letter_width(sign: str) -> float:
    """How wide one sign is. Words are never measured as a whole: what is measured stays in memory, and somebody's text
    must not, once it is erased."""
    return text_width(sign, 10.0) / 10
