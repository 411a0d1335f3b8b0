"""One entry of a list of services: who may see it, and what must not stand in it.

An entry is a mapping of fields. `visibility` is "public", "partners" or "never"; whatever else it holds, in
whatever case, or when it is missing, the entry is not public.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from kit.contact import contact_in, plain

Row = Mapping[str, Any]

PUBLIC = "public"
# Those that reach a server at all.
SHOWN = (PUBLIC, "partners")
# Where a shelter or transition house is must stay safe.
SHELTER = "shelter"

# Two numbers with at least three decimals, or degrees and minutes: a place on a map.
_COORDINATES = re.compile(
    r"(?<![\d.])[-+]?\d{1,3}[.,]\d{3,}\s*°?\s*[NS]?\s*[,;/ ]\s*[-+]?\d{1,3}[.,]\d{3,}"
    r"|\d{1,3}\s*°\s*\d{1,2}(?:[.,]\d+)?\s*['′’]"
    r"|\bgeo:\s*-?\d",
    re.IGNORECASE,
)
_MAP = re.compile(r"\bmaps?\b|/maps?/|@-?\d|openstreetmap|\bgoo\.gl\b", re.IGNORECASE)
# A number of ten digits as North America writes it, or three for a line that everyone can call.
_LINE = re.compile(
    r"(?P<country>(?:\+ ?)?1[ .-]?)?\(?(?P<area>[2-9]\d\d)\)?[ .-]?(?P<office>[2-9]\d\d)[ .-]?(?P<number>\d{4})"
)
_SHORT_LINE = re.compile(r"[2-9]\d\d")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}", re.IGNORECASE)


def is_public(row: Row) -> bool:
    """Whether anyone may see this entry; False for anything that is not marked so, letter by letter."""
    named = isinstance(row.get("name"), str) and isinstance(row.get("type"), str)
    return row.get("visibility") == PUBLIC and named and bool(row["name"].strip() and row["type"])


def for_everyone(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The public entries, without what is about the person who made them; a shelter has no page or line."""
    own = {"knowledge", "together", "visibility", "share"}
    kept = [{name: value for name, value in row.items() if name not in own} for row in rows if is_public(row)]
    for row in kept:
        if row["type"] == SHELTER:
            for leads in ("page", "line"):
                row.pop(leads, None)
    return kept


def coordinates_in(text: str) -> bool:
    """Whether a place on a map stands in `text`."""
    return any(_COORDINATES.search(one) for one in (text, plain(text)))


def what_leads(text: str) -> str | None:
    """The kind of detail in `text` that leads to a person or a door ("phone", "coordinates" …), or None."""
    return contact_in(text) or ("coordinates" if coordinates_in(text) else None)


def page_of(text: str) -> str:
    """A web page that leads to a service and to no door or person: scheme, host and path; empty if it is none."""
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        port = parts.port
    except ValueError:
        return ""
    host = parts.hostname or ""
    plain = parts.scheme in ("http", "https") and port is None and not parts.username and "@" not in text
    if not (plain and _HOST.fullmatch(host)) or re.search(r"\s", text) or _MAP.search(text) or coordinates_in(text):
        return ""
    return f"{parts.scheme}://{host}{parts.path}"


def line_of(text: str) -> str:
    """A service's public line as it is written: "514 555-0199", "1 800 555-0199", "211"; empty if it is none.

    One number and nothing else: a word beside it, or an extension, leads to a person. Whose number it is, no pattern
    sees.
    """
    if _SHORT_LINE.fullmatch(text.strip()):
        return text.strip()
    found = _LINE.fullmatch(text.strip())
    if not found:
        return ""
    area, office, number = found["area"], found["office"], found["number"]
    return f"{'1 ' if found['country'] else ''}{area} {office}-{number}"


def row_number(number: int) -> str:
    """The key of the n-th row of a list: "r0001" (36 * 36 * 36 * 36 of them)."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    key = ""
    for _ in range(4):
        number, at = divmod(number, 36)
        key = digits[at] + key
    return f"r{key}"


def next_numbers(taken: Iterable[str], count: int) -> list[str]:
    """So many keys that come after those in use."""
    highest = max((int(key[1:], 36) for key in taken), default=0)
    return [row_number(number) for number in range(highest + 1, highest + 1 + count)]
