"""One page's fault is one page's: what breaks, hangs, swells or dies in a kernel that many share."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from tornado.websocket import WebSocketClosedError

from kit.errors import RehearsalFailed
from kit.rehearsal import PageClient
from kit.session import State
from tests.support.device import Device
from tests.support.places import with_cells
from tests.support.running import run
from tests.support.talk import form_of, put, states_of
from tests.support.waiting import PATIENCE, eventually
from tests.support.workshop import Workshop, serving

ITEM = "organisation_teams"
PEOPLE = 60
# The same pages, whose forms also do what no form should.
FAULTY = """
import time
from pathlib import Path
from kit.serving.inside import watchdog
from kit.serving.inside.hold import hold
from kit.views.form import FormView

watchdog.ENOUGH = 3.0
made = FormView.__init__

def broken(_message):
    raise ZeroDivisionError("something private")

def endless(_message):
    while True:
        pass

def init(self, **given):
    made(self, **given)

    def wait():
        while not Path.home().joinpath("go").exists():
            time.sleep(0.05)

    async def slow(_message):
        await self.aside(wait)
        self.send({"kind": "slept"})

    self.hear("broken", broken)
    self.hear("endless", endless)
    self.hear("slow", slow)
    self.hear("swell", lambda _message: self.send({"kind": "swollen", "text": "x" * 5_000_000}))

FormView.__init__ = init
hold("participant")
"""


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """A server whose participants' pages can be made to fail."""
    with with_cells(tmp_path_factory.mktemp("faulty"), participant=FAULTY) as made:
        yield made


def someone(workshop: Workshop) -> Device:
    """A person who has a seat."""
    made = workshop.device("en")
    made.take_seat(workshop.code)
    return made


async def saves(page: PageClient, form: str, revision: int) -> None:
    """The page takes an answer."""
    told = await put(page, form, ITEM, "strength" if revision % 2 else "growth", revision, revision)
    assert told["kind"] == "saved", told


async def hears(page: PageClient, kind: str) -> None:
    """Wait until the page was told this."""
    await page.until(lambda: any(told.get("kind") == kind for _, told, _ in page.heard))
    page.heard.clear()


@pytest.mark.parametrize("fault", ["broken", "endless"])
def test_a_handler_that_fails_or_never_ends_is_the_trouble_of_one_page(faulty: Workshop, fault: str) -> None:
    one, other = someone(faulty), someone(faulty)

    async def story() -> None:
        async with one.page() as mine, other.page() as theirs:
            form, other_form = await form_of(mine, "reflection"), await form_of(theirs, "reflection")
            await mine.say(form, {"kind": fault})
            await saves(theirs, other_form, 1)
            await hears(mine, "trouble")
            await saves(mine, form, 1)
            await saves(theirs, other_form, 2)

    run(story())
    assert "private" not in faulty.log
    if fault == "endless":
        assert "a page has held its kernel for more than 1 s, at " in faulty.log
        assert "is broken off" in faulty.log
        assert "HeldTooLong" in faulty.log
    assert "died" not in faulty.log


def test_what_takes_long_is_done_aside(faulty: Workshop) -> None:
    one, other = someone(faulty), someone(faulty)

    async def story() -> None:
        async with one.page() as mine, other.page() as theirs:
            form, other_form = await form_of(mine, "reflection"), await form_of(theirs, "reflection")
            await mine.say(form, {"kind": "slow"})
            for revision in (1, 2, 3):
                await saves(theirs, other_form, revision)
            # Only now may it end: nobody was kept waiting for it.
            (faulty.folder / "home" / "go").touch()
            await hears(mine, "slept")
            await saves(mine, form, 1)

    run(story())


def test_a_huge_message_to_one_page_holds_up_nobody(faulty: Workshop) -> None:
    one, other = someone(faulty), someone(faulty)

    async def story() -> None:
        async with one.page() as mine, other.page() as theirs:
            form, other_form = await form_of(mine, "reflection"), await form_of(theirs, "reflection")
            for _ in range(4):
                await mine.say(form, {"kind": "swell"})
            await saves(theirs, other_form, 1)
            await hears(mine, "swollen")
            await saves(mine, form, 1)

    run(story())


def test_a_page_that_says_much_at_once_gets_every_answer_and_holds_up_nobody(faulty: Workshop) -> None:
    one, other = someone(faulty), someone(faulty)

    async def story() -> None:
        async with one.page() as mine, other.page() as theirs:
            form, other_form = await form_of(mine, "reflection"), await form_of(theirs, "reflection")
            for n in range(1, 501):
                told = {"kind": "answer", "item": ITEM, "value": "strength", "revision": n, "n": n}
                await mine.say(form, told)
            await saves(theirs, other_form, 1)
            await mine.until(lambda: len([1 for _, told, _ in mine.heard if told.get("kind") == "saved"]) == 500)

    run(story())


@pytest.mark.slow
def test_when_the_kernel_dies_every_page_comes_back_with_every_acknowledged_answer(tmp_path: Path) -> None:
    with serving(tmp_path, "--limit", "100") as workshop:
        workshop.set_state(State.OPEN)
        people = [someone(workshop) for _ in range(PEOPLE)]
        acknowledged: dict[int, int] = {}

        async def take_part(number: int, person: Device, all_there: asyncio.Barrier) -> None:
            kernel = await asyncio.to_thread(person.enter)
            async with person.line(kernel) as page:
                form = await form_of(page, "reflection")
                await all_there.wait()
                # Answers one after the other until the line is cut.
                with contextlib.suppress(RehearsalFailed, WebSocketClosedError):
                    for revision in range(1, 10_000):
                        await saves(page, form, revision)
                        acknowledged[number] = revision
            # The page finds out that its kernel is gone, and loads itself again.
            assert person.get(f"/api/kernels/{kernel}").status == 404
            again = await asyncio.to_thread(person.enter)
            assert again != kernel
            async with person.line(again) as page:
                form = await form_of(page, "reflection")
                known = page.states[form]["answers"].get(ITEM, {"revision": 0})["revision"]
                # Revisions are one more than what the page knew.
                assert known >= acknowledged.get(number, -1) + 1
                await saves(page, form, known)
                assert set(await states_of(page)) >= {form}

        async def story() -> None:
            # One of them more: whoever kills.
            all_there = asyncio.Barrier(PEOPLE + 1)
            tasks = [asyncio.create_task(take_part(n, person, all_there)) for n, person in enumerate(people)]
            await asyncio.wait_for(all_there.wait(), 5 * PATIENCE)
            while len(acknowledged) < PEOPLE // 2:
                await asyncio.sleep(0.01)
            os.kill(await asyncio.to_thread(lambda: workshop.holder_of(workshop.pages()[0])), signal.SIGKILL)
            await asyncio.gather(*tasks)

        run(story())
        assert "a kernel has died" in workshop.log
        workshop_pages = workshop.pages()
        assert len(workshop_pages) == PEOPLE
        eventually(lambda: len(workshop.kernels()) == 2, "the desk's kernel and a new one")
