"""A start without what nobody needs: a third of its processor time went into two modules that are never used here."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# What jsonschema checks two formats with that no schema here has. It takes a module that cannot be imported for one
# that is not installed. The first one compiles a grammar each time.
UNNEEDED = ("rfc3987_syntax", "isoduration")


def leave_out() -> None:
    """From now on, nothing unneeded is imported in this process."""
    modules: dict[str, Any] = sys.modules
    for name in UNNEEDED:
        modules.setdefault(name, None)


@contextmanager
def quickly() -> Iterator[None]:
    """For the imports inside: nothing unneeded, and no search for garbage while there is none."""
    leave_out()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
