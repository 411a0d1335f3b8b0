"""Sees when what one page asked for holds all others up: tells the log where, and in the end breaks it off.

Python runs one page's code at a time. Whatever takes long is done aside (`View.aside`); this is for what nobody knew.
"""

from __future__ import annotations

import _thread
import asyncio
import logging
import signal
import sys
import threading
import time
from collections.abc import Container
from pathlib import Path
from types import CodeType, FrameType

import kit

LOOK_SECONDS = 0.5
# From so many seconds on it is told, and after so many it is broken off.
TOLD, ENOUGH = 1.0, 10.0

_HERE = str(Path(kit.__file__).parent)
_log = logging.getLogger(__name__)


class HeldTooLong(Exception):
    """Raised in what holds all pages of a kernel up."""


class Watchdog:
    """Watches the event loop of this process's main thread; only what runs below `breakable` code is broken off."""

    def __init__(self, loop: asyncio.AbstractEventLoop, breakable: Container[CodeType]) -> None:
        self._loop, self._breakable = loop, breakable
        self._breaking = False

    def begin(self) -> None:
        """Watch from now on. To be called in the main thread."""
        # Later: the kernel sets the signal back after the cell that this may be called from.
        self._loop.call_soon(signal.signal, signal.SIGINT, self._break)
        threading.Thread(target=self._run, name="kit-watchdog", daemon=True).start()

    def _run(self) -> None:
        while not self._loop.is_closed():
            self._look()
            time.sleep(LOOK_SECONDS)

    def _look(self) -> None:
        turned = threading.Event()
        begun = time.monotonic()
        try:
            self._loop.call_soon_threadsafe(turned.set)
        except RuntimeError:  # closed in this moment
            return
        if turned.wait(TOLD):
            return
        _log.error("a page has held its kernel for more than %.0f s, at %s", TOLD, _where())
        while not turned.wait(ENOUGH - TOLD):
            _log.error("what has held a kernel for %.0f s is broken off, at %s", time.monotonic() - begun, _where())
            self._breaking = True
            _thread.interrupt_main(signal.SIGINT)

    def _break(self, _signal: int, frame: FrameType | None) -> None:
        breaking, self._breaking = self._breaking, False
        while breaking and frame is not None:
            if frame.f_code in self._breakable:
                raise HeldTooLong
            frame = frame.f_back


def _where() -> str:
    """The innermost line of the kit that the main thread is at."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    while frame is not None and not frame.f_code.co_filename.startswith(_HERE):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else "-"
