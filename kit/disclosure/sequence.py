"""One reveal after another: what is told again, and what stays, so that no two pictures tell of fewer than k people.

What is told of an item rests on marks: for each person, a digest of their answer under a secret of their own, made
with the picture and kept in the store. An item is told anew only when at least k people's answers to it have changed
since. Of people who have left, marks and secret are gone; only how many they were is known, item by item, and they
are counted as changed, in whichever group this asks for more.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# Person → item → digest. The item "" stands for having taken part at all.
Marks = dict[str, dict[str, str]]
PRESENT = ""
_written = json.JSONEncoder(sort_keys=True).encode


@dataclass(frozen=True)
class Basis:
    """What a picture rests on. `left` is how many of those who had a mark on an item have been erased since."""

    marks: Marks = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)


def digest(value: object, secret: str) -> str:
    """A mark: without the person's secret, nobody can try out what it was made of."""
    told = _written(value).encode()
    return hashlib.blake2b(told, digest_size=16, key=secret.encode()[:64]).hexdigest()


@dataclass(frozen=True)
class Change:
    """What has happened to one item since it was told: who changed, and how many have left."""

    people: frozenset[str]
    left: int

    @property
    def count(self) -> int:
        return len(self.people) + self.left

    def spares_groups(self, group_of: Mapping[str, str], shown: Iterable[str], k: int) -> bool:
        """Whether in each shown group, and among the others, nobody or at least k have changed."""
        shown = set(shown)
        moved = Counter(group if (group := group_of.get(key, "")) in shown else "" for key in self.people)
        parts = [moved[group] for group in (*shown, "")]
        return all(n >= k or (n == 0 and not self.left) for n in parts)


def change(item: str, before: Basis, now: Marks) -> Change:
    """Whose mark on an item is not what it was; someone who left and was not erased counts among them."""
    keys = set(before.marks) | set(now)
    moved = (key for key in keys if before.marks.get(key, {}).get(item) != now.get(key, {}).get(item))
    return Change(frozenset(moved), before.left.get(item, 0))


def rebased(before: Basis, now: Marks, kept: frozenset[str]) -> Basis:
    """The marks that public pictures rest on now: the old ones of items that were `kept`, today's of all others."""
    marks = {
        key: {item: mark for item, mark in now.get(key, {}).items() if item not in kept}
        | {item: mark for item, mark in before.marks.get(key, {}).items() if item in kept}
        for key in set(before.marks) | set(now)
    }
    left = {item: n for item, n in before.left.items() if item in kept and n}
    return Basis({key: own for key, own in marks.items() if own}, left)
