"""The facilitator's console: who joined, who answered; open, close, reveal, show on the wall, end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import traitlets

from kit.errors import KitError
from kit.texts import language_names, section
from kit.views.agenda import wish_of
from kit.views.base import Message, View, known_language
from kit.views.desk import ConsolePage, Facilitator
from kit.views.screen import looks_of, slide_of
from kit.views.scripts import built


class Console(View):
    """The page may say `lang`, `open`, `close`, `reveal`, `show`, `slide`, `looks`, `off`, `end`, `reopen`, `look`,
    `stage`, `again`, `decide`, `give`, `text`, `lock`, `expect`, `conclude`, `agenda`, `foresee`, `new_link` and
    `end_link`.

    It hears `say`, `result`, `foresight`, `file` (name, media, one buffer), `link`, `trouble`, and `done` at the end.
    Each message names the state that it wants, and not a change: the same one twice does nothing more.
    """

    _esm = traitlets.Unicode(built("console")).tag(sync=True)
    page = traitlets.Dict().tag(sync=True)
    # What is said on the page; it changes with the language only.
    texts = traitlets.Dict().tag(sync=True)

    def __init__(self, *, page: ConsolePage, desk: Facilitator, styled: bool = True) -> None:
        self._page, self._desk = page, desk
        # The result that the page looks at, as it was last told.
        self._looked: dict[str, Any] = {}
        super().__init__(told={"page": dict(page), "texts": _texts(self.lang)}, styled=styled)
        on = self._on_exercise
        self._answer("lang", self._lang_asked)
        self._answer("end", lambda _message: self._do(desk.end))
        self._answer("reopen", lambda _message: self._do(desk.reopen))
        self._answer("look", lambda message: on(message, self._result))
        for kind, act in (("open", desk.open), ("close", desk.close)):
            self._answer(kind, partial(on, then=partial(self._do_with, act)))
        self._answer("show", lambda message: on(message, lambda slug: self._tell(partial(desk.show, slug))))
        self._answer("looks", self._looks)
        self._answer("lock", self._lock)
        self._answer("expect", self._expect)
        self._answer("conclude", self._conclude)
        self._answer("slide", self._slide)
        self._answer("off", self._off)
        self._answer("stage", self._stage)
        self._answer("decide", self._decide)
        self._answer("give", self._give)
        self._answer("text", self._text)
        self._answer("agenda", self._agenda)
        self._answer("foresee", lambda message: on(message, self._foresee))
        self._answer("new_link", self._new_link)
        self._answer("end_link", self._end_link)
        self._answer("reveal", lambda message: on(message, self._reveal))
        self._answer("again", lambda message: on(message, self._again))

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
        # What has not changed is not sent again.
        with self.hold_sync():
            self.page, self.texts = dict(page), _texts(self.lang)

    def say(self, text: str) -> None:
        """Tell the facilitator something once, politely."""
        self.send({"kind": "say", "text": text})

    async def _reveal(self, slug: str) -> None:
        await self._tell(partial(self._desk.reveal, slug))
        await self._result(slug)

    async def _again(self, slug: str) -> None:
        await self._tell(partial(self._desk.again, slug))

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

    async def _slide(self, message: Message) -> None:
        slide = slide_of(message)
        if slide is not None:
            await self._do(partial(self._desk.slide, slide))

    async def _looks(self, message: Message) -> None:
        looks = looks_of(message)
        if looks is not None:
            await self._do(partial(self._desk.looks, looks, known_language(message.get("lang")) or ""))

    async def _off(self, message: Message) -> None:
        off = message.get("off")
        if isinstance(off, bool):
            await self._on_exercise(message, lambda slug: self._tell(partial(self._desk.take_off, slug, off)))

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
            self.say(error.tell_host(self.lang))
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
                self.say(error.tell_host(self.lang))

    async def _do_with(self, act: Callable[[str], None], slug: str) -> None:
        await self._do(partial(act, slug))

    async def _do(self, act: Callable[[], None]) -> None:
        """Do something, and show what has come of it."""
        said = ""
        try:
            await self.aside(act)
        except KitError as error:
            said = error.tell_host(self.lang)
        try:
            # First how things stand: a sentence goes once they change.
            self.set_page(await self.aside(self._desk.page))
        finally:
            if said:
                self.say(said)

    async def _try(self, act: Callable[[], str]) -> None:
        """Do something that comes with a sentence, whatever becomes of it."""
        try:
            await self._tell(act)
        except KitError as error:
            self.say(error.tell_host(self.lang))

    async def _tell(self, act: Callable[[], str]) -> None:
        """The same for what comes with a sentence."""
        said = await self.aside(act)
        self.set_page(await self.aside(self._desk.page))
        self.say(said)


def _texts(lang: str) -> dict[str, Any]:
    """The sentences of the console and of the agenda at its head, and the languages to choose from."""
    agenda = section(lang, "agenda.console") | section(lang, "agenda.clock")
    return {"ui": section(lang, "console"), "agenda_ui": agenda, "languages": list(language_names().items())}
