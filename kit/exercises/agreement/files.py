"""The draft as a file: a Word document or one web page that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from kit.exercises.agreement.document import draft
from kit.exercises.agreement.model import Model
from kit.files import Asked, File

GIVES = ("docx", "html")
TAKES: Mapping[str, str] = {}
_MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
}


def give(model: Model, asked: Asked) -> File:
    """The draft that this person's answers make."""
    from kit.exercises.agreement import web, word

    made = draft(model, asked.values, asked.lang, asked.options)
    written = {"docx": word.write, "html": web.write}[asked.what](made)
    return File(f"document.{asked.what}", _MEDIA[asked.what], written)
