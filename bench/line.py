"""A page's line to its kernel, in the protocol that browsers use, for stock Voila's pages and the kit's."""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from bench.trouble import Trouble
from bench.web import PATIENCE, Browser

PROTOCOL = "v1.kernel.websocket.jupyter.org"
# How often (seconds) the kit's page asks its kernel for a sign of life while it is in sight.
PULSE = 30.0
States = dict[str, dict[str, Any]]


@dataclass
class Line:
    """The widgets of one page, by model id, as the kernel has told them; what it says is read all the time."""

    browser: Browser
    kernel: str
    session: str = field(default_factory=lambda: uuid.uuid4().hex)
    states: States = field(default_factory=dict)
    heard: list[tuple[str, dict[str, Any], float]] = field(default_factory=list)
    _socket: WebSocketClientConnection | None = None
    _reader: asyncio.Task[None] | None = None
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _lost: str = ""

    async def open(self) -> None:
        """Connect; raises `Trouble`."""
        url = self.browser.address.replace("http", "ws", 1)
        request = HTTPRequest(
            f"{url}/api/kernels/{self.kernel}/channels?session_id={self.session}", headers=self.browser.headers,
            connect_timeout=PATIENCE, request_timeout=PATIENCE,
        )  # fmt: skip
        try:
            self._socket = await websocket_connect(request, subprotocols=[PROTOCOL], max_message_size=2**28)
        except (HTTPClientError, OSError) as error:
            raise Trouble(f"the websocket was refused: {error}") from None
        if self._socket.selected_subprotocol != PROTOCOL:
            raise Trouble("the server does not speak the kernel protocol that browsers use")
        self._lost = ""
        self._reader = asyncio.create_task(self._read(self._socket))

    async def ask_states(self) -> None:
        """Ask for every widget's state, as a page does when it has come, and wait for it."""
        control = uuid.uuid4().hex
        opening = {"comm_id": control, "target_name": "jupyter.widget.control", "data": {}}
        await self.send("comm_open", opening, {"version": "1.0.0"})
        await self.send("comm_msg", {"comm_id": control, "data": {"method": "request_states"}})
        await self.until(lambda: bool(self.states), "the widgets' states")

    async def say(self, model: str, content: object) -> None:
        """A custom message to a widget."""
        await self.send("comm_msg", {"comm_id": model, "data": {"method": "custom", "content": content}})

    async def set(self, model: str, **state: object) -> None:
        """Change traits of a core widget, as its view does."""
        update = {"method": "update", "state": state, "buffer_paths": []}
        await self.send("comm_msg", {"comm_id": model, "data": update})

    async def send(self, kind: str, content: object, metadata: object = None, channel: str = "shell") -> None:
        """One Jupyter message."""
        header = {
            "msg_id": uuid.uuid4().hex, "session": self.session, "username": "", "version": "5.3", "msg_type": kind,
            "date": "2000-01-01T00:00:00Z",
        }  # fmt: skip
        if self._socket is None:
            raise Trouble("the line is not open")
        with contextlib.suppress(Exception):
            # A line that is cut shows in `until`.
            await self._socket.write_message(pack(channel, header, {}, metadata or {}, content), binary=True)

    async def until(self, done: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        """Wait until what was heard makes something true; raises `Trouble` with `what` when it does not."""
        try:
            async with asyncio.timeout(patience), self._news:
                while not done():
                    if self._lost:
                        raise Trouble(f"{self._lost}, waiting for {what}")
                    await self._news.wait()
        except TimeoutError:
            raise Trouble(f"waited {patience:g} seconds for {what}") from None

    def find(self, fits: Callable[[dict[str, Any]], bool]) -> str | None:
        """The first widget whose state fits."""
        return next((model for model, state in self.states.items() if fits(state)), None)

    async def pulse(self, first: float) -> None:
        """Ask for a sign of life now and then for as long as nobody cancels it, first after so many seconds."""
        await asyncio.sleep(first)
        while True:
            await self.send("kernel_info_request", {}, channel="control")
            await asyncio.sleep(PULSE)

    async def close(self) -> None:
        """Hang up."""
        socket, reader, self._socket, self._reader = self._socket, self._reader, None, None
        if socket is not None:
            socket.close()
        if reader is not None:
            reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reader

    async def _read(self, socket: WebSocketClientConnection) -> None:
        while (raw := await socket.read_message()) is not None:
            if isinstance(raw, bytes):
                self._take(*unpack(raw))
                async with self._news:
                    self._news.notify_all()
        self._lost = "the line was cut"
        async with self._news:
            self._news.notify_all()

    def _take(self, kind: str, content: dict[str, Any]) -> None:
        data = content.get("data") or {}
        if kind == "comm_open":
            self.states[content["comm_id"]] = data.get("state", {})
        elif kind == "comm_msg" and data.get("method") == "update_states":
            self.states |= {model: one["state"] for model, one in data["states"].items()}
        elif kind == "comm_msg" and data.get("method") == "update":
            self.states.setdefault(content["comm_id"], {}).update(data["state"])
        elif kind == "comm_msg" and data.get("method") == "custom":
            self.heard.append((content["comm_id"], data["content"], time.perf_counter()))


def pack(channel: str, *parts: object) -> bytes:
    """A message of the binary kernel protocol: a count, offsets, channel, header, parent, metadata, content."""
    blobs = [channel.encode(), *(json.dumps(part).encode() for part in parts)]
    offsets = [8 * (len(blobs) + 2)]
    for blob in blobs:
        offsets.append(offsets[-1] + len(blob))
    return struct.pack(f"<{len(offsets) + 1}Q", len(offsets), *offsets) + b"".join(blobs)


def unpack(raw: bytes) -> tuple[str, dict[str, Any]]:
    """Kind and content of a message; the content is parsed for messages to widgets only."""
    count = struct.unpack_from("<Q", raw)[0]
    offsets = struct.unpack_from(f"<{count}Q", raw, 8)
    kind = str(json.loads(raw[offsets[1] : offsets[2]])["msg_type"])
    content = json.loads(raw[offsets[4] : offsets[5]]) if kind.startswith("comm_") else {}
    return kind, content


async def each(work: list[Awaitable[None]]) -> list[str]:
    """Run everything at once; returns what went wrong, one line for each that failed."""
    done = await asyncio.gather(*work, return_exceptions=True)
    for one in done:
        if isinstance(one, BaseException) and not isinstance(one, (Trouble, OSError)):
            raise one
    return [str(one) for one in done if isinstance(one, BaseException)]
