"""Join the report's sections into one self-contained page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kit.days import tell_day
from kit.reports.section import ReportSection
from kit.session import Session
from kit.texts import section

STYLES = (("kit.views", "kit.css"), ("kit.reports", "template/report.css"))


def page(session: Session, sections: Iterable[ReportSection], lang: str) -> str:
    """The whole HTML document: no script, nothing to load, no trace of the machine that made it."""
    environment = Environment(
        loader=PackageLoader("kit.reports", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Both are ours: sections come from the one renderer, which escapes, and style sheets are files of the kit.
    parts = [(one.id, one.title, Markup(one.html)) for one in sections]
    return environment.get_template("report.html.j2").render(
        lang=lang,
        title=session.title,
        date=session.made_on.isoformat(),
        day=tell_day(session.made_on, lang),
        sections=parts,
        css=Markup(_css()),
        texts=section(lang, "report.page"),
    )


def _css() -> str:
    texts = (files(package).joinpath(name).read_text("utf-8") for package, name in STYLES)
    return re.sub(r"/\*.*?\*/\s*", "", "\n".join(texts), flags=re.DOTALL)
