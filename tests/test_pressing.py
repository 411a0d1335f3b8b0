"""Two trainers press everything at random, in any order: nothing fails, no two pages say different things, nothing is
told that nobody has revealed, and the large button leads to the end from wherever they have brought the room.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kit.agenda.model import Agenda, find_agenda, shipped
from kit.exercise import exercise
from kit.following import follow
from kit.serving.inside.facilitator import FacilitatorPage
from kit.serving.inside.participant import ParticipantPage
from kit.serving.inside.wall import RoomScreen
from kit.session import Mode, Plan, Sector, Session, State, new_code, new_id
from kit.store import Store
from tests.support.long import LONG
from tests.test_shared import hear, wired

__all__ = ["wired"]

ADDRESS = "http://127.0.0.1"
PEOPLE = 7
PRESSES, SEEDS = (300, range(3)) if LONG else (60, range(1))
# Beyond any day: a button that leads round in a circle is found.
MOST_STEPS = 80
KINDS = (
    "open", "open", "close", "look", "reveal", "show", "show", "slide", "looks", "off", "stage", "stage", "again",
    "text", "lock", "conclude", "foresee", "lang", "end", "reopen", "reopen", "agenda", "agenda", "agenda", "agenda",
    "next", "next", "next", "next", "answer", "answer", "answer", "answer",
)  # fmt: skip
DEEDS = ("go", "go", "stop", "run", "minutes", "skip", "move", "add", "undo", "note")
# What both consoles must say alike; the links are the first trainer's alone.
SHARED = ("closed", "exercises", "agenda", "closing", "door", "joined", "looks", "wall_lang")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.db") as opened:
        yield opened


class Room:
    """A workshop with two consoles, a wall and a phone that is looked at; everybody's answers go by the store."""

    def __init__(self, store: Store, agenda: Agenda, rng: Random) -> None:
        self.store, self.rng = store, rng
        plans = tuple(Plan(slug, options) for slug, options in agenda.structure.plans.items())
        made = Session(new_id(), new_code(), "Tuesday", "fr", Mode.ANONYMOUS, 3, plans, secret=new_id())
        self.session = store.sessions.add(made, "-")
        follow(store, made.id, agenda)
        self.people = [store.seats.take(self.session, Sector.COMMUNITY, None, "fr")[0] for _ in range(PEOPLE)]
        self.pages = [FacilitatorPage(store, made.id, ADDRESS, "fr", leads=leads) for leads in (True, False)]
        self.wall = RoomScreen(store, made.id, ADDRESS, "fr")
        self.phone = ParticipantPage(store, self.people[0], "fr")
        self.revisions = dict.fromkeys([one.id for one in self.people], 0)
        self.revealed: set[str] = set()

    def look(self) -> None:
        """Every page looks, as it does within a second."""
        for page in (*self.pages, self.wall, self.phone):
            page.look()

    def press(self, page: FacilitatorPage, told: Mapping[str, Any]) -> None:
        """One button; what it leads to must be no fault."""
        if told["kind"] == "reveal":
            self.revealed.add(told["slug"])
        said = hear(page.console, told)
        assert not [one for one in said if one["kind"] == "trouble"], told

    def any_press(self, page: FacilitatorPage) -> None:
        """Whatever somebody could press, and some of what nobody can."""
        kind = self.rng.choice(KINDS)
        slug = self.rng.choice([one["slug"] for one in page.console.page["exercises"]])
        if kind == "answer":
            self.answer(slug)
        elif kind == "next":
            self.press(page, self.next(page) or {"kind": "look", "slug": slug})
        elif kind != "end" or self.rng.random() < 0.3:
            self.press(page, {"kind": kind, "slug": slug, **self.details(page, kind)})

    def details(self, page: FacilitatorPage, kind: str) -> dict[str, Any]:
        """What goes along with a press."""
        rng = self.rng
        stages = [
            one for line in page.console.page["exercises"] for group in line["stages"] for one in group["stages"]
        ]
        head = page.console.page["agenda"]
        blocks = [*(one["id"] for one in head["blocks"]), "", "nothing"] if head else [""]
        offers = [one["id"] for one in head["offers"]] if head else []
        agenda = {
            "deed": rng.choice(DEEDS), "block": rng.choice(blocks), "number": rng.choice((-1, 0, 1, 5, 600)),
            "yes": rng.random() < 0.5, "what": rng.choice(("break", "talk", "x", *offers)), "title": "Une autre chose",
            "note": "vu",
        }  # fmt: skip
        given: dict[str, dict[str, Any]] = {
            "stage": {"stage": rng.choice([*(one[0] for one in stages), "", "nowhere"])},
            "slide": {"slide": rng.choice((0, 1, 2, 99, -1))}, "off": {"off": rng.random() < 0.6},
            "looks": {"looks": rng.choice(([], ["dark"], ["both"])), "lang": rng.choice(("fr", "en", "x"))},
            "lock": {"locked": rng.random() < 0.5},
            "text": {"text": "", "choice": rng.choice(("show", "strike", ""))}, "agenda": agenda,
            "conclude": {"decided": "Une liste.", "asks": ""}, "lang": {"lang": rng.choice(("fr", "en"))},
        }  # fmt: skip
        return given.get(kind, {})

    def next(self, page: FacilitatorPage) -> dict[str, Any] | None:
        """What the large button would do, or the first way on from a scene; None where there is neither."""
        head = page.console.page["agenda"]
        if head is None:
            return None
        if (action := head["action"]) is None:
            slug = head["now"]["slug"] if head["now"] else ""
            lines = page.console.page["exercises"]
            scenes = [line["stage"] for line in lines if line["slug"] == slug and line["stage"]]
            ways = [way for scene in scenes for way, _ in scene["onward"]]
            return {"kind": "stage", "slug": slug, "stage": ways[0]} if ways else None
        if action["kind"] in ("stage", "free"):
            return {"kind": "stage", "slug": action["slug"], "stage": action["stage"]}
        if not action["slug"]:
            return {"kind": "agenda", "deed": "go", "block": action["block"]}
        return {"kind": {"look": "foresee"}.get(action["kind"], action["kind"]), "slug": action["slug"]}

    def answer(self, slug: str) -> None:
        """Somebody answers something, if they can."""
        person = self.rng.choice(self.people)
        plan = self.store.sessions.get(self.session.id).plan(slug)
        if plan and plan.state is State.OPEN and not self.store.sessions.get(self.session.id).closed:
            given = list(exercise(slug).rehearse(self.rng, Sector.COMMUNITY, "fr", plan.options))
            for item, value in given[:5]:
                self.revisions[person.id] += 1
                self.store.answers.save(person.id, slug, item, value, self.revisions[person.id])

    def agrees(self) -> None:
        """No two pages say different things, and nobody hears what was not revealed."""
        one, other = self.pages
        first = untimed(one.console.page)
        second = untimed(other.console.page if other.lang == one.lang else in_language(other, one.lang))
        for name in SHARED:
            assert first[name] == second[name], name
        assert {line["slug"] for line in first["exercises"] if line["revealed"]} <= self.revealed
        standing = self.store.sessions.get(self.session.id)
        for slug, form in self.phone.forms.items():
            off = next(line["off"] for line in first["exercises"] if line["slug"] == slug)
            assert not form.group or (slug in self.revealed and not off), slug
            plan = standing.plan(slug)
            assert plan
            assert form.is_open == (plan.state is State.OPEN and not standing.closed), slug
        assert self.phone.room.page.get("over", False) == standing.closed == self.wall.screen.page["closed"]
        showing = self.store.sessions.showing(self.session.id)
        assert not showing or not self.wall.screen.page["html"] or showing in self.revealed


