"""Disclosure control: the only door through which anything about a group leaves the store.

`release` turns persons' answers into a `Release`: numbers that are safe to show, in no language.
The rules, with k the session's threshold:

1. Nothing is told about fewer than k people. A cell of a table is empty (0) or holds at least k.
2. On an ordered scale, neighbouring options are put together until rule 1 holds; without an order, all but
   one are. What then still fails is told as "most" or not at all.
3. Groups below k are put together; where that is still below k, the smallest group that could be shown
   goes with them, so that nobody is left over as the difference from the total.
4. On a sensitive item, one answer by everybody is told as "most", and means keep away from the ends.
5. Shares are rounded to steps of 5 %, means and spreads to halves; how many rated an item is not told.
6. A later release changes an item only when at least k people's answers to it changed, and a group in it
   only when that holds for the group and for what is left of the total without it (`_refresh_groups`).
7. Texts need k writers who agreed; each stands once, they are shuffled and searched for contact details.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from random import Random
from typing import Any, Literal

from kit.contact import contact_in
from kit.exercise import Question
from kit.session import Mode, Response, Value

TOGETHER = "together"
STEP = 5
MOST = 0.75

By = Literal["sector", "partner"]
Basis = dict[str, dict[str, str]]
Partition = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Band:
    """Neighbouring options told as one, with their share of those who rated, in per cent (steps of 5)."""

    options: tuple[str, ...]
    percent: int


@dataclass(frozen=True)
class GroupValue:
    """Middle and spread of one group on one item, both rounded to halves of a scale step."""

    group: str
    middle: float
    spread: float


@dataclass(frozen=True)
class ItemRelease:
    """What may be shown about one item.

    shape   "bands": shares that add up to about 100; "most": only that most chose the options of the
            one band (its percent is 0 and says nothing); "hidden": nothing
    apart   share of all who answered that stood beside the scale ("I don't know"), in per cent;
            None when it may not be shown
    middle  mean position on the scale (first option = 1), rounded to halves; None when hidden
    spread  standard deviation in scale steps, rounded to halves; None when hidden
    groups  middle and spread by sector or partner; empty when they may not be set side by side
    rules   why something is missing here: ids of rules, each with a sentence in kit/texts
            (`disclosure.<rule>`)
    """

    item: str
    shape: Literal["bands", "most", "hidden"]
    bands: tuple[Band, ...] = ()
    apart: int | None = None
    middle: float | None = None
    spread: float | None = None
    groups: tuple[GroupValue, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """A sector, a partner, or several of them `TOGETHER`, with the number of people in it (at least k)."""

    id: str
    people: int


@dataclass(frozen=True)
class Release:
    """Everything that may be shown about one exercise of one session; safe in any combination.

    people  how many answered; 0 when they are too few to say anything
    by      what the groups of the items are: "sector" or "partner"
    groups  only in a release about who took part: two tables of head counts could be subtracted
    texts   shared texts by item id, shuffled; only where at least k people agreed
    hidden  how many cells were held back, by rule
    """

    exercise: str
    k: int
    people: int
    by: By
    groups: tuple[Group, ...] = ()
    items: Mapping[str, ItemRelease] = field(default_factory=dict)
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hidden: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Snapshot:
    """A frozen release and what the next one is compared with.

    basis  digests by person and item; stays in the store, is never shown or exported
    news   how many items or texts differ from the snapshot before
    """

    release: Release
    basis: Basis
    news: int


def participation(groups: Iterable[str], k: int) -> tuple[Group, ...]:
    """Head counts of groups (one entry per person), each at least k, that add up to the whole.

    Groups that are too small are told `TOGETHER`; empty when even the whole is below k.
    """
    sizes = Counter(groups)
    shown = {group: n for group, n in sizes.items() if n >= k}
    rest = sizes.total() - sum(shown.values())
    while 0 < rest < k and shown:
        smallest = min(shown, key=lambda group: (shown[group], group))
        rest += shown.pop(smallest)
    told = [Group(group, n) for group, n in sorted(shown.items(), key=lambda pair: (-pair[1], pair[0]))]
    return tuple(told) + ((Group(TOGETHER, rest),) if rest >= k else ())


def release(
    exercise: str,
    questions: Sequence[Question],
    responses: Sequence[Response],
    k: int,
    mode: Mode,
    before: Snapshot | None = None,
    shuffler: Random | None = None,
) -> Snapshot:
    """Turn answers into what may be shown, given what was shown `before`."""
    by: By = "partner" if mode is Mode.ATTRIBUTED else "sector"
    basis = _basis(questions, responses, by)
    now = _Now(questions, responses, k, by, basis, before, shuffler or Random())
    if len(responses) < k and before is None:
        return Snapshot(Release(exercise, k, 0, by, hidden={"few_people": len(questions)}), basis, 0)
    items = {q.item: now.item(q) for q in questions if not q.text}
    texts = {q.item: now.texts(q) for q in questions if q.text}
    made = Release(
        exercise,
        k,
        now.people(),
        by,
        (),
        items,
        {item: told for item, told in texts.items() if told},
        _hidden(items, texts, now),
    )
    return Snapshot(made, now.merged_basis(), now.news)


def release_participation(responses: Sequence[Response], k: int, before: Snapshot | None = None) -> Snapshot:
    """Who took part, by sector: frozen like every other release, told anew when k people came or left."""
    basis: Basis = {one.key: {"": _digest(one.sector)} for one in responses}
    if before is not None and 0 < len(_changed("", before.basis, basis)) < k:
        return replace(before, news=0)
    groups = participation((one.sector for one in responses), k)
    people = len(responses) if len(responses) >= k else 0
    small = len({one.sector for one in responses}) - sum(group.id != TOGETHER for group in groups)
    made = Release("", k, people, "sector", groups, hidden={"small_groups": small} if small else {})
    return Snapshot(made, basis, int(before is None or made != before.release))


def release_to_json(made: Release) -> dict[str, Any]:
    """A release as plain JSON."""
    return asdict(made)


def release_from_json(raw: Mapping[str, Any]) -> Release:
    """A release from its JSON form; what else is stored beside it is left alone."""
    items = {
        item: ItemRelease(
            **{
                **one,
                "bands": tuple(Band(tuple(band["options"]), band["percent"]) for band in one["bands"]),
                "groups": tuple(GroupValue(**value) for value in one["groups"]),
                "rules": tuple(one["rules"]),
            }
        )
        for item, one in raw["items"].items()
    }
    texts = {item: tuple(told) for item, told in raw["texts"].items()}
    groups = tuple(Group(**group) for group in raw["groups"])
    plain = {name: raw[name] for name in ("exercise", "k", "people", "by", "hidden")}
    return Release(**plain, items=items, texts=texts, groups=groups)


class _Now:
    """The answers of this moment beside the snapshot before."""

    def __init__(
        self,
        questions: Sequence[Question],
        responses: Sequence[Response],
        k: int,
        by: By,
        basis: Basis,
        before: Snapshot | None,
        shuffler: Random,
    ) -> None:
        self.k, self.by, self.basis, self.before, self.shuffler = k, by, basis, before, shuffler
        self.responses = responses
        self.news = 0
        self.contacts = 0
        self.group_of = {one.key: _group(one, by) for one in responses}
        # A person who has left still counts in what changed, in the group that they were in.
        if before is not None:
            for key, cells in before.basis.items():
                self.group_of.setdefault(key, cells.get("@group", ""))
        self._kept: set[str] = set()

    def people(self) -> int:
        """Head count, moved only by at least k comings and goings."""
        count = len(self.responses) if len(self.responses) >= self.k else 0
        if self.before is None:
            return count
        moved = len(set(self.basis) ^ set(self.before.basis))
        if 0 < moved < self.k and self.before.release.people:
            self._kept.add("@people")
            return self.before.release.people
        return count

    def merged_basis(self) -> Basis:
        """What is public now rests on: today's digests, and the old ones where an item was kept."""
        if self.before is None or not self._kept:
            return self.basis
        old = self.before.basis
        keep_people = "@people" in self._kept
        keys = set(old) | set(self.basis)
        merged = {
            key: {i: d for i, d in self.basis.get(key, {}).items() if i not in self._kept}
            | {i: d for i, d in old.get(key, {}).items() if i in self._kept}
            for key in keys
        }
        present = set(old) if keep_people else set(self.basis)
        # Someone who only stands behind kept items stays in the basis, so that their leaving still counts.
        return {key: cells for key, cells in merged.items() if key in present or set(cells) - {"@group"}}

    def item(self, question: Question) -> ItemRelease:
        """What may be shown about a choice."""
        made = _item(question, self.responses, self.k, self.by)
        was = self.before.release.items.get(question.item) if self.before else None
        if was is None or self.before is None or (was.shape == "hidden" and "few_rated" in was.rules):
            self.news += made.shape != "hidden"
            return made
        changed = _changed(question.item, self.before.basis, self.basis)
        if len(changed) < self.k:
            self._kept.add(question.item)
            return was if not changed else replace(was, rules=_add(was.rules, "kept"))
        if "few_rated" in made.rules:
            self._kept.add(question.item)
            return replace(was, rules=_add(was.rules, "kept"))
        self.news += 1
        return replace(made, groups=self._refresh_groups(was, made, changed))

    def texts(self, question: Question) -> tuple[str, ...]:
        """Shared texts, shuffled; the same list again until at least k writers changed theirs."""
        told = [_shared(one.answers.get(question.item)) for one in self.responses]
        safe = [tuple(text for text in texts if contact_in(text) is None) for texts in told]
        self.contacts += sum(map(len, told)) - sum(map(len, safe))
        writers = sum(map(bool, safe))
        # Said by several, a text stands once: how many said it is nobody's business.
        clean = sorted({text for texts in safe for text in texts})
        was = self.before.release.texts.get(question.item, ()) if self.before else ()
        if was and self.before is not None and len(_changed(question.item, self.before.basis, self.basis)) < self.k:
            self._kept.add(question.item)
            return tuple(was)
        if writers < self.k:
            if was:
                self._kept.add(question.item)
            return tuple(was)
        self.shuffler.shuffle(clean)
        self.news += 1
        return tuple(clean)

    def _refresh_groups(self, was: ItemRelease, made: ItemRelease, changed: set[str]) -> tuple[GroupValue, ...]:
        """New values for groups of which nothing can be had by subtracting the two snapshots.

        The changed persons form a table of their own: each group that is refreshed has 0 or at least k
        of them, and so has what remains of the total. Other groups keep the value that is known.
        """
        if not was.groups:
            return made.groups
        moved = Counter(self.group_of.get(key, "") for key in changed)
        new = {value.group: value for value in made.groups}
        fresh = {g for g in (value.group for value in was.groups) if g in new and moved[g] >= self.k}
        while fresh and 0 < moved.total() - sum(moved[g] for g in fresh) < self.k:
            fresh.remove(min(fresh, key=lambda g: (moved[g], g)))
        return tuple(new[value.group] if value.group in fresh else value for value in was.groups)


