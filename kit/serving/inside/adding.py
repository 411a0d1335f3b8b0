"""What a trainer can add to the agenda while a workshop runs, and how the workshop then asks it too."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from kit.agenda.offers import Addable, offers
from kit.agenda.slots import KINDS
from kit.exercise import exercise
from kit.session import Session
from kit.store import Store
from kit.views.agenda import OfferLine

# What is added without an exercise.
NO_EXERCISE = tuple(one for one in KINDS if one != "exercise")


def offered(session: Session, revealed: Collection[str], lang: str) -> list[OfferLine]:
    """What can be added now, for the console."""
    return [_line(one, lang) for one in offers() if _may(session, revealed, one)]


def offer_of(session: Session, revealed: Collection[str], id: str) -> Addable | None:
    """One of them; None when there is no such, or it cannot be added."""
    return next((one for one in offers() if one.id == id and _may(session, revealed, one)), None)


def asked_before(session: Session, offer: Addable) -> dict[str, Any]:
    """What was asked of its exercise before it is added, for `put_back`."""
    plan = session.plan(offer.exercise)
    return {"asked": {"slug": offer.exercise, "options": None if plan is None else list(plan.options)}}


def ask_too(store: Store, session: Session, offer: Addable) -> None:
    """Let the workshop ask it; one that asks it already stays as it is."""
    plan = session.plan(offer.exercise)
    if plan is None or not _asks(session, offer):
        have = plan.options if plan else ()
        wanted = (*have, offer.story) if offer.story else have
        store.sessions.ask(session.id, offer.exercise, exercise(offer.exercise).options(wanted))


def _may(session: Session, revealed: Collection[str], offer: Addable) -> bool:
    """A story that was not asked cannot join a result that was told: what comes next is compared with that."""
    return _asks(session, offer) or offer.exercise not in revealed


def _asks(session: Session, offer: Addable) -> bool:
    """Whether the workshop asks this already; without a choice, it asks every story that need not be named."""
    plan = session.plan(offer.exercise)
    if plan is None:
        return False
    return not offer.story or offer.story in (plan.options or exercise(offer.exercise).unnamed)


@cache
def _line(offer: Addable, lang: str) -> OfferLine:
    """Worked out once: the console asks it at each change."""
    model = exercise(offer.exercise)
    title = model.texts(lang).title
    story = model.stages(lang, (offer.story,))[0].group if offer.story else ""
    return {"id": offer.id, "title": story or title, "group": title if story else "", "minutes": offer.minutes}
