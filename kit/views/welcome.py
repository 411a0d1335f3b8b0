"""The page on which somebody who studies alone chooses an exercise: all of them, with how long they take."""

from __future__ import annotations

import ipywidgets
import traitlets

from kit.exercise import exercises
from kit.texts import say, section
from kit.views.around import Around, around
from kit.views.base import View
from kit.views.room import Shell
from kit.views.scripts import built


def welcome(lang: str | None = None) -> ipywidgets.VBox:
    """Quick exit, the language bar and the list. Each exercise is the notebook of its name, beside this one."""
    place = around(lang)
    listed = Welcome(place)
    room = Shell(page={"lang": place.lang, "alone": True, "bare": True, "guess": place.guess})

    def speak(chosen: str) -> None:
        listed.set_lang(chosen)
        room.set_page({"lang": chosen, "alone": True, "bare": True})

    room.on_lang = speak
    return ipywidgets.VBox([room, listed])


class Welcome(View):
    """The list, or what a facilitator has asked for; the page says nothing."""

    _esm = traitlets.Unicode(built("welcome")).tag(sync=True)
    page = traitlets.Dict().tag(sync=True)

    def __init__(self, place: Around) -> None:
        self._place, self._lang = place, place.lang
        super().__init__(told={"page": self._shown()}, styled=False)

    @property
    def lang(self) -> str:
        """The language that this view speaks now."""
        return self._lang

    def set_lang(self, lang: str) -> None:
        """Show everything in another language."""
        self._lang = lang
        self.page = self._shown()

    def _shown(self) -> dict[str, object]:
        asked = self._place.invitation
        ui = section(self._lang, "alone.welcome") | {"is_public": section(self._lang, "alone.keep")["is_public"]}
        if asked:
            ui |= {"lead": say(self._lang, "send.welcome")}
        elif not self._place.is_whole:
            ui |= {"lead": say(self._lang, "errors.InvitationUnreadable")}
        listed = [
            {
                "slug": slug, "title": texts.title, "minutes": model.structure.minutes,
                "intro": texts.sentences.get("alone_intro", texts.intro),
            }
            for slug, model in exercises().items()
            if (asked is None or asked.plan(slug)) and (texts := model.texts(self._lang))
        ]
        return {
            "lang": self._lang, "is_public": self._place.is_public, "asked": self._place.asked, "exercises": listed,
            "ui": ui,
        }  # fmt: skip
