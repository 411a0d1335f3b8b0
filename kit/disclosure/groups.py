"""Groups side by side: to which side of the scale more than half of each group leans, beside the table of all.

A group can be told of where it has room for "more than half" (see `steps`). On each side of the scale, the people of
the groups and of all others together must be as many as the table of all says: from that, somebody could work out
how many of one group stand there. So leanings are told only where no group, and nobody beside them, is left with a
number of 1 to k - 1 (`_is_safe`). Which leanings are not told says something too: those that are not safe must leave
the same room for all, and where they do not, safe ones are held back with them (`_held_back`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from kit.disclosure.release import TOGETHER
from kit.disclosure.steps import ALLIES, HALF, SPARE, SPARE_SENSITIVE, least
from kit.disclosure.tables import Partition, sides

# So many groups are told of, the largest: the ways in which they may lean are looked through one by one.
MOST_GROUPS = 4
NO_SIDE = -1
Leanings = tuple[int, ...]
Range = tuple[int, int]
Bounds = tuple[Range, ...]


@dataclass(frozen=True)
class Sizes:
    """How many people the groups have that can be told of, and how many stand in none of them."""

    shown: tuple[int, ...]
    others: int
    k: int


def leanings(
    people: Sequence[tuple[str, str | None]], options: tuple[str, ...], whole: Bounds, k: int, sensitive: bool
) -> dict[str, tuple[str, ...]]:
    """Group → its side's options (none: no side has more than half); no groups where none leans, or it is not told.

    people  (group, answer) of each who took part
    whole   of the table of all, how few and how many may stand on each of the `sides`
    """
    sizes = Counter(group for group, _ in people)
    spare = SPARE_SENSITIVE if sensitive else SPARE
    fit = [group for group, n in sizes.items() if group != TOGETHER and can_be_told(n, k, spare)]
    shown = sorted(sorted(fit, key=lambda group: (-sizes[group], group))[:MOST_GROUPS])
    if len(shown) < 2:
        return {}
    parts = sides(options)
    answers = {group: Counter(answer for one, answer in people if one == group) for group in shown}
    found = tuple(_side(answers[group], parts, sizes[group]) for group in shown)
    room = Sizes(tuple(sizes[g] for g in shown), sum(sizes.values()) - sum(sizes[g] for g in shown), k)
    if found in _held_back(room, whole) or set(found) == {NO_SIDE}:
        return {}
    return {group: parts[side] if side != NO_SIDE else () for group, side in zip(shown, found, strict=True)}


def can_be_told(n: int, k: int, spare: int) -> bool:
    """Whether "more than half" of a group of n may be told: at least k, and at least `spare` may be others."""
    return least(n, HALF) >= k and n - least(n, HALF) >= spare


def _side(answers: Mapping[str | None, int], parts: Partition, size: int) -> int:
    counts = [sum(answers.get(option, 0) for option in part) for part in parts]
    return next((at for at, count in enumerate(counts) if count >= least(size, HALF)), NO_SIDE)


@cache
def _held_back(room: Sizes, whole: Bounds) -> frozenset[Leanings]:
    """All leanings that are not told beside this table of all."""
    ways = product(range(NO_SIDE, len(whole)), repeat=len(room.shown))
    possible = [one for one in ways if all(_could_be(room, one, side, limits) for side, limits in enumerate(whole))]
    held = [found for found in possible if not _is_safe(room, whole, (found,))]
    told = [found for found in possible if found not in held]
    while held and told and not _is_safe(room, whole, tuple(held)):
        held.append(told.pop(0))
    return frozenset(held)


def _is_safe(room: Sizes, whole: Bounds, held: tuple[Leanings, ...]) -> bool:
    """Whether, when all that is known is that it is one of these, no number of 1 to k - 1 is proven."""
    for side, limits in enumerate(whole):
        for known in range(ALLIES + 1):
            found = [list(_ranges(room, one, side, limits, known)) for one in held]
            for same in zip(*found, strict=True):
                low, high = min(low for low, _ in same), max(high for _, high in same)
                # To a reader a small number must not be proven to be there; to allies, not which it is.
                if 1 <= low <= high < room.k and (known == 0 or low == high):
                    return False
    return True


def _ranges(room: Sizes, found: Leanings, side: int, limits: Range, known: int) -> Iterator[Range]:
    """How few and how many of each group stand on a side, and how few and how many do not; `known` allies aside."""
    parts, few, many = _parts(room, found, side), *limits
    above = sum(high for _, high, _ in parts) - few
    below = many - sum(low for low, _, _ in parts)
    for low, high, size in parts:
        inside = max(low, high - above + known), min(high, low + below - known)
        yield max(inside[0] - known, 0), max(inside[1], 0)
        yield max(size - inside[1] - known, 0), max(size - inside[0], 0)


def _could_be(room: Sizes, found: Leanings, side: int, limits: Range) -> bool:
    parts = _parts(room, found, side)
    return sum(low for low, _, _ in parts) <= limits[1] and sum(high for _, high, _ in parts) >= limits[0]


def _parts(room: Sizes, found: Leanings, side: int) -> list[tuple[int, int, int]]:
    """Of each group and of the others: how few and how many may stand on a side, and how many they are."""
    shown = [(*_range(size, lean, side), size) for size, lean in zip(room.shown, found, strict=True)]
    return [*shown, (0, room.others, room.others)] if room.others else shown


def _range(size: int, lean: int, side: int) -> Range:
    """How few and how many of a group may stand on a side, given where it leans."""
    half = least(size, HALF)
    if lean == side:
        return half, size
    return 0, half - 1 if lean == NO_SIDE else size - half
