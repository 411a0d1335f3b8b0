"""The ways in which a text can be meant whose letters were spoiled on the way, for guards that look for a word.

A list that was saved by one program and opened by another with other letters holds "h?bergement", "hŽbergement" or
"h=E9bergement": nobody can put every such text right, but a guard can read it in each of the ways that are usual.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

from kit.letters import folded, without_markup

# Read with the first, though written with the second.
_MISREAD = (("cp1252", "mac_roman"), ("cp1252", "cp850"), ("mac_roman", "cp1252"), ("cp850",
    "cp1252"), ("cp1252", "utf-8"))
_USUAL = re.compile(r"[\x00-\x7féèêëàâçîïôöûùüœæÉÈÊËÀÂÇÎÏÔÖÛÙÜŒÆ«»’‘“”–—…°•·\u00a0\u202f\u0300-\u036f]*")
# A letter that was lost: all that the guards look for have an e with an accent there.
_LOST = re.compile(r"(?<=\w)[?\ufffd](?=\w)|[?\ufffd](?=\w)|(?<=\w)\ufffd")
_QUOTED = re.compile(r"=[0-9A-F]{2}")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_PUNYCODE = re.compile(r"\bxn--[a-z0-9-]+", re.IGNORECASE)


def spellings(text: str) -> tuple[str, ...]:
    """The text, folded, in each way in which it can be meant; the first is as it stands."""
    return tuple(dict.fromkeys(folded(one) for one in _read(text)))


def _read(text: str) -> Iterator[str]:
    plain = without_markup(text)
    yield plain
    if plain.isascii() and not any(mark in plain for mark in "?%=&-"):
        return
    if "&" in plain:
        yield without_markup(unescape(plain))
    if _LOST.search(plain):
        yield _LOST.sub("e", plain)
    if _PERCENT.search(plain):
        yield unquote(plain)
        yield unquote(plain, encoding="cp1252", errors="replace")
    if _QUOTED.search(plain):
        raw = quopri.decodestring(plain.encode())
        yield raw.decode("utf-8", "replace")
        yield raw.decode("cp1252", "replace")
    if _PUNYCODE.search(plain):
        yield _PUNYCODE.sub(_host, plain)
    if not _USUAL.fullmatch(plain):
        yield from _misread(plain)


def _misread(text: str) -> Iterator[str]:
    for read, written in _MISREAD:
        raw = b"".join(one.encode(read, "ignore") or one.encode("latin-1", "replace") for one in text)
        yield raw.decode(written, "replace")


def _host(found: re.Match[str]) -> str:
    try:
        return found[0].encode().decode("idna")
    except UnicodeError:
        return found[0]
