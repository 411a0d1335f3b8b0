"""The wall from the back row: each slide of each result, measured in the script and style that the wall has."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from kit import results, summaries
from kit.exercise import exercise
from kit.serving.inside import facilitator
from kit.serving.network import qr_svg, scanned_from
from kit.texts import languages, say, section
from kit.views.scripts import built, styles
from kit.views.slides import embedded, scene, short_of, side_by_side, slides_in
from tests.browser import axe
from tests.test_slides import made_of, released, strings, words

pytestmark = pytest.mark.browser

LINK = "http://192.168.100.200:8866/j/ACD347"
# The exercise with the longest statements; of its slides, those with most to read.
LONGEST, MOST_WORDS = "partnership", 12
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
    for (const one of stage.querySelectorAll(".kit-slide"))
      if (one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)
        found.push(`${where}, ${one.lang}: ${one.scrollHeight - one.clientHeight} px too high`);
    const rows = stage.querySelector(".kit-slide-rows");
    if (rows && all[slide].kind === "bars") {
      const [inside, around] = [rows.getBoundingClientRect(), stage.getBoundingClientRect()];
      const last = (rows.nextElementSibling ?? rows).getBoundingClientRect();
      const fills = last.bottom >= around.bottom - 4 && inside.width >= 0.9 * innerWidth;
      if (!fills) found.push(`${where}: the figure leaves the stage empty`);
    }
  }
  return found;
}"""


# What is too small, or off the wall, of what is on it now.
SMALL = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.getElementById("wall"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { parentElement, textContent } = walk.currentNode;
    const box = parentElement.getBoundingClientRect();
    if (!textContent.trim() || box.width <= 1 || parentElement.closest("svg")) continue;
    if (!parentElement.checkVisibility()) continue;
    const size = parseFloat(getComputedStyle(parentElement).fontSize);
    if (size < innerHeight / 30) found.push(`${size} px: ${textContent}`);
    if (box.bottom > innerHeight + 1 || box.right > innerWidth + 1) found.push(`off the wall: ${textContent}`);
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
        "html": "", "slide": 0, "notice": "", "block": "Votre autoréflexion", "step": "", "beside": [], "looks": [],
        "joining": False, "clock": {"until": 0, "left": 900, "sent": 1},
        "ui": section(lang, "console") | section(lang, "agenda.clock"),
    }  # fmt: skip


