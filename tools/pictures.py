"""Take README's pictures: a workshop with simulated people, seen by a participant, the facilitator and the room.

`python tools/pictures.py [--out docs/pictures]`. Needs a browser (see tools/browser.py) and takes about a minute.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from browser import ADVICE, find
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
# Where the window is scrolled to; else to the first part of the exercise.
LOOK = {"resources": ".kit-form section >> nth=1", "action_plan": '[data-item="plan"] details'}
PEOPLE, SEED, LANG = 24, 1, "fr"
EXERCISES = "reflection,partnership:steps+municipal,scenarios,resources,strengths,agreement,action_plan,pulse"
# The others, each on a phone: what is pressed first, so that the picture shows more than an empty page.
OTHERS: dict[str, tuple[str, ...]] = {
    "scenarios": (".kit-form button.kit-main >> nth=0",),
    "resources": (),
    "strengths": (),
    "agreement": (),
    "action_plan": (
        '[data-key="files"]', '[data-key="take/example"]', '[data-key="take/keep"]', '[data-key="files"]:focus',
    ),
    "pulse": (),
}
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
NEXT, BACK = '[data-key="step/next"]', '[data-key="step/back"]'
PATIENCE = 20_000  # ms; only a bound for what never comes
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1120, "height": 860}}
WALL: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
SHEET: dict[str, Any] = {"viewport": {"width": 640, "height": 900}}


@dataclass(frozen=True)
class Workshop:
    """One that runs: its address, code and facilitator's link, and where its store is."""

    address: str
    code: str
    host: str
    store: Path


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures", metavar="DIR")
    out: Path = parser.parse_args().out
    path = find()
    if path is None:
        sys.stderr.write(ADVICE)
        return 1
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, workshop(Path(folder)) as made, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(FLAGS))
        rehearse(made)
        facilitator(browser, made, out)
        participant(browser, made, out)
        others(browser, made, out)
        report(browser, made, Path(folder), out)
        browser.close()
    return 0


@contextmanager
def workshop(folder: Path) -> Iterator[Workshop]:
    """A workshop on a store of its own; it ends when the pictures are taken."""
    store = folder / "store.db"
    # Served where phones would reach it: no page has to warn that they do not.
    call = kit("workshop", "--no-browser", "--lang", LANG, "--exercises", EXERCISES, store=store)
    with served(call, speaking()) as told:
        host, code = re.search(r"(http://\S+)/host#\S+", told), re.search(r"/j/(\w+)", told)
        assert host
        assert code
        yield Workshop(host[1], code[1], host[0], store)


@contextmanager
def served(call: list[str], env: dict[str, str]) -> Iterator[str]:
    """A workshop that this command serves: what it has told, up to the facilitator's link. It ends with the block."""
    with subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=env) as server:
        assert server.stdout
        told = ""
        while "/host#" not in told:
            line = server.stdout.readline()
            if not line:
                raise SystemExit("the workshop did not start")
            told += line
        try:
            yield told
        finally:
            server.terminate()


def rehearse(made: Workshop) -> None:
    """Fill the room."""
    people = ("--participants", str(PEOPLE), "--seed", str(SEED), "--address", made.address, "--open")
    subprocess.run(kit("rehearse", made.code, *people, store=made.store), cwd=ROOT, env=speaking(), check=True)


def facilitator(browser: Browser, made: Workshop, out: Path) -> None:
    """What the room sees on the wall once a result is shared. (The console's picture is of a half-day.)"""
    page = visitor(browser, DESK)
    page.goto(made.host)
    for number, slug in enumerate(("reflection", "partnership"), 1):
        page.locator(f'[data-key="reveal/{slug}"]').click()
        page.locator(f'[data-key="look-yes/{slug}"]').click()
        page.locator('[data-key^="look/"]').nth(number - 1).wait_for()
    page.locator('[data-key="show/partnership"]').click()
    page.locator('[data-key="show/partnership"]:not(:has-text("Montrer"))').wait_for()
    page.locator(".kit-group svg").first.wait_for()
    page.set_viewport_size(WALL["viewport"])
    page.goto(f"{made.address}/screen")
    page.locator(".kit-slide").wait_for()
    while not page.locator(".kit-slide-rows").count():
        page.keyboard.press("ArrowRight")
    take(page, out / "screen.png")
    page.context.close()


