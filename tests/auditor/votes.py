"""Votes of the whole room: beside one's own way through the same story, revealed again and again, and beside what the
wall says while people vote; and pairs of two workshops, of which one has revealed twice."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from itertools import combinations, product

import numpy as np

from kit.disclosure import Release, Snapshot, release
from kit.exercise import Question, exercise
from kit.session import Mode, Response, Sector
from tests.auditor.rooms import Cells, Proof, Rooms, answers_of, compositions, item_of, pictures, proofs

FORK = Question("fork", ("a", "b"))
VOTE = Question("vote.fork", ("a", "b"))
AFTER = Question("after", ("x", "y"), within=(("fork", "a"),))
# One's own way through the story, and one's vote at its first fork; last, neither.
WAYS: tuple[dict[str, str], ...] = ({"fork": "a", "after": "x"}, {"fork": "a"}, {"fork": "b"}, {})
VOTED = ("a", "b", None)
# What somebody had said at each of several moments.
History = tuple[str | None, ...]
_MODE = Mode.ANONYMOUS


def of_votes(n: int, k: int, ways: Sequence[Mapping[str, str]] = WAYS) -> list[Proof]:
    """All ways of n people through a story, each with any vote: the forks and the vote side by side."""
    said = [{**way} | ({VOTE.item: vote} if vote else {}) for way, vote in product(ways, VOTED)]
    told: dict[Hashable, str] = {}

    def tell(room: tuple[int, ...]) -> str:
        # A release knows of each item how many said what.
        table = np.array(room).reshape(len(ways), len(VOTED))
        seen = (*map(int, table.sum(axis=1)), *map(int, table.sum(axis=0)))
        if seen not in told:
            people = [one for one, count in zip(said, room, strict=True) for _ in range(count)]
            told[seen] = repr(_released((FORK, AFTER, VOTE), people, k))
        return told[seen]

    found = pictures(compositions(n, len(said)), tell)
    return list(proofs(found, k, VOTE, _of_both(len(ways), len(VOTED))))


def _of_both(ways: int, votes: int) -> list[Cells]:
    """Sums of some of the ways, each with some of the votes; not those of who skipped one of them, or of everyone."""

    def some(width: int) -> list[Cells]:
        return [one for size in range(1, width + 1) for one in combinations(range(width), size)]

    return [
        tuple(way * votes + vote for way in left for vote in right)
        for left, right in product(some(ways), some(votes))
        if (left, right) != (some(ways)[-1], some(votes)[-1]) and left != (ways - 1,) and right != (votes - 1,)
    ]


def of_reveals(n: int, k: int) -> list[Proof]:
    """A vote that is revealed three times, between which anybody gives a vote or takes it back: all that the pictures
    prove together, also that somebody has changed, though it may be that fewer than k have."""
    cells = list(product(("a", None), repeat=3))
    found = pictures(compositions(n, len(cells)), lambda room: _told(_people(cells, room), k))
    every = range(len(cells))
    sums = [some for size in range(1, len(cells)) for some in combinations(every, size) if some != (len(cells) - 1,)]
    first, second, third = (np.array([cell[at] is None for cell in cells]) for at in range(3))
    few = []
    for picture, rooms in found.items():
        one, two, three = picture  # type: ignore[misc]
        ways = (first, second), (second, third), (first, third)
        early, late, both = (rooms[:, was != now].sum(axis=1) for was, now in ways)
        # What is told otherwise than before is so since it was told last, which may be before the second reveal.
        late = np.maximum(late, both) if one == two else late
        told = (early, one != two), (late, two != three)
        few += [_few_moved(picture, moved, n) for moved, otherwise in told if otherwise and moved.min() < k]
    return few + list(proofs(found, k, VOTE, sums, _spared(cells)))


def _few_moved(picture: Hashable, moved: Rooms, n: int) -> Proof:
    return Proof(picture, (), "moved", (), int(moved.min()), n)


# Who is there at three reveals ("" is not), and has voted: in every way of those who stay, in three of those who don't.
COMINGS: tuple[History, ...] = (*product(("a", None), repeat=3), ("", "a", "a"), ("a", "", ""), ("", None, None))


def of_comings_and_votes(largest: int, k: int) -> list[set[int]]:
    """Three pictures that prove that some have come or left, though it may be that fewer than k did."""
    found: dict[Hashable, set[int]] = {}
    for n in range(k, largest + 1):
        for room in compositions(n, len(COMINGS)):
            people = _people(COMINGS, tuple(map(int, room)))
            if sum(first != "" for first, *_ in people) >= k:
                found.setdefault(_told(people, k), set()).add(sum("" in one for one in people))
    return [passing for passing in found.values() if 0 not in passing and min(passing) < k]


def _told(people: tuple[History, ...], k: int) -> tuple[str, ...]:
    return tuple(repr(one.release) for one in revealed(people, k))


@cache
def revealed(people: tuple[History, ...], k: int) -> tuple[Snapshot, ...]:
    """What was told of these people's votes, reveal by reveal."""
    before = revealed(tuple(one[:-1] for one in people), k) if len(people[0]) > 1 else ()
    here = [_person(at, {VOTE.item: one[-1]} if one[-1] else {}) for at, one in enumerate(people) if one[-1] != ""]
    return (*before, release("story", (VOTE,), here, k, _MODE, before[-1] if before else None))


