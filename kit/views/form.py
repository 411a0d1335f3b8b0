"""The form that every exercise made of questions shares."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from inspect import isawaitable
from pathlib import Path
from typing import cast

import traitlets

from kit.errors import ExerciseClosed, KitError, StaleAnswer, StoreFull, StoreUnwritable, TooManyRows
from kit.exercise import Exercise
from kit.picture import first_seen
from kit.session import Answer, Value
from kit.summary import Summary
from kit.texts import say, section
from kit.views.base import Message, View
from kit.views.counter import FileCounter
from kit.views.html import render
from kit.views.scripts import script_of
from kit.views.wording import for_one

Save = Callable[[str, Value | None, int], int | Awaitable[int]]
Elsewhere = Callable[[str], Mapping[str, Value]]

# What the page needs of an item; an exercise's own texts (for feedback and reports) stay here.
SHOWN = frozenset(
    {"id", "kind", "text", "hint", "options", "apart", "about", "limit", "share", "row", "add", "columns", "most"}
)
# Sentences that the kernel says (`form.<key>`), and no page by itself.
SAID_HERE = frozenset({"as_table", "renewed", "next_step", "picture_rest"})
LONGEST_ID = 64
MOST_MESSAGES = 2**53  # what a browser can count


@dataclass(frozen=True)
class _Stored:
    value: Value | None
    revision: int
    here: bool = False  # stored by this view, so an older revision from its page is only a lost reply


class FormView(View):
    """One exercise as a form. `save(item, checked value or None, revision)` returns the stored revision, now or
    to whoever awaits it, or raises a `KitError`; the view knows no store.

    The page may say `answer` and `feedback`, and what `FileCounter` hears; it hears `saved`, `refused`,
    `feedback`, `answers` and `trouble`. `elsewhere(slug)` gives this person's answers in another exercise.
    `page_json` is all that the page shows in one language. `renewed`: people had answered an older version of it.
    `round`: 2 once it was opened again after its result was seen; then the page begins at its first step.
    `alone`: nobody else is there; the word by which the view that keeps a copy (`views/alone.py`) finds this one. Then
    no text is offered to a group, unless a facilitator has asked (`ask_for`).
    """

    _esm = traitlets.Unicode().tag(sync=True)
    slug = traitlets.Unicode().tag(sync=True)
    page_json = traitlets.Unicode().tag(sync=True, json=True)
    answers = traitlets.Any(None).tag(sync=True, to_json=lambda _value, view: view._told_answers())
    is_open = traitlets.Bool(True).tag(sync=True)
    round = traitlets.Int(1).tag(sync=True)
    feedback = traitlets.Unicode("").tag(sync=True)
    group = traitlets.Unicode("").tag(sync=True)
    # What the page says of the group's result, once there is one.
    more = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        *,
        model: Exercise,
        lang: str,
        options: tuple[str, ...],
        answers: Mapping[str, Answer],
        save: Save,
        is_open: bool,
        alone: str = "",
        styled: bool = True,
        renewed: bool = False,
        round_: int = 1,
        elsewhere: Elsewhere | None = None,
        seed: str = "",
    ) -> None:
        self._exercise, self._options, self._save = model, options, save
        self._lang, self._alone, self._open, self._renewed = lang, alone, is_open, renewed
        self._shares = not alone
        self._files = FileCounter(self, model, options, elsewhere or (lambda _slug: {}), seed)
        self._stored = _taken(answers)
        self._asked_feedback = False
        self._folder = Path(str(model.folder))
        first = {"slug": model.slug, "page_json": self._page_json(), "is_open": is_open, "round": round_}
        super().__init__(told=first, styled=styled)
        self.hear("answer", self._answer)
        self.hear("feedback", self._feedback)
        self._files.listen()

    @traitlets.default("_esm")
    def _script(self) -> str:
        return script_of(self._folder)

    @property
    def lang(self) -> str:
        """The language that this view speaks now."""
        return self._lang

    def set_lang(self, lang: str) -> None:
        """Show everything in another language; answers and typed text stay."""
        self._lang = lang
        with self.hold_sync():
            self.page_json = self._page_json()
            if self.more:
                self.more = _of_group(lang)
            if self._asked_feedback:
                self.feedback = self._told_feedback()

    def ask_for(self, options: tuple[str, ...]) -> None:
        """A facilitator asks somebody alone for these answers: with these lenses, and texts may be for the group."""
        self._options, self._shares = options, True
        self.page_json = self._page_json()

    def set_open(self, is_open: bool) -> None:
        """Let answers in, or show them only."""
        self._open = is_open
        self.is_open = is_open

    def set_stage(self, stage: str) -> None:
        """The facilitator has brought the room to this place, or (with "") to none; most exercises have no places."""

    def show_group(self, summary: Summary | None) -> None:
        """Show a group's released result, in the language that it was told in; None takes it away."""
        self.tell_group("" if summary is None else render(summary, self._lang, self.level))

    def tell_group(self, told: str) -> None:
        """The same as HTML; "" takes it away."""
        with self.hold_sync():
            if told:
                self.more = _of_group(self._lang)
            self.group = told

    def replace_answers(self, answers: Mapping[str, Answer]) -> None:
        """Show what the store holds now (another device, answers erased)."""
        self._stored = _taken(answers)
        self._asked_feedback = False
        self.feedback = ""
        self.send({"kind": "answers", "answers": self._told_answers()})

    def values(self) -> dict[str, Value]:
        """The stored answers of this person, by item."""
        return {item: one.value for item, one in self._stored.items() if one.value is not None}

    def revisions(self) -> dict[str, int]:
        """How often each stored answer was changed, by item."""
        return {item: one.revision for item, one in self._stored.items()}

    @property
    def level(self) -> int:
        """The heading level of what is told inside this view."""
        return 2 if self._alone else 3

    def _page_json(self) -> str:
        return _page_json(
            self._exercise, self._lang, self._options, self._alone, self._shares, self._files, self._renewed
        )

    def _told_answers(self) -> dict[str, dict[str, object]]:
        return {item: {"value": one.value, "revision": one.revision} for item, one in self._stored.items()}

    async def _answer(self, message: Message) -> None:
        item, n = _short(message.get("item")), _number(message.get("n"))
        try:
            revision = await self._take(item, message.get("value"), _number(message.get("revision")))
        except KitError as error:
            self._refuse(item, n, error)
        else:
            self.send({"kind": "saved", "item": item, "revision": revision, "n": n})

    async def _take(self, item: str, raw: object, revision: int) -> int:
        if not self._open:
            raise ExerciseClosed(exercise=self._exercise.slug)
        value = self._exercise.check(item, raw, self._options)
        known = self._stored.get(item)
        if known is not None and revision < known.revision:
            if known.value == value:
                return known.revision
            if known.here:
                revision = known.revision
        self._make_room(item, value)
        saved = self._save(item, value, revision)
        stored = await saved if isawaitable(saved) else saved
        self._stored[item] = _Stored(value, stored, here=True)
        return stored

    async def keep(self, answers: Mapping[str, Value | None]) -> None:
        """Store several answers at once, as if they had been given one by one, and show them.

        Raises a `KitError` at the first that cannot be stored; those before it are kept and shown.
        """
        try:
            for item, value in answers.items():
                known = self._stored.get(item)
                await self._take(item, value, known.revision if known else 0)
        finally:
            self.send({"kind": "answers", "answers": self._told_answers()})

    def _make_room(self, item: str, value: Value | None) -> None:
        """A list has an end: whoever fills it with a machine must not fill the disk."""
        name, dot, _ = item.partition(".")
        known = self._stored.get(item)
        asked = self._exercise.structure.item(name) if dot else None
        if asked is None or value is None or (known is not None and known.value is not None):
            return
        rows = sum(one.startswith(f"{name}.") and row.value is not None for one, row in self._stored.items())
        if rows >= asked.most:
            raise TooManyRows(item=name, most=asked.most)

    def _refuse(self, item: str, n: int, error: KitError) -> None:
        if isinstance(error, StaleAnswer):
            newer = cast("Value | None", error.details.get("value"))
            self._stored[item] = _Stored(newer, _number(error.details.get("revision")))
        stored = self._stored.get(item, _Stored(None, 0))
        self.send(
            {
                "kind": "refused",
                "item": item,
                "n": n,
                "message": error.tell_people(self._lang),
                "column": str(error.details.get("column", "")),
                "value": stored.value,
                "revision": stored.revision,
                "again": isinstance(error, StoreFull | StoreUnwritable),
            }
        )

    def _feedback(self, _message: Message) -> None:
        self._asked_feedback = True
        self.feedback = self._told_feedback()
        self.send({"kind": "feedback"})

    def _told_feedback(self) -> str:
        summary = self._exercise.feedback(self.values(), self._lang, self._options)
        return render(summary, self._lang, self.level, first_seen(summary.blocks, self._lang))


