"""The heap of a process that forks: no small holes in memory that is to stay shared.

What a fork makes would first go into the holes of pages that it shares with its parent, and each such page would be
copied for a few bytes (2.4 MB per kernel). With the holes filled, it goes side by side into pages of its own.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress

# Python's allocator keeps objects of one size together, sizes being rounded up to so many bytes.
STEP = 16
# What a `bytes` object has besides its bytes.
_BYTES = 33
# Sizes that C programs ask the system's allocator for, the largest first: what one leaves over may fit the next.
SYSTEM_SIZES = tuple(STEP * n + 8 for n in (*range(4096, 512, -64), *range(512, 64, -8), *range(64, 0, -1)))
# More holes than this of one size, and something is not as it is taken to be here.
MOST = 200_000
_LINE = re.compile(r"^ *\d+ +(?P<size>\d+) +\d+ +\d+ +(?P<free>\d+)$", re.MULTILINE)

_fillings: list[list[object]] = []


def fill_holes() -> None:
    """Fill the holes for good; the last thing to do before a process is forked."""
    for size, free in list(python_holes()):
        make = _maker(size)
        _fillings.append([make() for _ in range(min(free, MOST))])
    # Another C library than GNU's lacks one of its functions.
    with suppress(AttributeError):
        _fill_system()


def python_holes() -> Iterator[tuple[int, int]]:
    """How many holes of which size there are in Python's own heap; nothing where the interpreter does not tell."""
    tell = getattr(sys, "_debugmallocstats", None)
    if tell is None:
        return
    with tempfile.TemporaryFile() as told:
        stderr = os.dup(2)
        os.dup2(told.fileno(), 2)
        try:
            tell()
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
        told.seek(0)
        for found in _LINE.finditer(told.read().decode("ascii", "replace")):
            yield int(found["size"]), int(found["free"])


def _maker(size: int) -> Callable[[], object]:
    """What makes an object of this size."""
    if size <= STEP:
        return object
    if size <= 2 * STEP:
        return _number
    return lambda: bytes(size - _BYTES)


def _number() -> object:
    # A new one each time: a literal would be one and the same.
    return float("1.5")


def _fill_system() -> None:
    """Ask for memory of each size until there is none left but beyond the heap's end; give that back."""
    libc = ctypes.CDLL(None)
    libc.malloc.restype = libc.sbrk.restype = ctypes.c_void_p
    libc.malloc.argtypes = libc.malloc_trim.argtypes = [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    libc.malloc_trim(0)
    end, beyond = libc.sbrk(0) or 0, []
    for size in SYSTEM_SIZES:
        for _ in range(MOST):
            place = libc.malloc(size) or 0
            if not 0 < place < end:
                beyond.append(place)
                break
    for place in beyond:
        libc.free(place)
