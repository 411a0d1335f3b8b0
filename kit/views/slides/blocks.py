"""What a summary's blocks become: words, rows of shares and tables, each on as many slides as it needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeGuard

from kit.figures.pen import TINTS, place_of, tint_of
from kit.summary import Block, Bullets, Figure, Flow, Paragraph, Quotes, Row, Table
from kit.texts import say
from kit.typeset import joinable
from kit.views.slides.stage import ABOVE, GAP, JOINT, LINE, WHOLE, Slide, Space, filled, lines, width

# What a legend's sign takes.
SIGN = 2.2
BAR = 2.1
# Of a choice in a vote, which is a sentence with one bar, what its label has.
VOTED = 30.0
# Letters of words and of tables, the largest that fit.
SIZES = (1.8, 1.6, 1.4, 1.2, 1.0)
# Of a table, what the first column has, and from how many columns on each row is told as a sentence.
FIRST, WIDEST = 0.34, 5
# What a cell keeps free inside, with what a line may lose where a word is too wide.
INSIDE = 2.2

# A share that needs no colour to be told from others.
PLAIN = [TINTS[3].fill, TINTS[3].ink, ""]

# One row of a figure, in each of its languages.
Told = tuple[Row, ...]
# Between what is the same in two languages, on one line.
SAME = " · "
_PARTS = re.compile(r"(?<=[.!?…;]) (?=\S)")


def is_shares(block: Block) -> TypeGuard[Figure]:
    """Whether it is rows of shares on a scale; a vote is not."""
    return isinstance(block, Figure) and block.kind == "stack" and not _is_vote(block)


def runs(blocks: Sequence[Block]) -> list[list[Block]]:
    """What is told together: words one after the other, a picture alone; a vote with the question it leads to."""
    found: list[list[Block]] = []
    for block in blocks:
        asked = isinstance(block, Paragraph) and block.tone == "question"
        if found and ((_is_words(found[-1]) and _said(block)) or (asked and _is_vote(found[-1][-1]))):
            found[-1].append(block)
        else:
            found.append([block])
    return found


def slides_of(run: Sequence[Block], room: float, lang: str, space: Space) -> Iterator[Slide]:
    """The slides of one run, which has so much room in height."""
    block, *others = run
    if _is_words(run):
        yield from _texts([line for one in run for line in _said(one)], room, space)
    elif _is_vote(block):
        # One picture with the question that it leads to.
        ask = next((one.text for one in others if isinstance(one, Paragraph)), "")
        yield from bars({lang: block}, room, replace(space, label=VOTED if space.label else 0), ask)
    elif is_shares(block):
        yield from bars({lang: block}, room, space)
    elif isinstance(block, Flow):
        yield from _flow(block, room, lang, space)
    else:
        table = block if isinstance(block, Table) else getattr(block, "twin", None)
        if table is not None:
            yield from _table(table, room, space)


def _is_words(run: Sequence[Block]) -> bool:
    return bool(_said(run[0]))


def _said(block: Block) -> list[tuple[str, str]]:
    """What is words alone, line by line with its tone."""
    if isinstance(block, Paragraph):
        return [(block.tone, block.text)]
    if isinstance(block, Bullets):
        return [*([("title", block.title)] if block.title else []), *(("item", one) for one in block.items)]
    if isinstance(block, Quotes):
        return [("title", block.title), *(("quote", one) for one in block.items)]
    return []


def _texts(told: Sequence[tuple[str, str]], room: float, space: Space) -> Iterator[Slide]:
    def height(line: tuple[str, str], size: float = 1.0) -> float:
        return lines(line[1], space.wide - 2 * size, size, line[0] in ("title", "question")) * size * LINE + GAP / 2

    def pieces(line: tuple[str, str]) -> Iterator[tuple[str, str]]:
        """What is longer than a slide goes on on the next one, after a sentence or a part of one."""
        if height(line) <= room:
            yield line
            return
        for some in filled([(line[0], one) for one in _PARTS.split(line[1])], room, height):
            yield line[0], " ".join(one for _, one in some)

    for some in filled([piece for line in told for piece in pieces(line)], room, height):

        def whole(size: float, some: Sequence[tuple[str, str]] = some) -> float:
            return sum(height(one, size) for one in some)

        yield {"kind": "text", "lines": [list(one) for one in some], "size": _largest(whole, room, space)}


def _largest(height: Callable[[float], float], room: float, space: Space) -> float:
    """The largest letters in which something has room; what is kept free for lines that break grows with them."""
    kept = WHOLE.high - space.high
    return next((size for size in SIZES if height(size) <= room - kept * (size - 1)), SIZES[-1])


def _is_vote(block: Block) -> TypeGuard[Figure]:
    """Whether each row is one choice with a share of its own, which needs no label beside the row's."""
    labels = (bar.label for row in block.rows for bar in row.bars) if isinstance(block, Figure) else ()
    return isinstance(block, Figure) and block.kind == "stack" and not any(labels)


