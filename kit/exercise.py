"""The exercise contract: what an exercise must answer for, with no widget, database or server.

An exercise is a folder with content files and up to three modules:

    model.py    an `Exercise` subclass called `Model`: its rules
    summary.py  `summarise(model, release, lang, options) -> Summary`: a group's released numbers, told
    view.py     `view(model, ...)`: its widget (exercises made of questions share one)

Five verbs, of which the first three have a default for exercises made of questions: `content` (what
the page shows), `check` (is this answer allowed), `questions` (what disclosure control is asked about
the group), `feedback` (what the person is told), `rehearse` (what a simulated person answers).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from importlib.resources import files
from random import Random
from typing import Any

from kit.content import Item, Structure, Texts, read_structure, read_texts
from kit.errors import AnswerRefused, StaysOnDevice, TextTooLong, UnknownExercise, UnknownItem, WrongOption
from kit.session import Sector, Value
from kit.summary import Summary

GROUP = "kit.exercises"


@dataclass(frozen=True)
class Question:
    """What disclosure control may publish about one item.

    options   in order; `ordered` says that neighbours may be put together
    apart     answers beside the scale, never counted on it
    compare   also publish middle and spread by sector or partner (ordered scales only)
    text      a shared text, not a choice
    """

    item: str
    options: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    ordered: bool = False
    compare: bool = False
    sensitive: bool = False
    text: bool = False


class Exercise(ABC):
    """One exercise: its content and its rules."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.folder = files(package)
        self.structure: Structure = read_structure(self.folder)
        self.slug: str = self.structure.slug

    @cache  # noqa: B019 - an exercise lives as long as the process
    def texts(self, lang: str) -> Texts:
        """The texts of one language; raises `ContentFault`."""
        return read_texts(self.folder, lang)

    def options(self, chosen: tuple[str, ...]) -> tuple[str, ...]:
        """Check a trainer's choice of lenses; raises `WrongOption`."""
        known = [lens.id for lens in self.structure.lenses]
        for one in chosen:
            if one not in known:
                raise WrongOption(option=f"{self.slug}:", value=one, allowed=", ".join(known) or "-")
        return tuple(lens for lens in known if lens in chosen)

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
        item = next((one for one in self.structure.items(options) if one.id == item_id), None)
        if item is None:
            raise UnknownItem(exercise=self.slug, item=str(item_id)[:48])
        if item.kind == "journal":
            raise StaysOnDevice(item=item_id)
        if value is None:
            return None
        return self._check_choice(item, value) if item.kind == "choice" else self._check_text(item, value)

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
        else:
            shown["limit"] = item.limit
            shown["share"] = item.share
        return shown

    def _check_choice(self, item: Item, value: object) -> Value:
        assert item.scale is not None
        if not isinstance(value, str) or value not in self.structure.scales[item.scale].all:
            raise AnswerRefused(item=item.id)
        return value

    def _check_text(self, item: Item, value: object) -> Value | None:
        if not isinstance(value, dict) or set(value) - {"text", "share"}:
            raise AnswerRefused(item=item.id)
        text, share = value.get("text"), value.get("share", False)
        if not isinstance(text, str) or not isinstance(share, bool):
            raise AnswerRefused(item=item.id)
        if len(text) > item.limit:
            raise TextTooLong(item=item.id, length=len(text), limit=item.limit)
        # Half a character (a lone surrogate) can be neither sent nor stored.
        text = " ".join(text.encode("utf-8", "ignore").decode("utf-8").split())
        return {"text": text, "share": share and item.share} if text else None


@cache
def exercises() -> Mapping[str, Exercise]:
    """Every exercise by its slug: the folders of this package and those of the entry-point group.

    An entry point names a package that is laid out as one of this package's folders is.
    """
    own = sorted(p.name for p in files("kit.exercises").iterdir() if p.joinpath("structure.yaml").is_file())
    packages = [f"kit.exercises.{name}" for name in own] + [ep.value for ep in entry_points(group=GROUP)]
    loaded: dict[str, Exercise] = {}
    for package in packages:
        model: Exercise = import_module(f"{package}.model").Model(package)
        loaded.setdefault(model.slug, model)
    return loaded


def exercise(slug: str) -> Exercise:
    """One exercise; raises `UnknownExercise` with the names that exist."""
    try:
        return exercises()[slug]
    except KeyError:
        raise UnknownExercise(slug=str(slug)[:48], known=", ".join(exercises())) from None
