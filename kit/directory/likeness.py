"""Entries that look like the same service, and one entry made of two. A person decides; nothing merges by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from difflib import SequenceMatcher
from itertools import combinations
from typing import Any, Final

from kit.directory.entries import Row
from kit.letters import folded

# From this share of common letters on, what two names do not have in common looks alike.
ALIKE: Final = 0.8
SHORTEST: Final = 3
# So many letters of what two names do not have in common are compared, and so often the names of one entry.
LONGEST: Final = 48
MOST_SLOW: Final = 20
# More suggestions than a person wants to go through at once.
MOST_PAIRS: Final = 20

# Words that say nothing about which service it is.
_FILLERS = frozenset(
    {
        "a", "and", "at", "au", "aux", "the", "of", "for", "in", "de", "des", "du", "la", "le", "les", "l", "d", "en",
        "et", "pour", "un", "une", "centre", "center", "service", "services", "inc", "organization", "organisation",
        "organisme", "community", "communautaire",
    }
)  # fmt: skip
_WIDER = ("not_known", "a_little", "well")
_CLOSER = ("public", "partners", "never")


def plain_name(name: str) -> str:
    """A name without accents, capitals, marks and filler words; their order does not matter."""
    words = folded(name).split()
    return " ".join(sorted(word for word in words if word not in _FILLERS)) or " ".join(sorted(words))


def alike(one: str, other: str) -> bool:
    """Whether two plain names are the same, one has all the words of the other (at least two), or what remains of
    them without the words that both have is nearly the same: "parc" and "lac" tell two clinics apart."""
    known = _at_once(one, other)
    return known if isinstance(known, bool) else known.ratio() >= ALIKE


def _at_once(one: str, other: str) -> bool | SequenceMatcher[str]:
    """Whether two plain names are alike, where that is soon said; or else the slow comparison that says it."""
    words, others = set(one.split()), set(other.split())
    both = words & others
    rest, remains = ("".join(sorted(found - both))[:LONGEST] for found in (words, others))
    if not rest or not remains:
        return rest == remains or len(both) >= 2
    # The most letters that two words of these lengths can have in common.
    if min(len(rest), len(remains)) < max(SHORTEST, ALIKE * (len(rest) + len(remains)) / 2):
        return False
    match = SequenceMatcher(None, rest, remains, autojunk=False)
    return match if match.real_quick_ratio() >= ALIKE and match.quick_ratio() >= ALIKE else False


def suggest(rows: Mapping[str, Row], apart: Collection[frozenset[str]] = ()) -> list[tuple[str, str]]:
    """Pairs of keys whose entries have one type and names that are alike, the older key first; none of `apart`.

    Names can be made so that every two of them need the slow comparison and are not alike; no entry gets more than
    `MOST_SLOW` of those, so that a list of them holds nobody up, and leaves other entries theirs.
    """
    by_type: dict[str, list[tuple[str, str]]] = {}
    for key, row in rows.items():
        by_type.setdefault(str(row.get("type")), []).append((key, plain_name(str(row.get("name", "")))))
    pairs: list[tuple[str, str]] = []
    slow: Counter[str] = Counter()
    for named in by_type.values():
        for (key, name), (other_key, other) in combinations(named, 2):
            known = _at_once(name, other) if name and other else False
            if not isinstance(known, bool):
                if max(slow[key], slow[other_key]) >= MOST_SLOW:
                    continue
                slow.update((key, other_key))
                known = known.ratio() >= ALIKE
            if known and frozenset((key, other_key)) not in apart:
                pairs.append((key, other_key))
                if len(pairs) == MOST_PAIRS:
                    return pairs
    return pairs


def merged(first: Row, second: Row) -> dict[str, Any]:
    """One entry of two: the first's words, what only the second has, and the narrower circle who may see it."""
    made = {**second, **first}
    for name, value in made.items():
        if isinstance(value, list):
            made[name] = list(dict.fromkeys([*first.get(name, ()), *second.get(name, ())]))
    for name, order in (("knowledge", _WIDER), ("visibility", _CLOSER)):
        found = [order.index(row[name]) for row in (first, second) if row.get(name) in order]
        if found:
            made[name] = order[max(found)]
    newer = max((first, second), key=lambda row: str(row.get("checked", "")))
    made |= {name: newer[name] for name in ("checked", "checked_by") if name in newer}
    if newer.get("checked") and "checked_by" not in newer:
        made.pop("checked_by", None)
    return made
