"""Answers as a file: one document that a person takes away, brings back, or sends to a facilitator.

A document is one JSON object in UTF-8:

    {
      "format": "collaboration-kit-answers",   what the file is
      "version": 1,                            of this shape; a newer one is refused, an older one is brought up to date
      "person": "9f…",                         32 hexadecimal digits, random, made once for each holder of a file
      "edition": 12,                           grows with every change, and in what is sent from day to day, so that
                                               the latest of several files is known
      "exercises": {"pulse": {"now_contacts": "half"}},   as the store keeps answers: an option's id, a text, a row
      "versions": {"pulse": 1},                of the exercises (kit/upgrades.py); missing: those that are installed
      "notes": {"reflection": {…}},            journal notes and entries that never leave the device
      "lang": "fr", "sector": "", "partner": "", "card": ""   filled in when it is sent; "card": a word card as typed
    }

Only `format`, `version` and `exercises` must be there, and a field that is not named here is left unread. `notes` go
from the person's device to the person's device: they are left behind here, and nothing on a server takes them. There
is no name in it and no time of day.

Whoever reads one believes nothing of it. `read` checks the shape; `checked` asks the exercises about every answer, as
they are asked when somebody answers live, and takes all or nothing; `each` takes what it can of one exercise.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from kit.errors import ExerciseUnknownHere, FileRefused, KitError, TooManyRows, UnknownItem
from kit.exercise import Exercise, exercise, exercises
from kit.sectors import offered
from kit.session import Plan, Sector, Value, new_id
from kit.upgrades import upgraded

FORMAT = "collaboration-kit-answers"
VERSION = 1
NAME = "notes.json"
MEDIA = "application/json"
# A plan, an agreement and a board that are full to the last line, in letters of four bytes, are below it (measured).
LARGEST = 4_000_000  # bytes
LONGEST_WORD = 200  # characters of a field beside the answers
LONGEST_ID = 128  # of an exercise or an item, as in the store
MOST_EDITIONS = 2**53  # what a browser can count
Answers = Mapping[str, Mapping[str, Value]]  # by exercise and item
_PERSON = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class AnswersFile:
    """What one person has answered, by exercise and item; `sector`, `partner` and `card` only where it is sent.

    `person` is empty where nobody has given the holder a number yet.
    """

    person: str = field(default_factory=new_id)
    edition: int = 0
    lang: str = ""
    exercises: Answers = field(default_factory=dict)
    sector: Sector | None = None
    partner: str = ""
    card: str = ""
    versions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """The answers that fit a session, and how many were given to what it does not ask (other exercises, lenses)."""

    exercises: Answers
    beside: int


@dataclass(frozen=True)
class Accepted:
    """The answers of one exercise that can be taken, and by id the reason why each other one cannot."""

    answers: Mapping[str, Value]
    refused: Mapping[str, KitError]


def write(document: AnswersFile) -> bytes:
    """The document as a file; the same document gives the same bytes."""
    told = {
        "format": FORMAT, "version": VERSION, "person": document.person, "edition": document.edition,
        "exercises": {slug: dict(own) for slug, own in document.exercises.items() if own}, "lang": document.lang,
        "sector": document.sector.value if document.sector else "", "partner": document.partner, "card": document.card,
        "versions": dict(document.versions),
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8", "replace")


def read(data: bytes) -> AnswersFile:
    """A document from a file that anyone may have made; raises `FileRefused`, which says why."""
    if not data:
        raise FileRefused(why="empty")
    if len(data) > LARGEST:
        raise FileRefused(why="large", most=LARGEST // 1_000_000)
    told = _object(data)
    version = told.get("version")
    if told.get("format") != FORMAT or type(version) is not int or version < 1:
        raise FileRefused(why="other")
    if version > VERSION:
        raise FileRefused(why="newer", version=version)
    return _document(told)


def checked(document: AnswersFile, plans: Sequence[Plan]) -> Checked:
    """Each answer as it would be stored if it were given live; raises a `KitError` at the first that is not allowed.

    What this session does not ask is left out and counted, once it is known to be an answer at all.
    """
    asked = {plan.slug: plan.options for plan in plans}
    found: dict[str, dict[str, Value]] = {}
    beside = 0
    for slug, given in document.exercises.items():
        if slug not in exercises():
            raise ExerciseUnknownHere(slug=slug[:48])
        model = exercise(slug)
        current = up_to_date(model, given, document.versions.get(slug, model.version))
        own, others = _fitting(model, current, asked.get(slug))
        beside += others + max(len(given) - len(current), 0)
        if own:
            found[slug] = own
    return Checked(found, beside)


def up_to_date(model: Exercise, given: Mapping[str, Value], version: int) -> Mapping[str, Value]:
    """The answers as the installed version of the exercise has them; raises `FileRefused` for a newer one."""
    if version > model.version:
        raise FileRefused(why="newer_exercise", slug=model.slug)
    return given if version == model.version else upgraded(model, version, given)


def each(model: Exercise, answers: Mapping[str, Value], options: tuple[str, ...] = ()) -> Accepted:
    """The answers of one exercise, each taken or refused on its own; rows in the order in which they were added."""
    taken: dict[str, Value] = {}
    refused: dict[str, KitError] = {}
    for item, raw in sorted(answers.items()):
        try:
            value = model.check(item, raw, options)
        except KitError as error:
            refused[item] = error
        else:
            taken |= {} if value is None else {item: value}
    return Accepted(taken, refused)


def _fitting(
    model: Exercise, given: Mapping[str, Value], options: tuple[str, ...] | None
) -> tuple[dict[str, Value], int]:
    """The answers of one exercise that the session asks for (None: not at all), and how many others there are."""
    every = model.structure.every
    own: dict[str, Value] = {}
    beside = 0
    for item, raw in given.items():
        if (value := model.check(item, raw, every)) is None:
            continue
        try:
            if options is None:
                raise UnknownItem(exercise=model.slug, item=item)
            model.check(item, raw, options)
        except UnknownItem:
            beside += 1
        else:
            own[item] = value
    _not_too_many(model, own)
    return own, beside


def _not_too_many(model: Exercise, own: Mapping[str, Value]) -> None:
    """A list is as long as the page lets it be; raises `TooManyRows`."""
    for name, rows in Counter(item.partition(".")[0] for item in own if "." in item).items():
        asked = model.structure.item(name)
        if asked is not None and asked.kind == "rows" and rows > asked.most:
            raise TooManyRows(item=name, most=asked.most)


def _object(data: bytes) -> dict[str, Any]:
    """The JSON object of a file; raises `FileRefused` for anything else, however deep or odd."""
    try:
        told = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_without_twins, parse_constant=_no_number)
    except FileRefused:
        raise
    except (ValueError, RecursionError):
        raise FileRefused(why="other") from None
    if not isinstance(told, dict):
        raise FileRefused(why="other")
    return told


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise FileRefused(why="twice")
    return made


def _no_number(_word: str) -> None:
    raise FileRefused(why="other")


def _document(told: Mapping[str, Any]) -> AnswersFile:
    person, edition, answers = told.get("person", ""), told.get("edition", 0), told.get("exercises")
    if not isinstance(person, str) or (person and not _PERSON.fullmatch(person)):
        raise FileRefused(why="field", field="person")
    if type(edition) is not int or not 0 <= edition < MOST_EDITIONS:
        raise FileRefused(why="field", field="edition")
    if not isinstance(answers, dict) or not all(map(_is_answers, answers.items())):
        raise FileRefused(why="field", field="exercises")
    versions = told.get("versions", {})
    if not isinstance(versions, dict) or not all(type(one) is int and one > 0 for one in versions.values()):
        raise FileRefused(why="field", field="versions")
    sector = _word(told, "sector")
    if sector and sector not in {*Sector, *offered()}:
        raise FileRefused(why="field", field="sector")
    return AnswersFile(
        person, edition, _word(told, "lang"), cast(Answers, answers),
        Sector(sector) if sector else None, _word(told, "partner"), _word(told, "card"), versions,
    )  # fmt: skip


def _is_answers(pair: tuple[str, object]) -> bool:
    slug, own = pair
    return len(slug) <= LONGEST_ID and isinstance(own, dict) and all(len(item) <= LONGEST_ID for item in own)


def _word(told: Mapping[str, Any], name: str) -> str:
    word = told.get(name, "")
    if not isinstance(word, str) or len(word) > LONGEST_WORD:
        raise FileRefused(why="field", field=name)
    return word


def problem(error: KitError, lang: str) -> str:
    """Why a file is refused, in `lang`, as one line; what a forged file would say to a terminal is left out."""
    return "".join(ch if ch.isprintable() or ch.isspace() else "?" for ch in " ".join(error.tell(lang).splitlines()))
