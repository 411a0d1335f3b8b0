"""Seats: who takes part, known by a random id and by the token or the word card that they hold."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, delete, insert, select, update

from kit.cards import CARD_COUNT, card_fingerprint, numbers_of
from kit.errors import ChoiceNeeded, DoorLocked, NoSeat, SessionClosed, UnknownCard, WrongOption
from kit.session import (
    Mode,
    Participant,
    Reason,
    Response,
    Sector,
    Session,
    card_numbers,
    fingerprint,
    new_id,
    new_secret,
)
from kit.store.engine import reading, writing
from kit.store.forget import forget
from kit.store.schema import answers, imports, pairs, seats, second_seats
from kit.store.session_rows import read_session
from kit.store.snapshots import forget_marks

# Made once: every page asks for its own.
_ONE = select(seats).where(seats.c.id == bindparam("person"))


@dataclass(frozen=True)
class Seats:
    """What the store does with seats. Guessing is held back by the server, not here."""

    engine: Engine

    def take(
        self, session: Session, sector: Sector, partner: str | None, lang: str, again: Reason | None = None
    ) -> tuple[Participant, str]:
        """A new seat and the token that proves it; only the token's fingerprint is kept.

        `again` is why a browser that holds a seat takes another one: it is counted, and not kept with the seat.
        Raises `UnknownSession`, `SessionClosed`, `DoorLocked`, `ChoiceNeeded` (attributed mode without a partner)
        and `WrongOption` (a partner that this session does not have).
        """
        with writing(self.engine) as connection:
            current = read_session(connection, session.id, lock=True)
            if current.closed:
                raise SessionClosed()
            if current.locked:
                raise DoorLocked()
            if again is not None:
                _count_again(connection, session.id, again)
            return add_seat(connection, current, sector, partner, lang)

    def by_token(self, token: str) -> Participant:
        """The person who holds this token; raises `NoSeat`."""
        with reading(self.engine) as connection:
            wanted = select(seats).where(seats.c.token_fingerprint == fingerprint(token))
            return _participant(connection.execute(wanted).one_or_none())

    def by_card(self, session: Session, words: str) -> tuple[Participant, str]:
        """The person with this word card, in any language, and a new token: the old one ends here.

        Raises `UnknownCard`.
        """
        token = _new_token()
        with writing(self.engine) as connection:
            person = held_by_card(connection, session, words)
            new = {"token_fingerprint": fingerprint(token), "generation": seats.c.generation + 1}
            connection.execute(update(seats).where(seats.c.id == person.id).values(new))
        return person, token

    def get(self, participant_id: str) -> Participant:
        """One person; raises `NoSeat`."""
        with reading(self.engine) as connection:
            return _participant(connection.execute(_ONE, {"person": participant_id}).one_or_none())

    def people(self, session_id: str) -> list[Response]:
        """Everyone who holds a seat, with no answers: for disclosure control only, in the order of random ids."""
        wanted = select(seats).where(seats.c.session_id == session_id).order_by(seats.c.id)
        with reading(self.engine) as connection:
            return [Response(row.id, Sector(row.sector), {}, row.partner) for row in connection.execute(wanted)]

    def set_lang(self, participant_id: str, lang: str) -> None:
        """Keep the language that a person switched to; raises `NoSeat`."""
        with writing(self.engine) as connection:
            changed = connection.execute(update(seats).where(seats.c.id == participant_id).values(lang=lang))
            if changed.rowcount == 0:
                raise NoSeat()

    def generation(self, participant_id: str) -> int:
        """How many tokens this seat has had; a page opened with an earlier one has ended. Raises `NoSeat`."""
        with reading(self.engine) as connection:
            wanted = select(seats.c.generation).where(seats.c.id == participant_id)
            found = connection.execute(wanted).scalar_one_or_none()
        if found is None:
            raise NoSeat()
        return int(found)

    def leave(self, participant_id: str) -> None:
        """The token opens the seat no more, wherever it is kept; the word card does. Raises `NoSeat`."""
        new = {"token_fingerprint": fingerprint(_new_token()), "generation": seats.c.generation + 1}
        with writing(self.engine) as connection:
            changed = connection.execute(update(seats).where(seats.c.id == participant_id).values(new))
            if changed.rowcount == 0:
                raise NoSeat()

    def erase(self, participant_id: str) -> None:
        """Remove a person's answers and seat at once, and their text from the files; raises `NoSeat`."""
        with writing(self.engine) as connection:
            held = select(seats.c.id).where(seats.c.id == participant_id).with_for_update()
            if connection.execute(held).one_or_none() is None:
                raise NoSeat()
            forget_marks(connection, participant_id)
            connection.execute(delete(pairs).where(pairs.c.first_id == participant_id))
            for table in (answers, imports, pairs):
                connection.execute(delete(table).where(table.c.participant_id == participant_id))
            connection.execute(delete(seats).where(seats.c.id == participant_id))
        forget(self.engine)


