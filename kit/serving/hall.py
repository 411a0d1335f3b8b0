"""What the pages of one server share."""

from __future__ import annotations

from dataclasses import dataclass, field

from kit.serving.health import Health
from kit.serving.reach import Reach
from kit.serving.room import Room
from kit.serving.tries import Tries
from kit.store import Store

# A code stands on the wall and opens only a new seat; a card opens somebody's answers.
CODES_A_MINUTE = 120


def host_holder(session_id: str, page: str) -> str:
    """A facilitator's page as the room knows it: console and screen stay open side by side."""
    return f"host:{session_id}:{page}"


def is_host(holder: str) -> bool:
    """Whether a holder is a facilitator's page, and no participant."""
    return holder.startswith("host:")


@dataclass
class Hall:
    """The store, the room of kernels, and where this server is reached.

    reach    where other devices find it
    lang     the language of whoever has not chosen one

    Codes and cards are counted apart: a room full of people who mistype the code keeps nobody from coming back.
    """

    store: Store
    room: Room
    reach: Reach
    lang: str
    code_tries: Tries = field(default_factory=lambda: Tries(CODES_A_MINUTE))
    card_tries: Tries = field(default_factory=Tries)

    def __post_init__(self) -> None:
        self.health = Health(self.store)

    @property
    def address(self) -> str:
        """Scheme, host, port and path as other devices see them now, without a slash at the end."""
        return self.reach.now.url

    def path(self, local: str) -> str:
        """A path of this server's own ("/card") as browsers ask for it."""
        return self.reach.site.base + local

    @property
    def store_url(self) -> str:
        """Where kernels find the store."""
        return self.store.engine.url.render_as_string(hide_password=False)
