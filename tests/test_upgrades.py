"""What was answered to an older version of an exercise is upgraded step by step, or left out; never an error."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from markupsafe import escape

from kit import deciding, results, summaries
from kit.disclosure import FORMAT
from kit.errors import StoreTooNew
from kit.exercise import Exercise, exercise, exercises
from kit.reports import notebook
from kit.serving.inside.facilitator import FacilitatorPage
from kit.session import Mode, Plan, Sector, Session, State, Value, new_code, new_id
from kit.store import Store
from kit.summary import Paragraph
from kit.texts import languages, say
from kit.typeset import typeset
from kit.upgrades import steps_of, upgraded
from kit.versions import versions
from kit.views.form import FormView

SLUG = "doors"
MODEL = """
    from kit.exercise import Exercise
    from kit.summary import Summary


    class Model(Exercise):
        def feedback(self, answers, lang, options=()):
            return Summary(self.slug)

        def rehearse(self, rng, sector, lang, options=()):
            yield from ()
"""
# What a person can have answered to the first version.
FIRST: dict[str, Value] = {"open": "yes", "shut": "no", "gone": "yes", "line": {"text": "a door", "share": True}}
ITEMS = {
    1: [("open", "yes, no, perhaps"), ("shut", "yes, no, perhaps"), ("gone", "yes, no, perhaps")],
    # "perhaps" is called "unsure" now, "shut" asks the other way round, "gone" has gone.
    2: [("open", "yes, no, unsure"), ("closed", "yes, no, unsure")],
    # "no" has gone, and nobody wrote a step.
    3: [("open", "yes, unsure"), ("closed", "yes, unsure")],
}
STEPS = """
    OTHER = {"yes": "no", "no": "yes"}


    def _second(answers):
        found = {item: "unsure" if value == "perhaps" else value for item, value in answers.items()}
        if "shut" in found:
            found["closed"] = OTHER.get(found.pop("shut"), "unsure")
        return found


    STEPS = {1: _second}
"""


Install = Callable[[int], Exercise]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Put an exercise of a package of its own onto this machine, at a version of it."""
    monkeypatch.syspath_prepend(tmp_path)

    def clear() -> None:
        for name in [one for one in sys.modules if one.split(".")[0] == "a_package_outside"]:
            del sys.modules[name]
        exercises.cache_clear()
        versions.cache_clear()

    def put(version: int) -> Exercise:
        folder = tmp_path / "a_package_outside"
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
        (folder / "model.py").write_text(textwrap.dedent(MODEL))
        if version > 1:
            (folder / "upgrades.py").write_text(textwrap.dedent(STEPS))
        (folder / "structure.yaml").write_text(_structure(version), "utf-8")
        about = tmp_path / "a_package_outside-1.dist-info"
        about.mkdir(exist_ok=True)
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: a_package_outside\nVersion: 1\n")
        (about / "entry_points.txt").write_text("[kit.exercises]\ndoors = a_package_outside\n")
        clear()
        return exercise(SLUG)

    yield put
    clear()


def _structure(version: int) -> str:
    items = "".join(f"      - {{id: {item}, scale: s_{item}, source: [S0-2]}}\n" for item, _ in ITEMS[version])
    scales = "".join(f"  s_{item}: {{options: [{options}]}}\n" for item, options in ITEMS[version])
    scales = scales.replace("yes, no", '"yes", "no"').replace("[yes", '["yes"')
    line = "      - {id: line, kind: text, share: true, source: [S0-2]}\n"
    head = f"slug: {SLUG}\nversion: {version}\nminutes: 5\nsource: [S0-2]\n"
    return f"{head}scales:\n{scales}sections:\n  - id: main\n    items:\n{items}{line}"


def session_in(store: Store, first: str = SLUG) -> Session:
    plans = (Plan(first, (), State.OPEN), Plan("reflection", (), State.OPEN))
    made = Session(new_id(), new_code(), "Tuesday", "fr", Mode.ANONYMOUS, 5, plans, secret=new_id())
    return store.sessions.add(made, "key")


def sit(store: Store, session: Session, answers: dict[str, Value]) -> str:
    person = store.seats.take(session, Sector.OTHER, None, "en")[0].id
    for item, value in answers.items():
        store.answers.save(person, SLUG, item, value, 1)
    return person


