"""matplotlib's SVG file as an element that stands inside an HTML page, with ids of its own and nothing external."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree

from kit.figures.pen import WIDEST
from kit.summary import Drawn

_SVG: Final = "http://www.w3.org/2000/svg"
_HREF: Final = "{http://www.w3.org/1999/xlink}href"


def inline(raw: str, figure: Drawn, lang: str, first: bool) -> str:
    """matplotlib's file as an element for an HTML page."""
    root = ElementTree.fromstring(raw)
    prefix = f"f{digest(figure, lang)}-"
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


def digest(figure: Drawn, lang: str) -> str:
    return hashlib.sha256(f"{lang}{figure!r}".encode()).hexdigest()[:10]
