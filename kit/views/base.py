"""What every view shares: one widget model that talks to its page and believes nothing it hears."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from typing import Any

import anywidget
import traitlets

from kit.texts import FALLBACK, languages, say
from kit.views.lean import LeanWidget
from kit.views.scripts import BASE, PATH, SCRIPTS, name_of, styles

Message = Mapping[str, Any]

_log = logging.getLogger(__name__)


class View(LeanWidget, anywidget.AnyWidget):
    """One widget model. Traits are written here only; the page speaks in messages with a `kind`.

    `told` are the traits' first values: a notebook draws with what comes first. `styled=False` leaves the
    style sheet and the layout out, for a page that already has them. Where the server has the view's script,
    the page gets its address.
    """

    def __init__(self, *, told: Mapping[str, object] | None = None, styled: bool = True) -> None:
        self._handlers: dict[str, Callable[[Message], None]] = {}
        first: dict[str, object] = {"_css": styles()} if styled else {"layout": None}
        if (name := name_of(self._esm)) in os.environ.get(SCRIPTS, ""):
            first["_esm"] = os.environ.get(BASE, "") + PATH + name
        super().__init__(**first, **(told or {}))
        self.on_msg(self._receive)

    _css = traitlets.Unicode("").tag(sync=True)

    def hear(self, kind: str, handler: Callable[[Message], None]) -> None:
        """Call `handler` with each message of this kind; its fields may be missing or of any type."""
        self._handlers[kind] = handler

    def set_state(self, sync_data: object) -> None:
        """A browser may send any trait with any value; none is taken."""

    def _handle_msg(self, msg: Any) -> None:
        try:
            data = msg["content"]["data"]
            if data["method"] == "custom":
                self._receive(self, data["content"], msg.get("buffers") or [])
            elif data["method"] == "request_state":
                self.send_state()
        except (KeyError, TypeError):
            _log.warning("a malformed message was left unread")

    def _receive(self, _view: object, content: object, buffers: object) -> None:
        kind = content.get("kind") if isinstance(content, dict) else None
        handler = self._handlers.get(kind) if isinstance(kind, str) else None
        if handler is None or not isinstance(content, dict):
            return
        content = {**content, "buffers": buffers}
        try:
            handler(content)
        except Exception as error:
            # The text of an error could hold what somebody wrote; its type and place do not.
            trace = error.__traceback__
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "-"
            _log.error("message %s failed: %s at %s", kind, type(error).__name__, where)
            self.send({"kind": "trouble", "message": say(self.lang, "form.trouble")})

    @property
    def lang(self) -> str:
        """The language that this view speaks now."""
        return FALLBACK


def known_language(lang: object) -> str | None:
    """`lang` if it is one of the languages that exist."""
    return lang if isinstance(lang, str) and lang in languages() else None
