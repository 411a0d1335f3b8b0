"""A half-day of sixty, conducted from the console to the end by its large button, at speed, a kernel killed in the
middle: simulated people through the real pages, and with them four real browsers (console, wall, two phones).
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kit.agenda.model import find_agenda
from kit.exercise import exercise
from kit.following import followed
from kit.rehearsal.room import Guest, Surroundings, guests, play
from kit.store import Store
from tests.browser.people import PHONE, Person, person
from tests.support.rehearsed import lost
from tests.support.waiting import PATIENCE, eventually
from tests.support.workshop import KIT, ROOT, Workshop, environment, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAPTOP = {"viewport": {"width": 1280, "height": 720}}
AGENDA = find_agenda("half_day")
ONE, TWO = "reflection", "partnership"
ITEM, CHOICE = "all_power", "strength"
PEOPLE, SPEED = 60, 300.0
# Beyond any day: a button that leads round in a circle is found.
MOST_PRESSES = 60
BIG = '.kit-agenda [data-key="agenda/act"]'


def test_a_half_day_of_sixty_is_conducted_to_its_end_and_loses_nothing(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path, "--agenda", AGENDA.slug, "--limit", "100") as workshop, workshop.store() as store:
        around = Surroundings(workshop.session(), SPEED)
        people = guests(around, workshop.address, PEOPLE)
        with (
            ThreadPoolExecutor(1) as pool, person(browser, workshop, "fr", **LAPTOP) as host,
            person(browser, workshop, "fr", **PHONE) as phone, person(browser, workshop, "en", **PHONE) as other,
        ):  # fmt: skip
            playing = pool.submit(asyncio.run, play(store, around, people))
            try:
                host.host()
                wall = host.context.new_page()
                wall.goto(f"{workshop.address}/screen")
                day = Day(workshop, store, people, host, wall, (phone, other))
                day.conduct()
                host.button("console.end").click()
                host.button("console.end_yes").click()
                for one in (phone, other):
                    expect(one.page.get_by_text(one.say("room.over")).first).to_be_visible()
            finally:
                store.sessions.close(workshop.session_id)
            done = playing.result(PATIENCE)
        assert day.killed, "no kernel was killed"
        assert "a kernel has died" in workshop.log
        assert done.people == PEOPLE
        assert {slug for one in people for slug, _ in one.told} == {ONE, TWO}
        assert sum(one.gone for one in people) >= PEOPLE // 11
        assert lost(store, people) == []
        told = report(workshop, tmp_path)
        for slug in (ONE, TWO):
            assert exercise(slug).texts("fr").title in told


class Day:
    """One half-day: what the trainer does, and what is looked at on the way."""

    def __init__(
        self, workshop: Workshop, store: Store, people: Sequence[Guest], host: Person, wall: Page,
        phones: Sequence[Person],
    ) -> None:  # fmt: skip
        self.workshop, self.store, self.people = workshop, store, people
        self.host, self.wall, self.phones = host, wall, phones
        self.killed = 0

    def label(self) -> str:
        """What the large button says; nothing at the end."""
        return "".join(self.host.page.locator(BIG).all_inner_texts())

    def conduct(self) -> None:
        """Press the large button until there is nothing left to do."""
        big = self.host.page.locator(BIG)
        kinds = {self.host.say(f"agenda.console.act_{kind}"): kind for kind in ("open", "close", "reveal", "show")}
        presses = 0
        while self.label():
            expect(big).not_to_have_attribute("aria-disabled", "true")
            label = self.label()
            kind = kinds.get(label, "")
            big.click()
            if kind == "reveal":
                self.host.button("console.reveal_yes").click()
            eventually(lambda before=label: self.label() != before, f"something after {label}")
            self.after(kind)
            presses += 1
            assert presses < MOST_PRESSES

    def after(self, kind: str) -> None:
        """What becomes of a press in the room."""
        found = followed(self.store, self.workshop.session_id)
        block = found.block if found else None
        if block and block.kind == "joining":
            for one in self.phones:
                one.join()
            self.some(lambda: sum(one.came for one in self.people), 45)
        elif block and block.exercise and kind == "open":
            for one in self.phones:
                goes_along(one, block.exercise)
            self.answering(block.exercise)
        elif kind == "show":
            expect(self.wall.locator(".kit-slide")).to_be_visible()

    def answering(self, slug: str) -> None:
        """The room answers; in the second exercise, its kernel dies."""
        phone = self.phones[0]
        if slug == ONE:
            phone.option(ITEM, CHOICE).check()
            phone.saved(ITEM)
        else:
            self.answered(slug, 20)
            self.kill()
        self.answered(slug, 50)

    def kill(self) -> None:
        """The kernel of most people's pages."""
        here = [one for one in self.people if one.page and not one.gone]
        before = {one.number: one.page.page for one in here if one.page}
        self.killed = self.workshop.holder_of(before[here[0].number])
        os.kill(self.killed, signal.SIGKILL)
        phone = self.phones[0]

        def away() -> list[int]:
            pages = {one.number: one.page for one in here if one.page and not one.gone}
            return [number for number, page in pages.items() if page.cut or page.page == before[number]]

        # Sixty pages are made anew at once, beside whatever else this machine does.
        eventually(lambda: phone.page.title() and not away(), "everybody is back", 3 * PATIENCE)
        phone.choose(ONE)
        expect(phone.option(ITEM, CHOICE)).to_be_checked()

    def answered(self, slug: str, people: int) -> None:
        self.some(lambda: self.store.sessions.counts(self.workshop.session_id).answered[slug], people)

    def some(self, count: Callable[[], int], people: int) -> None:
        eventually(lambda: self.host.page.title() and count() >= people, f"{people} people, and not {count()}")


def goes_along(one: Person, slug: str) -> None:
    """A phone comes to where the room is, by itself or, where somebody has just touched it, when asked."""
    title = exercise(slug).texts(one.lang).title

    def came() -> bool:
        # In one: asked or not, it may go along in this very moment.
        one.page.evaluate("""document.querySelector('[data-key="together/go_there"]')?.click()""")
        names = "() => [...document.querySelectorAll('form')].map(one => one.getAttribute('aria-label'))"
        return title in one.page.evaluate(names)

    eventually(came, f"a phone at {slug}")


def report(workshop: Workshop, folder: Path) -> str:
    """The report of the day, made as a facilitator makes it."""
    called = [*KIT, "report", workshop.code, "--lang", "fr", "--out", str(folder), "--store", str(workshop.place)]
    env = environment(workshop.folder, workshop.temporary)
    done = subprocess.run(called, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return (folder / f"report-{workshop.code}-fr.html").read_text("utf-8")
