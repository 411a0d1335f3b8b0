"""Find what would lead to a person in a text that is to be shared: addresses, numbers, links.

Patterns, not understanding: a name or a story passes. They catch what people paste by habit; the
consent tick, the threshold and the facilitator's eye do the rest.
"""

from __future__ import annotations

import re

# Key → pattern; the key is a text in kit/texts/<lang>/disclosure.yaml under `contact`.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[\w.+-]+\s*(?:@|\(at\)|\[at\]|\barobase\b)\s*[\w-]+(?:\s*\.\s*[\w-]+)+", re.I)),
    ("link", re.compile(r"(?:https?://|www\.)\S+|\b[\w-]{2,}\.(?:ca|com|org|net|info|gouv|gc|qc)\b", re.I)),
    ("handle", re.compile(r"(?<![\w@])@[\w.]{2,}")),
    ("phone", re.compile(r"(?<!\d)(?:\+?\d[\s.()/-]{0,3}){7,15}(?!\d)")),
    ("postal_code", re.compile(r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z][\s-]?\d[A-Z]\d\b", re.I)),
    (
        "street",
        re.compile(
            r"\b\d{1,6}[a-z]?,?\s+(?:(?:rue|avenue|boulevard|boul|chemin|rang|all[ée]e|(?:place|route)\s+d[eu'’])\b"
            r"|(?:[\w.'’-]+\s+){1,3}(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|crescent|court)\b)",
            re.I,
        ),
    ),
)


def contact_in(text: str) -> str | None:
    """The kind of contact detail that stands in `text` ("email", "phone" …), or None."""
    return next((kind for kind, pattern in _PATTERNS if pattern.search(text)), None)
