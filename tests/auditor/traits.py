"""What most have shown, beside the forks at which they did: every room of small stories, told side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations, product
from random import Random

from kit.disclosure import Release, Snapshot, release
from kit.exercise import Question, Traits, Way
from kit.session import Mode, Response, Sector
from tests.auditor.rooms import Proof, compositions, pictures, proofs

# More cells than these make too many rooms.
MOST_CELLS = 8


@dataclass(frozen=True)
class Tale:
    """Stories to audit: their forks, all ways through each of them, and which choice shows what."""

    forks: tuple[Question, ...]
    ways: tuple[tuple[Way, ...], ...]
    shows: tuple[tuple[str, str, str], ...]

    @property
    def traits(self) -> Traits:
        return Traits("traits", tuple(dict.fromkeys(one for _, _, one in self.shows)), self.shows, self.ways)

    @cached_property
    def people(self) -> tuple[dict[str, str], ...]:
        """What somebody can have chosen in all stories together; last, that they skipped them."""
        every = product(*(((), *ways) for ways in self.ways))
        found = [{item: option for way in chosen for item, option in way} for chosen in every]
        return (*found[1:], found[0])

    def told(self, k: int, room: tuple[int, ...]) -> Release:
        """What is released of a room: so many people of each kind."""
        gone = [own for own, count in zip(self.people, room, strict=True) for _ in range(count)]
        return self.snapshot(gone, k).release

    def snapshot(self, gone: Sequence[Mapping[str, str]], k: int, before: Snapshot | None = None) -> Snapshot:
        """What is released of people who chose so."""
        people = [Response(f"{at:03}", Sector.OTHER, {"took": "part", **own}) for at, own in enumerate(gone)]
        return release("tale", self.forks, people, k, Mode.ANONYMOUS, before, None, self.traits)

    def seen(self, room: tuple[int, ...]) -> tuple[tuple[object, int], ...]:
        """All of a room that a release can depend on: how many made each choice, and showed each trait."""
        counts: Counter[object] = Counter()
        for own, count in zip(self.people, room, strict=True):
            shown = {trait for item, option, trait in self.shows if own.get(item) == option}
            counts.update(dict.fromkeys([*own.items(), *shown], count))
        return tuple(sorted(((one, count) for one, count in counts.items() if count), key=repr))


def of_traits(n: int, k: int, tale: Tale) -> list[Proof]:
    """All that is proven of n people by what is told of all forks and traits."""
    told: dict[object, str] = {}

    def tell(room: tuple[int, ...]) -> str:
        seen = tale.seen(room)
        if seen not in told:
            told[seen] = repr(tale.told(k, room))
        return told[seen]

    cells = range(len(tale.people))
    sums = [some for size in range(1, len(cells)) for some in combinations(cells, size) if some != (cells[-1],)]
    return list(proofs(pictures(compositions(n, len(cells)), tell), k, tale.forks[0], sums))


def of_moves(n: int, k: int, tale: Tale) -> list[tuple[str, int, int]]:
    """Two reveals of n people who all chose, every way in which they can choose otherwise in between.

    Pairs of pictures that prove that 1 to k - 1 people show other traits, or made other choices.
    """
    everybody = tale.people[:-1]
    moves = list(product(everybody, repeat=2))
    found: dict[str, list[tuple[int, int]]] = {}

    def shown(own: dict[str, str]) -> set[str]:
        return {trait for item, option, trait in tale.shows if own.get(item) == option}

    @cache
    def before(counts: tuple[int, ...]) -> Snapshot:
        return tale.snapshot([own for own, count in zip(everybody, counts, strict=True) for _ in range(count)], k)

    for room in compositions(n, len(moves)):
        gone = [move for move, count in zip(moves, room, strict=True) for _ in range(count)]
        first = before(tuple(sum(was == own for was, _ in gone) for own in everybody))
        # In the order in which the first picture counts them, so that each has the same mark.
        gone.sort(key=lambda move: tale.people.index(move[0]))
        now = tale.snapshot([own for _, own in gone], k, first)
        traits, choices = (sum(shown(was) != shown(own) for was, own in gone), sum(was != own for was, own in gone))
        found.setdefault(repr((first.release, now.release)), []).append((traits, choices))
    return [
        (picture, min(numbers), max(numbers))
        for picture, moved in found.items()
        for numbers in zip(*moved, strict=True)
        if 1 <= min(numbers) <= max(numbers) < k
    ]


def _fork(item: str, options: str, *within: tuple[str, str]) -> Question:
    return Question(item, tuple(options), within=within)


def _way(told: str) -> Way:
    """ "o:a f:x": at fork o, a was chosen; at f, x."""
    return tuple((one[0], one[2]) for one in told.split())


def _ways(*told: str) -> tuple[Way, ...]:
    return tuple(map(_way, told))


# From each of three choices, a second fork can be reached; somebody may also stop before it.
MEETING = Tale(
    (_fork("o", "abc"), _fork("f", "xy", ("o", "a"), ("o", "b"), ("o", "c"))),
    (_ways("o:a", "o:b", "o:c", "o:a f:x", "o:b f:x", "o:c f:x", "o:a f:y"),),
    (("f", "x", "X"), ("f", "y", "Y")),
)
# It is reached from two of them only.
NARROW = Tale(
    (_fork("o", "abc"), _fork("f", "xy", ("o", "a"), ("o", "b"))),
    (_ways("o:a", "o:b", "o:c", "o:a f:x", "o:b f:x", "o:a f:y", "o:b f:y"),),
    (("f", "x", "X"), ("f", "y", "Y")),
)
# Two stories show the same.
TWICE = Tale(
    (_fork("o", "abc"), _fork("p", "de")),
    (_ways("o:a", "o:b", "o:c"), _ways("p:d")),
    (("o", "a", "X"), ("p", "d", "X")),
)
# One choice shows what another way also does, later.
LATER = Tale(
    (_fork("o", "abc"), _fork("f", "xy", ("o", "b"), ("o", "c"))),
    (_ways("o:a", "o:b", "o:c", "o:b f:x", "o:c f:x", "o:b f:y", "o:c f:y"),),
    (("o", "a", "X"), ("f", "x", "X"), ("f", "y", "Y"), ("o", "c", "Z")),
)
# Two choices show the same, the third something else; everybody chose.
ONE_SCENE = Tale(
    (_fork("o", "abc"),),
    (_ways("o:a", "o:b", "o:c"),),
    (("o", "a", "X"), ("o", "b", "X"), ("o", "c", "Y")),
)
# Four first choices lead on, for rooms that need four kinds of people.
WIDE = Tale(
    (_fork("o", "abcd"), _fork("f", "xy", *(("o", one) for one in "abcd"))),
    (_ways("o:a", "o:a f:x", "o:b f:x", "o:c f:x", "o:d f:x"),),
    (("f", "x", "X"),),
)
TALES = (MEETING, NARROW, TWICE, LATER)


def a_tale(seed: int) -> Tale:
    """A small story with a fork behind the first one, whichever choices lead there and show something."""
    rng = Random(seed)
    opening = "abc"[: rng.choice([2, 3, 3])]
    leading = rng.sample(opening, rng.randint(1, len(opening)))
    later = [f"o:{one} f:{two}" for one in leading for two in "xy"]
    ways = [f"o:{one}" for one in opening]
    ways += rng.sample(later, min(len(later), MOST_CELLS - 1 - len(ways)))
    forks = (_fork("o", opening), _fork("f", "xy", *(("o", one) for one in leading)))
    choices = [("o", one) for one in opening] + [("f", one) for one in "xy"]
    shows = tuple((item, option, rng.choice("XYZ")) for item, option in choices if rng.random() < 2 / 3)
    return Tale(forks, (_ways(*ways),), shows or (("f", "x", "X"),))
