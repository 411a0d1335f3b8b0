"""Of each exercise, answers and results of an older edition: brought up to date, or left out with a sentence."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import pytest
from markupsafe import escape

from kit import deciding, intake, results, transfer
from kit.disclosure import FORMAT
from kit.exercise import Exercise, exercise, exercises
from kit.reports import notebook
from kit.serving.inside.facilitator import FacilitatorPage
from kit.session import Sector, Session, Value
from kit.shared import SHOW
from kit.store import Store
from kit.texts import languages, say
from kit.versions import versions
from kit.views.of import view_of
from tests.support.stored import K, workshop_with

SLUGS = sorted(exercises())
GONE: dict[str, Value] = {"asked_long_ago": "yes", "told_long_ago": {"text": "a line", "share": True}}


def said(model: Exercise, seed: int) -> dict[str, Value]:
    """What somebody answers to this edition, as it is kept."""
    lenses = tuple(lens.id for lens in model.structure.lenses)
    given = dict(model.rehearse(Random(seed), Sector.COMMUNITY, "fr", lenses))
    checked = {item: model.check(item, value, lenses) for item, value in given.items()}
    return {item: value for item, value in checked.items() if value is not None}


def older(model: Exercise, answers: dict[str, Value]) -> tuple[dict[str, Value], str]:
    """The same answers as an older edition had them: with items that have gone, and an option that has; which item."""
    renamed = next(item for item, value in sorted(answers.items()) if isinstance(value, str))
    return {**answers, **GONE, renamed: "an_option_of_long_ago"}, renamed


def renewed(patch: pytest.MonkeyPatch, model: Exercise) -> int:
    """A newer edition of an exercise is installed; the version that it had before."""
    before = model.version
    patch.setitem(vars(model), "version", before + 1)
    every = {**versions(), model.slug: before + 1}
    patch.setattr(import_module("kit.store.renew"), "versions", lambda: every)
    return before


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug not in ("resources", "action_plan")])
def test_a_file_of_an_older_edition_comes_in_without_what_has_gone(
    store: Store, slug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _brought(store, slug, tmp_path, monkeypatch, *older(exercise(slug), said(exercise(slug), 1)))


@pytest.mark.parametrize("slug", ["resources", "action_plan"])
def test_a_list_of_an_older_edition_comes_in_without_the_rows_that_no_longer_fit(
    store: Store, slug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = said(exercise(slug), 1)
    row = next(item for item, value in sorted(answers.items()) if isinstance(value, dict) and "." in item)
    fields = answers[row]
    assert isinstance(fields, dict)
    column = next(name for name, value in sorted(fields.items()) if name in ("type", "objective"))
    broken: dict[str, Value] = {**answers, **GONE, row: {**fields, column: "an_option_of_long_ago"}}
    _brought(store, slug, tmp_path, monkeypatch, broken, row)


def _brought(
    store: Store, slug: str, folder: Path, patch: pytest.MonkeyPatch, answers: dict[str, Value], renamed: str
) -> None:
    """Through `kit import`, as a file that was written with the edition before."""
    model, session = exercise(slug), workshop_with(store, slug)
    written = renewed(patch, model)
    made = transfer.AnswersFile(
        edition=1, lang="fr", exercises={slug: answers}, sector=Sector.COMMUNITY, versions={slug: written}
    )
    (folder / "answers.json").write_bytes(transfer.write(made))
    entries = intake.plan(store, session, intake.gather([folder / "answers.json"]), intake.Defaults())
    assert [entry.problem for entry in entries] == [None]
    intake.take(store, session, entries)
    (person,) = store.answers.responses(session.id, slug)
    fitting = {item: value for item, value in answers.items() if item not in (*GONE, renamed)}
    assert {item: one.value for item, one in store.answers.of(person.key, slug).items()} == fitting


@pytest.mark.parametrize("slug", SLUGS)
def test_kept_answers_and_a_revealed_result_of_an_older_edition_are_shown_without_what_has_gone(
    slug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, place = exercise(slug), tmp_path / "store.db"
    with Store.open(place) as store:
        session = workshop_with(store, slug)
        seats = [store.seats.take(session, Sector.COMMUNITY, None, "en")[0].id for _ in range(4 * K)]
        for seed, seat in enumerate(seats):
            for item, value in said(model, seed).items():
                store.answers.save(seat, slug, item, value, 1)
        results.reveal(store, session, slug)
        deciding.look_over(store, session, slug, "", SHOW)
        kept, renamed = older(model, said(model, 0)) if slug not in ("resources", "action_plan") else (GONE, "")
        for item in {*GONE, renamed} - {""}:
            store.answers.save(seats[0], slug, item, kept[item], 2)
        of_long_ago(store, session, slug)
    renewed(monkeypatch, model)
    with Store.open(place) as store:
        session = store.sessions.get(session.id)
        assert session.plans[0].renewed
        assert not {*GONE, renamed} & set(store.answers.of(seats[0], slug))
        # The page, the result of before on console, phones and in the report, and a new one.
        answers = store.answers.of(seats[0], slug)
        for lang in languages():
            view = view_of(model)(
                model=model, lang=lang, options=session.plans[0].options, answers=answers, save=lambda *_: 1,
                is_open=True, renewed=True,
            )  # fmt: skip
            assert say(lang, "form.renewed") in json.loads(view.page_json)["content"]["intro"]
            report = repr(notebook.load(str(place), session.id, lang)).replace("\u2019", "'")
            assert say(lang, "telling.renewed").replace("\u2019", "'").split("'")[-1] in report
            assert "a line of long ago" not in report
            console = FacilitatorPage(store, session.id, "http://127.0.0.1", lang)
            assert console.told(slug)
            assert console.texts(slug) is not None
        files = deciding.gives(store, session, slug)
        assert all(deciding.give(store, session, slug, what, "fr").data for what in files)
        results.reveal(store, session, slug)
        results.erase(store, store.seats.get(seats[0]))
        assert results.revealed(store, session, slug) is not None


def of_long_ago(store: Store, session: Session, slug: str) -> None:
    """What was revealed, as an older edition of the exercise told it: other items, other options, other texts."""
    kept = store.snapshots.get(session.id, slug)
    assert kept is not None
    items: dict[str, Any] = dict(kept.release["items"])
    first, second, *_ = items
    items["asked_long_ago"] = {**items[first], "item": "asked_long_ago"}
    items[first] = {
        **items[first],
        "scale": ["yes", "perhaps"],
        "cells": [{"options": ["yes"], "low": 50, "high": 100}],
    }
    del items[second]
    texts = {**kept.release["texts"], "told_long_ago": ["a line of long ago"]}
    asked = [*kept.release["asked"], "told_long_ago"]
    was = {**kept.release, "items": items, "texts": texts, "asked": asked}
    assert store.snapshots.replace(session.id, slug, kept.release, was)


def test_a_result_that_cannot_be_read_says_so(store: Store) -> None:
    """One of a kit of before there were numbers for forms, or one in which something is missing."""
    session = workshop_with(store, "pulse")
    for seed in range(2 * K):
        seat = store.seats.take(session, Sector.OTHER, None, "en")[0].id
        for item, value in said(exercise("pulse"), seed).items():
            store.answers.save(seat, "pulse", item, value, 1)
    for missing in ("format", "items", "asked", "scale"):
        results.reveal(store, session, "pulse")
        kept = store.snapshots.get(session.id, "pulse")
        assert kept is not None
        assert kept.release["format"] == FORMAT
        assert results.revealed(store, session, "pulse") is not None
        broken = {name: value for name, value in kept.release.items() if name != missing}
        if missing == "scale":
            broken["items"] = {item: without(one, "scale") for item, one in broken["items"].items()}
        assert store.snapshots.replace(session.id, "pulse", kept.release, broken)
        assert results.revealed(store, session, "pulse") is None
        for lang in languages():
            console = FacilitatorPage(store, session.id, "http://127.0.0.1", lang)
            assert str(escape(say(lang, "telling.other_form"))) in console.told("pulse")


def without(told: dict[str, Any], name: str) -> dict[str, Any]:
    return {one: value for one, value in told.items() if one != name}
