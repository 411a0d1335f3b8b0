"""What a room will and won't be told, from its head counts and k alone: before anybody has answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from kit.disclosure.groups import groups_shown
from kit.disclosure.steps import SPARE, SPARE_SENSITIVE, is_even, steps
from kit.disclosure.tables import FINE_FROM
from kit.exercise import Question

# "never" and "always" are promises; "perhaps" depends on the answers.
Told = Literal["never", "perhaps", "always"]
Kind = Literal["open", "sensitive"]


@dataclass(frozen=True)
class KindForesight:
    """What will be told of items of one kind.

    told    whether something is: "perhaps" only where more than `above` per cent choose one side
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
    """What a room will be told. `texts`: whether shared texts may be, if k people agree. `items`: how many by kind."""

    people: int
    k: int
    kinds: Mapping[Kind, KindForesight]
    items: Mapping[Kind, int]
    texts: bool


def foresee(questions: Iterable[Question], sizes: Mapping[str, int], k: int) -> Foresight:
    """What a room of so many people by group (sector, or partner) will be told of these, once all answered."""
    people, asked = sum(sizes.values()), list(questions)
    choices = [one for one in asked if not one.text]
    sensitive = sum(one.sensitive for one in choices)
    compared = {one.sensitive for one in choices if one.compare}
    return Foresight(
        people,
        k,
        {
            "open": _of_kind(sizes, k, sensitive=False, compared=False in compared),
            "sensitive": _of_kind(sizes, k, sensitive=True, compared=True in compared),
        },
        {"open": len(choices) - sensitive, "sensitive": sensitive},
        people >= k and any(one.text for one in asked),
    )


def _of_kind(sizes: Mapping[str, int], k: int, *, sensitive: bool, compared: bool) -> KindForesight:
    n = sum(sizes.values())
    menu = steps(n, k, sensitive)
    if not menu:
        return KindForesight("never", None, False, False, ())
    told: Told = "always" if is_even(n, k, sensitive) else "perhaps"
    shown = groups_shown(sizes, k, SPARE_SENSITIVE if sensitive else SPARE) if compared else []
    groups = tuple(shown) if len(shown) > 1 else ()
    return KindForesight(told, menu[0], len(menu) > 1, n // k >= FINE_FROM, groups)
