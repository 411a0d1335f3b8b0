"""One group over time: people who come again pair their answers, and what the group hears proves nothing of anybody."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import replace
from datetime import date
from html import unescape
from itertools import chain, combinations, product
from pathlib import Path
from random import Random

import numpy as np
import pytest

from kit import results, series
from kit.disclosure import Release, release
from kit.errors import NothingToFollow, SessionClosed, UnknownCard
from kit.exercise import Question, exercise, exercises
from kit.reports import Wish, make_rollup
from kit.reports.document import Pictured, Tabled
from kit.reports.material import Several, gather
from kit.reports.rollup import build_rollup
from kit.results import Since
from kit.session import Mode, Participant, Plan, Response, Sector, Session, State, card_words, new_code, new_id
from kit.store import Store
from kit.summary import Figure, Heading
from kit.texts import card_list, languages, section
from tests.auditor.rooms import compositions, pictures, proofs
from tests.support.workshop import Workshop

PULSE = exercise("pulse")
DEGREE = PULSE.structure.scales["degree"].options
CHANGE = PULSE.structure.scales["change"].options
RATED = (*DEGREE, "")
NONE = ""


# ---- what it gives away, beside what the workshops tell


def change_of(now: dict[str, str]) -> tuple[str, str]:
    """What a workshop's own report counts of a person: before and now, now and weeks later."""
    counted = PULSE.counted({f"{moment}_contacts": said for moment, said in now.items() if said})
    return str(counted.get("change_contacts", NONE)), str(counted.get("lasted_contacts", NONE))


def since_of(first: str, now: str) -> str:
    one, two = ({"now_contacts": said} if said else {} for said in (first, now))
    return str(PULSE.since(one, two).get("since_contacts", NONE))


def test_whoever_has_all_reports_can_say_nothing_of_how_somebody_has_moved_since() -> None:
    """In the middle at the end of the first workshop, a person fits every one of the others' tables, in every way.

    So the rooms behind several tables are all ways to put the rooms behind each of them together: none of them says
    anything about another one. That holds for any number of later workshops, each compared with the first.
    """
    anything = ("", *CHANGE)
    first = {change_of({"before": before, "now": "half", "later": later}) for before, later in product(RATED, RATED)}
    assert first == set(product(anything, anything))

    def later(left_out: bool) -> set[tuple[str, str, str]]:
        found = set()
        for before, now, later in product(RATED, RATED, RATED):
            for since in (since_of("half", now), *([NONE] if left_out else [])):
                found.add((since, *change_of({"before": before, "now": now, "later": later})))
        return found

    assert later(left_out=True) == set(product(anything, anything, anything))
    # Without it, who is told to have moved on one day and the other could not be missing here.
    assert (NONE, "rose", "same") not in later(left_out=False)


def test_three_workshops_in_a_ring_would_prove_something() -> None:
    """Why all are compared with the first one: with each other, two tables would say what stands in the third."""
    ring = {
        (since_of(one, two), since_of(two, three), since_of(one, three))
        for one, two, three in product(DEGREE, DEGREE, DEGREE)
    }
    assert ("fell", "fell", "rose") not in ring


def rectangles(rows: int, columns: int) -> list[tuple[int, ...]]:
    """Cells of people who said one of these and one of those; not all who said nothing to one of them."""

    def some(n: int) -> list[tuple[int, ...]]:
        return list(chain.from_iterable(combinations(range(n), size) for size in range(1, n + 1)))

    found = []
    for left, right in product(some(rows), some(columns)):
        silent = (left == (rows - 1,) and len(right) == columns) or (right == (columns - 1,) and len(left) == rows)
        if not silent and (len(left), len(right)) != (rows, columns):
            found.append(tuple(sorted(row * columns + column for row in left for column in right)))
    return found


