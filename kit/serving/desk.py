"""The facilitator's way in: a link with its secret in the fragment, which no log sees, or a ticket. Each opens once."""

from __future__ import annotations

from typing import Any

from tornado.web import RequestHandler

from kit.errors import KitError, LinkUsed, WrongKey
from kit.serving.hall import Hall
from kit.serving.web import HOST, WALL, FormPage, Page, keep_right, right_of
from kit.store.hosts import Opens

PAGE_OF = {HOST: "/console", WALL: "/screen"}


class Desk(FormPage):
    """`/host`: trade what a link carries for a cookie."""

    def get(self) -> None:
        self.show("host")

    def post(self) -> None:
        """Open the link. Its 192 bits cannot be guessed, so wrong ones lock nobody out."""
        session_id = self.get_body_argument("session", "")[:64]
        secret = self.get_body_argument("key", "")[:200]
        try:
            self.lead(let_in(self, self.hall, session_id, secret))
        except LinkUsed as error:
            self.show("message", error, kind="told", to="/host")
        except WrongKey as error:
            self.show("host", error)


class Ticket(Page):
    """`/desk`: the browser that the kit itself has opened comes with a ticket, from a file.

    Such a page has another origin, or none. The ticket, which nobody can guess and which opens once, says all the same
    who sends it; so nothing is asked of where it comes from.
    """

    def prepare(self) -> None:
        """From wherever it comes."""

    def post(self) -> None:
        """The link that the ticket stands for is opened, and the address holds neither."""
        try:
            session_id, secret = self.hall.tickets.use(self.get_body_argument("ticket", "")[:64])
            self.lead(let_in(self, self.hall, session_id, secret))
        except KitError as error:
            self.show("host", error)


def let_in(handler: RequestHandler, hall: Hall, session_id: str, secret: str) -> str:
    """Give this browser what the link opens, and say where it goes on; raises `WrongKey`, `LinkUsed`.

    Opened again where it was opened (a page that is loaded anew, an address from the history), it leads back.
    """
    held = _held(handler, hall, session_id)
    try:
        right, key = hall.store.hosts.open(session_id, secret)
    except LinkUsed as used:
        name = WALL if used.details["kind"] == Opens.WALL else HOST
        if name in held:
            return PAGE_OF[name]
        raise
    if right.kind is Opens.SECOND and held.get(HOST) is Opens.LEAD:
        # Tried out by who made it: it would take the place of their own. Used it is all the same.
        hall.store.hosts.end(session_id, right.kind, right.number)
        return PAGE_OF[HOST]
    keep_right(handler, hall, right.kind, f"{session_id}.{key}")
    return PAGE_OF[WALL if right.kind is Opens.WALL else HOST]


def _held(handler: RequestHandler, hall: Hall, session_id: str) -> dict[str, Opens]:
    """What this browser may do in a session already, by the cookie that says so."""
    found = {}
    for name in PAGE_OF:
        try:
            own, right = right_of(handler, hall, name)
        except WrongKey:
            continue
        if own == session_id:
            found[name] = right.kind
    return found


def handlers(hall: Hall) -> list[tuple[str, type, dict[str, Any]]]:
    """The facilitator's plain addresses; console and screen are Voila pages."""
    return [(r"/host", Desk, {"hall": hall}), (r"/desk", Ticket, {"hall": hall})]
