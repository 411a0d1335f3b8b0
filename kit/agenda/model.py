"""What an agenda is: meetings of blocks with minutes, in `structure.yaml`, and their words, a file for each language.

A block that an agenda tells in no words of its own is told in those of `blocks/<lang>.yaml`: by its exercise, or by its
kind.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import Field, model_validator

from kit.agenda.place import own
from kit.content import Content, Id, SourceId, Words, read_file
from kit.errors import UnknownAgenda
from kit.faults import broken
from kit.stories import StoryId
from kit.texts import FALLBACK, languages

Kind = Literal["welcome", "return", "joining", "introductions", "rules", "why", "exercise", "break", "steps", "closing"]
KINDS: tuple[str, ...] = get_args(Kind)
Phones = Literal["away", "join", "exercise"]
Phase = Literal["explain", "together", "answer", "picture", "talk", "again"]
LONGEST = 600


class Step(Content):
    """A part of an exercise: explained, played together (a story), answered alone, its picture, talk about it, and, in
    the same way, a second round (see `kit.twice`)."""

    id: Phase
    minutes: int = Field(ge=1, le=LONGEST)


class Block(Content):
    """A stretch of a meeting.

    wall, phones  what they show: the wall nothing, the title, the way in, that people wait, or the exercise's step;
                  phones are put away, come in, or show the exercise
    story         the one that the room plays together; `lenses` are those beside it
    explains      exercises that are explained here, and asked later
    """

    id: Id
    kind: Kind
    minutes: int = Field(ge=1, le=LONGEST)
    wall: Literal["blank", "title", "join", "wait", "step"]
    phones: Phones
    exercise: Id | None = None
    story: StoryId | None = None
    lenses: tuple[Id, ...] = ()
    steps: tuple[Step, ...] = ()
    explains: tuple[Id, ...] = ()
    source: tuple[SourceId, ...] = ()

    @model_validator(mode="after")
    def _exercise(self) -> Block:
        own = self.exercise is not None
        if (self.kind == "exercise") != own or bool(self.steps) != own or (self.phones == "exercise") != own:
            raise broken("block_exercise")
        if (self.story or self.lenses) and not own:
            raise broken("block_exercise")
        return self

    @property
    def options(self) -> tuple[str, ...]:
        """The exercise's lenses in this block, its story with them."""
        return tuple(dict.fromkeys((*([self.story] if self.story else ()), *self.lenses)))

    def step(self, phase: Phase) -> int:
        """The minutes of one step; 0 where there is none."""
        return sum(one.minutes for one in self.steps if one.id == phase)


class Meeting(Content):
    """What happens on one day, from the welcome to the closing."""

    minutes: int = Field(ge=5, le=LONGEST)
    blocks: tuple[Block, ...] = Field(min_length=1)


class AgendaStructure(Content):
    """`structure.yaml` of an agenda."""

    slug: Id
    version: int = Field(ge=1)
    source: tuple[SourceId, ...] = ()
    meetings: tuple[Meeting, ...] = Field(min_length=1, max_length=12)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks, from the first meeting's to the last one's."""
        return tuple(block for meeting in self.meetings for block in meeting.blocks)

    @property
    def minutes(self) -> int:
        """All meetings together."""
        return sum(meeting.minutes for meeting in self.meetings)

    @property
    def plans(self) -> dict[str, tuple[str, ...]]:
        """The exercises in the order in which they come, each with all lenses that its blocks name."""
        found: dict[str, tuple[str, ...]] = {}
        for block in self.blocks:
            if block.exercise:
                found[block.exercise] = tuple(dict.fromkeys((*found.get(block.exercise, ()), *block.options)))
        return found


class BlockTexts(Content):
    """A block in one language.

    does, laptop  the guide's table: what happens, and what is done at the laptop
    say, watch    lines to say, and what to look out for
    debrief       questions for the talk; `materials` are what has to lie ready
    """

    title: Words | None = None
    does: Words | None = None
    laptop: Words | None = None
    say: tuple[Words, ...] | None = None
    watch: tuple[Words, ...] | None = None
    debrief: tuple[Words, ...] | None = None
    materials: tuple[Words, ...] | None = None

    def over(self, other: BlockTexts) -> BlockTexts:
        """These words, and the other's where there are none."""
        own = {name: told for name, told in self if told is not None}
        return other.model_copy(update=own)


