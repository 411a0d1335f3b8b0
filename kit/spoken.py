"""In which of the kit's languages a text is: told by its small words, and by nothing that is known of its writer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from kit.texts import languages, say

_WORD = re.compile(r"[^\W\d_]+")
# In a longer text, its beginning says enough.
LONGEST = 400


def language_of(text: str) -> str:
    """The language with the most of its small words in the text; empty where that is none, or none alone."""
    said = _WORD.findall(text[:LONGEST].casefold())
    counts = {lang: sum(word in small for word in said) for lang, small in _small().items()}
    most = max(counts.values(), default=0)
    found = [lang for lang, count in counts.items() if count == most]
    return found[0] if most and len(found) == 1 else ""


@cache
def _small() -> Mapping[str, frozenset[str]]:
    return {lang: frozenset(say(lang, "language.small").split()) for lang in languages()}
