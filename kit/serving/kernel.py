"""One page's kernel as its server sees it. Over one pair of sockets first its cells run, then its page talks."""

from __future__ import annotations

import asyncio
from typing import Any

import zmq
from jupyter_server.services.kernels.kernelmanager import ServerKernelManager
from zmq.eventloop.zmqstream import ZMQStream

Channels = dict[str, ZMQStream]

KINDS = {"iopub": zmq.SUB, "shell": zmq.DEALER, "control": zmq.DEALER}
EVERYTHING = b""
# A kernel says by itself who listens to it, since ipykernel 7; an older one is asked after so many seconds.
SAYS_BY_ITSELF = 0.5


class RoomKernel(ServerKernelManager):
    """Jupyter's, without what nobody here uses: events for listeners, a line for polite good-byes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: Channels = {}
        self._waiting: set[asyncio.Future[None]] = set()
        self._over = False

    def emit(self, schema_id: str, data: object) -> None:
        """Nobody listens."""

    def connect(self, *names: str) -> Channels:
        """New sockets to the kernel."""
        return {name: self._connect(name) for name in names}

    def keep(self, channels: Channels) -> None:
        """Have these for whoever connects next; closed with the kernel if nobody does."""
        self._kept = channels

    def take(self) -> Channels:
        """What was kept, once."""
        kept, self._kept = self._kept, {}
        return kept

    def future(self) -> asyncio.Future[None]:
        """Something that the kernel is to bring about; cancelled when the kernel ends."""
        made: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._over:
            made.cancel()
        else:
            self._waiting.add(made)
            made.add_done_callback(self._waiting.discard)
        return made

    async def _async_post_start_kernel(self, **kw: Any) -> None:
        await self.provisioner.post_launch(**kw)

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        self._over = True
        for future in list(self._waiting):
            future.cancel()
        for stream in self.take().values():
            stream.close()
        await super()._async_cleanup_resources(restart)

    def _connect(self, name: str) -> ZMQStream:
        # Not through the context, whose sockets are for asyncio.
        socket: zmq.Socket[bytes] = zmq.Socket(self.context, KINDS[name])
        socket.linger = 0
        socket.connect(self._make_url(name))
        return ZMQStream(socket, self.loop)


async def listen(kernel: RoomKernel, channels: Channels) -> None:
    """Wait until all that the kernel tells will arrive; raises CancelledError when it ends before."""
    iopub: Any = channels["iopub"]
    told = kernel.future()

    def hear(_frames: list[bytes]) -> None:
        if not told.done():
            told.set_result(None)

    iopub.on_recv(hear)
    iopub.socket.setsockopt(zmq.SUBSCRIBE, EVERYTHING)
    while not (await asyncio.wait({told}, timeout=SAYS_BY_ITSELF))[0]:
        kernel.session.send(channels["shell"], "kernel_info_request")
    await told
    iopub.stop_on_recv()
    iopub.hears_everything = True


def hears(channels: Channels) -> bool:
    """Whether `listen` was done for these, by the page's cells or by a connection that broke off."""
    return getattr(channels["iopub"], "hears_everything", False)
