"""What the pages of one server share."""

from __future__ import annotations

from dataclasses import dataclass, field

from kit.serving.room import Room
from kit.serving.tries import Tries
from kit.store import Store

# A code stands on the wall and opens only a new seat; a card opens somebody's answers.
CODES_A_MINUTE = 120


def host_holder(session_id: str, page: str) -> str:
    """A facilitator's page as the room knows it: console and screen stay open side by side."""
    return f"host:{session_id}:{page}"


@dataclass
class Hall:
    """The store, the room of kernels, and where this server is reached.

    address  scheme, host and port as other devices see it, without a slash at the end
    lang     the language of whoever has not chosen one

    Codes and cards are counted apart: a room full of people who mistype the code keeps nobody from coming back.
    """

    store: Store
    room: Room
    address: str
    lang: str
    code_tries: Tries = field(default_factory=lambda: Tries(CODES_A_MINUTE))
    card_tries: Tries = field(default_factory=Tries)

    def join_link(self, code: str) -> str:
        """What the QR code of a session holds."""
        return f"{self.address}/j/{code}"

    @property
    def store_url(self) -> str:
        """Where kernels find the store."""
        return self.store.engine.url.render_as_string(hide_password=False)
