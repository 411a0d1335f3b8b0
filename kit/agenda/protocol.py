"""An agenda as it went in one workshop: a table to keep, to print, or to prepare the next one with."""

from __future__ import annotations

from kit.agenda.course import Course
from kit.agenda.model import Agenda, BlockTexts
from kit.agenda.slots import Slot, block_at, slot_title
from kit.texts import say

COLUMNS = ("meeting_n", "block", "planned", "now_minutes", "state", "say", "watch", "debrief", "notes")


def protocol(agenda: Agenda, course: Course, lang: str) -> list[list[str]]:
    """Headings, then a row for each block in the order in which it came, with what the trainers wrote down."""
    planned = {one.id: one.minutes for one in agenda.structure.blocks}
    meeting = {one.id: n for n, part in enumerate(agenda.structure.meetings, 1) for one in part.blocks}
    rows, number = [[say(lang, f"agenda.protocol.{one}") for one in COLUMNS]], 1
    for slot in course.slots:
        number = meeting.get(slot.id, number)
        block = block_at(agenda.structure, slot)
        words = agenda.words(block, lang) if block else BlockTexts()
        minutes = str(planned[slot.id]) if slot.id in planned else ""
        lines = ["\n".join(one or ()) for one in (words.say, words.watch, words.debrief)]
        now = "" if slot.skipped else str(slot.minutes)
        title, notes = slot_title(agenda, slot, lang), course.notes.get(slot.id, "")
        rows.append([str(number), title, minutes, now, _state(slot, lang), *lines, notes])
    return rows


def _state(slot: Slot, lang: str) -> str:
    if slot.skipped:
        return say(lang, "agenda.console.is_skipped")
    return say(lang, "agenda.protocol.added") if slot.kind else ""
