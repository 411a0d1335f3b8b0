"""The participant's views in a real browser with a real kernel behind them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kit.exercise import exercise
from kit.texts import say, section
from tests.browser import axe
from tests.support.chromium import all_in_sight
from tests.support.places import with_cells
from tests.support.waiting import eventually
from tests.support.workshop import Workshop

pytestmark = pytest.mark.browser

PHONE = (390, 844)
NARROW = (320, 640)
TEXT = "Réunions entre équipes"
SECRET = "Zébulon-Orchidée-wyxz"

# A participant's page that keeps what is answered in a file. The test steers it through the shell's list of exercises.
LIVE = """
import json, pathlib
from kit.errors import SessionClosed, StoreFull
from kit.exercise import exercise
from kit.serving.inside import hold
from kit.serving.inside.widgets import Stack
from kit.views.form import FormView
from kit.views.room import Shell

model, out = exercise("reflection"), pathlib.Path.home() / "stored.jsonl"

def page(lang):
    names = ("full", "over", "well", "shut", "away", "back")
    steps = [{"slug": s, "title": s, "state": "open", "done": 1, "total": 3} for s in names]
    return {"lang": lang, "title": "Laval", "mode": "anonymous", "card": "lune pomme", "exercises": steps,
            "exit_url": "/gone", "neutral_url": "about:blank"}

class Live:
    every_answer = False

    def __init__(self, store, told):
        self.session_id = store.seats.get(told["seat"]).session_id
        self.fault = None
        self.form = FormView(model=model, lang="fr", options=(), answers={}, save=self.save, is_open=True, styled=False)
        self.room = Shell(page=page("fr"), on_lang=self.speak, on_choose=self.choose,
                          on_erase=lambda: self.form.replace_answers({}), styled=False)
        self.widget = Stack([self.room, self.form])

    def look(self):
        pass

    def save(self, item, value, revision):
        if self.fault:
            raise self.fault
        with out.open("a") as file:
            file.write(json.dumps([item, value, revision]) + "\\n")
        return revision + 1

    def choose(self, step):
        self.fault = {"full": StoreFull(where="-"), "over": SessionClosed()}.get(step)
        if step == "shut":
            self.form.set_open(False)
        if step in ("away", "back"):
            self.widget.children = (self.room, self.form) if step == "back" else (self.room,)
        self.room.say(f"step {step}")

    def speak(self, lang):
        self.form.set_lang(lang)
        self.room.set_page(page(lang))

