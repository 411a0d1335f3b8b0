"""The formats of a report, a module each; `kit.reports.document` says what one has to do."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from kit.reports.document import Look, Report

Writer = Callable[[Report, Look], bytes]


@cache
def formats() -> tuple[str, ...]:
    """The names of all formats that write a document."""
    return tuple(sorted(one.name for one in iter_modules(__path__) if not one.name.startswith("_")))


def writer(name: str) -> Writer:
    """What writes this format."""
    made: Writer = import_module(f"{__name__}.{name}").write
    return made
