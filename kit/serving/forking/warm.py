"""The warm process: it imports what kernels need, once, then only waits and forks.

It never has a second thread, a ZeroMQ context or an event loop: none of these survives a fork. Between two
forks it does as little as it can: a page of memory that it writes to meanwhile belongs to one kernel alone.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import select
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, cast

from kit.serving.forking import linux, wire
from kit.serving.forking.guard import end_group
from kit.serving.forking.heap import fill_holes
from kit.serving.forking.layout import names_first

# The way into a kernel, with what Jupyter imports for it.
NEEDED = ("ipykernel.kernelapp", "ipykernel.debugger", "ipykernel_launcher", "kit.serving.forking.child")
# What Jupyter imports late; another version may not have it.
LATE = (
    "ipykernel.displayhook", "ipykernel.subshell", "ipykernel.zmqshell", "IPython.core.completer",
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger", "IPython.core.oinspect",
    "IPython.extensions.storemagic", "IPython.utils.wildcard", "faulthandler", "tornado.platform.asyncio",
)  # fmt: skip
# Descriptors that only an event loop or ZeroMQ opens.
_LOOPS = ("anon_inode:[eventpoll]", "anon_inode:[eventfd]")
_NEVER_WAIT = socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL


@dataclass(frozen=True)
class Birth:
    """What a fork needs in order to become a kernel.

    request     a `wire.Request`, still packed
    warm        its parent
    most_files  limits on descriptors, as they were before the warm process raised them
    ear         where the kernel hears the bell, or -1
    """

    request: bytes
    line: socket.socket
    out: int
    err: int
    warm: int
    most_files: tuple[int, int]
    ear: int


@dataclass(frozen=True)
class _Kernel:
    pid: int
    line: socket.socket


@dataclass
class Warm:
    """The loop of the warm process: `control` brings requests, `notes` goes to the guard."""

    control: socket.socket
    notes: socket.socket
    most_files: tuple[int, int]
    ear: int
    _kernels: dict[int, _Kernel] = field(default_factory=dict)
    _poll: select.poll = field(default_factory=select.poll)
    _listens: bool = True

    def run(self) -> Birth | None:
        """Serve until the server lets go and the last kernel has ended (None); return in each fork as well."""
        self._poll.register(self.control, select.POLLIN)
        while self._listens or self._kernels:
            for fd, _ in self._poll.poll():
                if fd in self._kernels:
                    self._bury(fd)
                elif (birth := self._answer()) is not None:
                    return birth
        return None

    def _answer(self) -> Birth | None:
        request, fds = wire.receive_packed(self.control, most_fds=3)
        if not request:
            self._listens = False
            self._poll.unregister(self.control)
            return None
        line, out, err = socket.socket(fileno=fds[0]), fds[1], fds[2]
        if not _hung_up(line):
            birth = Birth(request, line, out, err, os.getpid(), self.most_files, self.ear)
            if self._fork(birth):
                return birth
        os.close(out)
        os.close(err)
        return None

    def _fork(self, birth: Birth) -> bool:
        """True in the fork."""
        # The guard takes from it which files to remove; before the fork, so that nothing can happen in between.
        self.notes.send(birth.request)
        try:
            pid = os.fork()
        except OSError as error:
            _tell(birth.line, wire.pack({"fault": str(error)}))
            return False
        if pid != 0:
            self._raise_child(pid, birth.line)
        return pid == 0

    def _raise_child(self, pid: int, line: socket.socket) -> None:
        self.notes.send(b'{"born": %d}' % pid)
        # Not reaped yet, so that the descriptor stands for this kernel and no other.
        pidfd = os.pidfd_open(pid)
        self._kernels[pidfd] = _Kernel(pid, line)
        self._poll.register(pidfd, select.POLLIN)
        # A server that has hung up meanwhile will not say "go", and the fork ends by itself.
        _tell(line, b'{"pid": %d}' % pid, (pidfd,))

    def _bury(self, pidfd: int) -> None:
        self._poll.unregister(pidfd)
        kernel = self._kernels.pop(pidfd)
        end_group(kernel.pid)
        self.notes.send(b'{"died": %d}' % kernel.pid)
        _, status = os.waitpid(kernel.pid, 0)
        _tell(kernel.line, b'{"exit": %d}' % os.waitstatus_to_exitcode(status))
        kernel.line.close()
        os.close(pidfd)


def serve(control: socket.socket, notes: socket.socket, ear: int, modules: Sequence[str]) -> None:
    """The life of the warm process, and of each kernel that forks from it; does not return."""
    linux.set_name("kit-warm")
    import_all(modules)
    birth = Warm(control, notes, _more_files(), ear).run()
    if birth is not None:
        from kit.serving.forking.child import live

        live(birth)
    # Nothing to finish here, and finishing an interpreter would touch, and so copy, all its memory.
    os._exit(0)


def import_all(modules: Sequence[str]) -> None:
    """Import what kernels share, and make sure that the process can still be forked."""
    gc.disable()
    names_first()
    with without("debugpy"):
        for name in (*NEEDED, *modules):
            import_module(name)
        for name in LATE:
            with contextlib.suppress(ImportError):
                import_module(name)
    import_module("kit.serving.forking.app").prepare(frozenset(sys.modules))
    gc.collect()
    fill_holes()
    # Their collector shall not visit, and so copy, what the kernels share.
    gc.freeze()
    check_alone()


@contextlib.contextmanager
def without(module: str) -> Iterator[None]:
    """Inside, importing `module` fails. The debugger alone would take 70 % of a kernel's start."""
    modules = cast(dict[str, Any], sys.modules)
    kept = modules.get(module)
    modules[module] = None
    try:
        yield
    finally:
        del modules[module]
        if kept is not None:
            modules[module] = kept


def check_alone() -> None:
    """Raise RuntimeError if anything was started that does not survive a fork."""
    threads = max(threading.active_count(), len(os.listdir("/proc/self/task")))
    if threads != 1:
        raise RuntimeError(f"{threads} threads in a process that is to be forked")
    if loops := [kind for kind in _descriptors() if kind in _LOOPS]:
        raise RuntimeError(f"an event loop or a ZeroMQ context in a process that is to be forked: {loops}")


def _descriptors() -> Iterator[str]:
    for fd in os.listdir("/proc/self/fd"):
        # One of them was the listing itself.
        with contextlib.suppress(OSError):
            yield os.readlink(f"/proc/self/fd/{fd}")


def _more_files() -> tuple[int, int]:
    """Two descriptors for each kernel: use all that the system grants. Returns the limits as they were."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return soft, hard


def _hung_up(line: socket.socket) -> bool:
    poll = select.poll()
    poll.register(line, select.POLLIN)
    return bool(poll.poll(0))


def _tell(line: socket.socket, packed: bytes, fds: tuple[int, ...] = ()) -> None:
    """Tell the server, if it still listens."""
    with contextlib.suppress(OSError):
        socket.send_fds(line, [packed], fds, _NEVER_WAIT)