hold.hold("participant")
hold._keepers[0].kinds["participant"] = Live
"""


@dataclass
class Server:
    """A workshop's server with this page; `out` is where it writes what it stores."""

    workshop: Workshop
    out: Path

    def stored(self) -> list[Any]:
        return [json.loads(line) for line in self.out.read_text("utf-8").splitlines()] if self.out.exists() else []


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("live")
    with with_cells(folder, participant=LIVE) as made:
        yield Server(made, folder / "home" / "stored.jsonl")


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    server.out.unlink(missing_ok=True)
    address = server.workshop.address
    with contextlib.ExitStack() as stack:

        def go(size: tuple[int, int] = PHONE, script: str = "") -> Page:
            view: Any = {"width": size[0], "height": size[1]}
            context = stack.enter_context(browser.new_context(viewport=view, locale="fr-CA"))
            context.route(lambda url: address not in url, lambda route: route.abort())
            seated = server.workshop.device()
            seated.take_seat(server.workshop.code)
            context.add_cookies([{"name": name, "value": one, "url": address} for name, one in seated.cookies.items()])
            page = context.new_page()
            page.add_init_script(script)
            page.__dict__["frames_sent"] = sent = []
            page.on("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(data)))
            page.goto(f"{address}/w", wait_until="commit")
            expect(page.locator("fieldset").first).to_be_visible()
            all_in_sight(page)
            return page

        yield go


def card(page: Page, item: str) -> Locator:
    return page.locator(f'[data-item="{item}"]')


def state(page: Page, item: str) -> Locator:
    return page.locator(f'[data-state="{item}"]')


def step(page: Page, name: str) -> None:
    if page.locator(".kit-menu:not([open])").count():
        page.locator('[data-key="fold/menu"]').click()
    page.locator(f'[data-key="choose/{name}"]').click()
    expect(page.locator(".kit-news")).to_contain_text(f"step {name}")


def first(kind: str, nth: int = 0) -> str:
    return [item.id for item in exercise("reflection").structure.items() if item.kind == kind][nth]


def stored_last(page: Page, server: Server, value: object) -> None:
    eventually(lambda: page.title() and server.stored()[-1:] and server.stored()[-1][1] == value, f"{value} is stored")


def sentence(key: str, lang: str = "fr", **details: object) -> str:
    return say(lang, f"form.{key}", **details)


SAVED = sentence("saved")


def test_by_keyboard_alone_everything_is_reached_seen_and_saved(visit: Callable[..., Page], server: Server) -> None:
    page = visit()
    # The tab remembers that all is on one page; keys begin at the top.
    page.reload()
    expect(page.locator("fieldset").first).to_be_visible()
    choice, text = first("choice"), first("text")
    page.keyboard.press("Tab")
    expect(page.locator(".kit-exit")).to_be_focused()
    reached = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        now = page.evaluate(LOOK)
        reached.add(now["key"])
        assert now["seen"], f"{now['key']} is hidden when it has focus"
        if now["key"] == text:
            break
        if now["key"].startswith(f"{choice}/") and now["key"] != f"{choice}/clear":
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
            expect(state(page, choice)).to_have_text(SAVED)
    assert {"lang/fr", "lang/en", "choose/full", f"{choice}/clear", text} <= reached
    page.keyboard.type(TEXT)
    expect(state(page, text)).to_have_text(SAVED)
    last = {item: value for item, value, _ in server.stored()}
    options = exercise("reflection").structure.item(choice)
    assert options is not None
    assert last[choice] == exercise("reflection").structure.scales[str(options.scale)].all[1]
    assert last[text] == {"text": TEXT, "share": False}


# The key of what has focus, and whether its middle is what is seen there (not the bar above it).
LOOK = """() => {
  const it = document.activeElement;
  const box = it.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const seen = Boolean(top) && (it.contains(top) || it.closest("label, summary")?.contains(top));
  return {key: it.dataset.key ?? it.tagName, seen};
}"""


def test_a_text_on_its_way_survives_a_language_switch_in_its_place(visit: Callable[..., Page], server: Server) -> None:
    page = visit()
    field = page.locator(f'[data-key="{first("text")}"]')
    field.scroll_into_view_if_needed()
    field.press_sequentially(TEXT)
    before = field.bounding_box()
    # As a switch from elsewhere would come: the caret stays in the text.
    page.evaluate("document.querySelector('[data-key=\"lang/en\"]').click()")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(f'[data-item="{first("text")}"] .kit-asked')).to_contain_text(
        exercise("reflection").texts("en").text(first("text"))
    )
    expect(field).to_be_focused()
    expect(field).to_have_value(TEXT)
    after = field.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 40
    page.keyboard.type("!")
    expect(state(page, first("text"))).to_have_text(sentence("saved", "en"))
    stored_last(page, server, {"text": f"{TEXT}!", "share": False})


def test_a_form_that_was_away_comes_back_as_it_was_left(visit: Callable[..., Page], server: Server) -> None:
    page = visit()
    choice, text = first("choice"), first("text")
    card(page, choice).locator("input").nth(1).check()
    page.locator(f'[data-key="{text}"]').fill(TEXT)
    step(page, "away")
    expect(page.locator("fieldset")).to_have_count(0)
    step(page, "back")
    expect(card(page, choice).locator("input").nth(1)).to_be_checked()
    expect(page.locator(f'[data-key="{text}"]')).to_have_value(TEXT)
    expect(state(page, text)).to_have_text(SAVED)
    page.locator(f'[data-key="{text}"]').press_sequentially("!")
    stored_last(page, server, {"text": f"{TEXT}!", "share": False})


