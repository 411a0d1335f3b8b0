"""What a room will be told is foreseen from its head counts alone, and kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.disclosure import foresee, release
from kit.disclosure.foresight import KINDS
from kit.exercise import Question, exercise, exercises
from kit.foretelling import foretold
from kit.session import Mode, Response, Sector
from kit.texts import languages

AGREE = ("no2", "no1", "mid", "yes1", "yes2")
OPEN = Question("open", AGREE, ("dk",), ordered=True, compare=True)
TOUCHY = replace(OPEN, item="sensitive", sensitive=True)
# Forks of a story: two ways lead on from the first, and only one of them to the last.
FORK = Question("fork", ("left", "right"))
ONWARD = Question("onward_open", ("up", "down"), within=(("fork", "left"),))
CAREFUL = replace(ONWARD, item="onward_sensitive", sensitive=True)
TEXT = Question("text", text=True)
QUESTIONS = (OPEN, TOUCHY, ONWARD, CAREFUL, FORK, TEXT)
QUESTIONS_BY = {one.item: one for one in QUESTIONS}
SAID = (*AGREE, "dk", "")


def answered(sector: Sector, key: int, rng: Random, bent: float) -> Response:
    """Somebody who answers at random, or as their sector does."""
    said: dict[str, Any] = {"took": "part", "text": {"text": f"line {key}", "share": True}}
    for one in (OPEN, TOUCHY):
        own = AGREE[-1] if len(sector) % 2 else AGREE[0]
        if answer := own if rng.random() < bent else rng.choice(SAID):
            said[one.item] = answer
    if rng.random() < 0.9:
        said["fork"] = "left" if rng.random() < max(bent, 0.5) else "right"
    # Whoever began the story again has kept what they chose further on.
    if said.get("fork") == "left" or rng.random() < 0.1:
        said |= {one.item: rng.choice(one.options) for one in (ONWARD, CAREFUL) if rng.random() < max(bent, 0.8)}
    return Response(str(key), sector, said)


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=len(Sector)), st.integers(3, 8), st.integers(0, 2**30),
    st.sampled_from([0.0, 0.5, 0.9, 1.0]),
)  # fmt: skip
@settings(max_examples=250, deadline=None)
def test_what_is_foreseen_is_kept(sizes: list[int], k: int, seed: int, bent: float) -> None:
    rng, sectors = Random(seed), [sector for sector, n in zip(Sector, sizes, strict=False) for _ in range(n)]
    seen = foresee(QUESTIONS, Counter(map(str, sectors)), k)
    people = [answered(sector, at, rng, bent) for at, sector in enumerate(sectors)]
    made = release("x", QUESTIONS, people, k, Mode.ANONYMOUS).release
    for name in KINDS:
        kind, item = seen.kinds[name], made.items.get(name)
        cells, leanings = (item.cells, item.leanings) if item else ((), {})
        if kind.told == "never":
            assert not cells
        if kind.told == "always":
            assert cells
        if cells:
            assert {band.low for band in cells} <= {0} | {low for low in range(101) if low >= (kind.above or 0)}
            assert (len(cells) == len(QUESTIONS_BY[name].options)) == (kind.fine or name.startswith("onward"))
        if cells and name.startswith("onward"):
            came = made.items["fork"].least("left")
            assert came >= (kind.above or 0)
            assert sum(band.low for band in cells) <= came
        assert set(leanings) in (set(), set(kind.groups))
    assert bool(made.texts) == seen.texts


@pytest.mark.parametrize("n", [8, 12, 16, 40])
def test_perhaps_means_both(n: int) -> None:
    """Where it depends on the answers, there are rooms of this size that hear something, and rooms that do not."""
    sizes = {"other": n}
    for question in (OPEN, TOUCHY):
        kind = foresee((question,), sizes, 5).kinds["sensitive" if question.sensitive else "open"]
        rooms = (["yes2"] * n, [AGREE[at % 5] for at in range(n)])
        told = []
        for room in rooms:
            people = [Response(str(at), Sector.OTHER, {question.item: one}) for at, one in enumerate(room)]
            told.append(release("x", (question,), people, 5, Mode.ANONYMOUS).release.items[question.item].cells)
        assert (kind.told == "perhaps") == (bool(told[0]) and not told[1])


@pytest.mark.parametrize("n", [8, 12, 16, 40])
def test_a_later_fork_is_foreseen_as_perhaps_and_both_happen(n: int) -> None:
    """Where nearly all took the way there it is told, where few did it is not: that is all that head counts say."""
    kind = foresee((FORK, ONWARD), {"other": n}, 5).kinds["onward_open"]
    assert kind.told == "perhaps"

    def told(went: int) -> bool:
        ways = [{"fork": "left", "onward_open": "up"}] * went + [{"fork": "right"}] * (n - went)
        people = [Response(str(at), Sector.OTHER, dict(way)) for at, way in enumerate(ways)]
        return bool(release("x", (ONWARD, FORK), people, 5, Mode.ANONYMOUS).release.items["onward_open"].cells)

    assert told(n)
    assert not told(1)


def test_a_story_is_foreseen_by_its_first_forks_and_its_later_ones() -> None:
    model = exercise("scenarios")
    asked = model.questions(model.unnamed)
    seen = foresee(asked, {"other": 12}, 5)
    assert seen.items["onward_open"] == sum(bool(one.within) for one in asked) > 0
    assert (seen.kinds["open"].told, seen.kinds["onward_open"].told) == ("always", "perhaps")
    assert sum(seen.items.values()) == len(asked)


@pytest.mark.parametrize("slug", exercises())
@pytest.mark.parametrize("lang", languages())
def test_a_trainer_reads_it_in_words(slug: str, lang: str) -> None:
    model, lenses = exercise(slug), ()
    for sizes in ({"settlement": 3}, {"settlement": 9, "municipal": 9, "other": 6}, {"settlement": 40, "other": 20}):
        for mode in Mode:
            lines = foretold(model, sizes, mode, 5, lang, lenses, {"One": 30, "Two": 30})
            assert lines
            assert not any("{" in line for line in lines)


def test_sectors_that_can_be_set_side_by_side_are_named() -> None:
    lines = foretold(exercise("agreement"), {"settlement": 9, "municipal": 8, "other": 5}, Mode.ANONYMOUS, 5, "en")
    assert any("Settlement" in line and "side by side" in line for line in lines), lines
