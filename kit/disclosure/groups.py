"""Groups side by side: to which side of the scale more than half of each group leans, beside the table of all.

A group can be told of where it has room for "more than half" (see `steps`). On each side of the scale, the people of
the groups and of all others together must be as many as the table of all says: from that, somebody could work out
how many of one group stand there. So leanings are told only where they leave room: with all groups at their fewest,
or at their most, k + 2 people are still to spare on every side (`_is_roomy`). That leanings are not told says something
too; so the first ones that do leave room are held back with all that do not, and stand behind that picture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from kit.disclosure.release import TOGETHER
from kit.disclosure.steps import ALLIES, HALF, SPARE, SPARE_SENSITIVE, least
from kit.disclosure.tables import Partition, sides

# So many groups are told of, the largest: the ways in which they may lean are looked through one by one.
MOST_GROUPS = 6
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
    if not _is_roomy(room, whole, found) or found == _held_back(room, whole) or set(found) == {NO_SIDE}:
        return {}
    return {group: parts[side] if side != NO_SIDE else () for group, side in zip(shown, found, strict=True)}


def can_be_told(n: int, k: int, spare: int) -> bool:
    """Whether "more than half" of a group of n may be told: at least k, and at least `spare` may be others."""
    return least(n, HALF) >= k and n - least(n, HALF) >= spare


def _side(answers: Mapping[str | None, int], parts: Partition, size: int) -> int:
    counts = [sum(answers.get(option, 0) for option in part) for part in parts]
    return next((at for at, count in enumerate(counts) if count >= least(size, HALF)), NO_SIDE)


@cache
def _held_back(room: Sizes, whole: Bounds) -> Leanings | None:
    """The first leanings that leave room beside this table of all; None where there are none, and none are told."""
    every = product(range(NO_SIDE, len(whole)), repeat=len(room.shown))
    # Those that say least first: that no group leans is told of none in any case.
    ways = sorted(every, key=lambda found: sum(side != NO_SIDE for side in found))
    return next((found for found in ways if _is_roomy(room, whole, found)), None)


def _is_roomy(room: Sizes, whole: Bounds, found: Leanings) -> bool:
    slack = room.k + ALLIES
    for side, (few, many) in enumerate(whole):
        could = [_range(size, lean, side) for size, lean in zip(room.shown, found, strict=True)]
        fewest = sum(low for low, _ in could)
        # Where no group leans to a side, each of them may have nobody there.
        if sum(high for _, high in could) + room.others < few + slack or (fewest and fewest > many - slack):
            return False
    return True


def _range(size: int, lean: int, side: int) -> Range:
    """How few and how many of a group may stand on a side, given where it leans."""
    half = least(size, HALF)
    if lean == side:
        return half, size
    return 0, half - 1 if lean == NO_SIDE else size - half