@pytest.mark.parametrize("n", [9, 10])
def test_beside_a_report_the_pairs_prove_nothing(n: int) -> None:
    """Every room of n people who all came to both: what they are told to have moved on the first day, and since."""
    k, said = 3, ("fell", "rose", NONE)
    (question,) = (one for one in PULSE.questions() if one.item == "change_contacts")
    assert question.sensitive
    known: dict[tuple[int, ...], str] = {}

    def told(counts: tuple[int, ...]) -> str:
        if counts not in known:
            people = [one for one, count in zip(said, counts, strict=True) for _ in range(count)]
            known[counts] = repr(released(question, people, k))
        return known[counts]

    def tell(room: tuple[int, ...]) -> Hashable:
        table = np.array(room).reshape(3, 3)
        return told(tuple(map(int, table.sum(axis=1)))), told(tuple(map(int, table.sum(axis=0))))

    found = pictures(compositions(n, 9), tell)
    assert len(found) > 3, "something is told"
    counted = rectangles(3, 3)
    everyone = tuple(range(9))
    spared = [(everyone, cells) for cells in counted if 8 not in cells]
    assert list(proofs(found, k, question, counted, spared)) == []


def released(question: Question, people: list[str], k: int) -> Release:
    said = [{"took": "part"} | ({question.item: one} if one else {}) for one in people]
    every = [Response(f"{n:03}", Sector.OTHER, one) for n, one in enumerate(said)]
    return release("pulse", (question,), every, k, Mode.ANONYMOUS).release


def test_some_pairs_are_left_out_of_each_question_and_all_of_them_are_counted() -> None:
    both = [(Response(f"{n}", Sector.OTHER, {"now_contacts": "full"}), {"now_contacts": "none"}) for n in range(1000)]

    class Counting(Random):
        asked = 0

        def random(self) -> float:
            self.asked += 1
            return super().random()

    made = series.compared("pulse", (), both, 5, Counting(4))
    assert made.people == 1000
    (band,) = (one for one in made.items["since_contacts"].cells if one.options == ("rose",))
    assert band.low < 80 <= band.high, "of a thousand who all rose, about a fifth is left out"
    assert series.compared("pulse", (), both[:4], 5, Random(1)).people == 0


# ---- in the store


@pytest.fixture
def two(store: Store) -> tuple[Session, Session]:
    """A workshop of 24 people and one that goes on with it, to which 22 of them come; 20 pair their answers."""
    first = made(store)
    second = made(store, follows=series.goes_on_with(first, first.plans))
    for n, person in enumerate(answered(store, first, 24, "little")):
        if n < 22:
            (again,) = answered(store, second, 1, "much")
            if n < 20:
                store.pairs.add(again, first, words(first, person))
    return first, second


def made(store: Store, day: int = 1, **changed: object) -> Session:
    plans = (Plan("pulse", ("reflection",), State.OPEN),)
    one = Session(new_id(), new_code(), f"Table {day}", "fr", Mode.ANONYMOUS, 5, plans, (), date(2026, 9, day))
    return store.sessions.add(replace(one, **changed), "key")  # type: ignore[arg-type]


def answered(store: Store, session: Session, people: int, now: str) -> list[Participant]:
    seats = [store.seats.take(session, Sector.OTHER, None, "fr")[0] for _ in range(people)]
    for n, seat in enumerate(seats):
        for item in ("before_contacts", "now_contacts", "before_practice", "now_practice"):
            value = now if n % 4 or item != "now_contacts" else "half"
            store.answers.save(seat.id, "pulse", item, value, 1)
    return seats


def words(session: Session, person: Participant, lang: str = "en") -> str:
    return card_words(session.secret, person.id, card_list(lang))


def end(store: Store, *sessions: Session) -> None:
    for session in sessions:
        results.reveal(store, session, "pulse")
        series.close(store, session.id)


def since(store: Store, session: Session) -> Since | None:
    return results.shown(store, session).since


