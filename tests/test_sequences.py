"""Screens, files and report are made of the release alone; of somebody who erased everything nothing is left."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, text

from kit import deciding, results, summaries
from kit.disclosure import release_from_json, release_to_json
from kit.disclosure.sequence import digest
from kit.exercise import exercise, exercises
from kit.reports import notebook
from kit.reports.build import build
from kit.reports.material import Material
from kit.serving.inside.facilitator import FacilitatorPage
from kit.serving.inside.wall import RoomScreen
from kit.session import Sector, Session
from kit.shared import SHOW
from kit.store import Store
from kit.store.schema import metadata
from kit.texts import languages, say
from tests.support.stored import K, workshop_with


def rehearsed(store: Store, session: Session, sector: Sector, seed: int) -> str:
    """Somebody who answers all exercises of a session."""
    seat = store.seats.take(session, sector, None, "en")[0].id
    for plan in session.plans:
        model, numbers = exercise(plan.slug), count(1)
        for item, value in model.rehearse(Random(seed), sector, "en", plan.options):
            store.answers.save(seat, plan.slug, item, model.check(item, value, plan.options), next(numbers))
    return seat


@pytest.mark.parametrize("slug", sorted(exercises()))
def test_screens_files_and_report_of_every_exercise_are_made_of_the_release_alone(
    store: Store, slug: str, tmp_path: Path
) -> None:
    """Whoever has one of them learns nothing from another: each is a function of what was let out."""
    session = workshop_with(store, slug)
    options = session.plans[0].options
    for seed in range(24):
        rehearsed(store, session, (Sector.SETTLEMENT, Sector.MUNICIPAL)[seed % 2], seed)
    results.reveal(store, session, slug)
    deciding.look_over(store, session, slug, "", SHOW)
    store.sessions.show(session.id, slug)
    made = results.revealed(store, session, slug)
    assert made is not None
    copy = release_from_json(release_to_json(made))
    assert copy == made
    for lang in languages():
        # Of a copy of the release, without the store: what phones, wall and console got, and the report.
        assert results.told(store, session, slug, lang) == summaries.as_told(copy, lang, options)
        assert RoomScreen(store, session.id, "http://127.0.0.1", lang).screen.page["html"] == results.told(
            store, session, slug, lang
        )
        loaded = notebook.load(str(tmp_path / "store.db"), session.id, lang)
        material = Material(session, results.Results(results.participation(store, session), {slug: copy}))
        assert loaded == build(material, lang)
    # Nobody who answers after the reveal is in any of them, and no file either.
    reports = {lang: notebook.load(str(tmp_path / "store.db"), session.id, lang) for lang in languages()}
    files = deciding.gives(store, session, slug)
    before = {what: deciding.give(store, session, slug, what, "fr").data for what in files}
    for seed in range(24, 24 + K - 1):
        rehearsed(store, session, Sector.OTHER, seed)
    assert results.revealed(store, session, slug) == made
    assert {lang: notebook.load(str(tmp_path / "store.db"), session.id, lang) for lang in reports} == reports
    assert {what: deciding.give(store, session, slug, what, "fr").data for what in before} == before
    results.reveal(store, session, slug)
    assert results.revealed(store, session, slug) == made, "fewer than k have come"


def shape(told: Any) -> Any:
    """A summary without its words: how its parts are built, and the numbers that stand in its sentences."""
    if is_dataclass(told):
        return type(told).__name__, [shape(getattr(told, one.name)) for one in fields(told)]
    if isinstance(told, tuple | list):
        return [shape(one) for one in told]
    return sorted(re.findall(r"\d+", told)) if isinstance(told, str) else told


@pytest.mark.parametrize("slug", sorted(exercises()))
def test_no_language_tells_more_than_another(store: Store, slug: str) -> None:
    session = workshop_with(store, slug)
    for seed in range(24):
        rehearsed(store, session, (Sector.SETTLEMENT, Sector.MUNICIPAL)[seed % 2], seed)
    made = results.reveal(store, session, slug).release
    told = {str(shape(summaries.summary(made, lang, session.plans[0].options))) for lang in languages()}
    assert len(told) == 1


def test_the_same_sentence_stands_whether_nobody_or_a_few_have_changed(store: Store) -> None:
    session = workshop_with(store, "pulse")
    seats = [rehearsed(store, session, Sector.OTHER, seed) for seed in range(12)]
    console = FacilitatorPage(store, session.id, "http://127.0.0.1", "en")
    console.reveal("pulse")
    deciding.look_over(store, session, "pulse", "", SHOW)
    said = {console.reveal("pulse")}
    for seat in seats[: K - 1]:
        for item, answer in store.answers.of(seat, "pulse").items():
            if item.startswith("now_"):
                store.answers.save(seat, "pulse", item, None, answer.revision + 1)
        said.add(console.reveal("pulse"))
    assert said == {say("en", "console.revealed_same")}


# ---- erased is erased


def test_nothing_of_an_erased_person_is_in_the_files(store: Store) -> None:
    """Their sector, of which they are the only one, their digests, texts and secret: not in the file, its log, its free
    pages, while another connection holds the store open."""
    of_one_erased(store, store.where, in_files)


@pytest.mark.services
def test_no_row_of_an_erased_person_is_left_in_postgresql(postgres_url: str) -> None:
    """In any table; what the server keeps of deleted rows on its disk is told in docs/hosting.md."""
    with Store.open(postgres_url) as opened, opened.engine.begin() as connection:
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
    with Store.open(postgres_url) as opened:
        of_one_erased(opened, postgres_url, in_tables)


def of_one_erased(store: Store, where: str, found: Callable[[Store, set[str]], set[str]]) -> None:
    """Somebody shares a text, is revealed and erased; then others answer and the results are revealed again."""
    session = workshop_with(store, "reflection", "partnership")
    for seed in range(8):
        rehearsed(store, session, Sector.SETTLEMENT, seed)
    gone = rehearsed(store, session, Sector.HEALTH_HIV, 99)
    shared = {"text": "zorglub-shared", "share": True}
    before = store.answers.of(gone, "reflection").get("commitment")
    store.answers.save(gone, "reflection", "commitment", shared, before.revision + 1 if before else 1)
    for plan in session.plans:
        results.reveal(store, session, plan.slug)
    deciding.look_over(store, session, "reflection", "", SHOW)
    secret = store.snapshots.secrets(session.id)[gone]
    kept = store.snapshots.get(session.id, "reflection")
    assert kept is not None
    marks = {mark for own in kept.marks[gone].values() for mark in own.split()}
    assert digest("zorglub-shared", secret) in marks
    traces = {gone, secret, "zorglub-shared", str(Sector.HEALTH_HIV), *marks}
    with Store.open(where) as other:
        other.changed()
        assert found(store, traces) == traces
        results.erase(store, store.seats.get(gone))
        assert found(store, traces) == set()
        # And so it stays, when others answer and the result is revealed again.
        for seed in range(20, 20 + K):
            rehearsed(store, session, Sector.SETTLEMENT, seed)
        for plan in session.plans:
            results.reveal(store, session, plan.slug)
        assert found(store, traces) == set()


def in_files(store: Store, traces: set[str]) -> set[str]:
    """Which of these stand in any file of the store's folder."""
    files = b"".join(path.read_bytes() for path in Path(store.where).parent.iterdir() if path.is_file())
    return {trace for trace in traces if trace.encode() in files}


def in_tables(store: Store, traces: set[str]) -> set[str]:
    """Which of these stand in any row of any table."""
    with store.engine.connect() as connection:
        rows = [repr(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    return {trace for trace in traces if any(trace in row for row in rows)}
