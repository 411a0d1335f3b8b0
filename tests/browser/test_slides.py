"""The wall from the back row: each slide of each result, measured in the script and style that the wall has."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from kit import results
from kit.serving.network import qr_svg
from kit.texts import languages, section
from kit.views.scripts import built, styles
from kit.views.slides import embedded, slides_in
from tests.browser import axe
from tests.test_slides import made_of, released

pytestmark = pytest.mark.browser

LINK = "http://192.168.100.200:8866/j/ACD347"
SIZES = ((1280, 720), (1920, 1080), (3840, 2160))
# The wall on a page of its own: its script, with a model that a test speaks to.
START = """async ([script, page]) => {
  const view = (await import("data:text/javascript;base64," + script)).default;
  const heard = [];
  window.wall = { page, said: [], tell(more) { Object.assign(this.page, more); for (const one of heard) one(); } };
  const model = { get: () => wall.page, on: (name, one) => heard.push(one), send: (one) => wall.said.push(one) };
  view.render({ model, el: document.getElementById("wall") });
}"""
# Every slide in turn: what is too small, what sticks out, what leaves the stage empty.
MEASURE = """(html) => {
  wall.tell({ html, slide: 0 });
  const whole = new DOMParser().parseFromString(html, "text/html");
  const all = JSON.parse(whole.querySelector("script.kit-slides").textContent);
  const found = [];
  for (let slide = 0; slide < all.length; slide++) {
    wall.tell({ slide });
    const where = `slide ${slide + 1}, ${all[slide].kind}, ${all[slide].title ?? ""}`;
    const walk = document.createTreeWalker(document.getElementById("wall"), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const { parentElement } = walk.currentNode;
      const box = parentElement.getBoundingClientRect();
      if (!walk.currentNode.textContent.trim() || box.width <= 1 || !parentElement.checkVisibility()) continue;
      const size = parseFloat(getComputedStyle(parentElement).fontSize);
      if (size < innerHeight / 30) found.push(`${where}: ${size} px: ${walk.currentNode.textContent.slice(0, 60)}`);
    }
    const stage = document.querySelector(".kit-slide");
    const [high, wide] = [stage.scrollHeight - stage.clientHeight, stage.scrollWidth - stage.clientWidth];
    if (high > 1 || wide > 1) found.push(`${where}: ${high} px too high, ${wide} px too wide`);
    const { scrollHeight, scrollWidth } = document.documentElement;
    if (scrollHeight > innerHeight || scrollWidth > innerWidth) found.push(`${where}: the wall scrolls`);
    const rows = stage.querySelector(".kit-slide-rows");
    if (rows) {
      const [inside, around] = [rows.getBoundingClientRect(), stage.getBoundingClientRect()];
      const fills = inside.bottom >= around.bottom - 4 && inside.width >= 0.9 * innerWidth;
      if (!fills) found.push(`${where}: the figure leaves the stage empty`);
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def told() -> dict[tuple[str, str], str]:
    """Every result of a room of 24, in both languages."""
    return {
        (slug, lang): embedded(made_of(made, slug, lang)) for slug, made in released().items() for lang in languages()
    }


@pytest.fixture
def wall(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    desk = Path(results.__file__).with_name("serving").joinpath("static", "desk.css").read_text("utf-8")
    style = f"body {{ margin: 0 }}\n{styles()}\n{desk}"
    head = f'<html lang="fr"><title>wall</title><style>{style}</style>'
    page.set_content(f'<!DOCTYPE html>{head}<main id="wall"></main></html>')
    page.evaluate(START, [base64.b64encode(built("screen").encode()).decode(), page_of("fr")])
    yield page
    context.close()


def page_of(lang: str) -> dict[str, Any]:
    return {
        "lang": lang, "title": "Table de concertation", "code": "ACD347", "link": LINK, "qr": qr_svg(LINK, "QR"),
        "progress": ["Autoréflexion : la plupart ont commencé"], "closed": False, "heading": "Autoréflexion",
        "html": "", "slide": 0, "notice": "", "block": "Votre autoréflexion",
        "clock": {"until": 0, "left": 900, "sent": 1},
        "ui": section(lang, "console") | section(lang, "agenda.clock"),
    }  # fmt: skip


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_slide_is_read_from_the_back_row(
    wall: Page, told: dict[tuple[str, str], str], width: int, height: int
) -> None:
    """No text under a thirtieth of the wall's height, nothing cut off, figures that fill the space."""
    wall.set_viewport_size({"width": width, "height": height})
    found = {}
    for (slug, lang), html in told.items():
        wall.evaluate("(page) => wall.tell(page)", page_of(lang))
        found |= {f"{slug}, {lang}": faults} if (faults := wall.evaluate(MEASURE, html)) else {}
    assert not found, "\n".join(f"{where}: {line}" for where, lines in found.items() for line in lines)


def test_keys_turn_the_slides_and_tell_the_console(wall: Page, told: dict[tuple[str, str], str]) -> None:
    html = told["partnership", "fr"]
    last = len(slides_in(html)) - 1
    wall.evaluate("(html) => wall.tell({ html })", html)
    for key in ("ArrowLeft", "PageDown", " ", "ArrowRight", "PageUp", "End", "ArrowRight", "Home"):
        wall.keyboard.press(key)
    assert [one["slide"] for one in wall.evaluate("wall.said")] == [1, 2, 3, 2, last, 0]
    place = wall.locator(".kit-slide-of span").last
    # What the console asks for counts; news of something else leaves the wall where its keys have brought it.
    wall.keyboard.press("ArrowRight")
    wall.evaluate("wall.tell({ progress: [] })")
    assert place.inner_text().startswith("2 ")
    wall.evaluate("wall.tell({ slide: 4 })")
    assert place.inner_text().startswith("5 ")
    # Turned quickly, the echo of an earlier key does not turn it back.
    for key in ("ArrowRight", "ArrowRight", "ArrowRight"):
        wall.keyboard.press(key)
    for slide, shown in ((5, "8 "), (6, "8 "), (7, "8 "), (2, "3 ")):
        wall.evaluate("(slide) => wall.tell({ slide })", slide)
        assert place.inner_text().startswith(shown)


def test_axe_finds_nothing_on_the_slides(wall: Page, told: dict[tuple[str, str], str]) -> None:
    """One slide of each kind, by day and by night, on a projector and where somebody opens the wall on a phone."""
    kinds: dict[str, tuple[str, int]] = {}
    for (_, lang), html in told.items():
        if lang == "fr":
            for number, one in enumerate(slides_in(html)):
                kinds.setdefault(one["kind"], (html, number))
    assert set(kinds) == {"finding", "text", "bars", "table"}
    for kind, (html, slide) in kinds.items():
        wall.evaluate("(page) => wall.tell(page)", {"html": html, "slide": slide})
        axe.check(wall, kind, axe.WIDE)
