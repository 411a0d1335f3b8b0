"""How long answers are kept: until a day that was agreed before anybody answered, and that everyone was told."""

from __future__ import annotations

from datetime import date, timedelta

from kit.errors import KitError
from kit.results import keep_results_only
from kit.session import Session
from kit.store import Store

# So many days before, the trainer's page says that answers will go.
SOON_DAYS = 14


def due(store: Store, today: date | None = None) -> list[Session]:
    """Workshops whose answers are to be removed by now."""
    return [one for one in store.sessions.all() if _is_due(one, today or date.today())]


def soon(session: Session, today: date | None = None) -> bool:
    """Whether a workshop's answers go within two weeks."""
    day = session.answers_go_on
    return day is not None and day <= (today or date.today()) + timedelta(SOON_DAYS)


def remove_due(store: Store, today: date | None = None) -> list[Session]:
    """Remove the answers whose day has come; results stay. Returns the workshops; one that cannot be emptied now waits.

    A workshop that nobody has ended is ended first.
    """
    done = []
    for session in due(store, today):
        try:
            store.sessions.close(session.id)
            keep_results_only(store, session)
        except KitError:
            continue  # purged, or opened anew, by somebody else at this moment
        done.append(session)
    return done


def _is_due(session: Session, today: date) -> bool:
    day = session.answers_go_on
    return day is not None and day <= today
