"""Seats at the front door: taken anew, waited for, come back to by word card. Plain HTTP; no page is made here."""

from __future__ import annotations

import asyncio
import math
from typing import TypeVar

from kit.errors import ChoiceNeeded, DoorLocked, KitError, NoSeat, TooManyTries
from kit.sectors import name_of, offered
from kit.serving.joins import Waiting
from kit.serving.web import SEAT, WAIT, FormPage, Page, keep, participant_of
from kit.session import Mode, Participant, Reason, Sector, Session, tidy_code
from kit.texts import section

Kind = TypeVar("Kind", Sector, Reason)


class Join(FormPage):
    """`/j/CODE`: what is kept and what is not, the sector, or the way back by word card."""

    async def get(self, code: str) -> None:
        """Scanned again, it leads to the seat that is there: a second one would count its person twice."""
        try:
            session = await find_session(self, code)
        except KitError as error:
            if isinstance(error, TooManyTries):
                come_again(self, math.ceil(self.hall.code_tries.pace.most))
            return self.show("entrance", error, code="", seated=False)
        seated = self._seated(session)
        if session.closed:
            return self.show("over", session=session, seated=seated)
        if seated and not self._anew():
            return self.show("again", session=session)
        if session.locked:
            return self.show("locked", DoorLocked(), session=session, seated=seated)
        if waiting_for(self, session) is not None:
            return self.lead("/wait")
        return self._show(session)

    async def post(self, code: str) -> None:
        """Take a seat, or a ticket for one."""
        session = await find_session(self, code)
        if session.closed:
            return self.lead(f"/j/{session.code}")
        if self._seated(session) and not self._anew():
            return self.lead("/w")
        if session.locked:
            return self.show("locked", DoorLocked(), session=session, seated=self._seated(session))
        if waiting_for(self, session) is not None:
            return self.lead("/wait")
        try:
            ticket = self._ticket(session)
            if ticket.ready > self.hall.joins.clock():
                keep(self, self.hall, WAIT, self.hall.joins.sealed(ticket))
                return self.lead("/wait")
            await take_seat(self, session, ticket)
        except KitError as error:
            return self._show(session, error)
        return self.lead("/card")

    def _ticket(self, session: Session) -> Waiting:
        """What was chosen, counted as one who wants a seat; raises `ChoiceNeeded` before that."""
        sector = self._choice(Sector, "sector")
        if sector not in offered():
            raise ChoiceNeeded(what=section(self.lang, "door")["sector"].lower())
        reason = self._choice(Reason, "reason") if self._seated(session) else None
        partner = self.get_body_argument("partner", "") or None
        if session.mode is Mode.ATTRIBUTED and session.partners and partner not in session.partners:
            raise ChoiceNeeded(what=section(self.lang, "door")["partner"].lower())
        wait = self.hall.joins.wait(self.hall.sources.of(self.request, session.id), session)
        if wait:
            self.hall.rush()
        return Waiting(session.id, sector, partner, reason, self.hall.joins.clock() + wait)

    def _seated(self, session: Session) -> bool:
        try:
            return participant_of(self, self.hall).session_id == session.id
        except NoSeat:
            return False

    def _anew(self) -> bool:
        """Whether somebody else sits down at this device, and has said so."""
        return bool(self.get_argument("new", ""))

    def _choice(self, kind: type[Kind], name: str) -> Kind:
        try:
            return kind(self.get_body_argument(name, ""))
        except ValueError:
            raise ChoiceNeeded(what=section(self.lang, "door")[name].lower()) from None

    def _show(self, session: Session, error: KitError | None = None) -> None:
        reasons = section(self.lang, "door.reasons")
        self.show(
            "join", error=error, session=session, attributed=session.mode is Mode.ATTRIBUTED,
            sectors=[(sector.value, name_of(sector, self.lang)) for sector in offered()],
            reasons=[(reason.value, reasons[reason.value]) for reason in Reason] if self._seated(session) else [],
            chosen=self.get_body_argument("sector", ""), partner=self.get_body_argument("partner", ""),
            reason=self.get_body_argument("reason", ""),
        )  # fmt: skip


class Wait(Page):
    """`/wait`: for a moment there are more newcomers than expected; the page asks again by itself."""

    async def get(self) -> None:
        """The seat, once the ticket's time has come."""
        joins = self.hall.joins
        ticket = joins.opened(self.get_cookie(WAIT) or "")
        if ticket is None:
            return self.lead("/")
        session = self.hall.store.sessions.get(ticket.session)
        if session.locked:
            return self.show("locked", DoorLocked(), session=session, seated=False)
        left = math.ceil(ticket.ready - joins.clock())
        if left > 0:
            come_again(self, left, "/wait")
            return self.show("wait", session=session, seconds=max(left, 2))
        if not joins.use(ticket):
            # Asked for twice at once: the other time has taken the seat.
            return self.lead("/card" if self.get_cookie(SEAT) else f"/j/{session.code}")
        await take_seat(self, session, ticket)
        self.clear_cookie(WAIT, path=self.hall.path("/"))
        return self.lead("/card")


class Return(FormPage):
    """`/back/CODE`: come back with the word card, on this device or another one."""

    async def get(self, code: str) -> None:
        session = await find_session(self, code)
        self.show("back", session=session, words="")

    async def post(self, code: str) -> None:
        """A right card opens the seat here and ends it where it was open before."""
        session = await find_session(self, code)
        words = self.get_body_argument("words", "")[:200]
        try:
            person, token = await self._open(session, words)
        except KitError as error:
            return self.show("back", error=error, session=session, words=words)
        self.hall.room.release(person.id, moved=True)
        keep(self, self.hall, SEAT, token)
        return self.lead("/w")

    async def _open(self, session: Session, words: str) -> tuple[Participant, str]:
        sources = self.hall.sources
        said = sources.of(self.request, f"{session.id} {words}")
        async with self.hall.card_tries.one(sources.of(self.request), said):
            return await asyncio.to_thread(self.hall.store.seats.by_card, session, words)


async def take_seat(page: Page, session: Session, ticket: Waiting) -> None:
    """In a thread: while one person waits for the store, nobody else waits for a page."""
    took = page.hall.store.seats.take
    _, token = await asyncio.to_thread(took, session, ticket.sector, ticket.partner, page.lang, ticket.reason)
    keep(page, page.hall, SEAT, token)


def waiting_for(page: Page, session: Session) -> Waiting | None:
    """The ticket with which this browser waits for a seat of a session already."""
    ticket = page.hall.joins.opened(page.get_cookie(WAIT) or "")
    return ticket if ticket and ticket.session == session.id and not page.hall.joins.is_used(ticket) else None


def come_again(page: Page, seconds: int, path: str = "") -> None:
    """Have the browser ask again by itself after so many seconds, for the same page or another; no script is needed."""
    page.set_header("Refresh", f"{seconds}; url={page.hall.path(path)}" if path else str(seconds))


async def find_session(page: Page, typed: str) -> Session:
    """The session with this code, however it was typed, also an ended one; raises `UnknownCode`, `TooManyTries`."""
    hall, code = page.hall, tidy_code(typed)
    async with hall.code_tries.one(hall.sources.of(page.request), hall.sources.of(page.request, code)):
        return hall.store.sessions.by_code(typed[:64])
