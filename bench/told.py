"""How much rooms are told of each exercise, with whichever kit can be imported: `python bench/told.py`, JSON.

It stands alone, so that `bench.usefulness` can run it with the kit as it was before. Every room goes through the
exercise's own rules, disclosure control and summary. An item counts as told when the summary would read otherwise
without it.

Rooms:

    rehearsed   what the kit's own simulated people answer
    uniform     every option as often as any other
    polarised   half at one end, half at the other
    consensual  nine of ten alike
    sectors     each sector of one mind, and of another than the next one
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from random import Random
from typing import Any

from kit.disclosure import ItemRelease, Release, release
from kit.exercise import Exercise, Question, exercises
from kit.session import Mode, Response, Sector

K = 5
SIZES = (6, 8, 12, 16, 24, 40, 100)
KINDS = ("rehearsed", "uniform", "polarised", "consensual", "sectors")
# So many rooms of each size and kind; of a story's forks and a partnership's statements there are enough in one.
ROOMS = 5
LANG = "en"
# As a rehearsal mixes them, in rooms of every size.
MIX = (Sector.SETTLEMENT,) * 9 + (Sector.ANTI_VIOLENCE,) * 8 + (Sector.MUNICIPAL,) * 5 + (Sector.HEALTH_HIV,) * 2
MOST_ALIKE = 0.9


def sectors_of(n: int) -> list[Sector]:
    """The sectors of a room of n, in the proportions of a rehearsal."""
    return sorted(MIX[at * len(MIX) // n if n < len(MIX) else at % len(MIX)] for at in range(n))


def every(model: Exercise) -> tuple[str, ...]:
    """All lenses of an exercise at once."""
    return tuple(lens.id for lens in model.structure.lenses)


def people(model: Exercise, kind: str, n: int, seed: int, lenses: tuple[str, ...] | None = None) -> list[Response]:
    """A room: each person's answers as disclosure control counts them, to some lenses or to all."""
    lenses = every(model) if lenses is None else lenses
    sectors = sectors_of(n)
    if kind == "rehearsed":
        return [_rehearsed(model, f"{seed}/{at}", sector, lenses) for at, sector in enumerate(sectors)]
    answers: list[dict[str, Any]] = [{} for _ in sectors]
    for question in model.questions(lenses):
        if not question.text:
            for one, said in zip(
                answers, _said(question, kind, sectors, Random(f"{seed}/{question.item}")), strict=True
            ):
                one[question.item] = said
    return [Response(f"{at:04}", sector, one) for at, (sector, one) in enumerate(zip(sectors, answers, strict=True))]


def _rehearsed(model: Exercise, seed: str, sector: Sector, lenses: tuple[str, ...]) -> Response:
    said = dict(model.rehearse(Random(seed), sector, LANG, lenses))
    return Response(seed, sector, model.counted(said, lenses))


def _said(question: Question, kind: str, sectors: Sequence[Sector], rng: Random) -> list[str]:
    """One answer for each person; who gives which is drawn, how many give it is not."""
    options, n = question.options, len(sectors)
    if kind == "sectors":
        minds = dict(zip(sorted(set(sectors)), _ends_first(options), strict=False))
        return [minds[sector] for sector in sectors]
    shares: Mapping[str, list[str]] = {
        "uniform": [options[at % len(options)] for at in range(n)],
        "polarised": [options[0] if at % 2 else options[-1] for at in range(n)],
        "consensual": [options[0] if at < MOST_ALIKE * n else options[-1] for at in range(n)],
    }
    return rng.sample(shares[kind], n)


def _ends_first(options: Sequence[str]) -> Iterator[str]:
    while True:
        yield options[0]
        yield options[-1]


def counts(model: Exercise, room: Sequence[Response], k: int = K) -> dict[str, int]:
    """Of how many items something is told, shares, a middle, sectors side by side; and how many there are."""
    lenses = every(model)
    asked, made = model.questions(lenses), released(model, room, lenses, k)
    items = [made.items.get(one.item) or _nothing(one.item) for one in asked if not one.text]
    whole = _summary(model, made, lenses)
    return {
        "items": len(items),
        "sure": sum(_is_sure(one) for one in items),
        "told": sum(_summary(model, _without(made, one), lenses) != whole for one in items),
        "bands": sum(one.shape == "bands" for one in items),
        "middle": sum(one.middle is not None for one in items),
        "sectors": sum(bool(one.groups) for one in items),
        "compared": sum(one.compare for one in asked),
        "shown": len(getattr(made, "most", ())),
        "traits": len(_options(model, lenses)),
    }


def released(model: Exercise, room: Sequence[Response], lenses: tuple[str, ...], k: int = K) -> Release:
    """What is let out of a room; of what people show by their choices too, where the kit knows of that."""
    asked = model.questions(lenses)
    if not _options(model, lenses):
        return release(model.slug, asked, room, k, Mode.ANONYMOUS).release
    return release(model.slug, asked, room, k, Mode.ANONYMOUS, None, None, model.traits(lenses)).release


def _options(model: Exercise, lenses: tuple[str, ...]) -> tuple[str, ...]:
    found = model.traits(lenses) if hasattr(model, "traits") else None
    return found.options if found else ()


def hears_something(model: Exercise, room: Sequence[Response], lenses: tuple[str, ...]) -> bool:
    """Whether there is an item without which the summary would read otherwise."""
    made = released(model, room, lenses)
    whole = _summary(model, made, lenses)
    return any(_summary(model, _without(made, one), lenses) != whole for one in made.items.values())


def _is_sure(one: ItemRelease) -> bool:
    """Whether a share or "most" is told, and not only that no answer stands out."""
    return one.shape != "hidden" and any(getattr(band, "low", 1) for band in one.bands)


def _summary(model: Exercise, made: Release, lenses: tuple[str, ...]) -> str:
    return repr(import_module(f"{model.package}.summary").summarise(model, made, LANG, lenses))


def _without(made: Release, one: ItemRelease) -> Release:
    return replace(made, items={**made.items, one.item: _nothing(one.item)})


def _nothing(item: str) -> ItemRelease:
    """Before there was one table for each item, what was told of it had to be said."""
    try:
        return ItemRelease(item)
    except TypeError:
        return ItemRelease(item, "hidden")


def measured(sizes: Sequence[int] = SIZES, kinds: Sequence[str] = KINDS, rooms: int = ROOMS) -> dict[str, Any]:
    """Exercise → kind → size → what is told, on average over the rooms."""
    return {
        slug: {
            kind: {str(n): _mean([counts(model, people(model, kind, n, seed)) for seed in range(rooms)]) for n in sizes}
            for kind in kinds
        }
        for slug, model in exercises().items()
    }


def _mean(rooms: Sequence[Mapping[str, int]]) -> dict[str, float]:
    return {name: sum(one[name] for one in rooms) / len(rooms) for name in rooms[0]}


if __name__ == "__main__":
    json.dump(measured(rooms=int(sys.argv[1]) if len(sys.argv) > 1 else ROOMS), sys.stdout)
