"""One reveal after another: every way in which people change, come and leave, by the two pictures that stand then."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cache
from itertools import combinations, product

import numpy as np

from kit.disclosure import Snapshot, release, second_round
from kit.exercise import Question
from kit.session import Mode, Response, Sector
from tests.auditor.rooms import SKIPPED, Cells, Proof, answers_of, compositions, pictures, proofs
from tests.auditor.sectors import SECTORS
from tests.auditor.votes import revealed

# What somebody said before and says now; None: they were not there.
Move = tuple[str | None, str | None]


def person(key: str, said: str, sector: Sector = Sector.OTHER) -> Response:
    """Somebody who took part, also if they skipped the one question."""
    return Response(key, sector, {"took": "part"} if said == SKIPPED else {"x": said})


def of_sequence(n: int, k: int, question: Question) -> list[tuple[int, int]]:
    """Every way in which n people can change, leave and come: pictures that differ though fewer than k did."""
    said = answers_of(question)
    moved: dict[str, set[int]] = {}
    moves = [(was, now) for was in (*said, None) for now in (*said, None) if was or now]
    for counts in compositions(n, len(moves)):
        first, second = _both(_moves(moves, counts))
        was = release("x", (question,), first, k, Mode.ANONYMOUS)
        now = release("x", (question,), second, k, Mode.ANONYMOUS, was).release
        if not was.release.people or was.release == now:
            continue
        changed = sum(before != after for before, after in _moves(moves, counts))
        moved.setdefault(repr((was.release, now)), set()).add(changed)
    return [(min(one), max(one)) for one in moved.values() if 1 <= min(one) < k]


def of_comings(largest: int, k: int, question: Question) -> list[set[int]]:
    """Pairs of pictures that prove that some have come or left, though it may be that fewer than k did."""
    said = (*answers_of(question), None)
    moves = [(was, now) for was in said for now in said if was or now]
    found: dict[tuple[str, str], set[int]] = {}
    for n in range(k, largest + 1):
        for counts in compositions(n, len(moves)):
            people = _moves(moves, counts)
            first, second = _both(people)
            was = told_before(question, tuple((one.key, "x" in one.answers) for one in first), k)
            if was.release.people:
                now = release("x", (question,), second, k, Mode.ANONYMOUS, was).release
                passing = sum(None in move for move in people)
                found.setdefault((repr(was.release), repr(now)), set()).add(passing)
    return [passing for passing in found.values() if 0 not in passing and min(passing) < k]


@cache
def told_before(question: Question, people: tuple[tuple[str, bool], ...], k: int) -> Snapshot:
    """The first picture of people who said "a" or skipped."""
    room = [person(key, "a" if said else SKIPPED) for key, said in people]
    return release("x", (question,), room, k, Mode.ANONYMOUS)


# ---- two rounds, side by side

Told = Callable[[Snapshot, Sequence[Response], Sequence[Response]], Hashable]


def of_rounds(n: int, k: int, question: Question, tell: Told | None = None) -> list[Proof]:
    """All that two pictures of n people prove: who stands where in both rounds is one answer of theirs; also that some
    have moved, though it may be that fewer than k did."""
    said = answers_of(question)
    cells = list(product(said, said))
    told = tell or (lambda first, _, now: _side_by_side(question, k, first, now))

    @cache
    def before(first: tuple[str, ...]) -> Snapshot:
        return release("x", (question,), [person(f"{at:03}", one) for at, one in enumerate(first)], k, Mode.ANONYMOUS)

    def picture(room: tuple[int, ...]) -> Hashable:
        moves = _moves(cells, room)
        was, now = _both(moves)
        return told(before(tuple(str(one) for one, _ in moves)), was, now)

    found = pictures(compositions(n, len(cells)), picture)
    stays = np.array([was == now for was, now in cells])
    moved = ((told, int(rooms[:, ~stays].sum(axis=1).min())) for told, rooms in found.items())
    seen = [Proof(told, (), "moved", (), fewest, n) for told, fewest in moved if 1 <= fewest < k]
    return seen + list(proofs(found, k, question, _of_both(len(said)), _spared_in_both(len(said))))


def _side_by_side(question: Question, k: int, first: Snapshot, now: Sequence[Response]) -> Hashable:
    rounds = second_round(first, (question,), now, k, Mode.ANONYMOUS)
    return repr((rounds.first, rounds.second.release))


def _of_both(width: int) -> tuple[Cells, ...]:
    """All sums of cells but those that tell only of people who skipped."""
    skipped = {at for at in range(width * width) if width - 1 in divmod(at, width)}
    every = (some for n in range(1, width * width) for some in combinations(range(width * width), n))
    return tuple(some for some in every if not skipped.issuperset(some))


def _spared_in_both(width: int) -> list[tuple[Cells, Cells]]:
    """Of all people, any answers that they gave in the first round, or in the second."""
    everyone = tuple(range(width * width))
    some = [one for n in range(1, width) for one in combinations(range(width - 1), n)]
    return [
        (everyone, tuple(at for at in everyone if divmod(at, width)[which] in one)) for which in (0, 1) for one in some
    ]


# ---- sectors side by side, twice

# Of two sectors that differ, all have answered: of the first some come around to the others, of the second some leave.
AROUND: tuple[tuple[Move, ...], ...] = (
    (("to_discuss", "to_discuss"), ("to_discuss", "agreed"), ("agreed", "agreed")),
    (("agreed", "agreed"), ("agreed", "to_discuss"), ("to_discuss", "to_discuss")),
)
EVERY_WAY: tuple[tuple[Move, ...], ...] = (tuple(product(("to_discuss", "agreed"), repeat=2)),) * 2


def of_groups(sizes: Sequence[int], k: int, question: Question, moves: Sequence[Sequence[Move]]) -> list[Hashable]:
    """Pairs of pictures that prove that 1 to k - 1 people of some sector have changed, of whichever.

    moves  what the people of each sector can have done
    """
    every = [compositions(size, len(own)) for size, own in zip(sizes, moves, strict=True)]
    few: dict[Hashable, list[bool]] = {}
    for room in product(*every):
        people = [_moves(own, counts) for own, counts in zip(moves, room, strict=True)]
        before = tuple(tuple(str(one) for one, _ in own) for own in people)
        was = _sectors_before(question, before, k)
        after = _seated([[str(one) for _, one in own] for own in people])
        now = release("x", (question,), after, k, Mode.ANONYMOUS, was)
        changed = [sum(before != after for before, after in own) for own in people]
        few.setdefault((repr(was.release), repr(now.release)), []).append(any(1 <= one < k for one in changed))
    return [picture for picture, found in few.items() if all(found)]


@cache
def _sectors_before(question: Question, said: tuple[tuple[str, ...], ...], k: int) -> Snapshot:
    return release("x", (question,), _seated(said), k, Mode.ANONYMOUS)


def _seated(said: Sequence[Sequence[str]]) -> list[Response]:
    return [person(f"{at}-{number}", one, SECTORS[at]) for at, own in enumerate(said) for number, one in enumerate(own)]


def _moves(moves: Sequence[Move], counts: Iterable[int]) -> list[Move]:
    return [move for move, count in zip(moves, counts, strict=True) for _ in range(count)]


def _both(moves: Sequence[Move]) -> tuple[list[Response], list[Response]]:
    """The people of both moments who are there."""
    first, second = (
        [person(f"{at:03}", said) for at, move in enumerate(moves) if (said := move[side])] for side in (0, 1)
    )
    return first, second


def forget_pictures() -> None:
    """After a rule was changed: no first picture holds."""
    for known in (told_before, _sectors_before, revealed):
        known.cache_clear()
