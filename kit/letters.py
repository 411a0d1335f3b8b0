"""Text as text: what no file may hold is dropped, markup becomes words, and two spellings of a word are one.

`printable` is for whatever is kept; for whatever is compared there are `bare`, and on it `folded` (words only: guards
and headings) and `spelled` (names, of which more makes a difference), so that neither an accent of two characters nor
an invisible one makes a word another. What a contact may hide behind is another question (`kit.contact.signs`).
"""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

# XML forbids control characters, halves of a pair and noncharacters; vertical tab and form feed part words.
_BREAK = re.compile(r"[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_MARKUP = re.compile(r"<[/!a-zA-Z][^<>]*>|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")
# A tag of these stands where a line ends; any other may stand inside a word.
_LINES = frozenset({"p", "br", "li", "ul", "ol", "div", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_UNREAD = frozenset({"script", "style"})
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})


def printable(text: str) -> str:
    """The text without the characters that XML, and so XLSX, Word and SVG, cannot hold."""
    text = _FORBIDDEN.sub("", _BREAK.sub(" ", text))
    # The last two of each plane are no characters either.
    return "".join(one for one in text if ord(one) & 0xFFFE != 0xFFFE) if not text.isascii() else text


def bare(text: str) -> str:
    """The text in small letters, "œ" in two, without accents and what cannot be seen; all else stays.

    Only what Latin, Greek and Cyrillic letters carry counts as an accent: in other scripts a mark is a vowel, and
    words without their vowels would be the same that are not.
    """
    small = unicodedata.normalize("NFKC", text).casefold().translate(_LIGATURES)
    parts = (one for one in unicodedata.normalize("NFKD", small) if not "\u0300" <= one <= "\u036f")
    return "".join(one for one in parts if unicodedata.category(one) != "Cf")


def folded(text: str) -> str:
    """The bare words of a text, without any mark, with one space between them."""
    return " ".join(re.findall(r"[^\W_]+", "".join(one for one in bare(text) if not _category(one, "M"))))


def spelled(name: str) -> str:
    """A name apart from case, accents, punctuation and how many spaces it has; what else makes a word, stays."""
    parts = (" " if _category(one, "Z", "P", "C", "Sk") else one for one in bare(name))
    return " ".join("".join(parts).split()) or " ".join(name.split())


def _category(character: str, *kinds: str) -> bool:
    return unicodedata.category(character).startswith(kinds)


def without_markup(text: str) -> str:
    """The words of a text that may be HTML; a text without tags and entities stays as it is."""
    if not _MARKUP.search(text):
        return text
    words = _Words()
    words.feed(text)
    words.close()
    return " ".join("".join(words.found).split())


class _Words(HTMLParser):
    """Collects what a reader of the page would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._unread += tag in _UNREAD
        self.found.append(" " if tag in _LINES else "")

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in _UNREAD and self._unread > 0
        self.found.append(" " if tag in _LINES else "")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.found.append(data)
