"""The contract tests of an exercise, for the tests of the package that brings it:

    from kit.testing import ExerciseContract


    class TestContract(ExerciseContract):
        slugs = ("the_slug",)

The package must be installed, so that its entry point is there. Each test below is made for each of the slugs and each
language; `kit check` says the same of the content in an author's words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any, ClassVar

import pytest

from kit.content import known_sources
from kit.content_check import check
from kit.disclosure import release
from kit.errors import AnswerRefused, StaysOnDevice, TextTooLong, UnknownItem, WrongOption
from kit.exercise import Exercise, exercise, left_out
from kit.session import K_DEFAULT, Mode, Response, Sector, Value
from kit.story_check import check as check_stories
from kit.summary import Drawn, Figure, Summary
from kit.texts import languages
from kit.views.base import run_at_once
from kit.views.form import FormView
from kit.views.of import view_of
from kit.views.scripts import script_of

SECTORS = (
    *[Sector.SETTLEMENT] * 9,
    *[Sector.ANTI_VIOLENCE] * 8,
    *[Sector.MUNICIPAL] * 5,
    *[Sector.HEALTH_HIV] * 2,
)
# What no question takes as an answer.
WRONG: tuple[Any, ...] = (
    7, 1.5, True, [], {}, "no such option", {"text": 3}, {"text": "a", "share": "yes"}, {"text": "a", "x": 1},
)  # fmt: skip


def lenses(model: Exercise) -> tuple[str, ...]:
    """Every lens of an exercise."""
    return tuple(lens.id for lens in model.structure.lenses)


def rehearsed(model: Exercise, lang: str, people: int = 24, seed: int = 3) -> list[Response]:
    """What so many simulated people answer, as it is stored."""
    responses = []
    for n in range(people):
        sector = SECTORS[n % len(SECTORS)]
        given = model.rehearse(Random(f"{seed}/{n}"), sector, lang, lenses(model))
        answers: dict[str, Value] = {}
        for item, raw in given:
            value = model.check(item, raw, lenses(model))
            assert value is not None, f"{item}: {raw!r} is no answer"
            answers[item] = value
        responses.append(Response(f"{n:03}", sector, answers))
    return responses


def told(model: Exercise, lang: str, people: int) -> Summary:
    """The result of a group of so many simulated people, with the least threshold that workshops have by default."""
    responses = [
        replace(one, answers=model.counted(one.answers, lenses(model))) for one in rehearsed(model, lang, people)
    ]
    asked, traits = model.questions(lenses(model)), model.traits(lenses(model))
    made = release(model.slug, asked, responses, K_DEFAULT, Mode.ANONYMOUS, None, Random(1), traits).release
    summary = import_module(f"{model.package}.summary").summarise(model, made, lang, lenses(model))
    assert isinstance(summary, Summary)
    return summary


def page_of(model: Exercise, lang: str) -> tuple[FormView, dict[str, Value | None]]:
    """The exercise's view as a page of a workshop makes it, and what it has stored."""
    kept: dict[str, Value | None] = {}

    def save(item: str, value: Value | None, revision: int) -> int:
        kept[item] = value
        return revision + 1

    view = view_of(model)(model=model, lang=lang, options=lenses(model), answers={}, save=save, is_open=True)
    return view, kept