def _people(cells: Sequence[History], room: Sequence[int]) -> tuple[History, ...]:
    return tuple(cell for cell, count in zip(cells, room, strict=True) for _ in range(count))


def _spared(cells: Sequence[History]) -> list[tuple[Cells, Cells]]:
    """Of all people, those who had voted at one of the reveals."""
    every = tuple(range(len(cells)))
    return [(every, tuple(at for at in every if cells[at][which])) for which in range(len(cells[0]))]


def of_words(question: Question, n: int, k: int, say: Callable[[int, int], str]) -> list[Proof]:
    """What the wall says while n people answer a question, beside what is then told of it.

    say  the wall's word when so many of so many have answered
    """
    rooms = compositions(n, len(answers_of(question)))

    def tell(room: tuple[int, ...]) -> Hashable:
        return say(n - room[-1], n), repr(item_of(question, room, k))

    found = proofs(pictures(rooms, tell), k, question)
    # That nobody or somebody has answered is seen.
    return [one for one in found if len(one.cells) < rooms.shape[1] - 1]


def of_pairs(n: int, k: int) -> list[Proof]:
    """People who came to two workshops: what the first one told, and told again (or in a second round), beside what is
    told of how they have moved since. Anybody may have moved either way, or be left out (see `kit.series`)."""
    pulse = exercise("pulse")
    (own,) = (one for one in pulse.questions() if one.item == "change_contacts")
    (since,) = (one for one in pulse.asked_since(()) if one.item == "since_contacts")
    said = ("rose", None)
    cells = list(product(said, repeat=3))

    @cache
    def first(votes: tuple[tuple[str | None, str | None], ...]) -> str:
        was = release("pulse", (own,), [_person(at, _rose(own, one)) for at, (one, _) in enumerate(votes)], k, _MODE)
        again = [_person(at, _rose(own, one)) for at, (_, one) in enumerate(votes)]
        return repr((was.release, release("pulse", (own,), again, k, _MODE, was).release))

    @cache
    def later(rose: int) -> str:
        return repr(_released((since,), [_rose(since, "rose" if at < rose else None) for at in range(n)], k))

    def tell(room: tuple[int, ...]) -> Hashable:
        people = [cell for cell, count in zip(cells, room, strict=True) for _ in range(count)]
        return first(tuple((one, two) for one, two, _ in people)), later(sum(last is not None for *_, last in people))

    every = range(len(cells))
    sums = [some for size in range(1, len(cells)) for some in combinations(every, size) if some != (len(cells) - 1,)]
    found = pictures(compositions(n, len(cells)), tell)
    changed = np.array([one != two for one, two, _ in cells])
    moved = ((picture, rooms[:, changed].sum(axis=1)) for picture, rooms in found.items())
    few = [_few_moved(picture, one, n) for picture, one in moved if 1 <= one.min() < k]
    return few + list(proofs(found, k, own, sums, _spared(cells)))


def _rose(question: Question, said: str | None) -> dict[str, str]:
    return {question.item: said} if said else {}


def _person(at: int, said: Mapping[str, str], took: bool = True) -> Response:
    return Response(f"{at:03}", Sector.OTHER, {"took": "part", **said} if took else dict(said))


def _released(questions: Sequence[Question], said: Sequence[Mapping[str, str]], k: int) -> Release:
    return release("audit", questions, [_person(at, one) for at, one in enumerate(said)], k, _MODE).release
