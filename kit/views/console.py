"""The facilitator's console: who joined, who answered; open, close, reveal, show on the wall, end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypedDict

import traitlets

from kit.errors import KitError
from kit.files import File
from kit.texts import language_names, section
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


class ConsolePage(TypedDict):
    """What the console shows; `mode`, `k` and `partners` are for reading only."""

    lang: str
    title: str
    code: str
    link: str
    qr: str
    joined: int
    mode: str
    k: int
    closed: bool
    exercises: Sequence[ConsoleExercise]


class TextLine(TypedDict):
    """A shared text as the facilitator looks at it; `state` is "waiting", "shown" or "struck"."""

    id: str
    told: str
    state: str


class Given(TypedDict):
    """A file that can be made: its id and what its button says."""

    id: str
    label: str


class Asked(TypedDict):
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
    asks: Sequence[Asked]
    gives: Sequence[Given]


@dataclass(frozen=True)
class Desk:
    """What the console can ask for; each may raise a `KitError`, which the facilitator is told.

    reveal  returns a sentence: is anything new in it
    told    the HTML of what was revealed, empty when nothing was
    stage   bring the room to one place of an exercise, or (with "") to none
    list    what there is to decide about a result (see `kit.decisions`); None for most
    decide  takes an exercise, the id of an ask and a choice; returns a sentence: what became of it
    give    takes an exercise and the id of a file
    texts   the shared texts of a result, for the facilitator to look at (see `kit.shared`)
    text    takes an exercise, the id of a text ("": each that waits) and a choice; returns a sentence
    """

    lang: Callable[[str], None]
    open: Callable[[str], None]
    close: Callable[[str], None]
    reveal: Callable[[str], str]
    show: Callable[[str], None]
    end: Callable[[], None]
    told: Callable[[str], str]
    stage: Callable[[str, str], None]
    list: Callable[[str], GroupList | None]
    decide: Callable[[str, str, str], str]
    give: Callable[[str, str], File]
    texts: Callable[[str], Sequence[TextLine]]
    text: Callable[[str, str, str], str]


class Console(View):
    """The page may say `lang`, `open`, `close`, `reveal`, `show`, `end`, `look`, `stage`, `decide`, `give` and
    `text`.

    It hears `say`, `result`, `file` (name, media, one buffer) and `trouble`.
    """

    _esm = traitlets.Unicode(built("console")).tag(sync=True)
    page = traitlets.Dict().tag(sync=True)

    def __init__(self, *, page: ConsolePage, desk: Desk, styled: bool = True) -> None:
        self._page, self._desk = page, desk
        super().__init__(told={"page": self._shown()}, styled=styled)
        self.hear("lang", self._lang_asked)
        self.hear("end", lambda _message: self._call(desk.end))
        self.hear("look", lambda message: self._on_exercise(message, self._result))
        for kind, act in (("open", desk.open), ("close", desk.close), ("show", desk.show)):
            self.hear(kind, partial(self._on_exercise, act=act))
        self.hear("stage", self._stage)
        self.hear("decide", self._decide)
        self.hear("give", self._give)
        self.hear("text", self._text)
        self.hear("reveal", lambda message: self._on_exercise(message, self._reveal))

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

    def _reveal(self, slug: str) -> None:
        self.say(self._desk.reveal(slug))
        self._result(slug)

    def _result(self, slug: str) -> None:
        told = self._desk.told(slug)
        found, texts = (self._desk.list(slug), self._desk.texts(slug)) if told else (None, ())
        self.send({"kind": "result", "slug": slug, "html": told, "list": found, "texts": list(texts)})

    def _stage(self, message: Message) -> None:
        stage = message.get("stage")
        if isinstance(stage, str):
            self._on_exercise(message, lambda slug: self._desk.stage(slug, stage))

    def _decide(self, message: Message) -> None:
        ask, choice = message.get("ask"), message.get("choice")
        if isinstance(ask, str) and isinstance(choice, str):
            self._on_exercise(message, lambda slug: self.say(self._desk.decide(slug, ask, choice)))
            # Whatever came of it, the page shows how things stand now.
            self._on_exercise(message, self._result)

    def _text(self, message: Message) -> None:
        text, choice = message.get("text"), message.get("choice")
        if isinstance(text, str) and isinstance(choice, str):
            self._on_exercise(message, lambda slug: self.say(self._desk.text(slug, text, choice)))
            self._on_exercise(message, self._result)

    def _give(self, message: Message) -> None:
        what = message.get("what")
        if isinstance(what, str):
            self._on_exercise(message, lambda slug: self._file(self._desk.give(slug, what)))

    def _file(self, made: File) -> None:
        self.send({"kind": "file", "name": made.name, "media": made.media}, [made.data])

    def _lang_asked(self, message: Message) -> None:
        lang = known_language(message.get("lang"))
        if lang is not None:
            self._call(lambda: self._desk.lang(lang))

    def _on_exercise(self, message: Message, act: Callable[[str], None]) -> None:
        slug = message.get("slug")
        if slug == "" or slug in [one["slug"] for one in self._page["exercises"]]:
            self._call(lambda: act(str(slug)))

    def _call(self, act: Callable[[], None]) -> None:
        try:
            act()
        except KitError as error:
            self.say(error.tell_people(self.lang))
