"""Larger rooms than a test run has time for: `python -m tests.auditor` (`make audit`); fails if anything is proven.

It goes on to larger and larger rooms until the minutes are over (--minutes, 10): rooms of one item with few options and
of a whole scale, then sectors side by side. A line for each kind of room says how many there are and what was proven.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from kit.exercise import Question
from tests.auditor.rooms import answers_of, compositions, item_of, pictures, proofs
from tests.auditor.sectors import proofs_of_sectors

SCALE = Question("x", ("a", "b", "c", "d", "e"), ("dk",), ordered=True)
PAIR = Question("x", ("a", "b"), ("dk",))
SIDES = Question("x", ("to_discuss", "agreed"), ordered=True, compare=True)
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


def _of_item(question: Question, n: int, k: int) -> Audit:
    rooms = compositions(n, len(answers_of(question)))

    def proven() -> int:
        found = pictures(rooms, lambda room: repr(item_of(question, room, k)))
        return sum(1 for _ in proofs(found, k, question))

    return f"{_kind(question)}, k {k}, {n} people", len(rooms), proven


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
    both = [of_sectors(), of_items()]
    while both:
        kind = both.pop(0)
        audit = next((one for one in kind if one[1] <= MOST_ROOMS), None)
        if audit is None:
            continue
        both.append(kind)
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
