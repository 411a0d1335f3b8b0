"""Two rounds: people answer, talk and answer again; both pictures stand side by side, and neither tells who moved."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest

from kit import results, summaries
from kit.disclosure import release_from_json
from kit.exercise import exercise, exercises
from kit.reports.build import build
from kit.reports.document import Pictured
from kit.reports.material import gather
from kit.serving.inside.facilitator import FacilitatorPage
from kit.session import Mode, Sector, Session, State
from kit.store import Store
from kit.summary import Figure, Summary, Table
from kit.texts import say
from kit.twice import side_by_side
from kit.views import slides
from kit.views.slides import slides_in
from kit.views.slides.rounds import MOST
from tests.test_reports import workshop
from tests.test_slides import released

SLUG = "partnership"
ROW = re.compile(r'<tr[^>]*><th scope="row"[^>]*>([^<]+)</th>(.*?)</tr>')


@pytest.fixture
def session(store: Store) -> Session:
    """A room whose first round was revealed and closed."""
    made = workshop(store, 24, Mode.ANONYMOUS, (SLUG,))
    store.sessions.set_state(made.id, SLUG, State.CLOSED)
    results.reveal(store, made, SLUG)
    return store.sessions.get(made.id)


def answer_again(store: Store, session: Session, people: int, seed: int = 7) -> None:
    """So many people change what they have said."""
    rng, model = Random(seed), exercise(SLUG)
    options = session.plans[0].options
    for one in sorted(store.answers.responses(session.id, SLUG), key=lambda one: one.key)[:people]:
        for item, value in model.rehearse(rng, Sector.COMMUNITY, "en", options):
            store.answers.save(one.key, SLUG, item, value, 99)


def figures(told: str) -> str:
    """The tables of a result: they say what its drawings show."""
    return "".join(re.findall(r"<table.*?</table>", told, re.DOTALL))


def test_both_pictures_stand_side_by_side_wherever_a_result_is_seen(store: Store, session: Session) -> None:
    before = figures(results.told(store, session, SLUG, "en"))
    assert results.go_again(store, session, SLUG)
    session = store.sessions.get(session.id)
    assert (session.plans[0].round, session.plans[0].state) == (2, State.OPEN)
    assert figures(results.told(store, session, SLUG, "en")) == before, "nothing moves before the second reveal"
    answer_again(store, session, 24)
    results.reveal(store, session, SLUG)
    for lang in ("en", "fr"):
        told = results.told(store, session, SLUG, lang)
        assert say(lang, "telling.rounds").replace("'", "&#39;") in told
        labels = re.findall(r'scope="row"[^>]*>([^<]+)', told)
        assert any(one.endswith(say(lang, "telling.round_1", label="").replace("'", "&#39;")) for one in labels)
        assert not any(". –" in one for one in labels), "a statement that goes on has no full stop"
        found = slides_in(told)
        rows = [row["label"] for one in found if one["kind"] == "bars" for row in one["rows"]]
        # As bars under each other, whether or not either round may know a spread.
        ends = [say(lang, "telling.round_1", label=""), say(lang, "telling.round_below")]
        assert rows
        own = [[row["label"] == ends[1] for row in one["rows"]] for one in found if one["kind"] == "bars"]
        assert any(map(any, own)), "the statement is written once where both rounds have room on one slide"
        assert not any(one[0] for one in own), "and never is its second round alone on a slide without it"
        assert all(one.endswith(ends[at % 2]) for at, one in enumerate(rows))
    # The first round is told as it was then.
    told = figures(results.told(store, session, SLUG, "en"))
    mark = say("en", "telling.round_1", label="")
    then = dict(re.findall(ROW, before))
    now = dict(re.findall(ROW, told))
    assert then
    assert {name: now[f"{name}{mark}"] for name in then if f"{name}{mark}" in now} == {
        name: cells for name, cells in then.items() if f"{name}{mark}" in now
    }
    report = build(gather(store, session.id), "en")
    drawn = [part.figure for one in report.all() for part in one.parts if isinstance(part, Pictured)]
    labels = [row.label for one in drawn if isinstance(one, Figure) for row in one.rows]
    assert any("first time" in label for label in labels)


@pytest.mark.parametrize("langs", [("en",), ("fr", "en")])
@pytest.mark.parametrize("slug", ["reflection", "partnership", "strengths", "agreement"])
def test_what_differs_most_is_shown_first_and_all_of_it_stands_behind(slug: str, langs: tuple[str, ...]) -> None:
    """A room cannot look at a hundred slides."""
    first, second, options = released(24)[slug], released(25)[slug], exercise(slug).structure.every
    told = {
        lang: (summaries.summary(second, lang, options, first), summaries.findings(second, lang, options))
        for lang in langs
    }
    made = slides.side_by_side(told)
    short = slides.short_of(made)
    assert 0 < short <= 14 < len(made)
    assert all(one.get("more") for one in made[short:])
    bars = [one for one in made[:short] if one["kind"] == "bars"]
    rows = [row for one in bars for row in one["rows"]]
    assert len(rows) <= 2 * MOST
    # Whatever is shown first is another picture the second time.
    assert all(before["bars"] != now["bars"] for before, now in zip(rows[::2], rows[1::2], strict=True))
    behind = {(row["label"]) for one in made[short:] for side in _sides(one) for row in side.get("rows", ())
              if isinstance(row, dict)}  # fmt: skip
    assert {row["label"] for row in rows[::2]} <= behind
    if len(langs) > 1:
        # A figure is drawn once for both languages.
        assert all(row["also"][0][0] == "en" for row in rows)


def test_where_nothing_differs_that_is_said_first() -> None:
    made, options = released(24)["strengths"], exercise("strengths").structure.every
    found = slides.slides(summaries.summary(made, "en", options, made), (), "en")
    assert found[0]["lines"] == [["plain", say("en", "telling.differ_nowhere_told")]]
    assert slides.short_of(found) == 1


def _sides(slide: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for _, one in slide.get("sides", [["", slide]])]


@pytest.mark.parametrize("wide_first", [True, False])
def test_a_round_of_which_less_may_be_told_stands_under_the_other_all_the_same(wide_first: bool) -> None:
    wide = Table("Rows", ("statement", "spread", "shares"), (("Trust", "close", "5–20"),))
    narrow = Table("Rows", ("statement", "shares"), (("Trust", "20–35"),))
    pair = (wide, narrow) if wide_first else (narrow, wide)
    told = side_by_side(*(Summary("Rows", (one,)) for one in pair), "en")
    (both,) = (one for one in told.blocks if isinstance(one, Table))
    assert both.columns == wide.columns
    cells = [("close", "5–20"), (say("en", "telling.not_shown"), "20–35")]
    assert [row[1:] for row in both.rows] == (cells if wide_first else cells[::-1])
    other = Table("Rows", ("statement", "middle"), (("Trust", "3.0"),))
    apart = side_by_side(Summary("Rows", (wide,)), Summary("Rows", (other,)), "en").blocks
    assert len([one for one in apart if isinstance(one, Table)]) == 2, "of other things, each has a table of its own"


@pytest.mark.parametrize("moved", [0, 1, 4])
def test_too_few_who_changed_are_not_seen_to_have(store: Store, session: Session, moved: int) -> None:
    """Nobody, one and four: the first picture stands in both places, and the same words with it."""
    results.go_again(store, session, SLUG)
    session = store.sessions.get(session.id)
    results.reveal(store, session, SLUG)
    with_none = results.told(store, session, SLUG, "en")
    answer_again(store, session, moved)
    results.reveal(store, session, SLUG)
    assert results.told(store, session, SLUG, "en") == with_none
    rows = dict(re.findall(ROW, figures(with_none)))
    for name, cells in rows.items():
        if name.endswith(" – first time"):
            assert rows[name.replace(" – first time", " – second time")] == cells


def test_there_is_no_second_round_before_something_was_seen(store: Store, session: Session) -> None:
    store.sessions.set_state(session.id, SLUG, State.OPEN)
    assert not results.go_again(store, store.sessions.get(session.id), SLUG), "it is open"
    store.sessions.set_state(session.id, SLUG, State.CLOSED)
    assert results.go_again(store, store.sessions.get(session.id), SLUG)
    assert not results.go_again(store, store.sessions.get(session.id), SLUG), "it is on"
    store.sessions.close(session.id)
    assert not results.may_go_again(store.sessions.get(session.id), SLUG)
    few = workshop(store, 3, Mode.ANONYMOUS, (SLUG, "resources", "agreement"))
    for plan in few.plans:
        store.sessions.set_state(few.id, plan.slug, State.CLOSED)
        assert not results.go_again(store, store.sessions.get(few.id), plan.slug), "nothing was revealed"
    results.reveal(store, few, SLUG)
    assert not results.go_again(store, store.sessions.get(few.id), SLUG), "nothing was told"
    assert not results.may_go_again(store.sessions.get(few.id), "resources"), "a list is made of it"


def test_a_second_round_is_offered_where_asking_anew_tells_more_and_the_console_says_why_not(store: Store) -> None:
    made = workshop(store, 10, Mode.ANONYMOUS, tuple(exercises()))
    for plan in made.plans:
        store.sessions.set_state(made.id, plan.slug, State.CLOSED)
        results.reveal(store, made, plan.slug)
    lines = FacilitatorPage(store, made.id, "http://127.0.0.1", "fr").page()["exercises"]
    assert {one["slug"] for one in lines if one["again"]} == {"reflection", "partnership", "strengths", "agreement"}
    assert all(bool(one["once"]) != one["again"] for one in lines)
    for one in lines:
        assert results.go_again(store, store.sessions.get(made.id), one["slug"]) == one["again"]


def test_what_was_told_first_stays_through_all_that_happens_later(store: Store, session: Session) -> None:
    """Off and on again, somebody erased, answers removed: the first picture is there, and no text of anybody's."""
    results.go_again(store, session, SLUG)
    kept = store.snapshots.get(session.id, SLUG)
    assert kept
    first = release_from_json(kept.release["begun"])
    assert (first.texts, first.asked) == ({}, ())
    session = store.sessions.get(session.id)
    # While the second round is on, too, and nobody is told of two before the second was revealed.
    results.erase(store, store.seats.get(store.answers.responses(session.id, SLUG)[0].key))
    begun = results.kept_result(store, session, SLUG)
    assert begun
    assert begun.begun == kept.release["begun"]
    assert "first time" not in results.told(store, session, SLUG, "en")
    assert SLUG not in results.shown(store, session).first
    answer_again(store, session, 24)
    results.reveal(store, session, SLUG)
    told = results.told(store, session, SLUG, "en")
    results.take_off(store, session, SLUG, True)
    results.take_off(store, session, SLUG, False)
    assert results.told(store, session, SLUG, "en") == told
    person = store.answers.responses(session.id, SLUG)[0]
    results.erase(store, store.seats.get(person.key))
    assert figures(results.told(store, session, SLUG, "en")) == figures(told)
    store.sessions.close(session.id)
    results.keep_results_only(store, session)
    assert figures(results.told(store, session, SLUG, "en")) == figures(told)
    assert results.shown(store, session).first[SLUG] == first
