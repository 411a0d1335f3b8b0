"""The facilitator's guides, which come with the package: Markdown in each language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from kit.errors import MistypedGuide, UnknownGuide

# The way in: what there is, and in which order to read it.
FIRST = "README"
# How much of a mistyped word must be right (of 1) for another one to be named.
ALIKE = 0.8


def folder(lang: str) -> Path:
    """Where the guides of a language lie: in the package, or beside it in a clone."""
    package = Path(str(files("kit")))
    inside = package / "facilitation"
    return (inside if inside.is_dir() else package.parent / "facilitation") / lang


def guides(lang: str) -> dict[str, str]:
    """The name of each guide with its title; the one to start with comes first."""
    found = sorted(folder(lang).glob("*.md"), key=lambda file: (file.stem != FIRST, file.stem))
    return {file.stem: str(_parts(file)[0]["title"]) for file in found}


def guide(name: str, lang: str) -> str:
    """A guide's text, its title first; `name` as it is listed, in any case. Raises `UnknownGuide`, `MistypedGuide`."""
    wanted = name.lower().removesuffix(".md").replace("_", "-")
    for known in guides(lang):
        if known.lower().replace("_", "-") == wanted:
            return _parts(folder(lang) / f"{known}.md")[1].lstrip()
    names = guides(lang)
    if near := _nearest(wanted, names):
        raise MistypedGuide(guide=name[:64], nearest=near, known=", ".join(names))
    raise UnknownGuide(guide=name[:64], known=", ".join(names))


def _nearest(wanted: str, names: Mapping[str, str]) -> str:
    """The guide whose name, or a word of whose name or title, is most like what was typed; empty where none is."""
    said = {name.lower().replace("_", "-"): name for name in names}
    for name, title in names.items():
        for word in re.findall(r"[^\W_]{4,}", f"{name} {title}".lower()):
            said.setdefault(word, name)
    return next((said[near] for near in get_close_matches(wanted[:64], said, n=1, cutoff=ALIKE)), "")


def _parts(file: Path) -> tuple[dict[str, Any], str]:
    """What a guide's head says of it, and its text."""
    _, head, text = file.read_text("utf-8").split("---\n", 2)
    return yaml.safe_load(head), text
