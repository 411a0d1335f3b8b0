"""Read an exercise's content files: `structure.yaml` and one `<lang>.yaml` per language.

`structure.yaml` holds what is the same in every language: ids, kinds, scales, limits, and the source
of each item. `<lang>.yaml` holds the texts by id. The models below are also the JSON Schemas that an
editor reads (`kit check --schemas`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, ValidationInfo, model_validator

from kit.errors import ContentFault
from kit.faults import LOOSELY, broken, faults_of
from kit.yamls import LOADER

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
# The kit's own begin with S and a digit; an exercise from another package chooses other letters ("REFUGE-12").
SourceId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,15}-\d{1,4}[a-z]?$")]
# A source, or one place in its list: "S0-25.2" is its second point, "S1-1.3a" a part of its third.
Place = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,15}-\d{1,4}[a-z]?(\.\d{1,3}[a-z]?)?$")]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Kind = Literal["choice", "text", "journal", "rows"]

SOURCES = "sources.yaml"


class Content(BaseModel):
    """What stands in a content file: nothing that is not foreseen, and it never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Read = TypeVar("Read", bound=Content)


class Scale(Content):
    """The answers that a choice has. `apart` are those that stand beside the scale ("I don't know")."""

    ordered: bool = False
    options: tuple[Id, ...] = Field(min_length=2)
    apart: tuple[Id, ...] = ()

    @property
    def all(self) -> tuple[Id, ...]:
        return self.options + self.apart


class Column(Content):
    """One field of every row of a `rows` item; its texts are the item's `<id>` and, with `hint`, `<id>_hint`.

    kind     text: one line; date: a day, as 2026-01-31; choice: one option of a scale; choices: any of them
    contact  a text may hold phone numbers, addresses and links; elsewhere they are refused
    """

    id: Id
    kind: Literal["text", "date", "choice", "choices"] = "text"
    scale: Id | None = None
    limit: int = Field(default=200, ge=1, le=2000)
    hint: bool = False
    contact: bool = False

    @model_validator(mode="after")
    def _kinds(self) -> Column:
        if self.kind.startswith("choice") != (self.scale is not None):
            raise broken("scale_needed")
        if self.id in ("share", *_ROW_TEXTS):
            raise broken("name_taken")
        return self


# What every language says of a `rows` item: the question, what one row is called, and the button for a new one.
_ROW_TEXTS = ("text", "row", "add")


class Item(Content):
    """One thing that is asked.

    kind      choice: one option of a scale; text: a line that the store keeps; journal: a text that
              never leaves the device; rows: a list, each row with the same columns
    source    where it comes from; several items may come from one place of a source
    says      the texts that every language has for it ("text" always)
    columns   of a `rows` item; `most` rows at the most
    group     what an exercise's rules sort it by (a level, a dimension)
    lenses    the lenses that count it; empty: always asked
    about     for a choice: the text item that it rates (an own practice)
    share     for a text: its writer may tick that the others see it
    sensitive a unanimous answer is told as "most"
    """

    id: Id
    kind: Kind = "choice"
    scale: Id | None = None
    source: tuple[Place, ...] = Field(min_length=1)
    says: tuple[Id, ...] = ("text",)
    group: Id | None = None
    lenses: tuple[Id, ...] = ()
    about: Id | None = None
    share: bool = False
    sensitive: bool = False
    limit: int = Field(default=280, ge=1, le=4000)
    columns: tuple[Column, ...] = ()
    most: int = Field(default=40, ge=1, le=1000)

    @model_validator(mode="after")
    def _kinds(self) -> Item:
        if (self.kind == "choice") != (self.scale is not None):
            raise broken("scale_needed")
        if self.share and self.kind not in ("text", "rows"):
            raise broken("share_kind")
        if (self.kind == "rows") != bool(self.columns):
            raise broken("columns_needed")
        ids = [column.id for column in self.columns]
        if len(ids) != len(set(ids)):
            raise broken("two_columns")
        return self

    @property
    def told(self) -> tuple[str, ...]:
        """The texts that every language has for this item."""
        rows = _ROW_TEXTS if self.kind == "rows" else ()
        hints = (f"{column.id}_hint" for column in self.columns if column.hint)
        return tuple(dict.fromkeys((*self.says, *rows, *(column.id for column in self.columns), *hints)))