class ExerciseContract:
    """Inherit from it and name the slugs: pytest finds the tests."""

    slugs: ClassVar[Sequence[str]] = ()

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Each test once for each exercise, and for each language where it asks for one."""
        if "lang" in metafunc.fixturenames:
            metafunc.parametrize(("slug", "lang"), [(slug, lang) for slug in self.slugs for lang in languages()])
        elif "slug" in metafunc.fixturenames:
            metafunc.parametrize("slug", self.slugs)

    @pytest.fixture
    def model(self, slug: str) -> Exercise:
        """The exercise as an installed kit finds it."""
        reasons = "; ".join(f"{package}: {why}" for package, why in left_out().items())
        if reasons:
            pytest.fail(f"left out: {reasons}")
        return exercise(slug)

    def test_its_content_is_sound(self, model: Exercise) -> None:
        """Every text in every language, no id that belongs to nothing, every source known."""
        assert [str(fault) for fault in check(model.folder) + check_stories(model.folder)] == []

    def test_every_item_has_a_source(self, model: Exercise) -> None:
        """And each of them is the kit's or stands in the folder's own sources.yaml."""
        assert {source for _, source in model.structure.sources()} <= set(known_sources(model.folder))
        assert all(item.source for item in model.structure.items())

    def test_what_the_page_shows_is_plain_json_in_one_language(self, model: Exercise, lang: str) -> None:
        """Every item has its question, and nothing is lost on the way to the page."""
        shown = json.loads(json.dumps(model.content(lang, lenses(model))))
        ids = [item["id"] for section in shown["sections"] for item in section["items"]]
        assert ids == [item.id for item in model.structure.items(lenses(model))]
        assert shown["lang"] == lang
        assert all(item["text"] for section in shown["sections"] for item in section["items"])

    def test_rehearsed_answers_are_allowed_and_stay_on_the_device_where_they_must(
        self, model: Exercise, lang: str
    ) -> None:
        """Simulated people answer as people may, and write no journal."""
        responses = rehearsed(model, lang)
        assert all(one.answers for one in responses)
        journals = {item.id for item in model.structure.items() if item.kind == "journal"}
        assert not any(journals & set(one.answers) for one in responses)

    def test_the_same_seed_gives_the_same_answers(self, model: Exercise) -> None:
        """A rehearsal can be repeated, and two people do not answer alike."""
        assert rehearsed(model, "fr") == rehearsed(model, "fr")
        assert rehearsed(model, "fr") != rehearsed(model, "fr", seed=4)

    def test_everyone_is_told_something_whatever_they_answered(self, model: Exercise, lang: str) -> None:
        """Also who has answered nothing."""
        for answers in ({}, *(one.answers for one in rehearsed(model, lang, 6))):
            summary = model.feedback(answers, lang, lenses(model))
            assert isinstance(summary, Summary)
            assert summary.blocks

    @pytest.mark.parametrize("people", [0, 4, 5, 24])
    def test_a_group_is_told_from_its_release_alone(self, model: Exercise, lang: str, people: int) -> None:
        """Every picture has its alternative and its table; below the threshold there is none."""
        summary = told(model, lang, people)
        pictures = [block for block in summary.blocks if isinstance(block, Drawn)]
        assert summary.title
        assert people >= K_DEFAULT or not pictures
        assert all(picture.alt and picture.twin.rows for picture in pictures)
        for figure in (picture for picture in pictures if isinstance(picture, Figure)):
            assert {row.label for row in figure.rows} <= {row[0] for row in figure.twin.rows}

    def test_each_question_about_a_group_has_its_words(self, model: Exercise, lang: str) -> None:
        """Also one that only `counted` makes: no id stands in a table of numbers where people read."""
        for question in (one for one in model.questions(lenses(model)) if not one.text):
            named = model.named(question, lang)
            assert named.text not in ("", question.item)
            assert all(named.options[option] for option in (*question.options, *question.apart))

    def test_wrong_answers_are_refused_with_a_reason(self, model: Exercise) -> None:
        """Whatever a page sends; the reason is there in every language."""
        options = lenses(model)
        for item in model.structure.items(options):
            asked = f"{item.id}.r0000" if item.kind == "rows" else item.id
            # An empty row is one in which nothing is filled in yet.
            for value in (one for one in WRONG if item.kind != "rows" or one != {}):
                with pytest.raises((AnswerRefused, StaysOnDevice)) as refused:
                    model.check(asked, value, options)
                assert all(str(refused.value.tell(lang)) for lang in languages())
            if item.kind == "text":
                with pytest.raises(TextTooLong):
                    model.check(item.id, {"text": "x" * (item.limit + 1)}, options)
        with pytest.raises(UnknownItem):
            model.check("no_such_item", "agree", options)
        with pytest.raises(WrongOption):
            model.options(("no_such_lens",))

    def test_an_item_of_a_lens_that_is_off_is_unknown(self, model: Exercise) -> None:
        """It is neither asked nor stored."""
        off = {item.id for item in model.structure.items()} - {item.id for item in model.structure.items(())}
        for item in off:
            with pytest.raises(UnknownItem):
                model.check(item, None, ())

    def test_its_page_takes_answers_and_speaks_every_language(self, model: Exercise, lang: str) -> None:
        """The view stores what a person answers, tells them about it, and shows all of it in another language."""
        view, kept = page_of(model, lang)
        given = rehearsed(model, lang, 1)[0].answers
        run_at_once(view.keep(given))
        assert kept == given
        assert view.values() == given
        for other in languages():
            view.set_lang(other)
            shown = json.loads(view.page_json)
            assert shown["lang"] == other
            assert shown["content"]["title"] == model.texts(other).title
        view.close()

    def test_its_script_and_its_style_ask_nobody_for_anything(self, model: Exercise) -> None:
        """Nothing is loaded from elsewhere; the script is one module that ends in a view."""
        folder = Path(str(model.folder))
        script = script_of(folder)
        assert re.search(r"export\s*(default\b|\{[^}]*\bas default\b)", script), "its view.js has no default export"
        assert not re.search(r"(^|[;}\n])\s*import\b(?!\.meta)", script), "a view.js is one module: it imports nothing"
        style = (folder / "view.css").read_text("utf-8") if (folder / "view.css").is_file() else ""
        for text in (script, style):
            assert not re.search(r"https?:(?!//www\.w3\.org/)|@import|url\((?!['\"]?(data:|#))", text)
