"""Shared texts before others see them: the facilitator looks at each one and may strike it out.

Patterns find addresses and numbers; that a text names somebody, or tells a story that people recognize, only a
person sees. So a text that was released is told to the room only once the facilitator lets it pass, and it goes
from every screen and later report when it is struck out.

What was decided stands beside the released texts, by the text's own id: it says nothing of who wrote it, and goes
with the text. The list is the released one, shuffled there, and is made anew only when a release is: whoever looks
again and again learns nothing about who has just written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from kit.disclosure import Release
from kit.exercise import Exercise

SHOW: Final = "show"
STRIKE: Final = "strike"
# Ids of decisions about texts begin so; those about a list (see `kit.decisions`) are of another kind.
_TEXT: Final = "text:"


@dataclass(frozen=True)
class SharedText:
    """One shared text: `id` is the same whenever it is released again, `told` is how it reads."""

    id: str
    told: str
    state: Literal["waiting", "shown", "struck"]


def lines(model: Exercise, made: Release, decisions: Mapping[str, str], lang: str) -> tuple[SharedText, ...]:
    """All shared texts of a release, in its own shuffled order."""
    return tuple(
        SharedText(id, model.read_out(item, text, lang), _state(decisions.get(id, "")))
        for item, text, id in _texts(made)
    )


def passed(made: Release, decisions: Mapping[str, str]) -> Release:
    """The release with only those texts that the facilitator lets pass."""
    kept: dict[str, list[str]] = {}
    for item, text, id in _texts(made):
        if decisions.get(id) == SHOW:
            kept.setdefault(item, []).append(text)
    texts = {item: tuple(told) for item, told in kept.items()}
    # Of what waits or was struck out, nobody says that too few agreed.
    return replace(
        made, texts=texts, asked=tuple(item for item in made.asked if item in texts or item not in made.texts)
    )


def decided(made: Release, decisions: Mapping[str, str]) -> dict[str, str]:
    """What was decided about texts that are in this release; of one that has gone nothing stays."""
    ids = {id for _, _, id in _texts(made)}
    return {id: choice for id, choice in decisions.items() if id in ids}


def is_text(id: str) -> bool:
    """Whether a decision is about a shared text, not about a list."""
    return id.startswith(_TEXT)


def decide(made: Release, decisions: Mapping[str, str], id: str, choice: str) -> dict[str, str] | None:
    """What is decided once a text (with "", each one that waits) is shown, struck out, or (with "") put back.

    None when there is no such text or choice.
    """
    known = [one for _, _, one in _texts(made)]
    wanted = [id] if id else [one for one in known if not decisions.get(one)]
    if choice not in ("", SHOW, STRIKE) or not set(wanted) <= set(known):
        return None
    changed = {**decisions, **dict.fromkeys(wanted, choice)}
    return {one: chosen for one, chosen in changed.items() if chosen}


def _texts(made: Release) -> Iterator[tuple[str, str, str]]:
    for item, told in made.texts.items():
        for text in told:
            digest = hashlib.sha256(f"{item}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()
            yield item, text, f"{_TEXT}{digest[:24]}"


def _state(choice: str) -> Literal["waiting", "shown", "struck"]:
    return "shown" if choice == SHOW else "struck" if choice == STRIKE else "waiting"
