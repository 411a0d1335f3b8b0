"""The kernels behind the pages: this interpreter, no history file, no visitor's address in them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_server._tz import utcnow
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import default

from kit.serving import forking
from kit.serving.kernel import RoomKernel
from kit.serving.room import Room


@dataclass(frozen=True)
class Visit:
    """Whose page a kernel is being started for, and what it is told (environment variables).

    ended  is set when the kernel has been ended
    """

    holder: str
    env: Mapping[str, str]
    ended: asyncio.Event


# Set for the length of the one request that starts the kernel.
visit: ContextVar[Visit | None] = ContextVar("visit", default=None)

# What Voila would tell a kernel about the visitor's request.
_ABOUT_THE_VISITOR = (
    "QUERY_STRING", "PATH_INFO", "SCRIPT_NAME", "VOILA_REQUEST_URL", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL",
)  # fmt: skip
# Number libraries with a thread per core would cost every kernel memory.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Nobody(IdentityProvider):
    """Jupyter would give each visitor an invented name in a cookie; here a seat or a key says enough."""

    def get_user(self, handler: Any) -> User:
        """The same for everyone."""
        return User("-")


class RoomKernelSpecs(KernelSpecManager):
    """One kernel for every page, started as this very interpreter whatever is installed elsewhere."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The kernel that pages run on, under whichever name a notebook asks for."""
        argv = [
            sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}",
            "--HistoryManager.enabled=False", "--IPKernelApp.capture_fd_output=False",
            # Pages ask for none; where kernels are not forked, this says nothing to anybody.
            "--ForkedKernelApp.subshells=False",
        ]  # fmt: skip
        # Forked from one warmed-up process where the machine can; launched one by one where it cannot.
        metadata = {"kernel_provisioner": {"provisioner_name": forking.PROVISIONER}}
        return KernelSpec(
            argv=argv, display_name="Python 3", language="python", name=kernel_name, metadata=metadata
        )

    def get_all_specs(self) -> dict[str, dict[str, Any]]:
        """The same kernel in the form that Voila reads."""
        return {"python3": {"resource_dir": "", "spec": self.get_kernel_spec("python3").to_dict()}}


class RoomKernels(AsyncMappingKernelManager):
    """Kernels that know whose they are, and nothing of the request that started them."""

    room: Room | None = None

    @default("kernel_manager_class")
    def _default_kernel_manager_class(self) -> str:
        return f"{RoomKernel.__module__}.{RoomKernel.__name__}"

    def start_watching_activity(self, kernel_id: str) -> None:
        """A kernel that has started is there; what it does, its page tells the room."""
        kernel = self._kernels[kernel_id]
        kernel.execution_state, kernel.last_activity = "idle", utcnow()

    async def _async_start_kernel(self, *, path: str | None = None, **kwargs: Any) -> str:
        caller = visit.get()
        if self.room is None or caller is None:
            raise RuntimeError("a kernel is started for a visit only")
        given = kwargs.pop("env", os.environ)
        env = {name: value for name, value in given.items() if name not in _ABOUT_THE_VISITOR}
        async with self.room.starting(caller.holder):
            started = await super()._async_start_kernel(path=path, env={**env, **_ONE_THREAD, **caller.env}, **kwargs)
            self.room.started(started, caller.holder, caller.ended)
        return str(started)

    start_kernel = _async_start_kernel

    async def _remove_kernel_when_ready(self, kernel_id: str, kernel_awaitable: Awaitable[None]) -> None:
        async def end() -> None:
            await kernel_awaitable
            # What a page left behind that hung up while its kernel was being ended: Jupyter would keep it for good.
            self.stop_buffering(kernel_id)

        await super()._remove_kernel_when_ready(kernel_id, end())