@pytest.fixture(scope="module")
def side_told() -> dict[str, str]:
    """Results with both languages beside each other, and scenes in one and in both; all of them with `KIT_LONG`.

    Without it, the results with most tables and words, and the scenes with most to read.
    """
    every = bool(os.environ.get("KIT_LONG"))
    options = {slug: exercise(slug).structure.every for slug in released()}
    found = {}
    for slug, made in released().items():
        if every or slug in ("reflection", "action_plan", LONGEST):
            beside = side_by_side({
                lang: (summaries.summary(made, lang, options[slug]), summaries.findings(made, lang, options[slug]))
                for lang in languages()
            })  # fmt: skip
            if not every and slug == LONGEST:
                beside = sorted(beside, key=lambda one: -len("".join(words(one))))[:MOST_WORDS]
            found[slug] = embedded(beside)
    for slug in ("reflection", "partnership"):
        rounds = {
            lang: (summaries.summary(released(25)[slug], lang, options[slug], released()[slug]), ())
            for lang in languages()
        }
        both = side_by_side(rounds)
        found[f"{slug}, two rounds"] = embedded(both[: short_of(both)])
    model = exercise("scenarios")
    stages = model.stages("fr", model.structure.every)
    most = sorted(stages, key=lambda one: -sum(map(len, strings(model.tell_stage(one.id, "fr")))))
    for at, stage in enumerate(stages):
        if not every and stage not in most[:6]:
            continue
        places = tuple(there.id for there in stages[max(at - 1, 0) : at + 1])
        way = {lang: model.way(places, lang) for lang in languages()}
        told = {lang: (summary, way[lang]) for lang in languages() if (summary := model.tell_stage(stage.id, lang))}
        found |= {f"{stage.id}, {lang}": embedded(scene({lang: one})) for lang, one in told.items()}
        found[f"{stage.id}, both"] = embedded(scene(told))
    return found


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_scene_and_both_languages_are_read_from_the_back_row(
    wall: Page, side_told: dict[str, str], width: int, height: int
) -> None:
    wall.set_viewport_size({"width": width, "height": height})
    nothing = {"heading": "", "block": "", "step": "", "how": "", "code": ""}
    beside = {**nothing, "lang": "en", "progress": ["Most have voted"]}
    found = {}
    for name, html in side_told.items():
        both = [] if name.endswith((", fr", ", en")) else [beside]
        wall.evaluate("(page) => wall.tell(page)", {**page_of("fr"), "beside": both})
        found |= {name: faults} if (faults := wall.evaluate(MEASURE, html)) else {}
    assert not found, "\n".join(f"{where}: {line}" for where, lines in found.items() for line in lines)


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


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_while_people_come_in_and_while_they_answer_all_is_read_from_the_back_row(
    wall: Page, width: int, height: int
) -> None:
    wall.set_viewport_size({"width": width, "height": height})
    beside = {
        "lang": "en", "heading": "", "block": "Your self-reflection", "step": "Everyone answers",
        "progress": ["Self-reflection: some have answered all of it"], "how": say("en", "console.how"), "code": "Code:",
    }  # fmt: skip
    page = {**page_of("fr"), "beside": [beside], "step": "Chacun répond", "notice": say("fr", "console.door_wall")}
    wall.evaluate("(page) => wall.tell(page)", {**page, "joining": True})
    assert not wall.evaluate(SMALL)
    large = wall.locator(".kit-qr svg").bounding_box()
    assert large is not None
    # What the console says of how far the codes are scanned from goes by these.
    assert large["height"] / height == pytest.approx(facilitator.QR_LARGE, abs=0.03)
    assert f"{scanned_from(LINK, large['height']) / height:.1f}" >= "4.0"
    wall.evaluate("(page) => wall.tell(page)", page)
    assert not wall.evaluate(SMALL)
    small = wall.locator(".kit-qr svg").bounding_box()
    assert small is not None
    assert small["height"] / height == pytest.approx(facilitator.QR_SMALL, abs=0.03)
    task = wall.locator(".kit-task")
    for told in ("Votre autoréflexion", "Chacun répond", "15 min", "Your self-reflection", "some have answered"):
        expect(task).to_contain_text(told)
    if width == 1280:
        axe.check(wall, "while people answer", axe.WIDE)
    # Where nothing but a title and the time is told, it is larger, and still on the wall where the title is long.
    large = "one => parseFloat(getComputedStyle(one).fontSize) / innerHeight"
    step = task.locator("h2").first.evaluate(large)
    long = "Nos prochaines étapes, qui s'en charge, et quand nous en reparlons toutes et tous"
    for block, least in (("Pause", 0.1), ("Des écarts aux prochains petits pas donc", 0.1), (long, 0.07)):
        wall.evaluate("(page) => wall.tell(page)", {**page, "beside": [], "step": "", "progress": [], "block": block})
        assert not wall.evaluate(SMALL)
        assert task.evaluate("one => one.scrollHeight <= one.clientHeight")
        assert task.locator("h2").evaluate(large) > max(step, least)


