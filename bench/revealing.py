"""How long a reveal takes, with whichever kit can be imported: `python bench/revealing.py PEOPLE TIMES [EXERCISE…]`.

It stands alone, so that `bench.reveal` can run it with the kit as it was before. People and answers are put into a
store of their own; then the facilitator's click is what is measured: answers out of the store, disclosure control, the
summary told in every language, its figures drawn, all of it kept. Prints JSON: exercise → for each time, seconds on the
clock and of the processor.
"""

from __future__ import annotations

import json
import secrets
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from kit.exercise import Exercise, exercises
from kit.results import reveal
from kit.session import Mode, Plan, Sector, Session, State
from kit.store import Store
from kit.store.schema import answers, seats

WARM = ("partnership", "scenarios")
MIX = (Sector.SETTLEMENT,) * 9 + (Sector.ANTI_VIOLENCE,) * 8 + (Sector.MUNICIPAL,) * 5 + (Sector.HEALTH_HIV,) * 2


def filled(store: Store, model: Exercise, people: int, seed: int) -> Session:
    """A session of one exercise in which simulated people have answered."""
    lenses = tuple(lens.id for lens in model.structure.lenses)
    plan = Plan(model.slug, lenses, State.OPEN)
    new = Session(secrets.token_hex(16), secrets.token_hex(3).upper(), "bench", "en", Mode.ANONYMOUS, 5, (plan,))
    session = store.sessions.add(new, secrets.token_hex(32))
    rows, said = [], []
    for at in range(people):
        sector, own = MIX[at % len(MIX)], secrets.token_hex(16)
        rows.append(_seat(session, own, sector))
        found = model.rehearse(Random(f"{seed}/{at}"), sector, "en", lenses)
        said += [_answer(own, model.slug, item, value) for item, value in dict(found).items()]
    with store.engine.begin() as connection:
        connection.execute(seats.insert(), rows)
        connection.execute(answers.insert(), said)
    return session


def _seat(session: Session, own: str, sector: Sector) -> dict[str, Any]:
    row = {
        "id": own, "session_id": session.id, "sector": sector.value, "partner": None, "lang": "en", "generation": 0,
        "token_fingerprint": secrets.token_hex(16), "card_fingerprint": secrets.token_hex(16),
        "secret": secrets.token_hex(16),
    }  # fmt: skip
    return {name: value for name, value in row.items() if name in seats.columns}


def _answer(own: str, slug: str, item: str, value: Any) -> dict[str, Any]:
    return {"participant_id": own, "exercise": slug, "item": item, "value": value, "revision": 1}


def seconds(people: int, times: int, slugs: list[str]) -> dict[str, list[tuple[float, float]]]:
    """What each reveal took: seconds on the clock, and of the processor. Before, each kind of figure is drawn once:
    the first loads matplotlib and its fonts.
    """
    found: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory(prefix="kb") as folder:
        store = Store.open(Path(folder) / "store.sqlite")
        for slug in WARM:
            _reveal(store, exercises()[slug], 40, 0)
        for slug in slugs:
            found[slug] = [_reveal(store, exercises()[slug], people, seed) for seed in range(times)]
        store.close()
    return found


def _reveal(store: Store, model: Exercise, people: int, seed: int) -> tuple[float, float]:
    session = filled(store, model, people, seed)
    begun, worked = time.perf_counter(), time.process_time()
    reveal(store, session, model.slug)
    return time.perf_counter() - begun, time.process_time() - worked


if __name__ == "__main__":
    json.dump(seconds(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] or list(exercises())), sys.stdout)