def bars(figures: Mapping[str, Figure], room: float, space: Space, ask: str = "") -> Iterator[Slide]:
    """Rows of shares, each beside its label or below it; what they lead to (`ask`) stands under the last of them.

    The same figure in several languages is drawn once: what is written stands in each, the shares as in the first.
    """
    lang, *others = figures
    leads, legend = _around(figures)
    free, shown = room - _around_height(leads, legend, ask, space), 0

    def together(told: Sequence[Told]) -> float:
        return sum(_height(one, space) for one in told)

    every: list[Told] = list(zip(*(one.rows for one in figures.values()), strict=True))
    for groups in filled(list(_groups(every, free, together)), free, together):
        rows = [_row(row, figures, lang) for group in groups for row in group]
        shown += len(rows)
        also = {"leadAlso": [[other, figures[other].title] for other in others]} if others and any(leads) else {}
        told = {"lead": leads[0] if leads else "", "legend": legend, "rows": rows, **also}
        layout = {"above": not space.label, "broad": space.label == VOTED}
        yield {"kind": "bars", **told, **layout, **({"ask": ask} if ask and shown == len(every) else {})}


def joint_bars(figures: Mapping[str, Figure], room: float) -> list[Slide]:
    """The same figure in several languages, labels beside their shares or above them, whichever is fewer slides.

    None where one row would be higher than a slide.
    """
    rows: list[Told] = list(zip(*(one.rows for one in figures.values()), strict=True))
    leads, legend = _around(figures)

    def fits(space: Space) -> bool:
        free = room - _around_height(leads, legend, "", space)
        return all(_height(row, space) <= free for row in rows)

    return min((list(bars(figures, room, space)) for space in (JOINT, ABOVE) if fits(space)), key=len, default=[])


def _around(figures: Mapping[str, Figure]) -> tuple[list[str], list[list[Any]]]:
    """A figure's title in each language, and its legend; those of a vote are in its heading and its rows."""
    if any(map(_is_vote, figures.values())):
        return [], []
    return [one.title for one in figures.values()], _legend(figures)


def _around_height(leads: Sequence[str], legend: Sequence[Sequence[Any]], ask: str, space: Space) -> float:
    signs = [SAME.join([label, *(told for _, told in also)]) for label, _, also in legend]
    told = [one for one in (SAME.join(filter(None, leads)), ask) if one]
    high = sum(lines(one, space.wide, bold=True) * LINE + GAP for one in told)
    return high + (_legend_lines(signs, space) * LINE + GAP if legend else 0)


def _legend(figures: Mapping[str, Figure]) -> list[list[Any]]:
    """Each colour with what it stands for, in the order of the bars: in the first language, and in the others."""
    found = [
        {bar.tint: bar.label for row in one.rows for bar in row.bars if bar.percent} for one in figures.values()
    ]
    return [
        [label, _look(tint, next(iter(figures.values()))),
         [[lang, also.get(tint, label)] for lang, also in zip(list(figures)[1:], found[1:], strict=True)]]
        for tint, label in sorted(found[0].items(), key=lambda one: place_of(one[0]))
    ]  # fmt: skip


def _height(told: Told, space: Space) -> float:
    """How high a row is."""
    shares = BAR if told[0].bars else 0
    shares += sum(lines(row.note, space.shares) * LINE for row in told if row.note)
    labels = [row.label for row in told]
    return _beside_label([SAME.join(labels)] if _goes_on(told) else labels, shares, space)


def _goes_on(told: Told) -> bool:
    """Whether the row above says the rest: then its own words stand on one line."""
    return bool(told[0].below) and told[0].label == told[0].below


