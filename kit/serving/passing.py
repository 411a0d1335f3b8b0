"""`/pass`: one device, another person. The seat ends here, the card leads back to it, and the next one arrives."""

from __future__ import annotations

import asyncio
from typing import Any

from kit.errors import NoSeat
from kit.serving.hall import Hall
from kit.serving.web import FORM, LANG, SEAT, FormPage, participant_of
from kit.session import Participant, Session, card_words
from kit.texts import card_list


class Pass(FormPage):
    """First the words that lead back, then a form that clears this device."""

    def get(self) -> None:
        try:
            person, session = self._seat()
        except NoSeat:
            # Whoever goes back in the history finds the way in, and nothing of anybody.
            return self.lead("/")
        words = card_words(session.secret, person.id, card_list(self.lang))
        return self.show("pass", session=session, words=words)

    async def post(self) -> None:
        """End the seat's pages, make its cookie void everywhere, and let the next person begin."""
        try:
            person, session = self._seat()
        except NoSeat:
            return self.lead("/")
        await asyncio.to_thread(self.hall.store.seats.leave, person.id)
        self.hall.room.release(person.id)
        for name in (SEAT, LANG, FORM):
            self.clear_cookie(name, path=self.hall.path("/"))
        # The facilitator's own cookie stays; below a path, the rest of the host is somebody else's.
        self.set_header("Clear-Site-Data", '"cache"' if self.hall.reach.site.base else '"cache", "storage"')
        return self.lead(f"/j/{session.code}")

    def _seat(self) -> tuple[Participant, Session]:
        person = participant_of(self, self.hall)
        return person, self.hall.store.sessions.get(person.session_id)


def handlers(hall: Hall) -> list[tuple[str, type, dict[str, Any]]]:
    """The address of the hand-over."""
    return [(r"/pass", Pass, {"hall": hall})]
