"""Protection that hides everything is no protection: what small rooms are told of each exercise."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.earlier import ROOT, run_with
from bench.told import SIZES, counts, people
from bench.usefulness import DOCS
from bench.usefulness_words import WORDS
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


@pytest.mark.parametrize(("lang", "path"), DOCS.items())
def test_the_tables_tell_of_every_exercise_and_size(lang: str, path: Path) -> None:
    text = path.read_text("utf-8")
    assert all(f"| `{slug}` (" in text for slug in exercises())
    assert f"| {' | '.join(map(str, SIZES))} |" in text
    assert WORDS[lang]["top"] in text


@pytest.mark.slow
def test_a_reveal_is_measured() -> None:
    found = run_with(ROOT, "revealing.py", "12", "1", "agreement")
    assert [len(times) for times in found.values()] == [1]
