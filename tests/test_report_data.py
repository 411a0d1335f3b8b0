"""The released numbers as tables: read back, they are what was released, each with words that say what it is."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from openpyxl import load_workbook

from kit.disclosure import Release, release
from kit.disclosure.making import release_participation
from kit.exercise import Question, exercise, exercises
from kit.reports.build import build
from kit.reports.document import Look, Report
from kit.reports.formats import writer
from kit.reports.material import Material
from kit.results import Results
from kit.session import K_DEFAULT, Mode, Plan, Session
from kit.tables.writing import BETWEEN
from kit.testing import lenses, rehearsed
from kit.texts import languages, say

PEOPLE = 40


@pytest.fixture(scope="module")
def releases() -> dict[str, Release]:
    """What is released of every exercise."""
    made = {}
    for slug, model in exercises().items():
        every = [
            replace(one, answers=model.counted(one.answers, lenses(model)))
            for one in rehearsed(model, "en", PEOPLE)
        ]
        asked = model.questions(lenses(model))
        made[slug] = release(slug, asked, every, K_DEFAULT, Mode.ANONYMOUS, None, Random(1)).release
    return made


@pytest.fixture(scope="module")
def documents(releases: dict[str, Release]) -> dict[str, Report]:
    plans = tuple(Plan(slug, lenses(exercise(slug))) for slug in releases)
    session = Session("a" * 32, "ACD347", "=Table", "fr", Mode.ANONYMOUS, 5, plans, made_on=date(2026, 3, 1))
    people = release_participation(rehearsed(exercise("pulse"), "en", PEOPLE), K_DEFAULT).release
    return {lang: build(Material(session, Results(people, releases)), lang) for lang in languages()}


def questions(slug: str) -> tuple[Question, ...]:
    return exercise(slug).questions(lenses(exercise(slug)))


def told(releases: dict[str, Release]) -> set[tuple[Any, ...]]:
    """Every released share: exercise, item, group, options, from where to where."""
    found: set[tuple[Any, ...]] = set()
    for slug, made in releases.items():
        for item, one in made.items.items():
            for band in (*one.cells, *((one.beside,) if one.beside else ())):
                found.add((slug, item, "", band.options, band.low, band.high))
            for group, options in one.leanings.items():
                found.add((slug, item, group, options or one.scale, 50 if options else 0, 100))
    return found


@pytest.mark.parametrize("lang", languages())
def test_json_has_every_number_and_every_question(documents: Any, releases: Any, lang: str) -> None:
    made = json.loads(writer("json")(documents[lang], Look()))
    assert told(releases) == {
        (one["exercise_id"], one["item"], one["group_id"], tuple(one["options"]), one["above"], one["most"])
        for one in made["numbers"]
    }
    asked = {(slug, one.item) for slug in releases for one in questions(slug) if not one.text}
    assert asked == {(one["exercise_id"], one["item"]) for one in made["codebook"]}
    assert made["people"][0]["people"] == PEOPLE
    assert {field for one in made["numbers"] for field in one} <= set(made["fields"])
    assert made["title"] == "=Table"


@pytest.mark.parametrize("lang", languages())
def test_csv_and_xlsx_hold_the_same_rows(documents: Any, releases: Any, lang: str) -> None:
    document = documents[lang]
    text = writer("csv")(document, Look()).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text), delimiter=BETWEEN.get(lang, ","))
    book = load_workbook(io.BytesIO(writer("xlsx")(document, Look())))
    said = document.words("data.sheets")
    assert book.sheetnames == [said["numbers"], said["codebook"], said["about"]]
    names, *cells = book[said["numbers"]].iter_rows(values_only=True)
    assert list(names) == head
    assert len(cells) == len(rows) > len(told(releases))
    above = head.index(say(lang, "report.data.columns.above"))
    for row, line in zip(rows, cells, strict=True):
        assert [*map(plain, line)] == row
        assert isinstance(line[above], int | None)
    # What a title begins with is no formula.
    assert {row[0] for row in rows} == {"'=Table"}
    assert {line[0] for line in cells} == {"'=Table"}


def plain(cell: Any) -> Any:
    return "" if cell is None else cell.date().isoformat() if isinstance(cell, date) else str(cell)


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("slug", list(exercises()))
def test_each_question_has_its_words(documents: Any, slug: str, lang: str) -> None:
    """What disclosure control works out of answers, too: no id stands where people read."""
    own = [one for one in documents[lang].data().codebook if one.exercise == slug]
    assert own
    asked = {one.item: one for one in questions(slug)}
    for one in own:
        assert one.text
        assert one.text != one.item
        assert [option for option, _ in one.options] == [*asked[one.item].options, *asked[one.item].apart]
        assert all(label and label != option for option, label in one.options), one.item
    assert len({(one.part, one.text) for one in own}) == len(own)


def test_no_text_is_among_the_numbers(documents: Any, releases: Any) -> None:
    texts = [text for made in releases.values() for every in made.texts.values() for text in every]
    assert texts
    for name in ("csv", "json", "xlsx"):
        made = writer(name)(documents["en"], Look())
        assert not [text for text in texts if text.encode() in made]


@pytest.mark.parametrize("name", ["csv", "json", "xlsx"])
def test_the_same_document_gives_the_same_bytes(documents: Any, name: str) -> None:
    assert writer(name)(documents["fr"], Look()) == writer(name)(documents["fr"], Look())
