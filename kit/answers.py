"""Is this answer allowed? One check for each kind of item; what comes back is what is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from kit.contact import contact_in
from kit.content import Column, Item, Scale
from kit.errors import AnswerRefused, TextIdentifies, TextTooLong
from kit.letters import printable
from kit.session import Value

# A row's key: its place in the list, so that rows sort in the order in which they were added.
ROW_KEY = re.compile(r"r[0-9a-z]{4}")
# Years in which a plan or a list can be: a year typed with two digits is a slip.
FIRST_YEAR, LAST_YEAR = 1900, 2199


def check_choice(item: Item, scales: Mapping[str, Scale], value: object) -> Value:
    """One option of the item's scale; raises `AnswerRefused`."""
    assert item.scale is not None
    if not isinstance(value, str) or value not in scales[item.scale].all:
        raise AnswerRefused(item=item.id)
    return value


def check_text(item: Item, value: object) -> Value | None:
    """`{"text": …, "share": bool}`, or None for an empty one; raises `AnswerRefused`, `TextTooLong`."""
    if not isinstance(value, dict) or set(value) - {"text", "share"}:
        raise AnswerRefused(item=item.id)
    share = value.get("share", False)
    if not isinstance(share, bool):
        raise AnswerRefused(item=item.id)
    text = tidy(item.id, value.get("text"), item.limit)
    return {"text": text, "share": share and item.share} if text else None


def check_row(item: Item, scales: Mapping[str, Scale], value: object) -> dict[str, Any] | None:
    """A row's fields by column, empty ones left out, and `share`; None when nothing is filled in.

    Raises `AnswerRefused`, `TextTooLong`, `TextIdentifies`.
    """
    columns = {column.id: column for column in item.columns}
    if not isinstance(value, dict) or set(value) - {"share", *columns}:
        raise AnswerRefused(item=item.id)
    share = value.get("share", False)
    if not isinstance(share, bool):
        raise AnswerRefused(item=item.id)
    checked = {name: _field(item, column, scales, value.get(name)) for name, column in columns.items()}
    row = {name: one for name, one in checked.items() if one}
    return {**row, "share": share and item.share} if row else None


def tidy(item_id: str, text: object, limit: int, **where: str) -> str:
    """A text with single spaces; raises `AnswerRefused` when it is none, `TextTooLong`; `where` goes with these."""
    if not isinstance(text, str):
        raise AnswerRefused(item=item_id, **where)
    if len(text) > limit:
        raise TextTooLong(item=item_id, length=len(text), limit=limit, **where)
    # What was copied from a PDF may hold characters that no XLSX, Word or SVG file can.
    return " ".join(printable(text).split())


def rows_of(answers: Mapping[str, Value], item_id: str) -> list[dict[str, Any]]:
    """The rows of a list among a person's answers, in the order in which they were added."""
    found = ((key.partition("."), value) for key, value in sorted(answers.items()))
    return [value for (name, dot, _), value in found if name == item_id and dot and isinstance(value, dict)]


def _field(item: Item, column: Column, scales: Mapping[str, Scale], value: object) -> str | list[str]:
    if value is None or value == "":
        return ""
    if column.kind == "text":
        text = tidy(item.id, value, column.limit, column=column.id)
        if not column.contact and (what := contact_in(text)):
            raise TextIdentifies(item=item.id, what=what, column=column.id)
        return text
    if column.kind == "date":
        return _day(item, value)
    assert column.scale is not None
    known = scales[column.scale].all
    if column.kind == "choice":
        if not isinstance(value, str) or value not in known:
            raise AnswerRefused(item=item.id)
        return value
    if not isinstance(value, list) or not all(isinstance(one, str) and one in known for one in value):
        raise AnswerRefused(item=item.id)
    return [one for one in known if one in value]


def _day(item: Item, value: object) -> str:
    try:
        day = date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise AnswerRefused(item=item.id) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise AnswerRefused(item=item.id)
    return day.isoformat()