def test_what_has_moved_is_frozen_once_when_the_later_workshop_ends(
    store: Store, two: tuple[Session, Session]
) -> None:
    first, second = two
    results.reveal(store, second, "pulse")
    assert since(store, second) is None, "while it runs, nothing is told"
    series.close(store, second.id)
    told = since(store, second)
    assert told is not None
    assert told.first == first.id
    made, options = told.told["pulse"]
    assert (made.people, options) == (20, ("reflection",))
    assert {item for item, one in made.items.items() if one.cells} == {"since_contacts", "since_practice"}
    assert store.pairs.all(second.id) == {}, "that two seats belong together is forgotten"
    store.sessions.reopen(second.id)
    for person in answered(store, second, 12, "none"):
        (earlier,) = answered(store, first, 1, "full")
        store.pairs.add(person, first, words(first, earlier))
    end(store, second)
    assert since(store, second) == told, "there is no second picture"


def test_nothing_is_told_where_the_result_itself_was_not_revealed(store: Store, two: tuple[Session, Session]) -> None:
    series.close(store, two[1].id)
    assert since(store, two[1]) is None


def test_fewer_than_k_pairs_are_not_kept(store: Store) -> None:
    first = made(store)
    second = made(store, follows=first.id)
    for person in answered(store, first, 12, "little")[:4]:
        (again,) = answered(store, second, 1, "much")
        store.pairs.add(again, first, words(first, person))
    end(store, second)
    assert since(store, second) is None


def test_it_stays_when_the_answers_go_and_goes_with_its_workshop(store: Store, two: tuple[Session, Session]) -> None:
    first, second = two
    end(store, first, second)
    told = since(store, second)
    for session in two:
        results.keep_results_only(store, session)
    assert told is not None
    assert since(store, second) == told
    store.sessions.purge(first.id)
    assert store.sessions.get(second.id).follows == ""
    store.sessions.purge(second.id)
    assert store.snapshots.all(second.id) == {}


def test_without_the_first_workshop_s_answers_there_is_nothing_to_compare(
    store: Store, two: tuple[Session, Session]
) -> None:
    first, second = two
    end(store, first)
    results.keep_results_only(store, first)
    assert series.first_of(store, second) is None
    assert store.pairs.all(second.id) == {}
    end(store, second)
    assert since(store, second) is None


def test_answers_to_another_version_are_not_compared(store: Store) -> None:
    first = made(store, plans=(Plan("pulse", ("reflection",), State.OPEN, version=PULSE.version),))
    older = (Plan("pulse", ("reflection",), State.OPEN, version=PULSE.version + 1),)
    second = made(store, follows=first.id, plans=older)
    for person in answered(store, first, 20, "little"):
        (again,) = answered(store, second, 1, "much")
        store.pairs.add(again, first, words(first, person))
    end(store, second)
    assert since(store, second) is None


def test_a_pair_can_be_taken_back_and_goes_with_either_seat(store: Store) -> None:
    first, second = made(store), made(store)
    earlier, again = answered(store, first, 3, "half"), answered(store, second, 3, "half")
    for one, other in zip(again, earlier, strict=True):
        store.pairs.add(one, first, words(first, other, "fr"))
    store.pairs.remove(again[0].id)
    assert store.pairs.all(second.id) == {again[1].id: earlier[1].id, again[2].id: earlier[2].id}
    results.erase(store, again[1])
    results.erase(store, earlier[2])
    assert store.pairs.all(second.id) == {}


def test_the_last_time_counts_and_a_card_makes_one_pair(store: Store) -> None:
    first, second = made(store), made(store)
    earlier, again = answered(store, first, 2, "half"), answered(store, second, 2, "half")
    store.pairs.add(again[0], first, words(first, earlier[0]))
    store.pairs.add(again[0], first, words(first, earlier[1]))
    assert store.pairs.all(second.id) == {again[0].id: earlier[1].id}
    store.pairs.add(again[1], first, words(first, earlier[1]))
    assert store.pairs.all(second.id) == {again[1].id: earlier[1].id}
    with pytest.raises(UnknownCard):
        store.pairs.add(again[0], first, words(second, again[0]))
    store.sessions.close(second.id)
    with pytest.raises(SessionClosed):
        store.pairs.add(again[0], first, words(first, earlier[0]))


