"""A room of simulated people: through the real server, and what their mixture is for."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from kit.agenda.course import beginning, go
from kit.agenda.model import find_agenda
from kit.cli.calls import parser
from kit.cli.commands import make_session
from kit.disclosure import participation, release
from kit.errors import PracticeAmongOthers, RehearsalFailed
from kit.exercise import exercise, exercises
from kit.following import Followed, follow
from kit.practice import PREFIX, practice_store
from kit.rehearsal import MIX, PageClient, cast_of, rehearse
from kit.rehearsal.room import Guest, Surroundings, _lets_in, guests, play
from kit.serving.inside.conducting import Conducting
from kit.serving.inside.facilitator import console_page
from kit.serving.inside.participant import participant_page
from kit.serving.inside.wall import screen_page
from kit.session import Mode, Plan, Response, Sector, Session, State, new_id
from kit.store import Store
from kit.texts import languages, say
from kit.views.agenda import AgendaWish
from tests.support.processes import is_running
from tests.support.rehearsed import lost
from tests.support.running import run
from tests.support.waiting import PATIENCE, eventually
from tests.support.workshop import KIT, ROOT, Workshop, environment

SLUGS = tuple(exercises())
FAST, PEOPLE, STAGE = 1000.0, 12, "third_contact.opening"


def a_session(partners: tuple[str, ...] = ()) -> Session:
    mode = Mode.ATTRIBUTED if partners else Mode.ANONYMOUS
    plans = tuple(Plan(slug, (), State.OPEN) for slug in SLUGS)
    return Session("a" * 32, "ACD347", "Titre", "fr", mode, 5, plans, partners, date(2026, 1, 1))


def answers_of(session: Session, participants: int, seed: int, slug: str) -> list[Response]:
    """What the cast would say, without a server."""
    model = exercise(slug)
    responses = []
    for one in cast_of(session, "http://x", participants, seed):
        checked = {
            item: value
            for item, raw in model.rehearse(one.rng, one.sector, one.lang)
            if (value := model.check(item, raw)) is not None
        }
        responses.append(Response(new_id(), one.sector, checked, one.partner))
    return responses


class TestTheCast:
    @pytest.mark.parametrize("slug", SLUGS)
    def test_the_same_seed_gives_the_same_answers_and_another_one_others(self, slug: str) -> None:
        first, again, other = ([one.answers for one in answers_of(a_session(), 8, seed, slug)] for seed in (1, 1, 2))
        assert first == again
        assert first != other

    def test_people_differ_and_both_languages_are_spoken(self) -> None:
        cast = cast_of(a_session(), "http://x", 24, 1)
        assert {one.lang for one in cast} == {"fr", "en"}
        spoken = [json.dumps(one.answers, sort_keys=True) for one in answers_of(a_session(), 24, 1, "partnership")]
        assert len(set(spoken)) > 12

    def test_a_cast_can_be_any_size(self) -> None:
        for participants in (1, 5, 24, 60):
            assert len(cast_of(a_session(), "http://x", participants, 1)) == participants

    def test_of_24_two_sectors_can_be_compared_and_the_small_one_hides_with_others(self) -> None:
        sectors = Counter(one.sector for one in cast_of(a_session(), "http://x", 24, 1))
        assert sectors == dict(MIX)
        told = {group.id: group.people for group in participation((s.value for s in sectors.elements()), 5)}
        assert told == {"anti_violence": 5, "municipal": 5, "settlement": 5}

        session, model = a_session(), exercise("partnership")
        made = release("partnership", model.questions(), answers_of(session, 24, 1, "partnership"), 5, Mode.ANONYMOUS)
        compared = [one for one in made.release.items.values() if one.groups]
        assert compared, "a room full of rehearsed people must show a comparison"
        for item in compared:
            shown = {value.group for value in item.groups}
            assert shown <= {"settlement", "anti_violence"}
            assert Sector.HEALTH_HIV.value not in shown
            assert Sector.MUNICIPAL.value not in shown, "five people beside two could be had by subtraction"
        assert any({"settlement", "anti_violence"} <= {value.group for value in item.groups} for item in compared)

    def test_partners_are_spread_over_the_cast(self) -> None:
        partners = ("Un", "Deux", "Trois")
        chosen = Counter(one.partner for one in cast_of(a_session(partners), "http://x", 24, 1))
        assert chosen == dict.fromkeys(partners, 8)


class TestARoomThatFollows:
    """Through the real server, conducted as a console conducts it, a thousand times as fast as a room is."""

    def test_people_come_vote_answer_and_go_as_the_trainer_leads(self, workshop: Workshop) -> None:
        agenda = find_agenda("full_day")
        plans = (Plan(slug, exercise(slug).options(lenses)) for slug, lenses in agenda.structure.plans.items())
        room = workshop.another(*plans)
        with room.store() as store:
            follow(store, room.session_id, agenda)
            around = Surroundings(room.session(), FAST)
            people = guests(around, room.address, PEOPLE)
            with ThreadPoolExecutor(1) as pool:
                playing = pool.submit(asyncio.run, play(store, around, people))
                try:
                    conducted(store, room, people)
                finally:
                    store.sessions.close(room.session_id)
                done = playing.result(PATIENCE)
            assert {one.someone.lang for one in people} == {"fr", "en"}
            assert done.people == PEOPLE
            assert done.answers >= sum(len(one.told) for one in people)
            assert lost(store, people) == []
            people[0].someone.cookies["seat"] = people[1].someone.cookies["seat"]
            assert lost(store, people), "somebody else's answers are not one's own"
        room.pages_are(0)

    def test_a_server_that_has_gone_ends_it_with_one_line(self, monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
        monkeypatch.setattr("kit.rehearsal.room.GIVE_UP", 0.0)
        around = Surroundings(store.sessions.add(a_session(), "x"), FAST)
        with pytest.raises(RehearsalFailed):
            asyncio.run(play(store, around, guests(around, "http://127.0.0.1:9", 2)))

    def test_an_agenda_lets_people_in_when_it_asks_for_them(self) -> None:
        agenda = find_agenda("half_day")
        blocks = [block.id for block in agenda.structure.blocks]
        waiting = replace(a_session(), plans=(Plan("reflection"),))
        course = beginning(agenda.structure)
        lets_in = [block for block in blocks if _lets_in(waiting, Followed(agenda, go(course, block, 1)))]
        assert lets_in == blocks[blocks.index("joining") :]
        assert not _lets_in(waiting, Followed(agenda, course))
        assert _lets_in(waiting, None)
        assert _lets_in(a_session(), Followed(agenda, course)), "where the trainer has opened something"


def conducted(store: Store, room: Workshop, people: Sequence[Guest]) -> None:
    """A day as a trainer conducts it: a story together, then by oneself, then an exercise."""
    sessions, conducting = store.sessions, Conducting(store, room.session_id)

    def at(block: str) -> None:
        conducting.conduct(AgendaWish("go", block), "en")

    def answered(slug: str) -> int:
        return sessions.counts(room.session_id).answered[slug]

    def votes(stage: str) -> int:
        return sum(("scenarios", f"vote.{stage}") in one.told for one in people)

    at("welcome")
    around = people[0].around
    eventually(lambda: around.course and around.course.course.now == "welcome", "they see where the room is")
    assert not any(one.came for one in people)
    at("joining")
    eventually(lambda: sum(one.came for one in people) == PEOPLE, "they come, the late ones too")
    assert answered("scenarios") == 0, "nobody answers what is not open"
    at("story")
    sessions.set_stage(room.session_id, "scenarios", STAGE)
    sessions.set_state(room.session_id, "scenarios", State.OPEN)
    eventually(lambda: votes(STAGE) >= PEOPLE - 1, "they vote on the scene that is on")
    told = {item for one in people for _, item in one.told}
    assert told == {f"vote.{STAGE}"}, "and on no other"
    sessions.set_stage(room.session_id, "scenarios", "")
    eventually(lambda: any(item.startswith("two_missions.") for one in people for _, item in one.told), "and go on")
    sessions.set_state(room.session_id, "scenarios", State.CLOSED)
    at("partnership")
    sessions.set_state(room.session_id, "partnership", State.OPEN)
    eventually(lambda: answered("partnership") >= PEOPLE - 1, "they go along to the next exercise")
    eventually(lambda: any(one.gone for one in people), "somebody leaves before the end")
    assert sum(one.gone for one in people) == 1


class TestWhereItIsKept:
    def test_nothing_is_kept_of_a_practice(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        left, others = tmp_path / f"{PREFIX}999999999_a", tmp_path / f"{PREFIX}{os.getpid()}_b"
        # After a power cut, another process may have the number.
        older = tmp_path / f"{PREFIX}{os.getpid()}_c"
        for one in (left, others, older):
            one.mkdir()
        os.utime(older, (0, 0))
        with practice_store(None) as store:
            store.sessions.add(a_session(), "x")
            assert not left.exists(), "what a practice left that was killed goes"
            assert not older.exists()
            assert len(list(tmp_path.iterdir())) == 2
        assert list(tmp_path.iterdir()) == [others], "one that runs beside it stays"

    def test_a_store_that_holds_workshops_is_not_practised_in(self, tmp_path: Path) -> None:
        place = str(tmp_path / "store.db")
        with practice_store(place) as store:
            store.sessions.add(a_session(), "x")
        with pytest.raises(PracticeAmongOthers), practice_store(place):
            pass

    @pytest.mark.parametrize(
        ("options", "kept"),
        [((), ""), (("--rehearse", "3"), "passes"), (("--rehearse", "3", "--store", "x.db"), "kept"),
         (("--rehearse", "3", "--store", "x.db", "--store-passes"), "passes")],
    )  # fmt: skip
    def test_a_workshop_knows_that_it_is_practice(self, store: Store, options: tuple[str, ...], kept: str) -> None:
        made, _ = make_session(store, parser().parse_args(["workshop", *options]))
        assert store.sessions.get(made.id).practice == kept

    @pytest.mark.parametrize("lang", languages())
    @pytest.mark.parametrize("practice", ["", "passes", "kept"])
    def test_practice_is_called_that_on_every_page(self, workshop: Workshop, practice: str, lang: str) -> None:
        room = workshop.another(practice=practice)
        told = {"session": room.session_id, "address": room.address, "lang": lang, "reached": "yes"}
        with room.store() as store:
            person, _ = store.seats.take(room.session(), Sector.COMMUNITY, None, lang)
            phone = participant_page(store, {"seat": person.id, "lang": lang}).room.page
            console, wall = console_page(store, told).page(), screen_page(store, told).screen.page
        door = unescape(room.device(lang).get(f"/j/{room.code}?lang={lang}").text)
        for one in ("passes", "kept"):
            said = say(lang, f"door.practice.{one}")
            assert (f">{said}<" in door) is (one == practice)
            assert [console["practice"] == said, wall["practice"] == said, phone.get("practice") == said] == [
                one == practice
            ] * 3

    def test_simulated_people_stay_out_of_a_room_with_people(self, workshop: Workshop) -> None:
        room = workshop.another()
        room.device().take_seat(room.code)
        called = [*KIT, "rehearse", room.code, "--open", "--address", room.address, "--store", str(room.place)]
        env = environment(room.folder, room.temporary, "en")
        done = subprocess.run(called, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert done.stderr.startswith("kit: Somebody is in this workshop already (1)")
        assert all(plan.state is State.WAITING for plan in room.session().plans), "and nothing is opened"


class TestThroughTheServer:
    def test_six_people_take_part_and_leave(self, workshop: Workshop) -> None:
        # Nobody is in it, whichever test ran before.
        workshop = workshop.another()
        called = [
            *KIT, "rehearse", workshop.code.lower(), "--participants", "6", "--address", workshop.address + "/",
            "--store", str(workshop.place), "--open", "--json", "--seed", "3",
        ]  # fmt: skip
        env = environment(workshop.folder, workshop.temporary)
        done = subprocess.run(called, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert told["people"] == 6
        with workshop.store() as store:
            counts = store.sessions.counts(workshop.session_id)
            stored = [
                one for slug in SLUGS for response in store.answers.responses(workshop.session_id, slug)
                for one in response.answers
            ]  # fmt: skip
        assert counts.joined == 6
        assert dict(counts.answered) == dict.fromkeys(SLUGS, 6)
        assert len(stored) == told["answers"], "every acknowledged answer is stored, and no other"
        workshop.pages_are(0)

    def test_a_rehearsal_that_meets_a_closed_exercise_says_so(self, workshop: Workshop) -> None:
        workshop.set_state(State.OPEN)
        believed = workshop.session()
        workshop.set_state(State.CLOSED, "reflection")

        async def story() -> None:
            with pytest.raises(BaseExceptionGroup) as group:
                await rehearse(believed, workshop.address, 1)
            assert group.group_contains(RehearsalFailed)

        run(story())
        workshop.pages_are(0)

    def test_nobody_there_is_one_clear_line(self, workshop: Workshop) -> None:
        workshop.set_state(State.OPEN)
        called = [*KIT, "rehearse", workshop.code, "--address", "http://127.0.0.1:9", "--store", str(workshop.place)]
        env = environment(workshop.folder, workshop.temporary)
        done = subprocess.run(called, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert done.stderr.startswith("kit: ")
        assert done.stderr.count("\n") == 1

    def test_a_page_that_a_person_leaves_open_ends_with_the_server(self, workshop: Workshop) -> None:
        device = workshop.device()
        device.take_seat(workshop.code)

        async def open_page() -> PageClient:
            async with device.line(device.enter()) as page:
                await asyncio.sleep(0)
                return page

        run(open_page())
        assert workshop.kernels()
        assert all(map(is_running, workshop.kernels()))
        # The fixture's own end checks that the kernel does not outlive it.
