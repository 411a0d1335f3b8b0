"""What a facilitator decides about a revealed result: gaps in a list that is told, and shared texts that may pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from kit import shared
from kit.decisions import Ask
from kit.errors import NothingReleased
from kit.exercise import exercise
from kit.files import File
from kit.results import TRIES, KeptResult, kept_result, revealed, row_of
from kit.session import Session
from kit.store import Store
from kit.summaries import asks_of, fitting, group_of
from kit.texts import languages

# ---- what the facilitator decides about a released list (see `kit.decisions`) ----


def asks(store: Store, session: Session, slug: str, lang: str) -> tuple[Ask, ...]:
    """What there is to decide about a revealed result, then what was decided; nothing for most exercises."""
    kept = kept_result(store, session, slug)
    return asks_of(kept.raw, kept.decisions, lang) if kept else ()


def gives(store: Store, session: Session, slug: str) -> tuple[str, ...]:
    """Ids of the files that can be made of a revealed list; none where there is no list."""
    kept = kept_result(store, session, slug)
    group = group_of(slug) if kept else None
    if kept is None or group is None or not group.holds(exercise(slug), shared.passed(kept.raw, kept.decisions)):
        return ()
    return tuple(group.GIVES)


def decide(store: Store, session: Session, slug: str, ask: str, choice: str) -> bool:
    """Keep a choice about one of the `asks` (with "", take it back) and tell the result anew.

    False when this is not asked (any more), or the choice is none of its. What was released, and what the next
    release is compared with, stay as they are.
    """

    def decided(kept: KeptResult) -> dict[str, str] | None:
        asked = next((one for one in asks_of(kept.raw, kept.decisions, languages()[0]) if one.id == ask), None)
        if asked is None or choice not in ("", *(id for id, _ in asked.choices)):
            return None
        return {id: chosen for id, chosen in {**kept.decisions, ask: choice}.items() if chosen}

    return _redecide(store, session, slug, decided)


def give(store: Store, session: Session, slug: str, what: str, lang: str) -> File:
    """A file of a revealed list as it was settled; raises `NothingReleased`."""
    group, made = group_of(slug), revealed(store, session, slug)
    if group is None or made is None or what not in group.GIVES:
        raise NothingReleased()
    return cast(File, group.give(exercise(slug), made, what, lang))


# ---- what the facilitator lets pass of shared texts (see `kit.shared`) ----


def shared_lines(store: Store, session: Session, slug: str, lang: str) -> tuple[shared.SharedText, ...]:
    """The shared texts of a revealed result, also those that the room does not see (yet); for the facilitator only."""
    kept = kept_result(store, session, slug)
    plan = session.plan(slug)
    if kept is None or plan is None:
        return ()
    return shared.lines(exercise(slug), fitting(kept.raw, plan.options), kept.decisions, lang)


def look_over(store: Store, session: Session, slug: str, line: str, choice: str) -> bool:
    """Show a shared text (with "", each one that waits), strike it out or put it back, and tell the result anew.

    False when it is not there (any more), or the choice is none.
    """
    return _redecide(store, session, slug, lambda kept: shared.decide(kept.raw, kept.decisions, line, choice))


def _redecide(store: Store, session: Session, slug: str, change: Callable[[KeptResult], dict[str, str] | None]) -> bool:
    """Put a changed decision beside what was released; what was released, and its basis, stay as they are."""
    for _ in range(TRIES):
        kept, plan = kept_result(store, session, slug), session.plan(slug)
        decided = change(kept) if kept else None
        if kept is None or plan is None or decided is None:
            return False
        row = row_of(kept.raw, decided, plan.options, kept.is_off, kept.first, kept.begun)
        if store.snapshots.replace(session.id, slug, kept.row, row):
            return True
    return False
