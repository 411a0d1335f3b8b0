"""Disclosure control: its rules, and attacks on them."""

from __future__ import annotations

import json
from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.contact import contact_in
from kit.disclosure import (
    TOGETHER,
    Release,
    participation,
    release,
    release_from_json,
    release_participation,
    release_to_json,
)
from kit.exercise import Question
from kit.session import Mode, Response, Sector

K = 5
AGREE = ("no2", "no1", "mid", "yes1", "yes2")
OPEN = Question("open", AGREE, ("dk",), ordered=True, compare=True)
TOUCHY = Question("touchy", AGREE, ("dk",), ordered=True, compare=True, sensitive=True)
PRACTICE = Question("practice", ("strength", "growth"), ("unsure",))
TEXT = Question("text", text=True)
ALL = (OPEN, TOUCHY, PRACTICE, TEXT)


def person(key, sector=Sector.SETTLEMENT, **answers):
    return Response(str(key), sector, answers)


def people(sector, start, values, item="open"):
    return [person(start + n, sector, **{item: value}) for n, value in enumerate(values)]


def told(responses, *questions, before=None, k=K):
    return release("x", questions or ALL, responses, k, Mode.ANONYMOUS, before, Random(1))


random_people = st.lists(
    st.tuples(
        st.sampled_from(list(Sector)),
        st.sampled_from([*AGREE, "dk", None]),
        st.sampled_from([*AGREE, "dk", None]),
        st.sampled_from(["strength", "growth", "unsure", None]),
    ),
    max_size=40,
)


def as_responses(rows, start=0):
    return [
        Response(
            f"{start + n:04}",
            sector,
            {item: value for item, value in (("open", a), ("touchy", b), ("practice", c)) if value is not None},
        )
        for n, (sector, a, b, c) in enumerate(rows)
    ]


# ---- the threshold, and subtraction within one release


@given(random_people, st.integers(3, 7))
@settings(max_examples=300, deadline=None)
def test_no_cell_and_no_difference_of_cells_is_below_k(rows, k):
    responses = as_responses(rows)
    made = told(responses, k=k).release
    if len(responses) < k:
        assert made.people == 0
        assert not made.items
        return
    for question in (OPEN, TOUCHY, PRACTICE):
        item = made.items[question.item]
        values = [one.answers.get(question.item) for one in responses]
        rated = [v for v in values if v in question.options]
        if item.shape != "hidden" or item.middle is not None:
            assert len(rated) >= k
        for band in item.bands:
            cell = sum(v in band.options for v in rated)
            assert cell >= k or (cell == 0 and item.shape == "bands")
        if item.apart is not None:
            assert sum(v in question.apart for v in values) >= k
        shown = {value.group for value in item.groups}
        sizes = Counter(str(one.sector) for one in responses if one.answers.get(question.item) in question.options)
        assert all(sizes[group] >= k for group in shown)
        rest = sum(n for group, n in sizes.items() if group not in shown)
        assert not shown or rest == 0 or rest >= k


@given(st.lists(st.sampled_from(list("abcdefg")), max_size=60), st.integers(3, 8))
def test_head_counts_add_up_and_leave_nobody_over(groups, k):
    shown = participation(groups, k)
    assert all(group.people >= k for group in shown)
    assert sum(group.people for group in shown) == (len(groups) if len(groups) >= k else 0)


def test_a_small_sector_takes_the_smallest_other_one_with_it():
    groups = ["a"] * 9 + ["b"] * 8 + ["c"] * 5 + ["d"] * 2
    assert [(g.id, g.people) for g in participation(groups, 5)] == [("a", 9), ("b", 8), (TOGETHER, 7)]


def test_subtracting_the_shown_sectors_from_the_total_leaves_at_least_k():
    responses = (
        people(Sector.SETTLEMENT, 0, ["yes2"] * 9)
        + people(Sector.ANTI_VIOLENCE, 20, ["no1"] * 8)
        + people(Sector.MUNICIPAL, 40, ["mid"] * 5)
        + people(Sector.HEALTH_HIV, 60, ["no2"] * 2)
    )
    groups = {value.group for value in told(responses, OPEN).release.items["open"].groups}
    assert groups == {"settlement", "anti_violence"}


