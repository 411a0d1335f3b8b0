"""The kernel provisioner: forks where that is possible, launches as Jupyter always does where it is not."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Float, List, Unicode

from kit.serving.forking import PARTICIPANT, wire
from kit.serving.forking.kernel import ForkedKernel
from kit.serving.forking.pool import FAILS, Kind, NotForked, WarmProcess, WarmProcessDied, pool, why_not
from kit.serving.forking.start import fork
from kit.serving.forking.streams import Streams

LAUNCHER = ["-m", "ipykernel_launcher"]
# What is asked of a process that can be given to a fork; for anything else there is the ordinary way.
_KNOWN = frozenset({"env", "cwd", "stdin", "stdout", "stderr", "independent"})
# A killed kernel is gone after some milliseconds; waiting (seconds) for that here spares polls of 100 ms later.
GONE_WITHIN = 1.0
_told: set[str] = set()
_log = logging.getLogger(__name__)


class ForkProvisioner(LocalProvisioner):
    """Jupyter's ordinary provisioner, except for where the process comes from."""

    preload = List(Unicode(), list(PARTICIPANT), help="modules that the warm process imports").tag(config=True)
    patience = Float(60.0, help="seconds until a kernel must be forked").tag(config=True)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel, or launch it and say once in the log why."""
        obstacle = why_not() or _unusual(cmd, kwargs)
        if obstacle is None:
            try:
                return await self._fork_kernel(cmd, kwargs)
            except WarmProcessDied:
                obstacle = FAILS
            except NotForked as error:
                obstacle = str(error)
        self._say_once(obstacle)
        return await super().launch_kernel(cmd, **kwargs)

    async def send_signal(self, signum: int) -> None:
        """To the kernel and what it has started, as Jupyter does; never to another process with its number."""
        if isinstance(self.process, ForkedKernel):
            self.process.signal_group(signum)
        else:
            await super().send_signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel; it is gone when this returns."""
        await super().kill(restart)
        if isinstance(self.process, ForkedKernel):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GONE_WITHIN):
                    while self.process.poll() is None:
                        await asyncio.sleep(0.002)

    async def _fork_kernel(self, cmd: list[str], kwargs: Mapping[str, Any]) -> KernelConnectionInfo:
        request = self._request(cmd, kwargs)
        kind = Kind.of(request["argv"][0], tuple(self.preload), request["env"])
        with Streams(kwargs.get("stdout"), kwargs.get("stderr")) as streams:
            process = await self._fork_once_or_twice(kind, request, streams)
            process.stdout, process.stderr = streams.readable()
        self.process = process
        self.pid = self.pgid = process.pid
        self.cwd = request["cwd"]
        return self.connection_info

    async def _fork_once_or_twice(self, kind: Kind, request: wire.Request, streams: Streams) -> ForkedKernel:
        try:
            return await self._fork_from(pool().get(kind), request, streams)
        except WarmProcessDied:
            # Killed since the last kernel: a new one is as good.
            return await self._fork_from(pool().get(kind), request, streams)

    async def _fork_from(self, warm: WarmProcess, request: wire.Request, streams: Streams) -> ForkedKernel:
        try:
            return await fork(warm, request, (streams.out, streams.err), self.patience)
        except NotForked:
            pool().drop(warm)
            raise

    def _request(self, cmd: list[str], kwargs: Mapping[str, Any]) -> wire.Request:
        env = dict(kwargs.get("env") or os.environ)
        interpreter = shutil.which(os.path.expanduser(cmd[0]), path=env.get("PATH")) or cmd[0]
        # What libraries take as the sign that they run in a kernel.
        env["JPY_PARENT_PID"] = str(os.getpid())
        file = getattr(self.parent, "connection_file", "")
        path = os.path.realpath(file) if file else ""
        return {
            "argv": [interpreter, *map(os.path.expanduser, cmd[1:])],
            "env": env,
            "cwd": os.path.abspath(kwargs.get("cwd") or os.getcwd()),
            "files": [one for one in (path, *self._sockets()) if one],
        }

    def _sockets(self) -> list[str]:
        """The kernel's sockets that are files."""
        info = self.connection_info
        if info.get("transport") != "ipc":
            return []
        return [f"{info['ip']}-{port}" for name, port in info.items() if name.endswith("_port")]

    def _say_once(self, obstacle: str) -> None:
        if obstacle not in _told:
            _told.add(obstacle)
            # Not the manager's log, which a server may keep for errors.
            _log.warning("pages open more slowly: kernels are launched one by one, not forked: %s", obstacle)


def _unusual(cmd: list[str], kwargs: Mapping[str, Any]) -> str | None:
    """What about this kernel cannot be had from a fork; None if nothing."""
    if cmd[1:3] != LAUNCHER:
        return f"not started by {' '.join(LAUNCHER)}"
    if kwargs.get("independent"):
        return "it is to outlive its server"
    if kwargs.get("stdin") not in (None, subprocess.DEVNULL):
        return "it has a stdin"
    unknown = sorted(set(kwargs) - _KNOWN - {"extra_arguments", "kernel_id"})
    return f"asked for {', '.join(unknown)}" if unknown else None
