"""Two rounds of one exercise in one summary: what was told before the talk and what is told after it, side by side.

Both are released pictures (see `kit.disclosure.rounds`); nothing is worked out here from the two of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from kit.summary import Block, Drawn, Figure, Flow, Gantt, Heading, Matrix, Network, Paragraph, Summary, Table
from kit.texts import say
from kit.typeset import joinable

Line = TypeVar("Line")

_Picture = Drawn | Table
_PICTURES = (Figure, Flow, Matrix, Network, Gantt, Table)


def side_by_side(first: Summary, second: Summary, lang: str) -> Summary:
    """The second round's summary with every picture of the first round beside its own; its words are the second's."""
    earlier = _by_heading(first.blocks)
    blocks: list[Block] = [Paragraph(say(lang, "telling.rounds"), "note")]
    heading = ""
    for block in second.blocks:
        if isinstance(block, Heading):
            heading = block.text
        if isinstance(block, _PICTURES):
            blocks += _pair(_taken(earlier.get(heading, []), block), block, lang)
        else:
            blocks.append(block)
    return replace(second, blocks=tuple(blocks))


def _by_heading(blocks: Sequence[Block]) -> dict[str, list[_Picture]]:
    found: dict[str, list[_Picture]] = {}
    heading = ""
    for block in blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, _PICTURES):
            found.setdefault(heading, []).append(block)
    return found


def _taken(some: list[_Picture], like: _Picture) -> _Picture | None:
    """The first round's picture of the same kind and title, or of the same kind; each is taken once."""
    same = [one for one in some if type(one) is type(like)]
    found = next((one for one in same if one.title == like.title), same[0] if same else None)
    if found is not None:
        some.remove(found)
    return found


def _pair(first: _Picture | None, second: _Picture, lang: str) -> Iterator[Block]:
    if first is None:
        yield _called(second, 2, lang)
    elif isinstance(first, Figure) and isinstance(second, Figure) and _fit(first, second):
        yield _one(first, second, lang)
    elif isinstance(first, Table) and isinstance(second, Table) and _columns(first, second):
        yield _table(first, second, lang)
    else:
        yield _called(first, 1, lang)
        yield _called(second, 2, lang)


def _fit(first: Figure, second: Figure) -> bool:
    """Whether both stand on one scale, so that their rows can be set under each other."""
    scale = [(one.kind, one.tints, one.palette, one.low, one.high) for one in (first, second)]
    return scale[0] == scale[1] and bool(_columns(first.twin, second.twin))


def _columns(first: Table, second: Table) -> tuple[str, ...]:
    """The columns of both, where one table has all that the other has: a round of which less was told has fewer."""
    wide = max(second, first, key=lambda one: len(one.columns)).columns
    there = set(first.columns) | set(second.columns)
    return wide if there == set(wide) and first.columns[0] == second.columns[0] else ()


def _one(first: Figure, second: Figure, lang: str) -> Figure:
    rows = _merged(first.rows, second.rows, lambda row: row.label)
    there = {row.label for row in first.rows}
    below = say(lang, "telling.round_below")
    told = tuple(
        replace(row, label=_label(row.label, n, lang), below=below if n > 1 and row.label in there else "")
        for n, row in rows
    )
    alt = say(lang, "telling.rounds_alt", first=first.alt, second=second.alt)
    return replace(second, rows=told, twin=_table(first.twin, second.twin, lang), alt=alt)


def _table(first: Table, second: Table, lang: str) -> Table:
    columns = _columns(first, second)
    before, now = (_under(columns, one, say(lang, "telling.not_shown")) for one in (first, second))
    rows = tuple((_label(label, n, lang), *cells) for n, (label, *cells) in _merged(before, now, lambda row: row[0]))
    return replace(second, columns=columns, rows=rows)


def _under(columns: Sequence[str], table: Table, untold: str) -> list[Sequence[str]]:
    """The rows of a table under these columns; where it has none, nothing of it was shown."""
    cells = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return [[one.get(column, untold) for column in columns] for one in cells]


def _merged(first: Sequence[Line], second: Sequence[Line], name: Callable[[Line], str]) -> list[tuple[int, Line]]:
    """Row by row the first round above the second one, in the second's order; each with the number of its round."""
    found: list[tuple[int, Line]] = []
    for row in second:
        found += [(1, one) for one in first if name(one) == name(row)]
        found.append((2, row))
    there = {name(row) for row in second}
    return found + [(1, one) for one in first if name(one) not in there]


def _label(label: str, n: int, lang: str) -> str:
    return say(lang, f"telling.round_{n}", label=joinable(label))


def _called(picture: _Picture, n: int, lang: str) -> _Picture:
    return replace(picture, title=_label(picture.title, n, lang))
