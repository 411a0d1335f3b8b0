"""What the cells of `notebooks/desk/report.ipynb` call: read what was revealed, then show it part by part.

In a kernel, whoever runs the notebook names the session, and the store where it is not the one of KIT_STORE. In
`kit report`, the material is given beforehand and no store is opened (see `kit.reports.run`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kit.errors import UnknownLanguage
from kit.reports.build import Selection, build
from kit.reports.document import Look, Report, ReportSection
from kit.reports.formats import html
from kit.reports.material import Material, find, gather
from kit.store import Store
from kit.texts import languages
from kit.views import astray

_given: ContextVar[tuple[Material, Selection] | None] = ContextVar("given", default=None)


@contextmanager
def given(material: Material, choice: Selection) -> Iterator[None]:
    """Inside, `load` takes this material and opens no store."""
    token = _given.set((material, choice))
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
        parts = [html.render(self.document, one, self.level) for one in self.sections]
        return f'<div class="kit report" lang="{self.document.lang}">{self.before}{"".join(parts)}</div>'

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": "\n".join(one.title for one in self.sections)}


def load(store: str, session: str, lang: str = "") -> Report | None:
    """The report of a session as a document; `lang` is the workshop's unless it is named.

    Raises `UnknownSession`, `UnknownLanguage` and what `Store.open` raises. None, after it has said how a report is
    made, where the notebook was opened by itself and no session is named.
    """
    material, choice = _given.get() or (None, Selection())
    if material is None and not session:
        astray.tell("report")
        return None
    if material is None:
        with Store.open(store or None, existing=True) as opened:
            material = gather(opened, find(opened, session).id)
    lang = lang or material.session.lang
    if lang not in languages():
        raise UnknownLanguage(lang=lang, known=", ".join(languages()))
    return build(material, lang, choice)


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
