"""Reveal a result: from the store through disclosure control into a frozen snapshot, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from random import SystemRandom
from typing import cast

from kit.disclosure import Basis, Release, Snapshot, release, release_from_json, release_participation, release_to_json
from kit.errors import UnknownExercise
from kit.exercise import exercise
from kit.session import Mode, Session
from kit.store import Store
from kit.summary import Summary
from kit.texts import languages
from kit.views.html import render

PARTICIPATION = "_participation"
TOLD_LEVEL = 3


def reveal(store: Store, session: Session, slug: str) -> Snapshot:
    """Freeze what may be shown about one exercise now; `news` of the result says whether anything is new."""
    plan = session.plan(slug)
    if plan is None:
        raise UnknownExercise(slug=slug, known=", ".join(one.slug for one in session.plans))
    model = exercise(slug)
    responses = store.answers.responses(session.id, slug)
    made = release(
        slug,
        model.questions(plan.options),
        [replace(one, answers=model.counted(one.answers, plan.options)) for one in responses],
        session.k,
        session.mode if model.structure.attributed else Mode.ANONYMOUS,
        _before(store, session, slug),
        SystemRandom(),
    )
    told = {lang: render(summary(made.release, lang, plan.options), lang, TOLD_LEVEL) for lang in languages()}
    _keep(store, session, slug, made, told)
    return made


def told(store: Store, session: Session, slug: str, lang: str) -> str:
    """What was revealed of one exercise, as HTML; empty when nothing was.

    Made once, by the process that reveals: a hundred participants' kernels draw no figure.
    """
    kept = store.snapshots.get(session.id, slug)
    return str(kept[0].get("told", {}).get(lang, "")) if kept else ""


def revealed(store: Store, session: Session, slug: str) -> Release | None:
    """The frozen release of one exercise, or None when the facilitator has not revealed it."""
    before = _before(store, session, slug)
    return before.release if before else None


def participation(store: Store, session: Session) -> Release:
    """Who took part, by sector, as it may be told now; frozen in the same way."""
    made = release_participation(store.seats.people(session.id), session.k, _before(store, session, PARTICIPATION))
    if made.news:
        _keep(store, session, PARTICIPATION, made)
    return made.release


def summary(made: Release, lang: str, options: tuple[str, ...]) -> Summary:
    """A release told in one language, by the exercise's own `summary` module."""
    model = exercise(made.exercise)
    told = import_module(f"{model.package}.summary").summarise(model, made, lang, options)
    return cast(Summary, told)


def _before(store: Store, session: Session, slug: str) -> Snapshot | None:
    kept = store.snapshots.get(session.id, slug)
    if kept is None:
        return None
    made, basis = kept
    return Snapshot(release_from_json(made), cast(Basis, basis), 0)


def _keep(store: Store, session: Session, slug: str, made: Snapshot, told: Mapping[str, str] | None = None) -> None:
    store.snapshots.save(session.id, slug, {**release_to_json(made.release), "told": dict(told or {})}, made.basis)
