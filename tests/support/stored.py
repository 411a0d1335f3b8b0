"""What is in a store without anybody on a page: what tests of results, files, reports and consoles begin with."""

from __future__ import annotations

from random import Random

from kit.exercise import exercise
from kit.session import Mode, Plan, Sector, Session, State, new_code, new_id
from kit.store import Store
from tests.support.workshop import Workshop

K = 3


def workshop_with(store: Store, *slugs: str) -> Session:
    """These exercises, open, with all of their lenses; groups of `K` or more are told of."""
    plans = tuple(Plan(slug, tuple(lens.id for lens in exercise(slug).structure.lenses), State.OPEN) for slug in slugs)
    made = Session(new_id(), new_code(), "Table", "fr", Mode.ANONYMOUS, K, plans, secret=new_id())
    return store.sessions.add(made, "key")


def answered_by_many(workshop: Workshop, slug: str, people: int = 8) -> None:
    """Enough people have answered, so that there is something to reveal."""
    rng = Random(3)
    with workshop.store() as store:
        session = store.sessions.get(workshop.session_id)
        for _ in range(people):
            seat, _ = store.seats.take(session, Sector.COMMUNITY, None, "fr")
            for item, value in exercise(slug).rehearse(rng, Sector.COMMUNITY, "fr", ()):
                store.answers.save(seat.id, slug, item, value, 1)
