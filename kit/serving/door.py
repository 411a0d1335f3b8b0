"""The front door: code, word card, privacy, good-bye. Plain HTTP; no page is made here. `joining` has the seats."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from markupsafe import Markup

from kit.errors import KeyEnded, KitError
from kit.serving.arrival import HEALTH
from kit.serving.assets import AssetHandler, ScriptHandler
from kit.serving.card import Card
from kit.serving.hall import Hall
from kit.serving.joining import Join, Return, Wait, find_session
from kit.serving.room import is_host
from kit.serving.web import (
    FORM,
    HOST,
    LANG,
    SEAT,
    WAIT,
    WALL,
    FormPage,
    Page,
    holders_of,
    participant_of,
    right_of,
)
from kit.session import tidy_code
from kit.views.scripts import PATH
from kit.views.support import support


class Entrance(FormPage):
    """`/`: type the code."""

    def get(self) -> None:
        self.show("entrance", code="", seated=self._seated())

    async def post(self) -> None:
        """The typed code leads to that workshop's page."""
        typed = self.get_body_argument("code", "")
        try:
            session = await find_session(self, typed)
        except KitError as error:
            return self.show("entrance", error, code=tidy_code(typed), seated=self._seated())
        return self.lead(f"/j/{session.code}")

    def _seated(self) -> bool:
        try:
            return self.hall.store.sessions.get(participant_of(self, self.hall).session_id).closed is False
        except KitError:
            return False


class Privacy(Page):
    """`/privacy`: what is kept and what is not, at length."""

    def get(self) -> None:
        self.show("privacy")


def forget(page: Page, hall: Hall) -> None:
    """Let the browser keep nothing."""
    for name in (SEAT, HOST, WALL, LANG, FORM, WAIT):
        page.clear_cookie(name, path=hall.path("/"))


class Quiet(Page):
    """`/quiet`: where quick exit leads: a calendar that says nothing about the workshop.

    With `?left` (whoever left by themselves, not another tab that went along) the browser's cookies go: what `/exit`
    answers to a page that is gone already, Chromium drops with its cookies unless the address is a secure one.
    """

    def get(self) -> None:
        if self.get_query_argument("left", None) is not None:
            forget(self, self.hall)
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
        forget(self, self.hall)
        # Below a path, the rest of the host is somebody else's.
        self.set_header("Clear-Site-Data", '"cache"' if self.hall.reach.site.base else '"cache", "cookies", "storage"')
        for holder in leaving:
            self.hall.room.release(holder)
            # Not waited for: the browser must not keep its cookies until the store has time.
            asyncio.get_running_loop().run_in_executor(None, self._end, holder)
        self.set_status(204)

    def _end(self, holder: str) -> None:
        """Whoever has a copy of the cookie gets nowhere with it; the word card opens the seat."""
        with contextlib.suppress(KitError):
            if is_host(holder):
                _, session_id, tag, _ = holder.split(":")
                self.hall.store.hosts.leave(session_id, tag)
            else:
                self.hall.store.seats.leave(holder)


class Support(Page):
    """`/support`: where people can turn in this region; only where there is a regional pack."""

    def get(self) -> None:
        if told := support(self.lang, level=1):
            return self.show("support", told=Markup(told))
        self.set_status(404)
        return self.show("message", kind="missing", to="/")


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


def handlers(hall: Hall) -> list[tuple[str, type, dict[str, Any]]]:
    """The front door's addresses."""
    shared = {"hall": hall}
    return [
        (r"/", Entrance, shared),
        # As a phone's keyboard or a scanner may have it, too: "/J/CODE", and with a slash at the end.
        (r"/[jJ]/([^/]{1,64})/?", Join, shared),
        (r"/back/([^/]{1,64})/?", Return, shared),
        (r"/wait", Wait, shared),
        (r"/card", Card, shared),
        (r"/privacy", Privacy, shared),
        (r"/support", Support, shared),
        (r"/quiet", Quiet, shared),
        (r"/lost", Lost, shared),
        (r"/leave", Leave, shared),
        (r"/exit", Exit, shared),
        (HEALTH, Healthz, shared),
        (r"/a/([^/]+)/([^/]+)", AssetHandler, {}),
        (rf"{PATH}([^/]+)", ScriptHandler, {}),
    ]
