"""Between a page's line and its kernel: what may pass, in Jupyter's protocol on one side and the wire on the other."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from kit.serving.budget import Budget
from kit.serving.link import KernelLink, Made
from kit.serving.protocol import Refused, as_object, closed, opened
from kit.serving.wire import CONTROL, Buffer, Item

LONGEST_ID = 64
# What is kept for a page that is away; more would be told by its states when it comes back.
MOST_KEPT = 500
# Messages of one page that its kernel has not dealt with yet; before there are more, it is not listened to.
MOST_OPEN = 64
MOST_CONTROLS = 16
# Messages by which one is known that comes twice.
REMEMBERED = 128
INFO = {
    "status": "ok", "protocol_version": "5.4", "implementation": "kit", "implementation_version": "1", "banner": "",
    "language_info": {"name": "python", "version": "3", "mimetype": "text/x-python", "file_extension": ".py"},
    "help_links": [], "debugger": False,
}  # fmt: skip
_IDLE = {"execution_state": "idle"}


@dataclass
class Route:
    """One page: its kernel, its comms, and the lines that are open to it (a function for each, which sends a message).

    A message passes only if it is about one of these comms, whichever way it goes. A page that only `looks` may ask how
    things stand, and say nothing to a widget.
    """

    page: str
    link: KernelLink
    comms: set[str]
    lines: list[Callable[[bytes], None]] = field(default_factory=list)
    open: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    looks: bool = False
    budget: Budget = field(default_factory=Budget)
    # Of this page alone: numbers that went on with every page's messages would count what others do.
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _wait: float = 0.0
    _controls: dict[str, None] = field(default_factory=dict)
    _drained: asyncio.Future[None] | None = None
    _seen: dict[str, None] = field(default_factory=dict)
    _kept: deque[bytes] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))

    @classmethod
    def to(cls, page: str, link: KernelLink, made: Made, looks: bool = False) -> Route:
        """The route to a page that has just been made."""
        return cls(page, link, set(made.comms), looks=looks)

    def join(self, line: Callable[[bytes], None]) -> None:
        """A line has opened: it gets what was said while there was none."""
        self.lines.append(line)
        while self._kept:
            line(self._kept.popleft())

    def leave(self, line: Callable[[bytes], None]) -> None:
        """A line has closed."""
        if line in self.lines:
            self.lines.remove(line)

    def say(self, message: bytes) -> None:
        """A message from the page; raises `Refused` for what may not pass."""
        self._wait = self.budget.spend(len(message))
        channel, header, content, buffers = opened(message)
        kind, number = header.get("msg_type"), header.get("msg_id")
        if not isinstance(number, str) or not 0 < len(number) <= LONGEST_ID * 2:
            raise Refused
        if number in self._seen:
            # A page that has lost its line says again what may have been lost.
            return
        self._seen[number] = None
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        about = {name: header.get(name, "") for name in ("msg_id", "msg_type", "session")}
        if kind == "kernel_info_request" and channel == "control":
            # Whether the line carries, not whether the kernel has time: the server answers.
            self._answer_info("control", about)
            return
        if channel != "shell":
            raise Refused
        if kind != "kernel_info_request":
            self._check(kind, content)
        self.open[number] = about
        self.link.tell("say", self.page, number, kind, buffers=[content, *buffers])

    def drained(self) -> asyncio.Future[None] | None:
        """Something to wait for before the page is listened to again; None when it may go on."""
        if len(self.open) < MOST_OPEN:
            return asyncio.ensure_future(asyncio.sleep(self._wait)) if self._wait else None
        if self._drained is None:
            self._drained = asyncio.get_running_loop().create_future()
        return self._drained

    def hear(self, what: str, rest: Item, buffers: Sequence[Buffer]) -> None:
        """What the kernel says to this page."""
        if what == "done":
            self._done(rest[0])
            return
        kind, comm, parent, metadata = rest
        if kind == "comm_open":
            self.comms.add(comm)
        elif comm not in self.comms and comm not in self._controls:
            return
        if kind == "comm_close":
            self.comms.discard(comm)
        self._send("iopub", kind, self.open.get(parent, {}), metadata, *buffers)

    def _check(self, kind: object, content: bytes) -> None:
        told = as_object(content)
        comm = told.get("comm_id")
        if not isinstance(comm, str) or not 0 < len(comm) <= LONGEST_ID:
            raise Refused
        if kind == "comm_open":
            if told.get("target_name") != CONTROL or comm in self.comms or comm in self._controls:
                raise Refused
            self._controls[comm] = None
            if len(self._controls) > MOST_CONTROLS:
                del self._controls[next(iter(self._controls))]
        elif kind == "comm_close":
            if comm not in self._controls:
                raise Refused
        elif kind != "comm_msg" or (comm not in self._controls and (self.looks or comm not in self.comms)):
            raise Refused

    def _done(self, number: str) -> None:
        about = self.open.pop(number, None)
        if about is None:
            return
        if about["msg_type"] == "kernel_info_request":
            self._answer_info("shell", about)
        else:
            self._send("iopub", "status", about, {}, _packed(_IDLE))
        if self._drained is not None and len(self.open) < MOST_OPEN:
            self._drained.set_result(None)
            self._drained = None

    def _answer_info(self, channel: str, about: Mapping[str, Any]) -> None:
        self._send(channel, "kernel_info_reply", about, {}, _packed(INFO))
        self._send("iopub", "status", about, {}, _packed(_IDLE))

    def _send(self, channel: str, kind: str, parent: Mapping[str, Any], metadata: object, *rest: Buffer) -> None:
        header = {
            "msg_id": f"{self.page}_{next(self._numbers)}", "msg_type": kind, "username": "", "session": self.page,
            "date": datetime.now(UTC).isoformat(), "version": "5.4",
        }  # fmt: skip
        message = closed(channel.encode(), _packed(header), _packed(parent), _packed(metadata), *rest)
        if not self.lines:
            self._kept.append(message)
        for line in list(self.lines):
            line(message)


def _packed(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()
