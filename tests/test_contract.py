"""Every exercise, in every language, through its contract: the tests are made from the content."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.errors import KitError, UnknownExercise
from kit.exercise import exercise, exercises
from kit.summary import Drawn
from kit.testing import ExerciseContract, told
from kit.texts import languages

ROOT = Path(__file__).parents[1]
SLUGS = list(exercises())


class TestContract(ExerciseContract):
    slugs = SLUGS


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("lang", languages())
def test_a_room_gets_a_picture(slug, lang):
    # Of five people nothing can be told without giving an answer away.
    assert [block for block in told(exercise(slug), lang, 24).blocks if isinstance(block, Drawn)]


@pytest.mark.parametrize("slug", SLUGS)
def test_it_can_be_studied_alone(slug):
    """One form serves all: the notebooks differ in the name of the exercise only."""
    book = (ROOT / "notebooks" / f"{slug}.ipynb").read_text("utf-8")
    assert book == (ROOT / "notebooks" / "reflection.ipynb").read_text("utf-8").replace("reflection", slug)
    assert json.loads(book)["cells"][0]["source"][-1] == f'kit.open_exercise("{slug}")'


def test_half_a_character_is_left_out():
    value = exercise("reflection").check("commitment", {"text": "call \ud83d them", "share": True})
    assert value == {"text": "call them", "share": True}


def test_a_workshop_goes_from_oneself_to_what_is_done_together():
    assert SLUGS == [
        "reflection", "strengths", "scenarios", "resources", "partnership", "agreement", "action_plan", "pulse",
    ]  # fmt: skip


def test_an_unknown_exercise_names_those_that_exist():
    with pytest.raises(UnknownExercise, match="agreement, action_plan, pulse"):
        exercise("nothing")
    assert issubclass(UnknownExercise, KitError)
