"""Whether the store answers: asked now and then, told once in the log when it stops and once when it is back."""

from __future__ import annotations

import asyncio
import logging

from kit.errors import KitError
from kit.store import Store

_log = logging.getLogger(__name__)


class Health:
    """What is known about one store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.well = True

    async def look(self) -> bool:
        """Ask it, in a thread: while it is away, nobody else waits for it."""
        try:
            await asyncio.to_thread(self.store.changed)
        except KitError as error:
            if self.well:
                _log.error("%s", error)
            self.well = False
        else:
            if not self.well:
                _log.error("the store answers again")
            self.well = True
        return self.well
