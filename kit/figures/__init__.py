"""Draw a figure of a Summary as an SVG that stands inside an HTML page, for screen and report alike.

The picture is made for a phone (see `pen`). It carries its text as text, in the page's own font. Numbers
also stand in the figure's table twin, which the renderer shows beside it.

A kind of figure beside bars and dots is a class in `kit.summary` and a module here that is called as the
class, in small letters, with `draw(pen, figure) -> None`.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from importlib import import_module
from threading import Lock
from typing import Any, Final

from kit.figures.charts import draw, legend_of
from kit.figures.inline import digest, inline
from kit.figures.pen import PAPER, Pen
from kit.summary import Drawn, Figure

_RC: Final[dict[Any, Any]] = {"svg.fonttype": "none", "font.family": ["DejaVu Sans"]}

# Grows when figures are drawn in another way: what was kept of the earlier one is drawn anew.
FORM: Final = 1

# So many drawings a process keeps, each some 50 KB: a result of which only the words changed is not drawn anew.
KEPT: Final = 48

# matplotlib's settings belong to the whole process, and pages may be drawn in several threads.
_SETTINGS = Lock()


def key(figure: Drawn, lang: str) -> str:
    """The same for the same figure in the same language, and for nothing else: under it, its drawing is kept."""
    return f"{FORM}-{digest(figure, lang)}"


@lru_cache(maxsize=KEPT)
def svg(figure: Drawn, lang: str) -> str:
    """`figure` as `<svg>`: the same bytes for the same figure, ids of its own, nothing external.

    It fills its container up to a readable width. `figure.alt` is its accessible name. Bars and dots with
    many rows become several `<svg>` one after another, each with the legend, so that none is taller
    than a printed page; assistive technology meets the first one only.
    """
    if not isinstance(figure, Figure):
        painter = import_module(f"{__package__}.{type(figure).__name__.lower()}")
        raw, _ = _draw(figure, lang, lambda pen: int(painter.draw(pen, figure) or 0))
        return inline(raw, figure, lang, first=True)
    rows = (replace(row, bars=tuple(bar for bar in row.bars if bar.percent > 0)) for row in figure.rows)
    figure = replace(figure, rows=tuple(rows))
    legend = legend_of(figure)
    pieces: list[str] = []
    start = 0
    while start < len(figure.rows) or not pieces:
        piece = replace(figure, rows=figure.rows[start:])
        raw, drawn = _draw(piece, lang, partial(draw, figure=piece, legend=legend))
        pieces.append(inline(raw, piece, lang, first=not pieces))
        start += max(drawn, 1)
    return "".join(pieces)


def _draw(figure: Drawn, lang: str, painter: Callable[[Pen], int]) -> tuple[str, int]:
    """What the painter draws, as matplotlib writes it, and the number of rows that it took."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Drawing

    with _SETTINGS, matplotlib.rc_context({**_RC, "svg.hashsalt": digest(figure, lang)}):
        drawing = Drawing(facecolor=PAPER)
        FigureCanvasSVG(drawing)
        pen = Pen(drawing, lang)
        drawn = painter(pen)
        pen.close()
        return written(drawing), drawn


def written(drawing: Any) -> str:
    """A drawing of matplotlib's as SVG that says nothing of when and with what it was made."""
    raw = io.StringIO()
    with warnings.catch_warnings():
        # Letters that matplotlib's font lacks are in the font of whoever looks: the picture has them as text.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        drawing.savefig(raw, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return raw.getvalue()
