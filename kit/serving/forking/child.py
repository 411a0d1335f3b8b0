"""From a fork of the warm process to a kernel: everything that a process of its own would have had from its start."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import random
import resource
import signal
import sys
import threading
import time
import traceback
from functools import partial
from importlib import import_module
from typing import Any, NoReturn

from kit.serving.forking import bell, linux, wire
from kit.serving.forking.app import ForkedKernelApp
from kit.serving.forking.warm import Birth


def live(birth: Birth) -> NoReturn:
    """Become the kernel of this request, and end as a process ends."""
    _leave_family(birth)
    try:
        _settle(wire.unpack(birth.request))
    except OSError as error:
        _tell(birth, {"errno": error.errno, "text": error.strerror, "path": error.filename})
        os._exit(1)
    if _hear(birth) != wire.GO:
        # The server has given up and may have started another kernel on the same sockets.
        os._exit(1)
    _end(_run(birth))


def _leave_family(birth: Birth) -> None:
    """Cut what ties this process to the warm one, except its life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    linux.die_with_parent(signal.SIGKILL)
    if os.getppid() != birth.warm:
        os._exit(1)
    os.setsid()
    linux.set_name("kit-kernel")
    _set_descriptors(birth)
    bell.give(birth.ear)
    resource.setrlimit(resource.RLIMIT_NOFILE, birth.most_files)


def _set_descriptors(birth: Birth) -> None:
    """stdin at its end, stdout and stderr as asked for, the line, and none of what the warm process has open."""
    os.dup2(birth.out, 1)
    os.dup2(birth.err, 2)
    kept = {0, 1, 2, birth.line.fileno(), birth.ear}
    for fd in map(int, os.listdir("/proc/self/fd")):
        if fd not in kept:
            # One of them was the listing itself.
            with contextlib.suppress(OSError):
                os.close(fd)


def _settle(request: wire.Request) -> None:
    """Environment, time zone, folder, arguments and chance of this kernel; raises OSError for the folder."""
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    os.chdir(request["cwd"])
    launcher = import_module(request["argv"][2])
    sys.argv[:] = [str(launcher.__file__), *request["argv"][3:]]
    random.seed()
    if numbers := sys.modules.get("numpy.random"):
        numbers.seed()
    gc.enable()


def _run(birth: Birth) -> int:
    """Run until somebody ends the kernel; returns the exit status."""
    try:
        app: Any = ForkedKernelApp.instance()
        app.on_bound = partial(_say_up, birth)
        # Any parent will do: without one, a kernel prints how to connect to it.
        app.parent_handle = birth.warm
        app.initialize()
        _announce_widgets()
        app.start()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
        return 1
    return 0


def _say_up(birth: Birth) -> None:
    _tell(birth, {"up": True})
    birth.line.close()


def _announce_widgets() -> None:
    """ipywidgets does this when it is imported into a running kernel; here it was imported before."""
    if widgets := sys.modules.get("ipywidgets"):
        widgets.register_comm_target()


def _end(status: int) -> NoReturn:
    """What the interpreter does at its end, except for freeing each object: that would copy all shared memory."""
    threads: Any = threading
    exits: Any = atexit
    try:
        threads._shutdown()
        exits._run_exitfuncs()
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            stream.flush()
    os._exit(status)


def _hear(birth: Birth) -> bytes:
    try:
        return birth.line.recv(len(wire.GO))
    except OSError:
        # The server has died.
        return b""


def _tell(birth: Birth, message: dict[str, Any]) -> None:
    try:
        wire.send(birth.line, message)
    except OSError:
        # Nobody listens: the server has died, and so will this kernel.
        return
