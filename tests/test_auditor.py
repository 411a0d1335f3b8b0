"""Nobody can be found in what is told: every small room, through each exercise's summary.

`test_auditor_rules` takes each rule out and sees it missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

from kit.disclosure import Snapshot, making, release, steps
from kit.disclosure.deduction import ANYWHERE, NO_SIDE, Part, deduce, known_of, ways_of
from kit.disclosure.making import release_participation
from kit.disclosure.sequence import digest
from kit.exercise import Question, exercise, exercises
from kit.session import Mode, Response, Sector
from tests.auditor.paths import AGAIN, FORKS, ONCE, of_paths, of_pulse
from tests.auditor.rooms import (
    AGREE,
    AGREED,
    DIVIDED,
    PLAIN,
    PRACTICE,
    RATED,
    TOUCHY,
    answers_of,
    compositions,
    forget_tables,
    of_item,
    pictures,
    proofs,
    responses,
    teller,
)
from tests.auditor.sectors import proofs_of_sectors
from tests.auditor.sequences import AROUND, forget_pictures, of_comings, of_groups, of_rounds, of_sequence
from tests.auditor.traits import MEETING, NARROW, WIDE, Tale, a_tale, of_traits
from tests.auditor.votes import WAYS, of_comings_and_votes, of_pairs, of_reveals, of_votes


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget_tables()
    yield
    forget_tables()
    forget_pictures()


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


# ---- rooms


@pytest.mark.parametrize(("slug", "lenses", "question"), kinds())
def test_no_summary_proves_an_answer_or_a_small_count(slug: str, lenses: tuple[str, ...], question: Question) -> None:
    model = exercise(slug)
    few = len(answers_of(question)) < 6
    for n, k in ((6, 3), (8, 5), (10, 5)) if few else ((7, 3),):
        found = pictures(compositions(n, len(answers_of(question))), teller(model, question, k, lenses))
        assert list(proofs(found, k, question)) == [], (n, k)


@pytest.mark.parametrize("slug", exercises())
def test_a_vote_of_the_room_is_told_like_a_fork_that_everyone_meets(slug: str) -> None:
    """So that what is enumerated for forks holds for votes."""
    model = exercise(slug)
    lenses = tuple(lens.id for lens in model.structure.lenses)
    forks = {replace(one, item="", within=()) for one in model.questions(lenses)}
    assert {replace(one, item="") for one in model.votes(lenses)} <= forks


@pytest.mark.parametrize("question", [PRACTICE, PLAIN])
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


@pytest.mark.parametrize(("forks", "paths"), [(FORKS, ONCE), (FORKS[:2], AGAIN)])
def test_the_forks_of_a_path_prove_nothing_about_each_other(
    forks: tuple[Question, ...], paths: tuple[dict[str, str], ...]
) -> None:
    for n in (8, 9, 10):
        assert of_paths(n, 3, forks, paths) == [], n


@pytest.mark.parametrize(("tale", "n", "k"), [(MEETING, 10, 5), (NARROW, 10, 5), (a_tale(1), 11, 5), (WIDE, 8, 4)])
def test_what_most_have_shown_proves_nothing_beside_the_forks(tale: Tale, n: int, k: int) -> None:
    """More tales and larger rooms: `make audit`."""
    assert of_traits(n, k, tale) == []


# ---- one reveal after another


def test_two_reveals_never_tell_that_a_few_have_moved() -> None:
    assert of_sequence(7, 3, Question("x", ("a",))) == []


def test_two_reveals_never_tell_that_a_few_have_come_or_left() -> None:
    """The head count moves in steps of k, and so does the menu of shares; neither may show alone that it has moved."""
    assert of_comings(9, 3, Question("x", ("a",))) == []


@pytest.mark.parametrize("question", [PLAIN, replace(PLAIN, sensitive=True)])
def test_two_rounds_side_by_side_prove_nothing(question: Question) -> None:
    """Who stands where in both rounds is one answer; two who compare notes know theirs. Larger rooms: `make audit`."""
    assert of_rounds(7, 3, question) == []


def test_a_vote_beside_everybodys_own_way_proves_nothing() -> None:
    """Larger rooms: `make audit`."""
    assert of_votes(7, 3, WAYS[1:]) == []


def test_a_vote_that_is_revealed_again_and_again_proves_nothing() -> None:
    """Three reveals, between which anybody votes or takes their vote back, comes or leaves."""
    assert of_reveals(7, 3) == []
    assert of_comings_and_votes(6, 3) == []


def test_pairs_beside_a_first_workshop_that_told_twice_prove_nothing() -> None:
    """A second round is a second reveal; a roll-up says what the reports say."""
    assert of_pairs(9, 3) == []


def test_how_sectors_leaned_before_never_tells_who_has_moved() -> None:
    assert of_groups((8, 8), 3, AGREED, AROUND) == []


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


def test_of_the_pulse_nobody_who_moved_is_told() -> None:
    assert of_pulse(9, 3) == []


# ---- marks and pictures


def test_a_mark_made_with_a_secret_fits_no_answer_that_is_tried() -> None:
    kept = digest("no2", "a secret of their own")
    assert kept not in {digest(one, guess) for one in AGREE for guess in ("", "a", "another secret")}


def test_the_snapshot_of_a_room_of_one_mind_is_that_of_others() -> None:
    rooms = (12, 0, 0, 0, 0, 0, 0), (7, 0, 0, 0, 0, 0, 5)
    made = [release("x", (TOUCHY,), responses(TOUCHY, room), 5, Mode.ANONYMOUS) for room in rooms]
    assert all(isinstance(one, Snapshot) for one in made)
    assert made[0].release == made[1].release
