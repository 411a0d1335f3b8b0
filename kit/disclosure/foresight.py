"""What a room will and won't be told, from its head counts and k alone: before anybody has answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from kit.disclosure.groups import groups_shown
from kit.disclosure.steps import SPARE, SPARE_SENSITIVE, is_even, steps
from kit.disclosure.tables import FINE_FROM
from kit.disclosure.traits import kinds
from kit.exercise import Question

# "never" and "always" are promises; "perhaps" depends on the answers.
Told = Literal["never", "perhaps", "always"]
# "onward": only who has chosen something before is asked this (the forks of a story after the first).
Kind = Literal["open", "sensitive", "onward_open", "onward_sensitive"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True)
class KindForesight:
    """What will be told of items of one kind.

    told    whether something is: "perhaps" only where more than `above` per cent choose one side; of what lies onward,
            only where at least so many are told to have come there
    above   the lowest step, in per cent; None where nothing is told
    shares  whether shares lie between several steps, instead of one
    fine    whether a scale is told option by option
    groups  the groups that may be set side by side, where they lean clearly; none where they never are
    """

    told: Told
    above: int | None
    shares: bool
    fine: bool
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Foresight:
    """What a room will be told.

    items   how many there are, by kind
    texts   whether shared texts may be told, if k people agree
    traits  whether it may be told what more than half have shown by their choices
    """

    people: int
    k: int
    kinds: Mapping[Kind, KindForesight]
    items: Mapping[Kind, int]
    texts: bool
    traits: bool = False


def foresee(questions: Iterable[Question], sizes: Mapping[str, int], k: int) -> Foresight:
    """What a room of so many people by group (sector, or partner) will be told of these, once all answered."""
    people, asked = sum(sizes.values()), list(questions)
    by_kind: dict[Kind, list[Question]] = {kind: [] for kind in KINDS}
    for one in asked:
        if not one.text:
            by_kind[kind_of(one)].append(one)
    return Foresight(
        people,
        k,
        {kind: _of_kind(kind, sizes, k, any(one.compare for one in found)) for kind, found in by_kind.items()},
        {kind: len(found) for kind, found in by_kind.items()},
        people >= k and any(one.text for one in asked),
        bool(kinds(people, k)),
    )


def kind_of(question: Question) -> Kind:
    """Of which kind a choice is."""
    if question.within:
        return "onward_sensitive" if question.sensitive else "onward_open"
    return "sensitive" if question.sensitive else "open"


def _of_kind(kind: Kind, sizes: Mapping[str, int], k: int, compared: bool) -> KindForesight:
    n, sensitive, onward = sum(sizes.values()), kind.endswith("sensitive"), kind.startswith("onward")
    menu = steps(n, k, sensitive)
    if not menu:
        return KindForesight("never", None, False, False, ())
    # How many come to a fork is a matter of the answers before it.
    told: Told = "always" if is_even(n, k, sensitive) and not onward else "perhaps"
    shown = groups_shown(sizes, k, SPARE_SENSITIVE if sensitive else SPARE) if compared else []
    groups = tuple(shown) if len(shown) > 1 else ()
    return KindForesight(told, menu[0], len(menu) > 1, n // k >= FINE_FROM, groups)
