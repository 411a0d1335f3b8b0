"""A workshop that was answered in the first edition of an exercise goes on with it, and is told as before.

`tests/support/editions/partnership_first.db.gz` is a store that the kit made while partnership had its first edition
(24 people, a revealed result, shared texts that were let pass; beside it a workshop that nobody had answered), and
`partnership_first.json.gz` is what that kit showed of it.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kit import results, summaries, transfer
from kit.exercise import exercise
from kit.invitation import Invitation, invitation_in, query
from kit.reports import notebook
from kit.sealed import new_key
from kit.session import Plan, Sector, Session
from kit.store import Store
from kit.summary import Heading, Profile
from kit.texts import languages, say
from kit.views.alone import Keep, alone
from kit.views.form import FormView

FIRST = Path(__file__).parent / "support" / "editions"
SLUG = "partnership"
ANSWERED, WAITING = "0" * 31 + "1", "0" * 31 + "2"
LENSES = ("steps", "municipal", "tips")
MODEL = exercise(SLUG)
PARTS = (notebook.opening, notebook.sections, notebook.appendix)


@pytest.fixture(scope="module")
def then() -> dict[str, Any]:
    """What the kit of the first edition showed."""
    told: dict[str, Any] = json.loads(gzip.decompress((FIRST / "partnership_first.json.gz").read_bytes()))
    return told


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "store.db"
    path.write_bytes(gzip.decompress((FIRST / "partnership_first.db.gz").read_bytes()))
    return path


def plan_of(session: Session) -> Plan:
    plan = session.plan(SLUG)
    assert plan is not None
    return plan


def as_then(now: Any, then: Any) -> Any:
    """What is told now, as JSON, without the fields of a block that came later."""
    if isinstance(then, dict) and isinstance(now, dict):
        return {key: as_then(value, then[key]) for key, value in now.items() if key in then}
    if isinstance(then, list) and isinstance(now, list | tuple) and len(now) == len(then):
        return [as_then(*pair) for pair in zip(now, then, strict=True)]
    return json.loads(json.dumps(now))


def test_a_workshop_that_was_answered_goes_on_with_its_edition(place: Path, then: dict[str, Any]) -> None:
    with Store.open(place) as store:
        plan = plan_of(store.sessions.get(ANSWERED))
        assert (plan.version, plan.options, plan.renewed) == (MODEL.version, (*LENSES, "first"), False)
        kept = {item: one.value for item, one in store.answers.of(then["person"], SLUG).items()}
        assert kept == then["answers"]
        assert len(store.answers.responses(ANSWERED, SLUG)) == 24
    with Store.open(place) as store:
        assert plan_of(store.sessions.get(ANSWERED)).options == (*LENSES, "first")


def test_a_workshop_that_nobody_had_answered_has_the_edition_of_now(place: Path) -> None:
    with Store.open(place) as store:
        plan = plan_of(store.sessions.get(WAITING))
        assert (plan.version, plan.options, plan.renewed) == (MODEL.version, LENSES, False)


@pytest.mark.parametrize("lang", languages())
def test_its_page_shows_what_it_showed(place: Path, then: dict[str, Any], lang: str) -> None:
    with Store.open(place) as store:
        plan = plan_of(store.sessions.get(ANSWERED))
        answers = store.answers.of(then["person"], SLUG)
    form = FormView(model=MODEL, lang=lang, options=plan.options, answers=answers, save=lambda *_: 1, is_open=True)
    shown = [
        [
            part["id"], part["title"], part["lead"],
            [[item["id"], item["text"], [one["label"] for one in item.get("options", [])]] for item in part["items"]],
        ]
        for part in json.loads(form.page_json)["content"]["sections"]
    ]  # fmt: skip
    assert shown == then["texts"][lang]["page"]
    own = then["texts"][lang]["own"]
    now = MODEL.feedback(form.values(), lang, plan.options)
    # The picture of all answers came later, and so did the one next step; all else stands as it stood.
    blocks = [block for block in now.blocks if not isinstance(block, Profile)]
    step = blocks.index(Heading(say(lang, "form.next_step")))
    now = replace(now, blocks=(*blocks[:step], *blocks[step + 2 :]))
    assert as_then(asdict(now), own) == own


@pytest.mark.parametrize("lang", languages())
def test_its_result_is_told_and_reported_as_before(place: Path, then: dict[str, Any], lang: str) -> None:
    with Store.open(place) as store:
        session = store.sessions.get(ANSWERED)
        made = results.revealed(store, session, SLUG)
        assert made is not None
        summary = summaries.summary(made, lang, plan_of(session).options)
        group = then["texts"][lang]["group"]
        assert as_then(asdict(summary), group) == group
        loaded = notebook.load(str(place), ANSWERED, lang)
        report = "".join(one.html for part in PARTS if (one := part(loaded)) is not None)
    texts = MODEL.texts(lang)
    assert texts.say("dimensions_first") in report
    assert texts.say("dimensions_second") not in report
    assert say(lang, "telling.renewed") not in report


def test_it_can_be_revealed_again_with_who_comes_later(place: Path) -> None:
    with Store.open(place) as store:
        session = store.sessions.get(ANSWERED)
        options = plan_of(session).options
        for n in range(12):
            person = store.seats.take(session, Sector.MUNICIPAL, None, "fr")[0].id
            for item, value in MODEL.rehearse(Random(n), Sector.MUNICIPAL, "fr", options):
                assert MODEL.check(item, value, options) == value
                store.answers.save(person, SLUG, item, value, 1)
        results.reveal(store, session, SLUG)
        made = results.revealed(store, session, SLUG)
    assert made is not None
    assert made.people == 35
    assert set(made.items) == {item.id for item in MODEL.statements(options)}  # type: ignore[attr-defined]


def test_files_of_its_edition_come_in_from_either_kit(then: dict[str, Any]) -> None:
    """One from the kit of then, one from a page of now that a link asked for the first edition."""
    plan = Plan(SLUG, (*LENSES, "first"))
    for version in (1, MODEL.version):
        document = transfer.AnswersFile(exercises={SLUG: then["answers"]}, versions={SLUG: version})
        assert transfer.checked(document, (plan,)) == transfer.Checked({SLUG: then["answers"]}, 0)
        own = transfer.checked(document, (Plan(SLUG, LENSES),))
        assert set(own.exercises.get(SLUG, {})) <= {"strengthen"}
        assert own.beside >= len(then["answers"]) - 1


def test_a_link_of_such_a_workshop_asks_for_its_edition() -> None:
    plan = Plan(SLUG, MODEL.options((*LENSES, "first")))
    public, _ = new_key()
    asked = invitation_in(f"?{query(Invitation(public, (plan,)))}")
    assert asked is not None
    assert asked.plans == (plan,)
    assert "ownership" in {item.id for item in MODEL.structure.items(plan.options)}


@pytest.mark.parametrize("lang", languages())
def test_a_copy_of_the_first_edition_is_read_alone_and_what_is_left_out_has_a_name(
    then: dict[str, Any], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = alone(SLUG, lang).children[1]
    assert isinstance(keep, Keep)
    told: list[Any] = []
    monkeypatch.setattr(keep, "send", lambda message, *_: told.append(message))
    assert keep.page["versions"][SLUG] == MODEL.version
    given = then["answers"] | {"of_nobody": "agree", "strengthen": {"text": "Se parler", "share": False}}
    keep._renew({"slug": SLUG, "version": 1, "answers": given})
    (answer,) = told
    assert answer["answers"] == then["answers"] | {"strengthen": given["strengthen"]}
    assert answer["names"]["ownership"] == MODEL.texts(lang).items["ownership"]["text"]
    assert answer["names"]["of_nobody"] == ""
    # What is no copy asks for nothing.
    for odd in ({}, {"slug": "nothing"}, {"slug": SLUG, "answers": [1], "version": "x"}):
        keep._renew(odd)
    assert [one["answers"] for one in told[1:]] == [{}]


def test_other_exercises_in_an_older_copy_are_brought_up_to_date() -> None:
    """Of a story that has a scene more now: the way of before leads through it (`scenarios/upgrades.py`)."""
    keep = alone("action_plan", "fr").children[1]
    assert isinstance(keep, Keep)
    way = {"long_road.friday": "how_to_reach", "long_road.map": "same_words"}
    keep._carry({"answers": {"scenarios": way}, "versions": {"scenarios": 1}})
    assert keep.elsewhere("scenarios") == way | {"long_road.fewer": "tell_why"}
    keep._carry({"answers": {"scenarios": way}})
    assert keep.elsewhere("scenarios") == way
