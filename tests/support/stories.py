"""One tiny story that is sound, as the content of its files: tests break it in one place at a time."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from kit.texts import languages

BEHAVIOURS = ("ask_first", "own_mistakes")

STRUCTURE: dict[str, Any] = {
    "id": "tiny",
    "version": 1,
    "source": ["S4-1"],
    "roles": ["settlement", "municipal"],
    "start": "opening",
    "scenes": [
        {
            "id": "opening",
            "choices": [
                {"id": "ask", "to": "end_well", "behaviour": "ask_first", "source": ["S0-17"]},
                {"id": "wait", "to": "silence"},
            ],
        },
        {
            "id": "silence",
            "strained": True,
            "choices": [
                {"id": "mend", "to": "end_well", "behaviour": "own_mistakes", "source": ["S0-19"], "repair": True},
                {"id": "again", "to": "opening"},
                {"id": "leave", "to": "end_apart"},
            ],
        },
        {"id": "end_well"},
        {"id": "end_apart"},
    ],
}


def texts(lang: str) -> dict[str, Any]:
    """The texts of the tiny story; each names its place, so that two are never alike."""
    choices = {
        scene["id"]: {
            choice["id"]: {which: f"{lang} {scene['id']} {choice['id']} {which}" for which in ("text", "gain", "cost")}
            for choice in scene["choices"]
        }
        for scene in STRUCTURE["scenes"]
        if "choices" in scene
    }
    scenes = {
        scene["id"]: {"text": f"{lang} {scene['id']} text"}
        | ({} if "choices" in scene else {"takeaway": f"{lang} {scene['id']} takeaway"})
        for scene in STRUCTURE["scenes"]
    }
    questions = {scene: f"{lang} {scene} question" for scene in choices}
    return {
        "title": f"{lang} title",
        "intro": f"{lang} intro",
        "scenes": scenes,
        "choices": choices,
        "questions": questions,
    }


def structure() -> dict[str, Any]:
    """The structure of the tiny story, to be changed."""
    return deepcopy(STRUCTURE)


def write(parent: Path, content: dict[str, Any], **told: dict[str, Any]) -> Path:
    """A story's folder; texts of a language are the tiny story's unless they are given."""
    folder = parent / str(STRUCTURE["id"])
    folder.mkdir(exist_ok=True, parents=True)
    (folder / "structure.yaml").write_text(yaml.safe_dump(content), "utf-8")
    for lang in languages():
        (folder / f"{lang}.yaml").write_text(yaml.safe_dump(told.get(lang, texts(lang)), allow_unicode=True), "utf-8")
    return folder
