"""People who came to the first workshop of a series too: which seat there is theirs, until the later workshop ends."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, Select, delete, insert, or_, select

from kit.errors import SessionClosed
from kit.session import Participant, Session
from kit.store.engine import reading, writing
from kit.store.schema import pairs, seats
from kit.store.seats import held_by_card
from kit.store.session_rows import read_session


@dataclass(frozen=True)
class Pairs:
    """What the store does with pairs. Nothing shows one; guessing is held back by the server, not here."""

    engine: Engine

    def add(self, person: Participant, first: Session, words: str) -> None:
        """Pair a seat with the one of the `first` workshop that has this word card, in any language.

        Each seat is in one pair at most: the last time counts. Raises `UnknownCard`, `SessionClosed`.
        """
        with writing(self.engine) as connection:
            if read_session(connection, person.session_id, lock=True).closed:
                raise SessionClosed()
            other = held_by_card(connection, first, words)
            here = select(seats.c.id).where(seats.c.session_id == person.session_id)
            again = or_(pairs.c.participant_id == person.id, pairs.c.first_id == other.id)
            connection.execute(delete(pairs).where(pairs.c.participant_id.in_(here), again))
            connection.execute(insert(pairs).values(participant_id=person.id, first_id=other.id))

    def has(self, participant_id: str) -> bool:
        """Whether a seat is in a pair."""
        with reading(self.engine) as connection:
            return connection.execute(select(pairs).where(pairs.c.participant_id == participant_id)).first() is not None

    def remove(self, participant_id: str) -> None:
        """Take a seat out of its pair."""
        with writing(self.engine) as connection:
            connection.execute(delete(pairs).where(pairs.c.participant_id == participant_id))

    def all(self, session_id: str) -> dict[str, str]:
        """The pairs of a later workshop: a seat of it, and the one at the first workshop."""
        wanted = select(pairs.c.participant_id, pairs.c.first_id)
        with reading(self.engine) as connection:
            return dict(connection.execute(wanted.where(pairs.c.participant_id.in_(_of(session_id)))).tuples().all())

    def forget(self, session_id: str) -> None:
        """Remove the pairs of a later workshop."""
        with writing(self.engine) as connection:
            connection.execute(delete(pairs).where(pairs.c.participant_id.in_(_of(session_id))))


def _of(session_id: str) -> Select[tuple[str]]:
    return select(seats.c.id).where(seats.c.session_id == session_id)


__all__ = ["Pairs"]
