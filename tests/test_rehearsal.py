"""A room of simulated people: through the real server, and what their mixture is for."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections import Counter
from datetime import date

import pytest

from kit.disclosure import participation, release
from kit.errors import RehearsalFailed
from kit.exercise import exercise, exercises
from kit.rehearsal import MIX, PageClient, cast_of, rehearse
from kit.session import Mode, Plan, Response, Sector, Session, State, new_id
from tests.support.processes import is_running
from tests.support.running import run
from tests.support.workshop import KIT, ROOT, Workshop, environment

SLUGS = tuple(exercises())


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


class TestThroughTheServer:
    def test_six_people_take_part_and_leave(self, workshop: Workshop) -> None:
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
