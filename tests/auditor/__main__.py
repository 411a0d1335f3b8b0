"""Larger rooms than a test run has time for: `python -m tests.auditor`; fails if anything is proven."""

from __future__ import annotations

import sys
from dataclasses import replace

from kit.exercise import Question
from tests.auditor.rooms import answers_of, compositions, item_of, pictures, proofs

SCALE = Question("x", ("a", "b", "c", "d", "e"), ("dk",), ordered=True)
PAIR = Question("x", ("a", "b"), ("dk",))
LARGEST = {PAIR: 24, replace(PAIR, sensitive=True): 24, SCALE: 11, replace(SCALE, sensitive=True): 11}


def proven(question: Question, n: int, k: int) -> int:
    """How many proofs there are in all rooms of n."""

    def tell(room: tuple[int, ...]) -> str:
        return repr(item_of(question, room, k))

    return sum(1 for _ in proofs(pictures(compositions(n, len(answers_of(question))), tell), k, question))


def main() -> int:
    """Every room up to the largest of each kind."""
    found = 0
    for question, largest in LARGEST.items():
        for k in (3, 4, 5):
            for n in range(5, largest + 1):
                proofs_of = proven(question, n, k)
                found += proofs_of
                print(f"{len(question.options)} options, sensitive {question.sensitive}, k {k}, n {n}: {proofs_of}")
    return found


sys.exit(bool(main()))
