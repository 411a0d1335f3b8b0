"""How far the room is, in words: what the wall says while people answer.

The wall tells no number, since a number shows each person who comes, leaves, or takes back what they said. A word may
rise at any time. It falls only when at least k people would be needed to make it true again: so a word that stays, or
falls, never shows that 1 to k - 1 people have come or left. The console tells exact numbers; a wall that is opened
anew begins with the word that is true then.

How many have answered a single question is told nowhere: that most or all have says how many skipped it, and beside
its released table that gives away small counts (`tests.auditor.votes`). What people do say in four words is that they
are done: a word to the room, which nothing in their answers decides.
"""

from __future__ import annotations

from typing import Final

WORDS: Final = ("nobody", "some", "most", "all")


class Progress:
    """The words that one wall has said; `k` is the session's threshold."""

    def __init__(self, k: int) -> None:
        self._k = k
        self._said: dict[str, int] = {}

    def word(self, of_what: str, some: int, everyone: int) -> str:
        """What the wall says when `some` of `everyone` (numbers of people) have begun something."""
        now, before = _place(some, everyone), self._said.get(of_what, 0)
        nearly = some + self._k - 1
        if now < before and _place(nearly, max(everyone, nearly)) >= before:
            now = before
        self._said[of_what] = now
        return WORDS[now]

    def any(self, of_what: str, some: int) -> str:
        """Whether somebody has answered single questions; once said, it stays."""
        said = self._said[of_what] = max(self._said.get(of_what, 0), min(some, 1))
        return WORDS[said]


def _place(some: int, everyone: int) -> int:
    if not some:
        return 0
    return 3 if some >= everyone else 2 if 2 * some > everyone else 1