def untimed(page: Mapping[str, Any]) -> dict[str, Any]:
    """A console's page without the second in which its clock was told."""
    head = page["agenda"]
    return {**page, "agenda": head and {**head, "clock": {**head["clock"], "sent": 0}}}


def in_language(page: FacilitatorPage, lang: str) -> Mapping[str, Any]:
    """What a console would show in this language."""
    own = page.lang
    page.set_lang(lang)
    told = page.page()
    page.set_lang(own)
    return told


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", shipped() if LONG else ("half_day",))
def test_whatever_two_trainers_press_the_room_goes_on(store: Store, wired: None, name: str, seed: int) -> None:
    rng = Random(f"{name}/{seed}")
    room = Room(store, find_agenda(name), rng)
    for _ in range(PRESSES):
        room.any_press(rng.choice(room.pages))
        if rng.random() < 0.5:
            room.look()
            room.agrees()
    one = room.pages[0]
    room.press(one, {"kind": "reopen"})
    room.look()
    room.agrees()
    steps = 0
    while (told := room.next(one)) is not None:
        room.press(one, told)
        room.look()
        room.agrees()
        if told["kind"] == "open":
            for _ in range(4 * PEOPLE):
                room.answer(told["slug"])
        for off in (True, False) if told["kind"] == "reveal" else ():
            room.press(one, {"kind": "off", "slug": told["slug"], "off": off})
            room.look()
            room.agrees()
        steps += 1
        assert steps < MOST_STEPS, told
    room.press(one, {"kind": "end"})
    room.look()
    room.agrees()
