"""Files that a person takes away from an exercise or brings along: what passes between a page and `files.py`.

An exercise with files has a module `files` beside its model:

    GIVES   ids of what can be taken away; the label of each is the sentence `give_<id>`
    TAKES   what can be brought along: id → the file names that it accepts (".csv,.txt"; empty: nothing is
            brought, the button alone does it); the label is the sentence `take_<id>`
    give(model, asked) -> File        raises a `KitError`
    take(model, asked) -> Taken       raises a `KitError`; nothing is kept before the person has seen `told`
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kit.session import Value
from kit.summary import Summary


@dataclass(frozen=True)
class File:
    """A file for the person. `name` is neutral: it says nothing about violence, a place or a person."""

    name: str
    media: str
    data: bytes


@dataclass(frozen=True)
class Asked:
    """What the page asked for.

    what       an id of GIVES or TAKES
    values     this person's answers in this exercise
    elsewhere  their answers in another exercise, by its slug
    name, data the file that was brought along
    chosen     what the person has chosen of what was asked about the file (`FileChoice`), by its id
    seed       a secret of this seat's own, the same for as long as the seat is: ids in files are made with it
    revisions  how often each answer was changed, by item
    """

    what: str
    values: Mapping[str, Value]
    lang: str
    options: tuple[str, ...]
    elsewhere: Callable[[str], Mapping[str, Value]]
    name: str = ""
    data: bytes = b""
    chosen: Mapping[str, str] = field(default_factory=dict)
    seed: str = ""
    revisions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class FileChoice:
    """Something about a file that nobody should guess: `options` are (id, label), `chosen` is one of those ids.

    fold  the heading of a fold in which choices stand together that few people need; empty for all others
    """

    id: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str
    fold: str = ""


@dataclass(frozen=True)
class Taken:
    """What was understood of it: the answers that would be kept (new ones and changed ones), and what is told
    about it before, with what was not taken and why. After each choice the file is read anew."""

    answers: Mapping[str, Value]
    told: Summary
    choices: tuple[FileChoice, ...] = ()
