"""Nobody can be found in what is told: every small room, through each exercise's summary; and each rule is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations, product
from random import Random
from typing import Any

import numpy as np
import pytest

from kit.disclosure import Snapshot, deduction, groups, making, release, sequence, steps, tables
from kit.disclosure.deduction import ANYWHERE, NO_SIDE, Part, deduce, known_of, ways_of
from kit.disclosure.making import release_participation
from kit.disclosure.sequence import digest
from kit.exercise import Question, exercise, exercises
from kit.session import Mode, Response, Sector
from tests.auditor.rooms import (
    SKIPPED,
    Proof,
    answers_of,
    compositions,
    forget_tables,
    item_of,
    pictures,
    proofs,
    responses,
    teller,
)
from tests.auditor.sectors import proofs_of_sectors

AGREE = ("no2", "no1", "mid", "yes1", "yes2")
RATED = Question("x", AGREE, ("dk",), ordered=True)
TOUCHY = replace(RATED, sensitive=True)
PRACTICE = Question("x", ("strength", "growth"), ("unsure",))
DIVIDED = Question("x", ("need", "neither", "offer"), ordered=True, compare=True)
AGREED = Question("x", ("to_discuss", "agreed"), ordered=True, compare=True)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget_tables()
    yield
    forget_tables()
    _told_before.cache_clear()


def kinds() -> Iterator[Any]:
    """Of each exercise one item of every kind that it asks about: all others are told in the same way."""
    for slug, model in exercises().items():
        lenses = tuple(lens.id for lens in model.structure.lenses)
        lenses = lenses[:1] if slug == "scenarios" else lenses
        seen = set()
        for question in model.questions(lenses):
            kind = replace(question, item="", options=(str(len(question.options)),), coarse=(), within=())
            if not question.text and kind not in seen:
                seen.add(kind)
                yield pytest.param(slug, lenses, question, id=f"{slug}-{question.item}")


def of_item(question: Question, n: int, k: int) -> list[Proof]:
    def tell(room: tuple[int, ...]) -> str:
        return repr(item_of(question, room, k))

    found = pictures(compositions(n, len(answers_of(question))), tell)
    return list(proofs(found, k, question))


# ---- rooms


@pytest.mark.parametrize(("slug", "lenses", "question"), kinds())
def test_no_summary_proves_an_answer_or_a_small_count(slug: str, lenses: tuple[str, ...], question: Question) -> None:
    model = exercise(slug)
    few = len(answers_of(question)) < 6
    for n, k in ((6, 3), (8, 5), (10, 5)) if few else ((7, 3),):
        found = pictures(compositions(n, len(answers_of(question))), teller(model, question, k, lenses))
        assert list(proofs(found, k, question)) == [], (n, k)


@pytest.mark.parametrize("question", [PRACTICE, Question("x", ("strength", "growth"))])
@pytest.mark.parametrize("k", [3, 5])
def test_larger_rooms_of_few_answers(question: Question, k: int) -> None:
    for n in (7, 10, 12, 15, 16):
        assert of_item(question, n, k) == [], n


@pytest.mark.parametrize("question", [RATED, TOUCHY])
def test_scales(question: Question) -> None:
    for n, k in ((9, 3),):
        assert of_item(question, n, k) == [], n


# ---- sectors beside the total


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "sizes", "k"),
    [
        (AGREED, (7, 7, 0), 3), (AGREED, (7, 8, 0), 3), (AGREED, (7, 7, 1), 3), (AGREED, (7, 7, 3), 3),
        (AGREED, (8, 8, 0), 5), (replace(AGREED, apart=("not_us",)), (7, 7, 0), 3), (DIVIDED, (7, 7, 0), 3),
        (replace(AGREED, sensitive=True), (11, 11, 0), 3),
    ],
)  # fmt: skip
def test_sectors_beside_the_total_prove_nothing(question: Question, sizes: tuple[int, ...], k: int) -> None:
    assert list(proofs_of_sectors(question, sizes, k)) == []


def rooms_of(parts: Sequence[Part], sides: int, whole: Sequence[Any], columns: int) -> Any:
    """Every room of these parts that one of the bounds allows: room, part, column."""

    def fits(room: Any, part: Part) -> bool:
        half = steps.least(part.size, steps.HALF)
        lean = next((side for side in range(sides) if room[side] >= half), NO_SIDE)
        return part.lean == ANYWHERE or lean == part.lean

    ways = [[one for one in compositions(part.size, columns) if fits(one, part)] for part in parts]
    every = np.array(list(product(*ways))).reshape(-1, len(parts), columns)
    sums = every.sum(axis=1)[:, :-1]
    return every[[any(all(a <= n <= b for n, (a, b) in zip(row, one, strict=True)) for one in whole) for row in sums]]


@pytest.mark.parametrize("seed", range(12))
def test_what_is_worked_out_is_what_all_rooms_have_in_common(seed: int) -> None:
    rng, k = Random(seed), 2 + seed % 2
    sides, columns = (2, 3 + seed % 2) if seed % 3 else (3, 4)
    parts = [Part(rng.randint(2, 4), rng.choice([NO_SIDE, *range(sides)])) for _ in range(2)]
    parts.append(Part(rng.randint(1, 3), ANYWHERE))
    lows = [[rng.randint(0, 3) for _ in range(columns - 1)] for _ in range(1 + seed % 2)]
    whole = [tuple((low, low + rng.randint(0, 5)) for low in one) for one in lows]
    made = deduce(tuple(parts), sides, whole, k)
    rooms, known = rooms_of(parts, sides, whole, columns), known_of(columns)
    for at, way in enumerate(ways_of(len(parts), columns)[0]):
        allies = np.array([[known[one].count(column) for column in range(columns)] for one in way])
        others = rooms[(rooms >= allies).all(axis=(1, 2))] - allies
        assert made.possible[at] == bool(len(others))
        if len(others):
            assert (made.fewest[at] == others.min(axis=0)).all()
            numbers = np.hstack([others, others.sum(axis=1, keepdims=True) - others])[:, :, :-1]
            low, high = numbers.min(axis=0), numbers.max(axis=0)
            # Nothing is called free that is not.
            free = made.free[at][: low.size].reshape(low.shape)
            assert not (free & (low >= 1) & (high < k)).any()


# ---- the forks of a path

FORKS = (
    Question("fork", ("a", "b")),
    Question("after_a", ("x", "y"), within=(("fork", "a"),)),
    Question("after_b", ("z", "w"), within=(("fork", "b"),)),
)
ONCE = (
    {"fork": "a", "after_a": "x"}, {"fork": "a", "after_a": "y"}, {"fork": "a"},
    {"fork": "b", "after_b": "z"}, {"fork": "b", "after_b": "w"}, {"fork": "b"}, {},
)  # fmt: skip
# Whoever begins again keeps what they chose on the other way.
AGAIN = (
    {"fork": "a", "after_a": "x"}, {"fork": "a", "after_a": "y"}, {"fork": "a"},
    {"fork": "b", "after_a": "x"}, {"fork": "b", "after_a": "y"}, {"fork": "b"}, {},
)  # fmt: skip


def of_paths(n: int, k: int, forks: tuple[Question, ...], paths: tuple[dict[str, str], ...]) -> list[Proof]:
    """All ways in which n people can go through a story: what is told of all its forks, side by side."""

    def tell(room: tuple[int, ...]) -> str:
        gone = (path for path, count in zip(paths, room, strict=True) for _ in range(count))
        people = [Response(f"{at:03}", Sector.OTHER, {"took": "part", **path}) for at, path in enumerate(gone)]
        return repr(release("story", forks, people, k, Mode.ANONYMOUS).release)

    cells = range(len(paths))
    sums = [some for size in range(1, len(paths)) for some in combinations(cells, size) if some != (len(paths) - 1,)]
    return list(proofs(pictures(compositions(n, len(paths)), tell), k, forks[0], sums))


@pytest.mark.parametrize(("forks", "paths"), [(FORKS, ONCE), (FORKS[:2], AGAIN)])
def test_the_forks_of_a_path_prove_nothing_about_each_other(
    forks: tuple[Question, ...], paths: tuple[dict[str, str], ...]
) -> None:
    for n in (8, 9, 10):
        assert of_paths(n, 3, forks, paths) == [], n


# ---- one reveal after another


def of_sequence(n: int, k: int, question: Question) -> list[tuple[int, int]]:
    """Every way in which n people can change, leave and come: pictures that differ though fewer than k did."""
    said = answers_of(question)
    moved: dict[str, set[int]] = {}
    moves = [(was, now) for was in (*said, None) for now in (*said, None) if was or now]
    for counts in compositions(n, len(moves)):
        people = [move for move, count in zip(moves, counts, strict=True) for _ in range(count)]
        before, after = ([(f"{at:03}", move[side]) for at, move in enumerate(people)] for side in (0, 1))
        first, second = ([_person(key, one) for key, one in room if one] for room in (before, after))
        was = release("x", (question,), first, k, Mode.ANONYMOUS)
        now = release("x", (question,), second, k, Mode.ANONYMOUS, was).release
        if not was.release.people:
            continue
        if was.release == now:
            continue
        changed = sum(one != other for (_, one), (_, other) in zip(before, after, strict=True))
        moved.setdefault(repr((was.release, now)), set()).add(changed)
    return [(min(one), max(one)) for one in moved.values() if 1 <= min(one) < k]


def _person(key: str, said: str) -> Response:
    return Response(key, Sector.OTHER, {"took": "part"} if said == SKIPPED else {"x": said})


def test_two_reveals_never_tell_that_a_few_have_moved() -> None:
    assert of_sequence(7, 3, Question("x", ("a",))) == []


def of_comings(largest: int, k: int, question: Question) -> list[set[int]]:
    """Pairs of pictures that prove that some have come or left, though it may be that fewer than k did."""
    said = (*answers_of(question), None)
    moves = [(was, now) for was in said for now in said if was or now]
    found: dict[tuple[str, str], set[int]] = {}
    for n in range(k, largest + 1):
        for counts in compositions(n, len(moves)):
            room = (move for move, count in zip(moves, counts, strict=True) for _ in range(count))
            people = [(f"{at:03}", move) for at, move in enumerate(room)]
            first, second = ([_person(key, one) for key, move in people if (one := move[side])] for side in (0, 1))
            was = _told_before(question, tuple((one.key, "x" in one.answers) for one in first), k)
            if was.release.people:
                now = release("x", (question,), second, k, Mode.ANONYMOUS, was).release
                passing = sum(None in move for _, move in people)
                found.setdefault((repr(was.release), repr(now)), set()).add(passing)
    return [passing for passing in found.values() if 0 not in passing and min(passing) < k]


@cache
def _told_before(question: Question, people: tuple[tuple[str, bool], ...], k: int) -> Snapshot:
    room = [_person(key, "a" if said else SKIPPED) for key, said in people]
    return release("x", (question,), room, k, Mode.ANONYMOUS)


def test_two_reveals_never_tell_that_a_few_have_come_or_left() -> None:
    """The head count moves in steps of k, and so does the menu of shares; neither may show alone that it has moved."""
    assert of_comings(9, 3, Question("x", ("a",))) == []


def test_head_counts_beside_each_other_prove_nobody_missing() -> None:
    """How many took part, told twice: of all, and of those who did an exercise."""
    missing: dict[tuple[int, int], set[int]] = {}
    for all_of_them in range(31):
        for some in range(all_of_them + 1):
            told = making.told_count(all_of_them, 5), making.told_count(some, 5)
            missing.setdefault(told, set()).add(all_of_them - some)
    assert not [one for one in missing.values() if 1 <= min(one) <= max(one) < 5]


def test_the_table_of_who_took_part_proves_no_small_sector() -> None:
    for n in (6, 8, 11):
        rooms = compositions(n, 4)

        def tell(room: tuple[int, ...]) -> str:
            sectors = [sector for sector, count in zip(Sector, room, strict=False) for _ in range(count)]
            people = [Response(f"{at}", sector, {}) for at, sector in enumerate(sectors)]
            return repr(release_participation(people, 3).release)

        found = pictures(rooms, tell)
        assert list(proofs(found, 3, PRACTICE, [(at,) for at in range(4)])) == []


# ---- each rule is needed


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
    patch.setattr(making._Now, "_passed_a_step", lambda self: False)
    return of_comings(9, 3, Question("x", ("a",)))


def with_forks_that_do_not_know_of_each_other(_patch: pytest.MonkeyPatch) -> list[Any]:
    return of_paths(9, 3, tuple(replace(one, within=()) for one in FORKS), ONCE)


def with_groups_as_they_are(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(groups, "_is_told", lambda room, whole, parts, found: True)
    return list(proofs_of_sectors(AGREED, (7, 7, 1), 3))


def with_nothing_behind_groups_not_told(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(groups, "_held_back", lambda room, whole, parts: groups.NOTHING)
    return list(proofs_of_sectors(AGREED, (7, 7, 0), 3))


def without_allies_beside_groups(patch: pytest.MonkeyPatch) -> list[Any]:
    patch.setattr(deduction, "ALLIES", 0)
    return list(proofs_of_sectors(AGREED, (7, 7, 1), 3))


def of_pulse(n: int, k: int) -> list[Proof]:
    """Every room of n in which people said "low" or "high" before and now, or skipped: by the pulse's own rules."""
    model = exercise("pulse")
    statement = model.structure.items()[0].id.partition("_")[2]
    scale = model.structure.scales["degree"].options
    ways = [{f"before_{statement}": was, f"now_{statement}": now} for was in scale[:2] for now in scale[:2]]
    asked = [one for one in model.questions() if one.item.endswith(f"_{statement}")]

    def tell(room: tuple[int, ...]) -> str:
        said = [way for way, count in zip([*ways, {}], room, strict=True) for _ in range(count)]
        counted = [{"took": "part"} | dict(model.counted(one)) for one in said]
        people = [Response(f"{at:03}", Sector.OTHER, one) for at, one in enumerate(counted)]
        return repr(release("pulse", asked, people, k, Mode.ANONYMOUS).release)

    return list(proofs(pictures(compositions(n, 5), tell), k, replace(PRACTICE, sensitive=True), [(1,), (2,)]))


