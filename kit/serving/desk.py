"""The facilitator's way in: the key arrives in the link's fragment, which no server log sees."""

from __future__ import annotations

from typing import Any

from kit.errors import WrongKey
from kit.serving.hall import Hall
from kit.serving.web import HOST, FormPage, keep, key_fits


class Desk(FormPage):
    """`/host`: trade the key for a cookie."""

    def get(self) -> None:
        self.show("host")

    def post(self) -> None:
        """Check the key. Its 192 bits cannot be guessed, so wrong ones lock nobody out."""
        session_id = self.get_body_argument("session", "")[:64]
        key = self.get_body_argument("key", "")[:200]
        if not key_fits(self.hall, session_id, key):
            return self.show("host", WrongKey())
        keep(self, self.hall, HOST, f"{session_id}.{key}")
        return self.lead("/console")


def handlers(hall: Hall) -> list[tuple[str, type, dict[str, Any]]]:
    """The facilitator's plain addresses; console and screen are Voila pages."""
    return [(r"/host", Desk, {"hall": hall})]
