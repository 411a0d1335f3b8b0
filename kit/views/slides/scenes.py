"""A place of a story at which the room is, with its lettered choices, in the largest letters that fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kit.summary import Bullets, Paragraph, Summary
from kit.views.slides.stage import GAP, HEADING, LINE, Slide, Space, filled, lines

# Letters of a scene with its choices; where even the last of them do not fit, the choices have a slide of their own.
SCENE, APART, LEAST = (1.8, 1.6, 1.45, 1.3, 1.15), (2.2, 2.0, 1.8, 1.65, 1.5, 1.4, 1.3, 1.2, 1.1, 1.0), 1.0
# What the letter before a choice takes.
LETTER = 2.0

_SENTENCES = re.compile(r"(?<=[.!?…]) (?=\S)")
_LETTERED = re.compile(r"([A-Z])\. (.+)", re.DOTALL)


def scene_slides(summary: Summary, way: str, space: Space) -> Iterator[Slide]:
    """The scene with its lettered choices, in the largest letters that fit; else each on a slide of its own."""
    text = next((one.text for one in summary.blocks if isinstance(one, Paragraph) and one.tone == "plain"), "")
    ask = next((one.text for one in summary.blocks if isinstance(one, Paragraph) and one.tone == "question"), "")
    lead, options = next(
        ((one.title, [_letter_of(item) for item in one.items]) for one in summary.blocks if isinstance(one, Bullets)),
        ("", []),
    )
    room = space.high - lines(summary.title, space.wide, HEADING, True) * HEADING * LINE - GAP
    room -= LINE + GAP if way else 0

    def size(sizes: Sequence[float], *parts: Mapping[str, Any]) -> float:
        fits = (one for one in sizes if sum(_scene_height(part, one, space) for part in parts) <= room)
        return next(fits, 0.0)

    told, choices = {"text": text, "ask": ask}, {"lead": lead, "options": options}
    common = {"kind": "scene", "title": summary.title, "way": way}
    if fits := size(SCENE, told, choices):
        yield {**common, **told, **choices, "size": fits}
        return
    nothing = {"text": "", "ask": "", "lead": "", "options": []}
    for part in (told, choices):
        if fits := size(APART, part):
            yield {**common, **nothing, **part, "size": fits}
            continue
        for some in _apart(part, room, space):
            yield {**common, **nothing, **some, "size": LEAST}


def _apart(part: Mapping[str, Any], room: float, space: Space) -> Iterator[Slide]:
    """A part of a scene that is too long for one slide: sentence by sentence, or choice by choice."""
    if options := part.get("options"):
        lead = _scene_height({"lead": part["lead"]}, LEAST, space)
        for some in filled(options, room - lead, lambda one: _scene_height({"options": [one]}, LEAST, space)):
            yield {"lead": part["lead"], "options": some}
        return
    told = [{"text": one} for one in _SENTENCES.split(part["text"])] + [{"ask": part["ask"]}] * bool(part["ask"])
    for some in filled(told, room, lambda one: _scene_height(one, LEAST, space) - GAP):
        text = " ".join(one["text"] for one in some if "text" in one)
        yield {"text": text, "ask": next((one["ask"] for one in some if "ask" in one), "")}


def _scene_height(part: Mapping[str, Any], size: float, space: Space) -> float:
    words = [(part.get("text", ""), False), (part.get("lead", ""), True), (part.get("ask", ""), True)]
    high = sum(lines(one, space.wide, size, bold) * size * LINE + GAP for one, bold in words if one)
    rows = [lines(text, space.wide - LETTER * size - 1.5, size) * size * LINE for _, text in part.get("options", ())]
    return high + sum(row + 2 * GAP for row in rows)


def _letter_of(told: str) -> tuple[str, str]:
    found = _LETTERED.fullmatch(told)
    return (found[1], found[2]) if found else ("", told)
