"""kit.reports: from a store through Papermill to one file that can be handed out."""

from __future__ import annotations

import io
import itertools
import os
import re
import stat
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import nbformat
import pytest
from markupsafe import escape
from playwright.sync_api import Browser
from pypdf import PdfReader
from sqlalchemy import event

from kit import deciding, results
from kit.days import tell_day
from kit.errors import FolderUnwritable, WrongOption
from kit.exercise import exercise, exercises
from kit.reports import Selection, Wish, done, make_reports, notebook, run
from kit.reports.document import Look, Pictured, Report, Tabled
from kit.reports.formats import html, pdf
from kit.reports.material import gather
from kit.session import Mode, Plan, Sector, Session, State, new_code, new_id
from kit.shared import SHOW
from kit.store import Store
from kit.summary import Paragraph
from kit.texts import languages, say

PEOPLE = 24
SLUGS = ("reflection", "partnership")
MACHINE = ("papermill", "ipykernel", "kernelspec", "jupyter", "ipynb", "notebook", "python", "/tmp", "store.db")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store") / "store.db"


@pytest.fixture(scope="module")
def session(place: Path) -> Session:
    """A workshop of which the reflection was revealed and the partnership was not."""
    with Store.open(place) as store:
        made = workshop(store, PEOPLE, Mode.ANONYMOUS)
        results.reveal(store, made, "reflection")
    return made


def workshop(store: Store, people: int, mode: Mode, slugs: Sequence[str] = SLUGS) -> Session:
    rng = Random(7)
    partners = ("Maison du Lac", "Clinique du Port") if mode is Mode.ATTRIBUTED else ()
    plans = tuple(Plan(slug) for slug in slugs)
    made = Session(new_id(), new_code(), "Table <b>& co</b>", "fr", mode, 5, plans, partners, date(2026, 9, 1))
    session = store.sessions.add(made, "key")
    for slug in slugs:
        store.sessions.set_state(session.id, slug, State.OPEN)
    for number in range(people):
        sector = (Sector.SETTLEMENT, Sector.MUNICIPAL, Sector.HEALTH_HIV)[number % 3]
        seat, _ = store.seats.take(session, sector, partners[number % 2] if partners else None, "fr")
        for slug in slugs:
            for revision, (item, value) in enumerate(exercise(slug).rehearse(rng, sector, "fr"), start=1):
                store.answers.save(seat.id, slug, item, exercise(slug).check(item, value), revision)
    return session


def document(place: Path, session: Session, lang: str = "en") -> Report:
    """What the notebook makes of a session in a store."""
    made = notebook.load(str(place), session.id, lang)
    assert made is not None
    return made


def told(place: Path, session: Session, lang: str = "en") -> str:
    """The report as a page."""
    return html.write(document(place, session, lang), Look()).decode()


@pytest.mark.slow
def test_a_report_in_each_language(place: Path, session: Session, tmp_path: Path) -> None:
    out = tmp_path / "made" / "here"
    before = os.umask(0)
    try:
        outcomes = list(make_reports(place, [session.id], out, Wish(("fr", "en")), jobs=2))
    finally:
        os.umask(before)
    if os.name == "posix":
        assert stat.S_IMODE(out.stat().st_mode) == 0o700, "on a shared computer, nobody else reads reports"
        assert {stat.S_IMODE(one.stat().st_mode) for one in out.iterdir()} == {0o600}
    assert [outcome.problem for outcome in outcomes] == ["", ""]
    names = sorted(path.name for path in out.iterdir() if path.name != done.NAME)
    assert names == [f"report-{session.code}-en.html", f"report-{session.code}-fr.html"]
    for lang in ("fr", "en"):
        made = (out / f"report-{session.code}-{lang}.html").read_text("utf-8")
        assert f'<html lang="{lang}"' in made
        assert made == told(place, session, lang)
        check_nothing_of_the_machine(made, session, place)


def test_both_languages_side_by_side(place: Path, session: Session, tmp_path: Path) -> None:
    formats = ("html", "pdf", "docx", "ipynb")
    outcomes = list(make_reports(place, [session.id], tmp_path, Wish(formats=formats, beside=True)))
    assert [(one.problem, one.lang) for one in outcomes] == [("", "fr-en")] * 4
    assert {one.state for one in make_reports(place, [session.id], tmp_path, Wish(formats=formats, beside=True))} == {
        "unchanged"
    }
    made = (tmp_path / f"report-{session.code}-fr-en.html").read_text("utf-8")
    check_nothing_of_the_machine(made, session, place)
    ids = re.findall(r'\bid="([^"]+)"', made)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', made)) <= set(ids)
    for one in document(place, session, "fr").all():
        other = section(made, f"{one.id}-en")
        assert 'lang="en"' in other
        assert 'lang="fr"' in section(made, one.id)
        assert made.index(f'<section id="{one.id}"') < made.index(f'<section id="{one.id}-en"')
    english = {one.id: one for one in document(place, session, "en").all()}
    assert all(escape(one.title) in section(made, f"{id}-en") for id, one in english.items())