def test_head_counts_stand_in_one_table_only():
    responses = people(Sector.SETTLEMENT, 0, ["yes1"] * 10)
    assert told(responses, OPEN).release.groups == ()


# ---- small cells, neighbours, most


def test_neighbours_are_joined_until_no_small_cell_is_left():
    item = told(people(Sector.OTHER, 0, ["yes2"] * 7 + ["yes1"] * 3 + ["mid"] * 6 + ["no1"] * 5), OPEN).release.items[
        "open"
    ]
    assert [band.options for band in item.bands] == [("no2", "no1"), ("mid",), ("yes1", "yes2")]
    assert sum(band.percent for band in item.bands) == 100
    assert item.rules[0] == "joined"


FORK = Question("fork", ("wait", "ask", "leave"))


def test_without_an_order_all_options_but_one_are_joined():
    given = people(Sector.OTHER, 0, ["wait"] * 8 + ["ask"] * 3 + ["leave"] * 6, "fork")
    item = told(given, FORK).release.items["fork"]
    assert [band.options for band in item.bands] == [("wait",), ("ask", "leave")]
    assert item.rules == ("joined",)
    few = people(Sector.OTHER, 0, ["wait"] * 3 + ["ask"] * 4 + ["leave"] * 3, "fork")
    joined = told(few, FORK).release.items["fork"]
    assert joined.shape == "hidden"


@given(st.lists(st.sampled_from(FORK.options), max_size=40), st.integers(3, 7))
def test_no_band_of_options_without_an_order_is_below_k(values, k):
    item = told(people(Sector.OTHER, 0, values, "fork"), FORK, k=k).release.items.get("fork")
    for band in item.bands if item and item.shape == "bands" else ():
        assert sum(values.count(option) for option in band.options) == 0 or (
            sum(values.count(option) for option in band.options) >= k
        )


def test_one_dissenter_is_not_told():
    item = told(people(Sector.OTHER, 0, ["strength"] * 11 + ["growth"], "practice"), PRACTICE).release.items["practice"]
    assert item.shape == "most"
    assert item.bands[0].percent == 0


def test_a_split_with_a_small_side_is_held_back():
    item = told(people(Sector.OTHER, 0, ["strength"] * 6 + ["growth"] * 4, "practice"), PRACTICE).release.items[
        "practice"
    ]
    assert item.shape == "hidden"
    assert item.rules == ("small_cell",)


def test_i_dont_know_is_never_counted_as_a_middle():
    with_dk = people(Sector.OTHER, 0, ["yes2"] * 6 + ["no2"] * 6 + ["dk"] * 6)
    without = people(Sector.OTHER, 0, ["yes2"] * 6 + ["no2"] * 6)
    one, other = (told(r, OPEN).release.items["open"] for r in (with_dk, without))
    assert (one.middle, one.spread, one.bands) == (other.middle, other.spread, other.bands)
    assert (one.apart, other.apart) == (35, None)


# ---- unanimity


def test_everybody_on_a_sensitive_item_looks_like_most():
    def item(values):
        return told(people(Sector.OTHER, 0, values, "touchy"), TOUCHY).release.items["touchy"]

    all_of_them, but_one = item(["yes2"] * 20), item(["yes2"] * 19 + ["yes1"])
    assert all_of_them.shape == but_one.shape == "most"
    assert all_of_them == but_one


@given(st.sampled_from(AGREE), st.integers(K, 30))
def test_a_unanimous_sensitive_item_never_says_everyone(answer, n):
    item = told(people(Sector.OTHER, 0, [answer] * n, "touchy"), TOUCHY).release.items["touchy"]
    assert item.shape == "most"
    assert 1 < item.middle < 5
    assert item.spread > 0


def test_a_unanimous_sector_on_a_sensitive_item_keeps_off_the_end():
    responses = people(Sector.SETTLEMENT, 0, ["no2"] * 6, "touchy") + people(Sector.OTHER, 10, ["yes1"] * 6, "touchy")
    values = {v.group: v for v in told(responses, TOUCHY).release.items["touchy"].groups}
    assert (values["settlement"].middle, values["settlement"].spread) == (1.5, 0.5)


