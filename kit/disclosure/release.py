"""What is safe to tell about a group, as data: the only thing that a summary sees.

Each item is one safe table: bands of options, each with the steps between which its share lies, of all who took
part in the exercise. Whatever else is said of an item (where the middle lies, whether answers are apart, which
groups lean where, which of two items stands first) is worked out here from that table, and from nothing else.

What a summary reads of an `ItemRelease`:

    shape       "bands", "most" or "hidden"
    none_above  the step that no band passes, where that is all that is told
    bands       the bands, each with `low`, `high`, `range`, `percent`
    apart       the band of those beside the scale ("I don't know"); None when it is not told
    middle      where the middle answer surely lies, from 1 to the number of options; None where it may lie anywhere
    spread      0.5 close together, 1.5 far apart, None where that does not follow
    leanings    group → the options that more than half of it chose; none of them where no side has more than half
    groups      the same as `middle` and `spread` of each group
    rules       why something is missing
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Literal

from kit.disclosure.steps import HALF

TOGETHER = "together"
# Grows when a kept release can no longer be read as it stands; one of another form is revealed anew.
FORMAT = 1
STEP = 5
# The lowest step that small rooms have.
NEARLY_HALF = 40
# From which share on, told as "more than", answers are close together.
CLOSE = 60

By = Literal["sector", "partner"]


@dataclass(frozen=True)
class Band:
    """Options told as one: more than `low` and at most `high` per cent of all who took part chose one of them.

    `low` 0 includes nobody.
    """

    options: tuple[str, ...]
    low: int
    high: int

    @property
    def range(self) -> str:
        """The share as it is written: "25–40"."""
        return f"{self.low}–{self.high}"

    @property
    def percent(self) -> int:
        """The middle of the range, for the length of a bar and for order; never to be told as a number."""
        return (self.low + self.high) // 2

    @property
    def few(self) -> bool:
        """Whether it may be nobody."""
        return self.low == 0


@dataclass(frozen=True)
class GroupValue:
    """Where one group leans on one item: middle and spread, as those of an item."""

    group: str
    middle: float
    spread: float


@dataclass(frozen=True)
class ItemRelease:
    """The safe table of one item.

    scale     all options, in order
    cells     the options in bands; none where nothing is told
    beside    the band of those beside the scale, where the item has such options and something is told
    leanings  group → the options that more than half of its people chose (empty: no side has more than half);
              no groups where they may not be set side by side
    """

    item: str
    scale: tuple[str, ...] = ()
    cells: tuple[Band, ...] = ()
    beside: Band | None = None
    leanings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    compared: bool = False

    @property
    def shape(self) -> Literal["bands", "most", "hidden"]:
        """ "most": of several options, the room tells only which of them more than half (or nearly half) chose."""
        if not self.cells:
            return "hidden"
        return "most" if self._majority else "bands"

    @property
    def bands(self) -> tuple[Band, ...]:
        """What is told; where it is "most", the one band that it is said of."""
        return (self._majority,) if self._majority else self.cells

    @property
    def apart(self) -> Band | None:
        """Those beside the scale, where at least one step is passed."""
        return self.beside if self.beside is not None and not self.beside.few else None

    def least(self, option: str) -> int:
        """More than so many per cent chose this option, whatever the room is behind the table."""
        return sum(band.low for band in self.cells if band.options == (option,))

    def union(self, *options: str) -> Band | None:
        """Where the share of these options together lies; None where the table does not say it."""
        inside = [band for band in self.cells if set(band.options) <= set(options)]
        if not self.cells or {option for band in inside for option in band.options} != set(options):
            return None
        others = (*self.cells, *((self.beside,) if self.beside else ()))
        outside = sum(band.low for band in others if band not in inside)
        return Band(options, sum(band.low for band in inside), min(sum(band.high for band in inside), 100 - outside))

    @property
    def middle(self) -> float | None:
        """Where the middle answer lies, in halves of a step (first option = 1); None unless it surely does."""
        found = _median(self.cells)
        if found is None:
            return None
        places = [self.scale.index(option) + 1 for band in found for option in band.options]
        return (min(places) + max(places)) / 2 if max(places) - min(places) <= 1 else None

    @property
    def spread(self) -> float | None:
        """1.5 where both sides of the scale are surely there, 0.5 where most surely stand side by side, else None."""
        low, high = _sides(self.scale)
        if _surely(self.cells, low) and _surely(self.cells, high):
            return 1.5
        runs = (self.scale[at : at + 2] for at in range(len(self.scale) - 1))
        return 0.5 if any(_surely(self.cells, run) >= CLOSE for run in runs) else None

    @property
    def groups(self) -> tuple[GroupValue, ...]:
        """The leanings as places on the scale; a group without a side stands in the middle, far apart."""
        return tuple(self._value(group, self.leanings[group]) for group in sorted(self.leanings))

    @property
    def rules(self) -> tuple[str, ...]:
        """Why something is missing: ids of sentences in kit/texts (`disclosure.<rule>`)."""
        if not self.cells:
            return ("not_told",)
        joined = len(self.cells) < len(self.scale)
        return ("joined",) * joined + ("small_groups",) * (self.compared and not self.leanings)

    @property
    def none_above(self) -> int | None:
        """The step, in per cent, that no band is told to pass; None where one is, or where they have several."""
        steps = {band.high for band in self.cells}
        return steps.pop() if len(steps) == 1 and all(band.few for band in self.cells) and steps != {100} else None

    @property
    def stands_out(self) -> bool:
        """Whether something is said of what was chosen: more than a few for sure, or that it was (nearly) even."""
        return any(not band.few for band in self.cells) or (self.none_above or 0) >= NEARLY_HALF

    @cached_property
    def _majority(self) -> Band | None:
        """The band above the step where a table has only one, which is half or (on a sensitive item) nearly."""
        steps = {end for band in self.cells for end in (band.low, band.high)} - {0, 100}
        found = next((band for band in self.cells if band.low in steps), None)
        return found if len(steps) == 1 and NEARLY_HALF <= min(steps) <= HALF else None

    def _value(self, group: str, options: tuple[str, ...]) -> GroupValue:
        places = [self.scale.index(option) + 1 for option in options or self.scale]
        return GroupValue(group, (min(places) + max(places)) / 2, 0.5 if options else 1.5)


@dataclass(frozen=True)
class Group:
    """A sector or a partner of which at least `people` took part."""

    id: str
    people: int


@dataclass(frozen=True)
class Release:
    """Everything that may be shown about one exercise of one session; safe in any combination.

    people  at least so many took part (a multiple of k); 0 when they are too few to say anything
    by      what the groups of the items are: "sector" or "partner"
    groups  only in a release about who took part
    texts   shared texts by item id, shuffled; only where at least k people agreed
    asked   ids of the items that ask for texts
    most    what more than half of all who took part have shown at least once (see `kit.exercise.Traits`)
    """

    exercise: str
    k: int
    people: int
    by: By
    groups: tuple[Group, ...] = ()
    items: Mapping[str, ItemRelease] = field(default_factory=dict)
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    most: tuple[str, ...] = ()

    @property
    def hidden(self) -> Mapping[str, int]:
        """How much is not told, by rule: worked out from what is told."""
        if not self.people:
            return {"few_people": 1}
        counts = Counter(rule for item in self.items.values() for rule in item.rules)
        counts["few_texts"] = sum(item not in self.texts for item in self.asked)
        return {rule: n for rule, n in sorted(counts.items()) if n}


def release_to_json(made: Release) -> dict[str, Any]:
    """A release as plain JSON, with the number of its form."""
    return {**asdict(made), "format": FORMAT}


def release_from_json(raw: Mapping[str, Any]) -> Release:
    """A release from its JSON form; what else is stored beside it is left alone."""
    items = {item: _item(one) for item, one in raw["items"].items()}
    texts = {item: tuple(told) for item, told in raw["texts"].items()}
    groups = tuple(Group(**group) for group in raw["groups"])
    plain = {name: raw[name] for name in ("exercise", "k", "people", "by")}
    most = tuple(raw.get("most", ()))
    return Release(**plain, items=items, texts=texts, groups=groups, asked=tuple(raw["asked"]), most=most)


def _item(raw: Mapping[str, Any]) -> ItemRelease:
    return ItemRelease(
        raw["item"],
        tuple(raw["scale"]),
        tuple(map(_band, raw["cells"])),
        _band(raw["beside"]) if raw["beside"] else None,
        {group: tuple(options) for group, options in raw["leanings"].items()},
        raw["compared"],
    )


def _band(raw: Mapping[str, Any]) -> Band:
    return Band(tuple(raw["options"]), raw["low"], raw["high"])


def _surely(cells: tuple[Band, ...], options: tuple[str, ...]) -> int:
    """More than so many per cent chose one of these options, whatever the room is behind the table."""
    return sum(band.low for band in cells if set(band.options) <= set(options))


def _sides(scale: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    half = len(scale) // 2
    return scale[:half], scale[len(scale) - half :]


def _median(cells: tuple[Band, ...]) -> tuple[Band, ...] | None:
    """The bands, in order, in which the middle answer lies in every room behind the table; None if there are none."""
    if not any(band.low for band in cells):
        return None
    first = max((at for at in range(len(cells)) if _outweighs(cells[at:], cells[:at])), default=0)
    last = min((at for at in range(len(cells)) if _outweighs(cells[: at + 1], cells[at + 1 :])), default=len(cells) - 1)
    return cells[first : last + 1] or None


def _outweighs(some: tuple[Band, ...], others: tuple[Band, ...]) -> bool:
    """Whether `some` are surely at least as many as the `others`."""
    least = sum(band.low for band in some)
    return not others or least >= min(sum(band.high for band in others), 100 - least)