def _page_json(
    model: Exercise,
    lang: str,
    options: tuple[str, ...],
    alone: str,
    shares: bool,
    files: FileCounter,
    renewed: bool,
) -> str:
    """What a view shows. Made once for each exercise, language and choice of lenses; all pages have the same text."""
    kept = (model, lang, options, alone, shares, renewed)
    if kept not in _pages:
        content = model.content(lang, options)
        if renewed:
            content["intro"] = f"{content['intro']} {say(lang, 'form.renewed')}"
        if not shares:
            content = for_one(content, model.texts(lang).sentences)
        shown = SHOWN if shares else SHOWN - {"share"}
        content["sections"] = [
            # What is None or False a page takes for left out.
            part | {"items": [
                {k: v for k, v in item.items() if k in shown and v is not None and v is not False}
                for item in part["items"]
            ]}
            for part in content["sections"]
        ]
        offered = files.offered(lang)
        page = {
            "lang": lang, "alone": alone, "content": content,
            "ui": _needed(model, lang, any(offered.values())) | (section(lang, "alone.form") if alone else {}),
        }  # fmt: skip
        if any(offered.values()):
            page["files"] = offered
        _pages[kept] = json.dumps(page, ensure_ascii=False, separators=(",", ":"))
    return _pages[kept]


