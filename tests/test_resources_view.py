"""The board's view: entries that look alike, and the messages that merge two of them."""

from __future__ import annotations

import json
from difflib import SequenceMatcher
from random import Random
from typing import Any

import comm
import pytest
from comm.base_comm import BaseComm

from kit.directory.likeness import merged, plain_name, suggest
from kit.exercises.resources.view import View
from kit.session import Answer, Value
from tests.support.mapping import MODEL, entry

# ---- entries that look alike


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Cuisine du coin", "La cuisine du Coin", True),
        ("Centre d'aide Étoile du Nord", "Étoile du nord", True),
        ("Clinique Beausoleil", "Clinique Beau Soleil", True),
        ("École de langue Rive", "École de langue Riv", True),
        ("Clinique du parc", "Clinique du lac", False),
        ("Garderie Soleil", "Garderie Lune", False),
        ("Centre", "Service", False),
    ],
)
def test_alike_names(one: str, other: str, alike: bool) -> None:
    rows = {"r0001": entry(name=one), "r0002": entry(name=other)}
    assert bool(suggest(rows)) is alike
    assert suggest({**rows, "r0002": entry(name=other, type="health")}) == []


def test_suggestions_are_few_and_quick_on_a_full_board() -> None:
    rows = {f"r{n:04}": entry(name=f"Cuisine numéro {n}") for n in range(300)}
    assert len(suggest(rows)) <= 20
    assert plain_name("L'Étoile du Nord") == plain_name("Nord étoile")


def test_names_made_to_be_compared_slowly_hold_nobody_up_and_hide_no_other_pair(monkeypatch) -> None:
    """One seat's list of such names kept console and room for minutes."""
    slow = []
    ratio = SequenceMatcher.ratio
    monkeypatch.setattr(SequenceMatcher, "ratio", lambda self: slow.append(self) or ratio(self))
    chance = Random(1)
    letters = list("abcdefghijkl" * 9)
    crafted = {f"r{n:04}": entry(name="".join(chance.sample(letters, len(letters)))) for n in range(300)}
    mine = {"r1000": entry(name="Clinique Beausoleil"), "r1001": entry(name="Clinique Beau Soleil")}
    assert ("r1000", "r1001") in suggest({**crafted, **mine})
    assert 0 < len(slow) <= 20 * 302 / 2
    assert all(len(one.a) <= 48 and len(one.b) <= 48 for one in slow)


def test_a_merged_entry_keeps_the_narrower_circle_and_the_newer_check() -> None:
    one = entry(visibility="public", access=["online"], checked="2025-01-01", checked_by="reception", knowledge="well")
    two = entry(
        name="Autre", visibility="partners", access=["evenings", "online"], checked="2026-01-01", knowledge="a_little",
        languages="dari",
    )  # fmt: skip
    assert merged(one, two) == {
        "type": "food", "name": "Cuisine du coin", "visibility": "partners", "access": ["online", "evenings"],
        "checked": "2026-01-01", "knowledge": "well", "languages": "dari",
    }  # fmt: skip


# ---- the view's messages


class Line(BaseComm):
    """The line to the page: keeps what was sent."""

    def publish_msg(self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **_: Any) -> None:
        self.__dict__.setdefault("sent", []).append(json.loads(json.dumps(data)))


@pytest.fixture
def view(monkeypatch: pytest.MonkeyPatch) -> tuple[View, dict[str, Value]]:
    monkeypatch.setattr(comm, "create_comm", lambda *args, **kwargs: Line(*args, **kwargs))
    store: dict[str, Value] = {}

    def save(item: str, value: Value | None, revision: int) -> int:
        store.pop(item, None)
        if value is not None:
            store[item] = value
        return revision + 1

    first = {
        f"entries.r000{n}": Answer(f"entries.r000{n}", entry(name=name), 1)
        for n, name in enumerate(("Cuisine du coin", "La cuisine du coin", "Frigo libre"), 1)
    }
    store |= {item: one.value for item, one in first.items()}
    return View(model=MODEL, lang="fr", options=(), answers=first, save=save, is_open=True, styled=False), store


def hear(made: View, content: object) -> list[dict[str, Any]]:
    sent = made.comm.__dict__["sent"]
    sent.clear()
    made.comm.handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})
    return [one["content"] for one in sent if one["method"] == "custom"]


def test_alike_entries_are_suggested_and_merged_only_when_asked(view: tuple[View, dict[str, Value]]) -> None:
    made, store = view
    pair = ["entries.r0001", "entries.r0002"]
    assert hear(made, {"kind": "alike"}) == [{"kind": "alike", "pairs": [pair]}]
    assert len(store) == 3
    said = hear(made, {"kind": "merge", "keep": pair[0], "drop": pair[1]})
    assert [one["kind"] for one in said] == ["answers", "merged", "alike"]
    assert said[-1]["pairs"] == []
    assert sorted(store) == ["entries.r0001", "entries.r0003"]
    assert set(made.values()) == set(store)


@pytest.mark.parametrize(
    "message",
    [
        {}, {"keep": "entries.r0001"}, {"keep": "entries.r0001", "drop": "entries.r0001"}, {"keep": 1, "drop": 2},
        {"keep": "area", "drop": "entries.r0001"}, {"keep": "entries.r0001", "drop": "entries.r9999"},
        {"keep": ["x"], "drop": {}},
    ],
)  # fmt: skip
def test_a_merge_of_anything_else_changes_nothing(view: tuple[View, dict[str, Value]], message: dict[str, Any]) -> None:
    made, store = view
    before = dict(store)
    assert hear(made, {"kind": "merge", **message}) == []
    assert store == before


def test_a_closed_board_merges_nothing(view: tuple[View, dict[str, Value]]) -> None:
    made, store = view
    made.set_open(False)
    said = hear(made, {"kind": "merge", "keep": "entries.r0001", "drop": "entries.r0002"})
    assert said[0]["kind"] == "trouble"
    assert len(store) == 3