def test_nothing_is_wider_than_a_narrow_phone_and_targets_are_large(visit: Callable[..., Page]) -> None:
    page = visit(size=NARROW)
    page.get_by_role("button", name=sentence("picture")).click()
    expect(page.locator(".kit-result")).to_be_visible()
    for details in page.locator("details").all():
        details.evaluate("one => { one.open = true }")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    small = page.evaluate(
        """() => [...document.querySelectorAll(".kit button, .kit summary, .kit textarea, .kit label:has(input)")]
        .filter((one) => one.checkVisibility()).map((one) => [one.textContent, one.getBoundingClientRect()])
        .filter(([, box]) => box.height < 24 || box.width < 24).map(([text]) => text)"""
    )
    assert small == []


def test_journal_notes_never_leave_the_device(visit: Callable[..., Page], server: Server) -> None:
    page = visit()
    journal, text = first("journal"), first("text")
    field = page.locator(f'[data-key="{journal}"]')
    field.press_sequentially(SECRET)
    field.blur()
    page.locator(f'[data-key="{text}"]').fill(TEXT)
    expect(state(page, text)).to_have_text(SAVED)
    page.locator('[data-key="lang/en"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(field).to_have_value(SECRET)
    sent = [one.encode() if isinstance(one, str) else one for one in page.__dict__["frames_sent"]]
    assert any(json.dumps(TEXT)[1:-1].encode() in one or TEXT.encode() in one for one in sent)
    assert not any(b"wyxz" in one for one in sent)
    assert journal not in {item for item, _, _ in server.stored()}
    page.reload()
    expect(field).to_have_value(SECRET)
    page.get_by_role("button", name=sentence("notes_erase")).click()
    page.get_by_role("button", name=sentence("notes_yes")).click()
    expect(field).to_have_value("")
    assert page.evaluate("Object.keys(sessionStorage)") == ["kit-whole"]


def leaves(page: Page, server: Server) -> None:
    # As the server's own neutral page would be asked for: it clears the cookies then.
    page.wait_for_url(lambda url: url == "about:blank?left")
    page.goto(f"{server.workshop.address}/nowhere")
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]


def test_three_shifts_leave_at_once_and_clear_the_browser(visit: Callable[..., Page], server: Server) -> None:
    page = visit()
    told: list[str] = []
    page.on("request", lambda request: told.append(request.url))
    page.evaluate("sessionStorage.setItem('a', 'b'); localStorage.setItem('a', 'b')")
    page.locator(f'[data-key="{first("journal")}"]').fill(SECRET)
    for key in ("Escape", "Escape", "Escape", "Shift", "Shift", "a", "Shift", "Shift"):
        page.keyboard.press(key)
    assert page.locator(".kit-exit").is_visible()
    page.keyboard.press("b")
    for _ in range(3):
        page.keyboard.press("Shift")
    leaves(page, server)
    assert any(url.endswith("/gone") for url in told)


def test_the_button_leaves_even_with_something_unsaved(visit: Callable[..., Page], server: Server) -> None:
    page = visit()
    step(page, "full")
    card(page, first("choice")).locator("input").first.check()
    expect(page.locator(".kit-status")).not_to_have_text("")
    page.locator(".kit-exit").click()
    leaves(page, server)


def test_a_refused_choice_goes_back_and_a_refused_text_stays(visit: Callable[..., Page], server: Server) -> None:
    page = visit()
    choice, text = first("choice"), first("text")
    options = card(page, choice).locator("input")
    options.nth(0).check()
    expect(state(page, choice)).to_have_text(SAVED)
    step(page, "over")
    options.nth(1).click()
    problem = page.locator(f'[data-problem="{choice}"]')
    expect(problem).to_have_text(say("fr", "errors.SessionClosed"))
    expect(options.nth(0)).to_be_checked()
    expect(card(page, choice)).to_have_attribute("aria-invalid", "true")
    assert problem.get_attribute("id") in str(card(page, choice).get_attribute("aria-describedby"))
    field = page.locator(f'[data-key="{text}"]')
    field.fill(TEXT)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value(TEXT)
    step(page, "well")
    field.press_sequentially("!")
    expect(state(page, text)).to_have_text(SAVED)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    assert [value for _, value, _ in server.stored()][-1] == {"text": f"{TEXT}!", "share": False}