def kept(store: Store, person: str) -> dict[str, Value]:
    return {item: one.value for item, one in store.answers.of(person, SLUG).items()}


def test_steps_are_taken_in_order_and_what_does_not_fit_is_left_out(install: Install) -> None:
    second = install(2)
    assert upgraded(second, 1, FIRST) == {"open": "yes", "closed": "yes", "line": FIRST["line"]}
    assert upgraded(second, 1, {"open": "perhaps"}) == {"open": "unsure"}
    third = install(3)
    assert upgraded(third, 1, {"open": "no", "shut": "no"}) == {"closed": "yes"}
    assert upgraded(third, 2, {"open": "unsure", "shut": "no", "closed": "no"}) == {"open": "unsure"}
    assert upgraded(third, 3, {"odd": "yes", "open": 7}) == {}  # type: ignore[dict-item]


def test_a_store_is_brought_up_to_date_when_it_is_opened(install: Install, tmp_path: Path) -> None:
    install(1)
    with Store.open(tmp_path / "store.db") as store:
        session = session_in(store)
        person, other = sit(store, session, FIRST), sit(store, session, {"open": "no"})
        store.answers.save(other, SLUG, "shut", "yes", 1)
        store.answers.save(other, SLUG, "shut", None, 2)
        assert store.sessions.get(session.id).plans[0].version == 1
        tick = store.sessions.tick(session.id)
    install(2)
    with Store.open(tmp_path / "store.db") as store:
        plan, untouched = store.sessions.get(session.id).plans
        assert (plan.version, plan.renewed, untouched.renewed) == (2, True, False)
        assert kept(store, person) == {"open": "yes", "closed": "yes", "line": FIRST["line"]}
        assert kept(store, other) == {"open": "no"}
        assert {one.key for one in store.answers.responses(session.id, SLUG)} == {person, other}
        # Pages that were left open look again, and go on from what is kept.
        assert store.sessions.tick(session.id) > tick
        revision = store.answers.of(person, SLUG)["closed"].revision
        assert store.answers.save(person, SLUG, "closed", "no", revision + 1) == revision + 1
    with Store.open(tmp_path / "store.db") as store:
        assert kept(store, person) == {"open": "yes", "closed": "no", "line": FIRST["line"]}


def test_nobody_had_answered_so_nothing_is_said(install: Install, tmp_path: Path) -> None:
    install(1)
    with Store.open(tmp_path / "store.db") as store:
        session = session_in(store)
    install(3)
    with Store.open(tmp_path / "store.db") as store:
        plan = store.sessions.get(session.id).plans[0]
        assert (plan.version, plan.renewed) == (3, False)
        assert session_in(store).plans[0].renewed is False


def test_what_a_newer_version_kept_is_refused_and_left_alone(install: Install, tmp_path: Path) -> None:
    install(2)
    with Store.open(tmp_path / "store.db") as store:
        person = sit(store, session_in(store), {"closed": "no"})
    install(1)
    with pytest.raises(StoreTooNew) as refused:
        Store.open(tmp_path / "store.db")
    assert all("doors 2" in refused.value.tell(lang) for lang in languages())
    install(2)
    with Store.open(tmp_path / "store.db") as store:
        assert kept(store, person) == {"closed": "no"}


