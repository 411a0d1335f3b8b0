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

from collections.abc import Iterator, Mapping
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
# How few and how many people stand in each of some places.
Bounds = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Frame:
    """What classes are measured with: n people, the threshold, and whether the item is sensitive.

    `within`: of an item that only some are asked, above how many per cent they are told to be; else 100.
    """

    n: int
    k: int
    sensitive: bool
    within: int = 100

    @property
    def ends(self) -> tuple[int, ...]:
        """The steps with 0 and 100 around them: class c lies above ends[c], up to ends[c + 1]."""
        return (0, *(one for one in steps(self.n, self.k, self.sensitive) if one <= self.within), 100)

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


def table(
    question: Question, counts: Mapping[str, int], n: int, k: int, within: int = 100
) -> tuple[tuple[Band, ...], Band | None]:
    """The bands of an item with their ranges, and the band beside the scale; no bands where nothing is told."""
    frame = Frame(n, k, question.sensitive, within)
    if len(frame.ends) == 2:
        return (), None
    cells, found = _placed(question, counts, frame)
    low, high = told(frame, found)
    if not any(low) and not is_even(n, k, question.sensitive):
        return (), None
    made = [Band(cell, frame.ends[a], frame.ends[b + 1]) for cell, a, b in zip(cells, low, high, strict=True)]
    return (tuple(made[:-1]), made[-1]) if question.apart else (tuple(made), None)


def rooms_behind(question: Question, counts: Mapping[str, int], n: int, k: int) -> tuple[Bounds, ...]:
    """How few and how many may stand on each of the `sides` and beside the scale, in all rooms behind a table.

    Each of the bounds is a part of these rooms, and together they are all of them.
    """
    frame = Frame(n, k, question.sensitive)
    cells, found = _placed(question, counts, frame)
    parts = (*sides(question.options), question.apart) if question.apart else sides(question.options)
    return tuple(dict.fromkeys(_by_part(frame, cells, one, parts) for one in behind(frame, found)))


def _placed(question: Question, counts: Mapping[str, int], frame: Frame) -> tuple[Partition, Classes]:
    bands = partition(question, frame.n, frame.k)
    cells = (*bands, question.apart) if question.apart else bands
    return cells, tuple(frame.class_of(sum(counts.get(option, 0) for option in cell)) for cell in cells)


def _by_part(frame: Frame, cells: Partition, found: Classes, parts: Partition) -> Bounds:
    fewest, most = list(map(frame.least, found)), list(map(frame.most, found))
    made = []
    for part in parts:
        inside = [set(cell) <= set(part) for cell in cells]
        few = sum(one for one, here in zip(fewest, inside, strict=True) if here)
        many = sum(one for one, here in zip(most, inside, strict=True) if here)
        made.append((few, min(many, frame.n - sum(fewest) + few)))
    return tuple(made)


@cache
def told(frame: Frame, found: Classes) -> tuple[Classes, Classes]:
    """For each cell, the lowest and the highest class that the table leaves open."""
    every = behind(frame, found)
    return tuple(map(min, zip(*every, strict=True))), tuple(map(max, zip(*every, strict=True)))


@cache
def behind(frame: Frame, found: Classes) -> tuple[Classes, ...]:
    """The classes of all rooms that are told alike: those of a safe one, and of all that are taken back to it."""
    safe = taken_back(frame, found)
    every, waiting = {safe: None}, [safe]
    while waiting:
        for raised in _one_higher(frame, waiting.pop()):
            if raised not in every and taken_back(frame, raised) == safe:
                every[raised] = None
                waiting.append(raised)
    return tuple(every)


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
    fewest = sum(map(frame.least, above))
    # Those who were asked at all are told to be at least as many: nobody learns more about them from here.
    if fewest > least(frame.n, frame.within):
        return False
    rest = frame.n - fewest
    return rest >= frame.spare and rest_is_safe(frame.n - sum(map(frame.most, above)), rest, frame.k)


def _one_higher(frame: Frame, found: Classes) -> Iterator[Classes]:
    """All classes that are not safe, with one cell a class higher, of which there can be a room."""
    for place, one in enumerate(found):
        raised = (*found[:place], one + 1, *found[place + 1 :])
        if one + 2 < len(frame.ends) and sum(map(frame.least, raised)) <= frame.n and not _is_safe(frame, raised):
            yield raised
