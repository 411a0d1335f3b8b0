"""A report as one page of HTML: no script, nothing to load, no trace of the machine that made it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup, escape

from kit.letters import printable
from kit.reports.document import Look, Report, ReportSection
from kit.texts import section
from kit.typeset import typeset
from kit.views.html import environment

STYLES = (("kit.views", "kit.css"), ("kit.reports", "template/report.css"))


def write(document: Report, look: Look) -> bytes:
    """The whole file, in UTF-8."""
    made = _filled(
        "report",
        document=document,
        look=look,
        logo=_logo(look),
        note=ReportSection("note", document.say("note"), document.note) if document.note else None,
        others={one.id: one for one in document.beside.all()} if document.beside else {},
        # Both are ours: sections come from the one renderer, which escapes, and style sheets are files of the kit.
        render=lambda part, level: Markup(render(document, part, level)),
        render_beside=lambda part, level: Markup(_render_beside(document, part, level)),
        css=Markup(css(document, look)),
        texts=document.words("page"),
    )
    return f"{made.lstrip()}\n".encode()


def _render_beside(document: Report, part: ReportSection, level: int) -> str:
    """The same section in the second language."""
    assert document.beside is not None
    return render(document.beside, part, level, f"-{document.beside.lang}")


def render(document: Report, part: ReportSection, level: int = 2, mark: str = "") -> str:
    """One section with its title at `level` (1-5), the headings in it one level deeper.

    `mark` ends every id, where the same section stands there in another language.
    """
    return _filled(
        "section",
        document=document,
        section=part,
        level=level,
        mark=mark,
        kind=lambda part: type(part).__name__,
        # Drawn by the kit, which escapes what it writes into it.
        drawing=lambda part: Markup(typeset(document.drawing(part))),
    )


def index(
    entries: Sequence[Mapping[str, object]], rollups: Sequence[tuple[str, str, str]], lang: str, look: Look
) -> str:
    """A page that leads to the files of a batch, and to roll-ups beside them: file, what it is called, its language."""
    style = Markup(f"{_css()}\n{_themed(look)}")
    named = Markup(index_rollups(rollups, lang))
    return f"{_filled('index', entries=entries, rollups=named, lang=lang, texts=_of_index(lang), css=style)}\n"


def index_rollups(rollups: Sequence[tuple[str, str, str]], lang: str) -> str:
    """The part of that page that leads to roll-ups."""
    return _filled("rollups", rollups=rollups, texts=_of_index(lang)).strip()


def _of_index(lang: str) -> dict[str, str]:
    return {name: typeset(told) for name, told in section(lang, "report.index").items() if isinstance(told, str)}


def head(document: Report, look: Look) -> str:
    """The style, title and day, for a notebook that shows the report part by part."""
    return _filled("head", document=document, css=Markup(css(document, look)))


def appendix_head(document: Report) -> str:
    """The appendix' title, with a word on what is in it."""
    title, lead = (escape(document.say(f"page.{one}")) for one in ("appendix", "appendix_lead"))
    return f"<h2>{title}</h2><p>{lead}</p>"


def _filled(template: str, **details: object) -> str:
    return printable(_environment().get_template(f"{template}.html.j2").render(details))


@cache
def _environment() -> Environment:
    return environment(ChoiceLoader([PackageLoader("kit.reports", "template"), PackageLoader("kit.views", ".")]))


def css(document: Report, look: Look) -> str:
    """The kit's own style, then what the theme says and what stands on each printed page."""
    foot = _quoted(" · ".join(filter(None, (look.name, document.head.title, document.head.day))))
    page = f"@page {{ size: {look.paper}; @bottom-left {{ content: {foot}; }} }}"
    return "\n".join(filter(None, (_css(), page, _themed(look))))


def _logo(look: Look) -> str:
    """The logo inside the page, so that nothing is loaded."""
    if look.logo is None:
        return ""
    return f"data:image/{look.logo.kind};base64,{b64encode(look.logo.data).decode()}"


def _themed(look: Look) -> str:
    font = f".kit {{ font-family: {_quoted(look.font)}, system-ui, sans-serif; }}" if look.font else ""
    colours = f".kit, .kit-page {{ --kit-accent: {look.accent}; --kit-tint: {look.tint}; }}"
    themed = f"@media (prefers-color-scheme: light), print {{ {colours} }}" if look != Look(paper=look.paper) else ""
    return f"{font}{themed}"


def _quoted(text: str) -> str:
    """A text as CSS writes it: whatever is in it, it ends neither the text nor the style sheet."""
    return '"' + "".join(one if one.isalnum() else f"\\{ord(one):x} " for one in text) + '"'


@cache
def _css() -> str:
    texts = (files(package).joinpath(name).read_text("utf-8") for package, name in STYLES)
    return re.sub(r"/\*.*?\*/\s*", "", "\n".join(texts), flags=re.DOTALL)