def test_an_exercise_that_is_not_installed_any_more_stops_nothing(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(1)
    with Store.open(tmp_path / "store.db") as store:
        person = sit(store, session_in(store), FIRST)
    monkeypatch.setattr(sys, "path", [one for one in sys.path if one != str(tmp_path)])
    exercises.cache_clear()
    versions.cache_clear()
    with Store.open(tmp_path / "store.db") as store:
        assert kept(store, person) == FIRST


@pytest.mark.parametrize("slug", sorted(exercises()))
def test_the_version_that_the_store_asks_is_the_one_of_the_exercise(slug: str) -> None:
    model = exercise(slug)
    assert versions()[slug] == model.version >= model.structure.version
    assert set(steps_of(model)) <= set(range(1, model.version))
    answers: dict[str, Value] = {"a_question_of_long_ago": "yes"}
    assert upgraded(model, 1, answers) == {}


@pytest.mark.parametrize("lang", languages())
def test_the_page_says_that_the_exercise_was_renewed(lang: str) -> None:
    model = exercise("reflection")
    intros = []
    for renewed in (False, True):
        form = FormView(
            model=model, lang=lang, options=(), answers={}, save=lambda *_: 1, is_open=True, renewed=renewed
        )
        intros.append(json.loads(form.page_json)["content"]["intro"])
    assert intros[0] == model.texts(lang).intro
    assert intros[1] == f"{intros[0]} {say(lang, 'form.renewed')}"


# ---- what was revealed


def revealed(store: Store, first: str = SLUG) -> Session:
    """A workshop of `reflection` in which ten people have answered and the result was revealed."""
    session = session_in(store, first)
    model = exercise("reflection")
    for n in range(10):
        person = store.seats.take(session, Sector.OTHER, None, "en")[0].id
        for item, value in model.rehearse(Random(n), Sector.OTHER, "en"):
            store.answers.save(person, "reflection", item, value, 1)
    results.reveal(store, session, "reflection")
    return session


@pytest.mark.parametrize("lang", languages())
def test_a_result_of_an_older_version_is_told_without_what_has_gone(tmp_path: Path, lang: str) -> None:
    note = say(lang, "telling.renewed")
    with Store.open(tmp_path / "store.db") as store:
        session = revealed(store)
        made = results.revealed(store, session, "reflection")
        assert made is not None
        assert note not in str(summaries.summary(made, lang, ()))
        first, second, *_ = made.items
        older = {
            **made.items, "asked_long_ago": made.items[first],
            first: replace(made.items[first], scale=("yes", "perhaps")),
        }  # fmt: skip
        del older[second]
        told = summaries.summary(replace(made, items=older, texts={"long_ago": ("a line",)}), lang, ())
    assert told.blocks[-1] == Paragraph(note, "note")
    assert "a line" not in str(told)


def in_another_form(store: Store, session: Session) -> None:
    """What was revealed of `reflection`, as a kit of another version may have kept it."""
    kept = store.snapshots.get(session.id, "reflection")
    assert kept is not None
    other = {"format": FORMAT + 1, "told": kept.release["told"]}
    assert store.snapshots.replace(session.id, "reflection", kept.release, other)


@pytest.mark.parametrize("lang", languages())
def test_report_and_console_say_what_a_result_of_another_form_is_and_what_to_do(tmp_path: Path, lang: str) -> None:
    note = str(escape(say(lang, "telling.other_form")))
    hidden = str(escape(typeset(say(lang, "report.not_revealed"))))

    def told(store: Store, session: Session) -> tuple[bool, bool]:
        console = FacilitatorPage(store, session.id, "http://127.0.0.1", lang)
        loaded = notebook.load(str(tmp_path / "store.db"), session.id, lang)
        shown = notebook.sections(loaded)
        assert shown is not None
        report = shown.html
        assert report.count(hidden) == 1, "said of the pulse, which was not revealed"
        return note in console.told("reflection"), typeset(say(lang, "telling.other_form")) in report

    with Store.open(tmp_path / "store.db") as store:
        session = revealed(store, "pulse")
        assert told(store, session) == (False, False)
        in_another_form(store, session)
        assert told(store, session) == (True, True)
        results.reveal(store, session, "reflection")
        assert told(store, session) == (False, False)


def test_whoever_erases_everything_takes_a_result_that_cannot_be_read_along(tmp_path: Path) -> None:
    """It may hold a text of theirs."""
    with Store.open(tmp_path / "store.db") as store:
        session = revealed(store)
        in_another_form(store, session)
        people = [one.key for one in store.answers.responses(session.id, "reflection")]
        results.erase(store, store.seats.get(people[0]))
        assert store.snapshots.get(session.id, "reflection") is None
        assert results.told(store, session, "reflection", "en") == ""


def test_a_result_that_was_told_in_another_form_is_revealed_anew(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.db") as store:
        session = revealed(store)
        kept = store.snapshots.get(session.id, "reflection")
        assert kept is not None
        assert kept.release["format"] == FORMAT
        in_another_form(store, session)
        assert results.revealed(store, session, "reflection") is None
        assert deciding.asks(store, session, "reflection", "en") == ()
        assert deciding.shared_lines(store, session, "reflection", "en") == ()
        # What the room has seen stays on its screens until it is revealed anew.
        assert results.told(store, session, "reflection", "en")
        results.reveal(store, session, "reflection")
        assert results.revealed(store, session, "reflection") is not None
