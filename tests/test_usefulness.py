"""Protection that hides everything is no protection: what small rooms are told of each exercise."""

from __future__ import annotations

import pytest

from bench.told import counts, people
from kit.exercise import exercise, exercises
from kit.results import summary
from kit.texts import languages
from tests.auditor.rooms import released

ALIKE = ("uniform", "polarised", "consensual")


@pytest.mark.parametrize("slug", exercises())
@pytest.mark.parametrize("kind", ALIKE)
def test_a_room_of_twelve_hears_something_that_another_room_would_not(slug: str, kind: str) -> None:
    """A statement is what the summary would not say without the item: that nothing is told is none."""
    model = exercise(slug)
    assert counts(model, people(model, kind, 12, 0))["told"] > 0


@pytest.mark.parametrize("slug", exercises())
def test_rooms_of_twelve_that_think_otherwise_are_told_otherwise(slug: str) -> None:
    model = exercise(slug)
    lenses = tuple(lens.id for lens in model.structure.lenses)
    for lang in languages():
        told = {repr(summary(released(model, people(model, kind, 12, 0)), lang, lenses)) for kind in ALIKE}
        # With two options, half and half is uniform and polarised at once.
        assert len(told) > 1
