"""Below one's own picture stands one next step, which follows from one's own answers: one, no score, in plain words."""

from __future__ import annotations

import re
from random import Random

import pytest

from kit.exercise import exercise, exercises
from kit.picture import first_seen
from kit.session import Sector, Value
from kit.summary import Bullets, Heading, Paragraph, Profile, Summary
from kit.texts import languages, say

MINE: dict[str, Value] = {"text": "Appeler", "share": False}
# Answers, the sentence that they lead to, and what of the exercise must stand in it: (section, item or option, part).
CASES: list[tuple[str, dict[str, Value], str, tuple[str, str, str]]] = [
    ("reflection", {"all_bias": "growth", "people_choice": "growth"}, "step_growth", ("items", "all_bias", "next")),
    ("reflection", {"all_bias": "growth", "commitment": MINE}, "step_commitment", ("", "", "")),
    ("reflection", {"all_bias": "strength", "people_choice": "unsure"}, "step_unsure",
     ("items", "people_choice", "text")),
    ("reflection", {"all_bias": "strength", "all_power": "strength"}, "step_strength", ("items", "all_power", "text")),
    ("partnership", {"power_shared": "disagree", "known_roles": "dont_know"}, "step_gap",
     ("items", "power_shared", "ask")),
    ("partnership", {"known_roles": "dont_know", "capacity": "neither"}, "step_unknown",
     ("items", "known_roles", "text")),
    ("partnership", {"capacity": "neither", "structure": "agree"}, "step_middle", ("items", "capacity", "text")),
    ("partnership", {"structure": "agree"}, "step_solid", ("items", "structure", "text")),
    ("resources", {"know_food": "not_known", "know_health": "well"}, "step_not_known", ("scales", "type", "food")),
    ("resources", {"know_food": "a_little", "know_health": "well"}, "step_a_little", ("scales", "type", "food")),
    ("resources", {"know_health": "well", "know_food": "none_here"}, "step_well", ("scales", "type", "health")),
    ("resources", {"know_food": "none_here"}, "step_none_here", ("scales", "type", "food")),
    ("agreement", {"vision_status": "agreed", "line_status": "to_discuss"}, "step_to_discuss",
     ("sections", "line", "ask")),
    ("agreement", {"vision_status": "agreed"}, "step_gap", ("sections", "vision", "title")),
    ("agreement", {"vision_status": "not_for_us"}, "step_unmarked", ("sections", "goals", "ask")),
    ("pulse", {"now_contacts": "much", "now_terms": "little"}, "step_lowest", ("sentences", "short_terms", "")),
    ("pulse", {"now_contacts": "much", "commitment": MINE}, "step_commitment", ("", "", "")),
    ("strengths", {"trauma": "need", "housing": "offer"}, "next_exchange", ("scales", "topic", "trauma")),
]  # fmt: skip


def steps(told: Summary, lang: str) -> list[str]:
    """What stands under "one next step"."""
    title = Heading(say(lang, "form.next_step"))
    found = [told.blocks[at + 1] for at, block in enumerate(told.blocks) if block == title]
    assert all(isinstance(one, Paragraph) and one.tone == "question" for one in found)
    return [one.text for one in found if isinstance(one, Paragraph)]


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize(("slug", "answers", "key", "part"), CASES, ids=lambda one: one if isinstance(one, str) else "")
def test_the_step_is_drawn_from_ones_own_answers(
    slug: str, answers: dict[str, Value], key: str, part: tuple[str, str, str], lang: str
) -> None:
    model = exercise(slug)
    texts = model.texts(lang)
    (step,) = steps(model.feedback(answers, lang, model.unnamed), lang)
    start = re.split(r"\{\w+\}", texts.sentences[key])[0]
    assert step.startswith(start)
    section, name, which = part
    if section:
        said = getattr(texts, section)[name]
        assert (said[which] if which else said).rstrip(".") in step


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("slug", [slug for slug in exercises() if slug != "scenarios"])
def test_whoever_has_a_picture_has_one_step_below_it_and_no_number(slug: str, lang: str) -> None:
    model = exercise(slug)
    for seed in range(20):
        answers = dict(model.rehearse(Random(seed), Sector.OTHER, lang, model.unnamed))
        told = model.feedback(answers, lang, model.unnamed)
        pictures = [at for at, block in enumerate(told.blocks) if isinstance(block, Profile)]
        if not pictures or "kept" in answers:
            continue
        assert told.blocks[pictures[0] + 1] == Heading(say(lang, "form.next_step"))
        (step,) = steps(told, lang)
        assert not re.search(r"\d|[{}]", step)
    assert steps(model.feedback({}, lang, model.unnamed), lang) == []


@pytest.mark.parametrize("lang", languages())
def test_of_a_story_what_was_leaned_on_most_and_one_step_come_first(lang: str) -> None:
    model = exercise("scenarios")
    for seed in range(20):
        answers = dict(model.rehearse(Random(seed), Sector.OTHER, lang, model.unnamed))
        told = model.feedback(answers, lang, model.unnamed)
        seen, rest = told.blocks[: first_seen(told.blocks, lang)], told.blocks[first_seen(told.blocks, lang) :]
        (leaned,) = [block for block in seen if isinstance(block, Bullets)]
        assert 1 <= len(leaned.items) <= 2
        (step,) = steps(told, lang)
        assert seen[-1] == Paragraph(step, "question")
        # The way through each story, with what was chosen there, waits in the fold.
        paths = [block for block in rest if isinstance(block, Bullets) and block.title == model.texts(lang).say("path")]
        assert sum(len(one.items) for one in paths) == len(answers)
    assert steps(model.feedback({}, lang, model.unnamed), lang) == []


@pytest.mark.parametrize("lang", languages())
def test_an_agreement_of_which_all_is_settled_goes_to_a_partner(lang: str) -> None:
    model = exercise("agreement")
    answers: dict[str, Value] = {}
    for section in model.structure.sections:
        for item in section.items:
            if item.kind == "choice" and item.about is None:
                answers[item.id] = "agreed"
    answers |= {one: "not_for_us" for one in answers if one != "vision_status"}
    answers["vision_text"] = MINE
    (step,) = steps(model.feedback(answers, lang), lang)
    assert step == model.texts(lang).say("step_agreed")
