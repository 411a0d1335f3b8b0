"""Where a form hands out files and takes them in: what an exercise's `files` module can do, over the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from kit.errors import ExerciseClosed, KitError
from kit.exercise import Exercise
from kit.files import Asked, Taken
from kit.session import Value
from kit.views.base import Message
from kit.views.html import render

if TYPE_CHECKING:
    from kit.views.form import FormView

LONGEST_NAME = 120


class FileCounter:
    """The page says `give` (what), `take` (what, name, one buffer), then `choose` (id, option), `keep` or `leave`.

    It hears `file` (name, media, one buffer), `taken` (html, count, choices, again: whether a choice led to it),
    `kept` and `not_taken` (message).
    """

    def __init__(
        self,
        view: FormView,
        model: Exercise,
        options: tuple[str, ...],
        elsewhere: Callable[[str], Mapping[str, Value]],
        seed: str,
    ) -> None:
        self._view, self._model, self._options, self._elsewhere = view, model, options, elsewhere
        # Without a seat, what is taken away twice in one sitting still belongs together.
        self._seed = seed or uuid4().hex
        self._taken: Taken | None = None
        # The file that was brought along, until it is kept or left: each choice reads it anew.
        self._brought: Asked | None = None
        self._module = files_of(model)

    def listen(self) -> None:
        """Begin to hear the page."""
        if self._module is None:
            return
        self._view.hear("give", self._give)
        self._view.hear("take", self._take)
        self._view.hear("choose", self._choose)
        self._view.hear("keep", self._keep)
        self._view.hear("leave", self._leave)

    def offered(self, lang: str) -> dict[str, Any]:
        """What can be taken away and brought along, with labels in `lang`; empty lists when nothing can."""
        if self._module is None:
            return {"gives": [], "takes": []}
        say = self._model.texts(lang).say
        return {
            "gives": [{"id": one, "label": say(f"give_{one}")} for one in self._module.GIVES],
            "takes": [
                {"id": one, "label": say(f"take_{one}"), "accept": accept}
                for one, accept in self._module.TAKES.items()
            ],
        }

    def _asked(self, message: Message) -> Asked:
        buffers = message.get("buffers") or [b""]
        return Asked(
            str(message.get("what", ""))[:LONGEST_NAME],
            self._view.values(),
            self._view.lang,
            self._options,
            self._elsewhere,
            str(message.get("name", ""))[:LONGEST_NAME],
            bytes(buffers[0]),
            seed=self._seed,
            revisions=self._view.revisions(),
        )

    async def _give(self, message: Message) -> None:
        asked = self._asked(message)
        assert self._module is not None
        if asked.what not in self._module.GIVES:
            return
        try:
            made = await self._view.aside(partial(self._module.give, self._model, asked))
        except KitError as error:
            self._view.send({"kind": "not_taken", "message": error.tell_people(self._view.lang)})
        else:
            self._view.send({"kind": "file", "name": made.name, "media": made.media}, [made.data])

    async def _take(self, message: Message) -> None:
        asked = self._asked(message)
        assert self._module is not None
        if asked.what in self._module.TAKES:
            await self._read(asked)

    async def _choose(self, message: Message) -> None:
        """The person has chosen something about the file that they brought along."""
        asked, taken = self._brought, self._taken
        ident, option = message.get("id"), message.get("option")
        known = {one.id: {id for id, _ in one.options} for one in taken.choices} if taken else {}
        if asked is not None and isinstance(ident, str) and option in known.get(ident, ()):
            chosen = {**asked.chosen, ident: str(option)}
            again = replace(asked, chosen=chosen, values=self._view.values(), lang=self._view.lang)
            await self._read(again, again=True)

    async def _read(self, asked: Asked, again: bool = False) -> None:
        assert self._module is not None
        try:
            if not self._view.is_open:
                raise ExerciseClosed(exercise=self._model.slug)
            taken: Taken = await self._view.aside(partial(self._module.take, self._model, asked))
        except KitError as error:
            self._leave({})
            self._view.send({"kind": "not_taken", "message": error.tell_people(self._view.lang)})
        else:
            self._taken, self._brought = taken, asked
            told = render(taken.told, self._view.lang, self._view.level)
            choices = [asdict(one) for one in taken.choices]
            self._view.send(
                {"kind": "taken", "html": told, "count": len(taken.answers), "choices": choices, "again": again}
            )

    async def _keep(self, _message: Message) -> None:
        taken = self._taken
        self._leave({})
        if taken is None:
            return
        try:
            await self._view.keep(taken.answers)
        except KitError as error:
            self._view.send({"kind": "not_taken", "message": error.tell_people(self._view.lang)})
        else:
            self._view.send({"kind": "kept"})

    def _leave(self, _message: Message) -> None:
        self._taken = self._brought = None


def files_of(model: Exercise) -> ModuleType | None:
    """The exercise's module `files`, where it has one."""
    name = f"{model.package}.files"
    return import_module(name) if find_spec(name) is not None else None
