"""Into which steps the shares of a room are put: a public menu that depends on head count and k, never on an answer.

A share is told as lying above one step and up to the next. With n the people of the exercise and r = n // k:

- Steps are the same for all n from r * k to r * k + k - 1, so that nobody reads off them who is missing.
- What lies above the lowest step is at least k people; between two steps lie at least `WIDTH` numbers of people.
- From above the highest step, at least `spare` people may be missing: nobody is ever told that all agree.
- Up to r = 2 there is one step: more than half. On a sensitive item it is lower where it can then be the same for all
  n: "none above" can be told only of those.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Final

HALF: Final = 50
GRAIN: Final = 5
# Numbers of people between two steps: with two of them known to a reader, there is still a choice.
WIDTH: Final = 3
# How many could have answered otherwise, behind anything that is told; on a sensitive item even for two who
# compare their own answers with the picture.
SPARE: Final = 3
SPARE_SENSITIVE: Final = 5
# So many may compare notes.
ALLIES: Final = 2


def least(n: int, percent: int) -> int:
    """The least number of n people that is more than `percent`; of none, nobody."""
    return n * percent // 100 + 1 if percent else 0


def most(n: int, percent: int) -> int:
    """The greatest number of n people that is not more than `percent`."""
    return n * percent // 100


def room_of(n: int, k: int) -> range:
    """All head counts that are told in the same way as n."""
    return range(n // k * k, n // k * k + k)


@cache
def steps(n: int, k: int, sensitive: bool = False) -> tuple[int, ...]:
    """The steps for n people, in per cent, lowest first; none where nothing can be told."""
    spare = SPARE_SENSITIVE if sensitive else SPARE
    if n < k:
        return ()
    rooms = room_of(n, k)
    if n // k <= 2:
        even = (one for one in range(HALF, 0, -GRAIN) if all(_fits(m, k, one, spare) for m in rooms))
        only = next(even, HALF) if sensitive else HALF
        return (only,) if _fits(n, k, only, spare) else ()
    first = next(one for one in range(GRAIN, HALF + 1, GRAIN) if all(least(m, one) >= k for m in rooms))
    for grain in range(GRAIN, 100, GRAIN):
        found = tuple(range(first, 100, grain))
        while any(n - least(n, found[-1]) < spare for n in rooms) or not all(_top_is_safe(m, k, found) for m in rooms):
            found = found[:-1]
        if all(least(m, upper) - least(m, lower) >= WIDTH for m in rooms for lower, upper in pairwise(found)):
            break
    return found


def _fits(n: int, k: int, step: int, spare: int) -> bool:
    return least(n, step) >= k and n - least(n, step) >= spare


def is_even(n: int, k: int, sensitive: bool) -> bool:
    """Whether all rooms that are told in the same way have the same steps: then "none above" may be told too."""
    return len({steps(m, k, sensitive) for m in room_of(n, k)}) == 1


def rest_is_safe(rest_least: int, rest_most: int, k: int) -> bool:
    """Whether "those who are left" may be nobody or at least k, also without up to two who know their own answers."""
    return all(rest_least <= known or rest_most - known >= k for known in range(ALLIES + 1))


def _top_is_safe(n: int, k: int, found: tuple[int, ...]) -> bool:
    ends = (*found, 100)
    return all(rest_is_safe(n - most(n, high), n - least(n, low), k) for low, high in pairwise(ends))
