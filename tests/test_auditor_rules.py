"""Each rule is needed: taken out, the auditor finds something, or the test that holds the rule fails.

The sentences are those of what is promised: one safe table, diversity, sequences, erased is erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from inspect import signature
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kit import results, shared
from kit.disclosure import (
    ItemRelease,
    Release,
    Snapshot,
    deduction,
    groups,
    making,
    release,
    sequence,
    steps,
    tables,
    traits,
)
from kit.disclosure.sequence import Change, digest
from kit.exercise import Question, exercise
from kit.serving.inside import facilitator, progress
from kit.session import Mode, Response, Session
from kit.store import Store, seats
from kit.telling import Telling
from tests import (
    test_auditor,
    test_disclosure,
    test_progress,
    test_reports,
    test_sequences,
    test_shared,
    test_traits,
    test_votes,
)
from tests.auditor.paths import FORKS, ONCE, of_paths, of_pulse
from tests.auditor.rooms import AGREE, AGREED, PLAIN, PRACTICE, RATED, forget_tables, of_item, responses
from tests.auditor.sectors import proofs_of_sectors
from tests.auditor.sequences import AROUND, forget_pictures, of_comings, of_groups, of_rounds, of_sequence
from tests.auditor.traits import NARROW, of_traits
from tests.auditor.votes import WAYS, of_comings_and_votes, of_pairs, of_reveals, of_votes


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget_tables()
    yield
    forget_tables()
    forget_pictures()


# ---- what the auditor finds


def without_spare(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(steps, "SPARE", 0)
    patch.setattr(tables, "SPARE", 0)
    return of_item(PRACTICE, 6, 3)


def without_diversity(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(steps, "SPARE_SENSITIVE", 3)
    patch.setattr(tables, "SPARE_SENSITIVE", 3)
    return of_item(replace(PRACTICE, sensitive=True), 10, 3)


def with_steps_below_k(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(tables, "steps", lambda n, k, sensitive: (10, 30, 60))
    return of_item(PRACTICE, 12, 5)


def with_narrow_steps(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(steps, "WIDTH", 1)
    return of_item(PRACTICE, 12, 3)


def without_looking_at_the_rest(patch: pytest.MonkeyPatch) -> list[Any]:
    for module in (steps, tables):
        patch.setattr(module, "rest_is_safe", lambda low, high, k: True)
    patch.setattr(tables, "steps", lambda n, k, sensitive: (30, 45))
    return of_item(PRACTICE, 14, 5)


def without_taking_back(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(tables, "_is_safe", lambda frame, found: True)
    return of_item(PRACTICE, 12, 3)


def with_bands_chosen_by_the_answers(patch: pytest.MonkeyPatch) -> list[Any]:
    """As it was: the finest bands of which none is below k."""
    true = tables.table

    def chosen(question: Question, counts: Any, n: int, k: int, *asked: Any) -> Any:
        fine = all(counts.get(one, 0) == 0 or counts.get(one, 0) >= k for one in question.options)
        bands = tuple((one,) for one in question.options) if fine else tables.sides(question.options)
        patch.setattr(tables, "partition", lambda question, n, k: bands)
        return true(question, counts, n, k, *asked)

    patch.setattr(making, "table", chosen)
    patch.setattr(tables, "is_even", lambda n, k, sensitive: True)
    return of_item(Question("x", ("a", "b", "c", "d"), ordered=True), 9, 3)


def with_exact_head_counts(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(making, "told_count", lambda n, k: n if n >= k else 0)
    missing: dict[tuple[int, int], set[int]] = {}
    for some in range(5, 13):
        missing.setdefault((making.told_count(12, 5), making.told_count(some, 5)), set()).add(12 - some)
    return [one for one in missing.values() if 1 <= min(one) <= max(one) < 5]


def without_waiting_for_k(patch: pytest.MonkeyPatch) -> list[Any]:
    class Always(sequence.Change):
        @property
        def count(self) -> int:
            return 1000

    patch.setattr(making, "change", lambda item, before, now: Always(frozenset(), 0))
    return of_sequence(7, 3, Question("x", ("a",)))


def with_a_menu_of_its_own(patch: pytest.MonkeyPatch) -> list[Any]:
    """An item is told in the steps of today's head count, beside the head count of yesterday."""
    patch.setattr(making._Now, "_passed_a_step", False)
    return of_comings(9, 3, Question("x", ("a",)))


def with_forks_that_do_not_know_of_each_other(_patch: pytest.MonkeyPatch) -> list[Any]:
    return of_paths(9, 3, tuple(replace(one, within=()) for one in FORKS), ONCE)


