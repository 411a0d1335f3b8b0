"""What a forked kernel says: ipykernel's streams and the thread that sends, with fewer turns between threads."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import ipykernel.iostream

# How long (seconds) a kernel that is about to fork waits for its sending thread.
PATIENCE = 1.0


class OutStream(ipykernel.iostream.OutStream):
    """Does not wake the thread that sends, and wait for it, when there is nothing to send: 20 times for each page."""

    def flush(self) -> None:
        """What is being sent already comes before anything that is sent later."""
        if self._buffers or self._flush_pending or self.echo is not None:
            super().flush()


class IOPubThread(ipykernel.iostream.IOPubThread):
    """Is woken once for all that waits to be sent, and hears children only when there may be one.

    ipykernel's own has a pair of sockets to be woken by, each time, and a TCP port on which a child's output would
    come back: one for each kernel, and none of a page has a child.
    """

    _pipe_flag: bool

    def __init__(self, socket: Any, pipe: bool = False, **rest: Any) -> None:
        self._adding = threading.Lock()
        super().__init__(socket, pipe=False, **rest)
        if pipe and hasattr(os, "register_at_fork"):
            os.register_at_fork(before=self._expect_a_child)

    def _setup_event_pipe(self) -> None:
        """Its event loop can be woken without."""

    def schedule(self, f: Callable[[], object]) -> None:
        """Have `f` called in the thread, after all that was scheduled before; here, when there is no thread."""
        if not self.thread.is_alive():
            f()
            return
        with self._adding:
            woken = bool(self._events)
            self._events.append(f)
        if not woken:
            self.io_loop.add_callback(self._handle_event, None)

    def _handle_event(self, _message: object) -> None:
        """Call what waits by now; what comes meanwhile has its turn after whatever else the loop has to do."""
        try:
            for _ in range(len(self._events)):
                self._events.popleft()()
        finally:
            if self._events:
                self.io_loop.add_callback(self._handle_event, None)

    def _expect_a_child(self) -> None:
        """Right before this process forks: what its child prints shall come here."""
        if self._pipe_flag or not self.thread.is_alive() or threading.current_thread() is self.thread:
            return
        ready = threading.Event()

        def listen() -> None:
            self._pipe_flag = True
            self._setup_pipe_in()
            ready.set()

        self.schedule(listen)
        ready.wait(PATIENCE)