def _needed(model: Exercise, lang: str, files: bool) -> dict[str, str]:
    """Without the sentences about what this exercise has none of: each travels to every phone."""
    items = list(model.structure.items())
    kinds = {item.kind for item in items}
    journal = "journal" in kinds
    # What stands in a picture, or is said of the group's result, comes with it.
    later = dict.fromkeys(("profile", *_OF_GROUP), False)
    has = {"files": files, "rows": "rows" in kinds, "journal": journal, "notes": journal, **later}
    has["share"] = any(item.share for item in items)
    said = section(lang, "form").items()
    return {key: text for key, text in said if key not in SAID_HERE and has.get(key.partition("_")[0], True)}


def _of_group(lang: str) -> dict[str, str]:
    return {key: text for key, text in section(lang, "form").items() if key.partition("_")[0] in _OF_GROUP}


_OF_GROUP = ("group", "slide")
_pages: dict[tuple[Exercise, str, tuple[str, ...], str, bool, bool], str] = {}


def _taken(answers: Mapping[str, Answer]) -> dict[str, _Stored]:
    return {item: _Stored(one.value, one.revision) for item, one in answers.items()}


def _short(item: object) -> str:
    return item if isinstance(item, str) and len(item) <= LONGEST_ID else ""


def _number(raw: object) -> int:
    return raw if type(raw) is int and 0 <= raw < MOST_MESSAGES else 0
