"""A theme file: how reports look that an organization hands on. YAML, in words of the organization's own:

    name: Table locale              # below each page
    logo: logo.png                  # PNG or JPEG, found beside this file
    logo_alt: A bridge over a river # what it shows, for those who do not see it
    accent: "#17643f"               # headings and lines; must be read well on white and on the tint
    tint: "#eef6f1"                 # behind questions and notes; black must be read well on it
    font: Source Sans 3             # where it is installed
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from kit.errors import ThemeFault
from kit.figures.pen import contrast
from kit.reports.document import Logo, Look
from kit.yamls import LOADER

KEYS: Final = ("name", "logo", "logo_alt", "accent", "tint", "font")
# The contrast that letters need (WCAG 2.2, level AA).
READ: Final = 4.5
LARGEST: Final = 1_000_000
LONGEST: Final = 80
INK, PAPER = "#000000", "#ffffff"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_FONT = re.compile(r"[\w .-]+")
_KINDS: Final = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"))


def read(path: Path, look: Look) -> Look:
    """`look` as the theme in this file says; raises `ThemeFault`, which says what is wrong with which line."""
    told = _told(path)
    for key, value in told.items():
        if key not in KEYS:
            raise ThemeFault(file=path.name, why="key", key=str(key)[:LONGEST], known=", ".join(KEYS))
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
            raise ThemeFault(file=path.name, why="text", key=key, longest=LONGEST)
    made = Look(
        told.get("name", ""), _logo(path, told), _colour(path, told, "accent", look.accent),
        _colour(path, told, "tint", look.tint), told.get("font", ""), look.paper,
    )  # fmt: skip
    if made.font and not _FONT.fullmatch(made.font):
        raise ThemeFault(file=path.name, why="font", key="font")
    for key, ink, ground in (
        ("accent", made.accent, PAPER), ("accent", made.accent, made.tint), ("tint", INK, made.tint),
    ):  # fmt: skip
        if (found := contrast(ink, ground)) < READ:
            raise ThemeFault(file=path.name, why="contrast", key=key, ink=ink, ground=ground, found=f"{found:.1f}")
    return made


def _told(path: Path) -> dict[str, Any]:
    try:
        told = yaml.load(path.read_text("utf-8-sig"), LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise ThemeFault(file=path.name, why="file", key="") from None
    if not isinstance(told, Mapping):
        raise ThemeFault(file=path.name, why="file", key="")
    return dict(told)


def _colour(path: Path, told: Mapping[str, str], key: str, usual: str) -> str:
    colour = told.get(key, usual)
    if not _COLOUR.fullmatch(colour):
        raise ThemeFault(file=path.name, why="colour", key=key)
    return colour.lower()


def _logo(path: Path, told: Mapping[str, str]) -> Logo | None:
    if "logo" not in told:
        return None
    try:
        with (path.parent / told["logo"]).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError:
        raise ThemeFault(file=path.name, why="no_logo", key="logo") from None
    kind = next((name for sign, name in _KINDS if data.startswith(sign)), "")
    if not kind or len(data) > LARGEST or not _opens(path.parent / told["logo"]):
        raise ThemeFault(file=path.name, why="logo", key="logo")
    if "logo_alt" not in told:
        raise ThemeFault(file=path.name, why="alt", key="logo_alt")
    return Logo(data, "png" if kind == "png" else "jpeg", told["logo_alt"])


def _opens(path: Path) -> bool:
    """Whether it is a whole picture, and not only the beginning of one."""
    from PIL import Image

    try:
        with Image.open(path) as picture:
            picture.load()
    except (OSError, ValueError, Image.DecompressionBombError):
        return False
    return True
