"""What every view shares: one widget model that talks to its page and believes nothing it hears."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from kit.texts import FALLBACK, languages, say

HERE = Path(__file__).parent
Message = Mapping[str, Any]

_IMPORT = re.compile(r'^import \{[^}]*\} from "(?P<path>\./[^"]+|\.\./[^"]+)";\n', re.MULTILINE)
_DEFAULT = "\nexport default "
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)
_log = logging.getLogger(__name__)


@cache
def module(path: Path) -> str:
    """An ES module with the files that it imports put in front of it: a widget's code travels as one module.

    Only `import { name } from "./file.js";` on one line is followed; names are the same in all files. What an
    imported file exports by default (its own view, with which it ends) is left out.
    """
    path = path.resolve()
    parts = _parts(path, set())
    return "".join([*(part.partition(_DEFAULT)[0] for part in parts[:-1]), parts[-1]])


@cache
def styles() -> str:
    """The style sheet that every page of the kit shares."""
    return (HERE / "kit.css").read_text("utf-8")


class View(anywidget.AnyWidget):
    """One widget model. Traits are written here only; the page speaks in messages with a `kind`.

    `told` are the traits' first values: a notebook draws with what comes first. `styled=False` leaves the
    style sheet out, for a page that already has it.
    """

    def __init__(self, *, told: Mapping[str, object] | None = None, styled: bool = True) -> None:
        self._handlers: dict[str, Callable[[Message], None]] = {}
        super().__init__(_css=styles() if styled else "", **(told or {}))
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


def _parts(path: Path, seen: set[Path]) -> list[str]:
    if path in seen:
        return []
    seen.add(path)
    text = path.read_text("utf-8")
    imported = [(path.parent / found["path"]).resolve() for found in _IMPORT.finditer(text)]
    before = [part for one in imported for part in _parts(one, seen)]
    return [*before, _EXPORT.sub("", _IMPORT.sub("", text)) + "\n"]
