"""What more than half have shown by their choices: when it is told, and which rooms stand behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from random import Random

import pytest

from bench.told import sectors_of
from kit.disclosure import Release, Snapshot, release, release_from_json, release_to_json
from kit.disclosure.steps import HALF, least
from kit.disclosure.traits import kinds, room_behind
from kit.exercise import Traits, exercise
from kit.exercises.scenarios.model import Model
from kit.foretelling import foretold
from kit.reports.data import data
from kit.reports.material import Material
from kit.results import Results
from kit.session import Mode, Plan, Response, Sector, Session
from kit.summaries import summary
from kit.summary import Bullets, Heading, Paragraph
from kit.texts import languages
from kit.typeset import typeset
from tests.auditor.traits import MEETING, NARROW

MODEL = exercise("scenarios")
assert isinstance(MODEL, Model)
ALL = MODEL.unnamed
LENSES = (ALL, ALL[:3], ALL[:1], ALL[4:6])


def traits_of(lenses: tuple[str, ...]) -> Traits:
    found = MODEL.traits(lenses)
    assert found is not None
    return found


def made(people: Sequence[Response], lenses: tuple[str, ...], k: int = 5, before: Snapshot | None = None) -> Snapshot:
    return release(
        MODEL.slug, MODEL.questions(lenses), people, k, Mode.ANONYMOUS, before, Random(1), traits_of(lenses)
    )  # fmt: skip


def rehearsed(n: int, seed: int, lenses: tuple[str, ...]) -> list[Response]:
    found = (
        (str(at), sector, MODEL.rehearse(Random(f"{seed}/{at}"), sector, "en", lenses))
        for at, sector in enumerate(sectors_of(n))
    )
    return [Response(key, sector, {"took": "part", **dict(said)}) for key, sector, said in found]


def shown_by(people: Sequence[Response], traits: Traits) -> Counter[str]:
    return Counter(
        one
        for response in people
        for one in {trait for item, option, trait in traits.shows if response.answers.get(item) == option}
    )


def test_a_room_of_twelve_hears_what_most_leaned_on() -> None:
    people = rehearsed(12, 0, ALL)
    told = made(people, ALL).release
    counts = shown_by(people, traits_of(ALL))
    assert len(told.most) > 4
    assert all(counts[one] >= least(12, HALF) for one in told.most)
    for lang in languages():
        texts = MODEL.texts(lang)
        lists = [block for block in summary(told, lang, ALL).blocks if isinstance(block, Bullets)]
        (said,) = [one for one in lists if one.title == texts.say("room_most")]
        names = [texts.behaviours[one]["name"] for one in told.most]
        assert all(line.startswith(name) for line, name in zip(said.items, names, strict=True))
        nothing = summary(replace(told, most=()), lang, ALL)
        assert not any(isinstance(one, Bullets) and one.title == said.title for one in nothing.blocks)


def test_they_stand_in_the_order_of_the_content() -> None:
    told = made(rehearsed(14, 1, ALL), ALL).release.most
    assert list(told) == [one for one in traits_of(ALL).options if one in told]


@pytest.mark.parametrize(("n", "k"), [(9, 5), (15, 5), (24, 5), (40, 5), (6, 3), (8, 3)])
def test_only_rooms_with_one_step_and_enough_people_hear_it(n: int, k: int) -> None:
    assert kinds(n, k) == 0
    assert made(rehearsed(n, 0, ALL), ALL, k).release.most == ()


@pytest.mark.parametrize("k", range(3, 9))
def test_head_counts_that_are_told_alike_are_told_of_in_the_same_way(k: int) -> None:
    for r in range(1, 8):
        assert len({kinds(n, k) for n in range(r * k, r * k + k)}) == 1


def test_a_foresight_says_so() -> None:
    said = {n: foretold(MODEL, {"other": n}, Mode.ANONYMOUS, 5, "en", ALL) for n in (8, 12, 24)}
    assert [any("at least once" in line for line in lines) for lines in said.values()] == [False, True, False]
    others = foretold(exercise("pulse"), {"other": 12}, Mode.ANONYMOUS, 5, "en")
    assert not any("at least once" in line for line in others)


# ---- the room that stands behind the picture


def one_of(kind: Sequence[tuple[str, str]], key: str) -> Response:
    return Response(key, Sector.OTHER, {"took": "part", **dict(kind)})


@pytest.mark.parametrize("lenses", LENSES)
@pytest.mark.parametrize("seed", range(3))
def test_any_two_kinds_may_be_all_who_answered_in_a_room_that_is_told_alike(
    lenses: tuple[str, ...], seed: int
) -> None:
    """So whichever number of people somebody asks for, of their ways through all stories, it may be nobody or k."""
    n, k = 12 + seed % 3, 5
    told = made(rehearsed(n, seed, lenses), lenses).release
    behind = room_behind(traits_of(lenses), told.items, told.most, n, k)
    if not told.most:
        return
    half = least(n, HALF)
    assert len(behind) == kinds(n, k) == 3
    for some in combinations(behind, 2):
        people = [one_of(some[at % 2], str(at)) for at in range(half)]
        people += [one_of((), f"nothing {at}") for at in range(n - half)]
        assert made(people, lenses).release == told


def test_what_two_ways_alone_lead_to_is_taken_back() -> None:
    """More than half went on from one of two first choices, neither of which half made: of each, a few are sure."""
    # Stops, then the ways on; last, who skipped all.
    assert MEETING.told(5, (0, 0, 0, 2, 2, 2, 0, 4)).most == ("X",)
    assert NARROW.told(5, (0, 0, 0, 3, 3, 0, 0, 4)).most == ()
    assert NARROW.told(5, (0, 0, 0, 6, 0, 0, 0, 4)).most == ("X",)


# ---- one reveal after another


def choosing(n: int, way: str) -> list[Response]:
    """So many people of the tale `MEETING` who all came to the second fork, and went this way."""
    return [Response(str(at), Sector.OTHER, {"o": "abc"[at % 3], "f": way}, secret=str(at)) for at in range(n)]


def told_of(people: Sequence[Response], before: Snapshot | None = None) -> Snapshot:
    (ways,) = MEETING.ways
    every = (*ways, (("o", "b"), ("f", "y")), (("o", "c"), ("f", "y")))
    traits = replace(MEETING.traits, ways=(every,))
    return release("tale", MEETING.forks, people, 5, Mode.ANONYMOUS, before, Random(1), traits)


def test_fewer_than_k_who_show_something_else_are_not_seen() -> None:
    first = told_of(choosing(12, "x"))
    assert first.release.most == ("X",)
    eight = [*choosing(12, "x")[:8], *choosing(12, "y")[8:]]
    before = told_of(eight)
    assert before.release.most == ("X",)
    four = [*choosing(12, "x")[:4], *choosing(12, "y")[4:]]
    assert told_of(four, before).release == before.release
    many = [*choosing(12, "x")[:5], *choosing(12, "y")[5:]]
    second = told_of(many, first)
    assert second.release.most == ("Y",)
    assert second.news
    # What is compared next is what is told now.
    assert told_of(choosing(12, "x"), second).release.most == ("X",)


def test_what_stays_goes_with_the_choices_of_now() -> None:
    """A vote at a later scene is told although only four show something new by it; so is what follows from it."""
    forks = (MEETING.forks[0], replace(MEETING.forks[1], item="p", options=("d", "e", "f"), within=()))
    traits = Traits(
        "traits", ("X", "Y", "Z"), (("o", "a", "X"), ("o", "b", "Y"), ("p", "d", "X"), ("p", "e", "Z")),
        (((("o", "a"),), (("o", "b"),), (("o", "c"),)), ((("p", "d"),), (("p", "e"),), (("p", "f"),))),
    )  # fmt: skip

    def reveal(answers: Sequence[dict[str, str]], before: Snapshot | None = None) -> Snapshot:
        people = [Response(str(at), Sector.OTHER, dict(one), secret=str(at)) for at, one in enumerate(answers)]
        return release("tale", forks, people, 5, Mode.ANONYMOUS, before, Random(1), traits)

    first = reveal([{"o": "a"}] * 8 + [{"o": "b"}] * 4)
    assert first.release.most == ("X",)
    # Eight who showed it already choose what shows it too; then all go over to another choice, but few show it.
    second = reveal([{"o": "a", "p": "d"}] * 8 + [{"o": "b", "p": "f"}] * 4, first)
    assert second.release.items["p"].least("d") == HALF
    assert second.release.most == ("X",)
    third = reveal([{"o": "c", "p": "d"}] * 8 + [{"o": "c", "p": "d"}] * 4, second)
    assert third.release.items["o"].least("c") == HALF
    assert third.release.most == ("X",)
    # What is told of a choice is told of what it shows, though only four show it who did not.
    begun = reveal([{"o": "a"}] * 6 + [{"o": "b"}] * 6)
    assert begun.release.most == ()
    moved = reveal([{"o": "a", "p": "d"}] * 6 + [{"o": "b", "p": "d"}] * 4 + [{"o": "b"}] * 2, begun)
    assert moved.release.items["p"].least("d") == HALF
    assert moved.release.most == ("X",)


# ---- as it is kept


def test_it_is_kept_with_the_release_and_an_older_release_has_none() -> None:
    told = made(rehearsed(12, 0, ALL), ALL).release
    kept = release_to_json(told)
    assert release_from_json(kept) == told
    del kept["most"]
    assert release_from_json(kept) == replace(told, most=())


def test_a_behaviour_that_no_story_shows_any_more_is_left_out() -> None:
    told = made(rehearsed(12, 0, ALL), ALL).release
    older = replace(told, most=(*told.most, "gone"))
    for lang in languages():
        assert "renew" in repr(summary(older, lang, ALL)) or "renouvel" in repr(summary(older, lang, ALL))
    assert Release(told.exercise, 5, 10, "sector").most == ()


@pytest.mark.parametrize("lang", languages())
def test_it_is_among_the_released_numbers(lang: str) -> None:
    told = made(rehearsed(12, 0, ALL), ALL).release
    plans, day = (Plan(MODEL.slug, ALL),), date(2026, 3, 1)
    session = Session("a" * 32, "ACD347", "T", "fr", Mode.ANONYMOUS, 5, plans, made_on=day)
    found = data(Material(session, Results(told, {MODEL.slug: told})), lang, {MODEL.slug: told})
    numbers = [one for one in found.numbers if one.asked.item == traits_of(ALL).item]
    assert [one.options for one in numbers] == [(one,) for one in told.most]
    assert {(one.above, one.most) for one in numbers} == {(HALF, 100)}
    names = [MODEL.texts(lang).behaviours[one]["name"] for one in told.most]
    assert [one.answer for one in numbers] == list(map(typeset, names))


@pytest.mark.parametrize("lang", languages())
def test_stories_that_were_even_at_their_first_decision_are_named_in_one_sentence(lang: str) -> None:
    """A room of twelve that chose among eight stories reads no eight headings with nothing below them."""
    told = summary(made(rehearsed(12, 0, ALL), ALL).release, lang, ALL)
    titles = [MODEL.story_texts(one, lang).title for one in ALL]
    said = [block.text for block in told.blocks if isinstance(block, Paragraph) and block.text.count(titles[-1]) == 1]
    assert len(said) == 1
    assert sum(title in said[0] for title in titles) > 5
    assert not [block for block in told.blocks if isinstance(block, Heading) and block.text == titles[-1]]
