"""What somebody could work out who reads where groups lean beside the table of all, alone or with an ally.

A room has a row for each group (and one for all others) and a column for each side of the scale, for what stands
beside the scale and, last, for those who skipped. Of a row the size is known, and that more than half of it stands in
a column, or in none; of a column, between which bounds it lies. `deduce` works out which numbers of people are given
away: of each row in some of the columns together, and of all without that row in one column. Allies know their own
answers, and take themselves out first.

The numbers are exact. All ways in which a row can stand in the columns form a polymatroid: it is described by the most
people that any some of the columns can hold together. Of several rows these numbers add up, and beside bounds for each
column there is a room if, and only if, every one of them leaves space for it (Frank, 1984).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Any

from kit.disclosure.steps import ALLIES, HALF, least
from kit.disclosure.tables import Bounds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

NO_SIDE = -1
# Of a row nothing is known but how many stand in it.
ANYWHERE = -2
FAR = 1 << 30
Leanings = tuple[int, ...]
# The columns in which allies of one row stand.
Known = tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """So many people, and the column in which more than half of them stand."""

    size: int
    lean: int


@dataclass(frozen=True)
class Deduction:
    """What follows, for each way in which allies can stand in a room (the first: there are none).

    possible  which of the ways there are
    free      which numbers of others may be nobody, or k and more
    fewest    of each row, how few of the others stand in each column
    others    of each row, how many others there are
    """

    possible: Numbers
    free: Numbers
    fewest: Numbers
    others: Numbers

    @property
    def gives_away(self) -> bool:
        """Whether in one of the possible ways a number of 1 to k - 1 people is sure."""
        return not bool(self.free[self.possible].all())

    def leaves_few(self, spare: int, k: int, allies: bool) -> bool:
        """Whether of the others of a row, k at least, it is sure that fewer than `spare` stand outside one column, and
        some inside: for readers, or for allies too. Those who skipped are not looked at."""
        size, few = self.others[:, :, None], self.fewest[:, :, :-1]
        found = ((few > 0) & (size - few < spare) & (size >= k)).any(axis=(1, 2)) & self.possible
        return bool(found.any() if allies else found[0])


def deduce(rows: tuple[Part, ...], sides: int, whole: Sequence[Bounds], k: int, allies: bool = True) -> Deduction:
    """All that follows beside a table of all that leaves these bounds open, each for a part of the rooms.

    Columns are the `sides`, what stands beside them, and those who skipped. Without `allies` only for readers.
    """
    return either([_Room(rows, sides, bounds, k, allies).deduced() for bounds in whole])


def is_spacious(rows: tuple[Part, ...], sides: int, whole: Sequence[Bounds], k: int) -> bool:
    """Whether every number may be so high, and what is left so many, that no ally comes near to knowing one.

    To put somebody into a cell, others change places around a circle: each number changes by one at most. An ally is
    one more or less in a cell, and is not counted in it.
    """
    rooms = (_Room(rows, sides, bounds, k, allies=False) for bounds in whole)
    return any(room.possible[0] and room.slack >= k + 2 * ALLIES for room in rooms)


def either(made: Sequence[Deduction]) -> Deduction:
    """What follows when only one of these is known to be so."""
    import numpy as np

    ways = [one.possible for one in made]
    free = [one.free & way[:, None] for way, one in zip(ways, made, strict=True)]
    fewest = [np.where(way[:, None, None], one.fewest, FAR) for way, one in zip(ways, made, strict=True)]
    return Deduction(np.any(ways, axis=0), np.any(free, axis=0), np.min(fewest, axis=0), made[0].others)


class _Room:
    """Rows beside bounds for each column. First axis of all arrays: the ways in which allies can stand; second: rows.

    most   how many of a row some of the columns can hold together (last axis: any of the columns, a bit for each)
    rest   the same of all without that row
    need   how many of all must stand in some of the columns
    """

    def __init__(self, rows: tuple[Part, ...], sides: int, bounds: Bounds, k: int, allies: bool) -> None:
        import numpy as np

        self.k, self.columns = k, len(bounds) + 1
        self.inside = _inside(self.columns)
        ways, taken = (one if allies else one[:1] for one in ways_of(len(rows), self.columns))
        variants = [_variants(row, sides, self.columns) for row in rows]
        self.few, self.many, self.most = (
            np.stack([one[what][ways[:, at]] for at, one in enumerate(variants)], axis=1) for what in range(3)
        )
        whole = self.most.sum(axis=1)
        self.rest, self.size, people = whole[:, None] - self.most, self.most[:, :, -1], whole[:, -1:]
        few = np.maximum(np.array([low for low, _ in bounds] + [0]) - taken, 0)
        many = np.hstack([np.array([high for _, high in bounds]) - taken[:, :-1], people])
        self.need = np.maximum(few @ self.inside, people - (many @ self.inside)[:, ::-1])
        fits = (few <= many).all(axis=1) & (self.size >= 0).all(axis=1)
        self.possible = fits & (self.need <= whole).all(axis=1)

    def deduced(self) -> Deduction:
        """Single columns of each row and of all without it; then several columns of each row."""
        import numpy as np

        low, high = self._ranges(self.most, self.rest)
        low_rest, high_rest = self._ranges(self.rest, self.most)
        free = [self._free(low, high, self.size), self._free(low_rest, high_rest, self.rest[:, :, -1])]
        for some in range(1, 1 << (self.columns - 1)):
            if some & (some - 1):
                free += self._several(some, high)
        shown = np.concatenate([one.reshape(len(self.possible), -1) for one in free], axis=1)
        return Deduction(self.possible, shown, low, self.size)

    @property
    def slack(self) -> int:
        """So many at least may stand in any column, and in all others together, of each row and of all without it."""
        found = []
        for row, rest in ((self.most, self.rest), (self.rest, self.most)):
            low, high = self._ranges(row, rest)
            found += [int(high.min()), int((row[:, :, -1:] - low).min())]
        return min(found)

    def _ranges(self, row: Numbers, rest: Numbers) -> tuple[Numbers, Numbers]:
        """How few and how many of a row stand in each column (last axis)."""
        import numpy as np

        low, high = [], []
        for column in range(self.columns):
            with_it = np.flatnonzero(self.inside[column])
            without = with_it - (1 << column)
            given = (self.need[:, None, with_it] - row[:, :, without] - rest[:, :, with_it]).max(axis=2)
            left = (row[:, :, with_it] + rest[:, :, without] - self.need[:, None, without]).min(axis=2)
            low.append(np.maximum(given, row[:, :, -1] - row[:, :, -1 - (1 << column)]))
            high.append(np.minimum(left, row[:, :, 1 << column]))
        return np.stack(low, axis=2), np.stack(high, axis=2)

    def _free(self, low: Numbers, high: Numbers, size: Numbers) -> Numbers:
        """Of each column but the last, whether nobody or k may stand in it; of k people, also whether outside it."""
        low, high, size = low[:, :, :-1], high[:, :, :-1], size[:, :, None]
        inside = (low == 0) | (high >= self.k)
        return inside & ((size < self.k) | (size == high) | (size - low >= self.k))

    def _several(self, some: int, high: Numbers) -> tuple[Numbers, Numbers]:
        """The same of some columns together; `high` says how many can stand in each of them."""
        import numpy as np

        columns = [some >> column & 1 == 1 for column in range(self.columns)]
        enough: Numbers = high >= self.k
        inside: Numbers = np.any(enough[:, :, columns], axis=2)
        self._try(inside, some, 0 * self.size, 0 * self.size + self.k)
        if some == (1 << (self.columns - 1)) - 1:
            return inside, inside
        outside: Numbers = (self.size < self.k) | np.any(enough[:, :, [not one for one in columns]], axis=2)
        self._try(outside, some, self.size, self.size - self.k)
        return inside, outside

    def _try(self, free: Numbers, some: int, *numbers: Numbers) -> None:
        """Add to `free` where one of these numbers of a row can stand in these columns together."""
        for number in numbers:
            way, row = (~free & self.possible[:, None]).nonzero()
            if len(way):
                free[way, row] = self._can_be(some, number[way, row], way, row)

    def _can_be(self, some: int, number: Numbers, way: Numbers, row: Numbers) -> Numbers:
        import numpy as np

        every = np.arange(1 << self.columns)
        other = (1 << self.columns) - 1 - some
        few, many = self.few[way, row] @ self.inside, self.many[way, row] @ self.inside
        left = self.size[way, row] - number
        here = np.minimum(many[:, every & some], number[:, None] - few[:, ~every & some])
        there = np.minimum(many[:, every & other], left[:, None] - few[:, ~every & other])
        fits = (few[:, some] <= number) & (number <= many[:, some]) & (few[:, other] <= left) & (left <= many[:, other])
        return fits & (self.need[way] <= here + there + self.rest[way, row]).all(axis=1)


@cache
def _inside(columns: int) -> Numbers:
    """For each column, in which of any some of the columns (a bit for each) it is."""
    import numpy as np

    return np.array([[some >> column & 1 for some in range(1 << columns)] for column in range(columns)])


@cache
def known_of(columns: int) -> tuple[Known, ...]:
    """All ways in which up to so many allies stand in the columns of one row."""
    return tuple(one for n in range(ALLIES + 1) for one in combinations_with_replacement(range(columns), n))


@cache
def ways_of(rows: int, columns: int) -> tuple[Numbers, Numbers]:
    """All ways in which up to two allies stand in a room: for each row one of `known_of`; how many by column."""
    import numpy as np

    known = known_of(columns)
    ways = [way for way in _choices(rows, known) if sum(len(known[one]) for one in way) <= ALLIES]
    taken = [[sum(known[one].count(column) for one in way) for column in range(columns)] for way in ways]
    return np.array(ways), np.array(taken)


def _choices(rows: int, known: Sequence[Known]) -> Iterator[tuple[int, ...]]:
    """For each row one of the ways, where at most two rows have allies at all: nobody first."""
    alone = [at for at, one in enumerate(known) if len(one) == 1]
    yield (0,) * rows
    for row in range(rows):
        for at in range(1, len(known)):
            yield tuple(at if one == row else 0 for one in range(rows))
        for other in range(row):
            for a in alone:
                for b in alone:
                    yield tuple(a if one == row else b if one == other else 0 for one in range(rows))


@cache
def _variants(row: Part, sides: int, columns: int) -> tuple[Numbers, Numbers, Numbers]:
    """For each of `known_of`, how few and how many others of a row stand in each column, and the most in any some of
    them: less than 0 where it cannot be."""
    import numpy as np

    inside = _inside(columns)
    fewest, most, together = [], [], []
    for known in known_of(columns):
        size = row.size - len(known)
        low, high = [0] * columns, [row.size] * columns
        for side in range(sides if row.lean != ANYWHERE else 0):
            half = least(row.size, HALF)
            if side == row.lean:
                low[side] = half
            else:
                high[side] = half - 1 if row.lean == NO_SIDE else row.size - half
        for column in known:
            low[column], high[column] = max(low[column] - 1, 0), high[column] - 1
        few, many = np.array(low), np.array(high)
        # In the order of all columns without these.
        outside = (few @ inside)[::-1]
        fits = size >= few.sum() and (many >= 0).all()
        together.append(np.minimum(many @ inside, size - outside) if fits else np.full(1 << columns, -1))
        fewest.append(few)
        most.append(many)
    return np.stack(fewest), np.stack(most), np.stack(together)
