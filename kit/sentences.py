"""What `kit check` says of texts: those of the interface in every language, and those that are still to be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import yaml
from pydantic import RootModel

from kit.errors import ContentFault
from kit.faults import faults_of
from kit.texts import FALLBACK, languages, texts
from kit.yamls import LOADER

# Stands before a text that `kit new` has left to be written.
MARK = "??"


def check() -> list[ContentFault]:
    """Every fault of `kit/texts`: a sentence that a language lacks, has too many, or has not written yet."""
    wanted = {part: dict(flat(known)) for part, known in texts(FALLBACK).items()}
    own = [fault for lang in languages() for part, there in wanted.items() for fault in _part(lang, part, there)]
    return own + list(_blocks())


def _blocks() -> Iterator[ContentFault]:
    """What is still to be written of the words that agendas share."""
    folder = files("kit").joinpath("agenda", "blocks")
    for lang in languages():
        path = folder.joinpath(f"{lang}.yaml")
        if path.is_file():
            yield from unwritten(yaml.load(path.read_text("utf-8"), LOADER), f"blocks/{lang}.yaml")


class _Part(RootModel[dict[str, Any]]):
    """A file of sentences."""


def _part(lang: str, part: str, there: Mapping[str, object]) -> list[ContentFault]:
    folder, name = files("kit.texts").joinpath(lang), f"{part}.yaml"
    if found := faults_of(folder, name, _Part):
        return found
    own, file = yaml.load(folder.joinpath(name).read_text("utf-8"), LOADER), f"{lang}/{name}"
    here = dict(flat(own))
    return [
        *(ContentFault(file=file, where=one, fault="text_missing") for one in sorted(there.keys() - here.keys())),
        *(ContentFault(file=file, where=one, fault="foreign") for one in sorted(here.keys() - there.keys())),
        *unwritten(own, file),
    ]


def unwritten(content: Mapping[str, Any], file: str) -> list[ContentFault]:
    """One fault for a file in which texts are still to be written; it names the first and says how many."""
    found = [where for where, text in flat(content) if isinstance(text, str) and text.startswith(MARK)]
    return [ContentFault(file=file, where=found[0], fault="unwritten", n=len(found), mark=MARK)] if found else []


def flat(node: object, at: str = "") -> Iterator[tuple[str, object]]:
    """Every leaf below a node with its dotted name."""
    if isinstance(node, Mapping):
        for name, below in node.items():
            yield from flat(below, f"{at}.{name}" if at else str(name))
    elif isinstance(node, (list, tuple)):
        for number, below in enumerate(node):
            yield from flat(below, f"{at}.{number}")
    else:
        yield at, node