# The wait before an answer is sent once more never ends, or ends soon. No other wait: a connection that is doubted
# after an instant is lost on a busy machine.
_AGAIN = "const wait = setTimeout, again = (f) => String(f).includes('this.again('); "
NEVER = _AGAIN + "setTimeout = (f, ms, ...a) => (again(f) ? 0 : wait(f, ms, ...a));"
AT_ONCE = _AGAIN + "setTimeout = (f, ms, ...a) => wait(f, again(f) ? 200 : ms, ...a);"
BACK = "document.dispatchEvent(new CustomEvent('kit:connection', {detail: {state: 'connected'}}))"


@pytest.mark.parametrize(("script", "then"), [(NEVER, BACK), (AT_ONCE, "0")], ids=["line", "timer"])
def test_what_was_not_saved_is_sent_again(visit: Callable[..., Page], server: Server, script: str, then: str) -> None:
    page = visit(script=script)
    choice = first("choice")
    step(page, "full")
    options = card(page, choice).locator("input")
    options.nth(0).check()
    expect(page.locator(f'[data-problem="{choice}"]')).to_have_text(say("fr", "people.StoreFull"))
    options.nth(1).check()
    assert server.stored() == []
    step(page, "well")
    page.evaluate(then)
    expect(state(page, choice)).to_have_text(SAVED)
    expect(page.locator(f'[data-problem="{choice}"]')).to_be_hidden()
    expect(options.nth(1)).to_be_checked()
    assert {item for item, _, _ in server.stored()} == {choice}
    assert server.stored()[-1][1] == options.nth(1).get_attribute("value")


def test_a_closed_exercise_can_be_read_and_not_changed(visit: Callable[..., Page], server: Server) -> None:
    page = visit()
    options = card(page, first("choice")).locator("input")
    options.nth(0).check()
    expect(state(page, first("choice"))).to_have_text(SAVED)
    step(page, "shut")
    expect(page.locator(".kit-closed")).to_have_text(sentence("closed"))
    options.nth(1).click(force=True)
    page.keyboard.press("ArrowDown")
    expect(options.nth(0)).to_be_checked()
    expect(page.locator(f'[data-key="{first("text")}"]')).not_to_be_editable()
    assert card(page, first("choice")).get_attribute("aria-disabled") == "true"
    page.locator(f'[data-key="{first("journal")}"]').fill(SECRET)
    assert len(server.stored()) == 1


def test_an_answer_can_be_cleared_and_everything_erased(visit: Callable[..., Page], server: Server) -> None:
    page = visit()
    choice = first("choice")
    card(page, choice).locator("input").nth(2).check()
    expect(page.locator(".kit-count")).to_contain_text("1")
    card(page, choice).get_by_role("button").click()
    expect(card(page, choice).locator("input").first).to_be_focused()
    expect(card(page, choice).locator("input:checked")).to_have_count(0)
    stored_last(page, server, None)
    card(page, choice).locator("input").nth(1).check()
    expect(state(page, choice)).to_have_text(SAVED)
    room = section("fr", "room")
    page.get_by_text(room["data"], exact=True).click()
    page.get_by_role("button", name=room["erase"]).click()
    expect(page.get_by_role("button", name=room["erase_no"])).to_be_focused()
    page.get_by_role("button", name=room["erase_yes"]).click()
    expect(page.locator(".kit-news")).to_contain_text(room["erased"])
    expect(page.locator("fieldset input:checked")).to_have_count(0)


def test_axe_finds_nothing(visit: Callable[..., Page]) -> None:
    page = visit()
    card(page, first("choice")).locator("input").first.check()
    page.locator(f'[data-key="{first("text")}"]').fill(TEXT)
    page.get_by_role("button", name=sentence("picture")).click()
    expect(page.locator(".kit-result")).to_be_visible()
    for details in page.locator("details").all():
        details.evaluate("one => { one.open = true }")
    axe.check(page, "a form with its picture, all unfolded")
