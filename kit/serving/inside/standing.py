"""How a workshop stands: read once for each change, and shared by all participants' pages of a kernel.

Nothing of a person is in it: language, seat, answers and place are each page's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

from kit.following import Followed
from kit.results import told
from kit.serving.inside.together import asks_ready, room_place, where
from kit.session import Session
from kit.store import Store


@dataclass(frozen=True, eq=False)
class Standing:
    """A workshop as it stood at one change; `tick` is that change's number (`Sessions.tick`)."""

    tick: int
    session: Session
    found: Followed | None
    _store: Store = field(repr=False)
    _told: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    @cached_property
    def place(self) -> str:
        """The exercise at which the room is; empty while it is at none."""
        return room_place(self.session, self.found)

    @cached_property
    def asks(self) -> str:
        """What people can say that they are done with (`asks_ready`)."""
        return asks_ready(self.session, self.place)

    def told(self, slug: str, lang: str) -> str:
        """What was revealed of one exercise, as HTML; empty when nothing was. Read when somebody wants it first."""
        if (slug, lang) not in self._told:
            self._told[slug, lang] = told(self._store, self.session, slug, lang)
        return self._told[slug, lang]


@dataclass
class _Read:
    changed: int
    standing: Standing


_read: WeakKeyDictionary[Store, dict[str, _Read]] = WeakKeyDictionary()


def standing(store: Store, session_id: str) -> Standing:
    """How a session stands now, never older than what anybody was shown before; raises `UnknownSession`.

    Where nothing at all was written since somebody asked, that is known without a question to the database.
    """
    # Each number is asked for before what it stands for: what is written in between is read once more, not missed.
    changed = store.changed()
    known = _read.setdefault(store, {}).get(session_id)
    if known is not None and known.changed == changed:
        return known.standing
    with store.at_once():
        tick = store.sessions.tick(session_id)
        if known is None or known.standing.tick != tick:
            session = store.sessions.get(session_id)
            known = _Read(changed, Standing(tick, session, where(store, session), store))
    known.changed = changed
    _read[store][session_id] = known
    return known.standing
