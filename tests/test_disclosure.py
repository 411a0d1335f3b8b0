"""Disclosure control: its rules, and attacks on them."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.contact import contact_in
from kit.disclosure import (
    Basis,
    Group,
    ItemRelease,
    Snapshot,
    participation,
    release,
    release_from_json,
    release_participation,
    release_to_json,
    told_count,
    without_texts_of,
)
from kit.disclosure.sequence import Change
from kit.disclosure.steps import steps
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


# ---- one safe table per item


@given(random_people, st.integers(3, 7))
@settings(max_examples=200, deadline=None)
def test_what_is_told_is_true_of_the_room(rows, k):
    responses = as_responses(rows)
    made = told(responses, k=k).release
    n = sum(bool(one.answers) for one in responses)
    assert made.people == n // k * k
    for question in (OPEN, TOUCHY, PRACTICE):
        item = made.items.get(question.item)
        for band in (*item.cells, *((item.beside,) if item.beside else ())) if item else ():
            options = question.apart if band is item.beside else band.options
            count = sum(one.answers.get(question.item) in options for one in responses)
            assert band.low * n <= 100 * count <= band.high * n
            assert count > band.low * n / 100 or band.low == 0
            assert band.low == 0 or count >= k


@given(random_people, st.integers(3, 7))
@settings(max_examples=200, deadline=None)
def test_where_the_middle_is_told_it_is_there(rows, k):
    responses = as_responses(rows)
    item = told(responses, OPEN, k=k).release.items.get("open")
    if item is None or item.middle is None:
        return
    rated = sorted(AGREE.index(v) + 1 for one in responses if (v := one.answers.get("open")) in AGREE)
    assert abs(rated[len(rated) // 2] - item.middle) <= 0.5
    assert abs(rated[(len(rated) - 1) // 2] - item.middle) <= 0.5


def test_a_small_room_hears_of_sides_and_a_large_one_of_every_option():
    small, large = (told(people(Sector.OTHER, 0, AGREE * n), OPEN).release.items["open"] for n in (4, 6))
    assert [band.options for band in small.cells] == [("no2", "no1"), ("mid",), ("yes1", "yes2")]
    assert small.rules == ("joined", "small_groups")
    assert [band.options for band in large.cells] == [(one,) for one in AGREE]


@pytest.mark.parametrize("kind", [OPEN, TOUCHY, PRACTICE])
@pytest.mark.parametrize("n", [12, 20, 60])
def test_nobody_is_ever_told_that_all_agree(kind, n):
    """All, and all but three, look the same; on a sensitive item all but five."""
    but = 5 if kind.sensitive else 3
    one = kind.options[0]
    everyone = told(people(Sector.OTHER, 0, [one] * n, kind.item), kind).release
    others = told(people(Sector.OTHER, 0, [one] * (n - but) + [None] * but, kind.item), kind).release
    assert everyone.items[kind.item].cells[0] == others.items[kind.item].cells[0]


def test_at_n_equals_k_nothing_is_told():
    item = told(people(Sector.OTHER, 0, ["yes2"] * 5), OPEN).release.items["open"]
    assert (item.shape, item.middle, item.spread, item.leanings) == ("hidden", None, None, {})
    assert item.rules == ("not_told",)


def test_one_who_rated_beside_many_who_do_not_know_is_not_proven():
    one = told(people(Sector.OTHER, 0, ["strength"] + ["unsure"] * 11, "practice"), PRACTICE).release
    none = told(people(Sector.OTHER, 0, ["unsure"] * 12, "practice"), PRACTICE).release
    assert one == none


def test_a_lone_dissenter_is_not_seen():
    def item(values):
        return told(people(Sector.OTHER, 0, values, "touchy"), TOUCHY).release.items["touchy"]

    for n in (6, 12, 20):
        assert item(["no2"] * (n - 1) + ["yes2"]) == item(["no2"] * n)


def test_a_room_of_twelve_hears_what_most_said():
    item = told(people(Sector.OTHER, 0, ["yes2"] * 5 + ["yes1"] * 3 + ["no1"] * 4), OPEN).release.items["open"]
    assert item.shape == "most"
    assert [(band.options, band.range) for band in item.bands] == [(("yes1", "yes2"), "50–100")]
    assert item.middle == 4.5


def test_the_steps_are_the_same_for_all_head_counts_that_look_alike():
    for k in range(3, 9):
        for n in range(3 * k, 40 * k):
            assert steps(n, k) == steps(n // k * k, k)
            assert steps(n, k, True) == steps(n // k * k, k, True)


def test_i_dont_know_stands_beside_the_scale():
    with_dk = people(Sector.OTHER, 0, ["yes2"] * 12 + ["no2"] * 3 + ["dk"] * 6)
    item = told(with_dk, OPEN).release.items["open"]
    assert item.apart is not None
    assert (item.apart.options, item.apart.range) == (("dk",), "20–35")


def test_all_that_is_derived_is_a_function_of_the_table():
    made = told(people(Sector.OTHER, 0, ["yes2"] * 9 + ["no2"] * 9 + ["dk"] * 6), OPEN).release.items["open"]
    again = ItemRelease(made.item, made.scale, made.cells, made.beside, made.leanings, made.compared)
    for name in ("shape", "bands", "apart", "middle", "spread", "groups", "rules"):
        assert getattr(again, name) == getattr(made, name)
    assert made.spread == 1.5
    assert made.union("no2", "no1").low == made.cells[0].low
    assert made.union("no2") is None


# ---- groups


def test_groups_are_told_by_the_side_that_more_than_half_chose():
    room = people(Sector.SETTLEMENT, 0, ["yes2"] * 16 + ["no1"] * 4) + people(Sector.MUNICIPAL, 20, ["no2"] * 20)
    others = people(Sector.OTHER, 40, ["mid"] * 20)
    item = told(room + others, OPEN).release.items["open"]
    assert item.leanings == {"settlement": ("yes1", "yes2"), "municipal": ("no2", "no1"), "other": ("mid",)}
    middles = {value.group: value.middle for value in item.groups}
    assert middles == {"municipal": 1.5, "other": 3.0, "settlement": 4.5}


def test_a_small_sector_is_never_told_of():
    room = people(Sector.SETTLEMENT, 0, ["yes2"] * 9) + people(Sector.MUNICIPAL, 20, ["no2"] * 7)
    assert told(room, OPEN).release.items["open"].leanings == {}


def test_head_counts_are_told_as_at_least_so_many():
    assert [told_count(n, 5) for n in (0, 4, 5, 9, 12, 300)] == [0, 0, 5, 5, 10, 300]
    assert participation(["a"] * 9 + ["b"] * 5 + ["c"] * 2, 5) == (Group("a", 5), Group("b", 5))
    assert participation(["a"] * 9 + ["b"] * 4, 5) == ()


def test_twelve_who_took_part_and_eleven_who_answered_look_alike():
    room = people(Sector.OTHER, 0, ["yes1"] * 12)
    assert told(room, OPEN).release.people == told(room[1:], OPEN).release.people == 10
    assert release_participation(room, K).release == release_participation(room[1:], K).release


def test_head_counts_stand_in_one_table_only():
    assert told(people(Sector.SETTLEMENT, 0, ["yes1"] * 10), OPEN).release.groups == ()


# ---- before and after: latecomer, withdrawal, change of mind


BASE = people(Sector.SETTLEMENT, 0, ["yes1"] * 9 + ["no1"] * 7 + ["mid"] * 4)


@pytest.mark.parametrize("moved", range(K))
def test_fewer_than_k_who_come_leave_or_change_are_not_seen(moved):
    first = told(BASE, OPEN)
    came = [*BASE, *(person(f"late{n}", open="no2") for n in range(moved))]
    changed = [*people(Sector.SETTLEMENT, 0, ["no2"] * moved), *BASE[moved:]]
    for room in (came, BASE[moved:], changed):
        second = told(room, OPEN, before=first)
        assert second.release == first.release
        assert second.news == 0


def test_five_reveals_with_one_newcomer_each_tell_nothing_and_the_fifth_newcomer_all():
    snapshot, responses = told(BASE, OPEN), list(BASE)
    first = snapshot
    for n in range(K - 1):
        responses.append(person(f"late{n}", open="yes2"))
        snapshot = told(responses, OPEN, before=snapshot)
        assert snapshot.release == first.release
    responses.append(person("late4", open="yes2"))
    last = told(responses, OPEN, before=snapshot)
    assert last.news == 1
    assert last.release.people == 25


def test_withdrawals_one_by_one_add_up():
    snapshot, first = told(BASE, OPEN), told(BASE, OPEN)
    for gone in range(1, K):
        snapshot = told(BASE[gone:], OPEN, before=snapshot)
        assert snapshot.release == first.release
    assert told(BASE[K:], OPEN, before=snapshot).release.people == 15


def test_one_changed_answer_hides_behind_many_answers_to_other_items():
    """k people change something, but only one of them this item: it stays as it was."""
    both = [person(n, open="yes1" if n % 2 else "no1", practice="strength" if n % 2 else "growth") for n in range(20)]
    first = told(both, OPEN, PRACTICE)
    later = [
        person(n, open="no2" if n == 1 else one.answers["open"], practice="growth" if n < 3 else "strength")
        for n, one in enumerate(both)
    ]
    second = told(later, OPEN, PRACTICE, before=first)
    assert second.release.items["open"] == first.release.items["open"]
    assert second.release.items["practice"] != first.release.items["practice"]


def test_of_k_who_changed_one_in_another_sector_is_not_seen_there():
    """Total and sectors both move; what moved in a sector of which one changed would be that one.

    The item stays whole: a new table beside old leanings, or beside none, would tell who moved.
    """
    old = people(Sector.SETTLEMENT, 0, ["yes1"] * 20) + people(Sector.MUNICIPAL, 20, ["no1"] * 10 + ["yes1"] * 10)
    old += people(Sector.OTHER, 40, ["mid"] * 20)
    first = told(old, OPEN)
    new = people(Sector.SETTLEMENT, 0, ["no2"] * 12 + ["yes1"] * 8)
    new += people(Sector.MUNICIPAL, 20, ["no1"] * 11 + ["yes1"] * 9) + old[40:]
    second = told(new, OPEN, before=first)
    assert second.release.items["open"] == first.release.items["open"]
    many = new[:20] + people(Sector.MUNICIPAL, 20, ["no2"] * 20) + old[40:]
    third = told(many, OPEN, before=first)
    assert third.release.items["open"].leanings != first.release.items["open"].leanings


def test_someone_erased_counts_in_whichever_sector_asks_for_more():
    moved = Change(frozenset({"a", "b", "c", "d", "e"}), 0)
    sector = dict.fromkeys("abcde", "settlement")
    assert moved.spares_groups(sector, ["settlement", "municipal"], 5)
    assert not Change(moved.people, 1).spares_groups(sector, ["settlement", "municipal"], 5)
    assert Change(frozenset("abcd"), 1).count == 5


def test_of_an_erased_person_the_next_release_knows_only_that_somebody_left():
    first = told(BASE, OPEN)
    marks = {key: own for key, own in first.basis.marks.items() if key != BASE[0].key}
    after = Snapshot(first.release, Basis(marks, {"open": 1, "": 1}), 0)
    assert told(BASE[1:], OPEN, before=after).release == first.release
    assert told(BASE[1:], OPEN, before=after).basis.left == {"open": 1, "": 1}
    assert told(BASE[5:], OPEN, before=after).news == 1, "four who withdrew, and one who was erased"
    assert told(BASE[5:], OPEN, before=after).basis.left == {}


def test_marks_cannot_be_tried_out_without_the_secret():
    one, other = (Response("x", Sector.OTHER, {"open": "yes1"}, secret=secret) for secret in ("a" * 32, "b" * 32))
    marks = [told([one], OPEN).basis.marks for one in (one, other)]
    assert marks[0]["x"]["open"] != marks[1]["x"]["open"]
    assert "yes1" not in str(marks)


@given(random_people, random_people, st.lists(st.integers(0, 39), max_size=12), st.integers(3, 6))
@settings(max_examples=150, deadline=None)
def test_between_two_releases_every_visible_change_rests_on_k_people(rows, more, leaving, k):
    start = as_responses(rows)
    first = told(start, k=k)
    if first.release.people == 0:
        return
    end = [one for n, one in enumerate(start) if n not in leaving] + as_responses(more, start=500)
    second = told(end, k=k, before=first)
    old, new = ({one.key: one.answers for one in side if one.answers} for side in (start, end))
    if len(set(old) ^ set(new)) < k:
        assert second.release.people == first.release.people
    if not second.release.people:
        return
    for item in ("open", "touchy", "practice"):
        moved = [key for key in set(old) | set(new) if old.get(key, {}).get(item) != new.get(key, {}).get(item)]
        if len(moved) < k:
            assert second.release.items[item] == first.release.items[item]


# ---- who took part


def test_one_who_comes_late_is_not_seen_in_the_head_counts():
    room = people(Sector.SETTLEMENT, 0, [None] * 9) + people(Sector.MUNICIPAL, 20, [None] * 4)
    first = release_participation(room, K)
    assert (first.release.people, first.release.groups) == (10, ())
    second = release_participation([*room, *people(Sector.MUNICIPAL, 30, [None] * 4)], K, first)
    assert second.release == first.release
    third = release_participation(room + people(Sector.MUNICIPAL, 40, [None] * 5), K, second)
    assert third.release.people == 15
    assert [group.id for group in third.release.groups] == ["municipal", "settlement"]


# ---- texts


def writers(count, share=True, start=0):
    return [person(start + n, text={"text": f"line {start + n}", "share": share}) for n in range(count)]


def test_texts_need_k_who_agreed():
    assert not told(writers(4) + writers(9, share=False, start=20), TEXT).release.texts
    made = told(writers(5) + writers(9, share=False, start=20), TEXT).release
    assert sorted(made.texts["text"]) == [f"line {n}" for n in range(5)]


def test_texts_are_shuffled():
    made = told(writers(30), TEXT).release
    assert list(made.texts["text"]) not in ([f"line {n}" for n in range(30)], sorted(f"line {n}" for n in range(30)))


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


def test_how_much_is_hidden_is_read_off_what_is_told():
    rooms = (["yes2"] * 8 + ["no2"] * 4, ["yes2"] * 12, ["yes1"] * 9 + ["mid"] + ["dk"] * 2)
    found = {json.dumps(told(people(Sector.OTHER, 0, values), OPEN).release.hidden) for values in rooms}
    assert len(found) == 1


def test_too_few_people_are_told_nothing_at_all():
    made = told(people(Sector.OTHER, 0, ["yes2"] * 4), OPEN).release
    assert (made.people, dict(made.items), made.hidden) == (0, {}, {"few_people": 1})


def test_a_person_who_takes_a_text_along_leaves_the_others_theirs():
    room = [*writers(6), person("same", text={"text": "line 0", "share": True})]
    first = told(room, TEXT)
    assert without_texts_of(first, "1", "") == replace(
        first.release, texts={"text": tuple(one for one in first.release.texts["text"] if one != "line 1")}
    )
    assert without_texts_of(first, "nobody", "") is None


def test_a_fork_is_told_only_where_as_many_are_told_to_have_come_there():
    fork, after = Question("fork", ("a", "b")), Question("after", ("x", "y"), within=(("fork", "a"),))

    def room(went, stayed, other, start=0):
        said = [{"fork": "a", "after": "x"}] * went + [{"fork": "a"}] * stayed + [{"fork": "b"}] * other
        return [Response(f"{start + n:03}", Sector.OTHER, dict(one), secret=f"{n}") for n, one in enumerate(said)]

    def told(people, before=None):
        made = release("story", (after, fork), people, 5, Mode.ANONYMOUS, before)
        return made, sum(b.low for b in made.release.items["after"].cells), made.release.items["fork"].least("a")

    _, gone_on, came = told(room(9, 1, 2))
    assert (gone_on, came) == (50, 50)
    _, gone_on, came = told(room(5, 0, 7))
    assert (gone_on, came) == (0, 0)
    # All chose the other way since: fewer are not told to have passed the fork than to have gone on from it.
    first, gone_on, came = told(room(9, 1, 2))
    moved = [replace(one, answers={**one.answers, "fork": "b"}) for one in room(9, 1, 2)]
    _, gone_on, came = told(moved, first)
    assert gone_on <= came
