"""From persons' answers to a release: what may be shown about an exercise now, given what was shown before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from random import Random

from kit.contact import contact_in
from kit.disclosure.groups import leanings
from kit.disclosure.release import TOGETHER, By, Group, ItemRelease, Release
from kit.disclosure.sequence import PRESENT, Basis, Change, Marks, change, digest, rebased
from kit.disclosure.steps import HALF, SPARE, least, room_of
from kit.disclosure.tables import rooms_behind, table
from kit.disclosure.traits import told_traits
from kit.exercise import Question, Traits
from kit.session import Mode, Response, Value

# Between the marks of several texts.
BETWEEN = " "


@dataclass(frozen=True)
class Snapshot:
    """A frozen release and what the next one is compared with.

    basis  stays in the store, is never shown or exported
    news   how many items or texts are told otherwise than in the snapshot before
    """

    release: Release
    basis: Basis
    news: int


def release(
    exercise: str,
    questions: Sequence[Question],
    responses: Sequence[Response],
    k: int,
    mode: Mode,
    before: Snapshot | None = None,
    shuffler: Random | None = None,
    traits: Traits | None = None,
) -> Snapshot:
    """Turn answers into what may be shown, given what was shown `before`. Whoever answered nothing is not counted."""
    by: By = "partner" if mode is Mode.ATTRIBUTED else "sector"
    present = [one for one in responses if one.answers]
    now = _Now(questions, present, k, by, before, shuffler or Random(), traits)
    made = now.release(exercise)
    return Snapshot(made, rebased(now.basis, now.marks, frozenset(now.kept)), now.news)


def release_participation(responses: Sequence[Response], k: int, before: Snapshot | None = None) -> Snapshot:
    """Who took part, by sector: frozen like every other release, told anew when k people came or left."""
    marks = {one.key: {PRESENT: digest(True, one.secret)} for one in responses}
    if before is not None and before.release.people and change(PRESENT, before.basis, marks).count < k:
        return replace(before, news=0)
    groups = participation((str(one.sector) for one in responses), k)
    made = Release("", k, told_count(len(responses), k), "sector", groups)
    return Snapshot(made, Basis(marks), int(before is None or made != before.release))


def told_count(n: int, k: int) -> int:
    """ "At least so many": the multiple of k up to n."""
    return n // k * k


def participation(groups: Iterable[str], k: int) -> tuple[Group, ...]:
    """The groups (one entry per person) of which at least k are here, in the order of their names.

    How many more there are is not told, and at least `SPARE` people may belong anywhere. One group alone is not named:
    "none" would say that all are small.
    """
    sizes = Counter(groups)
    named = [group for group, n in sorted(sizes.items()) if n >= k]
    if len(named) < 2 or sizes.total() - k * len(named) < SPARE:
        return ()
    return tuple(Group(group, k) for group in named)


@dataclass
class _Now:
    """The answers of this moment beside the snapshot before."""

    questions: Sequence[Question]
    responses: Sequence[Response]
    k: int
    by: By
    before: Snapshot | None
    shuffler: Random
    traits: Traits | None = None
    news: int = 0
    kept: set[str] = field(default_factory=set)
    # What is told now, item by item; None of one that is being worked out.
    told: dict[str, ItemRelease | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.basis = self.before.basis if self.before else Basis()
        self.marks: Marks = {one.key: self._marks(one) for one in self.responses}
        self.group_of = {one.key: _group(one, self.by) for one in self.responses}

    def release(self, exercise: str) -> Release:
        people = self._people()
        if not people:
            self.kept |= {question.item for question in self.questions if self.before}
            return Release(exercise, self.k, 0, self.by)
        items = {q.item: self._placed(q) for q in self.questions if not q.text}
        texts = {q.item: self._texts(q) for q in self.questions if q.text}
        shared = {item: told for item, told in texts.items() if told}
        most = self._most(self.traits) if self.traits else ()
        return Release(exercise, self.k, people, self.by, (), items, shared, tuple(texts), most)

    def _people(self) -> int:
        """Head count as it is told, moved only by at least k comings and goings."""
        was = self.before.release.people if self.before else 0
        if was and change(PRESENT, self.basis, self.marks).count < self.k:
            self.kept.add(PRESENT)
            return was
        return max(told_count(len(self.responses), self.k), self.k if was else 0)

    @cached_property
    def _passed_a_step(self) -> bool:
        """Whether fewer than k have come or left, and the head count has moved to another menu of steps with them.

        A picture made now would have other steps than the head count that stands beside it, and show that they did.
        """
        was = self.before.release.people if self.before else 0
        return PRESENT in self.kept and len(self.responses) not in room_of(was, self.k)

    def _placed(self, question: Question) -> ItemRelease:
        """An item after those that lead to it."""
        found = self.told.get(question.item)
        if found is None:
            self.told[question.item] = None
            leading = {item for item, _ in question.within} - self.told.keys()
            for other in self.questions:
                if other.item in leading:
                    self._placed(other)
            found = self.told[question.item] = self._item(question)
        return found

    def _asked(self, question: Question) -> int:
        """Above how many per cent of all those are told to be who are asked an item at all."""
        if not question.within:
            return 100
        before = self.before.release.items if self.before else {}
        leading = ((self.told.get(item) or before.get(item), option) for item, option in question.within)
        return min(sum(one.least(option) for one, option in leading if one), 100)

    def _leaves_room(self, made: ItemRelease) -> bool:
        """Whether those who are told to have gone on from here are still told to have come here."""
        was, self.told[made.item] = self.told.get(made.item), made
        before = self.before.release.items if self.before else {}
        after = [q for q in self.questions if q.item in before and any(item == made.item for item, _ in q.within)]
        fits = all(sum(band.low for band in before[q.item].cells) <= self._asked(q) for q in after)
        self.told[made.item] = was
        return fits

    def _item(self, question: Question) -> ItemRelease:
        was = self.before.release.items.get(question.item) if self.before else None
        if was is None:
            untold = ItemRelease(question.item, question.options, compared=question.compare)
            made = untold if self._passed_a_step else self._made(question)
            self.news += made.shape != "hidden"
            return made
        moved = change(question.item, self.basis, self.marks)
        if moved.count < self.k or self._passed_a_step:
            self.kept.add(question.item)
            return was
        made = self._made(question)
        if not self._leaves_room(made) or not self._groups_may_change(was, made, moved):
            self.kept.add(question.item)
            return was
        self.news += made != was
        return made

    def _most(self, traits: Traits) -> tuple[str, ...]:
        """What more than half have shown; until k people show something else, what was told, as far as it can stay."""
        was, n = self.before.release.most if self.before else (), len(self.responses)
        if self._passed_a_step:
            self.kept.add(traits.item)
            return was
        if self.before and self.before.release.people and change(traits.item, self.basis, self.marks).count < self.k:
            self.kept.add(traits.item)
            found = was
        else:
            counts = Counter(one for response in self.responses for one in _traits_of(response, traits))
            found = tuple(one for one in traits.options if counts[one] >= least(n, HALF))
        forks = {item: one for item, one in self.told.items() if one}
        made = told_traits(traits, forks, found, n, self.k)
        self.news += made != was
        return made

    def _groups_may_change(self, was: ItemRelease, made: ItemRelease, moved: Change) -> bool:
        """Whether how groups lean now may stand there instead of how they did.

        If not, the item stays whole: beside a new table, the leanings of before tell that a few of some group have
        changed, and so does it that there are none where they could be told.
        """
        return was.leanings == made.leanings or moved.spares_groups(
            self.group_of, {*was.leanings, *made.leanings}, self.k
        )

    def _made(self, question: Question) -> ItemRelease:
        n, choices = len(self.responses), frozenset((*question.options, *question.apart))
        answers = [(self.group_of[one.key], _choice(one, question.item, choices)) for one in self.responses]
        counts = Counter(answer for _, answer in answers if answer is not None)
        cells, beside = table(question, counts, n, self.k, self._asked(question))
        made = ItemRelease(question.item, question.options, cells, beside, compared=question.compare)
        if not question.compare or not cells:
            return made
        whole = rooms_behind(question, counts, n, self.k)
        return replace(made, leanings=leanings(answers, question.options, whole, self.k, question.sensitive))

    def _texts(self, question: Question) -> tuple[str, ...]:
        """Shared texts, shuffled; the same list again until at least k writers changed theirs."""
        was = self.before.release.texts.get(question.item, ()) if self.before else ()
        if was and change(question.item, self.basis, self.marks).count < self.k:
            self.kept.add(question.item)
            return was
        shared = [_shared(one.answers.get(question.item)) for one in self.responses]
        # Said by several, a text stands once (and is searched once): how many said it is nobody's business.
        safe = {text for text in {text for texts in shared for text in texts} if contact_in(text) is None}
        if sum(not safe.isdisjoint(texts) for texts in shared) < self.k:
            if was:
                self.kept.add(question.item)
            return was
        clean = sorted(safe)
        self.shuffler.shuffle(clean)
        self.news += 1
        return tuple(clean)

    def _marks(self, one: Response) -> dict[str, str]:
        said = one.answers.keys()
        shown = _traits_of(one, self.traits) if self.traits else []
        traits = {self.traits.item: digest(shown, one.secret)} if self.traits and shown else {}
        return {PRESENT: digest(True, one.secret)} | traits | {
            question.item: mark
            for question in self.questions
            if question.item in said and (mark := _mark(question, one.answers[question.item], one.secret))
        }


def _choice(one: Response, item: str, choices: frozenset[str]) -> str | None:
    value = one.answers.get(item)
    return value if isinstance(value, str) and value in choices else None


def _traits_of(one: Response, traits: Traits) -> list[str]:
    """What somebody has shown at least once, by their choices."""
    return sorted({trait for item, option, trait in traits.shows if one.answers.get(item) == option})


def without_texts_of(before: Snapshot, key: str, secret: str) -> Release | None:
    """The release without the texts that this person alone gave; None when there is none of theirs in it."""
    own = {item: set(mark.split(BETWEEN)) for item, mark in before.basis.marks.get(key, {}).items()}
    texts = {
        item: tuple(text for text in told if digest(text, secret) not in own.get(item, set()))
        for item, told in before.release.texts.items()
    }
    if texts == before.release.texts:
        return None
    return replace(before.release, texts={item: told for item, told in texts.items() if told})


def _mark(question: Question, value: Value | None, secret: str) -> str:
    """The part of an answer that others could see, as a mark: of a text, nothing unless it is shared."""
    if question.text:
        return BETWEEN.join(sorted({digest(text, secret) for text in _shared(value)}))
    return "" if value is None else digest(value, secret)


def _shared(value: Value | None) -> tuple[str, ...]:
    """The texts of one person that others may see."""
    if not isinstance(value, dict) or value.get("share") is not True:
        return ()
    texts = value.get("texts", (value.get("text"),))
    return tuple(str(text) for text in texts if text)


def _group(one: Response, by: By) -> str:
    return (one.partner or TOGETHER) if by == "partner" else str(one.sector)
