"""Rooms as numbers of people in cells, what is told of each, and what all rooms behind one picture prove.

A cell is an answer (or none); in a room with groups, an answer of a group. `proofs` is what a reader, or up to two who
also know their own answers, can be sure of:

- that all others gave one answer;
- that fewer than three of the others could have answered otherwise than some did; for two on a sensitive item only;
- of any answers together, how many of the others gave them, or only that these are 1 to k - 1.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, combinations_with_replacement
from typing import Any

import numpy as np

from kit.disclosure import ItemRelease, Release, deduction, groups, making, release, steps, tables
from kit.exercise import Exercise, Question
from kit.session import Mode, Response, Sector

AGREE = ("no2", "no1", "mid", "yes1", "yes2")
RATED = Question("x", AGREE, ("dk",), ordered=True)
TOUCHY = replace(RATED, sensitive=True)
PLAIN = Question("x", ("strength", "growth"))
PRACTICE = replace(PLAIN, apart=("unsure",))
DIVIDED = Question("x", ("need", "neither", "offer"), ordered=True, compare=True)
AGREED = Question("x", ("to_discuss", "agreed"), ordered=True, compare=True)
SKIPPED = "skipped"
ALLIES = 2
Rooms = np.ndarray[Any, Any]
Cells = tuple[int, ...]


@dataclass(frozen=True)
class Proof:
    """Something that all rooms behind a picture agree on. `allies` are the cells of those who compare notes."""

    picture: Hashable
    allies: Cells
    what: str
    cells: Cells
    low: int
    high: int


@cache
def compositions(n: int, cells: int) -> Rooms:
    """Every way in which n people can stand in so many cells: one row each."""
    if cells == 1:
        return np.array([[n]], dtype=np.int16)
    parts = [np.insert(compositions(n - first, cells - 1), 0, first, axis=1) for first in range(n + 1)]
    return np.vstack(parts)


def answers_of(question: Question) -> tuple[str, ...]:
    """What somebody can say to an item, or not say."""
    return (*question.options, *question.apart, SKIPPED)


def responses(question: Question, room: Iterable[int], sector: Sector = Sector.OTHER, start: int = 0) -> list[Response]:
    """The people of a room. Everyone took part, also who skipped this item."""
    said = [one for one, count in zip(answers_of(question), room, strict=True) for _ in range(count)]
    return [
        Response(f"{start + n:04}", sector, {"took": "part"} | ({} if one == SKIPPED else {question.item: one}))
        for n, one in enumerate(said)
    ]


def item_of(question: Question, room: Iterable[int], k: int) -> ItemRelease:
    made = release("audit", (question,), responses(question, room), k, Mode.ANONYMOUS).release
    return made.items.get(question.item) or ItemRelease(question.item)


def of_item(question: Question, n: int, k: int) -> list[Proof]:
    """What is proven in all rooms of n people who were asked one question."""
    found = pictures(compositions(n, len(answers_of(question))), lambda room: repr(item_of(question, room, k)))
    return list(proofs(found, k, question))


def released(model: Exercise, people: Sequence[Response], k: int = 5) -> Release:
    """What is released of a room, of everything that the exercise can ask."""
    lenses = tuple(lens.id for lens in model.structure.lenses)
    asked, traits = model.questions(lenses), model.traits(lenses)
    return release(model.slug, asked, people, k, Mode.ANONYMOUS, None, None, traits).release


def teller(model: Exercise, question: Question, k: int, lenses: tuple[str, ...]) -> Callable[[tuple[int, ...]], str]:
    """What the exercise's own summary says of a room, in every language, all other items being skipped."""
    from kit.summaries import summary
    from kit.texts import languages

    asked, traits = model.questions(lenses), model.traits(lenses)
    told: dict[str, str] = {}

    def tell(room: tuple[int, ...]) -> str:
        made = release(model.slug, asked, responses(question, room), k, Mode.ANONYMOUS, None, None, traits).release
        key = repr(made)
        if key not in told:
            told[key] = repr([summary(made, lang, lenses) for lang in languages()])
        return told[key]

    return tell