def _count_again(connection: Connection, session_id: str, reason: Reason) -> None:
    # The session's row is held: nobody else counts at this moment.
    row = (second_seats.c.session_id == session_id, second_seats.c.reason == reason.value)
    more = update(second_seats).where(*row).values(count=second_seats.c.count + 1)
    if connection.execute(more).rowcount == 0:
        first = {"session_id": session_id, "reason": reason.value, "count": 1}
        connection.execute(insert(second_seats).values(first))


def add_seat(
    connection: Connection, session: Session, sector: Sector, partner: str | None, lang: str
) -> tuple[Participant, str]:
    """A new seat inside a transaction, and its token; raises `ChoiceNeeded`, `WrongOption`."""
    check_partner(session, partner)
    token = _new_token()
    participant_id, card = _free_card(connection, session)
    person = Participant(participant_id, session.id, sector, lang, partner)
    row = _seat_row(person) | {"token_fingerprint": fingerprint(token), "card_fingerprint": card}
    connection.execute(insert(seats).values(row))
    return person, token


def held_by_card(connection: Connection, session: Session, words: str) -> Participant:
    """The person with this word card, whose seat is held until the transaction ends; raises `UnknownCard`."""
    cards = {card_fingerprint(session.secret, numbers) for numbers in numbers_of(words)}
    wanted = select(seats).where(seats.c.session_id == session.id, seats.c.card_fingerprint.in_(cards))
    rows = connection.execute(wanted.with_for_update()).all() if cards else []
    if len(rows) != 1:
        raise UnknownCard()
    return _participant(rows[0])


def _new_token() -> str:
    return secrets.token_urlsafe(32)


def check_partner(session: Session, partner: str | None) -> None:
    """Raise `ChoiceNeeded` (attributed mode without a partner), `WrongOption` (one that the session does not have)."""
    if session.mode is Mode.ATTRIBUTED and session.partners and partner is None:
        raise ChoiceNeeded(what="partner")
    allowed = session.partners if session.mode is Mode.ATTRIBUTED else ()
    if partner is not None and partner not in allowed:
        raise WrongOption(option="partner", value=partner, allowed=", ".join(allowed) or "-")


def _free_card(connection: Connection, session: Session) -> tuple[str, str]:
    """A new participant's id whose word card nobody else in the session has, and the card's fingerprint."""
    while True:
        participant_id = new_id()
        card = card_fingerprint(session.secret, card_numbers(session.secret, participant_id, CARD_COUNT))
        same = select(seats.c.id).where(seats.c.session_id == session.id, seats.c.card_fingerprint == card)
        if connection.execute(same).first() is None:
            return participant_id, card


def _seat_row(person: Participant) -> dict[str, object]:
    return {
        "id": person.id, "session_id": person.session_id, "sector": person.sector.value,
        "partner": person.partner, "lang": person.lang, "generation": 1, "secret": new_secret(),
    }  # fmt: skip


def _participant(row: Row[Any] | None) -> Participant:
    if row is None:
        raise NoSeat()
    return Participant(row.id, row.session_id, Sector(row.sector), row.lang, row.partner)
