"""Newcomers: so many as are expected come in at once, more of them wait; nothing about where they come from is kept."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from kit.serving.pace import Pace
from kit.session import Reason, Sector, Session

FIRST_SECONDS, MOST_SECONDS = 1.0, 20.0
# In so many seconds as many more come in at once as are expected.
DRAIN_SECONDS = 300.0
# From several places together, so many times as many come in at once.
WHOLE = 2
# A ticket is good for so long after its time has come.
GOOD_SECONDS = 300.0
# So long after the last one who had to wait, the console still says so.
RUSH_SECONDS = 120.0


@dataclass(frozen=True)
class Waiting:
    """What somebody has chosen who waits for a seat, and when their time comes (seconds of this server's clock)."""

    session: str
    sector: Sector
    partner: str | None
    reason: Reason | None
    ready: float
    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))


class Joins:
    """How long newcomers wait, and their tickets, which they carry themselves: a flood of them fills nothing here."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._by_source = Pace(FIRST_SECONDS, MOST_SECONDS, DRAIN_SECONDS, clock)
        self._by_session = Pace(FIRST_SECONDS, MOST_SECONDS, DRAIN_SECONDS, clock)
        self._key = secrets.token_bytes(32)
        self._used: dict[str, float] = {}
        self._slowed: dict[str, float] = {}

    def wait(self, source: bytes, session: Session) -> float:
        """Count one who wants a seat; returns the seconds that they have to wait. `source` is for this session."""
        wait = self._by_source.count(source, session.expected)
        if not wait:
            # Who waits already takes no place from people who come from elsewhere.
            wait = self._by_session.count(session.id.encode(), WHOLE * session.expected)
        if wait:
            self._slowed[session.id] = self.clock()
        return wait

    def rushing(self) -> set[str]:
        """The sessions in which somebody had to wait a short time ago."""
        now = self.clock()
        self._slowed = {session: at for session, at in self._slowed.items() if now - at <= RUSH_SECONDS}
        return set(self._slowed)

    def sealed(self, ticket: Waiting) -> str:
        """The ticket as its holder's browser carries it."""
        told = base64.urlsafe_b64encode(json.dumps(asdict(ticket)).encode()).decode().rstrip("=")
        return f"{told}.{self._seal(told)}"

    def opened(self, sealed: str) -> Waiting | None:
        """A ticket of this server that is still good, used or not; None for anything else."""
        told, _, seal = sealed.partition(".")
        if not hmac.compare_digest(seal.encode(), self._seal(told).encode()):
            return None
        try:
            known = json.loads(base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)))
        except (ValueError, binascii.Error):
            return None
        known["sector"] = Sector(known["sector"])
        known["reason"] = Reason(known["reason"]) if known["reason"] else None
        ticket = Waiting(**known)
        return ticket if self.clock() <= ticket.ready + GOOD_SECONDS else None

    def use(self, ticket: Waiting) -> bool:
        """Whether this ticket is used for the first time."""
        now = self.clock()
        self._used = {one: until for one, until in self._used.items() if until >= now}
        if ticket.id in self._used:
            return False
        self._used[ticket.id] = ticket.ready + GOOD_SECONDS
        return True

    def is_used(self, ticket: Waiting) -> bool:
        """Whether a seat was taken with it."""
        return ticket.id in self._used

    def _seal(self, told: str) -> str:
        return hmac.digest(self._key, told.encode(), "sha256").hex()
