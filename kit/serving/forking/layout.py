"""Where in memory things lie that every kernel uses: side by side.

A kernel counts references, so it writes to all that it uses, and a page of memory that it writes to is copied for
it. What kernels use are some 1,500 functions and some 4,000 names among 200,000 objects, spread over as many pages
as there are. Brought together, they are a fifth of what a kernel has of its own.

`layout.txt` says which they are; `python -m bench.layout` writes it anew. A line that is out of date does no harm.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType

from kit.serving.forking.heap import fill_holes

LIST = Path(__file__).with_name("layout.txt")
CODE, NAME = "code", "name"


@cache
def listed(kind: str) -> frozenset[str]:
    """What kernels use: `CODE` as "module:qualified name", `NAME` as it is."""
    lines = LIST.read_text("utf-8").splitlines()
    return frozenset(line.partition(" ")[2] for line in lines if line.startswith(f"{kind} "))


def names_first() -> None:
    """Make the names before anything else makes them: the interpreter has each only once."""
    _kept.extend(sys.intern(name) for name in sorted(listed(NAME)))


def gather() -> None:
    """Give the functions that kernels call code of their own, in memory that nothing else is in.

    What the interpreter has learned about it is lost: something should run it before the first fork.
    """
    gc.collect()
    fill_holes()
    copies = _Copies(listed(CODE))
    for function in [one for one in gc.get_objects() if type(one) is FunctionType]:
        code = copies.of(function.__globals__.get("__name__"), function.__code__)
        if code is not function.__code__:
            function.__code__ = code
    # Methods are found in a table that still holds what was only needed for importing.
    getattr(sys, "_clear_type_cache", lambda: None)()


class _Copies:
    """Code and its copy, where one is wanted of it or of code inside it. Many functions may have one code."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self._wanted = frozenset(wanted)
        # With the original, whose number must not become that of another.
        self._made: dict[int, tuple[CodeType, CodeType]] = {}

    def of(self, module: object, code: CodeType) -> CodeType:
        """The copy; the same code where none is wanted."""
        if id(code) not in self._made:
            inside = tuple(self.of(module, one) if isinstance(one, CodeType) else one for one in code.co_consts)
            changed = any(one is not other for one, other in zip(inside, code.co_consts, strict=True))
            copied = changed or f"{module}:{code.co_qualname}" in self._wanted
            self._made[id(code)] = code, code.replace(co_consts=inside) if copied else code
        return self._made[id(code)][1]


_kept: list[str] = []