class AgendaTexts(Content):
    """`<lang>.yaml` of an agenda: its title, what it is for, and the words of its blocks that are not the kit's."""

    title: Words
    purpose: Words
    blocks: dict[Id, BlockTexts] = {}


class SharedTexts(Content):
    """`blocks/<lang>.yaml`: the kit's words for a kind of block, and for each exercise."""

    blocks: dict[Id, BlockTexts]


class Agenda(Content):
    """A whole agenda, as it is read from its folder, and as a workshop keeps it."""

    structure: AgendaStructure
    texts: dict[str, AgendaTexts]

    @property
    def slug(self) -> str:
        """Its name at the command line."""
        return self.structure.slug

    def told(self, lang: str) -> AgendaTexts:
        """The words of one language, every block's in full."""
        own = self._texts(lang)
        blocks = {one.id: words_of(one, own, lang) for one in self.structure.blocks}
        return own.model_copy(update={"blocks": blocks})

    def title(self, block: str, lang: str) -> str | None:
        """What one block is called, without the words of all others; None where it has no title."""
        found = (one for one in self.structure.blocks if one.id == block)
        return next((self.words(one, lang).title for one in found), None)

    def words(self, block: Block, lang: str) -> BlockTexts:
        """The words of one block, also of one that a trainer added."""
        return words_of(block, self._texts(lang), lang)

    def _texts(self, lang: str) -> AgendaTexts:
        return self.texts.get(lang) or self.texts[FALLBACK]

    def as_json(self) -> dict[str, Any]:
        """For the store."""
        return self.model_dump(mode="json", exclude_defaults=True)


def words_of(block: Block, texts: AgendaTexts, lang: str) -> BlockTexts:
    """A block's words: the agenda's, else the kit's for its exercise, else the kit's for its kind."""
    shared = shared_texts(lang)
    kits = shared.get(block.exercise or "", shared.get(block.kind, BlockTexts()))
    return texts.blocks.get(block.id, BlockTexts()).over(kits)


@cache
def shared_texts(lang: str) -> Mapping[str, BlockTexts]:
    """The kit's words for blocks, by kind and by exercise; in English where a language has none yet."""
    folder = files("kit.agenda").joinpath("blocks")
    name = lang if folder.joinpath(f"{lang}.yaml").is_file() else FALLBACK
    return read_file(folder, f"{name}.yaml", SharedTexts).blocks


def read_agenda(folder: Traversable | Path) -> Agenda:
    """An agenda from its folder; raises `ContentFault`. A language that is not written is left out."""
    written = [lang for lang in languages() if folder.joinpath(f"{lang}.yaml").is_file()] or [FALLBACK]
    texts = {lang: read_file(folder, f"{lang}.yaml", AgendaTexts) for lang in written}
    return Agenda(structure=read_file(folder, "structure.yaml", AgendaStructure), texts=texts)


def agenda_from_json(kept: Mapping[str, Any]) -> Agenda:
    """The agenda that `as_json` was made of."""
    return Agenda.model_validate(kept)


@cache
def shipped() -> Mapping[str, Traversable]:
    """The folders of the kit's own agendas, the shortest first."""
    root = files("kit.agenda").joinpath("shipped")
    found = {one.name: one for one in root.iterdir() if one.is_dir() and one.joinpath("structure.yaml").is_file()}
    by_length = sorted(found, key=lambda name: (read_agenda(found[name]).structure.minutes, name))
    return {name: found[name] for name in by_length}


def find_agenda(name: str) -> Agenda:
    """One of the kit's agendas by its name, or somebody's own by its name or folder.

    Raises `UnknownAgenda`, `ContentFault`.
    """
    known: dict[str, Traversable | Path] = {**own(), **shipped()}
    if name.replace("-", "_") in known:
        return read_agenda(known[name.replace("-", "_")])
    folder = Path(name)
    if folder.joinpath("structure.yaml").is_file():
        return read_agenda(folder)
    raise UnknownAgenda(agenda=name[:64], known=", ".join(known))


def schemas() -> dict[str, str]:
    """JSON Schemas of an agenda's files for editors, by file name."""
    return {
        f"{name}.schema.json": json.dumps(model.model_json_schema(), indent=2, ensure_ascii=False) + "\n"
        for name, model in (("agenda", AgendaStructure), ("agenda-texts", AgendaTexts))
    }
