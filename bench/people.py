"""Simulated visitors at the level of the protocol: what a browser asks and says, without the browser."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import Any

from bench.line import Line, each
from bench.server import Server, Workshop
from bench.trouble import Trouble
from bench.web import Browser

CONFIG = re.compile(r'<script type="application/json" id="kit-config">(.*?)</script>', re.DOTALL)
_STATES, _END = '<script type="application/json" class="kit-states">', "</script>"
_KERNEL_ID = re.compile(r'"kernelId":\s*"([0-9a-f-]{36})"')
_SECTORS = ("settlement", "anti_violence", "municipal", "health_hiv")


@dataclass
class Person(ABC):
    """Somebody with a page. `rng` is a chance of their own."""

    browser: Browser
    rng: Random
    kernel: str = ""
    line: Line | None = None
    _pulse: asyncio.Task[None] | None = None

    @abstractmethod
    async def open(self) -> None:
        """Load the page, connect, and wait until the worksheet could be used."""

    @abstractmethod
    async def answer(self) -> float:
        """Change one answer; returns the seconds until it was said to be saved."""

    async def come(self) -> None:
        """What comes before the page: a seat, where there is one to take."""
        return

    async def leave(self) -> None:
        """Close the page."""
        if self._pulse is not None:
            self._pulse.cancel()
        if self.line is not None:
            await self.line.close()
        self.line = self._pulse = None

    def stay(self) -> None:
        """Read: from now on the page gives a sign of life now and then, as a real one in sight does."""
        if self.line is not None and self._pulse is None:
            self._pulse = asyncio.create_task(self.line.pulse(self.rng.uniform(0, 30)))

    def _line(self) -> Line:
        if self.line is None:
            raise Trouble("this person has no page")
        return self.line


@dataclass
class Participant(Person):
    """A participant of the kit's workshop."""

    code: str = ""
    told: dict[tuple[str, str], Any] = field(default_factory=dict)
    _revisions: dict[tuple[str, str], int] = field(default_factory=dict)
    _n: int = 0

    async def come(self) -> None:
        """Through the front door: the code, the notice, a sector, the card."""
        await self.browser.get(f"/j/{self.code}")
        token = self.browser.cookies.get("form", "")
        await self.browser.post(f"/j/{self.code}", {"sector": self.rng.choice(_SECTORS), "form": token})
        await self.browser.get("/card")

    async def open(self) -> None:
        page = await self.browser.get("/w")
        found = CONFIG.search(page)
        if found is None:
            raise Trouble("the kit's page came without a kernel")
        self.kernel = str(json.loads(found[1])["kernelId"])
        self.line = Line(browser=self.browser, kernel=self.kernel)
        self.line.states |= states_in(page)
        await self.line.open()
        if self._shown() is None:
            raise Trouble("the kit's page came without its form")

    async def answer(self) -> float:
        slug, form = self._current()
        others = iter(self.exercises())
        while not (asked := self.questions(form)):
            # Not every exercise has a question with options.
            await self.choose(next(others))
            slug, form = self._current()
        item = self.rng.choice(asked)
        return await self.put(form, slug, item["id"], self.rng.choice(item["options"])["id"])

    async def put(self, form: str, slug: str, item: str, value: object) -> float:
        """Send one answer and wait until it is saved; returns the seconds."""
        self._n += 1
        n, line = self._n, self._line()
        known = (line.states[form].get("answers") or {}).get(item, {}).get("revision", 0)
        revision = self._revisions.get((slug, item), known)
        begun = time.perf_counter()
        await line.say(form, {"kind": "answer", "item": item, "value": value, "revision": revision, "n": n})

        def replies() -> list[tuple[dict[str, Any], float]]:
            return [(said, when) for model, said, when in line.heard if model == form and said.get("n") == n]

        await line.until(lambda: bool(replies()), "“saved”")
        said, when = replies()[0]
        line.heard.clear()
        if said["kind"] != "saved":
            raise Trouble(f"an answer was not taken: {said.get('message')}")
        self.told[slug, item] = value
        self._revisions[slug, item] = said["revision"]
        return when - begun

    async def use_everything(self) -> None:
        """Bring every exercise onto the page, answer all of it, and ask for one's own picture."""
        for slug in self.exercises():
            await self.choose(slug)
            _, form = self._current()
            for item in self._items(form):
                if item["kind"] == "choice":
                    await self.put(form, slug, item["id"], self.rng.choice(item["options"])["id"])
                elif item["kind"] == "text":
                    await self.put(form, slug, item["id"], {"text": "One small step", "share": False})
            await self._ask_picture(form)

    async def choose(self, slug: str) -> None:
        """Go to an exercise."""
        line = self._line()
        room = self._room()
        await line.say(room, {"kind": "choose", "slug": slug})
        await line.until(lambda: line.states[room]["page"].get("current") == slug and self._shown() == slug, slug)

    async def goes_along(self, slug: str) -> None:
        """Hear that the room is at an exercise, and ask for it, as a page does that nobody touches."""
        line, room = self._line(), self._room()
        await line.until(lambda: (line.states[room]["page"].get("now") or {}).get("place") == slug, slug)
        await self.choose(slug)

    async def sleep(self) -> None:
        """The screen goes dark: the connection is cut, the kernel stays."""
        await self._line().close()

    async def wake(self) -> None:
        """The same page reconnects and asks what it has missed."""
        line = self._line()
        await line.open()
        # The answer has what is in sight; a page keeps the forms that it has seen before.
        known, line.states = line.states, {}
        await line.ask_states()
        line.states = known | line.states

    async def wake_or_reload(self) -> None:
        """The same; where the server has given up on the page meanwhile, it is loaded anew, as it does by itself."""
        try:
            await self.wake()
        except Trouble:
            await self.open()

    async def leave(self) -> None:
        """Close the page and say good-bye, as it does."""
        had_page = self.line is not None
        await super().leave()
        if had_page:
            await self.browser.post("/leave", {"kernel": self.kernel})

    def _room(self) -> str:
        room = self._line().find(lambda state: "exercises" in (state.get("page") or {}))
        if room is None:
            raise Trouble("the page has no list of exercises")
        return room

    @property
    def slugs(self) -> set[str]:
        """The exercises that this person has answers in."""
        return {slug for slug, _ in self.told}

    @property
    def lost(self) -> list[str]:
        """Items of the exercise in sight whose acknowledged answer the page does not have."""
        slug, form = self._current()
        shown = self._line().states[form].get("answers") or {}
        told = {item: value for (of, item), value in self.told.items() if of == slug}
        return [item for item, value in told.items() if shown.get(item, {}).get("value") != value]

    def exercises(self) -> list[str]:
        """What the page lets choose from."""
        return [one["slug"] for one in self._line().states[self._room()]["page"]["exercises"]]

    def _current(self) -> tuple[str, str]:
        """Slug and model of the exercise in sight."""
        line = self._line()
        slug = str(line.states[self._room()]["page"]["current"])
        form = line.find(lambda state: state.get("slug") == slug)
        if form is None:
            raise Trouble("no exercise is on the page")
        return slug, form

    def _shown(self) -> str | None:
        with contextlib.suppress(Trouble):
            return self._current()[0]
        return None

    def _items(self, form: str) -> list[dict[str, Any]]:
        return _items_of(self._line().states[form]["page_json"])

    def questions(self, form: str) -> list[dict[str, Any]]:
        """The questions of a form that have options."""
        return [item for item in self._items(form) if item["kind"] == "choice" and not item.get("about")]

    async def _ask_picture(self, form: str) -> None:
        line = self._line()
        await line.say(form, {"kind": "feedback"})
        await line.until(lambda: bool(line.states[form].get("feedback")), "one's own picture")


