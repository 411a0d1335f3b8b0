"""Find what would lead to a person in a text that is to be shared: addresses, numbers, links, accounts.

Patterns, not understanding: a name or a story passes. They catch what people paste by habit and the ways in which
it is hidden from patterns; the consent tick, the threshold and the facilitator's eye do the rest.

Every pattern sees the text made plain (`plain`), in pieces of bounded length: the time grows with the length of
the text and with nothing else. Patterns assume single spaces, so that none needs an open run of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kit.contact.links import is_account, is_email, is_link
from kit.contact.phones import is_phone
from kit.contact.places import is_on_a_map, is_postal_code, is_street
from kit.contact.signs import plain

__all__ = ["contact_in", "plain"]

# Longer than any contact detail; two pieces overlap by half, so that each detail stands whole in one of them.
PIECE = 400

# The key is a text in kit/texts/<lang>/disclosure.yaml under `contact_kind`.
_KINDS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("email", is_email),
    ("link", is_link),
    ("handle", is_account),
    ("postal_code", is_postal_code),
    ("coordinates", is_on_a_map),
    ("street", is_street),
    ("phone", is_phone),
)


def contact_in(text: str) -> str | None:
    """The kind of contact detail that stands in `text` ("email", "phone" …), or None."""
    for piece in pieces(plain(text)):
        for kind, found in _KINDS:
            if found(piece):
                return kind
    return None


def pieces(text: str) -> Iterator[str]:
    """The text in pieces of at most `PIECE` characters that overlap, cut between words where that can be."""
    start = 0
    while len(text) - start > PIECE:
        end = start + PIECE
        yield text[start : max(text.rfind(" ", start + PIECE // 2, end), 0) or end]
        start = max(text.rfind(" ", start, start + PIECE // 2), 0) or start + PIECE // 2
        start += text[start] == " "
    yield text[start:]
