"""A block's place in the course of a workshop: the agenda's own, or what a trainer has put there live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kit.agenda.model import Agenda, AgendaStructure, Block, Step
from kit.exercise import exercise
from kit.texts import say

# What can be added.
KINDS: Final = ("break", "talk", "exercise")


@dataclass(frozen=True)
class Slot:
    """A block's place in the course. One that the trainer added has a `kind` and a `title` in their words (empty: the
    kit's); an exercise is named, and so is the `story` that the room plays together in it.
    """

    id: str
    minutes: int
    skipped: bool = False
    kind: str = ""
    title: str = ""
    exercise: str = ""
    story: str = ""


def block_at(agenda: AgendaStructure, slot: Slot) -> Block | None:
    """The agenda's block, or an added exercise as one; None for a break or a talk that was added."""
    if not slot.exercise:
        return next((one for one in agenda.blocks if one.id == slot.id), None)
    steps = steps_of(slot.minutes, bool(slot.story))
    return Block(
        id=slot.id, kind="exercise", minutes=slot.minutes, wall="step", phones="exercise", exercise=slot.exercise,
        story=slot.story or None, steps=steps,
    )  # fmt: skip


def steps_of(minutes: int, together: bool) -> tuple[Step, ...]:
    """The steps of an exercise that was added, with their share of its minutes: most of them to answer and to talk."""
    explain, picture = max(minutes // 8, 1), max(minutes // 8, 1)
    answer = max(minutes // 2, 1)
    talk = max(minutes - explain - answer - picture, 1)
    return (
        Step(id="explain", minutes=explain),
        Step(id="together" if together else "answer", minutes=answer),
        Step(id="picture", minutes=picture),
        Step(id="talk", minutes=talk),
    )


def slot_title(agenda: Agenda, slot: Slot, lang: str) -> str:
    """What a block is called; one that was added, in the trainer's words, or else in the kit's."""
    if slot.title or not slot.kind:
        return slot.title or agenda.title(slot.id, lang) or slot.id
    if not slot.exercise:
        return say(lang, f"agenda.console.add_{slot.kind}")
    stages = exercise(slot.exercise).stages(lang, (slot.story,)) if slot.story else ()
    return stages[0].group if stages else exercise(slot.exercise).texts(lang).title
