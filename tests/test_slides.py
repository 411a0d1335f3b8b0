"""A result as slides: nothing that the summary does not tell, and gone where it was taken off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.resources import files
from random import Random

import pytest

from kit import results, summaries
from kit.disclosure import Release, release
from kit.exercise import exercise, exercises
from kit.findings import Finding
from kit.serving.inside.ready import ready
from kit.session import Mode, Response, Sector, Session
from kit.store import Store
from kit.summary import Bar, Bullets, Figure, Flow, Heading, Link, Paragraph, Quotes, Row, Summary, Table
from kit.texts import languages, say
from kit.views.slides import Slide, embedded, letter_width, side_by_side, slides, slides_in
from tests.support.stored import workshop_with

SHARES = Table("Shares", ("What", "Share"), (("a", "50%"),))


def answered(store: Store, session: Session, *slugs: str, people: int = 24) -> None:
    rng = Random(4)
    for place in range(people):
        sector = list(Sector)[place % 3]
        seat, _ = store.seats.take(session, sector, None, "en")
        for slug in slugs:
            plan = session.plan(slug)
            assert plan
            said = exercise(slug).rehearse(rng, sector, "en", plan.options)
            for revision, (item, value) in enumerate(said, 1):
                store.answers.save(seat.id, slug, item, value, revision)


@cache
def released(people: int = 24) -> dict[str, Release]:
    """What disclosure control lets out of each exercise, with all that it can ask, of a room of so many."""
    made = {}
    for slug, model in exercises().items():
        rng, options = Random(4), model.structure.every
        room = [
            Response(
                str(place), sector, model.counted(dict(model.rehearse(rng, sector, "en", options)), options),
                secret=str(place),
            )
            for place in range(people)
            for sector in [list(Sector)[place % 3]]
        ]  # fmt: skip
        made[slug] = release(slug, model.questions(options), room, 5, Mode.ANONYMOUS, None, rng).release
    return made


def made_of(made: Release, slug: str, lang: str) -> list[Slide]:
    """The slides of a release."""
    options = exercise(slug).structure.every
    return slides(summaries.summary(made, lang, options), summaries.findings(made, lang, options), lang)


def strings(told: object) -> Iterator[str]:
    """Every sentence of what is told."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, tuple | list):
        for one in told:
            yield from strings(one)
    elif is_dataclass(told):
        for one in fields(told):
            yield from strings(getattr(told, one.name))


