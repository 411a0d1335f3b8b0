"""Who wants to hear, in this process, that something was kept which pages show."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

_listeners: WeakKeyDictionary[Engine, list[Callable[[], None]]] = WeakKeyDictionary()


def listen(engine: Engine, listener: Callable[[], None]) -> None:
    """Call `listener` after each change through this engine, in the thread that has made it."""
    _listeners.setdefault(engine, []).append(listener)


def tell(engine: Engine) -> None:
    """Something that pages show is on the disk now."""
    for listener in _listeners.get(engine, ()):
        listener()
