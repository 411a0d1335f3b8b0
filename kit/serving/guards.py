"""Voila's pages and kernel lines, guarded: only for someone who holds a seat or a key, and only their own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.web import HTTPError
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from kit.errors import KitError, NoSeat
from kit.serving.assets import scripts
from kit.serving.hall import Hall, host_holder
from kit.serving.headers import set_headers
from kit.serving.kernels import Visit, visit
from kit.serving.web import holders_of, hosted_by, lang_of, log_failure, participant_of, status_of, write_message
from kit.views.scripts import BASE, SCRIPTS

Sockets = dict[str, set["KernelLine"]]

PING_SECONDS = 20
# Parts of a message: channel, four of the message itself, a buffer or two.
MOST_PARTS = 32
_log = logging.getLogger(__name__)


class HeldPage(TornadoVoilaHandler):
    """A Voila page whose kernel is started only when `holder` has said whose it is."""

    page = ""

    def initialize(self, hall: Hall, **voila: Any) -> None:
        self.hall = hall
        super().initialize(**voila)
        self.notebook_path = f"{self.page}.ipynb"

    def set_default_headers(self) -> None:
        set_headers(self)

    def check_xsrf_cookie(self) -> None:
        """Asking for a page changes nothing."""

    def holder(self) -> tuple[str, Mapping[str, str]]:
        """Whose page this is and what its kernel is to know; raises a `KitError`."""
        raise NotImplementedError

    async def get(self, path: str | None = None) -> None:
        """End the holder's earlier page, then let Voila make this one."""
        if "prefetch" in self.request.headers.get("Sec-Purpose", self.request.headers.get("Purpose", "")):
            # A guess of the browser's would end the page that the person is on.
            self.set_status(503)
            self.finish()
            return
        try:
            holder, known = self.holder()
        except NoSeat:
            self.redirect(self.hall.path("/"), status=303)
            return
        room = self.hall.room
        await room.release(holder, moved=True)
        room.has_place()
        told = {
            "KIT_STORE": self.hall.store_url, "KIT_ADDRESS": self.hall.address, BASE: self.hall.path(""),
            SCRIPTS: " ".join(scripts()), **known,
        }  # fmt: skip
        ended = asyncio.Event()
        visit.set(Visit(holder, told, ended))
        await self._unless(ended, asyncio.create_task(super().get(path)))

    async def _unless(self, ended: asyncio.Event, load: asyncio.Task[None]) -> None:
        """Wait for Voila's page, but not for ever: Voila itself does not notice that its kernel was ended."""
        over = asyncio.create_task(ended.wait())
        await asyncio.wait({load, over}, return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        if load.done():
            load.result()
            return
        load.cancel()
        # Once the page has begun, its own script finds out; before that, there is still a redirect.
        if not self._headers_written:
            self.redirect(self.hall.path("/lost"), status=303)

    def get_argument(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Voila reads a template and a theme from the address; here nobody chooses them."""
        return None if name in ("template", "theme") else super().get_argument(name, *args, **kwargs)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        log_failure(typ, value, tb)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        write_message(self, self.hall, status_code, kwargs.get("exc_info", (None, None, None))[1])


class ParticipantPage(HeldPage):
    """`/w`: all exercises of one participant."""

    page = "participant"

    def holder(self) -> tuple[str, Mapping[str, str]]:
        person = participant_of(self, self.hall)
        return person.id, {"KIT_SEAT": person.id, "KIT_LANG": lang_of(self, self.hall)}


class _HostPage(HeldPage):
    def holder(self) -> tuple[str, Mapping[str, str]]:
        session = hosted_by(self, self.hall)
        return host_holder(session.id, self.page), {"KIT_SESSION": session.id, "KIT_LANG": lang_of(self, self.hall)}


class ConsolePage(_HostPage):
    """`/console`: joined, answered; open, close, reveal."""

    page = "console"


class ScreenPage(_HostPage):
    """`/screen`: what the room sees on the wall."""

    page = "screen"


class KernelInfo(KernelHandler):
    """`/api/kernels/ID`: whether it still runs. It is ended through `/leave`, not here."""

    SUPPORTED_METHODS = ("GET", "HEAD")

    def initialize(self, hall: Hall) -> None:
        self.hall = hall

    def set_default_headers(self) -> None:
        set_headers(self)

    async def prepare(self) -> None:
        refuse_strangers(self, self.hall, self.path_kwargs["kernel_id"])
        await super().prepare()

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        log_failure(typ, value, tb)

    def write_error(self, status_code: int, **_kwargs: Any) -> None:
        """The status says it all to the page's script."""
        self.finish()


class KernelLine(VoilaKernelWebsocketHandler):
    """`/api/kernels/ID/channels`: the holder's line to the kernel. Voila lets only widget messages through."""

    def initialize(self, hall: Hall, sockets: Sockets) -> None:
        self.hall, self.sockets, self.line = hall, sockets, ""

    async def pre_get(self) -> None:
        refuse_strangers(self, self.hall, self.kernel_id)
        await super().pre_get()

    async def open(self, kernel_id: str) -> None:
        self.line = kernel_id
        self.sockets.setdefault(kernel_id, set()).add(self)
        self.hall.room.connected(kernel_id)
        await super().open(kernel_id)

    def on_message(self, ws_message: str | bytes) -> None:
        self.hall.room.touched(self.kernel_id)
        if getattr(self, "connection", None) is None:
            return
        if isinstance(ws_message, bytes) and not has_few_parts(ws_message, bool(self.selected_subprotocol)):
            _log.error("a message was left unread: it claims to have more parts than any has")
            return
        try:
            super().on_message(ws_message)
        except Exception as error:
            # Only a made-up message comes here. Tornado would log who sent it.
            _log.error("a message was left unread: %s", type(error).__name__)

    def get_websocket_protocol(self) -> Any:
        """Jupyter gives the pause between pings in milliseconds, Tornado reads seconds: say it in seconds."""
        protocol = super().get_websocket_protocol()
        if protocol is not None:
            protocol.params.ping_interval = protocol.params.ping_timeout = PING_SECONDS
        return protocol

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        log_failure(typ, value, tb)

    def write_error(self, status_code: int, **_kwargs: Any) -> None:
        """The status says it all to the page's script."""
        self.finish()

    def on_close(self) -> None:
        if self.line:
            self.hall.room.disconnected(self.line)
            self.sockets.get(self.line, set()).discard(self)
        if getattr(self, "connection", None) is not None:
            super().on_close()


def has_few_parts(message: bytes, newer: bool) -> bool:
    """Whether a binary message counts so few parts that they can be looked for.

    Jupyter believes the number that a message begins with (8 bytes, in the older protocol 4 the other way round),
    and would look for billions of billions of parts until the memory is full.
    """
    told = int.from_bytes(message[:8], "little") if newer else int.from_bytes(message[:4], "big")
    return told <= MOST_PARTS


def refuse_strangers(handler: Any, hall: Hall, kernel_id: str) -> None:
    """403 for somebody else's kernel or one whose seat was opened elsewhere, 404 for one that is gone.

    503 while the store does not answer: nobody knows then whose it is, and the page asks again.
    """
    if kernel_id not in hall.room.pages:
        raise HTTPError(403 if hall.room.was_moved(kernel_id) else 404)
    try:
        holders = holders_of(handler, hall)
    except KitError as error:
        raise HTTPError(status_of(error)) from None
    if not any(hall.room.owns(holder, kernel_id) for holder in holders):
        raise HTTPError(403)
