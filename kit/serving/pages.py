"""The pages that kernels make: only for someone who holds a seat or a key, and only their own."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any

from tornado.web import HTTPError, RequestHandler

from kit.errors import NoSeat
from kit.serving.hall import Hall, host_holder
from kit.serving.headers import set_headers
from kit.serving.link import KernelGone
from kit.serving.web import (
    HOST,
    WALL,
    console_lang,
    keep_right,
    lang_of,
    log_failure,
    participant_of,
    right_of,
    write_message,
)
from kit.session import Session
from kit.store.hosts import Opens


class HeldPage(RequestHandler):
    """A page that a kernel makes when `holder` has said whose it is."""

    kind = ""

    def initialize(self, hall: Hall) -> None:
        self.hall = hall

    def set_default_headers(self) -> None:
        set_headers(self)

    def compute_etag(self) -> None:
        """No page is asked for by what it was: none is kept."""

    def holder(self) -> tuple[str, Mapping[str, str]]:
        """Whose page this is and what its kernel is to know; raises a `KitError`."""
        raise NotImplementedError

    async def get(self) -> None:
        """End the holder's earlier page, and have this one made."""
        if self.request.headers.get("Sec-Fetch-Dest", "document") != "document":
            # In a frame, or for a script: another site's page would end the one that the person is on.
            raise HTTPError(403)
        if "prefetch" in self.request.headers.get("Sec-Purpose", self.request.headers.get("Purpose", "")):
            # A guess of the browser's would end the page that the person is on.
            self.set_status(503)
            self.finish()
            return
        try:
            holder, told = self.holder()
        except NoSeat:
            self.redirect(self.hall.path("/"), status=303)
            return
        page = str(uuid.uuid4())
        made = await self._made(page, holder, told)
        if made is None:
            self.redirect(self.hall.path("/lost"), status=303)
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(made)

    async def _made(self, page: str, holder: str, told: Mapping[str, str]) -> str | None:
        """The page; None when it was ended before it was there. Raises a `KitError`."""
        ended = self.hall.room.start(page, holder, told["session"])
        over = asyncio.create_task(ended.wait())
        making = asyncio.create_task(self.hall.make(page, self.kind, told))
        await asyncio.wait({making, over}, return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        if ended.is_set():
            making.cancel()
            # Made in the same moment: nobody knows of it.
            self.hall.end(page)
            return None
        try:
            return making.result()
        except KernelGone:
            raise HTTPError(503) from None
        finally:
            if making.exception() is not None:
                self.hall.room.drop(page)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        log_failure(typ, value, tb)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        write_message(self, self.hall, status_code, kwargs.get("exc_info", (None, None, None))[1])


class ParticipantHandler(HeldPage):
    """`/w`: all exercises of one participant."""

    kind = "participant"

    def holder(self) -> tuple[str, Mapping[str, str]]:
        person = participant_of(self, self.hall)
        return person.id, {"seat": person.id, "session": person.session_id, "lang": lang_of(self, self.hall)}


class _HostHandler(HeldPage):
    opened_by: tuple[str, ...] = (HOST,)

    def holder(self) -> tuple[str, Mapping[str, str]]:
        session_id, right = right_of(self, self.hall, *self.opened_by)
        # As long as somebody leads, their browser keeps what opens the console.
        name = WALL if right.kind is Opens.WALL else HOST
        keep_right(self, self.hall, right.kind, self.get_cookie(name) or "")
        now = self.hall.reach.now
        told = {
            "session": session_id, "lang": self.speaks(self.hall.store.sessions.get(session_id)), "address": now.url,
            "reached": "yes" if now.reached else "", "right": right.kind.value,
            "rush": "yes" if session_id in self.hall.joins.rushing() else "",
            "here": str(self.hall.room.here()[session_id]),
        }  # fmt: skip
        return host_holder(session_id, right.tag, self.kind), told

    def speaks(self, session: Session) -> str:
        """What the page speaks."""
        return session.lang


class ConsoleHandler(_HostHandler):
    """`/console`: joined, answered; open, close, reveal."""

    kind = "console"

    def speaks(self, session: Session) -> str:
        """Each console has a language of its own."""
        return console_lang(self, session)


class ScreenHandler(_HostHandler):
    """`/screen`: what the room sees on the wall."""

    kind = "screen"
    opened_by = (HOST, WALL)
