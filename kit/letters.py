"""Text as text: what no file may hold is dropped, markup becomes words, and two spellings of a word are one.

`printable` is for whatever is kept, `folded` for whatever is compared: guards and headings look at folded text,
so that neither an accent of two characters nor an invisible one makes a word another.
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


def printable(text: str) -> str:
    """The text without the characters that XML, and so XLSX, Word and SVG, cannot hold."""
    text = _FORBIDDEN.sub("", _BREAK.sub(" ", text))
    # The last two of each plane are no characters either.
    return "".join(one for one in text if ord(one) & 0xFFFE != 0xFFFE) if not text.isascii() else text


def folded(text: str) -> str:
    """Words in small letters without accents, marks and invisible characters, with one space between them."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(one for one in decomposed if not unicodedata.category(one).startswith(("M", "Cf")))
    return " ".join(re.findall(r"[^\W_]+", bare))


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
