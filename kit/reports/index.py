"""What a batch leaves beside its reports: a page that leads to each of them, and a table of what became of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kit.days import tell_day
from kit.reports.document import Look
from kit.reports.done import Folder
from kit.reports.formats import html
from kit.tables.writing import write_csv
from kit.texts import language_names, say, section

if TYPE_CHECKING:
    from kit.reports.batch import ReportOutcome

PAGE, TABLE = "index.html", "outcomes.csv"
_ROLLUP = re.compile(r"rollup-([a-z-]+)\.(\w+)")
# Where the page names them: what stands there is written anew.
_NAMED = re.compile(r'<section id="rollups"[^>]*>.*?</section>', re.DOTALL)
# Where a file lies is nobody's business who is handed this folder.
_PATH = re.compile(r"(?<![\w.])(?:[A-Za-z]:\\|/)[^\s'\"]+")


def write_index(folder: Folder, outcomes: Sequence[ReportOutcome], lang: str) -> None:
    """Write both, in the language of the person at the command line; raises `FolderUnwritable`."""
    head = tuple(section(lang, "report.index.columns").values())
    folder.write(TABLE, write_csv([head, *_rows(outcomes, lang)], lang))
    folder.write(PAGE, html.index(_entries(outcomes, lang), _rollups(folder), lang, Look()).encode())


def name_rollups(folder: Folder, lang: str) -> None:
    """Have the page that is there lead to the roll-ups too; without such a page, nothing."""
    try:
        page = (folder.path / PAGE).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return
    named = html.index_rollups(_rollups(folder), lang)
    new = _NAMED.sub(lambda _: named, page, count=1)
    if new != page:
        folder.write(PAGE, new.encode())


def _rollups(folder: Folder) -> list[tuple[str, str, str]]:
    """Each roll-up: its file, what it is called, its language."""
    names = language_names()
    found = (_ROLLUP.fullmatch(name) for name in folder.names("rollup-"))
    return [(one[0], f"{names.get(one[1], one[1])}, {one[2]}", one[1]) for one in found if one]


def _rows(outcomes: Sequence[ReportOutcome], lang: str) -> list[tuple[str, ...]]:
    return [
        (
            one.session.code if one.session else one.typed, one.session.title if one.session else "",
            one.session.made_on.isoformat() if one.session else "", one.lang, one.format,
            say(lang, f"report.index.states.{one.state}"), one.path.name if one.path else "", _told(one, lang),
        )
        for one in outcomes
    ]  # fmt: skip


def _told(one: ReportOutcome, lang: str) -> str:
    if one.problem:
        return _PATH.sub("…", one.problem)
    return "" if one.told else say(lang, "report.index.nothing")


def _entries(outcomes: Sequence[ReportOutcome], lang: str) -> list[dict[str, object]]:
    """A line for each session: its title and day, its files, and what went wrong."""
    found: dict[str, dict[str, object]] = {}
    for one in outcomes:
        session = one.session
        line = found.setdefault(
            session.id if session else one.typed,
            {
                "code": session.code if session else one.typed, "title": session.title if session else "",
                "day": tell_day(session.made_on, lang) if session else "", "files": [], "told": {},
            },
        )  # fmt: skip
        files, told = line["files"], line["told"]
        assert isinstance(files, list)
        assert isinstance(told, dict)
        if one.path:
            files.append((one.path.name, f"{language_names().get(one.lang, one.lang)}, {one.format}", one.lang))
        if word := _told(one, lang):
            told[word] = None
    return sorted(found.values(), key=lambda line: (str(line["title"]).casefold(), str(line["code"])))


__all__ = ["PAGE", "TABLE", "name_rollups", "write_index"]
