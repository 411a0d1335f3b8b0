"""The front door: code, privacy notice, sector, word card, good-bye. Plain HTTP; no page is made here."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from kit.errors import ChoiceNeeded, KeyEnded, KitError, NoSeat, UnknownCard, UnknownCode
from kit.serving.arrival import HEALTH
from kit.serving.assets import AssetHandler, ScriptHandler
from kit.serving.hall import Hall
from kit.serving.room import is_host
from kit.serving.web import (
    FORM,
    HOST,
    LANG,
    SEAT,
    WALL,
    FormPage,
    Page,
    holders_of,
    keep,
    participant_of,
    right_of,
)
from kit.session import Mode, Participant, Sector, Session, card_words, tidy_code
from kit.texts import card_list, section
from kit.views.scripts import PATH


class Entrance(FormPage):
    """`/`: type the code."""

    def get(self) -> None:
        self.show("entrance", code="", seated=self._seated())

    def post(self) -> None:
        """The typed code leads to that workshop's page."""
        code = tidy_code(self.get_body_argument("code", ""))
        try:
            session = find_session(self.hall, code)
        except KitError as error:
            return self.show("entrance", error, code=code, seated=self._seated())
        return self.lead(f"/j/{session.code}")

    def _seated(self) -> bool:
        try:
            return self.hall.store.sessions.get(participant_of(self, self.hall).session_id).closed is False
        except KitError:
            return False


class Join(FormPage):
    """`/j/CODE`: what is kept and what is not, the sector, or the way back by word card."""

    def get(self, code: str) -> None:
        try:
            session = find_session(self.hall, tidy_code(code))
        except KitError as error:
            return self.show("entrance", error, code="", seated=False)
        if session.closed:
            return self.show("over", session=session, seated=self._seated(session))
        if self._seated(session) and not self._anew():
            # Scanned again: the seat is there, and a second one would count its person twice.
            return self.show("again", session=session)
        return self._show(session)

    async def post(self, code: str) -> None:
        """Take a seat. In a thread: while one person waits for the store, nobody else waits for a page."""
        session = find_session(self.hall, tidy_code(code))
        if session.closed:
            return self.lead(f"/j/{session.code}")
        if self._seated(session) and not self._anew():
            return self.lead("/w")
        try:
            sector = self._sector()
            partner = self.get_body_argument("partner", "") or None
            if session.mode is Mode.ATTRIBUTED and session.partners and partner not in session.partners:
                raise ChoiceNeeded(what=section(self.lang, "door")["partner"].lower())
            _, token = await asyncio.to_thread(self.hall.store.seats.take, session, sector, partner, self.lang)
        except KitError as error:
            return self._show(session, error)
        keep(self, self.hall, SEAT, token)
        return self.lead("/card")

    def _seated(self, session: Session) -> bool:
        try:
            return participant_of(self, self.hall).session_id == session.id
        except NoSeat:
            return False

    def _anew(self) -> bool:
        """Whether somebody else sits down at this device, and has said so."""
        return bool(self.get_argument("new", ""))

    def _sector(self) -> Sector:
        try:
            return Sector(self.get_body_argument("sector", ""))
        except ValueError:
            raise ChoiceNeeded(what=section(self.lang, "door")["sector"].lower()) from None

    def _show(self, session: Session, error: KitError | None = None) -> None:
        sectors = section(self.lang, "sectors")
        self.show(
            "join", error=error, session=session, attributed=session.mode is Mode.ATTRIBUTED,
            sectors=[(sector.value, sectors[sector.value]) for sector in Sector],
            chosen=self.get_body_argument("sector", ""), partner=self.get_body_argument("partner", ""),
            new=self._anew(),
        )  # fmt: skip


class Return(FormPage):
    """`/back/CODE`: come back with the word card, on this device or another one."""

    def get(self, code: str) -> None:
        session = find_session(self.hall, tidy_code(code))
        self.show("back", session=session, words="")

    async def post(self, code: str) -> None:
        """A right card opens the seat here and ends it where it was open before."""
        session = find_session(self.hall, tidy_code(code))
        words = self.get_body_argument("words", "")[:200]
        try:
            person, token = await self._open(session, words)
        except KitError as error:
            return self.show("back", error=error, session=session, words=words)
        self.hall.room.release(person.id, moved=True)
        keep(self, self.hall, SEAT, token)
        return self.lead("/w")

    async def _open(self, session: Session, words: str) -> tuple[Participant, str]:
        tries = self.hall.card_tries
        tries.check()
        # Before it is known: those who guess many at once would all pass.
        tries.failed()
        right = True
        try:
            return await asyncio.to_thread(self.hall.store.seats.by_card, session, words)
        except UnknownCard:
            right = False
            raise
        finally:
            if right:
                tries.forgive()