def words(node: object) -> Iterator[str]:
    """Every sentence in a slide; not how it looks."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name not in ("kind", "look", "percent", "size"):
                yield from words(value)
    elif isinstance(node, list):
        for value in node:
            yield from words(value)
    elif isinstance(node, str) and not re.fullmatch(r"\|?(#[0-9a-f]{6})?|plain|note|question|title|item|quote", node):
        yield node


@pytest.mark.parametrize("lang", languages())
def test_slides_say_what_the_summary_says_and_no_more(lang: str) -> None:
    for slug, made in released().items():
        options = exercise(slug).structure.every
        told = [*strings(summaries.summary(made, lang, options)), *strings(summaries.findings(made, lang, options))]
        plain = " ".join(" ".join(told).split()).casefold()
        found = made_of(made, slug, lang)
        assert found, slug
        for text in words(found):
            for part in re.split(r"[:;] | \(\d+/\d+\)$", text):
                assert " ".join(part.rstrip("%\u00a0").split()).casefold() in plain, (slug, text)


@pytest.mark.parametrize("lang", languages())
def test_a_legend_is_in_the_order_of_the_bars_and_a_title_stands_once(lang: str) -> None:
    for slug, made in released().items():
        for slide in made_of(made, slug, lang):
            places = {label: place for place, (label, *_) in enumerate(slide.get("legend", ()))}
            for row in slide["rows"] if slide["kind"] == "bars" else ():
                at = [places[bar["label"]] for bar in row["bars"] if bar["label"] in places]
                assert at == sorted(at), (slug, places, row)
            part = re.sub(r" \(\d+/\d+\)$", "", slide.get("title", "") if slide["kind"] == "bars" else "")
            assert not part or part not in slide.get("lead", ""), (slug, slide["title"], slide["lead"])


def test_words_and_tables_are_as_large_as_they_fit() -> None:
    short, long = Paragraph("Short."), Paragraph("A sentence that takes some room. " * 12)
    table = Table("Shares", ("What", "Share"), tuple((str(row), "50%") for row in range(9)))
    sizes = [slides(Summary("Result", (one,)), (), "en")[0]["size"] for one in (short, long, SHARES, table)]
    assert sizes[0] == sizes[2] > sizes[1] >= 1
    assert sizes[2] > sizes[3] >= 1
    # Of two languages beside each other, neither has the larger letters.
    (both,) = side_by_side({"en": (Summary("Result", (short,)), ()), "fr": (Summary("Résultat", (long,)), ())})[:1]
    assert len({one["size"] for _, one in both["sides"]}) == 1


def test_findings_come_first_and_details_last() -> None:
    summary = Summary(
        "Result",
        (
            Paragraph("Opening."), Heading("Small", detail=True), SHARES, Heading("Large"),
            Figure("stack", "Shares", "", (Row("a", (Bar("yes", 100, 4),)),), SHARES),
        ),
    )  # fmt: skip
    found = slides(summary, [Finding("x", "Most said a.", "50%", "Why?", 50)], "en")
    assert [(one["kind"], one.get("title")) for one in found] == [
        ("finding", None), ("text", "Result"), ("bars", "Large"), ("table", "Small"),
    ]  # fmt: skip
    assert found[2]["rows"][0]["bars"][0]["said"] == say("en", "figures.percent", percent=100)


def test_what_does_not_fit_goes_on_on_the_next_slide_and_nothing_is_lost() -> None:
    both = (Bar("yes", 50, 0), Bar("no", 50, 4))
    rows = tuple(Row(f"Practice number {n} that has a label of some length", both) for n in range(20))
    table = Table("All", ("What", "Share"), tuple((f"line {n}", "50%") for n in range(40)))
    wide = Table("Wide", tuple("abcdefgh"), (tuple("12345678"),))
    ways = (Link("Start", "A", 60, "50–75"), Link("Start", "B", 40), Link("A", "C", 60))
    summary = Summary(
        "Result",
        (
            Figure("stack", "Shares", "", rows, SHARES), Heading("Tables"), table, wide, Heading("Words"),
            Bullets(tuple(f"Point {n}" for n in range(60)), "Points"),
            Quotes(tuple("word " * 40 for _ in range(9)), "They said"), Heading("Ways"), Flow("Flow", "", ways, SHARES),
        ),
    )  # fmt: skip
    found = slides(summary, (), "en")
    by_title: dict[str, list[Slide]] = {}
    for one in found:
        by_title.setdefault(re.sub(r" \(\d+/\d+\)", "", one["title"]), []).append(one)
    assert [row["label"] for one in by_title["Result"] for row in one["rows"]] == [row.label for row in rows]
    assert len(by_title["Result"]) > 2
    tables = [one for one in by_title["Tables"] if one["kind"] == "table"]
    assert [tuple(row) for one in tables for row in one["rows"]] == list(table.rows)
    assert ["item", "1: b: 2; c: 3; d: 4; e: 5; f: 6; g: 7; h: 8"] in by_title["Tables"][-1]["lines"]
    lines = [tuple(line) for one in by_title["Words"] for line in one["lines"]]
    assert [tone for tone, _ in lines] == ["title", *["item"] * 60, "title", *["quote"] * 9]
    assert [(one["lead"], [row["label"] for row in one["rows"]]) for one in by_title["Ways"]] == [
        ("Start", ["A", "B"]), ("A", ["C"]),
    ]  # fmt: skip
    assert by_title["Ways"][0]["rows"][0]["bars"][0]["said"] == "50–75%"
    assert by_title["Ways"][0]["title"] == "Ways (1/2)"


def test_slides_stand_in_a_page_as_data_that_ends_no_element() -> None:
    made: list[Slide] = [{"kind": "text", "title": "</script><b>", "lines": []}]
    told = embedded(made)
    assert told.count("</script>") == 1
    assert slides_in(f"<p>before</p>{told}") == made
    assert slides_in("<p>of an earlier version</p>") == []


def test_a_result_can_be_taken_off_every_screen_and_put_back(store: Store) -> None:
    session = workshop_with(store, "reflection")
    assert not results.take_off(store, session, "reflection", True)
    answered(store, session, "reflection", people=9)
    results.reveal(store, session, "reflection")
    told = {lang: results.told(store, session, "reflection", lang) for lang in languages()}
    assert results.take_off(store, session, "reflection", True)
    assert results.is_off(store, session, "reflection")
    assert {results.told(store, session, "reflection", lang) for lang in languages()} == {""}
    assert {lang: results.told_to_host(store, session, "reflection", lang) for lang in languages()} == told
    assert results.shown(store, session).revealed["reflection"], "a report still has it"
    # Somebody erases what they said: it stays off.
    person = store.seats.take(session, Sector.OTHER, None, "en")[0]
    store.answers.save(person.id, "reflection", "commitment", {"text": "A call", "share": True}, 1)
    results.erase(store, person)
    assert results.told(store, session, "reflection", "fr") == ""
    assert results.take_off(store, session, "reflection", False)
    assert {lang: results.told(store, session, "reflection", lang) for lang in languages()} == told
    assert not results.is_off(store, session, "reflection")
    results.take_off(store, session, "reflection", True)
    results.reveal(store, session, "reflection")
    assert results.told(store, session, "reflection", "fr"), "revealed anew, it is there again"


def test_the_wall_is_at_a_slide_until_it_shows_another_result(store: Store) -> None:
    session = workshop_with(store, "reflection", "pulse")
    assert store.sessions.on_the_wall(session.id) == (None, 0)
    store.sessions.show(session.id, "reflection", 7)
    assert store.sessions.on_the_wall(session.id) == ("reflection", 7)
    assert store.sessions.showing(session.id) == "reflection"
    store.sessions.show(session.id, "pulse")
    assert store.sessions.on_the_wall(session.id) == ("pulse", 0)
    store.sessions.show(session.id, None)
    assert store.sessions.on_the_wall(session.id) == (None, 0)


def test_what_the_first_reveal_measures_is_measured_before() -> None:
    ready()
    measured = letter_width.cache_info().misses
    for lang in languages():
        for sign in set((files("kit.texts") / lang / "console.yaml").read_text("utf-8")):
            letter_width(sign)
    assert letter_width.cache_info().misses <= measured + 1, "a line's end is the only sign that no slide has"
