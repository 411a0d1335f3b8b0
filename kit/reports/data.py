"""The released numbers of a session as data, with a codebook: what a report tells in words, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kit import summaries
from kit.disclosure import HALF, TOGETHER, Band, ItemRelease, Release
from kit.exercise import Question, exercise
from kit.reports.material import Material
from kit.sectors import name_of
from kit.typeset import typeset


@dataclass(frozen=True)
class CodebookLine:
    """A line of the codebook: a question, and what it may be answered.

    item     id of the question in its exercise, whose version is `version`
    part     what it stands under; `text` is the question
    options  id and label of each answer; `apart` are the ids of those beside the scale
    """

    exercise: str
    title: str
    version: int
    item: str
    part: str
    text: str
    options: tuple[tuple[str, str], ...]
    apart: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """A released share: more than `above` and at most `most` per cent chose one of `options`.

    workshop  title of the workshop, and the day on which it was held
    group   "" for all who took part in the exercise; else a sector's or partner's id, of whom it is a share
    people  at least so many took part in the exercise
    """

    workshop: tuple[str, date]
    asked: CodebookLine
    group: str
    group_name: str
    options: tuple[str, ...]
    answer: str
    above: int
    most: int
    people: int


@dataclass(frozen=True)
class Data:
    """Every released number, and the questions that were asked, also those of which nothing is told.

    people  who took part: the workshop, a group's id ("" for all), its name, and how many they were at least
    """

    numbers: tuple[Number, ...] = ()
    codebook: tuple[CodebookLine, ...] = ()
    people: tuple[tuple[tuple[str, date], str, str, int], ...] = ()


def data(material: Material, lang: str, revealed: Mapping[str, Release]) -> Data:
    """The numbers of these releases."""
    workshop = typeset(material.session.title), material.session.made_on
    numbers: list[Number] = []
    codebook: list[CodebookLine] = []
    for slug, made in revealed.items():
        plan = material.session.plan(slug)
        options = plan.options if plan else ()
        fitting = summaries.fitting(made, options)
        voted = [one for one in exercise(slug).votes(options) if one.item in fitting.items]
        for question in (*exercise(slug).questions(options), *voted):
            if not question.text:
                codebook.append(_asked(slug, question, lang))
                if one := fitting.items.get(question.item):
                    numbers += _numbers(workshop, codebook[-1], one, fitting, lang)
        if (traits := exercise(slug).traits(options)) and fitting.most:
            # Of what people show by their choices, each is told as a share of its own.
            codebook.append(_asked(slug, Question(traits.item, traits.options), lang))
            shown = tuple(Band((one,), HALF, 100) for one in fitting.most)
            one = ItemRelease(traits.item, traits.options, shown)
            numbers += _numbers(workshop, codebook[-1], one, fitting, lang)
    people = ((workshop, *told) for told in _people(material.shown.people, lang))
    return Data(tuple(numbers), tuple(codebook), tuple(people))


def data_since(first: Material, now: Material, lang: str) -> Data:
    """The numbers of what has moved for people who came to two workshops, where something was frozen of it."""
    title = f"{typeset(first.session.title)} → {typeset(now.session.title)}"
    numbers: list[Number] = []
    codebook: list[CodebookLine] = []
    for slug, (made, options) in (now.shown.since.told if now.shown.since else {}).items():
        for question in exercise(slug).asked_since(options):
            codebook.append(_asked(slug, question, lang))
            if one := made.items.get(question.item):
                numbers += _numbers((title, now.session.made_on), codebook[-1], one, made, lang)
    return Data(tuple(numbers), tuple(codebook))


def together(every: Iterable[Data]) -> Data:
    """The data of several sessions as one; each question stands once in its codebook."""
    found = list(every)
    return Data(
        tuple(number for one in found for number in one.numbers),
        tuple(dict.fromkeys(asked for one in found for asked in one.codebook)),
        tuple(people for one in found for people in one.people),
    )


def _asked(slug: str, question: Question, lang: str) -> CodebookLine:
    model = exercise(slug)
    named = model.named(question, lang)
    options = tuple((one, typeset(named.options[one])) for one in (*question.options, *question.apart))
    title, part, text = (typeset(told) for told in (model.texts(lang).title, named.part, named.text))
    return CodebookLine(slug, title, model.version, question.item, part, text, options, question.apart)


def _numbers(
    workshop: tuple[str, date], asked: CodebookLine, one: ItemRelease, made: Release, lang: str
) -> Iterator[Number]:
    labels = dict(asked.options)

    def number(band: Band, group: str = "") -> Number:
        name = "" if not group else name_of(group, lang) if made.by == "sector" or group == TOGETHER else group
        answer = " / ".join(labels[option] for option in band.options)
        return Number(workshop, asked, group, name, band.options, answer, band.low, band.high, made.people)

    for band in (*one.cells, *((one.beside,) if one.beside else ())):
        yield number(band)
    for group, options in one.leanings.items():
        # No side with more than half of them: of the scale as a whole, that says nothing.
        yield number(Band(options, HALF, 100) if options else Band(one.scale, 0, 100), group)


def _people(made: Release, lang: str) -> Iterator[tuple[str, str, int]]:
    if made.people:
        yield "", "", made.people
    yield from ((group.id, name_of(group.id, lang), group.people) for group in made.groups)
