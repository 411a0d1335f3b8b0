"""The bell that the guard rings for all kernels when the store has news: until then they sleep.

A hundred kernels that look for themselves once a second take 3 % of a core. The bell is a pipe which everyone has:
a byte written to it wakes all who watch its other end, and nobody reads it but the guard, before the next ring.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
from collections.abc import Callable
from dataclasses import dataclass, field
from random import uniform

# How often the guard looks for news (ms).
LOOK = 500
# Kernels do what there is to do within this time after the bell (seconds), not all at once.
SPREAD = 0.5
_LENGTH = 8


@dataclass
class Bell:
    """The guard's side: `file` is what shows whether there are news, `ear` the end that kernels watch."""

    file: str
    ear: int = -1
    _hand: int = -1
    _seen: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.file:
            self.ear, self._hand = os.pipe()
            for end in (self.ear, self._hand):
                os.set_blocking(end, False)

    def let_go(self) -> None:
        """In a process that is to hear the bell, not to ring it."""
        if self._hand >= 0:
            os.close(self._hand)

    def look(self) -> None:
        """Ring if there are news since the last look."""
        before, self._seen = self._seen, self._read() if self.file else None
        if before not in (None, self._seen):
            with contextlib.suppress(BlockingIOError):
                os.read(self.ear, select.PIPE_BUF)
            os.write(self._hand, b"!")

    def _read(self) -> bytes:
        try:
            with open(self.file, "rb", buffering=0) as sign:
                return sign.read(_LENGTH)
        except OSError:
            return b""


@dataclass
class _Heard:
    """This kernel's bell, -1 where there is none."""

    ear: int = -1
    watched: list[select.epoll] = field(default_factory=list)


_heard = _Heard()


def give(ear: int) -> None:
    """In a new kernel: this is its bell."""
    _heard.ear = ear


def listen(act: Callable[[], None]) -> bool:
    """Call `act` in this event loop soon after each ring; False if there is no bell."""
    if _heard.ear < 0:
        return False
    loop = asyncio.get_event_loop()
    rings = select.epoll()
    # Once for each ring, although the byte stays.
    rings.register(_heard.ear, select.EPOLLIN | select.EPOLLET)

    def hear() -> None:
        rings.poll(0)
        loop.call_later(uniform(0, SPREAD), act)

    loop.add_reader(rings.fileno(), hear)
    _heard.watched.append(rings)
    return True
