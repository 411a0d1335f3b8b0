"""People at a running workshop, each with a browser of their own: the words that the browser tests are told in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocket, expect

from kit.disclosure import Release
from kit.exercise import exercise
from kit.results import revealed
from kit.texts import say
from tests.support.chromium import on_one_page
from tests.support.waiting import PATIENCE, eventually
from tests.support.workshop import Workshop

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NEUTRAL = {"Atelier · Workshop", "Calendrier", "Calendar"}
_HERE = ("blob:", "data:", "about:")

expect.set_options(timeout=PATIENCE * 1000)


@dataclass
class Person:
    """Somebody with a browser: what their pages asked for, sent, received and complained about."""

    workshop: Workshop
    lang: str
    context: BrowserContext
    page: Page
    requests: list[str] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Write down what this page does."""
        page.set_default_timeout(PATIENCE * 1000)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda said: said.type in ("error", "warning") and self.troubles.append(said.text))
        page.on("websocket", self._listen)

    @property
    def abroad(self) -> list[str]:
        """Requests that went to anywhere but the workshop."""
        here = (self.workshop.address, self.workshop.address.replace("http", "ws", 1), *_HERE)
        return [url for url in self.requests if not url.startswith(here)]

    def say(self, key: str, **details: object) -> str:
        """One sentence of the kit in this person's language."""
        return say(self.lang, key, **details)

    def go(self, path: str) -> None:
        """Type an address."""
        self.page.goto(self.workshop.address + path)

    def button(self, key: str) -> Locator:
        """The button that is called so in this person's language."""
        return self.page.get_by_role("button", name=self.say(key), exact=True)

    def take_seat(self, sector: str = "anti_violence") -> str:
        """Through the front door to the word card; returns its words."""
        self.go(f"/j/{self.workshop.code}")
        self.page.locator(f'input[value="{sector}"]').check()
        self.button("door.take_seat").click()
        self.page.wait_for_url("**/card")
        return self.page.locator("[data-words]").inner_text()

    def enter(self) -> None:
        """From the card into the page."""
        self.page.get_by_role("link", name=self.say("door.go_in")).click()
        self.arrived()

    def join(self, sector: str = "anti_violence") -> str:
        """All the way in; returns the words of the card."""
        words = self.take_seat(sector)
        self.enter()
        return words

    def arrived(self) -> None:
        """Wait until the participant's page can be used."""
        expect(self.page.locator(".kit-menu, .kit-shell nav").first).to_be_visible()

    def host(self) -> None:
        """Open the facilitator's link, and have console and room screen in this person's language."""
        with self.workshop.store() as store:
            held = store.sessions.get(self.workshop.session_id)
            if held.wall_lang != self.lang:
                store.sessions.speak(held.id, self.lang)
        self.host_in_any_language()
        if self.page.locator("html").get_attribute("lang") != self.lang:
            self.speak(self.lang)

    def host_in_any_language(self) -> None:
        """Open the facilitator's link."""
        self.go(self.workshop.host_path())
        self.page.wait_for_url("**/console")
        expect(self.page.locator(".kit-console h1")).to_be_visible()

    def press(self, what: str, slug: str) -> None:
        """A button of the console: open, close, reveal (once it was looked at first), look or show."""
        self.page.locator(f'[data-key="{what}/{slug}"]').click()
        if what == "reveal":
            self.page.locator(f'[data-key="look-yes/{slug}"]').click()

    def choose(self, slug: str) -> None:
        """Go to an exercise."""
        self.menu()
        self.page.locator(f'[data-key="choose/{slug}"]').click()
        self.sees(slug)

    def menu(self) -> None:
        """Unfold what stands beside the exercise that is on."""
        if self.page.locator(".kit-menu:not([open])").count():
            self.page.locator('[data-key="fold/menu"]').click()

    def sees(self, slug: str) -> None:
        """Wait until an exercise is on the page."""
        title = exercise(slug).texts(self.lang).title
        expect(self.page.locator("form")).to_have_attribute("aria-label", title)

    def option(self, item: str, value: str) -> Locator:
        """One answer to a choice."""
        return self.page.locator(f'[data-item="{item}"] input[value="{value}"]')

    def text(self, item: str) -> Locator:
        """The field of a text or a journal prompt."""
        return self.page.locator(f'[data-key="{item}"]')

    def saved(self, *items: str) -> None:
        """Wait until the page says that these answers are saved."""
        for item in items:
            expect(self.page.locator(f'[data-state="{item}"]')).to_have_text(self.say("form.saved"))

    def speak(self, lang: str) -> None:
        """Switch the language on a page."""
        self.lang = lang
        self.page.locator(f'[data-key="lang/{lang}"]').click()
        expect(self.page.locator("html")).to_have_attribute("lang", lang)

    def _listen(self, socket: WebSocket) -> None:
        def take(payload: str | bytes) -> None:
            self.frames.append(payload.encode() if isinstance(payload, str) else payload)

        socket.on("framesent", take)
        socket.on("framereceived", take)


@contextmanager
def person(
    browser: Browser, workshop: Workshop, lang: str = "fr", *, steps: bool = False, **device: Any
) -> Iterator[Person]:
    """A new browser for one person, exercises on one page or in `steps`; closed on the way out."""
    context = browser.new_context(locale=f"{lang}-CA", **device)
    if not steps:
        on_one_page(context)
    try:
        one = Person(workshop, lang, context, context.new_page())
        one.watch(one.page)
        yield one
    finally:
        context.close()


def released(workshop: Workshop, slug: str) -> Release:
    """What disclosure control has let out of the store."""
    with workshop.store() as store:
        made = revealed(store, store.sessions.get(workshop.session_id), slug)
    assert made is not None
    return made


def table_rows(place: Locator) -> dict[str, list[str]]:
    """All tables below `place`: the cells of each row by its header, with a typewriter's apostrophes."""
    rows = place.locator("tr:has(th[scope=row])")
    expect(rows.first).to_be_attached()
    told = rows.evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))")
    return {head: cells for head, *cells in ([cell.replace("’", "'") for cell in row] for row in told)}


def numbers(cell: str) -> list[float]:
    """The numbers in a sentence of either language."""
    return [float(one.replace(",", ".")) for one in re.findall(r"\d+(?:[.,]\d+)?", cell)]


def turn_to(wall: Page, words: str) -> None:
    """Have the wall show the slide with these words, by its keys."""
    there = wall.locator(".kit-slide").filter(has_text=words)
    wall.locator(".kit-slide").wait_for()
    eventually(lambda: there.count() or wall.keyboard.press("ArrowRight"), "the slide is there")
