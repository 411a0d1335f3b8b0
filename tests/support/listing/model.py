"""An exercise that is a list, for tests: every kind of column, and files in and out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from kit.exercise import Exercise
from kit.session import Sector, Value
from kit.summary import Paragraph, Summary


class Model(Exercise):
    """One list."""

    def feedback(self, answers: Mapping[str, Value], lang: str, options: tuple[str, ...] = ()) -> Summary:
        return Summary("List", (Paragraph(str(len(answers))),))

    def rehearse(
        self, rng: Random, sector: Sector, lang: str, options: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, Value]]:
        yield "plan.r0000", {"what": "Call", "share": False}
