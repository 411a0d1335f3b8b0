"""A foresight in words, for trainers: what a workshop of so many people will and won't see of an exercise."""

from __future__ import annotations

from collections.abc import Mapping

from kit.disclosure.foresight import KINDS, Kind, KindForesight, foresee
from kit.exercise import Exercise
from kit.sectors import name_of
from kit.session import Mode
from kit.telling import in_order
from kit.texts import say


def foretold(
    model: Exercise,
    sectors: Mapping[str, int],
    mode: Mode,
    k: int,
    lang: str,
    options: tuple[str, ...] = (),
    partners: Mapping[str, int] | None = None,
) -> tuple[str, ...]:
    """Sentences on what a room of so many people by sector will be told of one exercise.

    partners  people by partner organization: in attributed mode, exercises that name partners go by them
    """
    by_partner = mode is Mode.ATTRIBUTED and model.structure.attributed
    seen = foresee(model.questions(options), (partners or {}) if by_partner else sectors, k)
    if by_partner and not partners:
        # Without knowing who belongs to whom, only what is said of all can be foreseen.
        seen = foresee(model.questions(options), {"": sum(sectors.values())}, k)
    if seen.people < k:
        return (_word(lang, "few_people", k=k),)
    lines = []
    for kind in KINDS:
        if seen.items[kind]:
            about = _word(lang, f"about_{kind}", count=seen.items[kind])
            lines.append(f"{about} {_told(lang, kind, seen.kinds[kind], k)}")
            lines += _groups(lang, seen.kinds[kind], by_partner)
    if model.traits(options) and seen.traits:
        lines.append(_word(lang, "traits"))
    if any(one.text for one in model.questions(options)):
        lines.append(_word(lang, "texts", k=k))
    return tuple(lines)


def _told(lang: str, kind: Kind, seen: KindForesight, k: int) -> str:
    if seen.told == "never":
        return _word(lang, "never")
    if kind.startswith("onward"):
        return _word(lang, "onward", n=seen.above)
    if seen.shares:
        return _word(lang, "fine" if seen.fine else "shares", n=seen.above)
    return _word(lang, "one_step" if seen.told == "always" else "perhaps", n=seen.above, k=k)


def _groups(lang: str, seen: KindForesight, by_partner: bool) -> list[str]:
    if not seen.groups:
        return []
    names = [one if by_partner else name_of(one, lang) for one in in_order(seen.groups)]
    return [_word(lang, "groups", groups="; ".join(names))]


def _word(lang: str, key: str, **details: object) -> str:
    return say(lang, f"foresight.{key}", **details)
