"""Bytes of a text file as text: UTF-8 and UTF-16, and what older Windows, Macs and DOS wrote in French or English.

A file says nothing about its letters. What is not Unicode is read in each of the usual ways, and the way in which
the most letters make sense in a word is taken; where none does, the file is refused rather than misread: a guard
that looks for a word would not find it.
"""

from __future__ import annotations

import re

BINARY = (b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xd0\xcf\x11\xe0", b"\xff\xd8\xff", b"GIF8", b"{\\rtf")
OLDER = ("cp1252", "mac_roman", "cp850", "cp437")
_SMALL = frozenset("éèêëàâçîïôöûùüœæñáíóúä")
_CAPITAL = frozenset("ÉÈÊËÀÂÇÎÏÔÖÛÙÜŒÆÑÁÍÓÚÄ")
_SIGNS = frozenset("«»’‘“”–—…°•· \u00a0\u202f№$¢£€½¼¾®©™²³±×")
# What UTF-8 looks like after it was taken for Windows' letters and stored so.
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_TWICE = ("Ã", "Â", "â€")


def decode(data: bytes) -> str | None:
    """The text of a file, or None when it is none or its letters can't be told."""
    if data.startswith(BINARY):
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if half := _half_empty(data):
        return data.decode(half, "replace")
    if b"\x00" in data:
        return None
    try:
        return _once(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _older(data)


def _half_empty(data: bytes) -> str | None:
    """UTF-16 without its mark: in French and English every other byte is empty."""
    some = data[:2000]
    pairs = len(some) // 2
    for name, odd in (("utf-16-le", 1), ("utf-16-be", 0)):
        if pairs > 1 and sum(byte == 0 for byte in some[odd::2]) > 0.8 * pairs and 0 not in some[1 - odd :: 2]:
            return name
    return None


def _once(text: str) -> str:
    """The text, with letters that were made UTF-8 twice put right, be it in some of its cells only."""
    if not any(sign in text for sign in _TWICE):
        return text
    return _FOREIGN.sub(_mended, text)


def _mended(found: re.Match[str]) -> str:
    """Letters beyond ASCII that stand together, as they were before they were made UTF-8 twice."""
    raw = b"".join(one.encode("cp1252", "ignore") or one.encode("latin-1", "ignore") for one in found[0])
    try:
        mended = raw.decode("utf-8") if len(raw) == len(found[0]) else ""
    except UnicodeError:
        mended = ""
    # Who has written "Â¡" as it stands there keeps it.
    return mended if any(one in _SMALL or one in _CAPITAL or one in _SIGNS for one in mended) else found[0]


def _older(data: bytes) -> str | None:
    read = {name: data.decode(name, "replace") for name in OLDER}
    scores = {name: _sense(text) for name, text in read.items()}
    best = max(scores, key=lambda name: scores[name])
    # A list that was put together from two others can hold both kinds of letters.
    return _once(read[best]) if scores[best] > 0 else None


def _sense(text: str) -> float:
    """How far letters beyond ASCII stand where a word would have them: 1 when all do, below 0 when most don't."""
    foreign = [(at, one) for at, one in enumerate(text) if ord(one) > 127]
    return sum(_fits(text, at, one) for at, one in foreign) / max(len(foreign), 1)


def _fits(text: str, at: int, one: str) -> float:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    inside = before.isalpha() and after.isalpha()
    if one in _SMALL:
        if before.isupper() and (after.isupper() or not after.isalpha()):
            # "SANTé": as it is typed where capitals have no accents.
            return 0.5
        # «é» alone is about half of all such letters in French.
        return 1.0 if one in "éèàêç" else 0.6
    if one in _CAPITAL:
        return -1.0 if before.islower() or (after.islower() and before.isalpha()) else 0.7
    if one in _SIGNS:
        return -1.0 if inside and one not in "’‘" else 0.5
    return -1.0
