"""An agenda as its guide has it: a table of minutes for each meeting, in Markdown."""

from __future__ import annotations

from kit.agenda.model import Agenda
from kit.texts import say


def tables(agenda: Agenda, lang: str) -> list[str]:
    """One table for each meeting: minutes, what happens, what is done at the laptop."""
    told = agenda.told(lang)
    head = "| " + " | ".join(say(lang, f"agenda.table_{name}") for name in ("minutes", "does", "laptop")) + " |"
    rule = "| --- | --- | --- |"
    made = []
    for meeting in agenda.structure.meetings:
        rows = [(one.minutes, told.blocks[one.id]) for one in meeting.blocks]
        lines = [f"| {minutes} | {words.does} | {words.laptop} |" for minutes, words in rows]
        made.append("\n".join([head, rule, *lines]))
    return made


def rewritten(text: str, agenda: Agenda, lang: str) -> str:
    """A guide's text with the tables of its agenda; what is not a table of minutes stays as it is."""
    made = tables(agenda, lang)
    head = made[0].split("\n", 1)[0]
    lines, out, at = text.split("\n"), [], 0
    while at < len(lines):
        if lines[at] == head and made:
            out.append(made.pop(0))
            while at < len(lines) and lines[at].startswith("|"):
                at += 1
        else:
            out.append(lines[at])
            at += 1
    return "\n".join(out)
