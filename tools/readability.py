"""How easy each text is to read: every guide, exercise, story and page of the interface, in each language.

French is measured with Kandel and Moles's form of Flesch's reading ease (higher is easier; 60 is plain), English with
the Automated Readability Index (a school grade; lower is easier), both by `textstat`. A measure counts letters and
words: it finds long sentences, and says nothing of whether a text is right, kind or clear.

    python tools/readability.py [--worst N]
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
WORST = 10
# So many sentences of each are named.
LONGEST = 3
# Fewer words than these say little: labels, menus.
LEAST_WORDS = 120
# Of the interface, what only programs, authors and whoever types commands read is left out.
NOT_READ = {"cards", "language", "calls", "cli", "check", "new", "disclosure"}
# The higher, the harder: what is put in order.
MEASURES = {"fr": ("flesch_reading_ease", -1), "en": ("automated_readability_index", 1)}
_HIDDEN = re.compile(r"```.*?```|`[^`\n]*`|\[S\d-\d+[a-z]?\]|\{\w+\}", re.DOTALL)
# A sentence may end inside quotation marks.
_END = re.compile(r"(?:(?<=[.?!])|(?<=[.?!][”»])|(?<=[.?!] »))\s+(?!»)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Measured:
    """One text with its score."""

    name: str
    lang: str
    words: int
    score: float
    longest: tuple[str, ...]


def main() -> None:
    """Write the worst of each language with their longest sentences, and the middle of all."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--worst", type=int, default=WORST, metavar="N")
    most = asked.parse_args().worst
    for lang, (measure, sign) in MEASURES.items():
        found = sorted(measured(lang), key=lambda one: -sign * one.score)
        middle = found[len(found) // 2].score
        _tell(f"\n{lang}: {measure}, {len(found)} texts, middle {middle:.1f}; hardest first")
        for one in found[:most]:
            _tell(f"{one.score:7.1f}  {one.words:5d} words  {one.name}")
            for sentence in one.longest:
                _tell(f"{'':22}{len(sentence.split())}: {sentence}")


def measured(lang: str) -> Iterator[Measured]:
    """Every text of one language that is long enough to be measured."""
    import textstat

    textstat.set_lang(lang)
    for name, text in texts(lang):
        words = len(text.split())
        if words >= LEAST_WORDS:
            longest = sorted(_END.split(text), key=lambda one: -len(one.split()))[:LONGEST]
            yield Measured(name, lang, words, getattr(textstat, MEASURES[lang][0])(text), tuple(longest))


def texts(lang: str) -> Iterator[tuple[str, str]]:
    """Each text by its name, as sentences: no code, no marks."""
    readme = ROOT / ("README.md" if lang == "en" else f"README.{lang}.md")
    for path in (*sorted((ROOT / "facilitation" / lang).glob("*.md")), readme):
        yield str(path.relative_to(ROOT)), _plain(path.read_text("utf-8"))
    for path in sorted((ROOT / "kit" / "texts" / lang).glob("*.yaml")):
        if path.stem not in NOT_READ:
            yield str(path.relative_to(ROOT)), _said(path)
    for path in sorted((ROOT / "kit").glob(f"exercises/**/{lang}.yaml")):
        yield str(path.relative_to(ROOT)), _said(path)


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _plain(markdown: str) -> str:
    """Markdown as sentences: a heading, a cell and a line of a list each end where they end."""
    body = markdown.split("---\n", 2)[2] if markdown.startswith("---\n") else markdown
    body = _LINK.sub(r"\1", _HIDDEN.sub("", body))
    written = (line for line in body.splitlines() if not re.match(r"^[|\s:-]+$", line))
    lines = [re.sub(r"^[\s>#*\-\d.\[\]x]*|\*", "", line) for line in written]
    return _sentences(part for line in lines for part in line.split("|"))


def _said(path: Path) -> str:
    return _sentences(_leaves(yaml.safe_load(path.read_text("utf-8"))))


def _leaves(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for below in node.values():
            yield from _leaves(below)
    elif isinstance(node, list):
        for below in node:
            yield from _leaves(below)
    elif isinstance(node, str):
        yield _HIDDEN.sub("", node)


def _sentences(parts: Iterator[str]) -> str:
    """A label of a few words is no sentence: it would make any text look easy."""
    kept = (" ".join(part.split()) for part in parts)
    return " ".join(one if one[-1] in ".?!" else f"{one}." for one in kept if len(one.split()) >= 4)


if __name__ == "__main__":
    main()
