"""The word card on the way in and, in a series, the one of the first workshop. Plain HTTP; no page is made here."""

from __future__ import annotations

import asyncio

from kit.errors import KitError, NoSeat, UnknownCard, UnknownFirstCard
from kit.series import first_of
from kit.serving.web import FormPage, participant_of
from kit.session import Participant, Session, card_words
from kit.texts import card_list


class Card(FormPage):
    """`/card`: the word card, shown once on the way in; the page inside shows it again on demand."""

    def get(self) -> None:
        self._show(participant_of(self, self.hall))

    async def post(self) -> None:
        """Pair this seat with the one at the first workshop, or take that back; both can be left alone."""
        person = participant_of(self, self.hall)
        if self.get_body_argument("undo", ""):
            await asyncio.to_thread(self.hall.store.pairs.remove, person.id)
            return self.lead("/card")
        words = self.get_body_argument("words", "")[:200]
        try:
            await self._pair(person, words)
        except KitError as error:
            return self._show(person, error, words)
        return self.lead("/card")

    async def _pair(self, person: Participant, typed: str) -> None:
        first = first_of(self.hall.store, self.hall.store.sessions.get(person.session_id))
        if first is None:
            raise NoSeat()
        sources = self.hall.sources
        async with self.hall.card_tries.one(sources.of(self.request), sources.of(self.request, f"{first.id} {typed}")):
            try:
                await asyncio.to_thread(self.hall.store.pairs.add, person, first, typed)
            except UnknownCard:
                raise UnknownFirstCard() from None

    def _show(self, person: Participant, error: KitError | None = None, typed: str = "") -> None:
        session: Session = self.hall.store.sessions.get(person.session_id)
        first = first_of(self.hall.store, session)
        self.show(
            "card", error, words=card_words(session.secret, person.id, card_list(self.lang)), typed=typed,
            first=first is not None and not session.closed, paired=self.hall.store.pairs.has(person.id),
        )  # fmt: skip


__all__ = ["Card"]
