"""Every exercise, in every language, through its contract: the tests are made from the content."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from random import Random

import pytest

from kit.content import check, known_sources
from kit.disclosure import release
from kit.errors import AnswerRefused, KitError, StaysOnDevice, TextTooLong, UnknownExercise, UnknownItem, WrongOption
from kit.exercise import exercise, exercises
from kit.session import Mode, Response, Sector
from kit.stories import check as check_stories
from kit.summary import Drawn, Figure, Summary
from kit.texts import languages

ROOT = Path(__file__).parents[1]
ALL = [pytest.param(slug, lang, id=f"{slug}-{lang}") for slug in exercises() for lang in languages()]
SLUGS = list(exercises())


def lenses(model):
    return tuple(lens.id for lens in model.structure.lenses)


def rehearsed(model, lang, people=24, seed=3):
    sectors = [Sector.SETTLEMENT] * 9 + [Sector.ANTI_VIOLENCE] * 8 + [Sector.MUNICIPAL] * 5 + [Sector.HEALTH_HIV] * 2
    responses = []
    for n in range(people):
        given = model.rehearse(Random(f"{seed}/{n}"), sectors[n % 24], lang, lenses(model))
        answers = {item: model.check(item, value, lenses(model)) for item, value in given}
        responses.append(Response(f"{n:03}", sectors[n % 24], answers))
    return responses


def counted(model, responses):
    return [replace(one, answers=model.counted(one.answers, lenses(model))) for one in responses]


@pytest.mark.parametrize("slug", SLUGS)
def test_its_content_is_sound(slug):
    assert check(exercise(slug).folder) + check_stories(exercise(slug).folder) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_it_can_be_studied_alone(slug):
    book = json.loads((ROOT / "notebooks" / f"{slug}.ipynb").read_text("utf-8"))
    assert slug in "".join(book["cells"][0]["source"])
    assert not any(cell.get("outputs") for cell in book["cells"])


@pytest.mark.parametrize("slug", SLUGS)
def test_every_item_has_a_source(slug):
    sources = [source for _, source in exercise(slug).structure.sources()]
    assert set(sources) <= set(known_sources())
    assert all(item.source for item in exercise(slug).structure.items())


@pytest.mark.parametrize(("slug", "lang"), ALL)
def test_what_the_page_shows_is_plain_json_in_one_language(slug, lang):
    model = exercise(slug)
    shown = json.loads(json.dumps(model.content(lang, lenses(model))))
    ids = [item["id"] for section in shown["sections"] for item in section["items"]]
    assert ids == [item.id for item in model.structure.items(lenses(model))]
    assert shown["lang"] == lang
    assert all(item["text"] for section in shown["sections"] for item in section["items"])


@pytest.mark.parametrize(("slug", "lang"), ALL)
def test_rehearsed_answers_are_allowed_and_plausible(slug, lang):
    responses = rehearsed(exercise(slug), lang)
    assert all(one.answers for one in responses)
    journals = {item.id for item in exercise(slug).structure.items() if item.kind == "journal"}
    assert not any(journals & set(one.answers) for one in responses)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_same_seed_gives_the_same_answers(slug):
    assert rehearsed(exercise(slug), "fr") == rehearsed(exercise(slug), "fr")
    assert rehearsed(exercise(slug), "fr") != rehearsed(exercise(slug), "fr", seed=4)


@pytest.mark.parametrize(("slug", "lang"), ALL)
def test_everyone_is_told_something_whatever_they_answered(slug, lang):
    model = exercise(slug)
    for answers in ({}, *(one.answers for one in rehearsed(model, lang, 6))):
        told = model.feedback(answers, lang, lenses(model))
        assert isinstance(told, Summary)
        assert told.blocks


@pytest.mark.parametrize(("slug", "lang"), ALL)
@pytest.mark.parametrize("people", [0, 4, 5, 24])
def test_a_group_is_told_from_its_release_alone(slug, lang, people):
    model = exercise(slug)
    responses = counted(model, rehearsed(model, lang, people))
    made = release(slug, model.questions(lenses(model)), responses, 5, Mode.ANONYMOUS, None, Random(1)).release
    told = import_module(f"{model.package}.summary").summarise(model, made, lang, lenses(model))
    pictures = [block for block in told.blocks if isinstance(block, Drawn)]
    assert told.title
    if people < 5:
        assert not pictures
    elif people > 5 or model.structure.items():
        # Five people whose ways part at each fork of a story have no share that can be shown.
        assert pictures
    assert all(picture.alt and picture.twin.rows for picture in pictures)
    for figure in (picture for picture in pictures if isinstance(picture, Figure)):
        twin = {row[0] for row in figure.twin.rows}
        assert {row.label for row in figure.rows} <= twin


@pytest.mark.parametrize("slug", SLUGS)
def test_wrong_answers_are_refused_with_a_reason(slug):
    model = exercise(slug)
    options = lenses(model)
    for item in model.structure.items(options):
        wrong = [
            7,
            1.5,
            True,
            [],
            {},
            "no such option",
            {"text": 3},
            {"text": "a", "share": "yes"},
            {"text": "a", "x": 1},
        ]
        asked = f"{item.id}.r0000" if item.kind == "rows" else item.id
        for value in wrong:
            if item.kind == "rows" and value == {}:
                continue  # a row in which nothing is filled in yet
            with pytest.raises((AnswerRefused, StaysOnDevice)) as told:
                model.check(asked, value, options)
            assert all(str(told.value.tell(lang)) for lang in languages())
        if item.kind == "text":
            with pytest.raises(TextTooLong):
                model.check(item.id, {"text": "x" * (item.limit + 1)}, options)
    with pytest.raises(UnknownItem):
        model.check("no_such_item", "agree", options)
    with pytest.raises(WrongOption):
        model.options(("no_such_lens",))


@pytest.mark.parametrize("slug", SLUGS)
def test_an_item_of_a_lens_that_is_off_is_unknown(slug):
    model = exercise(slug)
    off = {item.id for item in model.structure.items()} - {item.id for item in model.structure.items(())}
    for item in off:
        with pytest.raises(UnknownItem):
            model.check(item, None, ())


def test_half_a_character_is_left_out():
    value = exercise("reflection").check("commitment", {"text": "call \ud83d them", "share": True})
    assert value == {"text": "call them", "share": True}


def test_an_unknown_exercise_names_those_that_exist():
    with pytest.raises(UnknownExercise, match="partnership, pulse, reflection"):
        exercise("nothing")
    assert issubclass(UnknownExercise, KitError)
