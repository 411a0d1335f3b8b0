"""What a trainer can add to a workshop that is under way: each exercise, and each story of those that have some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kit.agenda.check import MINUTES_A_DECISION, stories_of
from kit.exercise import Exercise, exercises


@dataclass(frozen=True)
class Addable:
    """An exercise, or a story of one that the room plays together; `minutes` is what its block takes at least."""

    exercise: str
    story: str
    minutes: int

    @property
    def id(self) -> str:
        """What stands for it on a page."""
        return f"{self.exercise}/{self.story}" if self.story else self.exercise


@cache
def offers() -> tuple[Addable, ...]:
    """All, in the order of the exercises. A story that people concerned have to read first is left out: for that there
    is no time while a workshop runs.
    """
    return tuple(one for model in exercises().values() for one in _offers(model))


def _offers(model: Exercise) -> Iterator[Addable]:
    # Half of a block is for answering (see `steps_of`).
    stories = {one.id: one for one in stories_of(model)}
    if not stories:
        yield Addable(model.slug, "", _fives(2 * model.structure.minutes))
    for story in model.unnamed if stories else ():
        yield Addable(model.slug, story, _fives(2 * MINUTES_A_DECISION * stories[story].decisions[1]))


def _fives(minutes: int) -> int:
    """Rounded up to five minutes."""
    return -(-minutes // 5) * 5
