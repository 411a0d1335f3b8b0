"""The kernels that hold the pages: started through Voila's kernel manager, watched, and started again if one dies."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_core.utils import ensure_async
from jupyter_server._tz import utcnow
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from kit.serving.link import Hear, KernelGone, KernelLink

# So often (seconds) each kernel is asked for a sign of life, and so long it may be silent.
BEAT, SILENT = 1.0, 60.0
# After a start that failed.
AGAIN = 2.0
# Number libraries with a thread per core would cost every kernel memory.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

# Windows knows no SIGKILL; there SIGTERM ends a process as abruptly.
_KILLED = getattr(signal, "SIGKILL", signal.SIGTERM)

_log = logging.getLogger(__name__)


class Nobody(IdentityProvider):
    """Jupyter would give each visitor an invented name in a cookie; here a seat or a key says enough."""

    def get_user(self, handler: Any) -> User:
        """The same for everyone."""
        return User("-")


class OwnKernelSpecs(KernelSpecManager):
    """The ordinary kernel, started as this very interpreter whatever is installed elsewhere."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The kernel that pages run on, under whichever name a notebook asks for."""
        argv = [
            sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}",
            "--HistoryManager.enabled=False", "--IPKernelApp.capture_fd_output=False",
        ]  # fmt: skip
        return KernelSpec(argv=argv, display_name="Python 3", language="python", name=kernel_name)

    def get_all_specs(self) -> dict[str, dict[str, Any]]:
        """The same kernel in the form that Voila reads."""
        return {"python3": {"resource_dir": "", "spec": self.get_kernel_spec("python3").to_dict()}}


class QuietKernels(AsyncMappingKernelManager):
    """Voila's kernel manager without a client of its own for each kernel: what a kernel does, its link tells."""

    def start_watching_activity(self, kernel_id: str) -> None:
        """A kernel that has started is there."""
        kernel = self._kernels[kernel_id]
        kernel.execution_state, kernel.last_activity = "idle", utcnow()


class Post:
    """A place for one kernel, with whoever is in it now: when it dies, another takes its place.

    `prepare(link)` runs the cells in a new kernel; `lost(link)` is told that one has died.
    """

    def __init__(
        self, manager: Any, env: Mapping[str, str], hear: Hear, news: Callable[[], None],
        prepare: Callable[[KernelLink], Awaitable[None]], lost: Callable[[KernelLink], None],
    ) -> None:  # fmt: skip
        self._manager, self._env = manager, env
        self._hear, self._news, self._prepare, self._lost = hear, news, prepare, lost
        self._link: KernelLink | None = None
        self._ready: asyncio.Future[KernelLink] = asyncio.get_running_loop().create_future()
        self._kernel_id = ""
        self._task: asyncio.Task[None] | None = None
        self._starting: asyncio.Future[Any] | None = None
        self._closing = asyncio.Event()

    def open(self) -> None:
        """Start a kernel, and watch over it from now on."""
        self._task = asyncio.get_running_loop().create_task(self._keep())

    @property
    def load(self) -> int:
        """How many pages there are to look after."""
        return self._link.pages if self._link else 0

    @property
    def is_ready(self) -> bool:
        """Whether a kernel is there that makes pages."""
        return self._ready.done() and not self._ready.cancelled() and self._ready.exception() is None

    def tell(self, *item: object) -> None:
        """Say something to the kernel, if there is one."""
        if self._link is not None:
            self._link.tell(*item)

    async def link(self) -> KernelLink:
        """The kernel, as soon as it is ready; raises `KernelGone` when it could not be started."""
        return await asyncio.shield(self._ready)

    async def close(self) -> None:
        """End the kernel, also one that is still starting."""
        self._closing.set()
        if self._task is not None:
            await self._task

    async def _keep(self) -> None:
        while not self._closing.is_set():
            living = asyncio.create_task(self._live())
            await self._or_closing(living)
            living.cancel()
            (failed,) = await asyncio.gather(living, return_exceptions=True)
            if isinstance(failed, Exception):
                _log.error("a kernel could not be started: %s", type(failed).__name__)
            try:
                await self._end()
            except Exception as error:
                # Of one that cannot be ended nothing is left to do; the room needs the next.
                _log.error("a kernel could not be ended: %s", type(error).__name__)
            if isinstance(failed, Exception):
                await self._or_closing(asyncio.sleep(AGAIN))

    async def _or_closing(self, work: Coroutine[Any, Any, None] | asyncio.Task[None]) -> None:
        """Wait for this, but not once the server is closing."""
        both = {asyncio.ensure_future(work), asyncio.create_task(self._closing.wait())}
        _, waiting = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for one in waiting:
            if one is not work:
                one.cancel()

    async def _live(self) -> None:
        """Start a kernel and watch over it until it has died."""
        self._kernel_id = str(uuid.uuid4())
        env = {**os.environ, **_ONE_THREAD, **self._env}
        start = self._manager.start_kernel(kernel_name="python3", kernel_id=self._kernel_id, env=env)
        self._starting = asyncio.ensure_future(ensure_async(start))
        # Jupyter's own start is not to be broken off in the middle.
        await asyncio.shield(self._starting)
        self._link = KernelLink(self._manager.get_kernel(self._kernel_id), self._hear, self._news)
        watching = asyncio.create_task(self._watch(self._link))
        preparing = asyncio.create_task(self._prepared(self._link))
        try:
            await asyncio.wait({watching, preparing}, return_when=asyncio.FIRST_COMPLETED)
            if not preparing.done():
                raise KernelGone
            preparing.result()
            self._ready.set_result(self._link)
            await watching
        finally:
            watching.cancel()
            preparing.cancel()

    async def _prepared(self, link: KernelLink) -> None:
        await link.listen()
        await self._prepare(link)

    async def _watch(self, link: KernelLink) -> None:
        """Wait until the kernel has died, or has been silent for too long."""
        loop = asyncio.get_running_loop()
        link.heard_at = loop.time()
        while await ensure_async(self._manager.is_alive(self._kernel_id)):
            if loop.time() - link.heard_at > SILENT:
                _log.error("a kernel has said nothing for %d seconds and is ended", SILENT)
                return
            link.tell("beat", 0)
            await asyncio.sleep(BEAT)
        _log.error("a kernel has died; its pages come back with a new one")

    async def _end(self) -> None:
        link, self._link = self._link, None
        if not self._ready.done():
            self._ready.set_exception(KernelGone())
            self._ready.exception()
        self._ready = asyncio.get_running_loop().create_future()
        if link is not None:
            link.close()
            self._lost(link)
        if self._starting is not None:
            await asyncio.gather(self._starting, return_exceptions=True)
        if self._kernel_id in self._manager:
            # Jupyter interrupts a kernel before it kills it, and one that still loads writes a traceback at that.
            with suppress(OSError):
                await ensure_async(self._manager.signal_kernel(self._kernel_id, _KILLED))
            await ensure_async(self._manager.shutdown_kernel(self._kernel_id, now=True))
