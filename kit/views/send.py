"""For somebody at home whom a facilitator has asked: one file of their answers that only the facilitator can open.

The page brings the document that it would give the person as a copy (`kit/transfer.py`). What was not asked for is
left out, every answer is checked, and what is left is sealed here, in this kernel; nothing is sent by itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import traitlets

from kit import sealed, transfer
from kit.cards import numbers_of
from kit.errors import InvitationUnreadable, KitError
from kit.exercise import exercise, exercises
from kit.invitation import Invitation, invitation_in
from kit.sectors import name_of, offered
from kit.session import Mode, Sector, Value
from kit.texts import say, section
from kit.views.base import Message, View
from kit.views.scripts import built


class Send(View):
    """The page may say `invite` (a pasted link) and `seal` (document, sector, partner, card).

    It hears `sealed` (name, media, message, one buffer) and `refused` (field, message). `form` is the word by which
    the page finds the form beside it.
    """

    _esm = traitlets.Unicode(built("send")).tag(sync=True)
    page = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        *,
        lang: str,
        form: str,
        slug: str,
        invitation: Invitation | None,
        is_whole: bool = True,
        on_invited: Callable[[Invitation], None] = lambda _invitation: None,
    ) -> None:
        self._lang, self._form, self._slug, self._invitation = lang, form, slug, invitation
        self._is_whole, self._on_invited = is_whole, on_invited
        super().__init__(told={"page": self._shown()}, styled=False)
        self.hear("invite", self._invite)
        self.hear("seal", self._seal)

    @property
    def lang(self) -> str:
        """The language that this view speaks now."""
        return self._lang

    @property
    def is_invited(self) -> bool:
        """Whether a facilitator has asked for this exercise."""
        return self._invitation is not None and self._invitation.plan(self._slug) is not None

    def set_lang(self, lang: str) -> None:
        """Show everything in another language."""
        self._lang = lang
        self.page = self._shown()

    def _shown(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"lang": self._lang, "form": self._form, "ui": section(self._lang, "send")}
        if self._invitation is None:
            return shown if self._is_whole else shown | {"fault": say(self._lang, "errors.InvitationUnreadable")}
        titles = [exercise(plan.slug).texts(self._lang).title for plan in self._invitation.plans]
        return shown | {
            "titles": titles,
            "asked": self.is_invited,
            "check": sealed.check_number(self._invitation.public),
            "sectors": [{"id": one.value, "label": name_of(one, self._lang)} for one in offered()],
            "attributed": self._invitation.mode is Mode.ATTRIBUTED,
        }

    def _invite(self, message: Message) -> None:
        link = message.get("link")
        try:
            found = invitation_in(link) if isinstance(link, str) else None
        except InvitationUnreadable:
            found = None
        if found is None:
            self._refuse("link", "no_link")
            return
        self._invitation = found
        self._on_invited(found)
        self.page = self._shown()

    def _seal(self, message: Message) -> None:
        if self._invitation is None:
            return
        sector, partner, card = (_word(message.get(name)) for name in ("sector", "partner", "card"))
        attributed = self._invitation.mode is Mode.ATTRIBUTED
        if sector not in offered():
            return self._refuse("sector", "need_sector")
        if attributed and not partner:
            return self._refuse("partner", "need_partner")
        if card and not numbers_of(card):
            return self._refuse("card", "bad_card")
        text = message.get("document")
        try:
            document = transfer.read(text.encode("utf-8", "replace") if isinstance(text, str) else b"")
            asked = _asked(self._invitation, document)
        except KitError as error:
            return self.send({"kind": "refused", "field": "", "message": error.tell(self._lang)})
        count = sum(map(len, asked.values()))
        if not count:
            return self._refuse("", "none")
        document = replace(
            document, exercises=asked, lang=self._lang, sector=Sector(sector), partner=partner if attributed else "",
            card=card, versions={slug: exercise(slug).version for slug in asked},
        )  # fmt: skip
        self._give(sealed.seal(transfer.write(document), self._invitation.public), count)

    def _give(self, data: bytes, count: int) -> None:
        name = f"notes-{secrets.token_hex(2)}{sealed.SUFFIX}"
        told = say(self._lang, "send.made", name=name, n=count)
        self.send({"kind": "sealed", "name": name, "media": sealed.MEDIA, "message": told}, [data])

    def _refuse(self, field: str, why: str) -> None:
        self.send({"kind": "refused", "field": field, "message": say(self._lang, f"send.{why}")})


def _asked(invitation: Invitation, document: transfer.AnswersFile) -> dict[str, Mapping[str, Value]]:
    """Of what was answered, what the invitation asks for and the exercises allow; raises `FileRefused`."""
    found: dict[str, Mapping[str, Value]] = {}
    for plan in invitation.plans:
        given = document.exercises.get(plan.slug)
        if given is None or plan.slug not in exercises():
            continue
        model = exercise(plan.slug)
        now = transfer.up_to_date(model, given, document.versions.get(plan.slug, model.version))
        taken = transfer.each(model, now, plan.options).answers
        found |= {plan.slug: taken} if taken else {}
    return found


def _word(raw: object) -> str:
    return " ".join(raw.split())[: transfer.LONGEST_WORD] if isinstance(raw, str) else ""
