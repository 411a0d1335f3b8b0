"""Answers as a file: what is written comes back, and whatever else stands in a file is refused with its reason."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest

from kit import transfer, upgrades
from kit.errors import (
    AnswerRefused,
    ExerciseUnknownHere,
    FileRefused,
    KitError,
    StaysOnDevice,
    TextIdentifies,
    TooManyRows,
    UnknownItem,
)
from kit.exercise import exercise, exercises
from kit.session import Plan, Sector
from kit.texts import languages
from kit.transfer import AnswersFile


def answered(slug: str, seed: int = 1) -> dict:
    model = exercise(slug)
    lenses = tuple(lens.id for lens in model.structure.lenses)
    return dict(model.rehearse(Random(seed), Sector.COMMUNITY, "fr", lenses))


def plan(slug: str) -> Plan:
    return Plan(slug, tuple(lens.id for lens in exercise(slug).structure.lenses))


def file(**changed: object) -> bytes:
    told = json.loads(transfer.write(AnswersFile(exercises={"pulse": {"now_contacts": "half"}})))
    return json.dumps({**told, **changed}).encode()


@pytest.mark.parametrize("slug", exercises())
def test_what_is_written_comes_back_and_fits(slug):
    made = AnswersFile(edition=3, lang="fr", exercises={slug: answered(slug)}, sector=Sector.MUNICIPAL, card="un deux")
    read = transfer.read(transfer.write(made))
    assert read == made
    assert transfer.checked(read, [plan(slug)]).exercises == made.exercises


def test_two_holders_have_two_numbers():
    assert AnswersFile().person != AnswersFile().person


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"x" * (transfer.LARGEST + 1), "large"),
        (b"no json", "other"),
        (b"\xff\xfe\x00", "other"),
        (b"[]", "other"),
        (b"{}", "other"),
        (b"[" * 1_000_000, "other"),
        (b'{"a":' * 600_000, "other"),
        (b'{"version": ' + b"9" * 5000 + b"}", "other"),
        (b'{"format": NaN}', "other"),
        (b'{"format": "x", "format": "y"}', "twice"),
        (file()[:-20], "other"),
        (file(format="another"), "other"),
        (file(version="1"), "other"),
        (file(version=True), "other"),
        (file(version=2), "newer"),
        (file(person="Marie"), "field"),
        (file(person=12), "field"),
        (file(edition=-1), "field"),
        (file(edition=1.5), "field"),
        (file(edition=2**60), "field"),
        (file(exercises=[]), "field"),
        (file(exercises={"pulse": []}), "field"),
        (file(exercises={"x" * 200: {}}), "field"),
        (file(exercises={"pulse": {"x" * 200: "half"}}), "field"),
        (file(sector="police"), "field"),
        (file(sector=["community"]), "field"),
        (file(versions=[1]), "field"),
        (file(versions={"pulse": "1"}), "field"),
        (file(card={"a": 1}), "field"),
        (file(partner="x" * 500), "field"),
    ],
)
def test_what_is_no_file_of_answers_is_refused(data, why):
    with pytest.raises(FileRefused) as refused:
        transfer.read(data)
    assert refused.value.details["why"] == why
    for lang in languages():
        assert len(transfer.problem(refused.value, lang)) > 20


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"no_exercise": {"a": "b"}}, ExerciseUnknownHere),
        ({"pulse": {"no_item": "half"}}, UnknownItem),
        ({"pulse": {"now_contacts": "very"}}, AnswerRefused),
        ({"pulse": {"now_contacts": ["half"]}}, AnswerRefused),
        ({"pulse": {"commitment": {"text": "a", "share": "yes"}}}, AnswerRefused),
        ({"action_plan": {"plan.r0001": {"aim": "write to one@example.org"}}}, TextIdentifies),
        ({"action_plan": {"plan.r0001": {"aim": {"deep": []}}}}, AnswerRefused),
        ({"action_plan": {f"plan.r{n:04}": {"aim": "again"} for n in range(101)}}, TooManyRows),
    ],
)
def test_an_answer_that_could_not_be_given_live_is_refused(answers, error):
    document = transfer.read(transfer.write(AnswersFile(exercises=answers)))
    with pytest.raises(error):
        transfer.checked(document, [plan("pulse"), plan("action_plan")])


def test_a_journal_never_comes_by_file():
    journal = next(one.id for one in exercise("reflection").structure.items(plan("reflection").options)
                   if one.kind == "journal")  # fmt: skip
    with pytest.raises(StaysOnDevice):
        transfer.checked(AnswersFile(exercises={"reflection": {journal: {"text": "mine"}}}), [plan("reflection")])


def test_what_the_session_does_not_ask_is_left_out_and_counted():
    document = AnswersFile(exercises={"pulse": answered("pulse"), "reflection": {}, "strengths": answered("strengths")})
    found = transfer.checked(document, [Plan("pulse", exercise("pulse").options(("core",)))])
    assert set(found.exercises) == {"pulse"}
    assert "now_contacts" in found.exercises["pulse"]
    assert found.beside == len(document.exercises["pulse"]) - len(found.exercises["pulse"]) + len(
        document.exercises["strengths"]
    )


def test_an_answer_that_was_taken_back_is_none():
    assert transfer.checked(AnswersFile(exercises={"pulse": {"now_contacts": None}}), [plan("pulse")]).exercises == {}


def test_what_the_device_keeps_for_itself_and_unknown_fields_are_left_unread():
    made = file(notes={"reflection": {"journal": "mine"}}, later=[1])
    assert b"mine" not in transfer.write(transfer.read(made))


def test_a_file_may_have_no_number_and_a_byte_order_mark():
    told = {"format": transfer.FORMAT, "version": 1, "exercises": {"pulse": {"now_contacts": "half"}}}
    read = transfer.read(b"\xef\xbb\xbf" + json.dumps(told).encode())
    assert (read.person, read.edition, read.exercises) == ("", 0, told["exercises"])


def test_each_answer_is_taken_or_refused_on_its_own():
    given = {"now_contacts": "half", "now_practice": "very", "no_item": "x", "commitment": {"text": " "}}
    taken = transfer.each(exercise("pulse"), given, plan("pulse").options)
    assert taken.answers == {"now_contacts": "half"}
    assert {item: type(one) for item, one in taken.refused.items()} == {
        "now_practice": AnswerRefused,
        "no_item": UnknownItem,
    }


def test_an_older_exercise_is_upgraded_and_a_newer_one_refused(monkeypatch):
    monkeypatch.setitem(vars(exercise("pulse")), "version", 3)
    steps = {2: lambda answers: {"now_contacts": answers["then"], "gone": "x"}}
    monkeypatch.setattr(upgrades, "steps_of", lambda model: steps)
    old = AnswersFile(exercises={"pulse": {"then": "half"}}, versions={"pulse": 2})
    assert transfer.checked(transfer.read(transfer.write(old)), [plan("pulse")]).exercises == {
        "pulse": {"now_contacts": "half"}
    }
    with pytest.raises(FileRefused) as refused:
        transfer.checked(replace(old, versions={"pulse": 4}), [plan("pulse")])
    assert refused.value.details["why"] == "newer_exercise"


def test_the_fullest_file_fits():
    """Every list of every exercise to its last line and every text to its last letter, in letters of four bytes."""
    full: dict = {}
    for slug, model in exercises().items():
        own = full.setdefault(slug, {})
        for item in model.structure.items(plan(slug).options):
            if item.kind == "text":
                own[item.id] = {"text": "😀" * item.limit, "share": True}
            for number in range(item.most if item.kind == "rows" else 0):
                own[f"{item.id}.r{number:04}"] = {c.id: "😀" * c.limit for c in item.columns if c.kind == "text"}
    size = len(transfer.write(AnswersFile(exercises=full)))
    assert 1_000_000 < size < transfer.LARGEST
    with pytest.raises(KitError):  # it is well formed, and far from being an allowed answer
        transfer.checked(transfer.read(transfer.write(AnswersFile(exercises=full))), [plan("pulse")])