def _item(question: Question, responses: Sequence[Response], k: int, by: By) -> ItemRelease:
    answers = [(one, one.answers.get(question.item)) for one in responses]
    rated = [(_group(one, by), question.options.index(v)) for one, v in answers if v in question.options]
    apart = sum(v in question.apart for _, v in answers)
    if len(rated) < k:
        return ItemRelease(question.item, "hidden", apart=_apart(question, apart, len(rated), k), rules=("few_rated",))
    made = _shape(question, Counter(question.options[at] for _, at in rated), k)
    made = replace(made, apart=_apart(question, apart, len(rated), k))
    if not question.ordered:
        return made
    middle, spread = _middle(question, [at for _, at in rated])
    groups = _compare(question, rated, k) if question.compare else ()
    rules = made.rules + (("small_groups",) if question.compare and not groups else ())
    return replace(made, middle=middle, spread=spread, groups=groups, rules=rules)


def _shape(question: Question, counts: Counter[str], k: int) -> ItemRelease:
    total = counts.total()
    for partition in _partitions(question):
        cells = [sum(counts[option] for option in options) for options in partition]
        if all(cell == 0 or cell >= k for cell in cells) and not (question.sensitive and total in cells):
            bands = tuple(Band(o, percent) for o, percent in zip(partition, _shares(cells), strict=True))
            joined = len(partition) < len(question.options)
            return ItemRelease(question.item, "bands", bands, rules=("joined",) if joined else ())
    for options in _sides(question):
        cell = sum(counts[option] for option in options)
        if cell >= max(k, math.ceil(MOST * total)):
            return ItemRelease(question.item, "most", (Band(options, 0),), rules=("most",))
    return ItemRelease(question.item, "hidden", rules=("small_cell",))


