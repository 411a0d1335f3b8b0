"""A text made plain: what looks alike becomes the same character, what cannot be seen goes."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_UNSEEN = {"Mn", "Me", "Cf", "Cc", "Cs", "Co", "Cn"}
# Letters and marks that show nothing although Unicode counts them as something to see.
_BLANK = dict.fromkeys(map(ord, "\u115f\u1160\u3164\u2800"), " ")
_DOTS = dict.fromkeys(
    map(ord, "\u00b7\u0387\u2022\u2027\u2219\u22c5\u25cf\u25cb\u25e6\u2e31\u30fb\u3002\u06d4\u0701\u0964"), "."
)
_DASHES = dict.fromkeys(map(ord, "\u2212\u2043\u2500\u2501\u30fc\u02d7\u00af\u23af\u2e3a"), "-")
# Cyrillic and Greek letters that look like Latin ones; full stops after this, so that ".сом" is a domain too.
_ALIKE = str.maketrans(
    "авеіјкмнорстухѕԁԛԝһАВЕІЈКМНОРСТУХЅαεικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "abeijkmhopctyxsdqwhABEIJKMHOPCTYXSaeiknoptuxABEZHIKMNOPTYX",
)
_TABLE: dict[int, str | int] = {**_BLANK, **_DOTS, **_DASHES, **dict(_ALIKE)}
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_BRACKET_DOT = re.compile(
    r" ?[\[({<_*-]{1,2} ?(?:\.|dot|point|pt) ?[\])}>_*-]{1,2} ?"
    r"""| ?["'“”] ?(?:dot|point) ?["'“”] ?""",
    re.I,
)
_BRACKET_AT = re.compile(
    r" ?(?:[\[({<]{1,2} ?(?:@|at|a|arobase?|chez) ?[\])}>]{1,2}|[_*-]{1,2}(?:@|at|arobase?)[_*-]{1,2}) ?"
    r"""| ?["'“”] ?(?:@|at|arobase?) ?["'“”] ?""",
    re.I,
)
_AT_WORD = re.compile(r",? ?\b(?:arobase?|a commercial|at sign)\b,? ?", re.I)
_BRACKET_COLON = re.compile(r"[\[(]:[\])]")
# Between digits, what is read aloud for a dash; and letters that stand for digits among digits.
_SAID = re.compile(
    r"(?<=\d)[ ,]{0,2}(?:tiret|trait d'union|dash|hyphen|point|dot)[ ,]{0,2}(?=\d)|(?<=\d{3}) ?x ?(?=\d{3})", re.I
)
_MIXED = re.compile(r"\b(?=[oil]{0,9}\d)[\doil]{2,16}\b", re.I)
_AS_DIGIT = str.maketrans("oOiIlL", "001111")
_QUOTES = str.maketrans("’‘ʼ`´", "'''''")


def plain(text: str) -> str:
    """The text with Latin letters without accents (but ç), ASCII digits, one kind of dash and of dot, single spaces.

    "at" and "dot" in brackets, and « arobase », become the signs that they stand for. Capitals stay.
    """
    if not text.isascii():
        shown = "".join(map(_seen, unicodedata.normalize("NFKD", text.translate(_QUOTES)))).translate(_TABLE)
        text = unicodedata.normalize("NFC", shown)
    text = " ".join(_CONTROLS.sub("", text).split())
    text = _BRACKET_COLON.sub(":", _AT_WORD.sub("@", _BRACKET_AT.sub("@", _BRACKET_DOT.sub(".", text))))
    return _MIXED.sub(lambda found: found[0].translate(_AS_DIGIT), _SAID.sub("-", text))


@lru_cache(4096)
def _seen(character: str) -> str:
    """The character as it is to stand: a digit of any script in ASCII, every dash as one, nothing for what hides."""
    if character.isascii() or character == "\u0327":
        return character
    kind = unicodedata.category(character)
    if kind in _UNSEEN:
        return ""
    if kind == "Pd":
        return "-"
    value = unicodedata.numeric(character, -1.0)
    return str(int(value)) if value in range(10) else character
