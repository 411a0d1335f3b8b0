"""Rooms as numbers of people in cells, what is told of each, and what all rooms behind one picture prove.

A cell is an answer (or none); in a room with groups, an answer of a group. `proofs` is what a reader, or up to two who
also know their own answers, can be sure of:

- that all others gave one answer;
- on a sensitive item, that fewer than three others could have answered otherwise than all others did;
- of any answers together, how many of the others gave them, or only that these are 1 to k - 1.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, combinations_with_replacement
from typing import Any

import numpy as np

from kit.disclosure import ItemRelease, Release, deduction, groups, making, release, steps, tables
from kit.exercise import Exercise, Question
from kit.session import Mode, Response, Sector

SKIPPED = "skipped"
ALLIES = 2
Rooms = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Proof:
    """Something that all rooms behind a picture agree on. `allies` are the cells of those who compare notes."""

    picture: Hashable
    allies: tuple[int, ...]
    what: str
    cells: tuple[int, ...]
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


def released(model: Exercise, people: Sequence[Response], k: int = 5) -> Release:
    """What is released of a room, of everything that the exercise can ask."""
    lenses = tuple(lens.id for lens in model.structure.lenses)
    return release(model.slug, model.questions(lenses), people, k, Mode.ANONYMOUS).release


def teller(model: Exercise, question: Question, k: int, lenses: tuple[str, ...]) -> Callable[[tuple[int, ...]], str]:
    """What the exercise's own summary says of a room, in every language, all other items being skipped."""
    from kit.results import summary
    from kit.texts import languages

    asked = model.questions(lenses)
    told: dict[str, str] = {}

    def tell(room: tuple[int, ...]) -> str:
        made = release(model.slug, asked, responses(question, room), k, Mode.ANONYMOUS).release
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
    found: dict[Hashable, Rooms], k: int, question: Question, counted: list[tuple[int, ...]] | None = None
) -> Iterator[Proof]:
    """All that is proven; `counted` are the sums of cells to look at (otherwise all but the skipped ones alone)."""
    for picture, rooms in found.items():
        cells = rooms.shape[1]
        every = (some for n in range(1, cells) for some in combinations(range(cells), n))
        sums = counted or [some for some in every if some != (cells - 1,)]
        for known in range(ALLIES + 1):
            for allies in combinations_with_replacement(range(cells), known):
                taken = np.bincount(np.array(allies, dtype=int), minlength=cells)
                others = rooms[(rooms >= taken).all(axis=1)] - taken
                if len(others):
                    yield from _proven(picture, allies, others, k, question, sums)


def _proven(
    picture: Hashable, allies: tuple[int, ...], others: Rooms, k: int, question: Question,
    sums: list[tuple[int, ...]],
) -> Iterator[Proof]:  # fmt: skip
    people = int(others[0].sum())
    for cell in range(others.shape[1] - 1):
        fewest = int(others[:, cell].min())
        if people and fewest == people:
            yield Proof(picture, allies, "all", (cell,), fewest, fewest)
        if question.sensitive and len(allies) == ALLIES and fewest and people - fewest < steps.SPARE:
            yield Proof(picture, allies, "few others", (cell,), fewest, people)
    for some in sums:
        counts = others[:, some].sum(axis=1)
        low, high = int(counts.min()), int(counts.max())
        if 1 <= low <= high < k:
            yield Proof(picture, allies, "count", some, low, high)


def forget_tables() -> None:
    """After a rule was changed: nothing that was worked out before holds."""
    cached_there = (
        steps.steps, tables.told, tables.behind, tables.taken_back, groups._held_back, groups._is_open,
        deduction.known_of, deduction.ways_of, deduction._variants,
    )  # fmt: skip
    for cached in cached_there:
        cached.cache_clear()


__all__ = [
    "SKIPPED", "Proof", "answers_of", "compositions", "forget_tables", "item_of", "making", "pictures", "proofs",
    "released", "responses", "teller",
]  # fmt: skip
