"""The released numbers as JSON, for programs: names of fields in English, what people read in the report's language."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from kit.reports.data import CodebookLine, Number
from kit.reports.document import Look, Report

# Grows when a program that reads the file would misread it.
FORM = 1


def write(document: Report, _look: Look) -> bytes:
    """The whole file, in UTF-8; numbers look like no theme."""
    found, words = document.data(), document.words("data")
    told = {
        "form": FORM,
        "title": document.head.title,
        "day": document.head.date.isoformat(),
        "lang": document.lang,
        "rule": words["rule_meaning"],
        "fields": document.words("data.meaning"),
        "people": [
            {**_workshop(workshop), "group_id": group, "group": name, "people": people}
            for workshop, group, name, people in found.people
        ],
        "codebook": [_asked(one) for one in found.codebook],
        "numbers": [_number(one) for one in found.numbers],
    }
    return f"{json.dumps(told, ensure_ascii=False, indent=1)}\n".encode()


def _workshop(workshop: tuple[str, date]) -> dict[str, str]:
    return {"workshop": workshop[0], "day": workshop[1].isoformat()}


def _asked(one: CodebookLine) -> dict[str, Any]:
    return {
        "exercise_id": one.exercise, "exercise": one.title, "version": one.version, "item": one.item,
        "part": one.part, "question": one.text, "apart": list(one.apart),
        "options": [{"option": option, "label": label} for option, label in one.options],
    }  # fmt: skip


def _number(one: Number) -> dict[str, Any]:
    return {
        **_workshop(one.workshop), "exercise_id": one.asked.exercise,
        "item": one.asked.item, "group_id": one.group, "group": one.group_name,
        "options": list(one.options), "answer": one.answer, "above": one.above, "most": one.most,
        "people": None if one.group else one.people,
    }  # fmt: skip
