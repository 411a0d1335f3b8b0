"""The addresses under which a page reaches its kernel: only for whoever holds the seat or the key that it is for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import suppress
from functools import partial
from typing import Any

from tornado.web import HTTPError, RequestHandler
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from kit.errors import KitError
from kit.serving.hall import Hall
from kit.serving.headers import UNSAID, set_headers
from kit.serving.protocol import NAME, Refused
from kit.serving.web import holders_of, log_failure, status_of

PING_SECONDS = 20
# A page has one; a phone that changes networks leaves some behind, until they are found to be dead.
MOST_LINES = 16
# Bytes that wait for a page to read them; with more of them, it is not listened to, and looked at so often (seconds).
MOST_UNREAD = 2 * 1024 * 1024
FULL_SECONDS = 0.1
# So many seconds ahead of its budget a page may be with pings: it was made to wait for everything else that it said.
MOST_AHEAD = 2.0
_log = logging.getLogger(__name__)


class _Guarded(RequestHandler):
    """What both have in common: who may, and few words for those who may not."""

    def initialize(self, hall: Hall) -> None:
        self.hall = hall

    def set_default_headers(self) -> None:
        set_headers(self)

    def prepare(self) -> None:
        refuse_strangers(self, self.hall, self.path_kwargs["page"])

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        log_failure(typ, value, tb)

    def write_error(self, status_code: int, **_kwargs: Any) -> None:
        """The status says it all to the page's script; the page's id, that it comes from here: whoever else is on the
        way can say a status and a reason, too."""
        self.finish({"reason": self._reason, "id": self.path_kwargs.get("page", "")})


class LifeHandler(_Guarded):
    """`/api/kernels/PAGE`: whether it still runs. It is ended through `/leave`, not here."""

    SUPPORTED_METHODS = ("GET", "HEAD")

    def get(self, page: str) -> None:
        """In the form that Jupyter has for a kernel."""
        self.finish({"id": page, "name": "python3", "execution_state": "idle"})

    head = get


class Hung(Exception):
    """The line ends at once, without waiting for whether the other side agrees."""


class LineHandler(_Guarded, WebSocketHandler):
    """`/api/kernels/PAGE/channels`: the page's line."""

    page = ""
    unread = 0

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """The one that pages speak; headers that mean nothing for a line need not travel to each phone."""
        for name in UNSAID:
            self.clear_header(name)
        return NAME if NAME in subprotocols else None

    def get_compression_options(self) -> dict[str, Any]:
        """A room full of lines: little memory for each."""
        return {"compression_level": 6, "mem_level": 5}

    async def get(self, *args: Any, **given: Any) -> None:
        """Open the line; 400 for whoever does not speak its protocol."""
        if NAME not in self.request.headers.get("Sec-WebSocket-Protocol", ""):
            raise HTTPError(400)
        await super().get(*args, **given)

    def open(self, page: str) -> None:
        """What was said to the page meanwhile comes at once."""
        route = self.hall.routes.get(page)
        if route is None or len(self.hall.lines.get(page, ())) >= MOST_LINES:
            self.close()
            return
        self.page = page
        self.hall.room.connected(page)
        self.hall.lines.setdefault(page, set()).add(self)
        route.join(self.tell)

    def on_message(self, message: str | bytes) -> Awaitable[None] | None:
        """What the page says; while its kernel has much of it to do, it is not listened to."""
        if not self.page:
            raise Hung
        self.hall.room.touched(self.page)
        route = self.hall.routes.get(self.page)
        if route is None:
            return None
        try:
            # No page speaks in text: it counts like what no page says.
            route.say(b"" if isinstance(message, str) else message)
        except Refused:
            _log.error("a message was left unread: no page says such a thing")
        waits = route.drained()
        return self._until_read(waits) if self._is_full() else waits

    def _is_full(self) -> bool:
        return any(line.unread > MOST_UNREAD for line in self.hall.lines.get(self.page, ()))

    async def _until_read(self, waits: Awaitable[None] | None) -> None:
        """Who asks and never reads is not listened to: all that they are told would stay in this server's memory."""
        while self._is_full():
            await asyncio.sleep(FULL_SECONDS)
        if waits is not None:
            await waits

    def on_ping(self, data: bytes) -> None:
        """Who floods is hung up on: tornado answers, and waits for nobody who says no more than that they are there."""
        route = self.hall.routes.get(self.page)
        if not self.page or (route is not None and route.budget.spend(len(data)) > MOST_AHEAD):
            raise Hung

    on_pong = on_ping

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """That a line was hung up is no failure."""
        if typ is not Hung:
            super().log_exception(typ, value, tb)

    def tell(self, message: bytes) -> None:
        """Send a message to the page, unless it has just gone."""
        with suppress(WebSocketClosedError):
            told = self.write_message(message, binary=True)
            self.unread += len(message)
            told.add_done_callback(partial(self._sent, len(message)))

    def _sent(self, size: int, told: asyncio.Future[None]) -> None:
        self.unread -= size
        # That the page went meanwhile is said a second time, to whoever asks: unasked it would be in the log.
        told.cancelled() or told.exception()

    def on_close(self) -> None:
        if self.page:
            self.hall.room.disconnected(self.page)
            self.hall.lines.get(self.page, set()).discard(self)
            if route := self.hall.routes.get(self.page):
                route.leave(self.tell)


def refuse_strangers(handler: Any, hall: Hall, page: str) -> None:
    """403 for somebody else's page or one whose seat was opened elsewhere, 404 for one that is gone.

    503 while the store does not answer: nobody knows then whose it is, and the page asks again.
    """
    if page not in hall.room.pages:
        raise HTTPError(403 if hall.room.was_moved(page) else 404)
    try:
        holders = holders_of(handler, hall)
    except KitError as error:
        raise HTTPError(status_of(error)) from None
    if not any(hall.room.owns(holder, page) for holder in holders):
        raise HTTPError(403)
