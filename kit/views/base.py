"""What every view shares: one widget model that talks to its page and believes nothing it hears."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, TypeVar

import anywidget
import traitlets

from kit.texts import FALLBACK, languages, say
from kit.views.lean import LeanWidget
from kit.views.scripts import BASE, PATH, SCRIPTS, name_of, styles

Message = Mapping[str, Any]
Result = TypeVar("Result")
Handler = Callable[[Message], Awaitable[None] | None]

_log = logging.getLogger(__name__)


class View(LeanWidget, anywidget.AnyWidget):
    """One widget model. Traits are written here only; the page speaks in messages with a `kind`.

    `told` are the traits' first values: a notebook draws with what comes first. `styled=False` leaves the
    style sheet and the layout out, for a page that already has them. Where the server has the view's script,
    the page gets its address.
    """

    def __init__(self, *, told: Mapping[str, object] | None = None, styled: bool = True) -> None:
        self._handlers: dict[str, Handler] = {}
        first: dict[str, object] = {"_css": styles()} if styled else {"layout": None}
        if (name := name_of(self._esm)) in os.environ.get(SCRIPTS, ""):
            first["_esm"] = os.environ.get(BASE, "") + PATH + name
        super().__init__(**first, **(told or {}))
        self.on_msg(self._receive)

    _css = traitlets.Unicode("").tag(sync=True)

    def hear(self, kind: str, handler: Handler) -> None:
        """Call `handler` with each message of this kind; its fields may be missing or of any type.

        One that must wait (for the store, for a file) is a coroutine function: meanwhile others have their turn.
        """
        self._handlers[kind] = handler

    def set_state(self, sync_data: object) -> None:
        """A browser may send any trait with any value; none is taken."""

    def _handle_msg(self, msg: Any) -> Awaitable[None] | None:
        try:
            data = msg["content"]["data"]
            if data["method"] == "custom":
                return self._receive(self, data["content"], msg.get("buffers") or [])
            if data["method"] == "request_state":
                self.send_state()
        except (KeyError, TypeError):
            _log.warning("a malformed message was left unread")
        return None

    def _receive(self, _view: object, content: object, buffers: object) -> Awaitable[None] | None:
        kind = content.get("kind") if isinstance(content, dict) else None
        handler = self._handlers.get(kind) if isinstance(kind, str) else None
        if handler is None or not isinstance(content, dict):
            return None
        handled = self._handle(str(kind), handler, {**content, "buffers": buffers})
        if getattr(self.comm, "waits", False):
            return handled
        # In a notebook there is nothing to wait for, and so nobody who would.
        run_at_once(handled)
        return None

    async def _handle(self, kind: str, handler: Handler, content: Message) -> None:
        try:
            waits = handler(content)
            if waits is not None:
                await waits
        except Exception as error:
            # The text of an error could hold what somebody wrote; its type and place do not.
            _log.error("message %s failed: %s at %s", kind, type(error).__name__, place_of(error))
            self.send({"kind": "trouble", "message": say(self.lang, "form.trouble")})

    async def aside(self, work: Callable[[], Result]) -> Result:
        """Do what may take long (a file, a store, a figure) where it holds nobody up; `work` touches no widget."""
        if not getattr(self.comm, "waits", False):
            return work()
        comm: Any = self.comm
        begun = time.monotonic()
        try:
            return await asyncio.to_thread(work)
        finally:
            comm.rest(time.monotonic() - begun)

    @property
    def lang(self) -> str:
        """The language that this view speaks now."""
        return FALLBACK


def run_at_once(work: Coroutine[Any, Any, None]) -> None:
    """Run what waits for nothing, without an event loop."""
    try:
        work.send(None)
    except StopIteration:
        return
    work.close()
    raise RuntimeError("this page has nobody who could wait")


def place_of(error: BaseException) -> str:
    """Where in the code an error was raised: file and line."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "-"


def known_language(lang: object) -> str | None:
    """`lang` if it is one of the languages that exist."""
    return lang if isinstance(lang, str) and lang in languages() else None
