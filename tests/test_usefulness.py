"""Protection that hides everything is no protection: what small rooms are told of each exercise."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.earlier import ROOT, run_with
from bench.told import SIZES, counts, every, hears_something, people, released
from bench.usefulness import DOCS
from bench.usefulness_words import WORDS
from kit.exercise import exercise, exercises
from kit.summaries import summary
from kit.texts import languages
from tests.support.long import in_test_long

ALIKE = ("uniform", "polarised", "consensual")


def lenses_of(slug: str) -> list[tuple[str, ...]]:
    """What a trainer can ask for: nothing, each lens alone, all of them; and what an earlier edition asked."""
    model = exercise(slug)
    alone = [(one,) for one in model.structure.every]
    return list(dict.fromkeys([(), *alone, every(model)]))


ASKED = [(slug, lenses) for slug in exercises() for lenses in lenses_of(slug)]


@pytest.mark.parametrize(("slug", "lenses"), ASKED)
def test_a_room_of_twelve_hears_something_that_another_room_would_not(slug: str, lenses: tuple[str, ...]) -> None:
    """However they answer. A statement is what the summary would not say without the item: that nothing is told is
    none."""
    model = exercise(slug)
    for kind in ALIKE:
        assert hears_something(model, people(model, kind, 12, 0, lenses), lenses), kind


@pytest.mark.parametrize(("slug", "lenses"), ASKED)
def test_rooms_of_twelve_that_think_otherwise_are_told_otherwise(slug: str, lenses: tuple[str, ...]) -> None:
    model = exercise(slug)
    made = [released(model, people(model, kind, 12, 0, lenses), lenses) for kind in ALIKE]
    for lang in languages():
        # With two options, half and half is uniform and polarised at once.
        assert len({repr(summary(one, lang, lenses)) for one in made}) > 1


def test_a_room_of_twelve_hears_what_most_showed_by_their_choices() -> None:
    """Of a story's decisions hardly any is made by more than half of a room that chooses among all stories."""
    model = exercise("scenarios")
    found = [counts(model, people(model, "rehearsed", 12, seed)) for seed in range(3)]
    assert all(one["shown"] > one["traits"] / 3 for one in found)


@pytest.mark.parametrize(("lang", "path"), DOCS.items())
def test_the_tables_tell_of_every_exercise_and_size(lang: str, path: Path) -> None:
    text = path.read_text("utf-8")
    assert all(f"| `{slug}` (" in text for slug in exercises())
    assert f"| {' | '.join(map(str, SIZES))} |" in text
    assert WORDS[lang]["top"] in text


@pytest.mark.slow
@in_test_long
def test_a_reveal_is_measured() -> None:
    found = run_with(ROOT, "revealing.py", "12", "1", "agreement")
    assert [len(times) for times in found.values()] == [1]
