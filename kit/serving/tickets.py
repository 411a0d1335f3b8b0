"""Ways in that open once: the facilitator's browser is led in with one, so that no key is ever handed over."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from kit.errors import TicketUsed

# A browser that starts for the first time in a while needs some minutes at most.
LASTS_SECONDS = 600.0


@dataclass
class Tickets:
    """Tickets by their words, each with the session and the secret of a link for it, and until when it opens."""

    clock: Callable[[], float] = time.monotonic
    _good: dict[str, tuple[str, str, float]] = field(default_factory=dict)

    def new(self, session_id: str, secret: str) -> str:
        """A ticket for the link that carries this."""
        ticket = secrets.token_urlsafe(24)
        self._good[ticket] = session_id, secret, self.clock() + LASTS_SECONDS
        return ticket

    def is_good(self, ticket: str) -> bool:
        """Whether it still opens."""
        return ticket in self._good and self.clock() < self._good[ticket][2]

    def use(self, ticket: str) -> tuple[str, str]:
        """The session's id and what the link carries; the ticket is over. Raises `TicketUsed`."""
        good = self.is_good(ticket)
        session_id, secret, _ = self._good.pop(ticket, ("", "", 0.0))
        if not good:
            raise TicketUsed()
        return session_id, secret
