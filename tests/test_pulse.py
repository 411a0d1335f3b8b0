"""Before and after: pairs from one seat, what a person is told, and what a group may hear of change."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.disclosure import Release, Snapshot, release
from kit.exercises.pulse.model import Model
from kit.exercises.pulse.summary import summarise
from kit.session import Mode, Response, Sector, Value
from kit.summary import Bullets, Figure, Heading, Paragraph, Profile, Quotes, Summary
from kit.texts import say

LANGS = ("fr", "en")
MODEL = Model("kit.exercises.pulse")
LENSES = tuple(lens.id for lens in MODEL.structure.lenses)
ALL = MODEL.statements(LENSES)
SCALE = MODEL.structure.scales["degree"].options


def bullets(summary: Summary) -> dict[str, tuple[str, ...]]:
    return {block.title: block.items for block in summary.blocks if isinstance(block, Bullets)}


def figures(summary: Summary) -> dict[str, Figure]:
    return {block.title: block for block in summary.blocks if isinstance(block, Figure)}


def snapshot(*answers: dict[str, Value], before: Snapshot | None = None, k: int = 5) -> Snapshot:
    responses = [
        Response(f"{n:03}", Sector.OTHER, MODEL.counted(one, LENSES)) for n, one in enumerate(answers)
    ]
    return release("pulse", MODEL.questions(LENSES), responses, k, Mode.ANONYMOUS, before, Random(1))


def group(*answers: dict[str, Value]) -> Release:
    return snapshot(*answers).release


def told(lang: str, *answers: dict[str, Value]) -> Summary:
    return summarise(MODEL, group(*answers), lang, LENSES)


# ---- content


def test_each_statement_is_asked_at_three_moments_and_belongs_to_one_exercise() -> None:
    assert len(ALL) == 8
    assert MODEL.statements() == ("contacts",)
    for lens in LENSES[1:]:
        assert len(MODEL.statements((lens,))) == 2
    for one in ALL:
        moments = [MODEL.structure.item(f"{moment}_{one}") for moment in ("before", "now", "later")]
        assert len({item.lenses for item in moments if item}) == 1
        assert [item.scale for item in moments if item] == ["degree"] * 3


def test_the_scale_has_five_steps_and_i_dont_know_beside_it() -> None:
    assert len(SCALE) == 5
    assert MODEL.structure.scales["degree"].apart == ("dont_know",)
    assert MODEL.structure.scales["degree"].ordered


def test_before_and_now_stand_together_and_the_follow_up_comes_last() -> None:
    sections = MODEL.structure.chosen(LENSES)
    for section, one in zip(sections, ALL, strict=False):
        assert [item.id for item in section.items] == [f"before_{one}", f"now_{one}"]
    assert [section.id for section in sections[-2:]] == ["next_step", "later"]
    assert all(item.group == "later" or item.id == "kept" for item in sections[-1].items)


# ---- pairs


@given(first=st.sampled_from([None, *SCALE, "dont_know"]), then=st.sampled_from([None, *SCALE, "dont_know"]))
def test_a_change_needs_two_ratings_of_the_same_seat(first: str | None, then: str | None) -> None:
    answers: dict[str, Value] = {}
    if first:
        answers["now_terms"] = first
    if then:
        answers["later_terms"] = then
    counted = MODEL.counted(answers, LENSES)
    if first in SCALE and then in SCALE:
        step = SCALE.index(then) - SCALE.index(first)
        assert counted["lasted_terms"] == ("rose" if step > 0 else "fell" if step < 0 else "same")
    else:
        assert "lasted_terms" not in counted
    assert "change_terms" not in counted
    assert not set(counted) & set(answers), "what was said at one moment is not counted"


def test_a_lens_that_is_off_is_not_compared() -> None:
    answers: dict[str, Value] = {"before_terms": "none", "now_terms": "full"}
    assert "change_terms" in MODEL.counted(answers, ("agreement",))
    assert "change_terms" not in MODEL.counted(answers, ())
    assert "change_terms" not in {question.item for question in MODEL.questions(())}


def test_what_a_browser_says_of_a_change_is_not_taken() -> None:
    for item in ("change_terms", "lasted_terms"):
        assert MODEL.structure.item(item) is None


# ---- to the person


@pytest.mark.parametrize("lang", LANGS)
def test_a_person_hears_their_change_in_words_without_a_number(lang: str) -> None:
    texts = MODEL.texts(lang)
    answers: dict[str, Value] = {
        "before_contacts": "none", "now_contacts": "much", "before_terms": "half", "now_terms": "half",
        "before_steps": "full", "now_steps": "little", "before_offer": "dont_know", "now_offer": "full",
    }  # fmt: skip
    told = MODEL.feedback(answers, lang, LENSES)
    assert bullets(told) == {
        texts.say("rose"): (texts.say("short_contacts"),),
        texts.say("same"): (texts.say("short_terms"),),
        texts.say("fell"): (texts.say("short_steps"),),
    }
    assert Paragraph(texts.say("fell_note")) in told.blocks
    assert told.blocks[-1] == Paragraph(texts.say("come_back"))
    # The picture has places and no numbers either: a ring before, a dot now.
    (picture,) = [block for block in told.blocks if isinstance(block, Profile)]
    assert dict(picture.rows)[texts.say("short_contacts")] == (0, 3)
    assert dict(picture.twin.rows)[texts.say("short_steps")] == " → ".join(
        texts.option("degree", one) for one in ("full", "little")
    )
    said = [block for block in told.blocks[:-1] if block is not picture]
    assert not re.search(r"\d", repr([*said, picture.alt, picture.title, picture.twin]).replace("\\xa0", " "))


@pytest.mark.parametrize("lang", LANGS)
def test_weeks_later_the_same_person_hears_what_has_lasted(lang: str) -> None:
    texts = MODEL.texts(lang)
    answers: dict[str, Value] = {
        "before_contacts": "none", "now_contacts": "much", "later_contacts": "much", "now_terms": "half",
        "later_terms": "little", "commitment": {"text": "Call {x}", "share": True}, "kept": "begun",
    }  # fmt: skip
    told = MODEL.feedback(answers, lang, LENSES)
    assert Heading(texts.say("later_heading")) in told.blocks
    assert bullets(told)[texts.say("later_same")] == (texts.say("short_contacts"),)
    assert bullets(told)[texts.say("later_fell")] == (texts.say("short_terms"),)
    assert told.blocks[-2:] == (
        Paragraph(texts.say("commitment_shared", text="Call {x}")), Paragraph(texts.say("kept_begun")),
    )  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_kind_words_for_nothing_half_and_no_commitment(lang: str) -> None:
    texts = MODEL.texts(lang)
    assert MODEL.feedback({}, lang, LENSES).blocks == (Paragraph(texts.say("empty")),)
    half = MODEL.feedback({"now_terms": "full"}, lang, LENSES)
    assert Paragraph(texts.say("half_answered")) in half.blocks
    assert Paragraph(texts.say("commitment_missing")) in half.blocks
    none = MODEL.feedback({"now_terms": "full", "later_terms": "full", "kept": "made_none"}, lang, LENSES)
    assert Heading(texts.say("kept_heading")) not in none.blocks


# ---- the group


def rising(n: int, **more: Value) -> list[dict[str, Value]]:
    return [{"before_terms": "little", "now_terms": "much", **more} for _ in range(n)]


def staying(n: int, **more: Value) -> list[dict[str, Value]]:
    return [{"before_terms": "half", "now_terms": "half", **more} for _ in range(n)]


def others(n: int) -> list[dict[str, Value]]:
    """People who took part and gave no pair of answers."""
    return [{"now_contacts": "half", "commitment": {"text": "Mine", "share": False}} for _ in range(n)]


@pytest.mark.parametrize("lang", LANGS)
def test_a_group_hears_shares_of_change_and_nothing_of_one_moment(lang: str) -> None:
    texts = MODEL.texts(lang)
    summary = told(lang, *rising(8), *staying(8), *others(8))
    change = figures(summary)[texts.say("change_title")]
    row = next(row for row in change.twin.rows if row[0] == texts.say("short_terms"))
    few, half = (say(lang, "telling.percent", n=number) for number in ("0–20", "20–35"))
    assert row[1:] == (few, half, half)
    assert texts.say("later_change_title") not in figures(summary)
    assert not {item for item in group(*rising(20)).items if item.startswith(("before_", "now_", "later_"))}


def test_people_who_gave_one_answer_only_have_no_change() -> None:
    pairs = rising(4)
    only_before: list[dict[str, Value]] = [{"before_terms": "little", "kept": "done"} for _ in range(16)]
    few = group(*pairs, *only_before).items["change_terms"]
    assert all(band.few for band in few.cells)
    assert few.middle is None


def test_a_change_that_everyone_made_is_told_as_most() -> None:
    made = group(*rising(12))
    assert made.items["change_terms"].shape == "most"
    assert made.items["change_terms"].bands[0].options == ("rose",)


@pytest.mark.parametrize("lang", LANGS)
def test_weeks_later_is_told_of_all_who_took_part(lang: str) -> None:
    texts = MODEL.texts(lang)
    here = [*rising(8), *staying(8)]
    back = [{**one, "later_terms": "much" if n < 8 else "none"} for n, one in enumerate(here)]
    lasted = figures(told(lang, *back, *others(8)))[texts.say("later_change_title")]
    row = next(row for row in lasted.twin.rows if row[0] == texts.say("short_terms"))
    few, half = (say(lang, "telling.percent", n=number) for number in ("0–20", "20–35"))
    assert row[1:] == (half, half, few)


def test_one_person_who_comes_back_moves_nothing() -> None:
    """Between two reveals, a single answer is not found by comparing them."""
    here = [*rising(10), *staying(10)]
    back = [{**one, "later_terms": "much" if n < 10 else "none"} for n, one in enumerate(here)]
    first = snapshot(*back)
    second = snapshot({**back[0], "later_terms": "none"}, *back[1:], before=first)
    assert second.release == first.release
    assert second.news == 0


@pytest.mark.parametrize("lang", LANGS)
def test_what_became_of_the_commitments_is_told_as_shares(lang: str) -> None:
    texts = MODEL.texts(lang)
    shown = figures(told(lang, *rising(8, kept="done"), *staying(8, kept="not_yet"), *others(8)))
    (row,) = shown[texts.say("kept_title")].twin.rows
    assert row[1] == row[4] == say(lang, "telling.percent", n="20–35")


@pytest.mark.parametrize("lang", LANGS)
def test_commitments_need_k_writers_who_agreed(lang: str) -> None:
    def wrote(n: int, share: bool) -> list[dict[str, Value]]:
        return [{**one, "commitment": {"text": f"Line {i}", "share": share}} for i, one in enumerate(rising(n))]

    (quotes,) = [block for block in told(lang, *wrote(6, True)).blocks if isinstance(block, Quotes)]
    assert sorted(quotes.items) == [f"Line {n}" for n in range(6)]
    hidden = told(lang, *wrote(6, False), *wrote(4, True))
    assert "Line" not in repr(hidden.blocks)


@pytest.mark.parametrize("lang", LANGS)
def test_too_few_people_hear_why(lang: str) -> None:
    texts = MODEL.texts(lang)
    assert told(lang, *rising(4)).blocks == (Paragraph(say(lang, "telling.too_few", k=5), "note"),)
    alone = told(lang, *[{"kept": "done"} for _ in range(6)])
    assert Paragraph(texts.say("change_none"), "note") in alone.blocks


@given(seed=st.integers(), people=st.integers(5, 30), lang=st.sampled_from(LANGS))
def test_every_row_of_a_figure_stands_in_its_twin(seed: int, people: int, lang: str) -> None:
    rng = Random(seed)
    made = group(*(dict(MODEL.rehearse(rng, Sector.OTHER, lang, LENSES)) for _ in range(people)))
    for figure in figures(summarise(MODEL, made, lang, LENSES)).values():
        assert {row.label for row in figure.rows} <= {row[0] for row in figure.twin.rows}


# ---- the page


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_is_told_what_the_two_moments_are_called(lang: str) -> None:
    texts = MODEL.texts(lang)
    assert MODEL.content(lang, LENSES)["moments"] == [texts.say("col_before"), texts.say("col_now")]
    for one in ALL:
        for moment in ("before", "now"):
            assert MODEL.texts(lang).text(f"{moment}_{one}").startswith(texts.say(f"col_{moment}"))
