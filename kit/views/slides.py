"""A result as slides: one message each, set so that the back row of a room reads every word.

What a room said comes first, a finding to each slide; then what the summary tells, part by part, each as much as fits.
How much fits is worked out here, once, from letters that are wider than a screen's own: so every wall, console and
phone has the same slides, and the trainer's "3 of 12" is everybody's. All lengths are in heights of the wall's letters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from kit.figures.pen import TINTS, text_width, tint_of
from kit.findings import Finding
from kit.summary import Block, Bullets, Figure, Flow, Heading, Paragraph, Quotes, Row, Summary, Table
from kit.texts import say
from kit.typeset import joinable

# The stage is as wide and as high as this (see desk.css), its letters 1 high; a heading's are larger.
WIDE, HIGH = 48.0, 18.8
LINE, HEADING = 1.35, 1.4
# Of a row with bars, what its label has; what stands between two rows; what a legend's sign takes.
LABEL, GAP, SIGN = 19.0, 0.7, 2.2
BAR = 2.1
# The same of a choice in a vote, which is a sentence with one bar.
VOTED = 30.0
# A finding's letters, the largest that fit; its question's.
SIZES, ASKED = (2.2, 1.8, 1.5, 1.2), 1.3
# Those of a scene with its choices; where even the last of them do not fit, the choices have a slide of their own.
SCENE, APART, LEAST = (1.8, 1.6, 1.45, 1.3, 1.15), (2.2, 2.0, 1.8, 1.65, 1.5, 1.4, 1.3, 1.2, 1.1, 1.0), 1.0
# What the letter before a choice takes.
LETTER = 2.0
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
_PARTS = re.compile(r"(?<=[.!?…;]) (?=\S)")
_SENTENCES = re.compile(r"(?<=[.!?…]) (?=\S)")
_LETTERED = re.compile(r"([A-Z])\. (.+)", re.DOTALL)


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
_EMBEDDED = re.compile(r'<script type="application/json" class="kit-slides">(.*?)</script>', re.DOTALL)


def slides(summary: Summary, findings: Sequence[Finding], lang: str) -> list[Slide]:
    """All slides of a result, in order; what a report has in its appendix comes last."""
    return [one for part in _all(summary, findings, lang, WHOLE) for one in part]


def side_by_side(told: Mapping[str, tuple[Summary, Sequence[Finding]]]) -> list[Slide]:
    """The same result in several languages, part by part beside each other; whoever has said all waits for the rest."""
    return _beside({lang: list(_all(summary, found, lang, HALF)) for lang, (summary, found) in told.items()})


def scene(told: Mapping[str, tuple[Summary, str]]) -> list[Slide]:
    """A place where the room is together, in one language or several, each with the way that has led there."""
    if len(told) > 1:
        return _beside({lang: [list(_scene(summary, way, HALF))] for lang, (summary, way) in told.items()})
    return [one for summary, way in told.values() for one in _scene(summary, way, WHOLE)]


def _beside(told: Mapping[str, list[list[Slide]]]) -> list[Slide]:
    made = []
    for parts in zip(*told.values(), strict=False):
        for at in range(max(map(len, parts))):
            sides = [[lang, part[min(at, len(part) - 1)]] for lang, part in zip(told, parts, strict=True) if part]
            made.append({"kind": "both", "sides": sides, "part": next((one.get("part", "") for _, one in sides), "")})
    return made


def _all(summary: Summary, findings: Sequence[Finding], lang: str, space: Space) -> Iterator[list[Slide]]:
    """The slides, those of one part together."""
    for one in findings:
        yield [_finding(one, space)]
    parts = list(_parts(summary))
    for wanted in (False, True):
        for heading, blocks in parts:
            if heading.detail is wanted:
                yield _numbered(heading, list(_of_part(blocks, heading.text, lang, space)))


def _scene(summary: Summary, way: str, space: Space) -> Iterator[Slide]:
    """The scene with its lettered choices, in the largest letters that fit; else each on a slide of its own."""
    text = next((one.text for one in summary.blocks if isinstance(one, Paragraph) and one.tone == "plain"), "")
    ask = next((one.text for one in summary.blocks if isinstance(one, Paragraph) and one.tone == "question"), "")
    lead, options = next(
        ((one.title, [_letter_of(item) for item in one.items]) for one in summary.blocks if isinstance(one, Bullets)),
        ("", []),
    )
    room = space.high - _lines(summary.title, space.wide, HEADING, True) * HEADING * LINE - GAP
    room -= LINE + GAP if way else 0

    def size(sizes: Sequence[float], *parts: Mapping[str, Any]) -> float:
        fits = (one for one in sizes if sum(_scene_height(part, one, space) for part in parts) <= room)
        return next(fits, 0.0)

    told, choices = {"text": text, "ask": ask}, {"lead": lead, "options": options}
    common = {"kind": "scene", "title": summary.title, "way": way}
    if fits := size(SCENE, told, choices):
        yield {**common, **told, **choices, "size": fits}
        return
    nothing = {"text": "", "ask": "", "lead": "", "options": []}
    for part in (told, choices):
        if fits := size(APART, part):
            yield {**common, **nothing, **part, "size": fits}
            continue
        for some in _apart(part, room, space):
            yield {**common, **nothing, **some, "size": LEAST}


def _apart(part: Mapping[str, Any], room: float, space: Space) -> Iterator[Slide]:
    """A part of a scene that is too long for one slide: sentence by sentence, or choice by choice."""
    if options := part.get("options"):
        lead = _scene_height({"lead": part["lead"]}, LEAST, space)
        for some in _filled(options, room - lead, lambda one: _scene_height({"options": [one]}, LEAST, space)):
            yield {"lead": part["lead"], "options": some}
        return
    lines = [{"text": one} for one in _SENTENCES.split(part["text"])] + [{"ask": part["ask"]}] * bool(part["ask"])
    for some in _filled(lines, room, lambda one: _scene_height(one, LEAST, space) - GAP):
        told = " ".join(one["text"] for one in some if "text" in one)
        yield {"text": told, "ask": next((one["ask"] for one in some if "ask" in one), "")}


def _scene_height(part: Mapping[str, Any], size: float, space: Space) -> float:
    words = [(part.get("text", ""), False), (part.get("lead", ""), True), (part.get("ask", ""), True)]
    high = sum(_lines(one, space.wide, size, bold) * size * LINE + GAP for one, bold in words if one)
    rows = [_lines(text, space.wide - LETTER * size - 1.5, size) * size * LINE for _, text in part.get("options", ())]
    return high + sum(row + 2 * GAP for row in rows)


def _letter_of(told: str) -> tuple[str, str]:
    found = _LETTERED.fullmatch(told)
    return (found[1], found[2]) if found else ("", told)


def embedded(found: Sequence[Slide]) -> str:
    """The slides as data that stands in a result's HTML, where the scripts of the pages find it."""
    told = json.dumps(found, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" class="kit-slides">{told}</script>'


def slides_in(told: str) -> list[Slide]:
    """The slides in a result's HTML; none in one that an earlier version has made."""
    found = _EMBEDDED.search(told)
    made: list[Slide] = json.loads(found[1]) if found else []
    return made


def _parts(summary: Summary) -> Iterator[tuple[Heading, list[Block]]]:
    """The blocks below each heading."""
    heading, blocks = Heading(summary.title), list[Block]()
    for block in summary.blocks:
        if isinstance(block, Heading):
            if blocks:
                yield heading, blocks
            heading, blocks = block, []
        else:
            blocks.append(block)
    if blocks:
        yield heading, blocks


def _numbered(heading: Heading, found: list[Slide]) -> list[Slide]:
    """The slides of one part under its heading, which says how many they are."""
    many = len(found) > 1
    part = {"part": heading.id} if heading.id else {}
    return [
        {**one, "title": f"{joinable(heading.text)} ({number}/{len(found)})" if many else heading.text, **part}
        for number, one in enumerate(found, 1)
    ]


def _finding(one: Finding, space: Space) -> Slide:
    """A sentence in letters as large as the stage has room for."""
    for size in SIZES:
        asked = _lines(one.question, space.wide, ASKED) * ASKED * LINE + 2
        if _lines(one.statement, space.wide, size, True) * size * LINE + asked <= space.high:
            break
    return {"kind": "finding", "text": one.statement, "ask": one.question, "size": size}


def _of_part(blocks: Sequence[Block], heading: str, lang: str, space: Space) -> Iterator[Slide]:
    room = space.high - _lines(heading + " (88/88)", space.wide, HEADING, True) * HEADING * LINE - GAP
    lines: list[tuple[str, str]] = []
    asked = None
    for block, after in zip(blocks, (*blocks[1:], None), strict=True):
        said = _said(block)
        if block is asked:
            continue
        if said:
            lines += said
            continue
        yield from _texts(lines, room, space)
        lines = []
        if isinstance(block, Figure) and _is_vote(block):
            # One picture with the question that it leads to.
            asked = after if isinstance(after, Paragraph) and after.tone == "question" else None
            wide = replace(space, label=VOTED if space.label else 0)
            yield from _bars(block, room, lang, wide, asked.text if asked else "")
        elif isinstance(block, Figure) and block.kind == "stack":
            yield from _bars(block, room, lang, space)
        elif isinstance(block, Flow):
            yield from _flow(block, room, lang, space)
        else:
            table = block if isinstance(block, Table) else getattr(block, "twin", None)
            if table is not None:
                yield from _table(table, room, space)
    yield from _texts(lines, room, space)


def _said(block: Block) -> list[tuple[str, str]]:
    """What is words alone, line by line with its tone."""
    if isinstance(block, Paragraph):
        return [(block.tone, block.text)]
    if isinstance(block, Bullets):
        return [*([("title", block.title)] if block.title else []), *(("item", one) for one in block.items)]
    if isinstance(block, Quotes):
        return [("title", block.title), *(("quote", one) for one in block.items)]
    return []


def _texts(lines: Sequence[tuple[str, str]], room: float, space: Space) -> Iterator[Slide]:
    def height(line: tuple[str, str]) -> float:
        return _lines(line[1], space.wide - 2, bold=line[0] in ("title", "question")) * LINE + GAP / 2

    def pieces(line: tuple[str, str]) -> Iterator[tuple[str, str]]:
        """What is longer than a slide goes on on the next one, after a sentence or a part of one."""
        if height(line) <= room:
            yield line
            return
        for some in _filled([(line[0], one) for one in _PARTS.split(line[1])], room, height):
            yield line[0], " ".join(one for _, one in some)

    for some in _filled([piece for line in lines for piece in pieces(line)], room, height):
        yield {"kind": "text", "lines": [list(one) for one in some]}


def _is_vote(figure: Figure) -> bool:
    """Whether each row is one choice with a share of its own, which needs no label beside the row's."""
    return figure.kind == "stack" and not any(bar.label for row in figure.rows for bar in row.bars)


def _bars(figure: Figure, room: float, lang: str, space: Space, ask: str = "") -> Iterator[Slide]:
    """Rows of shares, each beside its label or below it; what they lead to (`ask`) stands under the last of them."""
    looks = {(bar.label, bar.tint): _look(bar.tint, figure) for row in figure.rows for bar in row.bars if bar.percent}
    legend = [[label, look] for (label, _), look in sorted(looks.items(), key=lambda one: str(one[0][1]))]
    above = _lines(figure.title, space.wide, bold=True) * LINE + GAP
    lead = figure.title
    if _is_vote(figure):
        # Its title is the heading's.
        lead, legend, above = "", [], 0.0
    above += _legend_lines([str(label) for label, _ in legend], space) * LINE + GAP if legend else 0
    below = _lines(ask, space.wide, bold=True) * LINE + GAP if ask else 0

    def height(row: Row) -> float:
        note = _lines(row.note, space.shares) * LINE if row.note else 0
        return _beside_label(row.label, (BAR if row.bars else 0) + note, space)

    def together(rows: Sequence[Row]) -> float:
        return sum(map(height, rows))

    free, shown = room - above - below, 0
    for groups in _filled(list(_groups(figure.rows, free, together)), free, together):
        rows = [row for group in groups for row in group]
        told = [_row(row, figure, lang) for row in rows]
        shown += len(rows)
        last = {"ask": ask} if ask and shown == len(figure.rows) else {}
        layout = {"above": not space.label, "broad": space.label == VOTED}
        yield {"kind": "bars", "lead": lead, "legend": legend, "rows": told, **layout, **last}


def _groups(rows: Sequence[Row], room: float, height: Callable[[Sequence[Row]], float]) -> Iterator[list[Row]]:
    """Rows of which one stands below the other, as they are called there; apart where both have no room."""
    whole: list[list[Row]] = []
    for row in rows:
        if row.below and whole:
            whole[-1].append(row)
        else:
            whole.append([row])
    for group in whole:
        first, *others = group
        short = [first, *(replace(one, label=one.below) for one in others)]
        if height(short) <= room:
            yield short
        else:
            yield from ([one] for one in group)


def _legend_lines(labels: Sequence[str], space: Space) -> int:
    """On how many lines labels with their signs stand; one that is longer than a line is broken."""
    lines, used = 0, space.wide
    for label in labels:
        wide = _width(label) + SIGN
        if used + wide > space.wide:
            lines, used = lines + _lines(label, space.wide - SIGN), 0.0
        used += wide
    return lines


def _row(row: Row, figure: Figure, lang: str) -> Slide:
    bars = [_bar(bar.label, bar.percent, bar.said, _look(bar.tint, figure), lang) for bar in row.bars if bar.percent]
    return {"label": row.label, "bars": bars, "note": row.note}


def _bar(label: str, percent: int, said: str, look: list[str], lang: str) -> Slide:
    share = say(lang, "figures.percent", percent=said or percent)
    return {"label": label, "percent": percent, "said": share, "look": look}


def _beside_label(label: str, shares: float, space: Space) -> float:
    """How high a row is."""
    high = _lines(label, space.label or space.wide) * LINE
    return (max(high, shares) if space.label else high + 0.2 + shares) + GAP


def _look(tint: Any, figure: Figure) -> list[str]:
    """The colour of a share, of its letters, and of the lines on it: "" for none, "|" before them for upright ones."""
    made = tint_of(tint, figure.tints, figure.palette)
    return [made.fill, made.ink, f"{'|' if made.upright else ''}{made.lines}"]


def _flow(figure: Flow, room: float, lang: str, space: Space) -> Iterator[Slide]:
    """From each place, where people went on to: a row for each way, as long as its share."""
    for start in dict.fromkeys(link.start for link in figure.links):
        rows = [
            {"label": link.end, "bars": [_bar("", link.percent, link.said, PLAIN, lang)], "note": ""}
            for link in figure.links
            if link.start == start
        ]
        above = _lines(start, space.wide, bold=True) * LINE + GAP
        for some in _filled(rows, room - above, lambda row: _beside_label(row["label"], BAR, space)):
            yield {"kind": "bars", "lead": start, "legend": [], "rows": list(some), "above": not space.label}


def _table(table: Table, room: float, space: Space) -> Iterator[Slide]:
    rest = space.wide * (1 - FIRST) / max(len(table.columns) - 1, 1)
    widths = [space.wide * (FIRST if len(table.columns) > 1 else 1), *[rest] * (len(table.columns) - 1)]

    def height(cells: Iterable[str], head: bool = False) -> float:
        told = enumerate(zip(cells, widths, strict=False))
        return max(_lines(cell, wide - INSIDE, bold=head or at == 0) for at, (cell, wide) in told) * LINE + GAP

    most = WIDEST if space is WHOLE else 2
    if len(table.columns) > most or height(table.columns, True) > room / 4:
        lines = [("title", table.title), *(("item", _as_sentence(table, row)) for row in table.rows)]
        yield from _texts(lines, room, space)
        return
    above = _lines(table.title, space.wide, bold=True) * LINE + GAP + height(table.columns, True)
    for rows in _filled(table.rows, room - above, height):
        told = {"columns": list(table.columns), "rows": [list(row) for row in rows]}
        yield {"kind": "table", "lead": table.title, **told}


def _as_sentence(table: Table, row: Sequence[str]) -> str:
    cells = zip(table.columns[1:], row[1:], strict=False)
    return f"{joinable(row[0])}: " + "; ".join(f"{column}: {cell}" for column, cell in cells)


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
