"""A workshop that is in a store only, with no server: what tests of results, files and reports begin with."""

from __future__ import annotations

from kit.exercise import exercise
from kit.session import Mode, Plan, Session, State, new_code, new_id
from kit.store import Store

K = 3


def workshop_with(store: Store, *slugs: str) -> Session:
    """These exercises, open, with all of their lenses; groups of `K` or more are told of."""
    plans = tuple(Plan(slug, tuple(lens.id for lens in exercise(slug).structure.lenses), State.OPEN) for slug in slugs)
    made = Session(new_id(), new_code(), "Table", "fr", Mode.ANONYMOUS, K, plans, secret=new_id())
    return store.sessions.add(made, "key")
