"""Larger rooms than a test run has time for: `python -m tests.auditor` (`make audit`); fails if anything is proven.

It goes on to larger and larger rooms until the minutes are over (--minutes, 10), in turns: what is told twice (two
rounds, votes that are revealed again and again, pairs of two workshops, sectors that move, people who come and leave,
forks of a story and votes beside them), sectors side by side, rooms of one item with
few options and of a whole scale, and what most have shown by their choices in small stories. A line for each kind of
room says how many there are and what was proven.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from kit.exercise import Question
from kit.serving.inside.progress import Progress
from tests.auditor.paths import AGAIN, FORKS, ONCE, of_paths, of_pulse
from tests.auditor.rooms import PLAIN, answers_of, compositions, of_item
from tests.auditor.sectors import proofs_of_sectors
from tests.auditor.sequences import AROUND, EVERY_WAY, of_comings, of_groups, of_rounds, of_sequence
from tests.auditor.traits import ONE_SCENE, TALES, a_tale, of_moves, of_traits
from tests.auditor.votes import COMINGS, of_comings_and_votes, of_pairs, of_reveals, of_votes, of_words

SCALE = Question("x", ("a", "b", "c", "d", "e"), ("dk",), ordered=True)
PAIR = Question("x", ("a", "b"), ("dk",))
SIDES = Question("x", ("to_discuss", "agreed"), ordered=True, compare=True)
CHOICES = Question("x", ("a", "b", "c"))
THREE = Question("x", ("need", "neither", "offer"), ordered=True, compare=True)
LARGEST = {PAIR: 30, SCALE: 12}
# More rooms than these at once need more memory than a laptop has.
MOST_ROOMS = 400_000
SECTORS = (
    (7, 7, 0), (7, 7, 2), (7, 8, 1), (7, 9, 4), (7, 7, 7), (8, 8, 0), (8, 8, 3), (9, 8, 4), (11, 11, 0), (11, 12, 3),
    (12, 11, 5),
)  # fmt: skip

Audit = tuple[str, int, Callable[[], int]]


def of_items() -> Iterator[Audit]:
    """Rooms without sectors, of every size, small ones first."""
    for n in range(5, max(LARGEST.values()) + 1):
        for question, largest in LARGEST.items():
            for sensitive in (False, True):
                for k in (3, 4, 5):
                    if n <= largest:
                        yield _of_item(replace(question, sensitive=sensitive), n, k)


def of_sectors() -> Iterator[Audit]:
    """Rooms in which sectors stand side by side."""
    for sizes in SECTORS:
        for question in (SIDES, replace(SIDES, apart=("not_us",)), THREE):
            for sensitive in (False, True):
                for k in (3, 4, 5):
                    yield _of_sectors(replace(question, sensitive=sensitive), sizes, k)


def of_times() -> Iterator[Audit]:
    """What is told twice, or of items that hang together."""
    for n in (7, 8, 9, 10):
        for question in (PLAIN, replace(PLAIN, sensitive=True)):
            rooms = len(compositions(n, 9))
            yield f"two rounds, {_kind(question)}, k 3, {n} people", rooms, _counted(of_rounds, n, 3, question)
        one = Question("x", ("a",))
        yield f"two reveals, k 3, {n} people", len(compositions(n, 8)), _counted(of_sequence, n, 3, one)
        yield (
            f"comings and goings, k 3, up to {n + 3} people",
            len(compositions(n + 3, 8)),
            _counted(of_comings, n + 3, 3, one),
        )
        for k, forks, paths in ((3, FORKS, ONCE), (3, FORKS[:2], AGAIN), (4, FORKS, ONCE)):
            told = f"{len(forks)} forks, k {k}, {n + 2} people"
            yield told, len(compositions(n + 2, len(paths))), _counted(of_paths, n + 2, k, forks, paths)
        yield from of_ballots(n)
        yield f"the pulse, k 3, {n + 2} people", len(compositions(n + 2, 5)), _counted(of_pulse, n + 2, 3)
    for sizes, moves in (((8, 8), AROUND), ((9, 8), AROUND), ((8, 8), EVERY_WAY), ((9, 9), AROUND)):
        rooms = 1
        for size, own in zip(sizes, moves, strict=True):
            rooms *= len(compositions(size, len(own)))
        yield f"sectors of {sizes} that move, k 3", rooms, _counted(of_groups, sizes, 3, SIDES, moves)


def of_ballots(n: int) -> Iterator[Audit]:
    """Votes of n people: beside their own ways, three times, beside the wall's words; and pairs of two workshops."""
    yield f"a vote beside forks, k 3, {n} people", len(compositions(n, 12)), _counted(of_votes, n, 3)
    yield f"a vote, three reveals, k 3, {n} people", len(compositions(n, 8)), _counted(of_reveals, n, 3)
    comings = len(compositions(n - 1, len(COMINGS)))
    yield (
        f"a vote, three reveals, comings, k 3, up to {n - 1} people",
        comings,
        _counted(of_comings_and_votes, n - 1, 3),
    )
    yield f"pairs beside two reveals, k 3, {n + 2} people", len(compositions(n + 2, 8)), _counted(of_pairs, n + 2, 3)
    for people in (n, n + 4, n + 8):
        for k in (3, 4, 5):
            rooms = len(compositions(people, len(answers_of(CHOICES))))
            yield f"the wall's words, k {k}, {people} people", rooms, _counted(of_words, CHOICES, people, k, _said)


