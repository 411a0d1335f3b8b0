"""What the page for evaluators says of each statement of the partnership evaluation, made from the content.

    .venv/bin/python -m tests.support.statement_table fr
"""

from __future__ import annotations

import sys

from kit.content import Item
from kit.exercise import exercise
from kit.exercises.partnership.model import Model

YES = {"en": "yes", "fr": "oui"}


def model() -> Model:
    found = exercise("partnership")
    assert isinstance(found, Model)
    return found


def row(item: Item, lang: str) -> str:
    """| statement | lenses | places in the sources | whether it is sensitive |"""
    lenses = ", ".join(f"`{lens}`" for lens in item.lenses)
    sensitive = YES[lang] if item.sensitive else ""
    return f"| {model().texts(lang).text(item.id)} | {lenses} | {', '.join(item.source)} | {sensitive} |"


def rows(lang: str) -> list[str]:
    return [row(item, lang) for item in model().statements(model().unnamed)]


if __name__ == "__main__":
    print("\n".join(rows(sys.argv[1])))
