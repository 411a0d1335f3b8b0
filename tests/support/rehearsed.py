"""What became of the answers of simulated people."""

from __future__ import annotations

from collections.abc import Sequence

from kit.exercise import exercise
from kit.rehearsal.room import Guest
from kit.store import Store


def lost(store: Store, people: Sequence[Guest]) -> list[tuple[int, str, str]]:
    """Who was told that an answer is saved which the store does not hold, with exercise and item."""
    found = []
    for one in people:
        seat = store.seats.by_token(one.someone.cookies["seat"]).id if one.told else ""
        for (slug, item), value in one.told.items():
            kept = store.answers.of(seat, slug).get(item)
            if kept is None or kept.value != exercise(slug).check(item, value, _options(one, slug)):
                found.append((one.number, slug, item))
    return found


def _options(one: Guest, slug: str) -> tuple[str, ...]:
    plan = one.around.session.plan(slug)
    return plan.options if plan else ()
