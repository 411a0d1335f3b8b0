"""One vocabulary of telling: sentences once, ids once in a page, and one colour for one thing."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from kit.disclosure import Band, ItemRelease, Release
from kit.exercise import exercise, exercises
from kit.figures.pen import INK, PAPER, STEPS, TINTS, contrast, tint_of
from kit.session import K_DEFAULT
from kit.summary import Bar, Figure, Heading, Matrix, Paragraph, Summary
from kit.telling import Telling, in_order, standing_out
from kit.testing import told
from kit.texts import languages, say, section
from kit.views.html import render

SLUGS = list(exercises())
ALL = [(slug, lang) for slug in SLUGS for lang in languages()]
# The end where there is most to do and the good end, of every scale that a figure shows.
ENDS = {
    "reflection": ("growth", "strength"), "partnership": ("strongly_disagree", "strongly_agree"),
    "strengths": ("need", "offer"), "resources": ("not_known", "well"), "agreement": ("to_discuss", "agreed"),
    "pulse": ("fell", "rose"), "action_plan": ("not_planned", "planned"),
}  # fmt: skip


def figures(made: Summary) -> list[Figure]:
    return [block for block in made.blocks if isinstance(block, Figure) and block.kind == "stack"]


def name(slug: str, scale: str, option: str) -> str:
    """What an option is called in a legend."""
    texts = exercise(slug).texts("en")
    return texts.sentences.get(f"band_{option}") or texts.option(scale, option)


# ---- sentences


@pytest.mark.parametrize("slug", SLUGS)
def test_what_all_exercises_say_stands_in_none_of_them(slug: str) -> None:
    shared = set(section("en", "telling"))
    assert {"too_few", "percent", "share", "most", "not_shown", "held", "either", "decimal"} <= shared
    assert not shared & set(exercise(slug).structure.sentences)


@pytest.mark.parametrize(("slug", "lang"), ALL)
def test_too_few_is_said_in_the_same_words_everywhere(slug: str, lang: str) -> None:
    (only,) = told(exercise(slug), lang, K_DEFAULT - 1).blocks
    assert only == Paragraph(say(lang, "telling.too_few", k=K_DEFAULT), "note")


def test_nothing_is_called_held_back() -> None:
    for slug in SLUGS:
        texts = exercise(slug).texts("en")
        assert not any("held back" in sentence.lower() for sentence in texts.sentences.values()), slug
    assert "held back" not in str(section("en", "report")).lower()


# ---- ids


@pytest.mark.parametrize("lang", languages())
def test_no_two_parts_of_eight_exercises_have_one_id(lang: str) -> None:
    page = "".join(render(told(exercise(slug), lang, 60), lang, 2) for slug in SLUGS)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) > len(SLUGS)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("slug", SLUGS)
def test_ids_begin_with_the_exercise(slug: str) -> None:
    ids = [block.id for block in told(exercise(slug), "fr", 60).blocks if isinstance(block, Heading) and block.id]
    assert ids
    assert all(one.startswith(f"{slug}-") for one in ids)


# ---- colours


@pytest.mark.parametrize("slug", sorted(ENDS))
@pytest.mark.parametrize("people", [24, 80])
def test_the_good_end_has_one_colour_and_the_other_end_another(slug: str, people: int) -> None:
    model = exercise(slug)
    worst, best = ENDS[slug]
    scale = next(name for name, one in model.structure.scales.items() if {worst, best} <= set(one.options))
    low, high = (name(slug, scale, one) for one in (worst, best))
    labels = {low: {0}, high: set[int]()}
    found = 0
    for figure in figures(told(model, "en", people)):
        if figure.palette == "steps":
            continue
        labels[high] = {figure.tints - 1}
        for bar in (bar for row in figure.rows for bar in row.bars if bar.label in labels):
            assert bar.tint in {(one,) for one in labels[bar.label]}, bar
            found += 1
        for row in figure.rows:
            places = [sum(bar.tint) / len(bar.tint) for bar in row.bars if isinstance(bar.tint, tuple)]
            assert places == sorted(places), "from the left, where there is most to do, to the good end"
    assert found or people < 80


def test_the_ends_look_alike_whatever_the_number_of_steps() -> None:
    warm = {tint_of(0, steps).fill for steps in (3, 5)}
    assert warm == {TINTS[0].fill}
    assert {tint_of(steps - 1, steps).fill for steps in (2, 3, 4, 5)} == {TINTS[-1].fill}
    assert not {one.fill for one in STEPS} & {one.fill for one in TINTS}


@pytest.mark.parametrize("steps", [2, 3, 4, 5])
def test_what_was_joined_never_wears_the_colour_of_one_of_its_parts(steps: int) -> None:
    singles = [tint_of(one, steps) for one in range(steps)]
    assert [tint_of((one,), steps) for one in range(steps)] == singles
    for size in range(2, steps + 1):
        for parts in combinations(range(steps), size):
            mixed = tint_of(parts, steps)
            assert mixed.upright
            assert not any(one.upright for one in singles)
            assert mixed.fill not in {one.fill for one in singles}
            assert contrast(mixed.fill, mixed.ink) >= 4.5, (parts, mixed)


def test_steps_in_which_none_is_better_can_be_read() -> None:
    assert all(contrast(one.fill, one.ink) >= 4.5 for one in STEPS)
    assert {one.ink for one in STEPS} <= {INK, PAPER}


def test_a_cell_of_the_sectors_has_the_colour_of_its_bar() -> None:
    made = told(exercise("strengths"), "en", 200)
    matrices = [block for block in made.blocks if isinstance(block, Matrix)]
    for matrix in matrices:
        need, neither, both, offer = (tint_of(tint, matrix.steps) for tint in matrix.tints)
        assert (need, neither, offer) == tuple(tint_of(one, 3) for one in range(3))
        assert both.upright


# ---- words


class Words(Telling):
    """Two answers of an exercise, told."""


def telling(lang: str = "en") -> Telling:
    return Words(exercise("partnership"), Release("partnership", 5, 10, "sector"), lang)


def test_shares_are_told_alike_in_words_bars_and_cells() -> None:
    words = telling()
    scale = words.scales["agree"].options
    low, high = Band(scale[:2], 20, 35), Band(scale[2:], 65, 80)
    one = ItemRelease("power_shared", scale, (low, high))
    row = words.row("agree", "Power", one)
    assert [bar.said for bar in row.bars] == ["20–35", "65–80"]
    assert row.bars[0].tint == (0, 1)
    told_low = say("en", "telling.share", option=row.bars[0].label, percent="20–35%")
    assert words.shares("agree", one).startswith(told_low)
    assert words.cell("agree", one, scale[0]) == words.cell("agree", one, scale[1]) == told_low
    assert words.cell("agree", ItemRelease("power_shared"), scale[0]) == say("en", "telling.not_shown")
    assert words.row("agree", "Power", ItemRelease("power_shared")).note == say("en", "telling.not_shown")


def test_groups_stand_in_one_order() -> None:
    assert in_order(["together", "other", "Maison B", "settlement", "Atelier A", "other"]) == [
        "settlement", "other", "Atelier A", "Maison B", "together",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({}, None), ({"a": 2.0}, "a"), ({"a": 2.0, "b": 1.0}, "a"), ({"a": 1.0, "b": 2.0, "c": 1.0}, "b"),
        ({"a": 2.0, "b": 2.0}, None), ({"a": 2.0, "b": 2.0, "c": 1.0}, None), (dict.fromkeys("abcde", 2.5), None),
    ],
)  # fmt: skip
def test_a_tie_names_none(values: dict[str, float], named: str | None) -> None:
    assert standing_out(values) == named


def test_a_bar_takes_one_step_or_several() -> None:
    assert Bar("x", 10, 0).tint == 0
    assert tint_of(0, 5) == tint_of((0,), 5)
