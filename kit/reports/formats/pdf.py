"""A report as a PDF for everyone (PDF/UA-1): tagged, with title, language, order and alternative texts.

Figures are vectors. How it looks is in kit/reports/template/report.typ; here is only what stands in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from kit.letters import printable
from kit.reports.document import Look, Part, Pictured, Report, ReportSection, Tabled
from kit.reports.press import compiled, drawings, soft, whole, widths
from kit.spoken import language_of
from kit.summary import Bullets, Heading, Paragraph, Quotes

# The language of a text is that which is written in Canada.
REGION = "CA"
PAPERS = {"a4": "a4", "letter": "us-letter"}
KINDS = {"png": "png", "jpeg": "jpg"}
Told = dict[str, Any]


def write(document: Report, look: Look) -> bytes:
    """The whole file; raises `PartMissing`."""
    (made,) = compiled("report.typ", _told(document, look), look.font, format="pdf", pdf_standards=["ua-1"])
    return made


def pages(document: Report, look: Look, ppi: int) -> list[bytes]:
    """Each page as a picture (PNG), to be looked at: `ppi` dots for an inch. Raises `PartMissing`."""
    return compiled("report.typ", _told(document, look), look.font, format="png", ppi=ppi)


def _told(document: Report, look: Look) -> Told:
    """All that the template reads, as plain data."""
    head, beside = document.head, document.beside
    return {
        "lang": document.lang,
        "region": REGION,
        "title": soft(head.title),
        "kinds": [head.kind, *([beside.head.kind] if beside else [])],
        "day": head.day,
        "running": soft(look.name or head.kind),
        "foot": document.say("page.foot"),
        "contents": document.say("page.contents"),
        "look": _look(look),
        "columns": 1 if document.wide else 2,
        "beside": bool(beside) and not document.wide,
        "note": [_part(document, one, "") for one in document.note],
        "opening": _sections(document, document.opening, beside.opening if beside else ()),
        "sections": _sections(document, document.sections, beside.sections if beside else ()),
        "appendix": {
            "title": document.say("page.appendix"),
            "lead": document.say("page.appendix_lead"),
            "sections": _sections(document, document.appendix, beside.appendix if beside else ()),
        },
    }


def _look(look: Look) -> Told:
    logo = look.logo
    return {
        "accent": look.accent,
        "tint": look.tint,
        "paper": PAPERS[look.paper],
        "logo": None if logo is None else {"bytes": list(logo.data), "kind": KINDS[logo.kind], "alt": logo.alt},
    }


def _sections(document: Report, own: Sequence[ReportSection], beside: Sequence[ReportSection]) -> list[list[Told]]:
    """Each section, in a file of two languages with the same one in the other."""
    made = []
    for one, other in zip_longest(own, beside):
        made.append([_section(document, one, "")])
        if other is not None and document.beside is not None:
            made[-1].append(_section(document.beside, other, f"-{document.beside.lang}"))
    return made


def _section(document: Report, one: ReportSection, mark: str) -> Told:
    """`mark` makes ids unique where the same section stands there in another language."""
    parts = [_part(document, part, mark) for part in one.parts]
    return {"id": f"{one.id}{mark}", "lang": one.lang or document.lang, "title": soft(one.title), "parts": parts}


def _part(document: Report, one: Part, mark: str) -> Told:
    if isinstance(one, Heading):
        return {"kind": "heading", "text": soft(one.text), "id": one.id and f"{one.id}{mark}"}
    if isinstance(one, Paragraph):
        return {"kind": "paragraph", "text": soft(one.text), "tone": one.tone}
    if isinstance(one, Bullets):
        return {"kind": "bullets", "title": soft(one.title), "items": soft(whole(one))}
    if isinstance(one, Quotes):
        items = [
            {"text": document.say("page.quote", text=soft(item)), "lang": language_of(item) or document.lang}
            for item in one.items
        ]
        return {"kind": "quotes", "title": soft(one.title), "items": items}
    return _table(document, one, mark) if isinstance(one, Tabled) else _figure(document, one, mark)


def _table(document: Report, one: Tabled, mark: str) -> Told:
    return {
        "kind": "table",
        "id": f"{one.id}{mark}",
        "number": document.say("page.table", n=one.number),
        "title": soft(one.table.title),
        "columns": soft(one.table.columns),
        "rows": soft(one.table.rows),
        "widths": widths(one.table),
    }


def _figure(document: Report, one: Pictured, mark: str) -> Told:
    return {
        "kind": "figure",
        "id": f"{one.id}{mark}",
        "number": document.say("page.figure", n=one.number),
        "title": soft(one.figure.title),
        "alt": printable(one.figure.alt),
        "drawings": drawings(document, one),
        "twin": {"id": f"{one.table_id}{mark}", "said": document.say("page.twin", n=one.table)},
    }