@pytest.mark.parametrize("lang", languages())
def test_the_clock_says_once_that_the_end_is_near_and_never_calls_out(wall: Page, lang: str) -> None:
    """Stopped, lengthened, over: the face changes, and the room is told of the end once for each end."""
    end, ui = 10_000, section(lang, "agenda.clock")
    wall.evaluate("(page) => wall.tell(page)", page_of(lang))
    wall.evaluate("""() => {
      window.words = [];
      const status = document.querySelector(".kit-task [data-clock] + [role=status]");
      new MutationObserver(() => words.push(status.textContent)).observe(status, { childList: true });
    }""")

    def at(left: int, until: int) -> str:
        sent = until - left if until else 1
        wall.evaluate("(clock) => wall.tell({ clock })", {"until": until, "left": left, "sent": sent})
        return wall.locator("[data-clock]").inner_text()

    assert at(600, end) == say(lang, "agenda.clock.clock_left", n=10)
    assert wall.evaluate("words") == []
    for left in (100, 90, 70):
        assert at(left, end) == say(lang, "agenda.clock.clock_left", n=2)
    assert at(100, 0) == say(lang, "agenda.clock.clock_paused", left=say(lang, "agenda.clock.clock_left", n=2))
    assert wall.evaluate("words") == [ui["clock_said"]]
    assert at(400, end + 300) == say(lang, "agenda.clock.clock_left", n=7)
    at(100, end + 300)
    assert at(-5, end + 300) == ui["clock_over"]
    assert wall.evaluate("words") == [ui["clock_said"]] * 2
    assert wall.evaluate("document.getAnimations().length + document.querySelectorAll('audio, dialog').length") == 0


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_long_address_is_broken_at_a_slash_or_a_dot_and_its_code_is_whole(
    wall: Page, width: int, height: int
) -> None:
    wall.set_viewport_size({"width": width, "height": height})
    link = "http://atelier.reseau-de-concertation.exemple.example:8866/j/ACD347"
    for joining in (True, False):
        wall.evaluate("(page) => wall.tell(page)", {**page_of("fr"), "link": link, "joining": joining})
        pieces = wall.locator(".kit-link > span")
        assert "".join(pieces.all_text_contents()) == link
        assert pieces.all_text_contents()[-2:] == ["j/", "ACD347"]
        assert not pieces.evaluate_all(
            "(all) => all.filter((one) => one.getBoundingClientRect().height > 1.9 * parseFloat(getComputedStyle(one)"
            ".fontSize) || one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)"
        )


def test_the_title_stands_once_where_nothing_is_on(wall: Page) -> None:
    """In the line above what is on, or as what is large."""
    for block in ("Votre autoréflexion", ""):
        page = {**page_of("fr"), "block": block}
        wall.evaluate("(page) => wall.tell(page)", page)
        told = wall.locator(".kit-group :not(:has(*))").all_text_contents()
        assert told.count(page["title"]) == 1, (block, told)


def test_an_exercise_that_is_called_like_its_block_is_named_once_above_its_slides(
    wall: Page, told: dict[tuple[str, str], str]
) -> None:
    page = {**page_of("fr"), "html": told["partnership", "fr"], "step": "En parler", "slide": 1}
    for block, times in (("Autoréflexion", 1), ("Le matin", 2)):
        wall.evaluate("(page) => wall.tell(page)", {**page, "block": block})
        above = wall.locator(".kit-screen-now, .kit-slide-of").all_inner_texts()
        assert " ".join(above).count("Autoréflexion") + " ".join(above).count("Le matin") == times, above
        assert "En parler" in above[0]


def test_the_wall_is_dark_or_light_and_in_both_languages_by_key(wall: Page) -> None:
    paper = "getComputedStyle(document.querySelector('.kit')).backgroundColor"
    by_day = wall.evaluate(paper)
    wall.keyboard.press("F9")
    wall.keyboard.press("F2")
    assert wall.evaluate("wall.said") == [{"kind": "looks", "looks": ["dark"]}, {"kind": "looks", "looks": ["both"]}]
    beside = {**page_of("fr"), "lang": "en"}
    wall.evaluate("(page) => wall.tell({ ...page, looks: ['dark', 'both'] })", {"beside": [beside]})
    assert wall.evaluate(paper) != by_day
    wall.keyboard.press("F9")
    wall.keyboard.press("F2")
    assert wall.evaluate("wall.said.slice(2)") == [
        {"kind": "looks", "looks": ["both", "light"]}, {"kind": "looks", "looks": ["dark"], "lang": "en"},
    ]  # fmt: skip
    wall.emulate_media(color_scheme="dark")
    wall.evaluate("wall.tell({ looks: ['light'] })")
    assert wall.evaluate(paper) == by_day
    axe.check(wall, "light on a dark laptop", axe.WIDE)


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("notice", ["unreached", "moved_wall", "door_wall"])
def test_a_word_on_the_way_in_takes_no_height_from_a_slide(
    wall: Page, told: dict[tuple[str, str], str], notice: str, lang: str
) -> None:
    height = "document.querySelector('.kit-slide').getBoundingClientRect().height"
    wall.evaluate("(more) => wall.tell(more)", page_of(lang) | {"html": told["reflection", lang]})
    whole = wall.evaluate(height)
    wall.evaluate("(more) => wall.tell(more)", {"notice": say(lang, f"console.{notice}")})
    expect(wall.get_by_text(say(lang, f"console.{notice}"))).to_be_visible()
    assert wall.evaluate(height) >= whole - 2
    assert wall.evaluate(SMALL) == []