def test_everybody_saying_i_dont_know_on_a_sensitive_item_is_not_told():
    assert told(people(Sector.OTHER, 0, ["dk"] * 9, "touchy"), TOUCHY).release.items["touchy"].apart is None


# ---- before and after: latecomer, withdrawal, change of mind


BASE = people(Sector.SETTLEMENT, 0, ["yes1"] * 6 + ["no1"] * 6)


def test_a_latecomer_changes_nothing():
    first = told(BASE, OPEN)
    second = told([*BASE, person("late", open="no2")], OPEN, before=first)
    assert second.news == 0
    assert second.release.people == first.release.people
    assert _numbers(second.release) == _numbers(first.release)


def test_latecomers_one_by_one_change_nothing_until_k_of_them():
    snapshot, responses = told(BASE, OPEN), list(BASE)
    first = snapshot
    for n in range(K - 1):
        responses.append(person(f"late{n}", open="yes2"))
        snapshot = told(responses, OPEN, before=snapshot)
        assert _numbers(snapshot.release) == _numbers(first.release)
    responses.append(person("late4", open="yes2"))
    last = told(responses, OPEN, before=snapshot)
    assert last.news == 1
    assert last.release.people == 17


def test_a_withdrawal_changes_nothing():
    first = told(BASE, OPEN)
    second = told(BASE[1:], OPEN, before=first)
    assert _numbers(second.release) == _numbers(first.release)
    assert second.release.people == 12


def test_withdrawals_one_by_one_add_up():
    snapshot, first = told(BASE, OPEN), told(BASE, OPEN)
    for gone in range(1, K):
        snapshot = told(BASE[gone:], OPEN, before=snapshot)
        assert _numbers(snapshot.release) == _numbers(first.release)
    assert told(BASE[K:], OPEN, before=snapshot).release.people == 7


def test_one_changed_answer_hides_behind_many_answers_to_other_items():
    """k people change something, but only one of them this item: it stays as it was."""
    both = [person(n, open="yes1" if n % 2 else "no1", practice="strength" if n % 2 else "growth") for n in range(14)]
    first = told(both, OPEN, PRACTICE)
    later = [
        person(n, open="no2" if n == 1 else dict(one.answers)["open"], practice="growth" if n < 8 else "strength")
        for n, one in enumerate(both)
    ]
    second = told(later, OPEN, PRACTICE, before=first)
    assert second.release.items["open"].bands == first.release.items["open"].bands
    assert second.release.items["open"].middle == first.release.items["open"].middle
    assert "kept" in second.release.items["open"].rules


def test_k_newcomers_of_whom_one_is_in_another_sector_do_not_reveal_that_one():
    """Total and sector both move by the newcomers; their difference would be one person."""
    old = people(Sector.SETTLEMENT, 0, ["yes1"] * 8) + people(Sector.MUNICIPAL, 20, ["no1"] * 8)
    first = told(old, OPEN)
    new = old + people(Sector.SETTLEMENT, 50, ["no2"] * 8) + people(Sector.MUNICIPAL, 70, ["yes2"])
    second = told(new, OPEN, before=first)
    assert second.release.items["open"].groups == first.release.items["open"].groups
    more = old + people(Sector.SETTLEMENT, 50, ["no2"] * 8) + people(Sector.MUNICIPAL, 70, ["yes2"] * 5)
    third = told(more, OPEN, before=first)
    assert third.release.items["open"].groups != first.release.items["open"].groups


@given(random_people, random_people, st.lists(st.integers(0, 39), max_size=12), st.integers(3, 6))
@settings(max_examples=200, deadline=None)
def test_between_two_releases_every_visible_change_rests_on_k_people(rows, more, leaving, k):
    start = as_responses(rows)
    first = told(start, k=k)
    if first.release.people == 0:
        return
    stay = [one for n, one in enumerate(start) if n not in leaving]
    end = stay + as_responses(more, start=500)
    second = told(end, k=k, before=first)
    old, new = ({one.key: one for one in side} for side in (start, end))
    for item in ("open", "touchy", "practice"):
        was, now = first.release.items[item], second.release.items[item]
        if "few_rated" in was.rules:
            continue
        moved = {
            key
            for key in set(old) | set(new)
            if (old[key].answers.get(item) if key in old else None)
            != (new[key].answers.get(item) if key in new else None)
        }
        if 0 < len(moved) < k:
            assert _shown(now) == _shown(was)
        by_sector = Counter(str((old.get(key) or new[key]).sector) for key in moved)
        before_groups = {v.group: v for v in was.groups}
        fresh = [v.group for v in now.groups if v.group in before_groups and v != before_groups[v.group]]
        assert all(by_sector[group] >= k for group in fresh)


