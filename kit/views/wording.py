"""What a page says to somebody who is alone with it, where an exercise's own words speak of a group.

An exercise gives such a text among its `sentences`: `alone_intro`, `alone_<section>_lead`, `alone_<item>_hint`,
`alone_<item>_<column>_hint`, or `alone_<sentence>` for a sentence of a view of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WORDS = ("intro", "title", "lead", "text", "hint")


def for_one(content: Mapping[str, Any], sentences: Mapping[str, str]) -> dict[str, Any]:
    """The content of a page (`Exercise.content`), each text replaced for which there is another one."""
    told = _replaced(content, "", sentences)
    told["sections"] = [_section(part, sentences) for part in content["sections"]]
    if "says" in content:
        told["says"] = {key: sentences.get(f"alone_{key}", text) for key, text in content["says"].items()}
    return told


def _section(part: Mapping[str, Any], sentences: Mapping[str, str]) -> dict[str, Any]:
    items = [_item(item, sentences) for item in part["items"]]
    return _replaced(part, f"{part['id']}_", sentences) | {"items": items}


def _item(item: Mapping[str, Any], sentences: Mapping[str, str]) -> dict[str, Any]:
    told = _replaced(item, f"{item['id']}_", sentences)
    if "columns" in item:
        told["columns"] = [_replaced(one, f"{item['id']}_{one['id']}_", sentences) for one in item["columns"]]
    return told


def _replaced(part: Mapping[str, Any], name: str, sentences: Mapping[str, str]) -> dict[str, Any]:
    return {key: sentences.get(f"alone_{name}{key}", one) if key in WORDS else one for key, one in part.items()}