def with_traits_as_they_are(patch: pytest.MonkeyPatch) -> list[Any]:
    """All that more than half have shown is told, whichever ways lead to it."""
    patch.setattr(traits._Room, "is_made", lambda self, stories: True)
    patch.setattr(traits._Room, "missing", frozenset())
    return of_traits(10, 5, NARROW)


def with_groups_as_they_are(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(groups, "_is_told", lambda room, whole, parts, found: True)
    return list(proofs_of_sectors(AGREED, (7, 7, 1), 3))


def with_nothing_behind_groups_not_told(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(groups, "_held_back", lambda room, whole, parts: groups.NOTHING)
    return list(proofs_of_sectors(AGREED, (7, 7, 0), 3))


def without_allies_beside_groups(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(deduction, "ALLIES", 0)
    return list(proofs_of_sectors(AGREED, (7, 7, 1), 3))


def with_moments_beside_the_change(patch: pytest.MonkeyPatch) -> list[Any]:
    """The pulse as it was: what was said before and now is told too, beside what has moved."""
    pulse = type(exercise("pulse"))
    questions, counted = pulse.questions, pulse.counted

    def every(self: Any, options: tuple[str, ...] = ()) -> Any:
        return (*super(pulse, self).questions(options), *questions(self, options))

    patch.setattr(pulse, "questions", every)
    patch.setattr(pulse, "counted", lambda self, answers, options=(): {**answers, **counted(self, answers, options)})
    return of_pulse(9, 3)


def tried_out(room: Sequence[Response]) -> list[str]:
    """The answers that somebody finds who has the kept marks, and tries every answer without anyone's secret."""
    marks = release("x", (RATED,), room, 3, Mode.ANONYMOUS).basis.marks
    return [one for own in marks.values() for one in AGREE if own.get("x") == digest(one, "")]


def with_marks_that_anyone_can_make(patch: pytest.MonkeyPatch) -> list[Any]:
    room = [replace(one, secret="a secret of their own") for one in responses(RATED, (3, 0, 0, 3, 0, 0, 0))]
    assert tried_out(room) == []
    patch.setattr(making, "digest", lambda value, secret: digest(value, ""))
    return tried_out(room)


def with_sectors_of_one_mind_for_allies(patch: pytest.MonkeyPatch) -> list[Any]:
    """Two who compare notes learn of a sector that fewer than three of its others can be otherwise."""
    patch.setattr(groups, "_is_safe", lambda room, made: not made.gives_away)
    return list(proofs_of_sectors(replace(AGREED, sensitive=True), (11, 11, 0), 3))


def without_waiting_between_two_rounds(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(sequence.Change, "count", property(lambda self: 1000))
    return of_rounds(7, 3, PLAIN)


def with_a_table_of_who_said_the_same(_patch: pytest.MonkeyPatch) -> list[Any]:
    """Two rounds beside how many said the same again: a table that is safe by itself."""
    moved = Question("moved", ("same", "other"))

    def tell(_: Any, then: Sequence[Response], now: Sequence[Response]) -> str:
        said = [
            replace(one, answers={**one.answers, "moved": "same" if one.answers == was.answers else "other"})
            for was, one in zip(then, now, strict=True)
        ]
        both = (
            release("x", asked, room, 3, Mode.ANONYMOUS) for asked, room in (((PLAIN,), then), ((PLAIN, moved), said))
        )
        return repr([one.release for one in both])

    return of_rounds(7, 3, PLAIN, tell)


def leaning_otherwise(patch: pytest.MonkeyPatch, leanings: Callable[[ItemRelease], Any]) -> list[Any]:
    """A new table where groups may not change, with leanings that are not its own."""
    true, made = making._Now._groups_may_change, making._Now._made

    def with_others(now: Any, question: Question) -> ItemRelease:
        found = made(now, question)
        if now.before is None:
            return found
        was = now.before.release.items[question.item]
        moved = sequence.change(question.item, now.basis, now.marks)
        return found if true(now, was, found, moved) else replace(found, leanings=leanings(was))

    patch.setattr(making._Now, "_made", with_others)
    patch.setattr(making._Now, "_groups_may_change", lambda *_: True)
    return of_groups((8, 8), 3, AGREED, AROUND)


def with_leanings_of_before_beside_a_new_table(patch: pytest.MonkeyPatch) -> list[Any]:
    return leaning_otherwise(patch, lambda was: was.leanings)


def without_leanings_beside_a_new_table(patch: pytest.MonkeyPatch) -> list[Any]:
    return leaning_otherwise(patch, lambda was: {})


def with_sectors_that_move_with_a_few(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(sequence.Change, "spares_groups", lambda self, group_of, shown, k: True)
    return of_groups((8, 8), 3, AGREED, AROUND)


def with_head_counts_that_move_with_one(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(making._Now, "_people", lambda self: making.told_count(len(self.responses), self.k))
    return of_comings(9, 3, Question("x", ("a",)))


def without_waiting_between_votes(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(sequence.Change, "count", property(lambda self: 1000))
    return of_reveals(7, 3)


def with_head_counts_that_move_with_one_voter(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(making._Now, "_people", lambda self: making.told_count(len(self.responses), self.k))
    return of_comings_and_votes(6, 3)


def with_votes_that_leave_nobody_over(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(steps, "SPARE", 0)
    patch.setattr(tables, "SPARE", 0)
    return of_votes(6, 3, WAYS[1:])


def without_waiting_beside_pairs(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(sequence.Change, "count", property(lambda self: 1000))
    return of_pairs(9, 3)


RULES: tuple[Callable[[pytest.MonkeyPatch], list[Any]], ...] = (
    without_spare, without_diversity, with_steps_below_k, with_narrow_steps, without_looking_at_the_rest,
    without_taking_back, with_bands_chosen_by_the_answers, with_exact_head_counts, without_waiting_for_k,
    with_a_menu_of_its_own, with_forks_that_do_not_know_of_each_other, with_traits_as_they_are,
    with_groups_as_they_are,
    with_nothing_behind_groups_not_told, without_allies_beside_groups, with_sectors_of_one_mind_for_allies,
    with_leanings_of_before_beside_a_new_table, without_leanings_beside_a_new_table, with_sectors_that_move_with_a_few,
    without_waiting_between_two_rounds, with_a_table_of_who_said_the_same, with_head_counts_that_move_with_one,
    with_moments_beside_the_change, with_marks_that_anyone_can_make, without_waiting_between_votes,
    with_votes_that_leave_nobody_over, with_head_counts_that_move_with_one_voter, without_waiting_beside_pairs,
)  # fmt: skip


@pytest.mark.parametrize("without", RULES)
def test_each_rule_that_is_taken_out_is_missed(without: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert without(monkeypatch)


# ---- what other tests find

Patch = Callable[[pytest.MonkeyPatch], None]
SPARES = Change.spares_groups
ALONE = test_sequences.test_screens_files_and_report_of_every_exercise_are_made_of_the_release_alone


def out(where: object, name: str, instead: Any) -> Patch:
    """A rule taken out, with what stands there instead."""
    return lambda patch: patch.setattr(where, name, instead)


def nothing(*_: Any) -> None:
    return None


def large(*_: Any) -> Change:
    return Change(frozenset(), 99)


def as_found(traits: Any, forks: Any, found: tuple[str, ...], n: int, k: int) -> tuple[str, ...]:
    return found


def all_texts(now: Any, question: Question) -> tuple[str, ...]:
    return tuple(text for one in now.responses for text in making._shared(one.answers.get(question.item)))


SHOWN = results.shown


def counted_now(store: Store, session: Session) -> results.Results:
    """Whoever reads a report releases who took part."""
    results._count_people(store, session)
    return SHOWN(store, session)


def as_it_was_counted(store: Store, session: Session) -> results.Results:
    kept = results.kept_result(store, session, results.PARTICIPATION)
    return replace(SHOWN(store, session), people=kept.raw if kept else Release("", session.k, 0, "sector"))


def released_now(store: Store, session: Session) -> results.Results:
    """A report is made of what people say by now."""
    found = ((plan, results._made(store, session, plan, None).release) for plan in session.plans)
    return replace(SHOWN(store, session), revealed={plan.slug: made for plan, made in found})


def revealed_with_a_count(store: Store, session: Session, slug: str) -> Snapshot:
    """The reveal says how many have changed since the last one."""
    kept = results.kept_result(store, session, slug)
    made = results.reveal(store, session, slug)
    after = results.kept_result(store, session, slug)
    before = kept.basis.marks if kept else {}
    now = results._made(store, session, session.plans[0], None).basis.marks
    return replace(made, news=len([key for key in now if now[key] != before.get(key)]) if after else 0)


def without_leavers(change: Change, group_of: Mapping[str, str], shown: Iterable[str], k: int) -> bool:
    return SPARES(replace(change, left=0), group_of, shown, k)


def found_otherwise(self: Telling, band: Any) -> str:
    return Telling.word(self, "not_shown") if band is None or self.lang == "en" else f"{band.low}, {band.high}"


# What is promised; its rule, taken out; a test that fails then.
HELD: tuple[tuple[str, Patch, Callable[..., None]], ...] = (
    ("steps are the same for all head counts that look alike", out(steps, "room_of", lambda n, k: range(n, n + 1)),
     test_disclosure.test_the_steps_are_the_same_for_all_head_counts_that_look_alike),
    ("who goes on from a fork is told to have come there", out(making._Now, "_leaves_room", lambda self, made: True),
     test_disclosure.test_a_fork_is_told_only_where_as_many_are_told_to_have_come_there),
    ("what a few show otherwise is not seen", out(making, "change", large),
     test_traits.test_fewer_than_k_who_show_something_else_are_not_seen),
    ("what stays goes with the choices of now", out(making, "told_traits", as_found),
     test_traits.test_what_stays_goes_with_the_choices_of_now),
    ("one who comes is not seen in the table of who took part", out(making, "change", large),
     test_disclosure.test_one_who_comes_late_is_not_seen_in_the_head_counts),
    ("no small sector is proven by who took part", out(making, "SPARE", 0),
     test_auditor.test_the_table_of_who_took_part_proves_no_small_sector),
    ("a report releases nothing", out(results, "shown", counted_now),
     test_reports.test_a_report_reads_and_releases_nothing),
    ("head counts of report and exercises fit together", out(results, "shown", as_it_was_counted),
     test_reports.test_one_who_comes_between_two_reveals_is_not_seen_in_the_head_counts),
    ("screens, files and report are made of the release", out(results, "shown", released_now),
     partial(ALONE, slug="pulse")),
    ("no language tells more than another", out(Telling, "percent", found_otherwise),
     partial(test_sequences.test_no_language_tells_more_than_another, slug="pulse")),
    ("the same sentence, whether nobody or one changed", out(facilitator, "reveal", revealed_with_a_count),
     test_sequences.test_the_same_sentence_stands_whether_nobody_or_a_few_have_changed),
    ("the wall's words do not fall with one", out(progress.Progress, "word", lambda self, what, some, everyone:
     progress.WORDS[progress._place(some, everyone)]),
     partial(test_progress.test_a_word_never_falls_because_fewer_than_k_have_come_or_left, k=3)),
    ("the wall does not say how many have voted", out(progress.Progress, "any", lambda self, what, some:
     progress.WORDS[some > 6]),
     partial(test_votes.test_what_the_wall_says_while_people_vote_proves_nothing_beside_the_result, n=12, k=4)),
    ("whoever has left is counted", out(Change, "count", property(lambda self: len(self.people))),
     test_disclosure.test_of_an_erased_person_the_next_release_knows_only_that_somebody_left),
    ("whoever has left may be of any sector", out(Change, "spares_groups", without_leavers),
     test_disclosure.test_someone_erased_counts_in_whichever_sector_asks_for_more),
    ("nothing of an erased person stays in the files", out(seats, "forget", nothing),
     test_sequences.test_nothing_of_an_erased_person_is_in_the_files),
    ("a text that was erased goes at once", out(results, "without_texts_of", nothing),
     test_shared.test_the_texts_of_an_erased_person_go_at_once_and_for_good),
    ("the facilitator looks at texts first", out(shared, "passed", lambda made, decisions: made),
     test_shared.test_the_room_sees_no_text_before_the_facilitator_has_looked),
    ("texts need k writers", out(making._Now, "_texts", all_texts), test_disclosure.test_texts_need_k_who_agreed),
    ("texts are in no order", out(Random, "shuffle", nothing), test_disclosure.test_texts_are_shuffled),
    ("texts are searched for what leads to a person", out(making, "contact_in", nothing),
     partial(test_disclosure.test_contact_details_are_found, text="@anna_b")),
)  # fmt: skip


@pytest.mark.parametrize(("taken_out", "held"), [pytest.param(*one[1:], id=one[0]) for one in HELD])
def test_each_promise_has_a_test_that_fails_without_its_rule(
    taken_out: Patch, held: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(tmp_path / "store.db") as store:
        given = {"store": store, "tmp_path": tmp_path}
        asked = {name: given[name] for name in signature(held).parameters if name in given}
        taken_out(monkeypatch)
        forget_tables()
        with pytest.raises(AssertionError):
            held(**asked)
