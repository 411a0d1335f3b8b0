"""Word cards as people type them: any language of the kit, any accents, capitals or commas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from kit.letters import bare
from kit.session import CARD_WORDS, fingerprint
from kit.texts import card_list, languages

# Every language's list has as many words: a place in it stands for the same part of a card.
CARD_COUNT = 256


def numbers_of(typed: str) -> set[tuple[int, ...]]:
    """The cards that these words can mean: at most one per language, none when a word is unknown."""
    words = re.findall(r"[a-z]+", bare(typed[:400]))
    if len(words) != CARD_WORDS:
        return set()
    return {
        tuple(places[word] for word in words)
        for places in map(_places, languages())
        if all(word in places for word in words)
    }


def card_fingerprint(session_secret: str, numbers: tuple[int, ...]) -> str:
    """What the store keeps so that a card can be found: it fits in one session only."""
    return fingerprint(" ".join([session_secret, *map(str, numbers)]))


@cache
def _places(lang: str) -> Mapping[str, int]:
    return {bare(word): place for place, word in enumerate(card_list(lang))}
