"""The group's list of services: public entries of all people, put together where a person says so, and as files.

Entries that are identical, apart from how they are spelled, are one. Everything else that looks like the same
service is asked about. An id of an entry is a digest of its type, name and organization, so that a decision holds
for the same two services when they are released again.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any, Final

from kit.content import Texts
from kit.decisions import Ask
from kit.directory.entries import Row
from kit.directory.likeness import merged, suggest
from kit.disclosure import Release
from kit.errors import NothingReleased
from kit.exercises.resources.files import made_of
from kit.exercises.resources.listed import ENTRIES, FIELDS, identity, named, row_of, rows_of, written
from kit.exercises.resources.model import Model
from kit.files import File

GIVES = ("csv", "xlsx", "hsds")
SAME: Final = "same"
APART: Final = "apart"
# Between the ids of the two entries of a pair.
BETWEEN: Final = "."
# Hexadecimal digits of an id: two of a few thousand entries do not share one.
IDENT: Final = 12

Fields = dict[str, Any]


def holds(model: Model, release: Release) -> bool:
    """Whether there is an entry in this release."""
    return any(row_of(model.structure, text) for text in release.texts.get(ENTRIES, ()))


def settled(model: Model, release: Release, decisions: Mapping[str, str]) -> Release:
    """The release with its entries put together as they were decided."""
    rows = _Board(model, release, decisions).settled.values()
    others = {item: told for item, told in release.texts.items() if item != ENTRIES}
    texts = tuple(text for text in (written(model.structure, row) for row in rows) if text)
    return replace(release, texts={**others, ENTRIES: texts} if texts else others)


def asks(model: Model, release: Release, decisions: Mapping[str, str], lang: str) -> tuple[Ask, ...]:
    """Entries that look like the same service and are not decided about; then what was decided."""
    board, texts = _Board(model, release, decisions), model.texts(lang)
    choices = ((SAME, texts.say("alike_merge")), (APART, texts.say("alike_apart")))
    left = [
        Ask(_pair(one, other), _told(texts, board.settled[one], board.settled[other]), choices)
        for one, other in board.alike()
    ]
    done = []
    for pair, chosen in board.decided.items():
        one, other = (board.rows[id] for id in sorted(pair.split(BETWEEN), key=board.place.__getitem__))
        done.append(Ask(pair, _told(texts, one, other), choices, chosen))
    return (*left, *sorted(done, key=lambda ask: (ask.told, ask.id)))


def _told(texts: Texts, one: Row, other: Row) -> str:
    """A sentence that names both, with their organizations where they have one."""
    kind = texts.option("type", one["type"])
    first, second = named(texts, one), named(texts, other)
    if first == second:
        return texts.say("alike_same", name=first, type=kind)
    return texts.say("alike_pair", one=first, other=second, type=kind)


def give(model: Model, release: Release, what: str, lang: str) -> File:
    """A file of the group's list; raises `NothingReleased` when there is nothing in it."""
    rows = _listed(model, release)
    if not rows:
        raise NothingReleased()
    return made_of(model, rows, FIELDS, what, lang)


class _Board:
    """The entries of a release by id, identical ones as one, and what was decided about them.

    rows     each entry once, in the order of the list; `place` is where it stands there
    decided  what was decided about two entries that are both here
    home     id → the ids of the entries that are one service with it, in the order of the list
    settled  one entry for each service, under the first of its ids
    """

    def __init__(self, model: Model, release: Release, decisions: Mapping[str, str]) -> None:
        self._model = model
        found: dict[str, list[Fields]] = defaultdict(list)
        for row in _listed(model, release):
            found[_ident(row)].append(row)
        self.rows = {id: self._one(rows) for id, rows in found.items()}
        self.place = {id: at for at, id in enumerate(self.rows)}
        self.decided = {id: chosen for id, chosen in decisions.items() if self._knows(id, chosen)}
        self.home = self._together()
        heads = {members[0]: members for members in self.home.values()}
        self.settled = {id: self._one(map(self.rows.__getitem__, heads[id])) for id in self.rows if id in heads}

    def alike(self) -> list[tuple[str, str]]:
        """Pairs of services that look like one, without those that were judged apart."""
        return suggest(self.settled, self._apart(self.home))

    def _knows(self, pair: str, chosen: str) -> bool:
        first, _, second = pair.partition(BETWEEN)
        here = first < second and first in self.rows and second in self.rows
        return here and chosen in (SAME, APART) and self.rows[first]["type"] == self.rows[second]["type"]

    def _together(self) -> dict[str, list[str]]:
        """Who is one with whom. Two that were judged apart stay apart, whatever was said of a third."""
        home = {id: [id] for id in self.rows}
        for pair in self._judged(SAME):
            first, second = map(home.__getitem__, pair)
            if first is not second and frozenset((first[0], second[0])) not in self._apart(home):
                whole = sorted(first + second, key=self.place.__getitem__)
                home.update(dict.fromkeys(whole, whole))
        return home

    def _apart(self, home: Mapping[str, Sequence[str]]) -> set[frozenset[str]]:
        return {frozenset(home[id][0] for id in pair) for pair in self._judged(APART)}

    def _judged(self, choice: str) -> list[list[str]]:
        return sorted(pair.split(BETWEEN) for pair, chosen in self.decided.items() if chosen == choice)

    def _one(self, rows: Iterable[Fields]) -> Fields:
        """One entry of several: the words of the one that says most, and what only the others have."""
        first, *others = sorted(rows, key=len, reverse=True)
        if not others:
            return first
        whole = written(self._model.structure, reduce(merged, others, first))
        return row_of(self._model.structure, whole) or first


def _listed(model: Model, release: Release) -> list[Fields]:
    return rows_of(model.structure, release.texts.get(ENTRIES, ()))


def _ident(row: Row) -> str:
    said = "\n".join((row["type"], *identity(row)))
    return hashlib.sha256(said.encode()).hexdigest()[:IDENT]


def _pair(*ids: str) -> str:
    return BETWEEN.join(sorted(ids))