def joined(browser: Browser, made: Workshop) -> Page:
    """A phone that has come in."""
    page = visitor(browser, PHONE)
    page.goto(f"{made.address}/j/{made.code}")
    page.locator('input[value="anti_violence"]').check()
    page.locator('button[type="submit"]').click()
    page.locator('a[href="/w"]').click()
    choose(page, "reflection")
    return page


def choose(page: Page, slug: str) -> None:
    """Unfold the menu, and bring an exercise onto the page."""
    page.locator('[data-key="fold/menu"]').click()
    page.locator(f'[data-key="choose/{slug}"]').click()
    page.locator(f'[data-key="choose/{slug}"][aria-current]').wait_for(state="attached")
    page.locator(".kit-menu[open]").wait_for(state="detached")


def reach(page: Page, what: str) -> None:
    """Go on, and at the end back, until this is in the step that is shown; then bring it to the top."""
    found, turn = page.locator(what).first, NEXT
    found.wait_for(state="attached")
    while not found.is_visible():
        if not page.locator(turn).is_visible():
            turn = BACK
        page.locator(turn).click()
    found.evaluate("one => one.scrollIntoView()")


def others(browser: Browser, made: Workshop, out: Path) -> None:
    """The other exercises on a phone, one picture each."""
    page = joined(browser, made)
    for slug, pressed in OTHERS.items():
        choose(page, slug)
        for one in pressed:
            reach(page, one)
            page.locator(one).click()
        reach(page, LOOK.get(slug, ".kit-form section"))
        page.evaluate("document.activeElement.blur()")
        take(page, out / f"{slug}.png")
    page.context.close()


def participant(browser: Browser, made: Workshop, out: Path) -> None:
    """A phone in the middle of the first exercise."""
    page = joined(browser, made)
    for item, value in (("all_power", "growth"), ("all_bias", "strength")):
        reach(page, f'[data-item="{item}"]')
        page.locator(f'[data-item="{item}"] input[value="{value}"]').check()
        page.locator(f'[data-state="{item}"][data-is="saved"]').wait_for()
    page.evaluate("document.activeElement.blur()")
    page.locator(".kit-status:not(:empty)").wait_for()
    reach(page, '[data-item="all_power"]')
    take(page, out / "participant.png")
    page.context.close()


def report(browser: Browser, made: Workshop, folder: Path, out: Path) -> None:
    """A page of the report."""
    call = kit("report", made.code, "--out", str(folder), "--lang", LANG, store=made.store)
    subprocess.run(call, cwd=ROOT, env=speaking(), check=True, stdout=subprocess.DEVNULL)
    page = visitor(browser, SHEET)
    page.goto((folder / f"report-{made.code}-{LANG}.html").as_uri())
    page.locator("#exercise-partnership").first.evaluate("one => one.scrollIntoView()")
    take(page, out / "report.png")
    page.context.close()


def visitor(browser: Browser, device: dict[str, Any]) -> Page:
    """A browser window of this size, in the language of the pictures."""
    page = browser.new_context(locale=f"{LANG}-CA", reduced_motion="reduce", **device).new_page()
    page.set_default_timeout(PATIENCE)
    return page


def at_rest(page: Page) -> None:
    """Until no press is on its way: while one is, each button of the console is greyed (see kit/views/once.js)."""
    page.locator(".kit-console button:not([aria-disabled])").first.wait_for()


def take(page: Page, path: Path) -> None:
    """What the window shows, as a small file."""
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(path, optimize=True)


def kit(*words: str, store: Path) -> list[str]:
    """A call of the command."""
    return [sys.executable, "-m", "kit", *words, "--store", str(store)]


def speaking() -> dict[str, str]:
    """The environment of a command that speaks the language of the pictures."""
    return {**os.environ, "KIT_LANG": LANG, "PYTHONUNBUFFERED": "1"}


if __name__ == "__main__":
    sys.exit(main())
