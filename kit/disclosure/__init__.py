"""Disclosure control: the only door through which anything about a group leaves the store.

`release` turns persons' answers into a `Release`: what is safe to show, in no language. The rules, with k the
session's threshold; each has a module:

1. One safe table per item (`tables`): shares lie between steps of a public menu (`steps`) that depends on head count
   and k only. Behind each table stands a room in which every count is 0 or at least k, and many others.
2. Nothing is told of all: at least 3 people could have answered otherwise; on a sensitive item, even for two who
   compare their own answers with the picture.
3. Groups are told by the side of the scale that more than half of them chose, where the table of all leaves each of
   them open (`groups`).
4. Head counts are told as "at least so many", in steps of k.
5. A later release changes an item only when at least k people's answers to it changed (`sequence`); a second round
   of an exercise is one, told beside the first (`rounds`).
6. Texts need k writers who agreed; each stands once, they are shuffled and searched for contact details (`making`).
7. What more than half have shown by their choices at forks is one table, told in small rooms beside those of the forks
   (`traits`).
8. All else that is told is a function of the release (`release`), also how much is not told.
"""

from kit.disclosure.foresight import Foresight, foresee
from kit.disclosure.making import (
    Snapshot,
    participation,
    release,
    release_participation,
    told_count,
    without_texts_of,
)
from kit.disclosure.release import (
    FORMAT,
    TOGETHER,
    Band,
    By,
    Group,
    GroupValue,
    ItemRelease,
    Release,
    release_from_json,
    release_to_json,
)
from kit.disclosure.rounds import Rounds, second_round
from kit.disclosure.sequence import Basis
from kit.disclosure.steps import HALF

__all__ = [
    "FORMAT", "HALF",
    "TOGETHER", "Band", "Basis", "By", "Foresight", "Group", "GroupValue", "ItemRelease", "Release", "Rounds",
    "Snapshot", "foresee", "participation", "release", "release_from_json", "release_participation", "release_to_json",
    "second_round", "told_count", "without_texts_of",
]  # fmt: skip
