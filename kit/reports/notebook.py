"""What the cells of `notebooks/report.ipynb` call: read what was revealed, then show it part by part.

In a kernel, whoever runs the notebook names the session, and the store where it is not the one of KIT_STORE. In
`kit report`, the material is given beforehand and no store is opened (see `kit.reports.run`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
<<<<<<< HEAD
from datetime import date
from functools import wraps

from kit import regions, results
from kit.disclosure import Release
from kit.exercise import exercise
from kit.reports.section import ReportSection, Sections
from kit.session import Session
=======
from functools import cached_property
from typing import Any

from kit.errors import UnknownLanguage
from kit.reports.build import build
from kit.reports.document import Look, Report, ReportSection
from kit.reports.formats import html
from kit.reports.material import Material, find, gather
>>>>>>> 06b0986 (A report is one document: numbered, made in this process, in batches that finish)
from kit.store import Store
from kit.texts import languages
from kit.views import astray
<<<<<<< HEAD
from kit.views.html import render
from kit.views.support import pack
=======
>>>>>>> 06b0986 (A report is one document: numbered, made in this process, in batches that finish)

_given: ContextVar[Material | None] = ContextVar("given", default=None)


@contextmanager
def given(material: Material) -> Iterator[None]:
    """Inside, `load` takes this material and opens no store."""
    token = _given.set(material)
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
    material = _given.get()
    if material is None and not session:
        astray.tell("report")
        return None
    if material is None:
        with Store.open(store or None, existing=True) as opened:
            material = gather(opened, find(opened, session).id)
    lang = lang or material.session.lang
    if lang not in languages():
        raise UnknownLanguage(lang=lang, known=", ".join(languages()))
    return build(material, lang)


def head(document: Report | None) -> Output | None:
    """What the report is of, and the style of all that follows."""
    return Output(document, (), before=html.head(document, Look())) if document else None


def opening(document: Report | None) -> Output | None:
    """Page one."""
    return Output(document, document.opening) if document else None


def sections(document: Report | None) -> Output | None:
    """The main part."""
    return Output(document, document.sections) if document else None


<<<<<<< HEAD
@_of_a_workshop
def exercises(workshop: Workshop) -> Sections:
    """The group picture of each exercise, or that it was not revealed."""
    return Sections(
        workshop.section(f"exercise-{slug}", _picture(workshop, slug, made))
        for slug, made in workshop.revealed.items()
    )


@_of_a_workshop
def held_back(workshop: Workshop) -> Sections:
    """How many cells were held back and by which rule; never what they were."""
    tables = tuple(_held(workshop))
    told: tuple[Block, ...] = (Paragraph(workshop.say("held_intro" if tables else "nothing_held")), *tables)
    return Sections([workshop.section("held", Summary(workshop.say("held"), told))])


@_of_a_workshop
def next_steps(workshop: Workshop) -> Sections:
    """How to use the report with partners, and how long to keep it; then what the regional pack tells."""
    told = tuple(
        Bullets(tuple(part["items"]), part["title"]) for part in section(workshop.lang, "report.use").values()
    )
    sections = [workshop.section("use", Summary(workshop.say("use_heading"), told))]
    if region := pack():
        found = regions.told(region, workshop.lang, date.today())
        sections.append(ReportSection("region", found.title, render(found, region.lang(workshop.lang), LEVEL)))
    return Sections(sections)


def _picture(workshop: Workshop, slug: str, made: Release | None) -> Summary:
    if made is None:
        title = exercise(slug).texts(workshop.lang).title
        why = say(workshop.lang, "telling.other_form") if slug in workshop.unread else workshop.say("not_revealed")
        return Summary(title, (Paragraph(why, "note"),))
    plan = workshop.session.plan(slug)
    return results.summary(made, workshop.lang, plan.options if plan else ())


def _held(workshop: Workshop) -> Iterator[Table]:
    """A table for each part of the report in which something is missing: the rule's sentence, the number."""
    releases = {workshop.say("people"): workshop.people}
    for slug, made in workshop.revealed.items():
        if made is not None:
            releases[exercise(slug).texts(workshop.lang).title] = made
    columns = (workshop.say("why"), workshop.say("how_many"))
    for title, made in releases.items():
        rules = {rule: say(workshop.lang, f"disclosure.{rule}", k=made.k) for rule in made.hidden}
        if rules:
            rows = tuple((rules[rule], str(cells)) for rule, cells in made.hidden.items())
            yield Table(workshop.say("held_table", part=title), columns, rows)
=======
def appendix(document: Report | None) -> Output | None:
    """Details, the numbers behind the figures, what is not shown and why, the method."""
    if document is None:
        return None
    return Output(document, document.appendix, level=3, before=html.appendix_head(document))
>>>>>>> 06b0986 (A report is one document: numbered, made in this process, in batches that finish)