def _said(voted: int, _: int) -> str:
    return Progress(3).any("x", voted)


def of_tales() -> Iterator[Audit]:
    """What most have shown, beside the forks of small stories: those with a name, then ever new ones."""
    moves = len(compositions(10, 9))
    yield "choices and what they show, twice, k 5, 10 people", moves, _counted(of_moves, 10, 5, ONE_SCENE)
    for at, tale in enumerate((*TALES, *map(a_tale, range(40)))):
        for n, k in ((10, 5), (11, 5), (12, 5), (12, 6)):
            rooms = len(compositions(n, len(tale.people)))
            yield f"tale {at}, k {k}, {n} people", rooms, _counted(of_traits, n, k, tale)


def _counted(audit: Callable[..., Sequence[object]], *asked: object) -> Callable[[], int]:
    return lambda: len(audit(*asked))


def _of_item(question: Question, n: int, k: int) -> Audit:
    rooms = len(compositions(n, len(answers_of(question))))
    return f"{_kind(question)}, k {k}, {n} people", rooms, _counted(of_item, question, n, k)


def _of_sectors(question: Question, sizes: tuple[int, ...], k: int) -> Audit:
    rooms = 1
    for size in sizes:
        rooms *= len(compositions(size, len(answers_of(question))))

    def proven() -> int:
        return sum(1 for _ in proofs_of_sectors(question, sizes, k))

    return f"{_kind(question)}, k {k}, sectors of {sizes}", rooms, proven


def _kind(question: Question) -> str:
    beside = " and one beside" if question.apart else ""
    return f"{len(question.options)} options{beside}{', sensitive' if question.sensitive else ''}"


def main(minutes: float) -> int:
    """How many proofs there are in all rooms that the time was enough for."""
    begun, found, looked_at = time.monotonic(), 0, 0
    kinds = [of_times(), of_sectors(), of_items(), of_tales()]
    while kinds:
        kind = kinds.pop(0)
        audit = next((one for one in kind if one[1] <= MOST_ROOMS), None)
        if audit is None:
            continue
        kinds.append(kind)
        told, rooms, proven = audit
        proofs_there = proven()
        found, looked_at = found + proofs_there, looked_at + rooms
        print(f"{told}: {rooms} rooms, proven: {proofs_there}", flush=True)
        if time.monotonic() - begun > 60 * minutes:
            break
    print(f"All: {looked_at} rooms in {(time.monotonic() - begun) / 60:.0f} minutes, proven: {found}")
    return found


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--minutes", type=float, default=10, metavar="M", help="how long (10)")
    sys.exit(bool(main(asked.parse_args().minutes)))
