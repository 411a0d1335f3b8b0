"""What the cells of `report.ipynb` and `rollup.ipynb` in `notebooks/desk` call: read what was revealed, then show it.

In a kernel, whoever runs the notebook names the session, and the store where it is not the one of KIT_STORE. In
`kit report`, what makes the document is given beforehand and no store is opened (see `kit.reports.run`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kit.errors import UnknownLanguage
from kit.reports.build import build
from kit.reports.document import Look, Report, ReportSection
from kit.reports.formats import html
from kit.reports.material import Several, gather
from kit.reports.rollup import build_rollup
from kit.store import Store
from kit.texts import default_language, languages
from kit.views import astray

_given: ContextVar[Callable[[], Report] | None] = ContextVar("given", default=None)


@contextmanager
def given(make: Callable[[], Report]) -> Iterator[None]:
    """Inside, `load` and `load_rollup` take the document that this makes, and open no store."""
    token = _given.set(make)
    try:
        yield
    finally:
        _given.reset(token)


@dataclass(frozen=True)
class Output:
    """What a cell shows: a part of the report, as HTML and as plain words."""

    document: Report
    sections: tuple[ReportSection, ...]
    level: int = 2
    before: str = ""

    @cached_property
    def html(self) -> str:
        """Its sections, in the page's style."""
        beside = self.document.beside
        others = {one.id: one for one in beside.all()} if beside else {}
        parts = []
        for one in self.sections:
            parts.append(html.render(self.document, one, self.level))
            if beside and one.id in others:
                parts.append(html.render(beside, others[one.id], self.level, f"-{beside.lang}"))
        return f'<div class="kit report" lang="{self.document.lang}">{self.before}{"".join(parts)}</div>'

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": "\n".join(one.title for one in self.sections)}


def load(store: str, session: str, lang: str = "") -> Report | None:
    """The report of a session as a document; `lang` is the workshop's unless it is named.

    Raises `UnknownSession`, `UnknownLanguage` and what `Store.open` raises. None, after it has said how a report is
    made, where the notebook was opened by itself and no session is named.
    """
    if make := _given.get():
        return make()
    if not session:
        astray.tell("report")
        return None
    with Store.open(store or None, existing=True) as opened:
        material = gather(opened, opened.sessions.named(session).id)
    return build(material, _known(lang or material.session.lang))


def load_rollup(store: str, sessions: str, lang: str = "", title: str = "") -> Report | None:
    """The roll-up of sessions, named by codes with spaces or commas between; otherwise as `load`."""
    if make := _given.get():
        return make()
    named = sessions.replace(",", " ").split()
    if not named:
        astray.tell("report")
        return None
    with Store.open(store or None, existing=True) as opened:
        every = dict.fromkeys(opened.sessions.named(one).id for one in named)
        several = Several(tuple(gather(opened, one) for one in every), title)
    return build_rollup(several, _known(lang or default_language()))


def _known(lang: str) -> str:
    if lang not in languages():
        raise UnknownLanguage(lang=lang, known=", ".join(languages()))
    return lang


def head(document: Report | None) -> Output | None:
    """What the report is of, and the style of all that follows."""
    return Output(document, (), before=html.head(document, Look())) if document else None


def opening(document: Report | None) -> Output | None:
    """Page one."""
    return Output(document, document.opening) if document else None


def sections(document: Report | None) -> Output | None:
    """The main part."""
    return Output(document, document.sections) if document else None


def appendix(document: Report | None) -> Output | None:
    """Details, the numbers behind the figures, what is not shown and why, the method."""
    if document is None:
        return None
    return Output(document, document.appendix, level=3, before=html.appendix_head(document))
