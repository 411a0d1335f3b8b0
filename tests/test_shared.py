"""Shared texts wait for the facilitator's look; what is struck out is on no screen, in no file and in no report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import comm
import pytest
from comm.base_comm import BaseComm

from kit import deciding, results, summaries
from kit.disclosure import Release
from kit.exercise import exercise
from kit.serving.inside.facilitator import FacilitatorPage
from kit.serving.inside.wall import RoomScreen
from kit.session import Mode, Plan, Sector, Session, State, Value, new_code, new_id
from kit.shared import SHOW, STRIKE, decide, decided, lines, passed
from kit.store import Store
from kit.texts import languages, say
from tests.support.mapping import board, entry

SLUG, ITEM = "reflection", "commitment"
NAMES = ["Zorglub", "Alphonse", "Bianca", "Casimir", "Dorothea", "Ermelinde"]
MADE = Release(SLUG, 5, 10, "sector", texts={ITEM: ("one", "two"), "other": ("two",)})
MODEL = exercise(SLUG)


def workshop(store: Store, *slugs: str) -> Session:
    plans = tuple(Plan(slug, (), State.OPEN) for slug in slugs or (SLUG,))
    made = Session(new_id(), new_code(), "Table", "fr", Mode.ANONYMOUS, 5, plans, secret=new_id())
    return store.sessions.add(made, "key")


def writes(store: Store, session: Session, *names: str) -> list[str]:
    """As many people as there are names, each with one shared text."""
    seats = []
    for name in names:
        seat = store.seats.take(session, Sector.OTHER, None, "en")[0].id
        store.answers.save(seat, SLUG, ITEM, {"text": f"thank {name} each month", "share": True}, 1)
        seats.append(seat)
    return seats


def everywhere(store: Store, session: Session) -> str:
    """All that anybody but the facilitator at the console gets: phones, wall, what a report reads."""
    wall = RoomScreen(store, session.id, "http://127.0.0.1", "fr").screen.page["html"]
    told = [results.told(store, session, SLUG, lang) for lang in languages()]
    made = results.revealed(store, session, SLUG)
    assert made is not None
    again = [str(summaries.summary(made, lang, ())) for lang in languages()]
    return "\n".join([wall, *told, repr(made), *again])


def seen(store: Store, session: Session) -> set[str]:
    told = everywhere(store, session)
    return {name for name in NAMES if name in told}


def id_of(store: Store, session: Session, name: str) -> str:
    return next(one.id for one in deciding.shared_lines(store, session, SLUG, "en") if name in one.told)


# ---- the rules


def test_a_text_waits_until_it_is_let_pass() -> None:
    assert passed(MADE, {}).texts == {}
    first, second, third = lines(MODEL, MADE, {}, "en")
    assert (first.told, first.state, second.told, third.told) == ("one", "waiting", "two", "two")
    assert len({first.id, second.id, third.id}) == 3
    all_of_them = decide(MADE, {}, "", SHOW)
    assert all_of_them is not None
    assert passed(MADE, all_of_them) == MADE
    struck = decide(MADE, all_of_them, second.id, STRIKE)
    assert struck is not None
    assert passed(MADE, struck).texts == {ITEM: ("one",), "other": ("two",)}
    assert [one.state for one in lines(MODEL, MADE, struck, "en")] == ["shown", "struck", "shown"]


def test_what_was_struck_stays_so_when_the_others_are_shown_and_waits_when_it_is_put_back() -> None:
    first, *_ = lines(MODEL, MADE, {}, "en")
    struck = decide(MADE, {}, first.id, STRIKE)
    shown = decide(MADE, struck or {}, "", SHOW)
    assert passed(MADE, shown or {}).texts == {ITEM: ("two",), "other": ("two",)}
    back = decide(MADE, shown or {}, first.id, "")
    assert lines(MODEL, MADE, back or {}, "en")[0].state == "waiting"
    assert first.id not in (back or {})


@pytest.mark.parametrize(("id", "choice"), [("text:0", SHOW), ("x.y", STRIKE), ("", "same"), ("", "waiting")])
def test_what_is_not_there_is_not_decided(id: str, choice: str) -> None:
    assert decide(MADE, {}, id, choice) is None


def test_of_a_text_that_has_gone_no_decision_stays() -> None:
    everything = decide(MADE, {}, "", SHOW) or {}
    less = Release(SLUG, 5, 10, "sector", texts={ITEM: ("one",)})
    kept = decided(less, {**everything, "a.b": "same"})
    assert kept == {lines(MODEL, MADE, {}, "en")[0].id: SHOW}


# ---- in a workshop


def test_the_room_sees_no_text_before_the_facilitator_has_looked(store: Store) -> None:
    session = workshop(store)
    writes(store, session, *NAMES)
    store.sessions.show(session.id, SLUG)
    assert deciding.shared_lines(store, session, SLUG, "en") == ()
    results.reveal(store, session, SLUG)
    assert seen(store, session) == set()
    found = deciding.shared_lines(store, session, SLUG, "en")
    assert {one.state for one in found} == {"waiting"}
    assert len(found) == len(NAMES)
    assert deciding.look_over(store, session, SLUG, id_of(store, session, "Zorglub"), STRIKE)
    assert seen(store, session) == set()
    assert deciding.look_over(store, session, SLUG, "", SHOW)
    assert seen(store, session) == set(NAMES) - {"Zorglub"}
    assert deciding.look_over(store, session, SLUG, id_of(store, session, "Bianca"), STRIKE)
    assert seen(store, session) == set(NAMES) - {"Zorglub", "Bianca"}
    assert deciding.look_over(store, session, SLUG, id_of(store, session, "Zorglub"), "")
    assert deciding.look_over(store, session, SLUG, "", SHOW)
    assert seen(store, session) == set(NAMES) - {"Bianca"}


def test_what_was_struck_stays_struck_at_the_next_reveal_and_what_is_new_waits(store: Store) -> None:
    session = workshop(store)
    writes(store, session, *NAMES[:5])
    results.reveal(store, session, SLUG)
    deciding.look_over(store, session, SLUG, id_of(store, session, "Bianca"), STRIKE)
    deciding.look_over(store, session, SLUG, "", SHOW)
    late = [f"Late{n}" for n in range(5)]
    writes(store, session, *late)
    results.reveal(store, session, SLUG)
    states = {one.told: one.state for one in deciding.shared_lines(store, session, SLUG, "en")}
    assert len(states) == 10
    assert {states[f"thank {name} each month"] for name in late} == {"waiting"}
    assert states["thank Bianca each month"] == "struck"
    assert seen(store, session) == set(NAMES[:5]) - {"Bianca"}
    assert not any(name in everywhere(store, session) for name in late)


def test_the_list_has_no_order_of_arrival_and_stays_until_k_have_changed(store: Store) -> None:
    session = workshop(store)
    names = [f"N{n:02}" for n in range(30)]
    writes(store, session, *names)
    results.reveal(store, session, SLUG)
    first = deciding.shared_lines(store, session, SLUG, "en")
    assert sorted(one.told for one in first) == [f"thank {name} each month" for name in names]
    assert [one.told for one in first] != sorted(one.told for one in first)
    # Whoever looks again after one more person has written learns nothing of them.
    writes(store, session, "Zorglub")
    results.reveal(store, session, SLUG)
    assert deciding.shared_lines(store, session, SLUG, "en") == first


def test_decisions_are_about_texts_and_say_nothing_of_people(store: Store) -> None:
    session = workshop(store)
    seats = writes(store, session, *NAMES)
    results.reveal(store, session, SLUG)
    deciding.look_over(store, session, SLUG, "", SHOW)
    row = store.snapshots.get(session.id, SLUG)
    assert row is not None
    kept = json.dumps(row.release)
    assert not any(seat in kept for seat in seats)


def test_the_texts_of_an_erased_person_go_at_once_and_for_good(store: Store) -> None:
    session = workshop(store)
    seats = writes(store, session, *NAMES)
    store.sessions.show(session.id, SLUG)
    results.reveal(store, session, SLUG)
    deciding.look_over(store, session, SLUG, "", SHOW)
    before = {one.id for one in deciding.shared_lines(store, session, SLUG, "en")}
    assert seen(store, session) == set(NAMES)
    gone = id_of(store, session, "Zorglub")
    results.erase(store, store.seats.get(seats[0]))
    assert seen(store, session) == set(NAMES) - {"Zorglub"}
    assert {one.id for one in deciding.shared_lines(store, session, SLUG, "en")} == before - {gone}
    row = store.snapshots.get(session.id, SLUG)
    assert row is not None
    # Neither the text, nor what was decided about it, nor their place.
    assert not any(trace in json.dumps(row.release) for trace in ("Zorglub", gone, seats[0]))
    files = Path(store.where).parent.glob("store.db*")
    assert not any(b"Zorglub" in file.read_bytes() for file in files)
    # A later reveal brings nothing back, and the report neither.
    results.reveal(store, session, SLUG)
    assert seen(store, session) == set(NAMES) - {"Zorglub"}


def test_nobody_is_told_that_too_few_agreed_while_texts_wait(store: Store) -> None:
    session = workshop(store)
    writes(store, session, *NAMES)
    results.reveal(store, session, SLUG)
    made = results.revealed(store, session, SLUG)
    assert made is not None
    assert "few_texts" not in made.hidden


def test_entries_of_a_list_wait_too_and_read_as_people_typed_them(store: Store) -> None:
    session = workshop(store, "resources")
    model = exercise("resources")
    for name in NAMES:
        seat = store.seats.take(session, Sector.OTHER, None, "en")[0].id
        answers: dict[str, Value] = board(entry(name=name, offers="Repas chauds"))
        for item, value in answers.items():
            store.answers.save(seat, "resources", item, model.check(item, value), 1)
    results.reveal(store, session, "resources")
    assert deciding.gives(store, session, "resources") == ()
    assert not any(name in results.told(store, session, "resources", "fr") for name in NAMES)
    found = deciding.shared_lines(store, session, "resources", "fr")
    assert len(found) == len(NAMES)
    assert all("Repas chauds" in one.told and "{" not in one.told for one in found)
    deciding.look_over(store, session, "resources", found[0].id, STRIKE)
    deciding.look_over(store, session, "resources", "", SHOW)
    file = deciding.give(store, session, "resources", "csv", "fr").data.decode("utf-8-sig")
    assert sum(name in file for name in NAMES) == len(NAMES) - 1


# ---- on the console


class Wire(BaseComm):
    """The line to the page: keeps what was sent."""

    def publish_msg(self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **_: Any) -> None:
        self.__dict__.setdefault("sent", []).append(json.loads(json.dumps(data)))


def hear(view: Any, content: object) -> list[dict[str, Any]]:
    """What the page is told, without the word that all of it has come."""
    sent = view.comm.__dict__["sent"]
    sent.clear()
    view.comm.handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})
    return [one["content"] for one in sent if one["method"] == "custom" and one["content"] != {"kind": "done"}]


@pytest.fixture
def wired(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comm, "create_comm", lambda *args, **kwargs: Wire(*args, **kwargs))


@pytest.mark.parametrize("lang", languages())
def test_the_console_shows_strikes_out_and_puts_back(store: Store, wired: None, lang: str) -> None:
    session = workshop(store)
    writes(store, session, *NAMES)
    console = FacilitatorPage(store, session.id, "http://127.0.0.1", lang).console
    said, result = hear(console, {"kind": "reveal", "slug": SLUG})
    assert say(lang, "console.texts_look") in said["text"]
    assert {one["state"] for one in result["texts"]} == {"waiting"}
    target = result["texts"][0]["id"]
    for text, choice, key in ((target, "strike", "struck"), ("", "show", "shown"), (target, "", "back")):
        said, result = hear(console, {"kind": "text", "slug": SLUG, "text": text, "choice": choice})
        assert said["text"] == say(lang, f"console.texts_now_{key}")
    assert [one["state"] for one in result["texts"]] == ["waiting", *["shown"] * (len(NAMES) - 1)]
    said, _ = hear(console, {"kind": "text", "slug": SLUG, "text": "text:0", "choice": "strike"})
    assert said["text"] == say(lang, "console.texts_gone")


@pytest.mark.parametrize(
    "message",
    [
        {}, {"slug": SLUG}, {"slug": SLUG, "text": 1, "choice": "show"}, {"slug": SLUG, "text": "", "choice": None},
        {"slug": SLUG, "text": ["x"], "choice": "show"}, {"slug": "../x", "text": "", "choice": "show"},
        {"slug": SLUG, "text": "", "choice": "public"}, {"slug": "", "text": "", "choice": "show"},
        {"slug": SLUG, "text": "x" * 9999, "choice": "strike"},
    ],
)  # fmt: skip
def test_what_no_button_sends_changes_nothing(store: Store, wired: None, message: dict[str, Any]) -> None:
    session = workshop(store)
    writes(store, session, *NAMES)
    console = FacilitatorPage(store, session.id, "http://127.0.0.1", "fr").console
    hear(console, {"kind": "reveal", "slug": SLUG})
    before = store.snapshots.get(session.id, SLUG)
    assert "trouble" not in [one["kind"] for one in hear(console, {"kind": "text", **message})]
    assert store.snapshots.get(session.id, SLUG) == before
    assert seen(store, session) == set()


def test_a_console_that_stands_open_loses_the_text_of_whoever_erased_everything(store: Store, wired: None) -> None:
    session = workshop(store)
    seats = writes(store, session, *NAMES)
    page = FacilitatorPage(store, session.id, "http://127.0.0.1", "fr")
    hear(page.console, {"kind": "reveal", "slug": SLUG})
    sent = page.console.comm.__dict__["sent"]
    page.draw()
    sent.clear()
    results.erase(store, store.seats.get(seats[0]))
    page.draw()
    (again,) = (one["content"] for one in sent if one["method"] == "custom")
    assert (again["kind"], len(again["texts"])) == ("result", len(NAMES) - 1)
    assert "Zorglub" not in json.dumps(again)
    # Nothing is sent again while nothing in it has changed.
    sent.clear()
    store.sessions.show(session.id, SLUG)
    page.draw()
    assert not [one for one in sent if one["method"] == "custom"]
