"""One page's line as its kernel sees it: comms that no other line reaches, and one message after the other."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from inspect import isawaitable
from typing import Any

import comm
import ipywidgets
from comm.base_comm import BaseComm
from jupyter_client.jsonutil import json_default

from kit.serving.inside.widgets import forget, states
from kit.serving.protocol import Refused, as_object
from kit.serving.wire import CONTROL, Buffer
from kit.views.base import place_of

MOST_CONTROLS = 16
MODEL = "IPY_MODEL_"
# Enough for no two comms of a kernel to be alike; that one is known opens nothing (`routes.Route`).
ID_BYTES = 8
# How long a page rests after work aside: so many times as long as that took, and so many seconds at most.
REST_TIMES, MOST_REST = 4.0, 10.0

Tell = Callable[[str, str, str, Mapping[str, Any], Sequence[Buffer]], None]
Work = Callable[[], Awaitable[None] | None]

_log = logging.getLogger(__name__)
# The page whose widgets are being made or spoken to; what they open is the page's.
_now: ContextVar[PageLine | None] = ContextVar("page", default=None)


class PageComm(BaseComm):
    """A comm of one page. What is said on it goes to that page only; `waits`: its handlers may be awaited."""

    waits = True

    def __init__(self, line: PageLine, *args: Any, **given: Any) -> None:
        self.line = line
        if given.get("comm_id") is None:
            given["comm_id"] = secrets.token_hex(ID_BYTES)
        super().__init__(*args, **given)
        line.comms[self.comm_id] = self

    def open(self, data: Any = None, metadata: Any = None, buffers: Any = None) -> None:
        """Tell the page that the comm is there."""
        self._closed = False
        named = {"target_name": self.target_name, "target_module": self.target_module}
        self.publish_msg("comm_open", data, metadata, buffers, **named)

    def close(self, data: Any = None, metadata: Any = None, buffers: Any = None, deleting: bool = False) -> None:
        """End it on both sides."""
        if not self._closed:
            self._closed = True
            self.publish_msg("comm_close", data, metadata, buffers)
            self.line.comms.pop(self.comm_id, None)

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        """Say something on it."""
        content = {"comm_id": self.comm_id, "data": data or {}, **keys}
        self.line.publish(msg_type, content, metadata or {}, buffers or ())

    def rest(self, seconds: float) -> None:
        """The page has had something done aside that took so long: others come first now."""
        self.line.rest(seconds)

    def handle(self, message: Any) -> Awaitable[None] | None:
        """What the page says on it; there is an awaitable where something must be waited for."""
        answer: Any = self._msg_callback
        waits: Awaitable[None] | None = answer(message) if answer else None
        return waits


class PageLine:
    """The comms of one page and its turn; `tell(type, comm, parent, metadata, buffers)` carries a message away.

    Nothing is told while the page is being made: what is made then comes with the page itself. `rests`: after work
    that takes the processor from all others (a file, a picture), this page's next turn comes later.
    """

    def __init__(self, tell: Tell, done: Callable[[str], None], rests: bool = False) -> None:
        self.comms: dict[str, PageComm] = {}
        self.root: ipywidgets.Widget | None = None
        self.over = False
        self._tell, self._done, self._rests = tell, done, rests
        self._free_at = 0.0
        self._quiet = 0
        self._parent = ""
        self._work: deque[Work] = deque()
        self._turn: asyncio.Task[None] | None = None

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """For the block that makes the page."""
        token = _now.set(self)
        self._quiet += 1
        try:
            yield
        finally:
            self._quiet -= 1
            _now.reset(token)

    def publish(
        self, kind: str, content: Mapping[str, Any], metadata: Mapping[str, Any], buffers: Sequence[Buffer]
    ) -> None:
        """Tell the page something."""
        if not self.over and not self._quiet:
            told = json.dumps(content, default=json_default, ensure_ascii=False, separators=(",", ":"))
            packed = told.encode("utf-8", "replace")
            self._tell(kind, content["comm_id"], self._parent, metadata, [packed, *buffers])

    def hear(self, number: str, kind: str, content: Buffer, buffers: Sequence[Buffer]) -> None:
        """A message of the page."""
        self.then(lambda: self._hear(number, kind, bytes(content), buffers))

    def then(self, work: Work) -> None:
        """Do this when it is its turn."""
        if self.over:
            return
        self._work.append(work)
        if self._turn is None:
            token = _now.set(self)
            self._turn = asyncio.get_running_loop().create_task(self._take_turns())
            _now.reset(token)

    def rest(self, seconds: float) -> None:
        """Something aside has taken so long."""
        if self._rests:
            self._free_at = time.monotonic() + min(REST_TIMES * seconds, MOST_REST)

    def end(self) -> None:
        """Forget everything that this page's widgets hold, and what it still had to do."""
        self.over = True
        self._work.clear()
        if self._turn is not None:
            self._turn.cancel()
        for one in list(self.comms.values()):
            widget = getattr(one._msg_callback, "__self__", None)
            if isinstance(widget, ipywidgets.Widget):
                forget(widget)
            one.on_msg(None)
        self.comms.clear()
        self.root = None

    async def _take_turns(self) -> None:
        try:
            while self._work:
                if (wait := self._free_at - time.monotonic()) > 0:
                    await asyncio.sleep(wait)
                await self._take_turn(self._work.popleft())
        finally:
            self._turn = None

    async def _take_turn(self, work: Work) -> None:
        try:
            waits = work()
            if isawaitable(waits):
                await waits
        except Exception as error:
            # Not its message, which may hold what somebody has written.
            _log.error("a page's turn failed: %s at %s", type(error).__name__, place_of(error))

    async def _hear(self, number: str, kind: str, content: bytes, buffers: Sequence[Buffer]) -> None:
        self._parent = number
        try:
            waits = self._dispatch(kind, content, buffers)
            if isawaitable(waits):
                await waits
        finally:
            self._parent = ""
            if not self.over:
                self._done(number)

    def _dispatch(self, kind: str, content: bytes, buffers: Sequence[Buffer]) -> Awaitable[None] | None:
        told = read(content)
        if told is None:
            _log.warning("a malformed message was left unread")
            return None
        name = told.get("comm_id")
        if not isinstance(name, str):
            return None
        if kind == "comm_open":
            self._open_control(name, told)
        elif (line := self.comms.get(name)) is None or names_others(told, self.comms):
            return None
        elif kind == "comm_msg":
            return line.handle({"content": told, "buffers": list(buffers), "metadata": {}})
        elif kind == "comm_close" and line.target_name == CONTROL:
            line._closed = True
            del self.comms[name]
        return None

    def _open_control(self, name: str, told: Mapping[str, Any]) -> None:
        mine = [one for one, line in self.comms.items() if line.target_name == CONTROL]
        if told.get("target_name") != CONTROL or name in self.comms:
            return
        if len(mine) >= MOST_CONTROLS:
            self.comms.pop(mine[0])._closed = True
        made = PageComm(self, target_name=CONTROL, comm_id=name, primary=False)
        made.on_msg(partial(self._tell_states, made))

    def _tell_states(self, line: PageComm, message: Mapping[str, Any]) -> None:
        if self.root is not None and message["content"]["data"].get("method") == "request_states":
            told, paths, buffers = states(self.root)
            line.send({"method": "update_states", "states": told, "buffer_paths": paths}, buffers=buffers)


def read(content: bytes) -> dict[str, Any] | None:
    """The content of a message; None for what is no JSON object, or cannot be written as text again."""
    try:
        told = as_object(content)
    except Refused:
        return None
    return told if isinstance(told.get("data", {}), dict) else None


def names_others(told: Mapping[str, Any], own: Container[str]) -> bool:
    """Whether a change of traits names a widget that is not the page's: ipywidgets would find it by its name."""
    data = told.get("data", {})
    waiting = [data.get("state")] if data.get("method") == "update" else []
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and one.startswith(MODEL) and one.removeprefix(MODEL) not in own:
            return True
        if isinstance(one, (dict, list)):
            waiting += one.values() if isinstance(one, dict) else one
    return False


@cache
def install() -> None:
    """Have what is opened for a page be the page's; anything else stays the kernel's."""
    ordinary = comm.create_comm

    def create_comm(*args: Any, **given: Any) -> Any:
        line = _now.get()
        return ordinary(*args, **given) if line is None else PageComm(line, *args, **given)

    comm.create_comm = create_comm
