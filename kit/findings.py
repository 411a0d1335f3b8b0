"""What a room said, in a few sentences: the findings of an exercise, from its release alone.

A finding is a statement with its number, and a question to take along. It is worked out from the safe tables of a
`Release` and from nothing else, so it tells nobody more than the summary does. Something is a finding only where it
stands alone: where two are alike, or where another answer to the same item is as sure, there is none.

An exercise's `summary` module has `findings(model, release, lang, options)`, its most telling one first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kit.disclosure import HALF, Band, ItemRelease
from kit.telling import Telling

# So many an exercise has at most, and so many stand on the first page.
OF_ONE = 3
FIRST_PAGE = 5
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Finding:
    """One thing that a room said, in one language.

    exercise   slug of the exercise that it comes from
    statement  one sentence; the number is in it
    number     the share alone as it is told ("50–75%", in per cent of all who took part in the exercise)
    question   what to ask partners about it
    weight     more than so many per cent said it: what most people said comes first
    about      the same for the same thing said in another workshop; empty where it is not to be compared
    least      the statement with nothing but that weight for its number
    """

    exercise: str
    statement: str
    number: str
    question: str
    weight: int
    about: str = ""
    least: str = ""


def foremost(told: Iterable[tuple[Thing, ItemRelease]], *options: str) -> tuple[Thing, Band] | None:
    """The one thing of which the most people surely said one of these options, with their share; see `alone`."""
    return alone((thing, one, options) for thing, one in told)


def alone(told: Iterable[tuple[Thing, ItemRelease, tuple[str, ...]]]) -> tuple[Thing, Band] | None:
    """The one of these that the most people surely said, with their share of all who took part.

    None where it may be nobody, where another was said by as many, or where to the same item something else was.
    """
    shares = [(thing, one, band) for thing, one, options in told if (band := _share(one, options)) and band.low]
    highest = max((band.low for _, _, band in shares), default=0)
    first = [(thing, one, band) for thing, one, band in shares if band.low == highest]
    if len(first) != 1:
        return None
    thing, one, band = first[0]
    cells = (*one.cells, *((one.beside,) if one.beside else ()))
    others = (cell.low for cell in cells if not set(cell.options) <= set(band.options))
    return None if any(low >= band.low for low in others) else (thing, band)


def finding(
    telling: Telling,
    key: str,
    found: tuple[Thing, Band] | None,
    name: Callable[[Thing], str],
    ask: Callable[[Thing], str] | None = None,
    **details: str,
) -> list[Finding]:
    """The finding `key` of an exercise; none where nothing was found.

    Its sentence is `finding_<key>` with `who` and `name`; its question is `ask`, or the sentence `finding_<key>_ask`.
    """
    if found is None:
        return []
    thing, band = found
    statement, least = (
        telling.say(f"finding_{key}", who=_who(telling, one), name=name(thing), **details)
        for one in (band, Band(band.options, band.low, 100))
    )
    question = ask(thing) if ask else telling.say(f"finding_{key}_ask")
    about = "/".join((key, name(thing), *details.values()))
    return [Finding(telling.slug, statement, telling.percent(band), question, band.low, about, least)]


def leading(by_exercise: Sequence[Sequence[Finding]], most: int = FIRST_PAGE) -> tuple[Finding, ...]:
    """The findings of several exercises that stand on the first page, in the order of the exercises.

    Each exercise has its first one before any has its second; among these, what the most people said goes before.
    """
    ranked = sorted(
        ((place, -one.weight, at, one) for at, own in enumerate(by_exercise) for place, one in enumerate(own)),
        key=lambda entry: entry[:3],
    )
    chosen = {id(one) for _, _, _, one in ranked[:most]}
    return tuple(one for own in by_exercise for one in own if id(one) in chosen)


def _share(one: ItemRelease, options: tuple[str, ...]) -> Band | None:
    if one.beside is not None and one.beside.options == options:
        return one.beside
    return one.union(*options)


def _who(telling: Telling, band: Band) -> str:
    """Who said it: the first words of a sentence."""
    if band.high < 100:
        return telling.word("who", n=band.range)
    return telling.word("who_most" if band.low == HALF else "who_above", n=band.low)


__all__ = ["Finding", "alone", "finding", "foremost", "leading"]
