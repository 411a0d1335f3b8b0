"""A Summary as accessible, escaped HTML: one renderer for the screen, the console and the report."""

from __future__ import annotations

import html
import re
from functools import cache

from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from kit.spoken import language_of
from kit.summary import Drawn, Summary
from kit.texts import say

# So many lines of somebody's own picture are read on a small phone before it is unfolded.
FEW = 2
_OPENING = re.compile(r"<svg\b[^>]*>", re.DOTALL)
# "20–35 %": what is one number to a reader, and has two places where a line could break.
_RANGE = re.compile(r"\d+–\d+(?:\u00a0?%)?")
_SPOKEN = re.compile(r"\s(?:role|aria-label|aria-hidden)=\"[^\"]*\"")


# What `render` writes of a figure: under which key its drawing is kept, and the drawing.
_KEPT = re.compile(r'<figure [^>]*data-drawn="([^"]+)">.*?(<svg\b.*?</svg>)\s*<details>', re.DOTALL)


def render(summary: Summary, lang: str, heading_level: int = 2, seen: int | None = None) -> str:
    """The summary's title at `heading_level` (1-5), its blocks below it, headings one level deeper.

    With `seen`, blocks that come after so many are folded away.
    """
    from kit.figures import key

    return _template().render(
        summary=summary,
        level=heading_level,
        lang=lang,
        as_table=say(lang, "form.as_table"),
        seen=len(summary.blocks) if seen is None else seen,
        few=FEW,
        more_lines=say(lang, "form.profile_more"),
        rest=say(lang, "form.picture_rest"),
        kind=lambda block: type(block).__name__,
        key=lambda figure: key(figure, lang),
        picture=lambda figure: Markup(picture(figure, lang)),
    )


def drawings(told: str) -> dict[str, str]:
    """The drawings in what `render` has written, by their keys (`kit.figures.key`)."""
    return {found[1]: found[2] for found in _KEPT.finditer(told)}


def picture(figure: Drawn, lang: str) -> str:
    """The drawing as one image with one name: what a reader hears is the text alternative, not its parts."""
    from kit.figures import svg

    drawn = svg(figure, lang)
    drawn = drawn[drawn.index("<svg") :]
    label = html.escape(figure.alt, quote=True)
    return _OPENING.sub(lambda tag: _named(tag[0], label), drawn, count=1)


def _named(tag: str, label: str) -> str:
    return _SPOKEN.sub("", tag)[:-1] + f' role="img" aria-label="{label}">'


def environment(loader: BaseLoader) -> Environment:
    """Templates that write out what they are given as text, and know in which language a quoted text is."""
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals["spoken"] = language_of
    made.globals["called"] = _called
    made.filters["ranges"] = _ranges
    return made


def _ranges(text: str) -> Markup:
    """The text, each range of numbers in one line."""
    return Markup(_RANGE.sub(lambda found: f'<span class="kit-range">{found[0]}</span>', str(escape(text))))


def _called(text: str, calls: tuple[tuple[str, str], ...]) -> Markup:
    """A statement in which each number is a link that calls it, and stays in one line."""
    told = escape(text)
    for number, to in calls:
        link = Markup('<a class="kit-call" href="{}">{}</a>').format(to, number)
        told = Markup(told.replace(escape(number), link, 1))
    return told


@cache
def _template() -> Template:
    return environment(PackageLoader("kit.views", ".")).get_template("summary.html.j2")