def test_every_workshop_of_a_series_goes_on_with_the_first(store: Store) -> None:
    first = made(store)
    second = made(store, follows=series.goes_on_with(first, first.plans))
    assert series.goes_on_with(second, second.plans) == first.id
    for slug in set(exercises()) - {"pulse"}:
        with pytest.raises(NothingToFollow):
            series.goes_on_with(first, (Plan(slug),))


# ---- in a roll-up


@pytest.mark.parametrize("lang", languages())
def test_a_rollup_tells_it_with_a_figure_and_its_table(
    store: Store, two: tuple[Session, Session], lang: str
) -> None:
    end(store, *two)
    for session in two:
        results.keep_results_only(store, session)
    several = Several(tuple(gather(store, one.id) for one in two))
    document = build_rollup(several, lang)
    (own,) = (one for one in document.sections if one.id == "pulse")
    at = next(n for n, part in enumerate(own.parts) if isinstance(part, Heading))
    figure = own.parts[at + 2]
    assert isinstance(figure, Pictured)
    assert isinstance(figure.figure, Figure)
    assert figure.figure.title == PULSE.texts(lang).say("since_title")
    twins = [part for one in document.appendix for part in one.parts if isinstance(part, Tabled)]
    assert figure.table_id in {one.id for one in twins}
    since = [one for one in document.data().numbers if one.asked.item.startswith("since_")]
    assert {one.people for one in since} == {20}
    assert all("→" in one.workshop[0] for one in since)
    alone = build_rollup(Several((gather(store, two[1].id),)), lang)
    assert not any(isinstance(part, Heading) for one in alone.sections for part in one.parts)


def test_a_report_of_one_workshop_says_nothing_of_it(
    store: Store, two: tuple[Session, Session], tmp_path: Path
) -> None:
    end(store, *two)
    for name in ("html", "json"):
        (one,) = make_rollup(store.where, [two[1].code], tmp_path, Wish(("en",), (name,)))
        assert one.path is not None
        assert "since_" not in one.path.read_text("utf-8")


# ---- at the door


@pytest.mark.parametrize("lang", languages())
def test_whoever_wishes_types_the_first_card_on_the_way_in(server: Workshop, lang: str) -> None:
    first = server.another(Plan("pulse"))
    second = server.another(Plan("pulse"), follows=first.session_id)
    phone, texts = server.device(lang), section(lang, "door")
    card = first.device(lang)
    card.take_seat(first.code)
    assert texts["first_title"] not in unescape(card.get("/card").text), "it is the first"
    typed = re.search(r"data-words>([^<]+)<", card.get("/card").text)
    assert typed
    phone.take_seat(second.code)
    page = unescape(phone.get("/card").text)
    assert page.index(texts["go_in"]) < page.index(texts["first_title"]), "it can be left alone"
    wrong = phone.post("/card", {"words": "one two three four"})
    assert wrong.status == 400
    assert section(lang, "errors")["UnknownFirstCard"] in unescape(wrong.text)
    assert phone.post("/card", {"words": typed[1].upper()}).location == "/card"
    assert texts["first_done"] in unescape(phone.get("/card").text)
    with server.store() as store:
        assert len(store.pairs.all(second.session_id)) == 1
    assert phone.post("/card", {"undo": "1"}).location == "/card"
    with server.store() as store:
        assert store.pairs.all(second.session_id) == {}
    assert server.device(lang).post("/card", {"words": typed[1]}).status == 403
    alone = server.another(Plan("pulse"))
    other = server.device(lang)
    other.take_seat(alone.code)
    assert other.post("/card", {"words": typed[1]}).status == 403, "a workshop that follows none pairs nobody"
