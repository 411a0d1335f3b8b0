"""Lines in, lines out."""

from __future__ import annotations

from kit.errors import FileUnreadable
from kit.exercise import Exercise
from kit.files import Asked, File, Taken
from kit.summary import Paragraph, Summary

GIVES = ("csv",)
TAKES = {"csv": ".csv", "example": ""}


def give(model: Exercise, asked: Asked) -> File:
    lines = [str(value["what"]) for value in asked.values.values() if isinstance(value, dict)]
    return File("plan.csv", "text/csv", "\n".join(lines).encode())


def take(model: Exercise, asked: Asked) -> Taken:
    if b"\0" in asked.data:
        raise FileUnreadable(name=asked.name, reason="!")
    lines = asked.data.decode().split() or [str(value) for value in asked.elsewhere("other").values()]
    rows = {f"plan.r{place:04}": {"what": line, "share": False} for place, line in enumerate(lines)}
    return Taken(rows, Summary("Lines", (Paragraph(f"{len(rows)}"),)))
