"""One group over time: people who come again, and say so, are compared with themselves; the group hears of shares.

A workshop may go on with an earlier one, the first of its series (`Session.follows`). Whoever was there may type the
word card of the first workshop at the later one. When the later one ends, what has moved for these pairs goes through
disclosure control like a result, is frozen once, and the pairs are forgotten. Roll-ups read what was frozen.

Beside what each of the workshops tells, it gives nothing away that either hides (tests/test_series.py):

- It asks only what no other result speaks of (`Exercise.asked_since`): whatever the reports tell, somebody may have
  moved either way.
- Of each question, some of the pairs are left out at random (`LEFT_OUT`). So nobody who answered everywhere is known
  to be counted, and that somebody is not counted says nothing about what they skipped.
- All workshops of a series are compared with the first one and not with each other: three comparisons in a ring would
  prove the third.
- It is told for one moment, when the workshop has ended; there is no second picture to compare it with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random, SystemRandom
from typing import Final

from kit.disclosure import Release, release, release_to_json
from kit.errors import NothingToFollow, UnknownSession
from kit.exercise import exercise
from kit.results import SINCE
from kit.session import Mode, Plan, Response, Session, Value
from kit.store import Store

# Which part of the pairs is left out of each question.
LEFT_OUT: Final = 0.2
# Stands in the answers of each pair: all of them are counted, whatever is left out.
_CAME: Final = {"came": "again"}


def first_of(store: Store, session: Session) -> Session | None:
    """The first workshop of the series that a session goes on with, while its answers are kept."""
    if not session.follows:
        return None
    try:
        first = store.sessions.get(session.follows)
    except UnknownSession:
        return None
    return None if first.emptied_on else first


def goes_on_with(earlier: Session, plans: Sequence[Plan]) -> str:
    """The id of the first workshop, for a new one with these `plans` that goes on with `earlier`.

    Raises `NothingToFollow` where they ask nothing of people who come again.
    """
    if not any(_options(earlier.plan(plan.slug), plan) is not None for plan in plans):
        raise NothingToFollow(title=earlier.title)
    return earlier.follows or earlier.id


def followable(store: Store) -> list[Session]:
    """The workshops that a new one could go on with: the first of their series still has its answers."""
    found = [one for one in store.sessions.all() if asked_again(one)]
    return [one for one in found if (first_of(store, one) if one.follows else not one.emptied_on)]


def asked_again(earlier: Session) -> list[Plan]:
    """What a workshop that goes on with this one asks, so that people who come again are compared with themselves."""
    return [plan for plan in earlier.plans if _options(plan, Plan(plan.slug, plan.options)) is not None]


def close(store: Store, session_id: str) -> None:
    """End a workshop for everyone, and freeze what has moved since the first one; raises `UnknownSession`."""
    store.sessions.close(session_id)
    session = store.sessions.get(session_id)
    first = first_of(store, session)
    if first is not None:
        _freeze(store, first, session)
    store.pairs.forget(session_id)


def _freeze(store: Store, first: Session, session: Session) -> None:
    """Keep what may be told of the pairs, where it has not been kept yet and they are enough."""
    kept = store.snapshots.all(session.id)
    if SINCE in kept:
        return
    told = {}
    for plan in session.plans:
        options = _options(first.plan(plan.slug), plan)
        if options is not None and plan.slug in kept:
            made = _made(store, first, session, plan.slug, options)
            if made.people:
                told[plan.slug] = {**release_to_json(made), "options": list(options), "version": plan.version}
    if told:
        store.snapshots.save(session.id, SINCE, {"first": first.id, "told": told}, {}, {})


def _made(store: Store, first: Session, session: Session, slug: str, options: tuple[str, ...]) -> Release:
    pairs = store.pairs.all(session.id)
    before = {one.key: one.answers for one in store.answers.responses(first.id, slug)}
    now = {one.key: one for one in store.answers.responses(session.id, slug)}
    both = [(now[key], before[other]) for key, other in sorted(pairs.items()) if key in now and other in before]
    return compared(slug, options, both, max(first.k, session.k), SystemRandom())


def compared(
    slug: str, options: tuple[str, ...], both: Sequence[tuple[Response, Mapping[str, Value]]], k: int, chance: Random
) -> Release:
    """What may be told of pairs: what each has answered now, and at the first workshop."""
    model = exercise(slug)
    pairs = [
        Response(now.key, now.sector, _CAME | _some(model.since(first, now.answers, options), chance))
        for now, first in both
    ]
    return release(slug, model.asked_since(options), pairs, k, Mode.ANONYMOUS, None, chance).release


def _some(answers: Mapping[str, Value], chance: Random) -> dict[str, Value]:
    return {item: value for item, value in answers.items() if chance.random() >= LEFT_OUT}


def _options(first: Plan | None, now: Plan) -> tuple[str, ...] | None:
    """What both workshops ask in an exercise; None where people who come again are not compared.

    They are not where either has answers to another version of it: the same words may have meant something else.
    """
    if first is None or (first.version, first.renewed, now.renewed) != (now.version or first.version, False, False):
        return None
    options = tuple(one for one in now.options if one in first.options)
    return options if exercise(now.slug).asked_since(options) else None


__all__ = ["LEFT_OUT", "asked_again", "close", "compared", "first_of", "followable", "goes_on_with"]
