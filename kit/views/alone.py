"""One exercise for one person alone: in a notebook, in JupyterLab or on a Voila page. Nothing is stored.

What the person answers stands in their page and in this kernel's memory. `Keep` gives it to them as a file
(`kit/transfer.py`) and takes it back, so that it outlives a reload, a kernel and a server.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ipywidgets
import traitlets

from kit import transfer
from kit.exercise import Exercise, exercise, exercises
from kit.invitation import Invitation
from kit.session import Value
from kit.texts import section
from kit.upgrades import upgraded
from kit.versions import versions
from kit.views.around import LIST, Around, around
from kit.views.base import Message, View
from kit.views.of import view_of
from kit.views.room import Shell
from kit.views.scripts import built
from kit.views.send import Send


def alone(slug: str, lang: str | None = None, link: str | None = None) -> ipywidgets.VBox:
    """An exercise with every lens on that need not be named, its language bar, quick exit, and the copy.

    Answers live in this kernel's memory. `lang` None: the language that the page was asked for in, else the browser's.
    `link`: the one that a facilitator sent (`kit/invitation.py`); None: the one that the page was opened with. Raises
    `UnknownExercise`.
    """
    model = exercise(slug)
    place = around(lang, link)
    pair = secrets.token_hex(8)
    keep = Keep(lang=place.lang, form=pair, place=place)
    form = view_of(model)(
        model=model, lang=place.lang, options=model.unnamed, answers={}, save=_remember, is_open=True, alone=pair,
        styled=False, elsewhere=keep.elsewhere,
    )  # fmt: skip

    def invited(asked: Invitation) -> None:
        keep.invite(asked)
        if plan := asked.plan(slug):
            form.ask_for(plan.options)
            room.set_page({"lang": room.lang, "alone": True, "invited": True})

    send = Send(lang=place.lang, form=pair, slug=slug, invitation=place.invitation, is_whole=place.is_whole,
                on_invited=invited)  # fmt: skip
    room = Shell(page={"lang": place.lang, "alone": True, "guess": place.guess, "invited": send.is_invited})
    if place.invitation and (plan := place.invitation.plan(slug)):
        form.ask_for(plan.options)

    def speak(chosen: str) -> None:
        room.set_page({"lang": chosen, "alone": True, "invited": send.is_invited})
        keep.set_lang(chosen)
        form.set_lang(chosen)
        send.set_lang(chosen)

    room.on_lang = speak

    def forget() -> None:
        form.replace_answers({})
        keep.forget()

    room.on_erase = forget
    return ipywidgets.VBox([room, keep, form, send])


class Keep(View):
    """The copy that a person alone downloads and brings back. Journal notes are in it; they never come here.

    The page may say `others` (the answers to other exercises that its copy holds), `older` (those of a copy from an
    earlier edition of this one) and `here` (somebody is). It hears `renewed`: those answers as they are kept now, and
    what each was given to.
    """

    _esm = traitlets.Unicode(built("alone")).tag(sync=True)
    page = traitlets.Dict().tag(sync=True)

    def __init__(self, *, lang: str, form: str, place: Around) -> None:
        self._lang, self._form, self._place = lang, form, place
        self._others: dict[str, Mapping[str, Value]] = {}
        super().__init__(told={"page": self._shown()}, styled=False)
        self.hear("others", self._carry)
        self.hear("older", self._renew)
        self.hear("here", lambda _message: None)

    @property
    def lang(self) -> str:
        """The language that this view speaks now."""
        return self._lang

    def set_lang(self, lang: str) -> None:
        """Show everything in another language."""
        self._lang = lang
        self.page = self._shown()

    def invite(self, invitation: Invitation) -> None:
        """Let the invitation go along to the list of exercises."""
        self._place = replace(self._place, invitation=invitation)
        self.page = self._shown()

    def elsewhere(self, slug: str) -> Mapping[str, Value]:
        """What the person's copy holds of another exercise."""
        return self._others.get(slug, {})

    def forget(self) -> None:
        """Nothing of the person's copy is left in this kernel."""
        self._others = {}

    def _shown(self) -> dict[str, object]:
        place = self._place
        ui = section(self._lang, "alone.keep") | {"file_name": transfer.NAME}
        return {
            "lang": self._lang, "form": self._form, "idle": place.idle_limit, "is_public": place.is_public,
            "list": LIST if place.has_list else "", "asked": place.asked, "ui": ui, "versions": dict(versions()),
        }  # fmt: skip

    def _carry(self, message: Message) -> None:
        told, of = _map(message.get("answers")), _map(message.get("versions"))
        known = {slug: model for slug, model in exercises().items() if isinstance(told.get(slug), dict)}
        self._others = {
            slug: transfer.each(model, _now(model, told[slug], of.get(slug)), model.structure.every).answers
            for slug, model in known.items()
        }

    def _renew(self, message: Message) -> None:
        slug, given = message.get("slug"), _map(message.get("answers"))
        if not isinstance(slug, str) or slug not in exercises():
            return
        model = exercise(slug)
        kept = _now(model, given, message.get("version"))
        names = {item: _name(model, item, self._lang) for item in given}
        self.send({"kind": "renewed", "answers": dict(kept), "names": names})


def _now(model: Exercise, given: Mapping[str, Value], version: object) -> Mapping[str, Value]:
    """Answers of a copy as the installed version keeps them; those of a newer one, or of none, stay as they are."""
    if isinstance(version, int) and 0 < version < model.version:
        return upgraded(model, version, given)
    return given


def _name(model: Exercise, item: str, lang: str) -> str:
    """What was asked, in one language; empty where nobody knows any more, and for a row or a choice of a story."""
    return model.texts(lang).items.get(item, {}).get("text", "")


def _map(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, dict) else {}


def _remember(_item: str, _value: Value | None, revision: int) -> int:
    """The form itself holds the answers; there is nowhere else to put them."""
    return revision + 1
