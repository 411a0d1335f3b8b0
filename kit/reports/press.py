"""What sets type for a report: typst, which comes as a wheel and asks for no other program, font or folder.

The letters are DejaVu Sans, which comes with matplotlib and in which the figures are measured; what it lacks is taken
from the machine's own fonts, if they have it, else shown as the sign of a letter that is missing. A template
(kit/reports/template/*.typ) reads its data from `sys.inputs`: nothing that anybody wrote is ever read as a command.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import PartMissing
from kit.letters import printable
from kit.reports.document import Pictured, Report
from kit.summary import Bullets, Table

if TYPE_CHECKING:
    from typst import Fonts

FONT = "DejaVu Sans"
# Fonts of phones and laptops for what DejaVu Sans lacks, in this order.
OTHERS = (
    "Noto Color Emoji", "Segoe UI Emoji", "Apple Color Emoji", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC",
    "Nirmala UI", "Noto Sans Devanagari", "Noto Sans Gurmukhi", "Noto Sans Tamil", "Noto Sans", "Arial Unicode MS",
)  # fmt: skip
# A word that is longer may be broken anywhere.
WORD = 30
# How wide a column is at least and at most, in letters: "20–100 %" stands in one line, in a narrow page's column too.
NARROW, WIDE = 12, 36
# A bold letter beside a plain one.
BOLD = 1.3
_DRAWING = re.compile(r"<svg .*?</svg>", re.DOTALL)
_UNBROKEN = str.maketrans({" ": "\u00a0", "-": "\u2011"})
_LONG = re.compile(rf"\S{{{WORD + 1},}}")


def compiled(template: str, told: object, font: str = "", **how: Any) -> list[bytes]:
    """What typst makes of a template and its data (plain JSON): a PDF, or a PNG for each page.

    `font` is the name of one of the machine's fonts. Raises `PartMissing`.
    """
    try:
        import typst
    except ImportError:
        raise PartMissing(what="PDF, Word", install='pip install "collaboration-kit[reports]"') from None
    source = files("kit.reports").joinpath("template", template).read_bytes()
    data = json.dumps(told, ensure_ascii=False)
    names = [font, FONT] if font else [FONT]
    if font or _lacks(data):
        try:
            return _pages(typst.compile(source, font_paths=_fonts(True), sys_inputs=_inputs(data, names), **how))
        except typst.TypstError:
            # A font of the machine's that cannot be used: the kit's own can.
            pass
    return _pages(typst.compile(source, font_paths=_fonts(False), sys_inputs=_inputs(data, [FONT]), **how))


def drawings(document: Report, one: Pictured) -> list[str]:
    """The drawings of a figure, in order, their letters in the font in which they were measured."""
    found = _DRAWING.findall(document.drawing(one))
    return [drawing.replace("<svg ", f'<svg font-family="{FONT}" ', 1) for drawing in found]


def pictures(drawn: Sequence[str], ppi: int) -> list[bytes]:
    """Drawings as PNG, `ppi` dots for 72 of their units."""
    return compiled("pictures.typ", list(drawn), format="png", ppi=ppi) if drawn else []


def widths(table: Table) -> list[float]:
    """How wide each column should be beside the others: by its longest word and by what stands in it."""
    made = []
    for head, *cells in zip(table.columns, *table.rows, strict=True):
        longest = max((len(word) for cell in cells for word in cell.split(" ")), default=0)
        bold = BOLD * max(map(len, head.split()), default=0)
        usual = sum(map(len, cells)) / max(len(cells), 1)
        made.append(float(min(max(NARROW, bold, longest, usual), WIDE)))
    return made


def whole(one: Bullets) -> tuple[str, ...]:
    """The items of a list, each number to call with blanks and hyphens at which no line ends."""
    said = one.items
    for number, _ in one.calls:
        said = tuple(item.replace(number, number.translate(_UNBROKEN)) for item in said)
    return said


def soft(told: Any) -> Any:
    """The same data, without what no file can hold, and with places in very long words where a line may end."""
    if isinstance(told, str):
        return _LONG.sub(lambda found: "\u200b".join(_pieces(found[0])), printable(told))
    if isinstance(told, dict):
        return {name: soft(one) for name, one in told.items()}
    return [soft(one) for one in told] if isinstance(told, list | tuple) else told


def _pieces(word: str) -> list[str]:
    return [word[at : at + WORD // 2] for at in range(0, len(word), WORD // 2)]


def _pages(made: bytes | list[bytes] | None) -> list[bytes]:
    return made if isinstance(made, list) else [made or b""]


def _inputs(data: str, names: Sequence[str]) -> dict[str, str]:
    return {"told": data, "fonts": json.dumps([*names, *OTHERS])}


@cache
def _fonts(system: bool) -> Fonts:
    import typst

    return typst.Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=[_folder()])


def _folder() -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path(), "fonts", "ttf")


@cache
def _known() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(_folder() / "DejaVuSans.ttf")).get_charmap())


def _lacks(data: str) -> bool:
    """Whether a letter is none of DejaVu Sans'."""
    return not {ord(one) for one in set(data) if one.isprintable()} <= _known()
