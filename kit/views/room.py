"""The shell of the participant's page: quick exit, language, the workshop's exercises, one's own data."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache, partial
from typing import Any, Literal, TypedDict

import traitlets

from kit.agenda.model import Phones
from kit.errors import KitError
from kit.session import Mode
from kit.texts import FALLBACK, language_names, say, section
from kit.views.agenda import Clock
from kit.views.base import Message, View, known_language
from kit.views.scripts import built
from kit.views.support import menu, support

NEUTRAL_URL = "about:blank"
_MODES = tuple(Mode)
# Sentences that the kernel says (`room.<key>`), and no page by itself.
SAID_HERE = ("now_open", "now_again", "reopened")
# Sentences of states that not every workshop comes to: they travel to a page when it does.
OVER, GONE = ("over",), ("gone", "gone_anew", "gone_join")
TOGETHER = ("ready", "ready_help", "away", "away_answers", "clock_left", "clock_soon", "clock_over", "clock_paused",
            "clock_said")  # fmt: skip


class RoomExercise(TypedDict, total=False):
    """One line of the list. `done` of `total` answers are saved; leave both out where counting makes no sense."""

    slug: str
    title: str
    state: Literal["waiting", "open", "closed"]
    done: int
    total: int


class RoomNow(TypedDict):
    """Where the room is: the block of its agenda ("" without one), the exercise that is on, the block's clock.

    `phones` is what phones show in this block (None without one), `block` its id: at "away", nobody's answers lie open
    on a table.
    `result` is whether the exercise on this page has a result of the group, `ready` whether this person has said that
    they are done; None where nobody is asked.
    """

    title: str
    block: str
    phones: Phones | None
    place: str
    clock: Clock | None
    result: bool
    ready: bool | None


class RoomPage(TypedDict, total=False):
    """What the shell shows. Only `lang` is needed; what is left out is not shown.

    mode         "anonymous" or "attributed": a sentence says what that means
    partner      the partner organisation of this seat (attributed mode)
    card         the words of the word card
    current      slug of the exercise on the page
    exit_url     told by beacon when the person leaves: forget the seat, end the kernel
    neutral_url  where quick exit goes
    pass_url     where the device is passed on to somebody else
    alone        no workshop: language and quick exit only
    bare         there is nothing to erase here
    over         the workshop has ended
    gone         all of this person's answers are erased, and the seat with them
    join         where a new seat can be taken after that; left out when the workshop has ended
    invited      a facilitator has asked somebody alone for their answers
    now          where the room is
    days         so many days after the end, answers are removed
    practice     that other people here are simulated
    guess        nobody has chosen the language yet: the page asks for the browser's

    What the regional pack in use tells stands on every page.
    """

    lang: str
    title: str
    mode: Literal["anonymous", "attributed"]
    partner: str
    card: str
    exercises: Sequence[RoomExercise]
    current: str
    exit_url: str
    neutral_url: str
    pass_url: str
    alone: bool
    bare: bool
    over: bool
    gone: bool
    join: str
    invited: bool
    guess: bool
    days: int
    practice: str
    now: RoomNow


class Shell(View):
    """The page may say `lang`, `choose`, `ready` and `erase`; it hears `erased`, `say` and `trouble`.

    A callback may raise a `KitError`: the person is told.
    """

    _esm = traitlets.Unicode(built("room")).tag(sync=True)
    page = traitlets.Dict().tag(sync=True)
    # What is said on the page; it changes with `page` only, and most changes of a workshop leave it alone.
    texts = traitlets.Dict().tag(sync=True)
    # The sentences of the states that the page has come to; what has come once, stays.
    more = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        *,
        page: RoomPage,
        on_lang: Callable[[str], Awaitable[None] | None] | None = None,
        on_choose: Callable[[str], Awaitable[None] | None] | None = None,
        on_erase: Callable[[], Awaitable[None] | None] | None = None,
        on_ready: Callable[[bool], None] | None = None,
        styled: bool = True,
    ) -> None:
        self._page = page
        self.on_lang, self.on_choose, self.on_erase, self.on_ready = on_lang, on_choose, on_erase, on_ready
        self._spoken, self._states = self._key(), self._states_of(page)
        told = {"page": self._shown(), "texts": _texts(*self._spoken), "more": _more(self._spoken, self._states)}
        super().__init__(told=told, styled=styled)
        self.hear("lang", self._lang_asked)
        self.hear("choose", self._choice)
        self.hear("erase", self._erase)
        self.hear("ready", self._ready)

    @property
    def lang(self) -> str:
        """The language that this view speaks now."""
        return self._page.get("lang", FALLBACK)

    def set_page(self, page: RoomPage) -> None:
        """Show another state of the workshop; what has not changed is not sent again."""
        self._page = page
        spoken, self._spoken = self._spoken, self._key()
        states, self._states = self._states, self._states | self._states_of(page)
        with self.hold_sync():
            if self._spoken != spoken:
                self.texts = _texts(*self._spoken)
            if (self._spoken, self._states) != (spoken, states):
                self.more = _more(self._spoken, self._states)
            self.page = self._shown()

    def _shown(self) -> dict[str, Any]:
        return {"neutral_url": NEUTRAL_URL, **self._page}

    def _key(self) -> tuple[str, bool, bool, bool, str]:
        """What the texts depend on."""
        page = self._page
        alone, invited = page.get("alone", False), page.get("invited", False)
        return self.lang, alone, invited, "now" in page, page.get("mode", "")

    @staticmethod
    def _states_of(page: RoomPage) -> frozenset[tuple[str, ...]]:
        """The sentences of the states that the page is in now."""
        now = page.get("now")
        together = now is not None and (now["clock"] is not None or now["ready"] is not None)
        found = {TOGETHER: together, OVER: page.get("over", False), GONE: page.get("gone", False)}
        return frozenset(said for said, on in found.items() if on)

    def say(self, text: str) -> None:
        """Tell the person something once, politely: it stays in sight until it is put away."""
        self.send({"kind": "say", "text": text})

    async def _lang_asked(self, message: Message) -> None:
        lang = known_language(message.get("lang"))
        if lang is not None and self.on_lang is not None:
            await self._call(partial(self.on_lang, lang))

    async def _choice(self, message: Message) -> None:
        slug = message.get("slug")
        known = [one.get("slug") for one in self._page.get("exercises", ())]
        if isinstance(slug, str) and slug in known and self.on_choose is not None:
            await self._call(partial(self.on_choose, slug))

    async def _ready(self, message: Message) -> None:
        if self.on_ready is not None:
            self.on_ready(message.get("on") is True)

    async def _erase(self, _message: Message) -> None:
        if self.on_erase is not None and await self._call(self.on_erase):
            self.send({"kind": "erased"})

    async def _call(self, callback: Callable[[], Awaitable[None] | None]) -> bool:
        try:
            waits = callback()
            if waits is not None:
                await waits
        except KitError as error:
            self.say(error.tell_people(self.lang))
            return False
        return True


def _more(key: tuple[str, bool, bool, bool, str], states: frozenset[tuple[str, ...]]) -> dict[str, str]:
    """The sentences of these states."""
    said = _sentences(*key)
    return {one: said[one] for state in states for one in state if one in said}


def _texts(lang: str, alone: bool, invited: bool, together: bool, mode: str) -> dict[str, Any]:
    """The sentences of the shell, what the regional pack tells, and the languages to choose from."""
    later = {*OVER, *GONE, *TOGETHER}
    said = _sentences(lang, alone, invited, together, mode)
    shown: dict[str, Any] = {
        "ui": {key: text for key, text in said.items() if key not in later},
        "languages": list(language_names().items()),
    }
    if told := support(lang):
        shown["support"] = {"menu": menu(lang), "html": told}
    return shown


@lru_cache(maxsize=64)
def _sentences(lang: str, alone: bool, invited: bool, together: bool, mode: str) -> dict[str, str]:
    """Made once for all pages that say the same; nobody changes it."""
    ui = dict(section(lang, "room"))
    if alone:
        ui |= section(lang, "alone.room")
    if invited:
        ui["erase_alone"] = say(lang, "send.erase")
    if together:
        ui |= section(lang, "agenda.room") | section(lang, "agenda.clock")
    # Neither the other mode's sentence nor what the kernel says by itself need travel to this page.
    return {key: text for key, text in ui.items() if key == mode or key not in (*_MODES, *SAID_HERE)}
