"""Several workshops side by side: what their reports tell already and nothing more, whoever came to which of them."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from random import Random

import docx
import nbformat
import pytest
from pypdf import PdfReader

from kit import results, summaries
from kit.disclosure import Release, release
from kit.exercise import Question, exercise, exercises
from kit.reports import BatchProgress, Wish, make_reports, make_rollup
from kit.reports.document import Pictured, Report, Tabled
from kit.reports.material import Material, Several
from kit.reports.rollup import AT_ONCE, build_rollup
from kit.reports.waves import FIGURES, WORKSHOPS
from kit.results import Results
from kit.session import Mode, Plan, Session, new_code, new_id
from kit.store import Store
from kit.summary import Bullets, Figure, Paragraph
from kit.testing import lenses, rehearsed
from kit.texts import languages, say
from kit.typeset import typeset
from tests.auditor.rooms import answers_of, compositions, pictures, proofs, responses
from tests.test_reports import workshop

SLUG = "reflection"


def of(day: int, *made: Release, k: int = 5, version: int = 1, **options: tuple[str, ...]) -> Material:
    """A workshop in which these were revealed."""
    plans = tuple(Plan(one.exercise, options.get(one.exercise, lenses(exercise(one.exercise)))) for one in made)
    session = Session(new_id(), new_code(), f"Table {day}", "fr", Mode.ANONYMOUS, k, plans, (), date(2026, 9, day))
    revealed = {one.exercise: one for one in made}
    people = Release("", k, 20, "sector")
    return Material(session, Results(people, revealed, versions=dict.fromkeys(revealed, version)))


def room(slug: str, people: int = 24, seed: int = 3, mode: Mode = Mode.ANONYMOUS) -> Release:
    """What is released of simulated people."""
    model = exercise(slug)
    every = [
        replace(one, answers=model.counted(one.answers, lenses(model)), partner=f"Partner {n % 2}")
        for n, one in enumerate(rehearsed(model, "en", people, seed))
    ]
    return release(model.slug, model.questions(lenses(model)), every, 5, mode, None, Random(1)).release


def told(document: Report) -> str:
    """All that stands in it."""
    return repr((document.head, document.opening, document.sections, document.appendix, document.data()))


# ---- nothing that the reports do not tell


def question_of(slug: str, answers: int) -> Question:
    """The first question of an exercise with so many answers, skipping included."""
    asked = exercise(slug).questions(lenses(exercise(slug)))
    return next(one for one in asked if not one.text and len(answers_of(one)) == answers)


@pytest.mark.parametrize(("slug", "answers"), [("reflection", 4), ("strengths", 4), ("agreement", 4), ("pulse", 4)])
def test_whoever_has_the_reports_learns_nothing_from_a_rollup(slug: str, answers: int) -> None:
    """Every two small rooms, of the same people or of others: the roll-up is a function of the two reports."""
    model, question, k = exercise(slug), question_of(slug, answers), 3
    asked = model.questions(lenses(model))

    def made(people: tuple[int, ...]) -> Release:
        return release(slug, asked, responses(question, people), k, Mode.ANONYMOUS).release

    def every(n: int) -> list[Release]:
        found = {repr(one): one for one in (made(tuple(map(int, people))) for people in compositions(n, answers))}
        return list(found.values())

    summaries: dict[tuple[str, str], set[str]] = {}
    for first, second in product(every(8), every(9)):
        reports = report_of(slug, first), report_of(slug, second)
        rollup = build_rollup(Several((of(1, first, k=k), of(2, second, k=k))), "en")
        summaries.setdefault(reports, set()).add(told(rollup))
    assert len(summaries) > 2
    assert all(len(found) == 1 for found in summaries.values())


def report_of(slug: str, made: Release) -> str:
    """What a report says of a release, in words and in numbers: its summary, its findings, its table."""
    model = exercise(slug)
    options = lenses(model)
    said = summaries.summary(made, "en", options), summaries.findings(made, "en", options)
    return repr((said, summaries.fitting(made, options)))


def test_a_rollup_proves_nothing_of_a_room_whatever_the_other_was() -> None:
    question, k = question_of(SLUG, 4), 3
    model = exercise(SLUG)
    asked = model.questions(lenses(model))
    known: dict[str, str] = {}
    for other in ((0, 9, 0, 0), (4, 4, 1, 0), (5, 0, 3, 1), (0, 0, 9, 0)):
        beside = of(2, release(SLUG, asked, responses(question, other), k, Mode.ANONYMOUS).release, k=k)

        def tell(people: tuple[int, ...], beside: Material = beside) -> str:
            made = release(SLUG, asked, responses(question, people), k, Mode.ANONYMOUS).release
            key = repr((made, beside))
            if key not in known:
                known[key] = told(build_rollup(Several((of(1, made, k=k), beside)), "en"))
            return known[key]

        assert list(proofs(pictures(compositions(9, 4), tell), k, question)) == []


def test_numbers_of_people_are_never_added() -> None:
    made = build_rollup(Several(tuple(of(day, room(SLUG)) for day in (1, 2, 3))), "en")
    assert "60" not in told(replace(made, data=lambda: None))  # type: ignore[arg-type, return-value]
    (table,) = [part for part in made.opening[0].parts if isinstance(part, Tabled)]
    assert [row[-1] for row in table.table.rows] == ["20", "20", "20"]


def test_no_partner_no_sector_and_no_text_stands_in_it() -> None:
    released = [room(slug, 40, mode=Mode.ATTRIBUTED) for slug in ("partnership", "agreement", "reflection")]
    texts = [text for one in released for every in one.texts.values() for text in every]
    groups = {group for one in released for item in one.items.values() for group in item.leanings}
    assert texts
    assert groups >= {"Partner 0", "Partner 1"}
    for lang in languages():
        said = told(build_rollup(Several((of(1, *released), of(2, *released))), lang))
        assert not [text for text in texts if text in said]
        assert not [group for group in groups if group in said]
        assert say(lang, "sectors.settlement") not in said


# ---- what it tells


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("slug", list(exercises()))
def test_each_exercise_stands_side_by_side(slug: str, lang: str) -> None:
    several = Several(tuple(of(day, room(slug, seed=day)) for day in (3, 1, 2)), "Une année")
    made = build_rollup(several, lang)
    assert (made.head.title, made.head.date) == ("Une année", date(2026, 9, 3))
    own = next(one for one in made.sections if one.id == slug)
    tables = [part.table for part in own.parts if isinstance(part, Tabled)]
    assert tables
    columns = tuple(say(lang, "rollup.workshop", n=n) for n in (1, 2, 3))
    assert {table.columns[1:] for table in tables} == {columns}
    cells = {cell for table in tables for row in table.rows for cell in row[1:]}
    assert cells - {"–", say(lang, "telling.not_shown")}
    for table in tables:
        labels = [row[0] for row in table.rows]
        assert len(labels) == len(set(labels))


def test_a_cell_says_what_the_report_of_its_workshop_says() -> None:
    first, second = room(SLUG, seed=1), room(SLUG, seed=2)
    made = build_rollup(Several((of(1, first), of(2, second))), "en")
    own = next(one for one in made.sections if one.id == SLUG)
    rows = {row[0]: row for part in own.parts if isinstance(part, Tabled) for row in part.table.rows}
    for n, one in enumerate((first, second), start=1):
        twins = [block.twin for block in summaries.summary(one, "en", ()).blocks if hasattr(block, "twin")]
        assert twins
        for twin in twins:
            for label, *cells in twin.rows:
                for name, cell in zip(twin.columns[1:], cells, strict=True):
                    if cell != "not shown":
                        assert cell in rows[label][n]
                        assert name in rows[label][n] or not re.fullmatch(r"[\d–%]+", cell), "of what it is a share"


def test_what_is_said_in_several_says_what_holds_in_all_of_them() -> None:
    made = [room(SLUG, seed=seed) for seed in (1, 1, 3)]
    found = [summaries.findings(one, "en", ()) for one in made]
    lines = [
        line for one in build_rollup(Several(tuple(of(n, one) for n, one in enumerate(made, 1))), "en").sections
        if one.id == SLUG for part in one.parts if isinstance(part, Bullets) for line in part.items
    ]  # fmt: skip
    about = [one.about for each in found for one in each]
    again = [one for one in dict.fromkeys(about) if about.count(one) > 1]
    assert len(lines) == len(again) > 0
    for thing in again:
        least = min((one for each in found for one in each if one.about == thing), key=lambda one: one.weight)
        assert any(least.least[1:] in line and f"In {about.count(thing)} of 3" in line for line in lines)


def test_what_was_asked_otherwise_is_not_compared() -> None:
    one, two = room(SLUG, seed=1), room(SLUG, seed=2)
    made = build_rollup(Several((of(1, one), of(2, two, version=2), of(3, two))), "en")
    own = next(part for part in made.sections if part.id == SLUG)
    assert {part.table.columns[1:] for part in own.parts if isinstance(part, Tabled)} == {("Workshop 1", "Workshop 3")}
    notes = [part.text for part in own.parts if isinstance(part, Paragraph)]
    assert typeset(say("en", "rollup.other_edition", names="Workshop 2")) in notes
    partnership = room("partnership")
    earlier = exercise("partnership").structure.every[-2:-1]
    made = build_rollup(Several((of(1, partnership), of(2, partnership, partnership=earlier))), "en")
    own = next(part for part in made.sections if part.id == "partnership")
    assert not [part for part in own.parts if isinstance(part, Tabled)]


def test_many_workshops_stand_in_the_appendix_a_few_at_a_time() -> None:
    made = build_rollup(Several(tuple(of(day, room(SLUG, seed=day)) for day in range(1, 7))), "en")
    assert not [part for one in made.sections for part in one.parts if isinstance(part, Tabled)]
    own = next(one for one in made.appendix if one.id == f"details-{SLUG}")
    columns = {part.table.columns[1:] for part in own.parts if isinstance(part, Tabled)}
    assert {len(one) for one in columns} == {AT_ONCE, 6 - AT_ONCE}
    ids = [part.id for one in made.all() for part in one.parts if isinstance(part, Tabled)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("lang", languages())
def test_what_stood_out_is_drawn_with_a_bar_for_each_workshop(lang: str) -> None:
    every = [room(SLUG, seed=seed) for seed in (1, 2, 3)]
    made = build_rollup(Several(tuple(of(day, one) for day, one in enumerate(every, 1))), lang)
    own = next(one for one in made.sections if one.id == SLUG)
    drawn = [part for part in own.parts if isinstance(part, Pictured)]
    assert 0 < len(drawn) <= FIGURES
    twins = {part.id: part.table for one in made.appendix for part in one.parts if isinstance(part, Tabled)}
    stacks = [
        {f"{block.title} – {row.label}": (row.bars, row.label) for block in summaries.summary(one, lang, ()).blocks
         if isinstance(block, Figure) for row in block.rows}
        for one in every
    ]  # fmt: skip
    for part in drawn:
        assert isinstance(part.figure, Figure)
        assert len(part.figure.rows) == len(every)
        theirs = [rows[part.figure.title] for rows in stacks]
        assert [row.bars for row in part.figure.rows] == [bars for bars, _ in theirs], "as each report draws it"
        table = twins[part.table_id]
        assert [row[0] for row in table.rows] == [typeset(row.label) for row in part.figure.rows]
        assert len({len(row) for row in (table.columns, *table.rows)}) == 1
        assert theirs[0][1] in part.figure.alt
        assert "<svg" in made.drawing(part)
    many = Several(tuple(of(day, room(SLUG, seed=1)) for day in range(1, WORKSHOPS + 2)))
    assert not [part for one in build_rollup(many, lang).all() for part in one.parts if isinstance(part, Pictured)]


# ---- from a store


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Session]]:
    """Two workshops of which something was revealed."""
    place = tmp_path_factory.mktemp("rollup") / "store.db"
    with Store.open(place) as store:
        made = [workshop(store, 24, Mode.ANONYMOUS, ("reflection", "pulse")) for _ in range(2)]
        for session in made:
            for plan in session.plans:
                results.reveal(store, session, plan.slug)
    return place, made


def test_it_is_written_in_every_format_and_both_languages(held: tuple[Path, list[Session]], tmp_path: Path) -> None:
    place, made = held
    codes = [one.code for one in made]
    formats = ("html", "pdf", "docx", "ipynb", "csv")
    outcomes = list(make_rollup(place, [*codes, codes[0]], tmp_path, Wish(("fr", "en"), formats), "L'année"))
    assert [one.problem for one in outcomes] == [""] * 10
    title = "L’année"
    for lang in languages():
        files = {name: (tmp_path / f"rollup-{lang}.{name}").read_bytes() for name in formats}
        assert title in files["html"].decode()
        assert title in "".join(page.extract_text() for page in PdfReader(io.BytesIO(files["pdf"])).pages)
        assert title in [one.text for one in docx.Document(io.BytesIO(files["docx"])).paragraphs]
        assert nbformat.validate(nbformat.reads(files["ipynb"].decode(), 4)) is None
        for name, data in files.items():
            for session in made:
                assert session.id.encode() not in data, name
                assert session.code.encode() not in data, name


def test_what_has_not_changed_is_left_and_several_jobs_make_the_same(
    held: tuple[Path, list[Session]], tmp_path: Path
) -> None:
    place, made = held
    codes = [one.code for one in made]

    def states(out: Path, title: str = "", jobs: int = 1, again: bool = False) -> list[tuple[str, str]]:
        wish = Wish(("fr", "en"), ("html", "json"), again=again)
        seen: list[BatchProgress] = []
        found = list(make_rollup(place, codes, out, wish, title, jobs, seen.append))
        assert all(one.done <= one.all == 2 for one in seen)
        return sorted((one.state, one.path.name) for one in found if one.path)

    names = ["rollup-en.html", "rollup-en.json", "rollup-fr.html", "rollup-fr.json"]
    one, two = tmp_path / "one", tmp_path / "two"
    list(make_reports(place, codes, one))
    assert 'href="rollup' not in (one / "index.html").read_text("utf-8")
    assert states(one) == [("made", name) for name in names]
    assert states(one) == [("unchanged", name) for name in names]
    assert states(one, "Another title") == [("made", name) for name in names]
    assert states(one, again=True) == states(two, jobs=2) == [("made", name) for name in names]
    for name in names:
        assert (one / name).read_bytes() == (two / name).read_bytes()
    assert not (two / "index.html").exists(), "one roll-up needs no page that leads to it"
    for _ in range(2):
        page = (one / "index.html").read_text("utf-8")
        assert re.findall(r'href="(rollup[^"]+)"', page) == names
        assert len(re.findall(r'href="report-[^"]+"', page)) == 2
        list(make_reports(place, codes, one))
    with Store.open(place) as store:
        store.sessions.conclude(made[0].id, "We meet again.", "")
    assert {state for state, _ in states(one)} == {"made"}


def test_it_can_be_told_when_the_answers_are_gone(held: tuple[Path, list[Session]], tmp_path: Path) -> None:
    place, made = held
    codes = [one.code for one in made]
    next(make_rollup(place, codes, tmp_path / "before", Wish(("en",))))
    with Store.open(place) as store:
        for session in made:
            store.sessions.close(session.id)
            results.keep_results_only(store, session)
    next(make_rollup(place, codes, tmp_path / "after", Wish(("en",))))
    assert (tmp_path / "before/rollup-en.html").read_bytes() == (tmp_path / "after/rollup-en.html").read_bytes()
    assert {one.state for one in make_reports(place, codes, tmp_path / "after")} == {"made"}
