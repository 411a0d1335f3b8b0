"""What a participant's page needs, brought into memory once for all kernels by importing this module.

Code, texts in each language, the exercises with their content, the scripts of the widgets; and, where
KIT_STORE names the store, the statements that a page asks of it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

from kit.errors import KitError
from kit.exercise import exercises
from kit.serving.forking.layout import gather
from kit.serving.forking.trial import try_page
from kit.store import Store
from kit.texts import card_list, languages, texts
from kit.views.counter import files_of
from kit.views.of import view_of

_log = logging.getLogger(__name__)
MODULES = ("kit.serving.pages", "sqlalchemy.dialects.sqlite", "sqlite3")


def load() -> None:
    """Import the modules, read the content."""
    for module in MODULES:
        import_module(module)
    for lang in languages():
        texts(lang)
        card_list(lang)
        for model in exercises().values():
            model.texts(lang)
    for model in exercises().values():
        view_of(model)
        files_of(model)


def ask(store: Store) -> None:
    """Ask what a page asks, about nobody: preparing the statements is most of the work."""
    asked: tuple[Callable[[], object], ...] = (
        lambda: store.seats.get(""), lambda: store.sessions.get(""), lambda: store.sessions.tick(""),
        lambda: store.answers.of("", ""), lambda: store.snapshots.get("", ""), store.changed,
    )  # fmt: skip
    for question in asked:
        with suppress(KitError):
            question()


def keep_store() -> Store | None:
    """The store with its statements prepared and no connection open, to be held for as long as kernels fork."""
    if "KIT_STORE" not in os.environ:
        return None
    # A store that cannot be opened is told to the person whose page needs it, not here.
    with suppress(KitError):
        store = Store.open()
        ask(store)
        _try(store)
        store.lend()
        return store
    return None


def _try(store: Store) -> None:
    try:
        try_page(store)
    except Exception:
        # A kernel does without; what fails here may fail there, and is told to the person then.
        _log.warning("no page could be tried before the first kernel", exc_info=True)


load()
gather()
kept = keep_store()
