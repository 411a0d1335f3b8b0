"""Figures as a Markdown table, in files that hold other things too: only what stands between marks is replaced."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bench.machine import described
from bench.rows import Figure, words

RESULTS = Path(__file__).parent / "results.md"
START, END = "<!-- {name}:{lang} -->", "<!-- /{name}:{lang} -->"


def markdown(figures: Sequence[Figure], lang: str) -> str:
    """The table, and below it how it was measured, machine, versions and date."""
    how = "\n".join(f"- {one}" for one in words()["how"][lang])
    return f"{rows(words()['head'][lang], [one.cells(lang) for one in figures])}\n\n{how}\n\n{described(lang)}"


def rows(head: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    """A Markdown table; every column but the first and the last holds numbers."""
    line = ["---", *("---:" for _ in head[1:-1]), "---"]
    return "\n".join(f"| {' | '.join(one)} |" for one in [head, line, *cells])


def write(path: Path, name: str, by_lang: dict[str, str]) -> None:
    """Put each text between its marks; a file without them gets them at its end."""
    text = path.read_text("utf-8") if path.exists() else ""
    for lang, told in by_lang.items():
        text = replaced(text, name, lang, told) or text + ("\n" if text else "") + _marked(name, lang, told) + "\n"
    path.write_text(text, "utf-8")


def write_where_marked(path: Path, name: str, by_lang: dict[str, str]) -> bool:
    """The same for a file that decides by its marks which of the texts it shows, if any."""
    text = path.read_text("utf-8") if path.exists() else ""
    before = text
    for lang, told in by_lang.items():
        text = replaced(text, name, lang, told) or text
    if text != before:
        path.write_text(text, "utf-8")
    return text != before


def replaced(text: str, name: str, lang: str, told: str) -> str | None:
    """`text` with what stands between the marks replaced; None without marks."""
    start, end = (re.escape(mark.format(name=name, lang=lang)) for mark in (START, END))
    found = re.compile(f"{start}.*?{end}", re.DOTALL)
    return found.sub(lambda _: _marked(name, lang, told), text) if found.search(text) else None


def _marked(name: str, lang: str, told: str) -> str:
    return f"{START.format(name=name, lang=lang)}\n{told}\n{END.format(name=name, lang=lang)}"