def test_kept_items_are_compared_with_what_they_rest_on_not_with_the_last_look():
    """Five reveals, one newcomer each: each alone tells nothing, and neither do they in a row."""
    snapshot = first = told(BASE, OPEN)
    responses = list(BASE)
    for n in range(4):
        responses.append(person(f"n{n}", open="no2"))
        snapshot = told(responses, OPEN, before=snapshot)
    assert _numbers(snapshot.release) == _numbers(first.release)


# ---- who took part


def test_one_who_comes_late_is_not_seen_in_the_head_counts():
    room = people(Sector.SETTLEMENT, 0, [None] * 9) + people(Sector.MUNICIPAL, 20, [None] * 8)
    first = release_participation(room, K)
    second = release_participation([*room, person("late", Sector.MUNICIPAL)], K, first)
    assert second.release == first.release
    third = release_participation(room + people(Sector.MUNICIPAL, 40, [None] * 5), K, second)
    assert {g.id: g.people for g in third.release.groups} == {"settlement": 9, "municipal": 13}


# ---- texts


def writers(count, share=True, start=0):
    return [person(start + n, text={"text": f"line {start + n}", "share": share}) for n in range(count)]


def test_texts_need_k_who_agreed():
    assert not told(writers(4) + writers(9, share=False, start=20), TEXT).release.texts
    made = told(writers(5) + writers(9, share=False, start=20), TEXT).release
    assert sorted(made.texts["text"]) == [f"line {n}" for n in range(5)]


def test_texts_are_shuffled():
    made = told(writers(30), TEXT).release
    assert list(made.texts["text"]) != [f"line {n}" for n in range(30)]


def test_a_late_text_waits_for_k():
    first = told(writers(6), TEXT)
    second = told(writers(7), TEXT, before=first)
    assert second.release.texts == first.release.texts


@pytest.mark.parametrize(
    "text",
    [
        "écrivez-moi à anna.b@exemple.ca", "anna (at) exemple.ca", "appelez le 514 555-0199", "+1 (613) 555 0142",
        "voir www.exemple.org/page", "exemple.ca", "12, rue des Lilas", "450 Main Street", "H2X 1Y4", "k1a0b1",
        "@anna_b",
    ],
)  # fmt: skip
def test_contact_details_are_found(text):
    assert contact_in(text)
    made = told([*writers(5), person("x", text={"text": text, "share": True})], TEXT).release
    assert text not in made.texts["text"]


@pytest.mark.parametrize(
    "text",
    [
        "Rencontrer l'équipe municipale avant le 15 décembre 2026", "Call 2 partners a month", "Prévoir 30 minutes",
        "Inviter 5 organismes d'ici 2027", "We meet at 9:30, in room 12", "1 place pour chaque secteur, 2 fois par an",
    ],
)  # fmt: skip
def test_plain_plans_pass(text):
    assert contact_in(text) is None


# ---- nothing else gets out


def test_a_release_holds_no_keys_and_survives_json():
    responses = as_responses([(Sector.OTHER, "yes1", "no1", "growth")] * 12) + writers(6, start=900)
    made = told(responses)
    raw = json.loads(json.dumps(release_to_json(made.release)))
    assert release_from_json(raw) == made.release
    assert not any(one.key in json.dumps(raw) for one in responses if len(one.key) == 4)


def test_too_few_people_are_told_nothing_at_all():
    made = told(people(Sector.OTHER, 0, ["yes2"] * 4), OPEN).release
    assert (made.people, dict(made.items), made.hidden) == (0, {}, {"few_people": 1})


def _shown(item):
    return (item.shape, item.bands, item.apart, item.middle, item.spread, item.groups)


def _numbers(made: Release):
    return {name: _shown(item) for name, item in made.items.items()}, made.texts, made.people
