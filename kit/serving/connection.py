"""A page's websocket, joined to its kernel."""

from __future__ import annotations

import asyncio
import contextlib

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.web import HTTPError

from kit.serving.kernel import KINDS, hears, listen


class PageConnection(ZMQChannelsWebsocketConnection):
    """Jupyter's, for a kernel that has already answered: it takes over the sockets on which it did.

    Jupyter opens seven of them and asks four times whether the kernel is there.
    """

    async def prepare(self) -> None:
        """404 for a kernel that has died."""
        if not await ensure_async(self.kernel_manager.is_alive()):
            raise HTTPError(404)
        await self._register_session()
        self.session.key = self.kernel_manager.session.key

    def create_stream(self) -> None:
        """The sockets that the cells have run on, or new ones; none for stdin: no cell of a page asks anything."""
        kernel = self.kernel_manager
        channels = kernel.take()
        channels |= kernel.connect(*(KINDS.keys() - channels.keys()))
        for name, stream in channels.items():
            stream.channel = name
        self.channels = channels

    def nudge(self) -> asyncio.Future[None]:
        """Done when nothing of what the kernel tells is missed any more."""
        return asyncio.ensure_future(self._listen())

    async def _listen(self) -> None:
        if not hears(self.channels):
            with contextlib.suppress(asyncio.CancelledError):
                await listen(self.kernel_manager, self.channels)
