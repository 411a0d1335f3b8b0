"""What the facilitator types at the end of a workshop, for the first page of its report.

The facilitator alone writes it: no answer of anybody's is in it. It is checked for contact details as a shared text
is; whether it names somebody, only its writer can see.
"""

from __future__ import annotations

from kit.answers import tidy
from kit.contact import contact_in
from kit.errors import TextIdentifies, TextTooLong

# Characters of each of the two texts: what fits on a first page beside the findings.
LIMIT = 600


def closing_words(text: str) -> str:
    """A text as it is kept: its paragraphs, each with single spaces; raises `TextTooLong`, `TextIdentifies`."""
    if len(text) > LIMIT:
        raise TextTooLong(item="closing", length=len(text), limit=LIMIT)
    paragraphs = [tidy("closing", line, LIMIT) for line in text.splitlines()]
    if what := contact_in(" ".join(paragraphs)):
        raise TextIdentifies(item="closing", what=what)
    return "\n".join(filter(None, paragraphs))
