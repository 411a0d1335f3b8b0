"""The pen that every figure is drawn with: from the top down, one column, made for a phone.

A row's label stands above its picture, wrapped, with letters that are still read when the page is 320 px
wide. Lines are broken by the width of DejaVu Sans, which is wider than the fonts of phones and laptops.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import nan
from typing import TYPE_CHECKING, Final

from kit.summary import Tint as Parts
from kit.texts import say

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

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

# Marks above a letter, and what joins signs.
_WIDTHLESS: Final = ("Mn", "Me", "Cf")

INK: Final = "#1a1a1a"
QUIET: Final = "#595959"
PAPER: Final = "#ffffff"


@dataclass(frozen=True)
class Tint:
    """One step of the colour scale. Slanted lines tell the two halves apart where there is no colour; upright
    ones stand in a colour that is mixed of several."""

    fill: str
    ink: str
    lines: str = ""
    upright: bool = False


# From which brightness on (0 to 255) dark letters are read better than white ones.
LIGHT: Final = 125
# The least contrast of letters.
READ: Final = 4.6
# From brown to blue, which people with any colour vision tell apart; light in the middle.
TINTS: Final = (
    Tint("#8a3b00", PAPER, "#d98a4f"),
    Tint("#f2b56b", INK, "#b87524"),
    Tint("#e6e6e6", INK),
    Tint("#a3c4e6", INK),
    Tint("#1d4c88", PAPER),
)
# An order in which no end is better than the other: when, not how well.
STEPS: Final = (Tint("#d9cbe8", INK), Tint("#a784c9", INK, "#6f4a96"), Tint("#5a2d82", PAPER))
PICKED: Final = {1: (4,), 2: (1, 4), 3: (0, 2, 4), 4: (0, 1, 3, 4)}

# Each group has a shape and a colour; every colour has at least 4.5:1 on paper.
MARKERS: Final = (
    ("o", "#1d4c88"),
    ("s", "#8a3b00"),
    ("^", "#00695c"),
    ("D", "#7b1fa2"),
    ("v", "#5d4a00"),
    ("P", "#ad1457"),
    ("X", "#37474f"),
    ("p", "#0d6e9a"),
    ("h", "#4e6b00"),
    ("*", "#b23c17"),
)


class Pen:
    """Draws from the top down; `y` is where the next thing goes.

    What is drawn stands in the figure itself: matplotlib's axes look at every line for the numbers on them.
    """

    def __init__(self, figure: Figure, lang: str) -> None:
        from matplotlib.transforms import Affine2D

        self.figure = figure
        self.lang = lang
        self.y = MARGIN
        self._place = Affine2D()

    def close(self) -> float:
        """Put what was drawn upright, on paper that is as tall as it needs; returns the height."""
        height = self.y + MARGIN
        self._place.scale(1, -1).translate(0, height)
        self.figure.set_size_inches(WIDTH / 72, height / 72)
        self.figure.set_dpi(72)
        return height

    def put(self, artist: Artist) -> None:
        """Add something that is given in the picture's units."""
        artist.set_transform(self._place)
        self.figure.add_artist(artist)

    def say(self, key: str, **details: object) -> str:
        return say(self.lang, f"figures.{key}", **details)

    def write(
        self, text: str, x: float, y: float, *, size: float, ink: str = INK, align: str = "left", bold: bool = False
    ) -> None:
        """One line; `y` is the middle of the letters."""
        from matplotlib.text import Text

        weight = "bold" if bold else "normal"
        self.put(
            Text(
                x, y, text, fontsize=size, color=ink, ha=align, va="center_baseline", fontweight=weight,
                parse_math=False,
            )
        )  # fmt: skip

    def lines(self, text: str, *, size: float, ink: str = INK, left: float = MARGIN) -> None:
        """Text over the full width, wrapped, and the pen below it."""
        for line in wrapped(text, WIDTH - MARGIN - left, size):
            self.write(line, left, self.y + size * LEADING / 2, size=size, ink=ink)
            self.y += size * LEADING

    def box(self, x: float, y: float, width: float, height: float, tint: Tint) -> None:
        """A filled box with a dark line around it, so that light tints have a contrast on paper too."""
        self.fill(x, y, width, height, tint.fill)
        if tint.upright:
            self.upright(x, y, width, height, tint.lines)
        elif tint.lines:
            self.slant(x, y, width, height, tint.lines)
        self.line((x, x + width, x + width, x, x), (y, y, y + height, y + height, y), ink=INK)

    def fill(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.shape((x, x + width, x + width, x), (y, y, y + height, y + height), colour)

    def shape(self, xs: Sequence[float], ys: Sequence[float], colour: str, layer: float = LAYER) -> None:
        """A filled shape with these corners; what has a higher layer covers it."""
        from matplotlib.patches import Polygon

        corners = list(zip(xs, ys, strict=True))
        self.put(Polygon(corners, color=colour, lw=0, clip_on=False, zorder=layer))

    def slant(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Slanted lines inside a box, drawn: printers make a coarse image of matplotlib's own hatch."""
        xs, ys = [], []
        for step in range(1, int((width + height) / HATCH) + 1):
            far = step * HATCH
            right, left = min(far, width), max(0.0, far - height)
            xs += [x + right, x + left, nan]
            ys += [y + far - right, y + far - left, nan]
        self.line(xs, ys, ink=colour, width=1.2)

    def upright(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Upright lines inside a box."""
        places = [x + step * HATCH / 2 for step in range(1, int(2 * width / HATCH) + 1) if step * HATCH / 2 < width]
        xs = [at for place in places for at in (place, place, nan)]
        self.line(xs, [y, y + height, nan] * len(places), ink=colour, width=0.8)

    def swatch(self, tint: Tint, y: float) -> None:
        self.box(MARGIN, y - SWATCH / 2, SWATCH, SWATCH, tint)

    def line(self, xs: Sequence[float], ys: Sequence[float], width: float = 1.0, ink: str = QUIET) -> None:
        from matplotlib.lines import Line2D

        self.put(Line2D(xs, ys, color=ink, linewidth=width, clip_on=False, zorder=LAYER))

    def marker(self, kind: tuple[str, str], x: float, y: float) -> None:
        from matplotlib.lines import Line2D

        self.put(Line2D([x], [y], marker=kind[0], ms=2 * MARKER, color=kind[1], mec=PAPER, ls="none", clip_on=False))

    def key(self, text: str, symbol: Callable[[float], None]) -> None:
        """One line of the legend: a symbol and what it stands for."""
        symbol(self.y + SMALL * LEADING / 2)
        self.lines(text, size=SMALL, left=MARGIN + SWATCH + 8)
        self.y += 3


def place_of(tint: Parts) -> tuple[float, int]:
    """Where a tint stands in the legend, in the order of the bars: what is mixed, after its middle."""
    parts = (tint,) if isinstance(tint, int) else tint
    return sum(parts) / len(parts), len(parts)


def tint_of(tint: Parts, tints: int, palette: str = "ends") -> Tint:
    """A step of a scale of so many, or what is mixed of several of them."""
    if isinstance(tint, tuple):
        found = [_step(one, tints, palette) for one in tint]
        return found[0] if len(found) == 1 else _mixed(found)
    return _step(tint, tints, palette)


def _mixed(parts: Sequence[Tint]) -> Tint:
    """The colour in the middle of several, with upright lines, and as light or dark as its letters need it."""
    channels = [[int(one.fill[at : at + 2], 16) for one in parts] for at in (1, 3, 5)]
    colour = [sum(channel) / len(channel) for channel in channels]
    light = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] > LIGHT
    far = 255 if light else 0
    while contrast(_written(colour), INK if light else PAPER) < READ:
        colour = [one + 0.1 * (far - one) for one in colour]
    lines = [one + 0.22 * (255 - far - one) for one in colour]
    return Tint(_written(colour), INK if light else PAPER, _written(lines), upright=True)


def _written(colour: Sequence[float]) -> str:
    return "#" + "".join(f"{round(one):02x}" for one in colour)


def contrast(one: str, other: str) -> float:
    """Between two colours, from 1 to 21, as the guidelines for accessible pages count it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _step(tint: int, tints: int, palette: str) -> Tint:
    if palette == "steps":
        return STEPS[round(tint * (len(STEPS) - 1) / max(tints - 1, 1))]
    if tints in PICKED:
        return TINTS[PICKED[tints][tint]]
    return TINTS[round(tint * (len(TINTS) - 1) / (tints - 1))]


def wrapped(text: str, room: float, size: float) -> list[str]:
    """Lines that are at most `room` wide, broken at spaces; a longer word is broken inside."""
    lines: list[str] = []
    for word in (part for whole in text.split(" ") for part in _parts(whole, room, size)):
        if lines and text_width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _parts(word: str, room: float, size: float) -> list[str]:
    share = text_width(word, size) / room
    fits = len(word) if share <= 1 else max(1, int(0.8 * len(word) / share))
    return [word[at : at + fits] for at in range(0, len(word), fits or 1)]


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """How wide a text is at most. Signs that the font lacks (other scripts, emoji) count as wide as any: whoever looks
    has a font of their own for them, since the picture carries its text as text."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    seen = "".join(_measured(sign) for sign in text)
    return float(text_to_path.get_text_width_height_descent(seen, font, ismath=False)[0])


def _measured(sign: str) -> str:
    if ord(sign) in _signs():
        return sign
    return "" if unicodedata.category(sign) in _WIDTHLESS else "@"


@cache
def _signs() -> frozenset[int]:
    """The signs that the font has in both of its weights."""
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.ft2font import FT2Font

    weights = ("normal", "bold")
    files = [findfont(FontProperties(family="DejaVu Sans", weight=one)) for one in weights]
    both = [frozenset(FT2Font(file).get_charmap()) for file in files]
    return both[0] & both[1]
