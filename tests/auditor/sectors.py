"""Rooms in which sectors stand side by side: every one, by what is told of the whole and of each sector."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import combinations, product

import numpy as np

from kit.disclosure import ItemRelease, release
from kit.disclosure.steps import HALF, least
from kit.disclosure.tables import sides
from kit.exercise import Question
from kit.session import Mode, Response, Sector
from tests.auditor.rooms import Cells, Proof, Rooms, answers_of, compositions, proofs, responses

SECTORS = (Sector.SETTLEMENT, Sector.ANTI_VIOLENCE, Sector.MUNICIPAL, Sector.HEALTH_HIV)
# Rooms of one kind that a picture keeps apart: all its answers together, and to which side each sector leans.
Kind = tuple[int, ...]


def every_room(question: Question, sizes: Sequence[int]) -> Rooms:
    """All rooms of these sectors: for each, how many gave each answer; sector after sector."""
    parts = [compositions(size, len(answers_of(question))) for size in sizes]
    at = np.indices([len(part) for part in parts]).reshape(len(parts), -1)
    return np.hstack([part[places] for part, places in zip(parts, at, strict=True)])


def told_of(question: Question, sizes: Sequence[int], room: Sequence[int], k: int) -> ItemRelease:
    """What is released of one room."""
    width = len(answers_of(question))
    people: list[Response] = []
    for at in range(len(sizes)):
        people += responses(question, room[at * width : (at + 1) * width], SECTORS[at], 1000 * at)
    made = release("audit", (question,), people, k, Mode.ANONYMOUS).release
    return made.items.get(question.item) or ItemRelease(question.item)


def pictures_of_sectors(question: Question, sizes: Sequence[int], k: int) -> dict[Hashable, Rooms]:
    """Every room by what is told of it. Of each kind of room one is released: the others are told alike."""
    rooms, width = every_room(question, sizes), len(answers_of(question))
    by_sector = rooms.reshape(len(rooms), len(sizes), width)
    kinds = np.hstack([by_sector.sum(axis=1), _leanings(question, by_sector, sizes)])
    _, first, kind = np.unique(kinds, axis=0, return_index=True, return_inverse=True)
    told: dict[Hashable, list[int]] = {}
    for at, one in enumerate(first):
        picture = repr(told_of(question, sizes, tuple(map(int, rooms[one])), k))
        told.setdefault(picture, []).append(at)
    return {picture: rooms[np.isin(kind.ravel(), places)] for picture, places in told.items()}


def _leanings(question: Question, by_sector: Rooms, sizes: Sequence[int]) -> Rooms:
    said = answers_of(question)
    half = np.array([least(size, HALF) if size else 1 for size in sizes])
    parts = [by_sector[:, :, [said.index(one) for one in part]].sum(axis=2) for part in sides(question.options)]
    return np.hstack([part >= half for part in parts]).astype(np.int16)


def proofs_of_sectors(question: Question, sizes: Sequence[int], k: int) -> Iterator[Proof]:
    """All that is proven of every such room, to readers and to allies alike."""
    width = len(answers_of(question))
    counted, spared = numbers_of(question, len(sizes)), spared_in(question, len(sizes))
    for proof in proofs(pictures_of_sectors(question, sizes, k), k, question, counted, spared):
        if proof.what == "few others":
            # Of a sector of which fewer than k others are left, the numbers below tell as much.
            if proof.high >= k:
                yield proof
            continue
        sectors = {cell // width for cell in proof.cells}
        others = sum(sizes[at] - sum(cell // width == at for cell in proof.allies) for at in sectors)
        # Any few people are a sector. Of fewer than k, what follows from the table of all alone does not count: that
        # somebody of them answered, or did not, or gave the answer of nearly all. An exact number does.
        among = {cell % width for cell in proof.cells}
        exact = proof.low == proof.high and not (width - 1 in among or len(among) == width - 1)
        if others >= k or exact:
            yield proof


def spared_in(question: Question, sectors: int) -> list[tuple[Cells, Cells]]:
    """Of the people of each sector, any answers that they can have given but all together: that few skipped an item may
    show. The same of all people."""
    width = len(answers_of(question))
    some = [one for n in range(1, width - 1) for one in combinations(range(width - 1), n)]
    places = [tuple(range(at * width, (at + 1) * width)) for at in range(sectors)]
    found = [(row, tuple(row[0] + cell for cell in one)) for row in places for one in some]
    everyone = tuple(cell for row in places for cell in row)
    return [*found, *((everyone, tuple(row[0] + cell for row in places for cell in one)) for one in some)]


def numbers_of(question: Question, sectors: int) -> list[tuple[int, ...]]:
    """Sums of cells that somebody may work out: of one sector any answers, of one answer any sectors."""
    width = len(answers_of(question))
    found = set()
    for at in range(sectors):
        cells = range(at * width, (at + 1) * width)
        found |= {some for n in range(1, width) for some in combinations(cells, n) if some != (cells[-1],)}
    for answer, n in product(range(width - 1), range(1, sectors + 1)):
        found |= {tuple(at * width + answer for at in some) for some in combinations(range(sectors), n)}
    return sorted(found)
