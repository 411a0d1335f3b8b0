"""A page made for nobody, in the process that kernels fork from.

What is done here once, no kernel does again: statements are prepared, expressions compiled, the interpreter knows
what each line of code meets. Kernels then write to less of the memory that they share.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from random import Random

import ipywidgets
from sqlalchemy import event

from kit.exercise import Exercise, exercise, exercises
from kit.serving.pages import ParticipantPage
from kit.serving.widgets import shown
from kit.session import CODE_LENGTH, K_DEFAULT, Mode, Plan, Sector, Session, State, new_id
from kit.store import Store
from kit.store.engine import is_sqlite
from kit.store.schema import metadata
from kit.texts import languages
from kit.views.base import View
from kit.views.lean import unannounced

NOWHERE = "file:/kit-trial?vfs=memdb"


def try_page(store: Store) -> None:
    """Make the page with every exercise in every language, on an empty store in this one's place.

    No widget, row or connection stays. Nothing happens where the store is no file.
    """
    if not is_sqlite(store.engine.url):
        return
    with _elsewhere(store):
        metadata.create_all(store.engine)
        for lang in languages():
            _visit(store, lang)
    ipywidgets.Widget.close_all()


@contextmanager
def _elsewhere(store: Store) -> Iterator[None]:
    """Inside, the store is an empty one in memory."""

    def connect(*_about: object) -> sqlite3.Connection:
        return sqlite3.connect(NOWHERE, uri=True, check_same_thread=False)

    store.close()
    event.listen(store.engine, "do_connect", connect)
    try:
        yield
    finally:
        event.remove(store.engine, "do_connect", connect)
        store.close()


def _visit(store: Store, lang: str) -> None:
    plans = tuple(Plan(slug, state=State.OPEN) for slug in exercises())
    made = Session(new_id(), "A" * CODE_LENGTH, "-", lang, Mode.ANONYMOUS, K_DEFAULT, plans)
    session = store.sessions.add(made, "-")
    person, _ = store.seats.take(session, Sector.OTHER, None, lang)
    with unannounced():
        page = ParticipantPage(store, person, lang)
    json.dumps(shown(page.widget))
    for plan in session.plans:
        page.choose(plan.slug)
        _answer(page.forms[plan.slug], exercise(plan.slug), lang)
    store.sessions.set_state(session.id, session.plans[0].slug, State.CLOSED)
    page.look()
    store.seats.erase(person.id)
    store.sessions.purge(session.id)


def _answer(form: View, model: Exercise, lang: str) -> None:
    """As a page does it."""
    invented = model.rehearse(Random(0), Sector.OTHER, lang)
    for n, (item, value) in enumerate(invented):
        _say(form, {"kind": "answer", "item": item, "value": value, "revision": 0, "n": n})
    _say(form, {"kind": "feedback"})


def _say(form: View, content: Mapping[str, object]) -> None:
    form._handle_msg({"content": {"data": {"method": "custom", "content": content}}})