def check_nothing_of_the_machine(made: str, session: Session, place: Path) -> None:
    # The style sheet serves notebooks too and names their boxes; it is the same for everyone.
    plain = re.sub(r"<style>.*?</style>", "", made.lower(), flags=re.DOTALL)
    for word in (*MACHINE, str(place.parent), session.id, session.code.lower(), sys.version.split()[0]):
        assert word.lower() not in plain, word
    assert not re.search(r"\d\d:\d\d|<script|<link|<img", plain)
    outside = made.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"@import|https?://|url\((?!#)|src=", outside)


def section(made: str, id: str) -> str:
    """One section of a page, from its beginning to that of the next."""
    start = made.index(f'<section id="{id}"')
    return made[start : made.index("</section>", start)]


def test_has_landmarks_a_skip_link_and_headings_in_order(place: Path, session: Session) -> None:
    made = told(place, session)
    for landmark in ("<header", "<nav", '<main id="content"', "<footer"):
        assert made.count(landmark) == 1
    assert made.index('href="#content"') < made.index("<header")
    levels = [int(level) for level in re.findall(r"<h([1-6])", made)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert made.count("<table") == made.count("<caption>") > 2
    ids = re.findall(r'\bid="([^"]+)"', made)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', made)) <= set(ids)


def test_the_title_is_text_and_the_tab_stays_neutral(place: Path, session: Session) -> None:
    made = told(place, session)
    assert "Table &lt;b&gt;&amp; co&lt;/b&gt;" in made
    assert re.findall(r"<title>([^<]*)</title>", made)[0] == say("en", "report.page.name")


def test_tells_only_what_was_revealed(place: Path, session: Session) -> None:
    made = told(place, session)
    assert made.count(say("en", "report.not_revealed")) == 1
    assert "<svg" not in section(made, "exercise-partnership")
    assert "<svg" in section(made, "exercise-reflection")
    with Store.open(place) as store:
        assert results.revealed(store, session, "partnership") is None


def test_who_took_part_and_what_was_held_back(place: Path, session: Session) -> None:
    made = told(place, session)
    people = section(made, "people")
    assert say("en", "report.took_part", people=20) in people
    assert re.findall(r"<td>(\d+)</td>", people) == ["5", "5", "5"]
    with Store.open(place) as store:
        release = results.revealed(store, session, "reflection")
    assert release is not None
    held = section(made, "held")
    assert release.hidden or say("en", "report.nothing_held") in held
    for rule, cells in release.hidden.items():
        row = f'<th scope="row">{say("en", f"disclosure.{rule}", k=5)}</th><td>{cells}</td>'
        assert row.replace("'", "&#39;") in held


def test_a_report_reads_and_releases_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.db") as store:
        session = workshop(store, PEOPLE, Mode.ANONYMOUS)
        before = told(tmp_path / "store.db", session)
        assert say("en", "report.few_people", k=5) in before, "nothing was revealed, so nobody is counted"
        assert store.snapshots.get(session.id, results.PARTICIPATION) is None
        results.reveal(store, session, "reflection")
        first = told(tmp_path / "store.db", session)
        store.seats.take(session, Sector.COMMUNITY, None, "fr")
        assert told(tmp_path / "store.db", session) == first
        assert store.snapshots.slugs(session.id) == {"reflection"}


def test_one_who_comes_between_two_reveals_is_not_seen_in_the_head_counts(tmp_path: Path) -> None:
    """Who took part was counted at 14 ("at least 10"); then 15 stand behind another exercise."""
    with Store.open(tmp_path / "store.db") as store:
        session = workshop(store, 14, Mode.ANONYMOUS)
        results.reveal(store, session, "partnership")
        assert say("en", "report.took_part", people=10) in told(tmp_path / "store.db", session)
        late, _ = store.seats.take(session, Sector.COMMUNITY, None, "fr")
        store.answers.save(late.id, "reflection", "commitment", {"text": "x", "share": False}, 1)
        results.reveal(store, session, "reflection")
        made = told(tmp_path / "store.db", session)
    assert say("en", "report.took_part", people=15) in made
    assert say("en", "report.took_part", people=10) not in made


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Session]:
    """A workshop of all exercises, everything revealed and every shared text shown."""
    place = tmp_path_factory.mktemp("whole") / "store.db"
    with Store.open(place) as store:
        session = workshop(store, PEOPLE, Mode.ANONYMOUS, tuple(exercises()))
        for slug in exercises():
            results.reveal(store, session, slug)
            deciding.look_over(store, session, slug, "", SHOW)
    return place, session


