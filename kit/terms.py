"""One name for one thing: `terms.yaml` says what each is called, and `kit check` holds every text to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, RootModel

from kit.errors import ContentFault
from kit.faults import faults_of
from kit.guides import folder as guides_in
from kit.sentences import flat
from kit.texts import languages
from kit.yamls import LOADER

FILE = "terms.yaml"
# Fenced code, code in a line, where a link leads, and titles of documents: they are what they are.
_LET_BE = re.compile(r"```.*?```|`[^`\n]+`|\]\([^)\n]*\)|(?<!\*)\*[^*\n]+\*(?!\*)", re.DOTALL)


class Name(BaseModel):
    """What one thing is called in one language, and the names that it once had."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    instead: tuple[str, ...] = Field(min_length=1)


class Names(RootModel[dict[str, dict[str, Name]]]):
    """`terms.yaml`."""


def check() -> list[ContentFault]:
    """What is wrong with the list itself, and each place in this installation's own texts, guides and READMEs."""
    package = files("kit")
    if found := faults_of(package, FILE, Names):
        return found
    inside = [fault for lang in languages() for fault in _of_language(package, lang)]
    inside += in_folder(package.joinpath("agenda", "blocks"))
    return inside + [fault for path, lang in _documents() for fault in in_document(path, lang)]


def in_folder(folder: Traversable | Path) -> list[ContentFault]:
    """The places in one folder's `<lang>.yaml` files: an exercise's, a story's, a region's."""
    found = []
    for lang in languages():
        path = folder.joinpath(f"{lang}.yaml")
        if path.is_file():
            found += _in_yaml(path, f"{folder.name}/{lang}.yaml", lang)
    return found


def in_document(path: Path, lang: str) -> list[ContentFault]:
    """The places in a Markdown file, each with its line."""
    text = path.read_text("utf-8")
    plain = _LET_BE.sub(lambda part: re.sub(r"[^\n]", " ", part[0]), text)
    return [
        ContentFault(file=f"{path.parent.name}/{path.name}", where=typed, fault="other_name", value=typed, name=name,
                     line=plain.count("\n", 0, at) + 1)
        for at, typed, name in _found(plain, lang)
    ]  # fmt: skip


def _of_language(package: Traversable, lang: str) -> Iterator[ContentFault]:
    for path in package.joinpath("texts", lang).iterdir():
        if path.name.endswith(".yaml"):
            yield from _in_yaml(path, f"{lang}/{path.name}", lang)


def _in_yaml(path: Traversable | Path, file: str, lang: str) -> list[ContentFault]:
    try:
        raw = yaml.load(path.read_text("utf-8"), LOADER)
    except (yaml.YAMLError, UnicodeDecodeError):
        return []  # told by whoever reads the file
    return [
        ContentFault(file=file, where=where, fault="other_name", value=typed, name=name)
        for where, said in flat(raw)
        if isinstance(said, str)
        for _, typed, name in _found(_LET_BE.sub(" ", said), lang)
    ]


def _documents() -> Iterator[tuple[Path, str]]:
    """Guides, and in a clone what lies beside the package: READMEs and documents."""
    for lang in languages():
        yield from ((path, lang) for path in sorted(guides_in(lang).glob("*.md")))
    root = Path(str(files("kit"))).parent
    for path in (*sorted(root.glob("README*.md")), *sorted(root.glob("docs/*.md"))):
        yield path, next((lang for lang in languages() if path.stem.endswith(f".{lang}")), "en")


def _found(text: str, lang: str) -> Iterator[tuple[int, str, str]]:
    """Each place with another name: where it begins, what stands there, what it is called."""
    for name, pattern in _patterns().get(lang, ()):
        for one in pattern.finditer(text):
            yield one.start(), " ".join(one[0].split()), name


@cache
def _patterns() -> Mapping[str, list[tuple[str, re.Pattern[str]]]]:
    names = Names.model_validate(yaml.load(files("kit").joinpath(FILE).read_text("utf-8"), LOADER)).root
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for by_lang in names.values():
        for lang, one in by_lang.items():
            others = "|".join(_pattern(other) for other in one.instead)
            whole = re.compile(rf"(?<![\w-])(?:{others})(?![\w-])", re.IGNORECASE)
            found.setdefault(lang, []).append((one.name, whole))
    return found


def _pattern(other: str) -> str:
    """A name as it may stand in a text: over the end of a line, with either apostrophe."""
    spelled = re.escape(other).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
    return spelled.replace("'", "['’]")