@dataclass
class Reader(Person):
    """A visitor of the stock page."""

    async def open(self) -> None:
        found = _KERNEL_ID.search(await self.browser.get("/"))
        if found is None:
            raise Trouble("the stock page came without a kernel")
        self.kernel = found[1]
        self.line = Line(browser=self.browser, kernel=self.kernel)
        await self.line.open()
        await self.line.ask_states()
        await self.line.until(lambda: len(self._rows()) >= 1, "the stock worksheet")

    async def answer(self) -> float:
        line = self._line()
        row = self.rng.choice(self._rows())
        _, choice, state = (one.removeprefix("IPY_MODEL_") for one in line.states[row]["children"])
        before = line.states[state]["value"]
        options = len(line.states[choice]["_options_labels"])
        now = line.states[choice]["index"]
        begun = time.perf_counter()
        index = self.rng.choice([one for one in range(options) if one != now])
        await line.set(choice, index=index)
        await line.until(lambda: bool(line.states[state]["value"] != before), "“Saved”")
        line.states[choice]["index"] = index
        return time.perf_counter() - begun

    def _rows(self) -> list[str]:
        states = self._line().states
        radios = [one for one, state in states.items() if state.get("_model_name") == "RadioButtonsModel"]
        choices = {f"IPY_MODEL_{one}" for one in radios}
        return [one for one, state in states.items() if len(set(state.get("children", ())) & choices) == 1]


@lru_cache(maxsize=64)
def _items_of(page_json: str) -> list[dict[str, Any]]:
    """The questions of a form: read once for all people who have the same."""
    page = json.loads(page_json)
    return [item for part in page["content"]["sections"] for item in part["items"]]


def crowd(server: Server, number: int, seed: int = 1) -> list[Person]:
    """So many people who are about to visit a server."""
    made: list[Person] = []
    for one in range(number):
        browser, rng = Browser(server.address), Random(f"{seed}/{one}")
        if isinstance(server, Workshop):
            made.append(Participant(browser, rng, code=server.code))
        else:
            made.append(Reader(browser, rng))
    return made


def states_in(page: str) -> dict[str, dict[str, Any]]:
    """The states of the widgets that a page of the kit brings along."""
    found: dict[str, dict[str, Any]] = {}
    for part in page.split(_STATES)[1:]:
        told = json.loads(part.partition(_END)[0])
        found |= {model: one["state"] | _as_text(one.get("json", {})) for model, one in told.items()}
    return found


def _as_text(traits: dict[str, Any]) -> dict[str, str]:
    """What the kernel holds as text stands in the page as JSON."""
    return {name: json.dumps(value) for name, value in traits.items()}


async def all_leave(people: Sequence[Person]) -> None:
    """Everyone closes their page; one that is gone already does not matter."""
    await each([person.leave() for person in people])
