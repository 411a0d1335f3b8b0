"""Groups side by side: to which side of the scale more than half of each group leans, beside the table of all.

A group can be told of where it has room for "more than half" (see `steps`). Leanings and the table of all bind each
other: on each side of the scale, the people of all groups and of all others are as many as the table says. From that
somebody could work out how many of one group stand there. `deduction` works out the same, and leanings are told only
where it finds nothing (`_is_open`). That leanings are not told says something too; so the first ones that could be told
are held back with all that could not, and stand behind that picture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from kit.disclosure.deduction import ANYWHERE, NO_SIDE, Deduction, Leanings, Part, deduce, either, is_spacious
from kit.disclosure.release import TOGETHER
from kit.disclosure.steps import HALF, SPARE, SPARE_SENSITIVE, least
from kit.disclosure.tables import Bounds, Partition, sides

# So many groups are told of, the largest: the ways in which they may lean are looked through one by one.
MOST_GROUPS = 6
# Where groups can lean in more ways than these, what is held back is looked for among so many.
MOST_WAYS = 100
NOTHING: Leanings = ()


@dataclass(frozen=True)
class Sizes:
    """How many people the groups have that can be told of, and how many stand in none of them."""

    shown: tuple[int, ...]
    others: int
    k: int
    spare: int


def leanings(
    people: Sequence[tuple[str, str | None]],
    options: tuple[str, ...],
    whole: tuple[Bounds, ...],
    k: int,
    sensitive: bool,
) -> dict[str, tuple[str, ...]]:
    """Group → its side's options (none: no side has more than half); no groups where none leans, or it is not told.

    people  (group, answer) of each who took part
    whole   the bounds that the table of all leaves open; of several, the room keeps one
    """
    sizes = Counter(group for group, _ in people)
    spare = SPARE_SENSITIVE if sensitive else SPARE
    shown = groups_shown(sizes, k, spare)
    if len(shown) < 2:
        return {}
    parts = sides(options)
    answers = {group: Counter(answer for one, answer in people if one == group) for group in shown}
    found = tuple(_side(answers[group], parts, sizes[group]) for group in shown)
    others = sizes.total() - sum(sizes[group] for group in shown)
    room = Sizes(tuple(sizes[group] for group in shown), others, k, spare)
    if not _is_told(room, whole, len(parts), found):
        return {}
    return {group: parts[side] if side != NO_SIDE else () for group, side in zip(shown, found, strict=True)}


def groups_shown(sizes: Mapping[str, int], k: int, spare: int) -> list[str]:
    """The groups that can be told of, by name: the largest."""
    fit = [group for group, n in sizes.items() if group != TOGETHER and can_be_told(n, k, spare)]
    return sorted(sorted(fit, key=lambda group: (-sizes[group], group))[:MOST_GROUPS])


def can_be_told(n: int, k: int, spare: int) -> bool:
    """Whether "more than half" of a group of n may be told: at least k, and at least `spare` may be others."""
    return least(n, HALF) >= k and n - least(n, HALF) >= spare


def _side(answers: Mapping[str | None, int], parts: Partition, size: int) -> int:
    counts = [sum(answers.get(option, 0) for option in part) for part in parts]
    return next((at for at, count in enumerate(counts) if count >= least(size, HALF)), NO_SIDE)


def _is_told(room: Sizes, whole: tuple[Bounds, ...], parts: int, found: Leanings) -> bool:
    if set(found) == {NO_SIDE} or not _is_open(room, whole, parts, found):
        return False
    held = _held_back(room, whole, parts)
    return held is not None and found != held


@cache
def _held_back(room: Sizes, whole: tuple[Bounds, ...], parts: int) -> Leanings | None:
    """What could be told beside this table of all, but stands behind "not told"; None where nothing can be told.

    It is empty where "not told" gives nothing away without it.
    """
    nobody = (NO_SIDE,) * len(room.shown)
    if _is_open(room, whole, parts, nobody, always=True):
        return NOTHING
    # Those that say least first.
    every = product(range(NO_SIDE, parts), repeat=len(room.shown))
    ways = sorted(every, key=lambda found: sum(side != NO_SIDE for side in found))
    if len(ways) > MOST_WAYS:
        ways = [*_nearly_alike(len(room.shown), parts), *ways[-MOST_WAYS:]]
    else:
        there = [found for found in ways if _is_possible(room, whole, parts, found)]
        untold = [found for found in there if found == nobody or not _is_open(room, whole, parts, found)]
        if not untold or _is_safe(room, either([_deduced(room, whole, parts, found) for found in untold])):
            return NOTHING
    others = (found for found in ways if found != nobody)
    return next((found for found in others if _is_open(room, whole, parts, found, always=True)), None)


def _nearly_alike(groups: int, parts: int) -> Iterator[Leanings]:
    """All groups but one lean to the same side; then all of them."""
    for side in range(parts):
        for one in range(groups):
            yield tuple(NO_SIDE if at == one else side for at in range(groups))
    yield from ((side,) * groups for side in range(parts))


def _is_possible(room: Sizes, whole: tuple[Bounds, ...], parts: int, found: Leanings) -> bool:
    return bool(deduce(_parts_of(room, found), parts, whole, room.k, allies=False).possible[0])


@cache
def _is_open(room: Sizes, whole: tuple[Bounds, ...], parts: int, found: Leanings, *, always: bool = False) -> bool:
    """Whether nobody can work out a number of 1 to k - 1 people, of a group or of all without it.

    always  only where allies can stand anywhere
    """
    rows = _parts_of(room, found)
    for allies in (False, True):
        if allies and is_spacious(rows, parts, whole, room.k):
            return True
        made = deduce(rows, parts, whole, room.k, allies)
        if not made.possible[0] or (always and not made.possible.all()) or not _is_safe(room, made):
            return False
        # At the fewest that may stand where a group leans, enough of it may stand elsewhere.
        leaning = [(at, one) for at, one in enumerate(rows) if one.lean >= 0]
        if any(one.size - made.fewest[0, at, one.lean] < room.spare for at, one in leaning):
            return False
    return True


def _is_safe(room: Sizes, made: Deduction) -> bool:
    """Whether no number is given away, and of each group enough people could have answered otherwise: of a sensitive
    item also for allies."""
    return not made.gives_away and not made.leaves_few(SPARE, room.k, allies=room.spare == SPARE_SENSITIVE)


def _deduced(room: Sizes, whole: tuple[Bounds, ...], parts: int, found: Leanings) -> Deduction:
    return deduce(_parts_of(room, found), parts, whole, room.k)


def _parts_of(room: Sizes, found: Leanings) -> tuple[Part, ...]:
    shown = tuple(Part(size, lean) for size, lean in zip(room.shown, found, strict=True))
    return (*shown, Part(room.others, ANYWHERE)) if room.others else shown
