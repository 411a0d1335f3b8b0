"""The stdout and stderr that a kernel is to have, in every form that `subprocess.Popen` takes."""

from __future__ import annotations

import os
import subprocess
from types import TracebackType
from typing import IO

Asked = int | IO[bytes] | IO[str] | None


class Streams:
    """Two descriptors, `out` and `err`, that can be handed over inside a `with` block."""

    def __init__(self, out: Asked, err: Asked) -> None:
        self._opened: list[int] = []
        self._pipes: dict[str, int] = {}
        self.out = self._find("out", out, 1)
        self.err = self.out if err == subprocess.STDOUT else self._find("err", err, 2)

    def readable(self) -> tuple[IO[bytes] | None, IO[bytes] | None]:
        """The reading ends of those that were asked for as pipes; call it once the kernel has the others."""
        out, err = (self._pipes.pop(name, None) for name in ("out", "err"))
        return (None if out is None else os.fdopen(out, "rb"), None if err is None else os.fdopen(err, "rb"))

    def __enter__(self) -> Streams:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for fd in (*self._opened, *self._pipes.values()):
            os.close(fd)

    def _find(self, name: str, asked: Asked, standard: int) -> int:
        if asked == subprocess.PIPE:
            self._pipes[name], writing = os.pipe()
            return self._own(writing)
        if asked == subprocess.DEVNULL:
            return self._own(os.open(os.devnull, os.O_RDWR))
        if asked is not None:
            return asked if isinstance(asked, int) else asked.fileno()
        # A program that closed its own has nothing that the kernel could inherit.
        return standard if _is_open(standard) else self._own(os.open(os.devnull, os.O_RDWR))

    def _own(self, fd: int) -> int:
        self._opened.append(fd)
        return fd


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True
