"""Have a kernel forked, or make certain that it is not."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Mapping
from typing import Any

from kit.serving.forking import wire
from kit.serving.forking.kernel import ForkedKernel
from kit.serving.forking.pool import OWN_WORDS, NotForked, WarmProcess, WarmProcessDied

# A kernel that needs longer (seconds) is no failure: whoever connects waits for it, as for any kernel.
UP_WITHIN = 10.0
# Between two tries (seconds) to hand a request to a warm process that is busy with many others.
RETRY = 0.01
# A killed kernel is gone long before (seconds); it must be, before another one uses its sockets.
GONE_WITHIN = 5.0
_BUSY = (errno.EAGAIN, errno.ETOOMANYREFS, errno.ENOBUFS)


async def fork(warm: WarmProcess, request: wire.Request, streams: tuple[int, int], within: float) -> ForkedKernel:
    """A kernel whose sockets are bound, or soon will be.

    streams  its stdout and stderr
    within   seconds until it must be forked
    Raises `NotForked` (then no kernel is on its way), and OSError for a folder that it cannot work in.
    """
    line, far = wire.pair()
    line.setblocking(False)
    try:
        async with asyncio.timeout(within):
            with far:
                await _ask(warm, wire.pack(request), (far.fileno(), *streams))
            kernel = await _born(line)
    except BaseException as error:
        # This takes the request back: no fork becomes a kernel without "go".
        line.close()
        if isinstance(error, TimeoutError):
            raise NotForked(f"the warm process did not answer within {within:g} seconds") from None
        raise
    try:
        await _let_go(kernel, line)
    except BaseException:
        await _end(kernel)
        raise
    warm.proved = True
    return kernel


async def _ask(warm: WarmProcess, request: bytes, fds: tuple[int, ...]) -> None:
    while True:
        try:
            return warm.send(request, fds)
        except OSError as error:
            if error.errno not in _BUSY:
                raise NotForked(f"the request could not be sent: {error}") from None
        await asyncio.sleep(RETRY)


async def _born(line: socket.socket) -> ForkedKernel:
    await _readable(line)
    message, fds = wire.receive(line, most_fds=1)
    return ForkedKernel(line, _good_news(message)["pid"], fds[0])


async def _let_go(kernel: ForkedKernel, line: socket.socket) -> None:
    # If it has died already, the line says so.
    with contextlib.suppress(OSError):
        line.send(wire.GO)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(UP_WITHIN):
            await _readable(line)
            _good_news(kernel.hear())


def _good_news(message: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The message, unless it says what stands in the kernel's way; its own may come before the warm process's."""
    if message is None:
        raise WarmProcessDied("the warm process has ended")
    if "fault" in message:
        raise NotForked(message["fault"])
    if "errno" in message:
        raise OSError(message["errno"], message["text"], message["path"])
    if message.get("exit", -1) >= 0:
        # Nobody killed it. Launched the ordinary way, it may live: what differs is this package's own.
        raise NotForked(f"a forked kernel ended with {message['exit']} before it could be reached; {OWN_WORDS}")
    return message


async def _end(kernel: ForkedKernel) -> None:
    kernel.kill()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GONE_WITHIN):
            while kernel.poll() is None:
                await asyncio.sleep(RETRY)


async def _readable(line: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    fd, ready = line.fileno(), asyncio.Event()
    loop.add_reader(fd, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(fd)
