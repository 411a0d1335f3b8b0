"""What more than half of a small room have shown at least once: traits of choices, told beside the forks of stories.

A trait is shown by choices at many forks, and the forks' tables say how many made a choice: they bind each other. So
all traits of an exercise are one table, told in rooms whose menu has one step, where forks say least. They are told
where a *room of few kinds* stands behind the picture. All who answered are of one of these kinds, each with a way of
its own through the stories, and the room is told just as this one, if only it is spread well: a choice that is not
told, or a trait, is made by one of the kinds alone, and that kind is few enough. There are so many kinds that whatever
number of people somebody asks for, it is open. They ask for some of the kinds. Either these can be k and more, or all
the others can be the more than half who answered, and nobody of these was there (`kinds`).

Traits for which there is no such room are taken back, which puts more rooms behind a picture and none away. What is
taken back follows from what is told of the forks and from the ways through the stories: from no answer.

In a later reveal the forks may be told anew while fewer than k people show other traits than before. Then what was told
stays, as far as it goes with the forks of now: the picture is one that a room can have, and nobody sees who moved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement, permutations

from kit.disclosure.release import ItemRelease
from kit.disclosure.steps import ALLIES, HALF, least, room_of, steps
from kit.exercise import Traits, Way

# With more kinds than these there are not enough ways through a story.
MOST_KINDS = 4
Shown = frozenset[str]


def kinds(n: int, k: int) -> int:
    """Of how many kinds the people of a room must be for traits to be told; 0 where they never are.

    It is the same for all head counts that are told alike. Of each kind there may be all who are not more than half,
    but for two allies who have made the same choice.
    """
    if n // k != 2 or any(steps(one, k) != (HALF,) for one in room_of(n, k)):
        return 0
    halves = [least(one, HALF) for one in room_of(n, k)]
    many = min(halves) - 1 - ALLIES
    if many < 1:
        return 0
    needed = max(_parts(half, half - 1 - ALLIES) + _parts(k, half - 1 - ALLIES) - 1 for half in halves)
    return needed if needed <= MOST_KINDS else 0


def _parts(people: int, size: int) -> int:
    return -(-people // size)


def told_traits(
    traits: Traits, forks: Mapping[str, ItemRelease], found: Collection[str], n: int, k: int
) -> tuple[str, ...]:
    """The traits that may be told of a room of n people.

    forks  item → what is told of a fork
    found  what more than half have shown; or what was told, while too few show something else. What follows from the
           forks is told with it, and what does not go with them is not
    """
    number = kinds(n, k)
    if not number or any(band.low not in (0, HALF) for one in forks.values() for band in one.cells):
        # Nothing, too, beside a fork that is told as it stood in a larger room.
        return ()
    stories = _stories(traits, forks)
    chosen = {one for story in stories for one in story.chosen}
    sure = {trait for item, option, trait in traits.shows if (item, option) in chosen}
    told = tuple(one for one in traits.options if one in found or one in sure)
    while told:
        room = _Room(number, frozenset(told))
        if not room.is_made(stories):
            return ()
        if not room.missing:
            break
        told = tuple(one for one in told if one not in room.missing)
    return told


def room_behind(traits: Traits, forks: Mapping[str, ItemRelease], told: Iterable[str], n: int, k: int) -> list[Way]:
    """The choices of each kind of people in the room that stands behind these traits and forks; none without one."""
    room = _Room(kinds(n, k), frozenset(told))
    return room.ways if room.is_made(_stories(traits, forks)) and not room.missing else []


@dataclass(frozen=True)
class _Story:
    """The choices of a story that are told or known to be made by half at most; its ways by those that they make."""

    chosen: frozenset[tuple[str, str]]
    ways: Mapping[Way, Mapping[Shown, Way]]


def _stories(traits: Traits, forks: Mapping[str, ItemRelease]) -> tuple[_Story, ...]:
    shows = {(item, option): trait for item, option, trait in traits.shows}
    known = {item for item, one in forks.items() if one.cells}
    chosen = {(item, one) for item in known for band in forks[item].cells if band.low for one in band.options}
    found = []
    for ways in traits.ways:
        by_known: dict[Way, dict[Shown, Way]] = {(): {frozenset(): ()}}
        for way in ways:
            there = tuple(one for one in way if one[0] in known)
            by_known.setdefault(there, {}).setdefault(frozenset(shows[one] for one in way if one in shows), way)
        asked = {item for way in ways for item, _ in way}
        here = frozenset(one for one in chosen if one[0] in asked)
        found.append(_Story(here, by_known))
    return tuple(found)


@dataclass
class _Room:
    """A room of few kinds, made story by story: what each kind shows so far, and its choices."""

    kinds: int
    told: Shown
    shown: list[set[str]] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)

    def is_made(self, stories: Sequence[_Story]) -> bool:
        """Whether all kinds can go through all stories."""
        self.shown, self.ways = [set() for _ in range(self.kinds)], [()] * self.kinds
        return all(self._go_through(story) for story in stories)

    @property
    def missing(self) -> Shown:
        """The traits that not all kinds show."""
        return frozenset(one for one in self.told if not all(one in own for own in self.shown))

    def _go_through(self, story: _Story) -> bool:
        """Give each kind a way through a story; False where none fits with what is told of it."""
        best, most = None, -1
        there = [one for one in story.ways if story.chosen.issubset(one)]
        for known in combinations_with_replacement(there, self.kinds):
            if self._fits(story, known):
                for order in dict.fromkeys(permutations(known)):
                    found = self._picked(story, order)
                    if found is not None and found[0] > most:
                        most, best = found
        for at, (shown, way) in enumerate(best or ()):
            self.shown[at] |= shown
            self.ways[at] += way
        return best is not None

    def _fits(self, story: _Story, known: Iterable[Way]) -> bool:
        """Whether each choice that is not told is made by one kind at most."""
        made = [one for way in known for one in way if one not in story.chosen]
        return len(made) == len(set(made))

    def _picked(self, story: _Story, order: Iterable[Way]) -> tuple[int, list[tuple[Shown, Way]]] | None:
        """What the kinds show who go these ways, with all their choices; before it, how much of it is needed."""
        others = {one for own in self.shown for one in own} - self.told
        picked, gained = [], 0
        for own, there in zip(self.shown, order, strict=True):
            best, most = None, (-1, 0)
            for shown, way in story.ways[there].items():
                new = shown - own
                # What is not told, one kind alone may show.
                if others.isdisjoint(new):
                    gain = len(new & self.told), -len(new - self.told)
                    if gain > most:
                        best, most = (shown, way), gain
            if best is None:
                return None
            others |= best[0] - self.told
            picked.append(best)
            gained += most[0]
        return gained, picked
