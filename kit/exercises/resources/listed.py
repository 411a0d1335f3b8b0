"""An entry as the group may have it: a text that passes disclosure control, and the entry that such a text holds.

The text is JSON in one form only, so that two people who write the same give the same text. What is about the
person who made the entry is not in it, nor what could lead to them or to a door: how well they know the service,
whether they work with it, in which role they checked it, its web page, its line. Of the day of the last check the
month is left: with `checked_by` gone, a full date would still tell when somebody called, and it looks like a phone
number.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from kit.answers import check_row
from kit.content import Item, Structure, Texts
from kit.directory.entries import Row, is_public, what_leads
from kit.errors import KitError
from kit.letters import spelled

ENTRIES: Final = "entries"
FIELDS: Final = (
    "type", "name", "organization", "offers", "served", "languages", "interpreting", "access", "who_can_come", "refer",
    "waiting", "checked",
)  # fmt: skip
_MONTH: Final = len("2026-01")


def text_of(structure: Structure, row: Row) -> str:
    """What the group may have of a person's entry; empty when it is not public, or not as the rules have it."""
    return written(structure, row) if is_public(row) else ""


def written(structure: Structure, row: Row) -> str:
    """The fields of a row that the group may have, as text; empty when `row_of` would not take it back."""
    fields = {name: _seen(row[name]) for name in FIELDS if row.get(name)}
    if isinstance(fields.get("checked"), str):
        fields["checked"] = fields["checked"][:_MONTH]
    made = _checked(_item(structure), structure, fields)
    return _json(made) if made else ""


def row_of(structure: Structure, text: str) -> dict[str, Any] | None:
    """The entry that stands in a released text; None unless it is, letter by letter, what `written` makes of it."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or set(fields) - set(FIELDS):
        return None
    made = _checked(_item(structure), structure, fields)
    return made if made and _json(made) == text else None


def rows_of(structure: Structure, texts: Iterable[str]) -> list[dict[str, Any]]:
    """The entries that stand in released texts, by type and name; what is none is left out."""
    types = structure.scales["type"].options
    rows = [(row, text) for text in texts if (row := row_of(structure, text)) is not None]
    rows.sort(key=lambda one: (types.index(one[0]["type"]), *identity(one[0]), one[1]))
    return [row for row, _ in rows]


def identity(row: Row) -> tuple[str, str]:
    """What makes two entries of one type identical, however they are spelled: name and organization."""
    return spelled(row["name"]), spelled(row.get("organization", ""))


def named(texts: Texts, row: Row) -> str:
    """The name of a service, with its organization where it is known."""
    if not row.get("organization"):
        return str(row["name"])
    return texts.say("named_of", name=row["name"], organization=row["organization"])


def _checked(item: Item, structure: Structure, fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """The fields as the rules of a row have them, in their fixed order; None when any of them breaks a rule."""
    month = fields.get("checked")
    whole = {**fields, "checked": f"{month}-01"} if month is not None else dict(fields)
    try:
        row = check_row(item, structure.scales, whole) or {}
    except KitError:
        return None
    if month is not None:
        row["checked"] = row["checked"][:_MONTH]
    if not (row.get("type") and row.get("name")):
        return None
    if any(what_leads(row[column.id]) for column in item.columns if column.kind == "text" and column.id in row):
        return None
    return {name: row[name] for name in FIELDS if name in row}


def _seen(value: Any) -> Any:
    """A text without characters that nobody sees: written as JSON, their numbers would look like a phone's."""
    if not isinstance(value, str):
        return value
    return " ".join("".join(one for one in value if unicodedata.category(one) != "Cc" or one.isspace()).split())


def _json(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def _item(structure: Structure) -> Item:
    item = structure.item(ENTRIES)
    assert item is not None
    return item
