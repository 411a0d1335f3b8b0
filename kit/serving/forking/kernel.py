"""One forked kernel, as the server that asked for it sees it: shaped like `subprocess.Popen`."""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from typing import IO, Any

from kit.serving.forking import linux, wire

# A kernel that has ended while the warm process does not tell how: after this (seconds) it counts as killed.
STATUS_WITHIN = 5.0
KILLED = -9


class ForkedKernel:
    """A process that is another process's child. Its pidfd stands for it even when its number is used again.

    line    what the kernel and the warm process say about it
    Both are freed once the exit status is known.
    """

    stdin: IO[bytes] | None = None
    stdout: IO[bytes] | None = None
    stderr: IO[bytes] | None = None

    def __init__(self, line: socket.socket, pid: int, pidfd: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._line, self._pidfd = line, pidfd
        self._ended_at: float | None = None

    def hear(self) -> dict[str, Any] | None:
        """The next message about this kernel, None when nobody will say more; raises BlockingIOError for none yet."""
        message, _ = wire.receive(self._line)
        if message is None:
            self._line.close()
        elif "exit" in message:
            self.returncode = message["exit"]
        return dict(message) if message else None

    def poll(self) -> int | None:
        """The exit status as `subprocess` counts it, or None while the kernel lives; never waits."""
        while self.returncode is None and self._line.fileno() >= 0:
            try:
                self.hear()
            except BlockingIOError:
                break
        if self.returncode is None and self._has_ended():
            self._do_without_status()
        if self.returncode is not None:
            self._free()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit status, once the kernel has ended; raises TimeoutError after so many seconds."""
        last = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if last is not None and time.monotonic() > last:
                raise TimeoutError
            self._has_ended(within=10)
        return self.returncode

    def signal_group(self, signum: int) -> None:
        """Send a signal to the kernel and what it has started; nothing happens when it has ended."""
        if self.poll() is not None:
            return
        try:
            signal.pidfd_send_signal(self._pidfd, signum, None, linux.PIDFD_SIGNAL_PROCESS_GROUP)
        except ProcessLookupError:
            return
        except OSError:
            # A Linux before 6.9. An instant ago, the number was the kernel's.
            self._signal_by_number(signum)

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel alone; nothing happens when it has ended."""
        if self.poll() is None:
            try:
                signal.pidfd_send_signal(self._pidfd, signum)
            except ProcessLookupError:
                return

    def terminate(self) -> None:
        """As Popen's."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """As Popen's."""
        self.send_signal(signal.SIGKILL)

    def _signal_by_number(self, signum: int) -> None:
        try:
            os.killpg(self.pid, signum)
        except ProcessLookupError:
            return

    def _do_without_status(self) -> None:
        now = time.monotonic()
        self._ended_at = self._ended_at or now
        # Nobody will tell: the warm process has died, and the system has killed its kernels.
        if self._line.fileno() < 0 or now > self._ended_at + STATUS_WITHIN:
            self.returncode = KILLED

    def _has_ended(self, within: int = 0) -> bool:
        """`within` so many milliseconds."""
        poll = select.poll()
        poll.register(self._pidfd, select.POLLIN)
        return bool(poll.poll(within))

    def _free(self) -> None:
        self._line.close()
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1

    def __del__(self) -> None:
        self._free()
