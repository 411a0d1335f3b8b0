"""The workshops as the trainer's page tells of them, and what a new one can be made of."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kit import retention, series
from kit.cli.home.chosen import Chosen
from kit.days import tell_day
from kit.disclosure import told_count
from kit.errors import NothingToFollow
from kit.exercise import Exercise, exercise, exercises
from kit.following import followed
from kit.foretelling import foretold
from kit.session import UNENDED_DAYS, Mode, Plan, Session
from kit.store import Store
from kit.store.imports import Batch
from kit.texts import say, section


@dataclass(frozen=True)
class WorkshopLine:
    """A workshop in the list; `soon` is whether its answers go within two weeks."""

    code: str
    title: str
    day: str
    closed: bool
    soon: bool


@dataclass(frozen=True)
class Told:
    """One workshop: `joined` tells in words how many took part, in steps of k as everywhere but on the console."""

    line: WorkshopLine
    lang: str
    mode: str
    k: int
    expected: int
    exercises: Sequence[str]
    joined: str
    reopens: bool
    results: int
    batches: Sequence[Batch]
    partners: Sequence[str]
    goes: str
    emptied: str
    follows: str
    earlier: str
    room: str


@dataclass(frozen=True)
class Pick:
    """What can be chosen: a part of an exercise (a lens, a story), an earlier workshop."""

    value: str
    name: str


@dataclass(frozen=True)
class Offer:
    """An exercise that can be chosen."""

    slug: str
    title: str
    minutes: int
    lenses: Sequence[Pick]


def line(session: Session) -> WorkshopLine:
    """A workshop for the list."""
    return WorkshopLine(
        session.code, session.title, session.made_on.isoformat(), session.closed, retention.soon(session)
    )


def tell(store: Store, session: Session, lang: str) -> Told:
    """One workshop as it stands."""
    joined = told_count(store.sessions.counts(session.id).joined, session.k)
    return Told(
        line(session), session.lang, say(lang, f"cli.mode_{session.mode.value}"), session.k, session.expected,
        [exercise(plan.slug).texts(lang).title for plan in session.plans],
        say(lang, "cli.at_least", n=joined) if joined else say(lang, "cli.fewer", k=session.k),
        session.closed and session.closed_on == date.today(), len(_results(store, session)),
        store.imports.batches(session.id), session.partners if session.mode is Mode.ATTRIBUTED else (),
        _keeps(session, lang),
        tell_day(session.emptied_on, lang) if session.emptied_on else "",
        found.agenda.told(lang).title if (found := followed(store, session.id)) else "",
        _named(first, lang) if (first := series.first_of(store, session)) else "",
        session.room,
    )  # fmt: skip


def _keeps(session: Session, lang: str) -> str:
    """How long answers are kept, in words; empty where they are gone."""
    if session.emptied_on:
        return ""
    if session.keep_days is None or session.answers_go_on is None:
        return say(lang, "home.keeps_open")
    day = tell_day(session.answers_go_on, lang)
    if session.closed:
        return say(lang, "home.keeps_until", day=day)
    return say(lang, "home.keeps_days", days=session.keep_days, unended=UNENDED_DAYS, day=day)


def offers(lang: str) -> list[Offer]:
    """Every exercise, in the order of a workshop."""
    return [
        Offer(slug, one.texts(lang).title, one.structure.minutes, _lenses(one, lang))
        for slug, one in exercises().items()
    ]


def earlier(store: Store, lang: str) -> list[Pick]:
    """The workshops that a new one can go on with, the latest first."""
    found = sorted(series.followable(store), key=lambda one: one.made_on, reverse=True)
    return [Pick(one.code, _named(one, lang)) for one in found]


def continuing(store: Store, chosen: Chosen, lang: str) -> tuple[Chosen, str]:
    """The choice with what the earlier workshop asks besides an agenda; and why it cannot go on with it, in words."""
    if not chosen.follows:
        return chosen, ""
    found = next((one for one in series.followable(store) if one.code == chosen.follows), None)
    if found is None:
        return chosen, say(lang, "home.earlier_gone")
    asked = series.asked_again(found)
    if chosen.agenda:
        chosen = replace(chosen, besides=[":".join(filter(None, (one.slug, "+".join(one.options)))) for one in asked])
    try:
        series.goes_on_with(found, [Plan(one.slug, options) for one, options in _plans(chosen)])
    except NothingToFollow:
        names = ", ".join(exercise(one.slug).texts(lang).title for one in asked)
        return chosen, say(lang, "home.earlier_apart", title=found.title, exercise=names)
    return chosen, ""


def _named(session: Session, lang: str) -> str:
    """A workshop by its title, its day and its code: two may have the same title."""
    return say(lang, "home.earlier_one", title=session.title, day=tell_day(session.made_on, lang), code=session.code)


def foresight(chosen: Chosen, lang: str) -> list[tuple[str, Sequence[str]]]:
    """What a room of so many will and won't be told, by exercise; nobody has answered anything yet."""
    mode, people = Mode(chosen.mode), {"": chosen.people}
    return [
        (one.texts(lang).title, foretold(one, people, mode, chosen.threshold, lang, options))
        for one, options in _plans(chosen)
    ]


def command(lang: str, *call: str) -> str:
    """A call as somebody types it; what they have in the place of a name is told in their language."""
    names: Mapping[str, str] = section(lang, "calls.to_fill_in")
    return shlex.join(["kit", *(names.get(word, word) for word in call)])


def _plans(chosen: Chosen) -> list[tuple[Exercise, tuple[str, ...]]]:
    from kit.agenda.model import find_agenda

    if chosen.agenda:
        own = find_agenda(chosen.agenda).structure.plans
        parts = [one.partition(":") for one in chosen.besides]
        more = {slug: tuple(lenses.split("+")) if lenses else () for slug, _, lenses in parts if slug not in own}
        return [(exercise(slug), exercise(slug).options(lenses)) for slug, lenses in {**own, **more}.items()]
    return [(exercise(slug), exercise(slug).options(chosen.lenses_of(slug))) for slug in chosen.exercises]


def _lenses(model: Exercise, lang: str) -> list[Pick]:
    """What can be chosen of an exercise; a story that concerns people says that it is to be read with them first."""
    named = model.texts(lang).lenses
    found = []
    for lens in model.structure.lenses:
        if not lens.always:
            stages = [] if lens.id in named else model.stages(lang, (lens.id,))
            name = named.get(lens.id) or (stages[0].group if stages else lens.id)
            if lens.id not in model.unnamed:
                name = say(lang, "home.read_first", name=name)
            found.append(Pick(f"{model.slug}:{lens.id}", name))
    return found


def _results(store: Store, session: Session) -> list[str]:
    shown = store.snapshots.slugs(session.id)
    return [plan.slug for plan in session.plans if plan.slug in shown]