def _groups(rows: Sequence[Told], room: float, height: Callable[[Sequence[Told]], float]) -> Iterator[list[Told]]:
    """Rows of which one stands below the other, as they are called there; apart where both have no room."""
    whole: list[list[Told]] = []
    for row in rows:
        if row[0].below and whole:
            whole[-1].append(row)
        else:
            whole.append([row])
    for group in whole:
        first, *others = group
        short = [first, *(tuple(replace(one, label=one.below) for one in told) for told in others)]
        if height(short) <= room:
            yield short
        else:
            yield from ([one] for one in group)


def _legend_lines(labels: Sequence[str], space: Space) -> int:
    """On how many lines labels with their signs stand; one that is longer than a line is broken."""
    count, used = 0, space.wide
    for label in labels:
        wide = width(label) + SIGN
        if used + wide > space.wide:
            count, used = count + lines(label, space.wide - SIGN), 0.0
        used += wide
    return count


def _row(told: Told, figures: Mapping[str, Figure], lang: str) -> Slide:
    row, *others = told
    figure = figures[lang]
    shares = [_bar(bar.label, bar.percent, bar.said, _look(bar.tint, figure), lang) for bar in row.bars if bar.percent]
    also = [[other, one.label, one.note] for other, one in zip(list(figures)[1:], others, strict=True)]
    beside = {"also": also, "inline": _goes_on(told)} if also else {}
    return {"label": row.label, "bars": shares, "note": row.note, **beside}


def _bar(label: str, percent: int, said: str, look: list[str], lang: str) -> Slide:
    share = say(lang, "figures.percent", percent=said or percent)
    return {"label": label, "percent": percent, "said": share, "look": look}


def _beside_label(labels: Sequence[str], shares: float, space: Space) -> float:
    high = sum(lines(label, space.label or space.wide) for label in labels) * LINE
    return (max(high, shares) if space.label else high + 0.2 + shares) + GAP


def _look(tint: Any, figure: Figure) -> list[str]:
    """The colour of a share, of its letters, and of the lines on it: "" for none, "|" before them for upright ones."""
    made = tint_of(tint, figure.tints, figure.palette)
    return [made.fill, made.ink, f"{'|' if made.upright else ''}{made.lines}"]


def _flow(figure: Flow, room: float, lang: str, space: Space) -> Iterator[Slide]:
    """From each place, where people went on to: a row for each way, as long as its share."""
    for start in dict.fromkeys(link.start for link in figure.links):
        rows: list[Slide] = [
            {"label": link.end, "bars": [_bar("", link.percent, link.said, PLAIN, lang)], "note": ""}
            for link in figure.links
            if link.start == start
        ]
        above = lines(start, space.wide, bold=True) * LINE + GAP
        for some in filled(rows, room - above, lambda row: _beside_label([row["label"]], BAR, space)):
            yield {"kind": "bars", "lead": start, "legend": [], "rows": list(some), "above": not space.label}


def _table(table: Table, room: float, space: Space) -> Iterator[Slide]:
    rest = space.wide * (1 - FIRST) / max(len(table.columns) - 1, 1)
    widths = [space.wide * (FIRST if len(table.columns) > 1 else 1), *[rest] * (len(table.columns) - 1)]

    def height(cells: Iterable[str], head: bool = False, size: float = 1.0) -> float:
        told = enumerate(zip(cells, widths, strict=False))
        most = max(lines(cell, wide - INSIDE * size, size, head or at == 0) for at, (cell, wide) in told)
        return (most * LINE + GAP) * size

    most = WIDEST if space is WHOLE else 2
    if len(table.columns) > most or height(table.columns, True) > room / 4:
        told = [("title", table.title), *(("item", _as_sentence(table, row)) for row in table.rows)]
        yield from _texts(told, room, space)
        return
    above = lines(table.title, space.wide, bold=True) * LINE + GAP
    for rows in filled(table.rows, room - above - height(table.columns, True), height):

        def whole(size: float, rows: Sequence[Sequence[str]] = rows) -> float:
            return height(table.columns, True, size) + sum(height(row, size=size) for row in rows)

        cells = {"columns": list(table.columns), "rows": [list(row) for row in rows]}
        yield {"kind": "table", "lead": table.title, **cells, "size": _largest(whole, room - above, space)}


def _as_sentence(table: Table, row: Sequence[str]) -> str:
    cells = zip(table.columns[1:], row[1:], strict=False)
    return f"{joinable(row[0])}: " + "; ".join(f"{column}: {cell}" for column, cell in cells)
