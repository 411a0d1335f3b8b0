"""Two rounds of one exercise: people answer, talk and answer again, and both pictures stand side by side.

Both are one table: who stands where in the first round and where in the second is one answer, of which each picture
tells a side. What the two sides give away together is no more than a second reveal does, because the second round is
one: it is told beside the first, and an item of it anew only when at least k people's answers to it have changed. Until
then the first picture stands in both places, whether nobody or somebody has moved.

How many said the same again is told nowhere: beside the two pictures, it would prove who moved (`tests.auditor`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from kit.disclosure.making import Snapshot, release
from kit.disclosure.release import ItemRelease, Release
from kit.exercise import Question
from kit.session import Mode, Response


@dataclass(frozen=True)
class Rounds:
    """What may stand side by side.

    first   the picture of the first round, as it was revealed
    second  that of the second; its basis is what a later reveal of the second round is compared with
    """

    first: Release
    second: Snapshot

    @property
    def pairs(self) -> tuple[tuple[ItemRelease, ItemRelease], ...]:
        """Each item in both rounds; nothing of a room in which too few answered the first one."""
        then, now = self.first.items, self.second.release.items
        return tuple((then[item], now[item]) for item in now if item in then)


def second_round(
    first: Snapshot,
    questions: Sequence[Question],
    responses: Sequence[Response],
    k: int,
    mode: Mode,
    shuffler: Random | None = None,
) -> Rounds:
    """The second round beside the `first`, which was revealed before anyone could answer again.

    responses  what everyone says in the second round; whoever has not answered again, as in the first. `key` and
               `secret` are those of the first round: they tell who has changed
    """
    return Rounds(first.release, release(first.release.exercise, questions, responses, k, mode, first, shuffler))