def test_of_the_pulse_nobody_who_moved_is_told() -> None:
    assert of_pulse(9, 3) == []


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


RULES: tuple[Callable[[pytest.MonkeyPatch], list[Any]], ...] = (
    without_spare, without_diversity, with_steps_below_k, with_narrow_steps, without_looking_at_the_rest,
    without_taking_back, with_bands_chosen_by_the_answers, with_exact_head_counts, without_waiting_for_k,
    with_a_menu_of_its_own, with_forks_that_do_not_know_of_each_other, with_groups_as_they_are,
    with_nothing_behind_groups_not_told,
    without_allies_beside_groups, with_moments_beside_the_change, with_marks_that_anyone_can_make,
)  # fmt: skip


@pytest.mark.parametrize("without", RULES)
def test_each_rule_that_is_taken_out_is_missed(without: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert without(monkeypatch)


def test_a_mark_made_with_a_secret_fits_no_answer_that_is_tried() -> None:
    kept = digest("no2", "a secret of their own")
    assert kept not in {digest(one, guess) for one in AGREE for guess in ("", "a", "another secret")}


def test_the_snapshot_of_a_room_of_one_mind_is_that_of_others() -> None:
    rooms = (12, 0, 0, 0, 0, 0, 0), (7, 0, 0, 0, 0, 0, 5)
    made = [release("x", (TOUCHY,), responses(TOUCHY, room), 5, Mode.ANONYMOUS) for room in rooms]
    assert all(isinstance(one, Snapshot) for one in made)
    assert made[0].release == made[1].release