@pytest.mark.parametrize("lang", languages())
def test_every_exercise_has_its_section_with_a_picture(whole: tuple[Path, Session], lang: str) -> None:
    place, session = whole
    made = told(place, session, lang)
    for slug in exercises():
        shown = section(made, f"exercise-{slug}")
        if f'id="details-{slug}"' in made:
            shown += section(made, f"details-{slug}")
        assert "<svg" in shown, slug
        twins = re.findall(r'<p class="report-twin"><a href="#(table-A\d+)"', shown)
        assert len(twins) == shown.count("<figure"), "a picture has its table"
        assert all(f'id="{twin}"' in section(made, "tables") for twin in twins)
    check_nothing_of_the_machine(made, session, place)


def test_scenes_stand_in_the_appendix_and_what_to_talk_about_does_not(whole: tuple[Path, Session]) -> None:
    made = document(*whole)
    main, details = ({one.id: one.parts for one in part} for part in (made.sections, made.appendix))
    flows = [part for part in details["details-scenarios"] if isinstance(part, Pictured)]
    assert flows
    assert not [part for part in main["exercise-scenarios"] if isinstance(part, Pictured)]
    assert any(isinstance(part, Paragraph) and part.tone == "question" for part in main["exercise-scenarios"])


def test_the_facilitator_chooses_sections_their_order_and_a_cover_note(whole: tuple[Path, Session]) -> None:
    place, session = whole
    note = ("For the <b>partners</b>.", "It's ours.")
    with Store.open(place) as store:
        ran = run.run(gather(store, session.id), "en", choice=Selection(("pulse", "use", "reflection"), note))
    made = html.write(ran.document, Look()).decode()
    found = re.findall(r'<section id="([\w-]+)"', made)
    assert found[:6] == ["note", "people", "said", "exercise-pulse", "use", "exercise-reflection"]
    assert not [one for one in found if "partnership" in one or "scenarios" in one]
    assert "For the &lt;b&gt;partners&lt;/b&gt;." in section(made, "note")
    assert "It’s ours." in section(made, "note")
    figures = [part for one in ran.document.all() for part in one.parts if isinstance(part, Pictured)]
    assert [one.number for one in figures] == [str(number) for number in range(1, len(figures) + 1)]
    with pytest.raises(WrongOption, match="nothing"):
        Selection(("nothing",)).check()


@pytest.mark.browser
@pytest.mark.parametrize("lang", languages())
def test_the_main_part_is_ten_pages_at_most(
    whole: tuple[Path, Session], browser: Browser, tmp_path: Path, lang: str
) -> None:
    file = tmp_path / "report.html"
    file.write_bytes(html.write(document(*whole, lang), Look()))
    page = browser.new_page()
    page.goto(file.as_uri())
    page.evaluate("document.querySelector('#appendix').remove()")
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert 1 < len(re.findall(rb"/Type\s*/Page\b", printed)) <= 10


@pytest.mark.parametrize("lang", languages())
def test_the_main_part_of_a_pdf_is_ten_pages_at_most(whole: tuple[Path, Session], lang: str) -> None:
    made = document(*whole, lang)
    reader = PdfReader(io.BytesIO(pdf.write(made, Look())))
    begins = {one.title: reader.get_destination_page_number(one) for one in reader.outline if not isinstance(one, list)}
    assert 1 < begins[made.say("page.appendix")] <= 10


def test_partners_are_named_in_three_exercises_and_nowhere_else(tmp_path: Path) -> None:
    slugs = tuple(exercises())
    with Store.open(tmp_path / "store.db") as store:
        session = workshop(store, PEOPLE, Mode.ATTRIBUTED, slugs)
        made = {slug: results.reveal(store, session, slug).release for slug in slugs}
    by_partner = {slug for slug, release in made.items() if release.by == "partner"}
    assert by_partner == {"partnership", "agreement", "action_plan"}
    for slug in set(slugs) - by_partner:
        assert not any(partner in repr(made[slug]) for partner in session.partners)


