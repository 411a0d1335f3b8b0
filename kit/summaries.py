"""What a release says: told by the exercise's own modules, with what a facilitator has decided about it. No store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import cast

from kit import shared
from kit.decisions import Ask
from kit.disclosure import Release
from kit.exercise import exercise
from kit.findings import OF_ONE, Finding
from kit.summary import Block, Paragraph, Summary
from kit.texts import languages, say
from kit.twice import side_by_side
from kit.views.html import render
from kit.views.slides import embedded, slides

TOLD_LEVEL = 3


def summary(made: Release, lang: str, options: tuple[str, ...], first: Release | None = None) -> Summary:
    """A release told in one language, by the exercise's own `summary` module; beside it the `first` round's, if any."""
    if first is not None:
        return side_by_side(summary(first, lang, options), summary(made, lang, options), lang)
    model = exercise(made.exercise)
    shown = fitting(made, options)
    told = cast(Summary, import_module(f"{model.package}.summary").summarise(model, shown, lang, options))
    if shown == made:
        return told
    return replace(told, blocks=(*told.blocks, Paragraph(say(lang, "telling.renewed"), "note")))


def summary_since(made: Release, lang: str, options: tuple[str, ...]) -> tuple[Block, ...]:
    """What has moved for people who came to two workshops, told by the exercise's own `summary` module."""
    model = exercise(made.exercise)
    return cast("tuple[Block, ...]", import_module(f"{model.package}.summary").since(model, made, lang, options))


def findings(made: Release, lang: str, options: tuple[str, ...]) -> tuple[Finding, ...]:
    """What a room said, in a sentence each, the most telling one first; none where the exercise's summary has none."""
    model = exercise(made.exercise)
    find = getattr(import_module(f"{model.package}.summary"), "findings", None)
    found = find(model, fitting(made, options), lang, options) if find and made.people else ()
    return cast("tuple[Finding, ...]", found)[:OF_ONE]


def as_told(made: Release, lang: str, options: tuple[str, ...], first: Release | None = None) -> str:
    """A settled release as every screen has it: its summary, and the same as slides; beside it the `first` round's."""
    found = summary(made, lang, options, first)
    return render(found, lang, TOLD_LEVEL) + embedded(slides(found, findings(made, lang, options), lang))


def fitting(made: Release, options: tuple[str, ...]) -> Release:
    """The release without what an older version of the exercise asked, and this one does not, or not in this way."""
    model = exercise(made.exercise)
    every = (*model.questions(options), *model.votes(options))
    asked, traits = {question.item: question for question in every}, model.traits(options)
    items = {item: one for item, one in made.items.items() if item in asked and one.scale in ((), asked[item].options)}
    texts = {item: told for item, told in made.texts.items() if item in asked}
    most = tuple(one for one in made.most if traits and one in traits.options)
    return replace(made, items=items, texts=texts, most=most)


# ---- as it was decided (see `kit.decisions` and `kit.shared`) ----


def group_of(slug: str) -> ModuleType | None:
    """The exercise's module `group`, where it has one."""
    name = f"{exercise(slug).package}.group"
    return import_module(name) if find_spec(name) is not None else None


def settled(made: Release, decisions: Mapping[str, str]) -> Release:
    """The release with the texts that passed, and with its list as it was decided."""
    group, shown = group_of(made.exercise), shared.passed(_without_untold_votes(made), decisions)
    return cast(Release, group.settled(exercise(made.exercise), shown, decisions)) if group else shown


def _without_untold_votes(made: Release) -> Release:
    """Of a place where no choice stands out, nothing is told: nobody hears whether anyone voted there."""
    model = exercise(made.exercise)
    votes = {one.item for one in model.votes(model.structure.every)}
    told = {item: one for item, one in made.items.items() if item not in votes or one.stands_out}
    return replace(made, items=told) if len(told) < len(made.items) else made


def asks_of(made: Release, decisions: Mapping[str, str], lang: str) -> tuple[Ask, ...]:
    """What there is to decide about a release, with what was decided."""
    group = group_of(made.exercise)
    shown = shared.passed(made, decisions)
    return cast("tuple[Ask, ...]", group.asks(exercise(made.exercise), shown, decisions, lang)) if group else ()


def still_decided(made: Release, decisions: Mapping[str, str]) -> dict[str, str]:
    """Without decisions about what is no longer released: each would be a trace of it."""
    asked = asks_of(made, decisions, languages()[0]) if decisions else ()
    return shared.decided(made, decisions) | {one.id: one.chosen for one in asked if one.chosen}
