"""A wire that counts: a relay on the loopback address that a browser is sent through, byte for byte."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CHUNK = 65536


@dataclass
class Wire:
    """`address` leads to the server through the relay. Counted is what TCP carries: headers, bodies and frames."""

    target: str
    address: str = ""
    down: int = 0
    up: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _server: asyncio.Server | None = None
    _connections: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def total(self) -> int:
        """Bytes in both directions."""
        return self.down + self.up

    async def start(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Take no more, and cut every connection."""
        if self._server is not None:
            self._server.close()
        while self._connections:
            for one in self._connections:
                one.cancel()
            await asyncio.wait(self._connections)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        place = urlsplit(self.target)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            far_reader, far_writer = await asyncio.open_connection(place.hostname, place.port)
            try:
                up, down = self._carry(reader, far_writer, up=True), self._carry(far_reader, writer, up=False)
                await asyncio.gather(up, down)
            finally:
                far_writer.close()
        writer.close()
        task.add_done_callback(self._connections.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, up: bool) -> None:
        while data := await reader.read(CHUNK):
            if up:
                self.up += len(data)
            else:
                self.down += len(data)
            writer.write(data)
            await writer.drain()
        writer.close()


@contextmanager
def wire(target: str) -> Iterator[Wire]:
    """A relay to `target` that runs beside whatever this thread does."""
    made = Wire(target)
    thread = threading.Thread(target=made._loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(made.start(), made._loop).result()
    try:
        yield made
    finally:
        asyncio.run_coroutine_threadsafe(made.stop(), made._loop).result()
        made._loop.call_soon_threadsafe(made._loop.stop)
        thread.join()
        made._loop.close()
