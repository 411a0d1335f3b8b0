"""Draw a `Figure` of a Summary as an SVG that stands inside an HTML page, for screen and report alike.

The picture is made for a phone: one column, a row's label above its bar, wrapped, and letters that are
still read when the page is 320 px wide. It carries its text as text, in the page's own font; lines are
broken by the width of DejaVu Sans, which is wider than the fonts of phones and laptops, so they fit.
Numbers also stand in the figure's table twin, which the renderer shows beside it.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import nan
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree

from kit.summary import Bar, Figure, Row
from kit.texts import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# All lengths are in the picture's own units; a page that is 320 px wide shows one unit as about 0.9 px.
WIDTH: Final = 320.0
WIDEST: Final = "28rem"
TALLEST: Final = 540.0
MARGIN: Final = 8.0
LABEL: Final = 14.0
SMALL: Final = 12.5
LEADING: Final = 1.3
BAR: Final = 26.0
LANE: Final = 15.0
GAP: Final = 20.0
MARKER: Final = 5.5
SWATCH: Final = 13.0
HATCH: Final = 7.5
LAYER: Final = 2
INSIDE_FROM: Final = 10

INK: Final = "#1a1a1a"
QUIET: Final = "#595959"
PAPER: Final = "#ffffff"


@dataclass(frozen=True)
class _Tint:
    """One step of the colour scale. Slanted lines tell the two halves apart where there is no colour."""

    fill: str
    ink: str
    lines: str = ""


# From brown to blue, which people with any colour vision tell apart; light in the middle.
TINTS: Final = (
    _Tint("#8a3b00", PAPER, "#d98a4f"),
    _Tint("#f2b56b", INK, "#b87524"),
    _Tint("#e6e6e6", INK),
    _Tint("#a3c4e6", INK),
    _Tint("#1d4c88", PAPER),
)
PICKED: Final = {1: (4,), 2: (1, 4), 3: (0, 2, 4), 4: (0, 1, 3, 4)}

# Each group has a shape and a colour; every colour has at least 4.5:1 on paper.
MARKERS: Final = (
    ("o", "#1d4c88"), ("s", "#8a3b00"), ("^", "#00695c"), ("D", "#7b1fa2"), ("v", "#5d4a00"),
    ("P", "#ad1457"), ("X", "#37474f"), ("p", "#0d6e9a"), ("h", "#4e6b00"), ("*", "#b23c17"),
)

_RC: Final[dict[Any, Any]] = {"svg.fonttype": "none", "font.family": ["DejaVu Sans"]}
# Labels with the number of their tint or marker.
Legend = tuple[tuple[str, int], ...]

# matplotlib's settings belong to the whole process, and pages may be drawn in several threads.
_SETTINGS = Lock()


def svg(figure: Figure, lang: str) -> str:
    """`figure` as `<svg>`: the same bytes for the same figure, ids of its own, nothing external.

    It fills its container up to a readable width. `figure.alt` is its accessible name. A figure with
    many rows becomes several `<svg>` one after another, each with the legend, so that none is taller
    than a printed page; assistive technology meets the first one only.
    """
    rows = (replace(row, bars=tuple(bar for bar in row.bars if bar.percent > 0)) for row in figure.rows)
    figure = replace(figure, rows=tuple(rows))
    legend = _tints(figure) if figure.kind == "stack" else _kinds(figure)
    pieces: list[str] = []
    start = 0
    while start < len(figure.rows) or not pieces:
        piece = replace(figure, rows=figure.rows[start:])
        raw, drawn = _draw(piece, legend, lang)
        pieces.append(_inline(raw, piece, lang, first=not pieces))
        start += max(drawn, 1)
    return "".join(pieces)


def _draw(figure: Figure, legend: Legend, lang: str) -> tuple[str, int]:
    """As many rows as a piece holds, as matplotlib writes them, and their number."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Drawing

    with _SETTINGS, matplotlib.rc_context({**_RC, "svg.hashsalt": _digest(figure, lang)}):
        drawing = Drawing(facecolor=PAPER)
        FigureCanvasSVG(drawing)
        pen = _Pen(drawing.add_axes((0, 0, 1, 1)), lang)
        drawn = (_stack if figure.kind == "stack" else _dots)(pen, figure, legend)
        drawing.set_size_inches(WIDTH / 72, pen.close() / 72)
        raw = io.StringIO()
        drawing.savefig(raw, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return raw.getvalue(), drawn


class _Pen:
    """Draws from the top down; `y` is where the next thing goes."""

    def __init__(self, axes: Axes, lang: str) -> None:
        self.axes = axes
        self.lang = lang
        self.y = MARGIN
        axes.set_axis_off()

    def close(self) -> float:
        """Fit the axes to what was drawn; returns the picture's height."""
        height = self.y + MARGIN
        self.axes.set_xlim(0, WIDTH)
        self.axes.set_ylim(height, 0)
        return height

    def say(self, key: str, **details: object) -> str:
        return say(self.lang, f"figures.{key}", **details)

    def write(
        self, text: str, x: float, y: float, *, size: float, ink: str = INK, align: str = "left", bold: bool = False
    ) -> None:
        """One line; `y` is the middle of the letters."""
        self.axes.text(
            x, y, text, fontsize=size, color=ink, ha=align, va="center_baseline",
            fontweight="bold" if bold else "normal", parse_math=False,
        )

    def lines(self, text: str, *, size: float, ink: str = INK, left: float = MARGIN) -> None:
        """Text over the full width, wrapped, and the pen below it."""
        for line in _wrap(text, WIDTH - MARGIN - left, size):
            self.write(line, left, self.y + size * LEADING / 2, size=size, ink=ink)
            self.y += size * LEADING

    def box(self, x: float, y: float, width: float, height: float, tint: _Tint) -> None:
        """A filled box with a dark line around it, so that light tints have a contrast on paper too."""
        self.fill(x, y, width, height, tint.fill)
        if tint.lines:
            self.slant(x, y, width, height, tint.lines)
        self.line((x, x + width, x + width, x, x), (y, y, y + height, y + height, y), ink=INK)

    def fill(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        xs, ys = (x, x + width, x + width, x), (y, y, y + height, y + height)
        self.axes.fill(xs, ys, color=colour, lw=0, clip_on=False, zorder=LAYER)

    def slant(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Slanted lines inside a box, drawn: printers make a coarse image of matplotlib's own hatch."""
        xs, ys = [], []
        for step in range(1, int((width + height) / HATCH) + 1):
            far = step * HATCH
            right, left = min(far, width), max(0.0, far - height)
            xs += [x + right, x + left, nan]
            ys += [y + far - right, y + far - left, nan]
        self.line(xs, ys, ink=colour, width=1.2)

    def swatch(self, tint: _Tint, y: float) -> None:
        self.box(MARGIN, y - SWATCH / 2, SWATCH, SWATCH, tint)

    def line(self, xs: Sequence[float], ys: Sequence[float], width: float = 1.0, ink: str = QUIET) -> None:
        self.axes.plot(xs, ys, color=ink, linewidth=width, clip_on=False, zorder=LAYER)

    def marker(self, kind: tuple[str, str], x: float, y: float) -> None:
        self.axes.plot([x], [y], marker=kind[0], ms=2 * MARKER, color=kind[1], mec=PAPER, ls="none", clip_on=False)

    def key(self, text: str, symbol: Callable[[float], None]) -> None:
        """One line of the legend: a symbol and what it stands for."""
        symbol(self.y + SMALL * LEADING / 2)
        self.lines(text, size=SMALL, left=MARGIN + SWATCH + 8)
        self.y += 3


def _stack(pen: _Pen, figure: Figure, legend: Legend) -> int:
    for label, tint in legend:
        pen.key(label, partial(pen.swatch, _tint(tint, figure.tints)))

    def picture(row: Row) -> None:
        if row.bars:
            _bars(pen, row, figure.tints)
        if any((bar.label, bar.tint) not in legend for bar in row.bars):
            pen.y += 3
            pen.lines(_spelled(pen, row), size=SMALL)

    return _rows(pen, figure, picture)


def _bars(pen: _Pen, row: Row, tints: int) -> None:
    # Rounded shares add up to about 100; the bar is always full.
    whole = sum(bar.percent for bar in row.bars) or 1
    x = MARGIN
    for bar in row.bars:
        width = (WIDTH - 2 * MARGIN) * bar.percent / whole
        pen.box(x, pen.y, width, BAR, _tint(bar.tint, tints))
        _share(pen, bar, x, width, _tint(bar.tint, tints))
        x += width
    pen.y += BAR


def _share(pen: _Pen, bar: Bar, x: float, width: float, tint: _Tint) -> None:
    if bar.percent < INSIDE_FROM:
        return
    full = pen.say("percent", percent=bar.percent)
    text = full if _width(full, SMALL, True) <= width - 4 else str(bar.percent)
    middle, half = x + width / 2, _width(text, SMALL, True) / 2 + 1
    if tint.lines:
        pen.fill(middle - half, pen.y + 4, 2 * half, BAR - 8, tint.fill)
    pen.write(text, middle, pen.y + BAR / 2, size=SMALL, ink=tint.ink, align="center", bold=True)


def _tints(figure: Figure) -> Legend:
    """What each tint most often stands for, in the order of the scale."""
    labels: dict[int, Counter[str]] = {}
    for row in figure.rows:
        for bar in row.bars:
            labels.setdefault(bar.tint, Counter())[bar.label] += 1
    return tuple((labels[tint].most_common(1)[0][0], tint) for tint in sorted(labels))


def _kinds(figure: Figure) -> Legend:
    """The place in `MARKERS` of each group, in the order in which groups first stand in a row."""
    names = dict.fromkeys(label for row in figure.rows for label, _ in row.dots)
    return tuple((name, place % len(MARKERS)) for place, name in enumerate(names))


def _spelled(pen: _Pen, row: Row) -> str:
    """A row's bars in words, where neighbours were put together and the legend does not fit."""
    shares = [(bar.label, pen.say("percent", percent=bar.percent)) for bar in row.bars]
    return pen.say("between").join(pen.say("part", label=label, percent=share) for label, share in shares)


def _dots(pen: _Pen, figure: Figure, legend: Legend) -> int:
    kinds = {name: MARKERS[place] for name, place in legend}
    for name, kind in kinds.items():
        pen.key(name, partial(pen.marker, kind, MARGIN + SWATCH / 2))

    def picture(row: Row) -> None:
        if row.dots:
            _lanes(pen, figure, row, kinds)
            _ends(pen, figure)

    return _rows(pen, figure, picture)


def _lanes(pen: _Pen, figure: Figure, row: Row, kinds: dict[str, tuple[str, str]]) -> None:
    """The dots over their scale; equal values stand one above the other."""
    left, right = MARGIN + MARKER + 2, WIDTH - MARGIN - MARKER - 2

    def place(value: float) -> float:
        return left + (right - left) * (value - figure.low) / (figure.high - figure.low)

    piles: Counter[float] = Counter(value for _, value in row.dots)
    axis = pen.y + LANE * max(piles.values())
    pen.line((left, right), (axis, axis))
    for tick in range(round(figure.low), round(figure.high) + 1):
        pen.line((place(tick), place(tick)), (axis, axis + 5))
    lowest = axis - LANE / 2
    pen.line((place(min(piles)), place(max(piles))), (lowest, lowest), width=1.5, ink=INK)
    drawn: Counter[float] = Counter()
    for label, value in row.dots:
        pen.marker(kinds[label], place(value), lowest - LANE * drawn[value])
        drawn[value] += 1
    pen.y = axis + 7


def _ends(pen: _Pen, figure: Figure) -> None:
    """What the two ends of the scale mean, left and right below it."""
    sides = [_wrap(text, WIDTH / 2 - MARGIN - 6, SMALL) for text in figure.ends]
    for lines, x, align in zip(sides, (MARGIN, WIDTH - MARGIN), ("left", "right"), strict=True):
        for place, line in enumerate(lines):
            pen.write(line, x, pen.y + SMALL * LEADING * (place + 0.5), size=SMALL, ink=QUIET, align=align)
    pen.y += SMALL * LEADING * max(len(lines) for lines in sides)


def _rows(pen: _Pen, figure: Figure, picture: Callable[[Row], None]) -> int:
    """Label, picture and note of each row until the piece is full; returns how many rows it took."""
    for number, row in enumerate(figure.rows):
        if number and pen.y > TALLEST:
            return number
        pen.y += GAP
        pen.lines(row.label, size=LABEL)
        pen.y += 4
        picture(row)
        if row.note:
            pen.lines(row.note, size=SMALL, ink=QUIET)
    return len(figure.rows)


def _tint(tint: int, tints: int) -> _Tint:
    if tints in PICKED:
        return TINTS[PICKED[tints][tint]]
    return TINTS[round(tint * (len(TINTS) - 1) / (tints - 1))]


def _wrap(text: str, room: float, size: float) -> list[str]:
    """Lines that are at most `room` wide, broken at spaces; a longer word is broken inside."""
    lines: list[str] = []
    for word in (part for whole in text.split(" ") for part in _parts(whole, room, size)):
        if lines and _width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _parts(word: str, room: float, size: float) -> list[str]:
    share = _width(word, size) / room
    fits = len(word) if share <= 1 else max(1, int(0.8 * len(word) / share))
    return [word[at : at + fits] for at in range(0, len(word), fits or 1)]


def _width(text: str, size: float, bold: bool = False) -> float:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def _digest(figure: Figure, lang: str) -> str:
    return hashlib.sha256(f"{lang}{figure!r}".encode()).hexdigest()[:10]


_SVG: Final = "http://www.w3.org/2000/svg"
_HREF: Final = "{http://www.w3.org/1999/xlink}href"


def _inline(raw: str, figure: Figure, lang: str, first: bool) -> str:
    """matplotlib's file as an element for an HTML page."""
    root = ElementTree.fromstring(raw)
    prefix = f"f{_digest(figure, lang)}-"
    root[:] = list(_shapes(root))
    used = {node.attrib["id"] for node in root.iter() if "id" in node.attrib}
    used &= {_target(value) for node in root.iter() for value in node.attrib.values()}
    for node in root.iter():
        node.tag = node.tag.removeprefix(f"{{{_SVG}}}")
        node.attrib = dict(_attributes(node, used, prefix))
    root.attrib = {
        "xmlns": _SVG, "viewBox": root.attrib["viewBox"], "width": "100%",
        "style": f"display:block;max-width:{WIDEST}", "stroke-linejoin": "round",
    } | ({"role": "img", "aria-label": figure.alt, "lang": lang} if first else {"aria-hidden": "true"})
    if first:
        title = ElementTree.Element("title")
        title.text = figure.title
        root.insert(0, title)
    return ElementTree.tostring(root, encoding="unicode")


def _shapes(parent: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """What is drawn, without groups, metadata and the style sheet, which would reach the whole page."""
    for node in parent:
        if node.tag == f"{{{_SVG}}}g":
            yield from _shapes(node)
        elif node.tag != f"{{{_SVG}}}metadata" and node.find(f"{{{_SVG}}}style") is None:
            yield node


def _attributes(node: ElementTree.Element, used: set[str], prefix: str) -> Iterator[tuple[str, str]]:
    """Styles as plain attributes (a page may forbid inline styles), the page's font, ids of this picture only."""
    styles = (part.split(":", 1) for part in node.attrib.get("style", "").split(";") if part.strip())
    pairs = [(name.strip(), value.strip()) for name, value in styles]
    pairs += [(name.replace(_HREF, "href"), value) for name, value in node.attrib.items() if name != "style"]
    for name, value in pairs:
        target = _target(value)
        if name == "id" and value in used:
            yield name, prefix + value
        elif target in used:
            yield name, value.replace(f"#{target}", f"#{prefix}{target}")
        elif name not in ("id", "font-family") and "rotate(-0 " not in value:
            yield name, value


def _target(value: str) -> str:
    """The id that an attribute's value points at, or an empty string."""
    if value.startswith("#"):
        return value[1:]
    return value.partition("url(#")[2].partition(")")[0]
