"""What a room said, in a sentence each: nothing that the summary does not tell, never a tie, in every language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import pytest

from kit.disclosure import Band, ItemRelease, Release, release
from kit.exercise import Exercise, Question, exercise, exercises
from kit.findings import FIRST_PAGE, OF_ONE, Finding, alone, foremost, leading
from kit.session import K_DEFAULT, Mode
from kit.summaries import findings, summary
from kit.testing import lenses, rehearsed
from kit.texts import languages, say
from tests.auditor.rooms import answers_of, compositions, pictures, proofs, responses
from tests.test_auditor import kinds

SLUGS = list(exercises())
SCALE = ("low", "mid", "high")


def item(low: int, mid: int, high: int, beside: int | None = None) -> ItemRelease:
    """A table in which more than so many per cent said each."""
    cells = tuple(Band((one,), share, 100 if share else 40) for one, share in zip(SCALE, (low, mid, high), strict=True))
    return ItemRelease("x", SCALE, cells, None if beside is None else Band(("dk",), beside, 100))


@cache
def room(model: Exercise, people: int, seed: int = 3) -> Release:
    """What is released of so many simulated people."""
    every = [
        replace(one, answers=model.counted(one.answers, lenses(model))) for one in rehearsed(model, "en", people, seed)
    ]
    return release(
        model.slug, model.questions(lenses(model)), every, K_DEFAULT, Mode.ANONYMOUS, None, Random(1)
    ).release


def made_of(model: Exercise, tables: dict[str, ItemRelease]) -> Release:
    return Release(model.slug, K_DEFAULT, 40, "sector", items=tables)


def choices(model: Exercise) -> list[Question]:
    return [one for one in model.questions(lenses(model)) if not one.text]


def most_said(question: Question, option: str, low: int = 65) -> ItemRelease:
    """More than `low` per cent said this, and hardly anybody anything else."""
    cells = tuple(Band((one,), low if one == option else 0, 100 if one == option else 35) for one in question.options)
    beside = Band(question.apart, 0, 35) if question.apart else None
    if option in question.apart:
        beside = Band(question.apart, low, 100)
    return ItemRelease(question.item, question.options, cells, beside)


# ---- nothing that the summary does not tell


@pytest.mark.parametrize(("slug", "lenses", "question"), kinds())
def test_findings_say_nothing_beyond_the_summary(slug: str, lenses: tuple[str, ...], question: Question) -> None:
    """Every small room: rooms that the summary tells alike have the same findings, and these prove nothing."""
    model = exercise(slug)
    n, k = (10, 5) if len(answers_of(question)) < 6 else (7, 3)
    known: dict[str, tuple[str, str]] = {}

    def tell(people: tuple[int, ...]) -> tuple[str, str]:
        asked = model.questions(lenses)
        made = release(slug, asked, responses(question, people), k, Mode.ANONYMOUS).release
        if (key := repr(made)) not in known:
            known[key] = tuple(  # type: ignore[assignment]
                repr([say(made, lang, lenses) for lang in languages()]) for say in (summary, findings)
            )
        return known[key]

    rooms = compositions(n, len(answers_of(question)))
    assert list(proofs(pictures(rooms, lambda people: tell(people)[1]), k, question)) == []
    by_summary: dict[str, set[str]] = {}
    for told, found in known.values():
        by_summary.setdefault(told, set()).add(found)
    assert all(len(found) == 1 for found in by_summary.values())


@pytest.mark.parametrize("slug", SLUGS)
def test_too_few_people_have_no_findings(slug: str) -> None:
    model = exercise(slug)
    made = room(model, K_DEFAULT - 1)
    assert findings(made, "en", lenses(model)) == ()


# ---- never a tie


def test_one_thing_stands_alone_or_there_is_nothing() -> None:
    few, most = item(0, 0, 40), item(0, 0, 65)
    assert foremost([("a", few), ("b", most)], "high") == ("b", Band(("high",), 65, 100))
    assert foremost([("a", most), ("b", most)], "high") is None
    assert foremost([("a", most), ("b", most), ("c", few)], "high") is None
    assert foremost([("a", item(0, 0, 0)), ("b", ItemRelease("b"))], "high") is None
    assert foremost([("a", item(40, 0, 40))], "high") is None
    assert foremost([("a", item(0, 0, 40, beside=40))], "high") is None
    assert foremost([("a", item(0, 0, 40, beside=45))], "dk") == ("a", Band(("dk",), 45, 100))
    assert foremost([("a", item(0, 20, 40))], "mid", "high") == ("a", Band(("mid", "high"), 60, 100))
    assert foremost([], "high") is None
    assert alone([("a", most, ("high",)), ("b", few, ("high",))]) == ("a", Band(("high",), 65, 100))


@pytest.mark.parametrize("slug", SLUGS)
def test_where_everything_is_told_alike_nothing_is_a_finding(slug: str) -> None:
    model = exercise(slug)
    asked = choices(model)
    only_one = {one.item for one in asked if sum(one.options == other.options for other in asked) == 1}
    for place in range(max(len(one.options + one.apart) for one in asked)):
        tables = {
            one.item: most_said(one, (one.options + one.apart)[place])
            for one in asked
            if one.item not in only_one and place < len(one.options + one.apart)
        }
        assert findings(made_of(model, tables), "en", lenses(model)) == (), place


# ---- every finding, in every language


def standing_alone(model: Exercise) -> Iterator[Finding]:
    """What is found where of one item alone, one answer after the other is what most people gave."""
    for question in choices(model):
        for option in (*question.options, *question.apart):
            tables = {question.item: most_said(question, option)}
            yield from findings(made_of(model, tables), "en", lenses(model))


@pytest.mark.parametrize("slug", SLUGS)
def test_each_sentence_is_said_of_some_room(slug: str) -> None:
    model = exercise(slug)
    said = "\n".join(one.statement for one in standing_alone(model))
    keys = [key for key in model.structure.sentences if key.startswith("finding_") and not key.endswith("_ask")]
    assert keys
    for key in keys:
        # What sectors offer each other takes leanings: it has a test of its own.
        if key != "finding_exchange":
            fixed = max(model.texts("en").sentences[key].replace("{who}", "").split("{"), key=len).rpartition("}")[2]
            assert fixed.strip(" :“”().") in said, key


def test_sectors_that_meet_are_a_finding_where_it_is_one_topic() -> None:
    model = exercise("strengths")
    asked = [one for one in choices(model) if one.options == ("need", "neither", "offer")][:2]
    leaning = {"settlement": ("need",), "anti_violence": ("offer",)}
    tables = {one.item: replace(most_said(one, "neither"), leanings=leaning) for one in asked}
    one = {asked[0].item: tables[asked[0].item]}
    (found,) = findings(made_of(model, one), "en", lenses(model))
    assert model.texts("en").option("topic", asked[0].item) in found.statement
    assert findings(made_of(model, tables), "en", lenses(model)) == ()
    by_partner = replace(made_of(model, one), by="partner")
    assert findings(by_partner, "en", lenses(model)) == (), "no partner is named"


@pytest.mark.parametrize("people", [24, 60])
@pytest.mark.parametrize("slug", SLUGS)
def test_both_languages_find_the_same(slug: str, people: int) -> None:
    model = exercise(slug)
    made = room(model, people)
    by_lang = [findings(made, lang, lenses(model)) for lang in languages()]
    assert len({tuple((one.exercise, one.weight) for one in found) for found in by_lang}) == 1
    for lang, found in zip(languages(), by_lang, strict=True):
        assert len(found) <= OF_ONE
        for one in found:
            assert one.exercise == slug
            assert one.question
            assert not {"{", "}"} & set(one.statement + one.question)
            low, high = one.number.rstrip("%\u00a0").split("–")
            ways = {"who": f"{low}–{high}", "who_above": low, "who_most": ""}
            who = [say(lang, f"telling.{key}", n=n).casefold() for key, n in ways.items()]
            assert any(way in one.statement.casefold() for way in who), one


def test_a_room_of_24_has_three_to_five_on_its_first_page() -> None:
    for seed in (3, 4, 5):
        every = [findings(room(model, 24, seed), "fr", lenses(model)) for model in exercises().values()]
        assert 3 <= len(leading(every)) <= FIRST_PAGE


# ---- the first page


def some(exercise: str, *weights: int) -> Sequence[Finding]:
    return [Finding(exercise, f"{exercise}{n}", "", "", weight) for n, weight in enumerate(weights)]


@pytest.mark.parametrize(
    ("every", "first"),
    [
        ([], ""),
        ([some("a", 40, 90, 90)], "a0 a1 a2"),
        # Each exercise speaks before one speaks twice.
        ([some("a", 40, 90), some("b", 5), some("c", 10)], "a0 a1 b0 c0"),
        ([some("a", 40, 90), some("b", 5, 60), some("c", 10, 20), some("d", 1)], "a0 a1 b0 c0 d0"),
        # What the most people said goes before; told in the order of the exercises.
        ([some("a", 10), some("b", 70), some("c", 20), some("d", 30), some("e", 5), some("f", 40), some("g", 50)],
         "b0 c0 d0 f0 g0"),
        ([some(one, 10) for one in "abcdefg"], "a0 b0 c0 d0 e0"),
    ],
)  # fmt: skip
def test_the_first_page(every: Any, first: str) -> None:
    assert " ".join(one.statement for one in leading(every)) == first


def test_an_exercise_from_elsewhere_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    from kit.exercises.pulse import summary as module

    model = exercise("pulse")
    made = made_of(model, {"kept": most_said(next(one for one in choices(model) if one.item == "kept"), "done")})
    assert len(findings(made, "en", lenses(model))) == 1
    monkeypatch.delattr(module, "findings")
    assert findings(made, "en", lenses(model)) == ()
