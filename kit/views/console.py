"""The facilitator's console: who joined, who answered; open, close, reveal, show on the wall, end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Protocol, TypedDict

import traitlets

from kit.errors import KitError
from kit.files import File
from kit.texts import language_names, section
from kit.views.agenda import AgendaHead, AgendaWish, wish_of
from kit.views.base import Message, View, known_language
from kit.views.scripts import built


class StageGroup(TypedDict):
    """Places of an exercise to which the room can be brought: ids with their labels, under one title."""

    title: str
    stages: Sequence[tuple[str, str]]


class StageNow(TypedDict):
    """Where the room is, and where it can go on from there."""

    id: str
    label: str
    onward: Sequence[tuple[str, str]]


class Stages(TypedDict):
    """The places of an exercise (none when it has none, or is not open), and the one where the room is."""

    stages: Sequence[StageGroup]
    stage: StageNow | None


class ConsoleExercise(Stages):
    """One line: how many answered, and where it stands."""

    slug: str
    title: str
    state: str
    answered: int
    revealed: bool
    showing: bool


class LinkLine(TypedDict):
    """A link that works: "second" is a second trainer's, "wall" shows the wall; each kind is counted from 1.

    `opened` says whether it was opened: it does so once.
    """

    kind: str
    number: int
    opened: bool


class NewLink(TypedDict):
    """A link that was just made: its address with the key, which nobody sees again, and that as a QR code (SVG)."""

    link: str
    qr: str


class Door(TypedDict):
    """Who comes in.

    locked    whether nobody new does
    expected  how many people are expected; `most` is the highest number that can be said
    rush      whether more than expected have come in a short time
    again     how often a device took a second seat, by reason: its label and the count
    """

    locked: bool
    expected: int
    most: int
    rush: bool
    again: Sequence[tuple[str, int]]


class Closing(TypedDict):
    """What was typed at the end, for the report: `limit` is how many characters each text may have."""

    decided: str
    asks: str
    limit: int


class ConsolePage(TypedDict):
    """What the console shows; `mode` and `k` are for reading only, `reopens` is whether the end can be taken back.

    `region` is what must be known of the regional pack: that there is none, or that something in it is overdue.
    `leads` is whether this console makes and ends links; a second trainer's does not, and has no `links`.
    """

    lang: str
    title: str
    code: str
    link: str
    qr: str
    joined: int
    mode: str
    k: int
    closed: bool
    reopens: bool
    door: Door
    closing: Closing
    exercises: Sequence[ConsoleExercise]
    notice: str
    region: str
    leads: bool
    links: Sequence[LinkLine]
    agenda: AgendaHead | None


class TextLine(TypedDict):
    """A shared text as the facilitator looks at it; `state` is "waiting", "shown" or "struck"."""

    id: str
    told: str
    state: str


class Given(TypedDict):
    """A file that can be made: its id and what its button says."""

    id: str
    label: str


class AskState(TypedDict):
    """An `Ask` as it crosses to the page."""

    id: str
    told: str
    choices: Sequence[tuple[str, str]]
    chosen: str


class GroupList(TypedDict):
    """What there is to decide about a released list, and the files that can be made of it, each with a heading."""

    title: str
    lead: str
    filesTitle: str
    filesLead: str
    asks: Sequence[AskState]
    gives: Sequence[Given]


class Facilitator(Protocol):
    """What the console can ask for. Each may take its time, touches no widget, and may raise a `KitError`.

    `slug` is an exercise's; "" where it says so.
    """

    def page(self) -> ConsolePage:
        """The workshop as it stands."""

    def set_lang(self, lang: str) -> None:
        """Speak another language from now on."""

    def open(self, slug: str) -> None:
        """Let answers in."""

    def close(self, slug: str) -> None:
        """Let no more answers in."""

    def reveal(self, slug: str) -> str:
        """Freeze the result; returns a sentence: is anything new in it."""

    def show(self, slug: str) -> None:
        """Put a revealed result on the room screen, or (with "") take it off."""

    def lock(self, locked: bool) -> str:
        """Let nobody new in, or everybody again; returns a sentence."""

    def expect(self, people: int) -> str:
        """Say how many people are expected; returns a sentence."""

    def conclude(self, decided: str, asks: str) -> str:
        """Keep what the room decided and asks of its partners; returns a sentence."""

    def end(self) -> None:
        """End the workshop for everyone."""

    def reopen(self) -> None:
        """Take the end back, on its own day."""

    def told(self, slug: str) -> str:
        """What was revealed, as HTML; empty when nothing was."""

    def stage(self, slug: str, stage: str) -> None:
        """Bring the room to one place of an exercise, or (with "") let everyone go on at their own pace."""

    def list(self, slug: str) -> GroupList | None:
        """What there is to decide about a result (see `kit.decisions`), and its files; None for most."""

    def decide(self, slug: str, ask: str, choice: str) -> str:
        """Keep a decision, or (with "") take it back; returns a sentence: what became of it."""

    def give(self, slug: str, what: str) -> File:
        """A file of a revealed list, by its id."""

    def texts(self, slug: str) -> Sequence[TextLine]:
        """The shared texts of a result, for the facilitator to look at (see `kit.shared`)."""

    def text(self, slug: str, text: str, choice: str) -> str:
        """Show a text, strike it out or put it back, by its id ("": each that waits); returns a sentence."""

    def conduct(self, wish: AgendaWish) -> str:
        """Change where the room is in its agenda; returns a sentence, or nothing."""

    def foresee(self, slug: str) -> Sequence[str]:
        """Sentences on what a reveal would and would not show now."""

    def new_link(self, kind: str) -> NewLink | None:
        """Make a link of this kind; None where this console may not, or there is no such kind."""

    def end_link(self, kind: str, number: int) -> str:
        """End a link; returns a sentence, which is empty where this console may not."""


class Console(View):
    """The page may say `lang`, `open`, `close`, `reveal`, `show`, `end`, `reopen`, `look`, `stage`, `decide`, `give`,
    `text`, `lock`, `expect`, `conclude`, `agenda`, `foresee`, `new_link` and `end_link`.

    It hears `say`, `result`, `foresight`, `file` (name, media, one buffer), `link`, `trouble`, and `done` at the end.
    Each message names the state that it wants, and not a change: the same one twice does nothing more.
    """

    _esm = traitlets.Unicode(built("console")).tag(sync=True)
    page = traitlets.Dict().tag(sync=True)

    def __init__(self, *, page: ConsolePage, desk: Facilitator, styled: bool = True) -> None:
        self._page, self._desk = page, desk
        # The result that the page looks at, as it was last told.
        self._looked: dict[str, Any] = {}
        super().__init__(told={"page": self._shown()}, styled=styled)
        on = self._on_exercise
        self._answer("lang", self._lang_asked)
        self._answer("end", lambda _message: self._do(desk.end))
        self._answer("reopen", lambda _message: self._do(desk.reopen))
        self._answer("look", lambda message: on(message, self._result))
        for kind, act in (("open", desk.open), ("close", desk.close), ("show", desk.show)):
            self._answer(kind, partial(on, then=partial(self._do_with, act)))
        self._answer("lock", self._lock)
        self._answer("expect", self._expect)
        self._answer("conclude", self._conclude)
        self._answer("stage", self._stage)
        self._answer("decide", self._decide)
        self._answer("give", self._give)
        self._answer("text", self._text)
        self._answer("agenda", self._agenda)
        self._answer("foresee", lambda message: on(message, self._foresee))
        self._answer("new_link", self._new_link)
        self._answer("end_link", self._end_link)
        self._answer("reveal", lambda message: on(message, self._reveal))

    def _answer(self, kind: str, act: Callable[[Message], Awaitable[None]]) -> None:
        """Hear messages of a kind, and say when one is done, whatever came of it: the page's buttons wait for that."""

        async def answered(message: Message) -> None:
            try:
                await act(message)
            finally:
                self.send({"kind": "done"})

        self.hear(kind, answered)

    @property
    def lang(self) -> str:
        """The language that this view speaks now."""
        return self._page["lang"]

    def set_page(self, page: ConsolePage) -> None:
        """Show the workshop as it stands."""
        self._page = page
        shown = self._shown()
        if self.page != shown:
            self.page = shown

    def say(self, text: str) -> None:
        """Tell the facilitator something once, politely."""
        self.send({"kind": "say", "text": text})

    def _shown(self) -> dict[str, Any]:
        return {**self._page, "ui": section(self.lang, "console"), "languages": list(language_names().items())}

    async def _reveal(self, slug: str) -> None:
        await self._tell(partial(self._desk.reveal, slug))
        await self._result(slug)

    def look_again(self) -> None:
        """Show the result that stands on the page as it is now: a text of somebody who erased everything has gone."""
        if self._looked:
            found = self._found(self._looked["slug"])
            if found != self._looked:
                self._looked = found
                self.send(found)

    async def _result(self, slug: str) -> None:
        self._looked = await self.aside(partial(self._found, slug))
        self.send(self._looked)

    def _found(self, slug: str) -> dict[str, Any]:
        told = self._desk.told(slug)
        group, texts = (self._desk.list(slug), self._desk.texts(slug)) if told else (None, ())
        return {"kind": "result", "slug": slug, "html": told, "list": group, "texts": list(texts)}

    async def _lock(self, message: Message) -> None:
        locked = message.get("locked")
        if isinstance(locked, bool):
            await self._try(partial(self._desk.lock, locked))

    async def _expect(self, message: Message) -> None:
        people = message.get("people")
        if isinstance(people, int) and not isinstance(people, bool):
            await self._try(partial(self._desk.expect, people))

    async def _conclude(self, message: Message) -> None:
        decided, asks = message.get("decided"), message.get("asks")
        if isinstance(decided, str) and isinstance(asks, str):
            await self._try(partial(self._desk.conclude, decided, asks))

    async def _stage(self, message: Message) -> None:
        stage = message.get("stage")
        if isinstance(stage, str):
            await self._on_exercise(message, lambda slug: self._do(partial(self._desk.stage, slug, stage)))

    async def _decide(self, message: Message) -> None:
        ask, choice = message.get("ask"), message.get("choice")
        if isinstance(ask, str) and isinstance(choice, str):
            await self._on_exercise(message, lambda slug: self._tell(partial(self._desk.decide, slug, ask, choice)))
            # Whatever came of it, the page shows how things stand now.
            await self._on_exercise(message, self._result)

    async def _text(self, message: Message) -> None:
        text, choice = message.get("text"), message.get("choice")
        if isinstance(text, str) and isinstance(choice, str):
            await self._on_exercise(message, lambda slug: self._tell(partial(self._desk.text, slug, text, choice)))
            await self._on_exercise(message, self._result)

    async def _give(self, message: Message) -> None:
        what = message.get("what")
        if isinstance(what, str):
            await self._on_exercise(message, lambda slug: self._file(slug, what))

    async def _file(self, slug: str, what: str) -> None:
        made = await self.aside(partial(self._desk.give, slug, what))
        self.send({"kind": "file", "name": made.name, "media": made.media}, [made.data])

    async def _agenda(self, message: Message) -> None:
        wish = wish_of(message)
        if wish is not None:
            await self._try(partial(self._desk.conduct, wish))

    async def _foresee(self, slug: str) -> None:
        told = await self.aside(partial(self._desk.foresee, slug))
        self.set_page(await self.aside(self._desk.page))
        self.send({"kind": "foresight", "slug": slug, "told": list(told)})

    async def _new_link(self, message: Message) -> None:
        kind = message.get("link")
        if not isinstance(kind, str):
            return
        try:
            made = await self.aside(partial(self._desk.new_link, kind))
        except KitError as error:
            self.say(error.tell_people(self.lang))
            return
        self.set_page(await self.aside(self._desk.page))
        if made is not None:
            self.send({"kind": "link", "what": kind, **made})

    async def _end_link(self, message: Message) -> None:
        kind, number = message.get("link"), message.get("number")
        if isinstance(kind, str) and type(number) is int and 0 < number < 1000:
            await self._tell(partial(self._desk.end_link, kind, number))

    async def _lang_asked(self, message: Message) -> None:
        lang = known_language(message.get("lang"))
        if lang is not None:
            await self._do(partial(self._desk.set_lang, lang))

    async def _on_exercise(self, message: Message, then: Callable[[str], Awaitable[None]]) -> None:
        slug = message.get("slug")
        if slug == "" or slug in [one["slug"] for one in self._page["exercises"]]:
            try:
                await then(str(slug))
            except KitError as error:
                self.say(error.tell_people(self.lang))

    async def _do_with(self, act: Callable[[str], None], slug: str) -> None:
        await self._do(partial(act, slug))

    async def _do(self, act: Callable[[], None]) -> None:
        """Do something, and show what has come of it."""
        try:
            await self.aside(act)
        except KitError as error:
            self.say(error.tell_people(self.lang))
        self.set_page(await self.aside(self._desk.page))

    async def _try(self, act: Callable[[], str]) -> None:
        """Do something that comes with a sentence, whatever becomes of it."""
        try:
            await self._tell(act)
        except KitError as error:
            self.say(error.tell_people(self.lang))

    async def _tell(self, act: Callable[[], str]) -> None:
        """The same for what comes with a sentence."""
        said = await self.aside(act)
        self.set_page(await self.aside(self._desk.page))
        self.say(said)
