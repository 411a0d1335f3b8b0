"""A board of resource mapping, as tests write it down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.exercises.resources.model import Model
from kit.files import Asked
from kit.session import Value

MODEL = Model("kit.exercises.resources")
PLAIN = {"type": "food", "name": "Cuisine du coin", "visibility": "public"}


def entry(**fields: Any) -> dict[str, Any]:
    """A public entry with these fields."""
    return {**PLAIN, **fields}


def board(*rows: Mapping[str, Any], **others: Value) -> dict[str, Value]:
    """A person's answers: entries in order, and choices."""
    return {**{f"entries.r{n:04}": dict(row) for n, row in enumerate(rows, 1)}, **others}


def asked(what: str, values: Mapping[str, Value], lang: str = "fr", data: bytes = b"") -> Asked:
    """What the page asks `files` for."""
    return Asked(what, values, lang, (), lambda _slug: {}, "liste.csv", data)
