"""Take the pictures of a whole half-day: console, wall and a phone at each block, in each language, side by side.

`python tools/half_day.py [--out docs/pictures]` writes `half-day-LANG-NN-BLOCK.webp`, the pages that show them
(docs/half-day.md, docs/half-day.fr.md) and README's picture of the console. A room of simulated people follows the
console's large button. Needs a browser (see tools/browser.py) and takes two minutes.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from browser import ADVICE, find
from pictures import FLAGS, LANG, PHONE, ROOT, at_rest, kit, served, speaking, take
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from kit.agenda.model import Agenda, Block, find_agenda
from kit.exercise import exercise
from kit.following import followed
from kit.session import Session
from kit.store import Store
from kit.texts import languages, say

# README's picture of the console: what it looks like in the middle of an exercise.
CONSOLE = "console.png"
AGENDA, PEOPLE, SPEED = "half_day", 24, 200
# Enough for a picture: how many have come, how many answer.
HERE, ANSWERING = 18, 14
SCREEN = {"viewport": {"width": 1280, "height": 720}}
# Of a picture, in pixels: how high, and what is between its parts.
HIGH, GAP, QUALITY = 256, 8, 45
BIG = '.kit-agenda [data-key="agenda/act"]'
MOST_PRESSES, MOST_SLIDES = 60, 12
PATIENCE = 60_000  # ms; only a bound for what never comes
PAGES = {"en": "half-day.md", "fr": "half-day.fr.md"}
WORDS = {
    "en": (
        "# A half-day in pictures",
        "Console, room screen and a phone at each block of the agenda “{title}”, with {n} simulated people. The "
        "facilitator presses the console's large button, and nothing else.",
        "{title}: console, room screen and phone",
        "The pictures are taken by `python tools/half_day.py`.",
    ),
    "fr": (
        "# Une demi-journée en images",
        "La console, l'écran de la salle et un téléphone à chaque moment du déroulement « {title} », avec {n} "
        "personnes simulées. La personne qui anime appuie sur le grand bouton de la console, et sur rien d'autre.",
        "{title} : console, écran de la salle et téléphone",
        "Les images sont prises par `python tools/half_day.py`.",
    ),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures", metavar="DIR")
    out: Path = parser.parse_args().out
    path = find()
    if path is None:
        sys.stderr.write(ADVICE)
        return 1
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("half-day-*.webp"):
        old.unlink()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(FLAGS))
        for lang in languages():
            with tempfile.TemporaryDirectory() as folder, practice(Path(folder), lang) as (host, store, session):
                names = Day(browser, host, store, session, lang, out).conducted()
            write(lang, out, names)
        browser.close()
    return 0


@contextmanager
def practice(folder: Path, lang: str) -> Iterator[tuple[str, Store, Session]]:
    """A practice that runs: the facilitator's link, its store, its workshop. It is served where phones would reach it,
    so that no page has to warn that they do not.
    """
    place = folder / "practice.db"
    how = ("--agenda", AGENDA, "--rehearse", str(PEOPLE), "--speed", str(SPEED), "--lang", lang, "--no-browser")
    call = kit("workshop", *how, store=place)
    with served(call, speaking() | {"KIT_LANG": lang}) as told, Store.open(place, existing=True) as store:
        host = re.search(r"http://\S+/host#\S+", told)
        assert host
        yield host[0], store, store.sessions.all()[0]


class Day:
    """One half-day in one language."""

    def __init__(self, browser: Browser, host: str, store: Store, session: Session, lang: str, out: Path) -> None:
        self.store, self.session, self.lang, self.out = store, session, lang, out
        self.agenda: Agenda = find_agenda(AGENDA)
        self.console, self.phone = window(browser, SCREEN, lang), window(browser, PHONE, lang)
        self.console.goto(host)
        self.console.locator(BIG).wait_for()
        self.address = host.partition("/host#")[0]
        self.wall = self.console.context.new_page()
        self.wall.goto(f"{self.address}/screen")
        self.names: list[tuple[str, str]] = []

    def conducted(self) -> list[tuple[str, str]]:
        """Press the large button to the end; the pictures that were taken, and the title of each one's block."""
        acts = ("open", "reveal", "show")
        kinds = {say(self.lang, f"agenda.console.act_{kind}"): kind for kind in acts}
        presses = 0
        while label := self.label():
            self.console.locator(f'{BIG}:not([aria-disabled="true"])').click()
            kind = kinds.get(label, "")
            if kind == "reveal":
                self.console.get_by_role("button", name=say(self.lang, "console.reveal_yes"), exact=True).click()
            self.until(lambda before=label: self.label() != before)
            self.after(kind)
            presses += 1
            if presses > MOST_PRESSES:
                raise SystemExit("the day has no end")
        return self.names

    def label(self) -> str:
        return "".join(self.console.locator(BIG).all_inner_texts())

    def after(self, kind: str) -> None:
        """A picture of each block, and of an exercise while it is answered and once its result is shown."""
        found = followed(self.store, self.session.id)
        block = found.block if found else None
        if block is None:
            return
        if block.kind == "joining":
            self.joins()
        if kind == "open":
            self.answers(block)
            self.take(block, "answers")
        elif kind == "show":
            self.results()
            self.take(block, "result")
        elif not block.exercise:
            self.take(block, "")

    def joins(self) -> None:
        self.phone.goto(f"{self.address}/j/{self.session.code}")
        self.phone.locator('input[value="anti_violence"]').check()
        self.phone.locator('button[type="submit"]').click()
        self.phone.locator('a[href="/w"]').click()
        self.phone.locator(".kit-shell").first.wait_for()
        self.until(lambda: self.store.sessions.counts(self.session.id).joined >= HERE)

    def answers(self, block: Block) -> None:
        self.until(lambda: self.goes_along(block.exercise or ""))
        first = self.phone.locator(".kit-form [data-item] input:visible").first
        first.wait_for()
        first.check()
        self.until(lambda: self.store.sessions.counts(self.session.id).answered[block.exercise or ""] >= ANSWERING)

    def goes_along(self, slug: str) -> bool:
        """Whether the phone is where the room is; it was just touched, so it may be asked."""
        self.phone.evaluate("""document.querySelector('[data-key="together/go_there"]')?.click()""")
        names = "() => [...document.querySelectorAll('form')].map(one => one.getAttribute('aria-label'))"
        return exercise(slug).texts(self.lang).title in self.phone.evaluate(names)

    def results(self) -> None:
        """A slide with bars on the wall, and the same result on the phone."""
        self.wall.locator(".kit-slide").wait_for()
        for _ in range(MOST_SLIDES):
            if self.wall.locator(".kit-slide-rows").count():
                break
            self.wall.keyboard.press("ArrowRight")
            self.wall.wait_for_timeout(300)
        see = self.phone.locator('[data-key="together/see_result"]')
        if see.count():
            see.first.click()

    def until(self, come: Callable[[], bool]) -> None:
        """Wait for something; the pages go on meanwhile."""
        deadline = time.monotonic() + PATIENCE / 1000
        while not come():
            if time.monotonic() > deadline:
                raise SystemExit(f"{self.label()}: it went no further")
            self.console.wait_for_timeout(100)

    def take(self, block: Block, what: str) -> None:
        """The three windows side by side, once all show the block."""
        title = self.agenda.told(self.lang).blocks[block.id].title or block.id
        for page in (self.wall, self.phone):
            # The store's news reach every page within a second.
            page.wait_for_timeout(1200)
            page.evaluate("document.activeElement?.blur()")
        self.console.evaluate("scrollTo(0, 0)")
        at_rest(self.console)
        if self.lang == LANG and what == "answers" and not any("answers" in name for name, _ in self.names):
            take(self.console, self.out / CONSOLE)
        name = "-".join(filter(None, ("half-day", self.lang, f"{len(self.names) + 1:02}", block.id, what)))
        seen = [shot(one) for one in (self.console, self.wall, self.phone)]
        wide = sum(one.width for one in seen) + GAP * (len(seen) - 1)
        whole, at = Image.new("RGB", (wide, HIGH), "white"), 0
        for one in seen:
            whole.paste(one, (at, 0))
            at += one.width + GAP
        whole.save(self.out / f"{name}.webp", quality=QUALITY, method=6)
        self.names.append((f"{name}.webp", title))


def shot(page: Page) -> Image.Image:
    """What a window shows, as high as a picture."""
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return image.resize((round(image.width * HIGH / image.height), HIGH), Image.Resampling.LANCZOS)


def window(browser: Browser, device: dict[str, object], lang: str) -> Page:
    page: Page = browser.new_context(locale=f"{lang}-CA", reduced_motion="reduce", **device).new_page()
    page.set_default_timeout(PATIENCE)
    return page


def write(lang: str, out: Path, names: list[tuple[str, str]]) -> None:
    """The page that shows the pictures; only where they are kept in the repository."""
    if lang not in PAGES or out != ROOT / "docs" / "pictures":
        return
    head, lead, alt, foot = WORDS[lang]
    title = find_agenda(AGENDA).told(lang).title
    parts = [head, lead.format(title=title, n=PEOPLE)]
    last = ""
    for name, block in names:
        parts += [f"## {block}"] if block != last else []
        parts.append(f"![{alt.format(title=block)}](pictures/{name})")
        last = block
    (ROOT / "docs" / PAGES[lang]).write_text("\n\n".join([*parts, foot]) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
