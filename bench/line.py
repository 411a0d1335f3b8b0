"""A page's line to its kernel, in the protocol that browsers use, for stock Voila's pages and the kit's."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from bench.trouble import Trouble
from bench.web import PATIENCE, Browser
from kit.serving.client import Client
from kit.serving.protocol import NAME

# How often (seconds) the kit's page asks its kernel for a sign of life while it is in sight.
PULSE = 30.0


@dataclass
class Line(Client):
    """The line of one page; what is said on it is read all the time."""

    browser: Browser = field(default_factory=lambda: Browser(""))
    kernel: str = ""
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
            self.socket = await websocket_connect(request, subprotocols=[NAME], max_message_size=2**28)
        except (HTTPClientError, OSError) as error:
            raise Trouble(f"the websocket was refused: {error}") from None
        if self.socket.selected_subprotocol != NAME:
            raise Trouble("the server does not speak the kernel protocol that browsers use")
        self._lost = ""
        self._reader = asyncio.create_task(self._read(self.socket))

    async def ask_states(self) -> None:
        """Ask for every widget's state, as a page does when it has come, and wait for it."""
        await super().ask_states()
        await self.until(lambda: bool(self.states), "the widgets' states")

    async def set(self, model: str, **state: object) -> None:
        """Change traits of a core widget, as its view does."""
        update = {"method": "update", "state": state, "buffer_paths": []}
        await self.send("comm_msg", {"comm_id": model, "data": update})

    async def send(
        self, kind: str, content: object, metadata: object = None, channel: str = "shell",
        buffers: Sequence[bytes] = (),
    ) -> str:  # fmt: skip
        """One Jupyter message."""
        if self.socket is None:
            raise Trouble("the line is not open")
        with contextlib.suppress(WebSocketClosedError, StreamClosedError):
            return await super().send(kind, content, metadata, channel, buffers)
        # A line that is cut shows in `until`.
        return ""

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

    async def pulse(self, first: float) -> None:
        """Ask for a sign of life now and then for as long as nobody cancels it, first after so many seconds."""
        await asyncio.sleep(first)
        while True:
            await self.send("kernel_info_request", {}, channel="control")
            await asyncio.sleep(PULSE)

    async def ended(self) -> None:
        """Wait until the server has hung up."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: bool(self._lost))

    async def close(self) -> None:
        """Hang up."""
        socket, reader, self.socket, self._reader = self.socket, self._reader, None, None
        if socket is not None:
            socket.close()
        if reader is not None:
            reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reader

    async def _read(self, socket: WebSocketClientConnection) -> None:
        while (raw := await socket.read_message()) is not None:
            if isinstance(raw, bytes):
                self.take(raw)
                async with self._news:
                    self._news.notify_all()
        self._lost = "the line was cut"
        async with self._news:
            self._news.notify_all()


async def each(work: list[Awaitable[None]]) -> list[str]:
    """Run everything at once; returns what went wrong, one line for each that failed."""
    done = await asyncio.gather(*work, return_exceptions=True)
    for one in done:
        if isinstance(one, BaseException) and not isinstance(one, (Trouble, OSError)):
            raise one
    return [str(one) for one in done if isinstance(one, BaseException)]
