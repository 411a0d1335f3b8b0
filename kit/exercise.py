"""The exercise contract: what an exercise must answer for, with no widget, database or server.

An exercise is a folder, the kit's own (kit/exercises/*) or a package of somebody else's, with content files
(`structure.yaml`, a text file per language, `sources.yaml` where it is grounded in documents of its own) and

    model.py    an `Exercise` subclass called `Model`: its rules
    summary.py  `summarise(model, release, lang, options) -> Summary`: a group's released numbers, told; and, where
                it has them, `findings`: what the room said in a sentence each (see kit/findings.py)
    files.py    what a person can take away or bring along as a file (see kit/files.py); only some have it
    group.py    what the facilitator decides about a released list (see kit/decisions.py); only some have it
    upgrades.py what makes answers to an older version fit (see kit/upgrades.py); only some have it
    view.py     `View`, a `kit.views.form.FormView`; only where its page has more to say or to hear than a form has
    view.js     what the page draws; without it the form that all share (see kit/views/scripts.py)
    view.css    its style, beside the one that all share

Seven verbs, of which the first five have a default for exercises made of questions: `content` (what
the page shows), `check` (is this answer allowed), `questions` (what disclosure control is asked about
the group), `named` (a question in words, for a table of numbers), `counted` (one person's answers as those
questions count them), `feedback` (what the person is told), `rehearse` (what a simulated person answers). An
exercise with places where a room can be together also has `stages`, `tell_stage`, and `votes` with `vote_at`, which
are kept apart from what a person answers at their own pace.

An answer to a `rows` item is one row: its id is the item's, a dot, and the row's key ("plan.r0001").
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from importlib.resources import files
from random import Random
from typing import Any

from kit.answers import ROW_KEY, check_choice, check_row, check_text
from kit.content import Column, Item, Structure, Texts, read_structure, read_texts
from kit.errors import StaysOnDevice, UnknownExercise, UnknownItem, WrongOption
from kit.session import Sector, Value
from kit.summary import Summary
from kit.texts import FALLBACK, languages
from kit.versions import packages, version_in

_left_out: dict[str, str] = {}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Question:
    """What disclosure control may publish about one item.

    options   in order; `ordered` says that neighbours may be put together
    coarse    the options in the parts that a small room hears of, where that is not a matter of order
    apart     answers beside the scale, never counted on it
    compare   also publish where sectors or partners lean (ordered scales only)
    text      a shared text, not a choice
    within    of other questions, the (item, option) that lead here: only who chose one of them is asked this
    """

    item: str
    options: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    ordered: bool = False
    compare: bool = False
    sensitive: bool = False
    text: bool = False
    coarse: tuple[tuple[str, ...], ...] = ()
    within: tuple[tuple[str, str], ...] = ()


# The choices of one way through a story: (item, option) each.
Way = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Traits:
    """What people show by their choices, told as what more than half of the room have shown at least once.

    item     its id
    options  the traits, in order
    shows    (item, option, trait) of each choice that shows one
    ways     for each story, all ways through it, also those that stop on the way
    """

    item: str
    options: tuple[str, ...]
    shows: tuple[tuple[str, str, str], ...]
    ways: tuple[tuple[Way, ...], ...]


@dataclass(frozen=True)
class Named:
    """A question of disclosure control in one language, for whoever reads released numbers without its page.

    part     what it stands under (a section, a story); empty where there is nothing
    options  every option with its label, those beside the scale too
    """

    part: str
    text: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class Stage:
    """A place in an exercise to which the facilitator can bring the whole room.

    group   what the places are listed under (a story's title)
    onward  where the room can go from here: the id of a stage, and what leads there
    care    what to think of before the room is brought to any place of this group
    """

    id: str
    label: str
    group: str
    onward: tuple[tuple[str, str], ...] = ()
    care: str = ""


class Exercise(ABC):
    """One exercise: its content and its rules."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.folder = files(package)
        self.structure: Structure = read_structure(self.folder)
        self.slug: str = self.structure.slug

    @cached_property
    def version(self) -> int:
        """Grows when an answer that is kept may no longer fit (see `kit.upgrades`)."""
        return version_in(self.folder)

    @cache  # noqa: B019 - an exercise lives as long as the process
    def texts(self, lang: str) -> Texts:
        """The texts of one language, or of one that there is while this one is not written; raises `ContentFault`."""
        written = (one for one in (lang, FALLBACK, *languages()) if self.folder.joinpath(f"{one}.yaml").is_file())
        return read_texts(self.folder, next(written, lang))

    def options(self, chosen: tuple[str, ...]) -> tuple[str, ...]:
        """Check a trainer's choice of lenses (or an earlier edition's id); raises `WrongOption`."""
        known = self.structure.every
        for one in chosen:
            if one not in known:
                lenses = ", ".join(lens.id for lens in self.structure.lenses)
                raise WrongOption(option=f"{self.slug}:", value=one, allowed=lenses or "-")
        return tuple(one for one in known if one in chosen)

    @property
    def unnamed(self) -> tuple[str, ...]:
        """The lenses that somebody who studies alone has: all that no workshop has to name."""
        return tuple(lens.id for lens in self.structure.lenses)

    def content(self, lang: str, options: tuple[str, ...] = ()) -> dict[str, Any]:
        """What the form view shows, as JSON: sections of items with their texts in `lang`."""
        texts = self.texts(lang)
        return {
            "slug": self.slug,
            "lang": lang,
            "title": texts.title,
            "intro": texts.intro,
            "minutes": self.structure.minutes,
            "sections": [
                {
                    "id": section.id,
                    **{which: texts.sections[section.id][which] for which in section.says},
                    "items": [self._shown(item, texts) for item in section.items],
                }
                for section in self.structure.chosen(options)
            ],
        }

    def check(self, item_id: str, value: object, options: tuple[str, ...] = ()) -> Value | None:
        """The answer as it is to be stored (None: taken back); raises a `KitError` that says why not."""
        name, _, key = item_id.partition(".")
        item = next((one for one in self.structure.items(options) if one.id == name), None)
        if item is None or (item.kind == "rows") != bool(ROW_KEY.fullmatch(key)) or (key and item.kind != "rows"):
            raise UnknownItem(exercise=self.slug, item=str(item_id)[:48])
        if item.kind == "journal":
            raise StaysOnDevice(item=item_id)
        if value is None:
            return None
        if item.kind == "rows":
            row = check_row(item, self.structure.scales, value)
            return None if row is None else self.check_row(item, row)
        return check_choice(item, self.structure.scales, value) if item.kind == "choice" else check_text(item, value)

    def check_row(self, item: Item, row: dict[str, Any]) -> Value:
        """The row as it is to be stored, once each of its fields has been found right; raises a `KitError`."""
        return row

    def questions(self, options: tuple[str, ...] = ()) -> tuple[Question, ...]:
        """What disclosure control is asked about a group: every choice, and every text that can be shared."""
        asked = []
        for item in self.structure.items(options):
            if item.kind == "choice" and item.scale is not None and item.about is None:
                scale = self.structure.scales[item.scale]
                asked.append(
                    Question(item.id, scale.options, scale.apart, scale.ordered, self.compares(item), item.sensitive)
                )
            elif item.share:
                asked.append(Question(item.id, text=True))
        return tuple(asked)

    def named(self, question: Question, lang: str) -> Named:
        """A choice among the `questions` in words; one that only `counted` makes goes by its id until it is named."""
        texts, item = self.texts(lang), self.structure.item(question.item)
        if item is None or item.scale is None:
            return Named("", question.item, {one: one for one in (*question.options, *question.apart)})
        section = next(one for one in self.structure.sections if item in one.items)
        return Named(texts.sections.get(section.id, {}).get("title", ""), texts.text(item.id), texts.scales[item.scale])

    def traits(self, options: tuple[str, ...] = ()) -> Traits | None:
        """What people show by their choices at the `questions`; most exercises have none."""
        return None

    def asked_since(self, options: tuple[str, ...] = ()) -> tuple[Question, ...]:
        """What is asked about people who come again, from one workshop of a series to the next; mostly nothing.

        It must say nothing of what the `questions` tell of either workshop (see `kit.series`).
        """
        return ()

    def since(
        self, first: Mapping[str, Value], now: Mapping[str, Value], options: tuple[str, ...] = ()
    ) -> Mapping[str, Value]:
        """One person's answers to `asked_since`, from what they answered at the first workshop and now."""
        return {}

    def counted(self, answers: Mapping[str, Value], options: tuple[str, ...] = ()) -> Mapping[str, Value]:
        """One person's answers as the `questions` count them: rows and paths are turned into choices and texts here.

        A text's value is `{"text": …, "share": bool}`, or `{"texts": […], "share": True}` for several.
        """
        return answers

    def read_out(self, item: str, text: str, lang: str) -> str:
        """A released text as the facilitator reads it, where `counted` made it of several fields."""
        return text

    def stages(self, lang: str, options: tuple[str, ...] = ()) -> tuple[Stage, ...]:
        """Where the room can be brought together, in order; most exercises have no such places."""
        return ()

    def tell_stage(self, stage: str, lang: str) -> Summary | None:
        """What the room screen shows while the room is there: a paragraph, choices, a question for the end.

        None when there is no such place.
        """
        return None

    def asked(self, options: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The items that somebody has answered who has gone through all of it; none where that cannot be said."""
        return tuple(
            one.id for one in self.structure.items(options) if one.kind == "choice" and one.about is None
        )

    def is_done(self, answers: Mapping[str, Value], options: tuple[str, ...] = ()) -> bool | None:
        """Whether somebody with these answers has gone through all of it; None where that cannot be said.

        An exercise in which it means something else than "has answered all of it" says so in its sentences:
        `done_count` for the console, `wall_done_some` for the wall.
        """
        asked = self.asked(options)
        return all(one in answers for one in asked) if asked else None

    def votes(self, options: tuple[str, ...] = ()) -> tuple[Question, ...]:
        """What disclosure control is asked about places where the room voted together, beside the `questions`."""
        return ()

    def vote_at(self, stage: str) -> str:
        """The item of the vote at a place; empty where there is nothing to decide."""
        return ""

    def way(self, places: tuple[str, ...], lang: str) -> str:
        """The way that the room took through these places, in a few signs; empty where it is at its first."""
        return ""

    def compares(self, item: Item) -> bool:
        """Whether sectors (or partners) are set side by side on this item."""
        return False

    @abstractmethod
    def feedback(self, answers: Mapping[str, Value], lang: str, options: tuple[str, ...] = ()) -> Summary:
        """What this person is told about their own answers; never about anyone else's."""

    @abstractmethod
    def rehearse(
        self, rng: Random, sector: Sector, lang: str, options: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, Value]]:
        """Plausible answers of a simulated person, in the order in which they are given."""

    def _shown(self, item: Item, texts: Texts) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": item.id, "kind": item.kind, **texts.items[item.id]}
        if item.kind == "choice" and item.scale is not None:
            scale = self.structure.scales[item.scale]
            shown["options"] = [{"id": one, "label": texts.option(item.scale, one)} for one in scale.all]
            shown["apart"] = list(scale.apart)
            shown["about"] = item.about
        elif item.kind == "rows":
            shown |= {"columns": [self._column(item, one, texts) for one in item.columns], "most": item.most}
            shown["share"] = item.share
        else:
            shown["limit"] = item.limit
            shown["share"] = item.share
        return shown

    def _column(self, item: Item, column: Column, texts: Texts) -> dict[str, Any]:
        says = texts.items[item.id]
        told: dict[str, Any] = {"id": column.id, "kind": column.kind, "label": says[column.id], "limit": column.limit}
        if column.hint:
            told["hint"] = says[f"{column.id}_hint"]
        if column.scale is not None:
            all_options = self.structure.scales[column.scale].all
            told["options"] = [{"id": one, "label": texts.option(column.scale, one)} for one in all_options]
        return told


@cache
def exercises() -> Mapping[str, Exercise]:
    """Every exercise by its slug, in the order of a workshop: the folders of this package and those of the
    entry-point group.

    An entry point names a package that is laid out as one of this package's folders is. One that cannot be loaded, or
    whose name is taken, is left out with a line in the log: a workshop is held all the same.
    """
    loaded: dict[str, Exercise] = {}
    _left_out.clear()
    for package in packages():
        try:
            model: Exercise = import_module(f"{package}.model").Model(package)
            if model.slug in loaded:
                raise ValueError(f"there is already an exercise {model.slug}")
        except Exception as error:
            # Whatever somebody else's package does; what is wrong with the kit's own is told at once.
            if package.startswith("kit."):
                raise
            _left_out[package] = f"{type(error).__name__}: {error}"
            _log.warning("the exercise of %s is left out: %s", package, _left_out[package])
        else:
            loaded[model.slug] = model
    return {one.slug: one for one in sorted(loaded.values(), key=lambda one: (one.structure.order, one.slug))}


def left_out() -> Mapping[str, str]:
    """The packages of the entry-point group whose exercise could not be taken in, each with what is wrong."""
    exercises()
    return dict(_left_out)


def exercise(slug: str) -> Exercise:
    """One exercise; raises `UnknownExercise` with the names that exist."""
    try:
        return exercises()[slug]
    except KeyError:
        raise UnknownExercise(slug=str(slug)[:48], known=", ".join(exercises())) from None
