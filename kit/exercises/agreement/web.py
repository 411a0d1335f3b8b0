"""The draft as one self-contained web page: no script, no address, every text escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from kit.exercises.agreement.document import Draft, Listed


def write(made: Draft) -> bytes:
    """The page, in UTF-8."""
    page = _template().render(draft=made, is_list=lambda part: isinstance(part, Listed), is_text=_is_text)
    return page.encode("utf-8")


def _is_text(cell: object) -> bool:
    return isinstance(cell, str)


@cache
def _template() -> Template:
    return Environment(
        loader=PackageLoader("kit.exercises.agreement", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("draft.html.j2")