class Card(Page):
    """`/card`: the word card, shown once on the way in; the page inside shows it again on demand."""

    def get(self) -> None:
        person = participant_of(self, self.hall)
        session = self.hall.store.sessions.get(person.session_id)
        words = card_words(session.secret, person.id, card_list(self.lang))
        self.show("card", session=session, words=words)


class Privacy(Page):
    """`/privacy`: what is kept and what is not, at length."""

    def get(self) -> None:
        self.show("privacy")


class Quiet(Page):
    """`/quiet`: where quick exit leads: a calendar that says nothing about the workshop."""

    def get(self) -> None:
        self.show("quiet")


class Lost(Page):
    """`/lost`: the seat is open in another place; take it back here, or come back by card."""

    def get(self) -> None:
        holders = holders_of(self, self.hall)
        hosts, seated = any(is_host(one) for one in holders), any(not is_host(one) for one in holders)
        self.show("lost", seated=seated, hosts=hosts, ended="" if hosts else self._ended())

    def _ended(self) -> str:
        """What is told to whoever came with a facilitator's link that was ended; empty for all others."""
        try:
            right_of(self, self.hall, HOST, WALL)
        except KeyEnded as ended:
            return ended.tell_people(self.lang)
        except KitError:
            pass
        return ""


class Leave(Page):
    """`/leave`: a page says good-bye; it is ended, its seat kept."""

    def post(self) -> None:
        kernel_id = self.get_body_argument("kernel", "")[:64]
        if any(self.hall.room.owns(holder, kernel_id) for holder in holders_of(self, self.hall)):
            self.hall.room.drop(kernel_id)
        self.set_status(204)


class Exit(Page):
    """`/exit`: leave for good from this browser: pages ended, cookies cleared, and void elsewhere; answers stay."""

    async def post(self) -> None:
        leaving: list[str] = []
        # Whatever the store does: who leaves, leaves.
        with contextlib.suppress(KitError):
            leaving = holders_of(self, self.hall)
        for name in (SEAT, HOST, WALL, LANG, FORM):
            self.clear_cookie(name, path=self.hall.path("/"))
        # Below a path, the rest of the host is somebody else's.
        self.set_header("Clear-Site-Data", '"cache"' if self.hall.reach.site.base else '"cache", "cookies", "storage"')
        for holder in leaving:
            self.hall.room.release(holder)
            if not is_host(holder):
                # Not waited for: the browser must not keep its cookies until the store has time.
                asyncio.get_running_loop().run_in_executor(None, self._end, holder)
        self.set_status(204)

    def _end(self, person: str) -> None:
        """Whoever has a copy of the cookie gets nowhere with it; the word card opens the seat."""
        with contextlib.suppress(KitError):
            self.hall.store.seats.leave(person)


class Missing(Page):
    """Any other address."""

    def get(self) -> None:
        self.set_status(404)
        self.show("message", kind="missing", to="/")


class Healthz(Page):
    """`/healthz`: for those who watch a server: 200 while the store answers, 503 while it does not; nothing else."""

    async def get(self) -> None:
        well = await self.hall.health.look()
        self.set_status(200 if well else 503)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("ok\n" if well else "store\n")


def find_session(hall: Hall, code: str) -> Session:
    """The session with this code, also one that has ended; a wrong one counts as a guess.

    Raises `UnknownCode`, `TooManyTries`.
    """
    hall.code_tries.check()
    try:
        return hall.store.sessions.by_code(code)
    except UnknownCode:
        hall.code_tries.failed()
        raise


def handlers(hall: Hall) -> list[tuple[str, type, dict[str, Any]]]:
    """The front door's addresses."""
    shared = {"hall": hall}
    return [
        (r"/", Entrance, shared),
        (r"/j/([^/]{1,64})", Join, shared),
        (r"/back/([^/]{1,64})", Return, shared),
        (r"/card", Card, shared),
        (r"/privacy", Privacy, shared),
        (r"/quiet", Quiet, shared),
        (r"/lost", Lost, shared),
        (r"/leave", Leave, shared),
        (r"/exit", Exit, shared),
        (HEALTH, Healthz, shared),
        (r"/a/([^/]+)/([^/]+)", AssetHandler, {}),
        (rf"{PATH}([^/]+)", ScriptHandler, {}),
    ]