def test_a_small_workshop_shows_nothing_about_anyone(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.db") as store:
        session = workshop(store, 4, Mode.ATTRIBUTED)
        for slug in SLUGS:
            results.reveal(store, session, slug)
    made = told(tmp_path / "store.db", session)
    assert say("en", "report.few_people", k=5) in made
    assert say("en", "report.mode.attributed") in made
    assert "<svg" not in made
    assert not any(partner in made for partner in session.partners)
    assert not any(say("en", f"sectors.{sector}") in made for sector in Sector)


def test_a_notebook_that_fails_leaves_nothing(
    place: Path, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.ipynb"
    source = run.find_notebook().read_text("utf-8")
    broken.write_text(source.replace("report.opening(document)", "raise ValueError('on purpose')"), "utf-8")
    monkeypatch.setattr(run, "find_notebook", lambda name: broken)
    (outcome,) = make_reports(place, [session.id], tmp_path / "out")
    assert "ValueError: on purpose" in outcome.problem
    assert session.id not in outcome.problem
    assert list((tmp_path / "out").iterdir()) == []


def test_the_document_is_numbered_and_each_figure_has_its_twin(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.db") as store:
        session = workshop(store, PEOPLE, Mode.ANONYMOUS)
        for slug in SLUGS:
            results.reveal(store, session, slug)
    made = document(tmp_path / "store.db", session)
    parts = [part for one in made.all() for part in one.parts]
    figures = [part for part in parts if isinstance(part, Pictured)]
    tables = {part.id: part for part in parts if isinstance(part, Tabled)}
    assert [figure.number for figure in figures] == [str(number) for number in range(1, len(figures) + 1)]
    assert len(figures) > 2
    for figure in figures:
        assert tables[figure.table_id].number == figure.table == f"A{figure.number}"
        assert tables[figure.table_id].table.rows == figure.figure.twin.rows
    ids = [part.id for part in parts if getattr(part, "id", "")] + [one.id for one in made.all()]
    assert len(ids) == len(set(ids))


def test_what_was_drawn_at_the_reveal_is_not_drawn_again(
    place: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = document(place, session)
    (figure,) = [part for one in made.all() for part in one.parts if isinstance(part, Pictured)]
    with Store.open(place) as store:
        room = results.told(store, session, "reflection", "en")
    monkeypatch.setattr("kit.figures._draw", raising(AssertionError("drawn again")))
    assert made.drawing(figure) in room
    # Nobody has seen this one: it is drawn.
    other = replace(figure, figure=replace(figure.figure, title="another"))
    with pytest.raises(AssertionError, match="drawn again"):
        made.drawing(other)


def test_a_report_is_read_in_one_transaction_and_writes_nothing(place: Path, session: Session) -> None:
    said: list[str] = []
    with Store.open(place) as store:
        event.listen(store.engine, "before_cursor_execute", lambda _c, _s, statement, *_: said.append(statement))
        gather(store, session.id)
    assert sum(one.startswith("BEGIN") for one in said) == 1
    assert not [one for one in said if not one.startswith(("SELECT", "BEGIN"))]


def test_the_notebook_shows_each_part_once(place: Path, session: Session) -> None:
    """As it is kept: without code, paths, parameters and times."""
    with Store.open(place) as store:
        ran = run.run(gather(store, session.id), "en")
    made = run.plain(ran.notebook)
    nbformat.validate(made)
    shown = "".join(output.data["text/html"] for cell in made.cells for output in cell.get("outputs", ()))
    for one in ran.document.all():
        assert shown.count(f">{escape(one.title)}</h") == 1, one.title
    text = nbformat.writes(made)
    for word in (session.code, session.id, str(place.parent), "papermill", "start_time"):
        assert word not in text
    assert all(cell.metadata.jupyter.source_hidden for cell in made.cells)
    assert nbformat.writes(run.plain(made)) == text


@pytest.mark.parametrize("interrupted", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_write_that_is_cut_short_leaves_the_old_report(
    interrupted: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = done.Folder(tmp_path)
    path = folder.write("report.html", b"old")
    monkeypatch.setattr(done.os, "fsync", raising(interrupted))
    with pytest.raises((FolderUnwritable, KeyboardInterrupt)):
        folder.write("report.html", b"new")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [(path.name, b"old")]


def raising(error: BaseException) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


def test_days_as_people_write_them() -> None:
    assert tell_day(date(2026, 9, 1), "fr") == "1er septembre 2026"
    assert tell_day(date(2026, 9, 14), "en") == "September 14, 2026"