class Section(Content):
    """Items that stand together on the page under one heading; with `edition`, in that edition only."""

    id: Id
    edition: Id | None = None
    says: tuple[Id, ...] = ("title",)
    source: tuple[SourceId, ...] = ()
    items: tuple[Item, ...] = Field(min_length=1)


class Lens(Content):
    """A set of statements that a trainer adds; `always` is the core that cannot be left out."""

    id: Id
    always: bool = False
    source: tuple[SourceId, ...] = Field(min_length=1)


class Behaviour(Content):
    """Something that colleagues can do, and that an exercise's stories show; every language has `name` and `line`."""

    id: Id
    source: tuple[SourceId, ...] = Field(min_length=1)


class Structure(Content):
    """`structure.yaml` of an exercise that is made of questions, of stories (see kit/stories.py), or of both.

    order       a workshop goes through its exercises from the lowest to the highest; ten apart, so that others fit in
    attributed  in a workshop where that was agreed, its results may name partner organizations; elsewhere they
                go by sector in every workshop
    once        why there is no second round: its answers are a "list", a "way" through stories, or a "change" already
    """

    slug: Id
    order: int = Field(default=1000, ge=0)
    attributed: bool = False
    once: Literal["list", "way", "change"] | None = None
    version: int = Field(ge=1)
    minutes: int = Field(ge=1, le=240)
    source: tuple[SourceId, ...] = Field(min_length=1)
    scales: dict[Id, Scale] = {}
    lenses: tuple[Lens, ...] = ()
    editions: dict[Id, int] = {}
    sections: tuple[Section, ...] = ()
    behaviours: tuple[Behaviour, ...] = ()
    sentences: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _references(self, info: ValidationInfo) -> Structure:
        # An author is told all of them (`unfit`).
        for rule, details in self.unfit() if info.context != LOOSELY else ():
            raise broken(rule, **details)
        return self

    def unfit(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Every id that is used twice, or that something names and nothing has: the rule and its details."""
        items = [item for section in self.sections for item in section.items]
        for what, ids in (
            ("item", [item.id for item in items]),
            ("section", [section.id for section in self.sections]),
            ("lens", [*(lens.id for lens in self.lenses), *self.editions]),
            ("behaviour", [behaviour.id for behaviour in self.behaviours]),
        ):
            for twice in sorted({one for one in ids if ids.count(one) > 1}):
                yield "used_twice", {"what": what, "value": twice}
        for section in self.sections:
            if section.edition is not None and section.edition not in self.editions:
                yield "no_edition", {"item": section.id, "value": section.edition}
        lenses = {lens.id for lens in self.lenses}
        texts = {item.id for item in items if item.kind == "text"}
        for item in items:
            for scale in (item.scale, *(column.scale for column in item.columns)):
                if scale is not None and scale not in self.scales:
                    yield "no_scale", {"item": item.id, "value": scale}
            if unknown := set(item.lenses) - lenses:
                yield "no_lens", {"item": item.id, "value": ", ".join(sorted(unknown))}
            if item.about is not None and item.about not in texts:
                yield "about_no_text", {"item": item.id, "value": item.about}

    def sources(self) -> Iterator[tuple[str, SourceId]]:
        """Every (id, source) pair in the file."""
        yield from ((self.slug, one) for one in self.source)
        yield from ((lens.id, one) for lens in self.lenses for one in lens.source)
        yield from ((behaviour.id, one) for behaviour in self.behaviours for one in behaviour.source)
        for section in self.sections:
            yield from ((section.id, one) for one in section.source)
            yield from ((item.id, one.partition(".")[0]) for item in section.items for one in item.source)

    @property
    def every(self) -> tuple[str, ...]:
        """The options with which all is asked that ever was: every lens, and every edition."""
        return (*(lens.id for lens in self.lenses), *self.editions)

    def edition_of(self, version: int) -> str | None:
        """The earlier edition that this version asked; None where it is the one of now, or there is one only."""
        then = [edition for edition, since in self.editions.items() if since <= version]
        return then[-1] if then and then[-1] != list(self.editions)[-1] else None

    def chosen(self, options: tuple[str, ...] = ()) -> tuple[Section, ...]:
        """The sections with the items that these lenses ask; a section left empty is dropped."""
        lenses = {lens.id for lens in self.lenses if lens.always} | set(options)
        editions = {None, *(self.editions.keys() & set(options) or list(self.editions)[-1:])}
        kept = (
            section.model_copy(
                update={"items": tuple(i for i in section.items if not i.lenses or lenses & set(i.lenses))}
            )
            for section in self.sections
            if section.edition in editions
        )
        return tuple(section for section in kept if section.items)

    def items(self, options: tuple[str, ...] | None = None) -> tuple[Item, ...]:
        """The items in order: all of them, or those that these lenses ask."""
        sections = self.sections if options is None else self.chosen(options)
        return tuple(item for section in sections for item in section.items)

    def item(self, item_id: str) -> Item | None:
        """One item by its id, or None."""
        return next((item for item in self.items() if item.id == item_id), None)


class Texts(Content):
    """`<lang>.yaml`: the texts of one language, by id."""

    title: Words
    intro: Words
    scales: dict[Id, dict[Id, Words]] = {}
    lenses: dict[Id, Words] = {}
    sections: dict[Id, dict[Id, Words]] = {}
    items: dict[Id, dict[Id, Words]] = {}
    behaviours: dict[Id, dict[Id, Words]] = {}
    sentences: dict[Id, Words] = {}

    def say(self, key: str, **details: object) -> str:
        """One sentence with its details filled in."""
        return self.sentences[key].format(**details)

    def text(self, item_id: str, which: str = "text") -> str:
        """One text of one item."""
        return self.items[item_id][which]

    def option(self, scale: str, option: str) -> str:
        """The label of one answer."""
        return self.scales[scale][option]


class Document(Content):
    """A document that content is grounded in, and the IDs of the lists, steps and instruments in it."""

    title: Words
    by: Words
    ids: tuple[SourceId, ...] = Field(min_length=1)


class Sources(Content):
    """`sources.yaml`: the kit's own, and that of an exercise which is grounded in other documents too."""

    documents: tuple[Document, ...]

    @property
    def titles(self) -> dict[str, str]:
        """Each ID with the title of its document."""
        return {one: document.title for document in self.documents for one in document.ids}


@cache
def _own_sources() -> Mapping[str, str]:
    return read_file(files("kit"), SOURCES, Sources).titles


def known_sources(folder: Traversable | Path | None = None) -> Mapping[str, str]:
    """Every source ID that content may name, with its document: the kit's, and those of an exercise's folder.

    Raises `ContentFault` where the folder's `sources.yaml` cannot be read.
    """
    if folder is None or not folder.joinpath(SOURCES).is_file():
        return _own_sources()
    return {**read_file(folder, SOURCES, Sources).titles, **_own_sources()}


def read_structure(folder: Traversable | Path) -> Structure:
    """Read `structure.yaml` of an exercise's folder; raises `ContentFault`."""
    return read_file(folder, "structure.yaml", Structure)


def read_texts(folder: Traversable | Path, lang: str) -> Texts:
    """Read one language of an exercise's folder; raises `ContentFault`."""
    return read_file(folder, f"{lang}.yaml", Texts)


def schemas() -> dict[str, str]:
    """JSON Schemas for editors, by file name."""
    return {
        f"{name}.schema.json": json.dumps(model.model_json_schema(), indent=2, ensure_ascii=False) + "\n"
        for name, model in (("structure", Structure), ("texts", Texts), ("sources", Sources))
    }


def read_file(folder: Traversable | Path, name: str, model: type[Read]) -> Read:
    """One content file of a folder; raises `ContentFault` that names the first thing that is wrong."""
    try:
        return model.model_validate(yaml.load(folder.joinpath(name).read_text("utf-8"), LOADER))
    except (OSError, yaml.YAMLError, UnicodeDecodeError, ValidationError):
        faults = faults_of(folder, name, model)
        raise faults[0] if faults else ContentFault(file=name, where="-", fault="file_missing") from None


__all__ = [
    "Behaviour",
    "Column",
    "Content",
    "Document",
    "Item",
    "Lens",
    "Scale",
    "Section",
    "Sources",
    "Structure",
    "Texts",
    "known_sources",
    "read_file",
    "read_structure",
    "read_texts",
    "schemas",
]
