"""The server's one client to a kernel that holds pages: all of them share its two sockets."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode, from_dict

from kit import errors
from kit.errors import KitError
from kit.serving.wire import TARGET, Buffer, Item, Parcel, messages

SHOWN = ("display_data", "execute_result", "error")
# A kernel says by itself who listens to it, since ipykernel 7; an older one is asked after so many seconds.
SAYS_BY_ITSELF = 0.5
# While a kernel is at a batch, what else there is to say gathers, since a batch costs a kernel more than most of its
# messages do. One that has said nothing of a batch for so many seconds is not waited for.
GATHER_SECONDS = 1.0

_log = logging.getLogger(__name__)


class KernelGone(Exception):
    """The kernel has ended, or cannot make this page; who waited for it waits no longer."""


@dataclass(frozen=True)
class Made:
    """A page that is there: its widget, its comms, and the states of its widgets as JSON."""

    model: str
    comms: tuple[str, ...]
    states: bytes


@dataclass
class _Cell:
    """One cell that runs. It is over when the kernel has answered and has nothing more to show."""

    asked: str
    over: asyncio.Future[list[NotebookNode]]
    outputs: list[NotebookNode]
    awaited: set[str]


Hear = Callable[[str, str, Item, Sequence[Buffer]], None]


class KernelLink:
    """One kernel: its cells are run, then it is asked for pages.

    `hear(what, page, rest, buffers)` is told what the kernel says to a page's line ("tell", "done"), and `news` is
    called when a page of this kernel has changed something that others should look at.
    """

    def __init__(self, manager: Any, hear: Hear, news: Callable[[], None]) -> None:
        self.manager = manager
        self.pages = 0
        self.over = False
        self.heard_at = 0.0
        self._hear_page, self._news = hear, news
        self._comm = ""
        self._out = Parcel()
        self._leaving = False
        self._under_way: dict[str, asyncio.TimerHandle] = {}
        self._loop = asyncio.get_running_loop()
        self._awaited: dict[str, asyncio.Future[Made]] = {}
        self._cell: _Cell | None = None
        self._listened: asyncio.Future[None] = self._loop.create_future()
        self._shell: Any = manager.connect_shell()
        self._iopub: Any = manager.connect_iopub()
        self._shell.on_recv(self._read)
        self._iopub.on_recv(self._read)

    async def listen(self) -> None:
        """Wait until all that the kernel tells will arrive; raises `KernelGone` when it ends before."""
        while not (await asyncio.wait({self._listened}, timeout=SAYS_BY_ITSELF))[0]:
            self._ask("kernel_info_request", {})
        await self._listened

    async def run(self, source: str) -> list[NotebookNode]:
        """What a cell shows; raises `KernelGone`."""
        asked = self._ask(
            "execute_request",
            {
                "code": source, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False,
                "stop_on_error": True,
            },
        )  # fmt: skip
        self._cell = _Cell(asked, self._loop.create_future(), [], {"idle", "execute_reply"})
        if self.over:
            raise KernelGone
        return await self._cell.over

    async def make(self, page: str, kind: str, told: Mapping[str, str]) -> Made:
        """Have a page made; raises the `KitError` for which it cannot be, or `KernelGone`."""
        if self.over:
            raise KernelGone
        made = self._awaited[page] = self._loop.create_future()
        self.tell("make", page, kind, told)
        try:
            return await made
        except asyncio.CancelledError:
            self.tell("end", page)
            raise
        finally:
            self._awaited.pop(page, None)

    def tell(self, *item: object, buffers: Sequence[Buffer] = ()) -> None:
        """Say something to the kernel; what is said at the same moment, or while it is at work, travels together."""
        if self.over or not self._comm:
            return
        self._out.add(*item, buffers=buffers)
        self._leave_soon()

    def close(self) -> None:
        """The kernel has ended, or is about to."""
        if self.over:
            return
        self.over = True
        for timer in self._under_way.values():
            timer.cancel()
        cell = [self._cell.over] if self._cell else []
        waiting: list[asyncio.Future[Any]] = [*self._awaited.values(), self._listened, *cell]
        for one in waiting:
            if not one.done():
                one.set_exception(KernelGone())
                # Whoever waits is told; that nobody does is no news.
                one.exception()
        for stream in (self._shell, self._iopub):
            stream.close(linger=0)

    def _ask(self, kind: str, content: Mapping[str, Any], buffers: Sequence[Buffer] = ()) -> str:
        session = self.manager.session
        message = session.msg(kind, content)
        frames = session.serialize(message)
        if not self.over:
            # The stream has a queue of its own: nobody here waits for a kernel that is busy.
            self._shell.send_multipart([*frames, *buffers])
        return str(message["header"]["msg_id"])

    def _leave_soon(self) -> None:
        if self._out.items and not self._leaving and not self._under_way:
            self._leaving = True
            self._loop.call_soon(self._leave)

    def _leave(self) -> None:
        self._leaving = False
        if self.over:
            return
        data, buffers = self._out.taken()
        asked = self._ask("comm_msg", {"comm_id": self._comm, "data": data}, buffers)
        self._under_way[asked] = self._loop.call_later(GATHER_SECONDS, self._arrived, asked)

    def _arrived(self, asked: str) -> None:
        """The kernel has taken this batch."""
        if timer := self._under_way.pop(asked, None):
            timer.cancel()
            self._leave_soon()

    def _read(self, frames: list[bytes]) -> None:
        self.heard_at = self._loop.time()
        try:
            self._hear(*self._opened(frames))
        except Exception as error:
            _log.error("a kernel's message was left unread: %s", type(error).__name__)

    def _opened(self, frames: list[bytes]) -> tuple[str, str, dict[str, Any], list[bytes]]:
        """Kind, what it answers to, content, buffers; raises ValueError for what the kernel has not signed."""
        session = self.manager.session
        _, (signature, *parts) = session.feed_identities(frames)
        if not hmac.compare_digest(session.sign(parts[:4]), signature):
            raise ValueError
        header, parent, _, content = (json.loads(part) for part in parts[:4])
        return header["msg_type"], parent.get("msg_id", ""), content, parts[4:]

    def _hear(self, kind: str, parent: str, content: dict[str, Any], buffers: list[bytes]) -> None:
        if kind.endswith("_reply"):
            self._hear_cell(kind, parent, content)
            return
        if not self._listened.done():
            self._listened.set_result(None)
        if kind == "comm_msg" and content["comm_id"] == self._comm:
            for item, own in messages(content["data"], buffers):
                self._hear_item(item, own)
        elif kind == "status" and content["execution_state"] == "idle" and parent in self._under_way:
            self._arrived(parent)
        elif kind == "comm_open" and content["target_name"] == TARGET:
            self._comm = content["comm_id"]
        else:
            self._hear_cell(kind, parent, content)

    def _hear_item(self, item: Item, buffers: Sequence[Buffer]) -> None:
        what, page, *rest = item if len(item) > 1 else (*item, "")
        waiting = self._awaited.get(page)
        if what in ("tell", "done", "ready"):
            self._hear_page(what, page, rest, buffers)
        elif what == "look":
            self._news()
        elif waiting is None or waiting.done():
            return
        elif what == "made":
            waiting.set_result(Made(rest[0], tuple(rest[1]), bytes(buffers[0])))
        elif what == "refused":
            waiting.set_exception(_error(*rest))

    def _hear_cell(self, kind: str, parent: str, content: dict[str, Any]) -> None:
        cell = self._cell
        if cell is None or parent != cell.asked:
            return
        if kind in SHOWN:
            cell.outputs.append(from_dict({**content, "output_type": kind}))
        cell.awaited.discard(content["execution_state"] if kind == "status" else kind)
        if not cell.awaited:
            self._cell = None
            cell.over.set_result(cell.outputs)


def _error(name: str, details: Mapping[str, Any]) -> Exception:
    kind = getattr(errors, name, None) if name else None
    if isinstance(kind, type) and issubclass(kind, KitError):
        return kind(**details)
    return KernelGone()
