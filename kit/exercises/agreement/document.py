"""What stands in the draft that partners take away: plain data, told in several languages side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kit.answers import rows_of
from kit.content import Item, Section, Texts
from kit.exercises.agreement.model import NOT_FOR_US, STATUS, Model, is_written, status_of, text_of
from kit.session import Value
from kit.texts import languages

# The same words in each language: (language, words), the reader's language first.
Told = tuple[tuple[str, str], ...]

# Neither XML nor a reader can do anything with these: control characters, half characters, non-characters.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Answered:
    """A question with what was written; `text` is empty where nothing was."""

    question: Told
    text: str


@dataclass(frozen=True)
class Listed:
    """A table of rows that were written, under headings in each language."""

    title: Told
    columns: tuple[Told, ...]
    rows: tuple[tuple[str | Told, ...], ...]


@dataclass(frozen=True)
class Topic:
    """One topic of the agreement."""

    title: Told
    status: Told
    parts: tuple[Answered | Listed, ...]


@dataclass(frozen=True)
class Draft:
    """The whole document. `lang` is the language that comes first."""

    lang: str
    title: Told
    notes: tuple[Told, ...]
    nothing: Told
    topics: tuple[Topic, ...]
    open_title: Told
    open_lead: Told
    open_points: tuple[Told, ...]


def draft(model: Model, answers: Mapping[str, Value], lang: str, options: tuple[str, ...] = ()) -> Draft:
    """The draft of one person's answers, with headings in every language and `lang` first."""
    return _Writer(model, answers, lang, options).draft()


class _Writer:
    """One person's answers with the texts of every language."""

    def __init__(self, model: Model, answers: Mapping[str, Value], lang: str, options: tuple[str, ...]) -> None:
        langs = sorted(languages(), key=lambda one: one != lang)
        self.texts: dict[str, Texts] = {one: model.texts(one) for one in langs}
        self.model, self.answers, self.lang, self.options = model, answers, lang, options

    def draft(self) -> Draft:
        points = [self.model.open_points(self.answers, texts, self.options) for texts in self.texts.values()]
        both = tuple(tuple(zip(self.texts, map(fit, line), strict=True)) for line in zip(*points, strict=True))
        return Draft(
            self.lang,
            self.say("document_title"),
            (self.say("legal"), self.say("document_draft")),
            self.say("document_nothing"),
            tuple(self.topic(section) for section in self.model.structure.chosen(self.options)),
            self.say("document_open"),
            self.say("document_open_lead" if both else "document_open_none"),
            both,
        )

    def topic(self, section: Section) -> Topic:
        title = tuple((lang, texts.sections[section.id]["title"]) for lang, texts in self.texts.items())
        status = status_of(section, self.answers)
        # A topic that is not theirs is named, so that the partners see that it was thought of.
        asks = status != NOT_FOR_US or is_written(section, self.answers)
        parts = tuple(self.part(item) for item in section.items if asks and item.scale != STATUS)
        return Topic(title, self.status(status), parts)

    def status(self, status: str) -> Told:
        said = []
        for lang, texts in self.texts.items():
            name = texts.option(STATUS, status) if status else texts.say("document_no_status")
            said.append((lang, texts.say("document_status", status=name)))
        return tuple(said)

    def part(self, item: Item) -> Answered | Listed:
        question = self.of(item, "text")
        rows = rows_of(self.answers, item.id) if item.kind == "rows" else []
        if not rows:
            return Answered(question, fit(text_of(self.answers, item.id)))
        columns = tuple(self.of(item, column.id) for column in item.columns)
        return Listed(question, columns, tuple(self.cells(item, row) for row in rows))

    def cells(self, item: Item, row: Mapping[str, str]) -> tuple[str | Told, ...]:
        told: list[str | Told] = []
        for column in item.columns:
            value = row.get(column.id, "")
            scale = column.scale if value else None
            told.append(fit(value) if scale is None else self.option(scale, value))
        return tuple(told)

    def option(self, scale: str, option: str) -> Told:
        return tuple((lang, texts.option(scale, option)) for lang, texts in self.texts.items())

    def of(self, item: Item, which: str) -> Told:
        return tuple((lang, texts.text(item.id, which)) for lang, texts in self.texts.items())

    def say(self, key: str) -> Told:
        return tuple((lang, texts.say(key)) for lang, texts in self.texts.items())


def fit(text: str) -> str:
    """A text without characters that a document cannot hold."""
    return _UNFIT.sub("", text)


__all__ = ["Answered", "Draft", "Listed", "Told", "Topic", "draft", "fit"]
