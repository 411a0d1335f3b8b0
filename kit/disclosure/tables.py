"""The safe table of one item: where the share of each band lies, told so that behind it stand many rooms.

A table is a class for each cell: between which `steps` its number of people lies. Those who skipped the item are no
cell: how many they are is never told, so nobody knows of how many the cells are parts. The classes depend on head
count and k only, and so do the bands; no answer has a say in what is told, only in how it turns out.

A table is safe when every room that it leaves open could be a safe one: at least `spare` people stand in none of
the bands that are told as more than a step, and those who are left are nobody or at least k (`_is_safe`). A table
that is not safe is told as the safe one that is reached by taking steps back, in words wide enough for both
(`told`). So behind each picture stand at least all rooms of one safe table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from kit.disclosure.release import Band
from kit.disclosure.steps import SPARE, SPARE_SENSITIVE, is_even, least, most, rest_is_safe, steps
from kit.exercise import Question

# From so many k on, an ordered scale of more than three options is told option by option.
FINE_FROM: Final = 6
Partition = tuple[tuple[str, ...], ...]
Classes = tuple[int, ...]


@dataclass(frozen=True)
class Frame:
    """What classes are measured with: n people, the threshold, and whether the item is sensitive."""

    n: int
    k: int
    sensitive: bool

    @property
    def ends(self) -> tuple[int, ...]:
        """The steps with 0 and 100 around them: class c lies above ends[c], up to ends[c + 1]."""
        return (0, *steps(self.n, self.k, self.sensitive), 100)

    @property
    def spare(self) -> int:
        return SPARE_SENSITIVE if self.sensitive else SPARE

    def least(self, place: int) -> int:
        """The least number of people in a class."""
        return least(self.n, self.ends[place])

    def most(self, place: int) -> int:
        """The greatest number of people in a class."""
        return most(self.n, self.ends[place + 1])

    def class_of(self, count: int) -> int:
        return max(place for place in range(len(self.ends) - 1) if count >= self.least(place))


def partition(question: Question, n: int, k: int) -> Partition:
    """The bands of an item in a room of n: a matter of head count, never of answers."""
    singles = tuple((option,) for option in question.options)
    if n // k >= FINE_FROM:
        return singles
    if question.coarse:
        return question.coarse
    if not question.ordered or len(singles) < 4:
        return singles
    return sides(question.options)


def sides(options: tuple[str, ...]) -> Partition:
    """An ordered scale in three (or, of an even number of options, two): lower side, middle, upper side."""
    half = len(options) // 2
    middle = options[half : len(options) - half]
    return tuple(part for part in (options[:half], middle, options[len(options) - half :]) if part)


def table(question: Question, counts: Mapping[str, int], n: int, k: int) -> tuple[tuple[Band, ...], Band | None]:
    """The bands of an item with their ranges, and the band beside the scale; no bands where nothing is told."""
    frame = Frame(n, k, question.sensitive)
    if len(frame.ends) == 2:
        return (), None
    bands = partition(question, n, k)
    cells = (*bands, question.apart) if question.apart else bands
    found = tuple(frame.class_of(sum(counts.get(option, 0) for option in cell)) for cell in cells)
    low, high = told(frame, found)
    if not any(low) and not is_even(n, k, question.sensitive):
        return (), None
    made = [Band(cell, frame.ends[a], frame.ends[b + 1]) for cell, a, b in zip(cells, low, high, strict=True)]
    return tuple(made[: len(bands)]), made[-1] if question.apart else None


@cache
def told(frame: Frame, found: Classes) -> tuple[Classes, Classes]:
    """For each cell, the lowest and the highest class that the table leaves open."""
    safe = taken_back(frame, found)
    behind = (safe, *_leading_to(frame, safe))
    return tuple(map(min, zip(*behind, strict=True))), tuple(map(max, zip(*behind, strict=True)))


@cache
def taken_back(frame: Frame, found: Classes) -> Classes:
    """The safe classes for these: while they are not safe, the highest of them goes one back."""
    while not _is_safe(frame, found):
        place = found.index(max(found))
        found = (*found[:place], found[place] - 1, *found[place + 1 :])
    return found


def _is_safe(frame: Frame, found: Classes) -> bool:
    above = [one for one in found if one]
    if not above:
        return True
    rest = frame.n - sum(map(frame.least, above))
    return rest >= frame.spare and rest_is_safe(frame.n - sum(map(frame.most, above)), rest, frame.k)


def _leading_to(frame: Frame, safe: Classes) -> Iterator[Classes]:
    """All classes, of which there can be a room, that are taken back to these."""
    for place, one in enumerate(safe):
        raised = (*safe[:place], one + 1, *safe[place + 1 :])
        if one + 2 < len(frame.ends) and sum(map(frame.least, raised)) <= frame.n and not _is_safe(frame, raised):
            if taken_back(frame, raised) == safe:
                yield raised
            yield from (more for more in _leading_to(frame, raised) if taken_back(frame, more) == safe)


def bounds(frame: Frame, low: Sequence[int], high: Sequence[int]) -> list[tuple[int, int]]:
    """How few and how many people each cell may hold, in any room behind the table."""
    fewest = list(map(frame.least, low))
    spare = frame.n - sum(fewest)
    return [(few, min(frame.most(b), few + spare)) for few, b in zip(fewest, high, strict=True)]
