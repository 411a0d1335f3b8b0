"""The facilitator's way in: the key arrives in the link's fragment, which no server log sees, or as a ticket."""

from __future__ import annotations

from typing import Any

from tornado.web import RequestHandler

from kit.errors import KitError, WrongKey
from kit.serving.hall import Hall
from kit.serving.web import HOST, LANG, WALL, FormPage, Page, keep
from kit.store.hosts import Opens
from kit.texts import languages


class Desk(FormPage):
    """`/host`: trade the key for a cookie."""

    def get(self) -> None:
        self.show("host")

    def post(self) -> None:
        """Check the key. Its 192 bits cannot be guessed, so wrong ones lock nobody out."""
        session_id = self.get_body_argument("session", "")[:64]
        key = self.get_body_argument("key", "")[:200]
        try:
            self.lead(let_in(self, self.hall, session_id, key))
        except WrongKey as error:
            self.show("host", error)


class Ticket(Page):
    """`/desk`: the browser that the kit itself has opened comes with a ticket, from a file or from `kit start`.

    Such a page has another origin, or none. The ticket, which nobody can guess and which opens once, says all the same
    who sends it; so nothing is asked of where it comes from.
    """

    def prepare(self) -> None:
        """From wherever it comes."""

    def post(self) -> None:
        """The key that the ticket stands for becomes a cookie, and the address holds neither."""
        try:
            session_id, key = self.hall.tickets.use(self.get_body_argument("ticket", "")[:64])
            self.lead(let_in(self, self.hall, session_id, key))
        except KitError as error:
            self.show("host", error)


def let_in(handler: RequestHandler, hall: Hall, session_id: str, key: str) -> str:
    """Give this browser what the key opens, and say where it goes on; raises `WrongKey`.

    The wall has a cookie of its own: on the facilitator's laptop it would take the place of theirs.
    """
    right = hall.store.hosts.right(session_id, key)
    if right is None:
        raise WrongKey()
    is_wall = right.kind is Opens.WALL
    keep(handler, hall, WALL if is_wall else HOST, f"{session_id}.{key}")
    chosen = handler.get_cookie(LANG) or ""
    # Who has chosen a language at this entrance finds it inside, unless one was chosen there.
    if chosen in languages() and not is_wall and not hall.store.sessions.get(session_id).room_lang:
        hall.store.sessions.speak(session_id, chosen)
    return "/screen" if is_wall else "/console"


def handlers(hall: Hall) -> list[tuple[str, type, dict[str, Any]]]:
    """The facilitator's plain addresses; console and screen are Voila pages."""
    return [(r"/host", Desk, {"hall": hall}), (r"/desk", Ticket, {"hall": hall})]
