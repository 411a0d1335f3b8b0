"""Sessions to make reports of, and the figures of one as JSON for the stock loop.

People answer in a few sessions and their results are revealed; the others are copies of these under ids of their own,
since a reveal takes a second and what a report is made of is the same.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert, select, update

from bench.revealing import MIX, _answer, _seat
from kit import results
from kit.exercise import exercise, exercises
from kit.reports.document import Pictured, Report
from kit.session import Mode, Plan, Session, State, new_code, new_id
from kit.store import Store
from kit.store.schema import answers, plans, seats, sessions, snapshots
from kit.summary import Figure, Row

# Six figures at 30 people, as the stock notebook draws.
SLUGS = ("reflection", "partnership")
# As many as the rows that draw: a run draws the same figure once.
DIFFERENT = 50


def held(store: Store, people: int, seed: int, slugs: tuple[str, ...] = SLUGS) -> Session:
    """A session in which simulated people have answered, and everything was revealed."""
    chosen = tuple(Plan(slug, (), State.OPEN) for slug in slugs)
    session = store.sessions.add(Session(new_id(), new_code(), "Table", "en", Mode.ANONYMOUS, 5, chosen), new_id())
    rows, said = [], []
    for at in range(people):
        sector, own = MIX[at % len(MIX)], new_id()
        rows.append(_seat(session, own, sector))
        for slug in slugs:
            found = exercise(slug).rehearse(Random(f"{seed}/{at}/{slug}"), sector, "en")
            said += [_answer(own, slug, item, value) for item, value in dict(found).items()]
    with store.engine.begin() as connection:
        connection.execute(seats.insert(), rows)
        connection.execute(answers.insert(), said)
    for slug in slugs:
        results.reveal(store, session, slug)
    return session


def many(store: Store, number: int, people: int, slugs: tuple[str, ...] = SLUGS) -> list[str]:
    """The ids of so many sessions of so many people."""
    made = [held(store, people, seed, slugs).id for seed in range(min(number, DIFFERENT))]
    return [*made, *(_copy(store, made[at % len(made)]) for at in range(number - len(made)))]


def undrawn(store: Store) -> None:
    """Forget every drawing that is kept, so that each figure is drawn anew."""
    with store.engine.begin() as connection:
        for row in connection.execute(select(snapshots)).all():
            place = (snapshots.c.session_id == row.session_id, snapshots.c.exercise == row.exercise)
            without = {name: told for name, told in row.release.items() if name != "told"}
            connection.execute(update(snapshots).where(*place).values(release=without))


def everything() -> tuple[str, ...]:
    """All exercises."""
    return tuple(exercises())


def plain(document: Report, path: Path) -> Path:
    """The figures of a document with their bars, for the stock notebook."""
    figures = [part.figure for one in document.all() for part in one.parts if isinstance(part, Pictured)]
    told = [
        {"title": one.title, "rows": [(row.label, _bars(row)) for row in one.rows]}
        for one in figures
        if isinstance(one, Figure)
    ]
    path.write_text(json.dumps({"title": document.head.title, "figures": told}), "utf-8")
    return path


def _bars(row: Row) -> list[tuple[str, float]]:
    return [(bar.label, bar.percent) for bar in row.bars] or list(row.dots)


def _copy(store: Store, session_id: str) -> str:
    own = {"id": new_id(), "code": new_code(), "secret": secrets.token_hex(32)}
    with store.engine.begin() as connection:
        (row,) = connection.execute(select(sessions).where(sessions.c.id == session_id)).mappings().all()
        connection.execute(insert(sessions).values(dict(row) | own))
        for table in (plans, snapshots):
            rows: list[dict[str, Any]] = [
                dict(one) | {"session_id": own["id"]}
                for one in connection.execute(select(table).where(table.c.session_id == session_id)).mappings()
            ]
            connection.execute(insert(table), rows)
    return own["id"]