def _partitions(question: Question) -> list[Partition]:
    """From the finest to the coarsest; the choice among them never depends on who answered what first."""
    singles = tuple((option,) for option in question.options)
    if len(question.options) < 3:
        return [singles]
    if not question.ordered:
        # Without an order there are no neighbours: one option stands against all others together.
        return [singles, *(((one,), tuple(o for o in question.options if o != one)) for one in question.options)]
    lower, middle, upper = _sides(question)
    if not middle:
        return [singles, (lower, upper)]
    return [singles, (lower, middle, upper), (lower + middle, upper), (lower, middle + upper)]


def _sides(question: Question) -> Partition:
    options, half = question.options, len(question.options) // 2
    if not question.ordered:
        return tuple((option,) for option in options)
    return options[:half], options[half : len(options) - half], options[len(options) - half :]


def _compare(question: Question, rated: Sequence[tuple[str, int]], k: int) -> tuple[GroupValue, ...]:
    """Groups side by side; at least two of them, and never one without a remainder of 0 or at least k."""
    named = [group.id for group in participation((group for group, _ in rated), k) if group.id != TOGETHER]
    if len(named) < 2:
        return ()
    values = {group: _middle(question, [at for one, at in rated if one == group]) for group in named}
    return tuple(GroupValue(group, *values[group]) for group in sorted(named))