def pictures(rooms: Rooms, tell: Callable[[tuple[int, ...]], Hashable]) -> dict[Hashable, Rooms]:
    """Rooms by what is told of them."""
    found: dict[Hashable, list[int]] = {}
    for at, room in enumerate(rooms):
        found.setdefault(tell(tuple(map(int, room))), []).append(at)
    return {picture: rooms[places] for picture, places in found.items()}


def proofs(
    found: dict[Hashable, Rooms],
    k: int,
    question: Question,
    counted: Sequence[Cells] | None = None,
    spared: Sequence[tuple[Cells, Cells]] | None = None,
) -> Iterator[Proof]:
    """All that is proven.

    counted  the sums of cells to look at (otherwise all but the skipped ones alone)
    spared   of which people it must stay open for how many who gave some answers, by their cells; otherwise of all
             people, for any answers
    """
    for picture, rooms in found.items():
        cells = rooms.shape[1]
        sums = tuple(counted) if counted is not None else _sums(cells)
        every = rooms.astype(np.float32) @ _inside(cells, sums)
        among = spared if spared is not None else _of_all(cells, sums)
        for allies in _allies(cells):
            taken = np.bincount(np.array(allies, dtype=int), minlength=cells)
            fits = (rooms >= taken).all(axis=1)
            if fits.any():
                others, gone = rooms[fits] - taken, taken @ _inside(cells, sums)
                low, high = every[fits].min(axis=0) - gone, every[fits].max(axis=0) - gone
                yield from _alike(picture, allies, others)
                yield from _few_others(picture, allies, others, question, among)
                for at in ((low >= 1) & (high < k)).nonzero()[0]:
                    yield Proof(picture, allies, "count", sums[at], int(low[at]), int(high[at]))


def _alike(picture: Hashable, allies: Cells, others: Rooms) -> Iterator[Proof]:
    """That all others gave one answer."""
    people = int(others[0].sum())
    for cell, fewest in enumerate(others[:, :-1].min(axis=0)):
        if people and fewest == people:
            yield Proof(picture, allies, "all", (cell,), people, people)


def _few_others(
    picture: Hashable, allies: Cells, others: Rooms, question: Question, among: Sequence[tuple[Cells, Cells]]
) -> Iterator[Proof]:
    """That so many of some people gave these answers that fewer than three could have answered otherwise: to readers,
    and on a sensitive item also to two who compare their answers."""
    if len(allies) != (ALLIES if question.sensitive else 0):
        return
    for people, told in among:
        size = int(others[0, people].sum())
        fewest = int(others[:, told].sum(axis=1).min())
        if fewest and size - fewest < steps.SPARE:
            yield Proof(picture, allies, "few others", told, fewest, size)


@cache
def _sums(cells: int) -> tuple[Cells, ...]:
    every = (some for n in range(1, cells) for some in combinations(range(cells), n))
    return tuple(some for some in every if some != (cells - 1,))


@cache
def _inside(cells: int, sums: tuple[Cells, ...]) -> Rooms:
    return np.array([[cell in some for some in sums] for cell in range(cells)], dtype=np.float32)


@cache
def _of_all(cells: int, sums: tuple[Cells, ...]) -> tuple[tuple[Cells, Cells], ...]:
    everyone = tuple(range(cells))
    return tuple((everyone, some) for some in sums if cells - 1 not in some)


@cache
def _allies(cells: int) -> tuple[Cells, ...]:
    """All ways in which nobody, one or two who compare notes can stand in so many cells."""
    return tuple(some for n in range(ALLIES + 1) for some in combinations_with_replacement(range(cells), n))


def forget_tables() -> None:
    """After a rule was changed: nothing that was worked out before holds."""
    cached_there = (
        steps.steps, tables.told, tables.behind, tables.taken_back, groups._held_back, groups._is_open,
        deduction.known_of, deduction.ways_of, deduction._variants,
    )  # fmt: skip
    for cached in cached_there:
        cached.cache_clear()


__all__ = [
    "AGREE", "AGREED", "DIVIDED", "PLAIN", "PRACTICE", "RATED", "SKIPPED", "TOUCHY", "Cells", "Proof", "answers_of",
    "compositions", "forget_tables", "item_of", "making", "of_item", "pictures", "proofs", "released", "responses",
    "teller",
]  # fmt: skip