def _middle(question: Question, positions: Sequence[int]) -> tuple[float, float]:
    mean = sum(positions) / len(positions)
    spread = math.sqrt(sum((at - mean) ** 2 for at in positions) / len(positions))
    middle, spread = _halves(mean + 1), _halves(spread)
    if question.sensitive:
        return min(max(middle, 1.5), len(question.options) - 0.5), max(spread, 0.5)
    return middle, spread


def _apart(question: Question, apart: int, rated: int, k: int) -> int | None:
    if apart < k or (question.sensitive and rated == 0):
        return None
    return _percent(apart, apart + rated)


def _hidden(items: Mapping[str, ItemRelease], texts: Mapping[str, tuple[str, ...]], now: _Now) -> dict[str, int]:
    counts = Counter(rule for item in items.values() for rule in item.rules)
    counts["few_texts"] += sum(not told for told in texts.values())
    counts["contact"] += now.contacts if now.contacts >= now.k else 0
    return {rule: n for rule, n in sorted(counts.items()) if n}


def _basis(questions: Sequence[Question], responses: Sequence[Response], by: By) -> Basis:
    return {
        one.key: {
            "@group": _group(one, by),
            **{q.item: _digest(value) for q in questions if (value := _seen(q, one.answers.get(q.item))) is not None},
        }
        for one in responses
    }


def _seen(question: Question, value: Value | None) -> object:
    """The part of an answer that others could see: of a text, nothing unless it is shared."""
    return (_shared(value) or None) if question.text else value


def _changed(item: str, before: Basis, now: Basis) -> set[str]:
    keys = set(before) | set(now)
    return {key for key in keys if before.get(key, {}).get(item) != now.get(key, {}).get(item)}


def _shared(value: Value | None) -> tuple[str, ...]:
    """The texts of one person that others may see."""
    if not isinstance(value, dict) or value.get("share") is not True:
        return ()
    texts = value.get("texts", (value.get("text"),))
    return tuple(str(text) for text in texts if text)


def _group(one: Response, by: By) -> str:
    return (one.partner or TOGETHER) if by == "partner" else str(one.sector)


def _digest(value: object) -> str:
    return hashlib.blake2b(json.dumps(value, sort_keys=True).encode(), digest_size=8).hexdigest()


def _percent(part: int, whole: int) -> int:
    return STEP * math.floor(100 * part / whole / STEP + 0.5)


def _shares(cells: Sequence[int]) -> list[int]:
    """Per cent in steps of 5 that add up to 100: the largest remainders get what rounding down leaves."""
    steps = [100 * cell / sum(cells) / STEP for cell in cells]
    told = [math.floor(step) for step in steps]
    by_remainder = sorted(range(len(cells)), key=lambda at: told[at] - steps[at])
    for at in by_remainder[: 100 // STEP - sum(told)]:
        told[at] += 1
    return [STEP * step for step in told]


def _halves(value: float) -> float:
    return math.floor(2 * value + 0.5) / 2


def _add(rules: tuple[str, ...], rule: str) -> tuple[str, ...]:
    return rules if rule in rules else (*rules, rule)
