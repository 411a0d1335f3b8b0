"""Somebody who studies alone, on a stock Voila: what they want to keep is not lost, and nothing else is kept."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser, FileChooser, Page, expect

from kit import transfer
from kit.exercise import exercise, exercises
from kit.session import Sector
from kit.texts import say
from kit.transfer import AnswersFile
from tests.browser import axe
from tests.browser.keyboard import tab_to
from tests.browser.people import PHONE
from tests.support.chromium import FLAGS, all_in_sight
from tests.support.jupyter import running, settings_below
from tests.support.long import LONG
from tests.support.ports import free_port
from tests.support.waiting import PATIENCE, eventually

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
CHOICE, TEXT, NOTE = "all_power", "commitment", "self_learning"
WORDS, SECRET = "Appeler l'équipe voisine", "Zébulon-Orchidée"
LONG_AGO = 60_000  # ms, beyond every wait that a page has


@pytest.fixture(scope="module")
def voila(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`voila FOLDER` on the self-study notebooks, with the settings of somebody's own machine."""
    with _voila(tmp_path_factory.mktemp("voila"), {}) as url:
        yield url


def _voila(home: Path, config: dict[str, Any]) -> Any:
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(path, home)
    # The page as it is here: an installed one may be older.
    shutil.copytree(ROOT / "kit" / "serving" / "template", home / "share" / "voila" / "templates" / "kit")
    (home / "config").mkdir()
    (home / "config" / "jupyter_server_config.json").write_text(json.dumps(config))
    port = free_port()
    call = [sys.executable, "-m", "voila", str(home), "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    env = settings_below(home) | {"JUPYTER_PATH": str(home / "share")}
    return running(call, f"http://127.0.0.1:{port}", home, env)


def visit(browser: Browser, url: str, slug: str = "reflection", lang: str = "fr") -> Page:
    """A phone of its own on the page of an exercise; nothing is asked of anywhere else."""
    page = browser.new_context(locale=f"{lang}-CA", reduced_motion="reduce", **PHONE).new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.context.route(lambda one: url not in one, lambda route: route.abort())
    page.goto(f"{url}/voila/render/{slug}.ipynb")
    arrived(page, slug, lang)
    return page


@pytest.fixture(scope="module")
def shared(browser: Browser, voila: str) -> Iterator[Page]:
    """One phone for tests that each begin with `answer`: making a page takes longer than most of what is tested."""
    page = visit(browser, voila)
    yield page
    page.context.close()


def arrived(page: Page, slug: str = "reflection", lang: str = "fr") -> None:
    """The page speaks, and its line to the kernel stands."""
    expect(page.locator(".kit-form h1")).to_have_text(exercise(slug).texts(lang).title)
    page.locator("html[data-kit-connection=connected]").wait_for()
    page.locator('[data-key="foot/download"]').wait_for()
    all_in_sight(page)


def answer(page: Page) -> None:
    """One answer of each kind."""
    page.locator(f'[data-item="{CHOICE}"] input').first.check()
    page.locator(f'[data-key="{TEXT}"]').fill(WORDS)
    page.locator(f'[data-key="{NOTE}"]').fill(SECRET)
    for item in (CHOICE, TEXT):
        page.locator(f'[data-state="{item}"][data-is=saved]').wait_for()


def stands(page: Page) -> list[Any]:
    """What `answer` has left on the page."""
    return [
        page.locator(f'[data-item="{CHOICE}"] input').first.is_checked(),
        page.locator(f'[data-key="{TEXT}"]').input_value(),
        page.locator(f'[data-key="{NOTE}"]').input_value(),
    ]


def download(page: Page, key: str = "foot/download") -> bytes:
    """The copy, as it comes to the device."""
    with page.expect_download() as got:
        page.locator(f'[data-key="{key}"]').click()
    assert got.value.suggested_filename == "notes.json"
    return Path(got.value.path()).read_bytes()


def bring(page: Page, data: bytes, said: str, lang: str = "fr") -> None:
    """Choose a file; what the page says of it begins like this sentence."""
    unfold(page)
    page.locator('[data-pick="copy"]').set_input_files({"name": "notes (3).json", "mimeType": "", "buffer": data})
    start = say(lang, f"alone.keep.{said}", n="§").partition("§")[0]
    expect(page.locator('[data-key="keep"] .kit-status')).to_contain_text(start)


def unfold(page: Page) -> None:
    fold = page.locator('details[data-key="keep"]')
    if fold.get_attribute("open") is None:
        page.locator('[data-key="fold/keep"]').click()


ALL, GONE = [True, WORDS, SECRET], [False, "", ""]


@pytest.mark.parametrize("slug", exercises() if LONG else ("reflection", "scenarios", "resources", "action_plan"))
def test_in_every_exercise_a_copy_comes_back_as_it_left(browser: Browser, voila: str, slug: str) -> None:
    """Everything that one can answer, brought to a page that knows nothing, is in the next copy, and in the kernel."""
    lang = "en" if list(exercises()).index(slug) % 2 else "fr"
    model = exercise(slug)
    given = dict(model.rehearse(Random(7), Sector.COMMUNITY, lang, model.unnamed))
    page = visit(browser, voila, slug, lang)
    bring(page, transfer.write(AnswersFile(exercises={slug: given, "of-tomorrow": {"a": "b"}})), "brought", lang)
    page.locator("[data-is=saving]").first.wait_for(state="detached")
    read = transfer.read(download(page))
    assert dict(read.exercises[slug]) == given
    assert dict(read.exercises["of-tomorrow"]) == {"a": "b"}
    assert page.locator("[data-problem]:visible").count() == 0
    page.locator('[data-key="picture"]').click()
    page.locator(".kit-result").first.wait_for()
    shown = page.locator("body").inner_text()
    for key in ("share", "rows_share", "saved", "all_saved", "late"):
        assert say(lang, f"form.{key}") not in shown.splitlines(), key
    assert page.locator("[data-share]").count() == 0
    page.context.close()


def test_a_copy_of_an_earlier_edition_is_read_and_says_what_is_left_out(browser: Browser, voila: str) -> None:
    """From a page that did not say which edition it was, and from one that does; of one to come nothing is taken."""
    slug, lang = "partnership", "fr"
    texts, kept = exercise(slug).texts(lang), {"text": WORDS, "share": False}
    given = {"ownership": "agree", "trust": "disagree", "strengthen": kept}
    page = visit(browser, voila, slug, lang)
    for versions in ({}, {slug: 1}):
        if versions:
            page.reload()
            arrived(page, slug, lang)
        bring(page, transfer.write(AnswersFile(exercises={slug: given}, versions=versions)), "brought_less", lang)
        expect(page.locator('[data-key="keep"] .kit-status')).to_contain_text(say(lang, "alone.keep.brought_older"))
        page.locator('[data-key="keep/left"]').click()
        left = page.locator('[data-key="keep"] .kit-details li')
        expect(left).to_have_text([texts.items[item]["text"] for item in ("ownership", "trust")])
        axe.check(page, "alone, left out")
        assert page.locator('[data-key="strengthen"]').input_value() == WORDS
    copy = transfer.read(download(page))
    assert dict(copy.exercises[slug]) == {"strengthen": kept}
    assert copy.versions == {slug: exercise(slug).version}
    bring(page, transfer.write(AnswersFile(exercises={slug: {}}, versions={slug: 99})), "newer", lang)
    assert page.locator('[data-key="strengthen"]').input_value() == WORDS
    page.context.close()


def test_a_reload_is_survived_by_the_copy_alone(browser: Browser, voila: str) -> None:
    lang = "fr"
    page = visit(browser, voila, lang=lang)
    answer(page)
    expect(page.locator(".kit-foot .kit-status")).to_have_text(say(lang, "alone.form.all_saved"))
    copy = download(page)
    assert SECRET not in str(transfer.read(copy))
    page.reload()
    arrived(page, lang=lang)
    assert stands(page) == GONE
    bring(page, copy, "brought", lang)
    assert stands(page) == ALL
    page.locator('[data-key="picture"]').click()
    expect(page.locator(".kit-result").first).to_be_visible()
    for details in page.locator("details").all():
        details.evaluate("one => { one.open = true }")
    axe.check(page, "alone, with one's picture, all unfolded")
    # Over something else: the person is asked, and may say no.
    page.locator(f'[data-key="{TEXT}"]').fill("autre chose")
    page.locator('[data-pick="copy"]').set_input_files({"name": "notes.json", "mimeType": "", "buffer": copy})
    expect(page.locator('[data-key="keep/stay"]')).to_be_focused()
    axe.check(page, "alone, asked")
    page.keyboard.press("Escape")
    expect(page.locator('[data-key="keep/bring"]')).to_be_focused()
    assert stands(page)[1] == "autre chose"
    page.locator('[data-pick="copy"]').set_input_files({"name": "notes.json", "mimeType": "", "buffer": copy})
    page.locator('[data-key="keep/go"]').click()
    assert stands(page) == ALL
    # Nobody is asked whether to leave, and nothing is left behind.
    page.goto(f"{voila}/voila/static/none")
    assert page.evaluate("Object.keys(sessionStorage).concat(Object.keys(localStorage))") == []
    page.context.close()


def test_by_keyboard_alone_in_the_narrowest_window(browser: Browser, voila: str, chromium_path: str) -> None:
    # A browser with windows: without them, no key asks for a file.
    windowed = browser.browser_type.launch(executable_path=chromium_path, args=FLAGS)
    page = visit(windowed, voila)
    page.set_viewport_size({"width": axe.NARROW, "height": 640})
    page.locator(".kit-exit").focus()
    tab_to(page, '[data-key="fold/keep"]')
    page.keyboard.press("Enter")
    tab_to(page, f'[data-item="{CHOICE}"] input')
    page.keyboard.press("Space")
    page.locator(f'[data-state="{CHOICE}"][data-is=saved]').wait_for()
    tab_to(page, '[data-key="foot/download"]')
    with page.expect_download() as got:
        page.keyboard.press("Enter")
    copy = got.value.path()
    page.reload()
    arrived(page)
    page.locator(".kit-exit").focus()
    tab_to(page, '[data-key="fold/keep"]')
    page.keyboard.press("Enter")
    expect(page.locator('[data-key="keep/bring"]')).to_be_visible()
    tab_to(page, '[data-key="keep/bring"]')
    # A key that comes while the page draws itself anew is lost: whoever sees nothing presses once more.
    asked: list[FileChooser] = []
    page.on("filechooser", lambda one: asked.append(one))

    def asks() -> bool:
        page.locator('[data-key="keep/bring"]:focus').press("Enter")
        page.wait_for_timeout(1000)
        return bool(asked)

    eventually(asks, "a file is asked for")
    asked[0].set_files(copy)
    expect(page.locator(f'[data-item="{CHOICE}"] input').first).to_be_checked()
    windowed.close()


def test_a_copy_to_read_and_a_copy_without_notes(shared: Page) -> None:
    page = shared
    answer(page)
    label = page.locator(f'[data-item="{CHOICE}"] label').first.inner_text()
    page.locator('[data-key="picture"]').click()
    title = page.locator(".kit-result h2").first
    expect(title).to_be_focused()
    page.locator('[data-key="copy"]').click()
    with page.expect_download() as got:
        page.get_by_role("button", name=say("fr", "form.copy_get")).click()
    assert got.value.suggested_filename == "notes.txt"
    copy = Path(got.value.path()).read_text("utf-8-sig")
    for part in (SECRET, label, title.inner_text()):
        assert part in copy
    unfold(page)
    page.locator('[data-key="keep/notes"]').uncheck()
    assert SECRET.encode() not in download(page, "keep/download")
    page.locator('[data-key="keep/notes"]').check()
    assert SECRET in download(page, "keep/download").decode()


def test_what_is_no_copy_changes_nothing_and_says_why(shared: Page) -> None:
    page = shared
    answer(page)
    whole = json.loads(download(page))

    def changed(**fields: object) -> bytes:
        return json.dumps({**whole, **fields}).encode()

    bad = (b"", b"%PDF-1.7", b"[]", b'{"format": "something"}', changed(exercises=3), b" " * 4_000_001)
    for data, said in (*((one, "bad") for one in bad), (changed(version=2), "newer")):
        bring(page, data, said)
        assert stands(page) == ALL
    bring_anyway(page, changed(exercises={"pulse": {"now_contacts": "half"}}, notes=[]))
    expect(page.locator('[data-key="keep"] .kit-status')).to_have_text(say("fr", "alone.keep.brought_other"))
    assert stands(page) == ALL
    assert set(json.loads(download(page))["exercises"]) == {"pulse", "reflection"}
    odd = {CHOICE: 12, TEXT: ["x"], "all_bias": "<b>", "nothing": {"a": 1}, "__proto__": {"x": "y"}}
    bring_anyway(page, changed(exercises={"reflection": odd}))
    expect(page.locator('[data-key="keep"] .kit-status')).to_contain_text(say("fr", "alone.keep.brought_less", n=5))
    assert stands(page) == [False, "", SECRET]


def bring_anyway(page: Page, data: bytes) -> None:
    page.locator('[data-pick="copy"]').set_input_files({"name": "notes.json", "mimeType": "", "buffer": data})
    page.locator('[data-key="keep/go"]').click()


def test_the_tab_keeps_answers_if_the_person_wants_it(browser: Browser, voila: str) -> None:
    page = visit(browser, voila)
    answer(page)
    unfold(page)
    page.locator('[data-key="keep/tab"]').check()
    expect(page.locator(".kit-foot .kit-status")).to_have_text(say("fr", "alone.form.all_saved"))
    page.locator(f'[data-item="{CHOICE}"] input').nth(1).check()
    page.locator(f'[data-item="{CHOICE}"] input').first.check()
    page.reload()
    arrived(page)
    expect(page.locator(f'[data-item="{CHOICE}"] input').first).to_be_checked()
    assert stands(page) == ALL
    # The next exercise in the same tab: both are in one copy.
    page.goto(f"{voila}/voila/render/pulse.ipynb")
    arrived(page, "pulse")
    assert set(transfer.read(download(page)).exercises) == {"reflection"}
    unfold(page)
    page.locator('[data-key="keep/tab"]').uncheck()
    assert page.evaluate("sessionStorage.length") == 0
    page.locator('[data-key="keep/tab"]').check()
    page.goto(f"{voila}/voila/render/reflection.ipynb")
    arrived(page)
    expect(page.locator(f'[data-key="{NOTE}"]')).to_have_value(SECRET)
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("about:blank")
    page.goto(f"{voila}/voila/static/none")
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
    page.context.close()


def test_erased_is_erased_from_the_tab_too(shared: Page) -> None:
    page = shared
    answer(page)
    unfold(page)
    page.locator('[data-key="keep/tab"]').check()
    page.locator('[data-key="fold/data"]').click()
    page.get_by_role("button", name=say("fr", "room.erase")).click()
    page.get_by_role("button", name=say("fr", "room.erase_yes")).click()
    expect(page.locator('[data-key="keep/tab"]')).not_to_be_checked()
    assert page.evaluate("sessionStorage.length") == 0
    assert json.loads(download(page))["exercises"] == {}
    page.reload()
    arrived(page)
    assert stands(page) == GONE


def test_on_an_address_that_others_share_nothing_is_kept(browser: Browser, voila: str) -> None:
    """Strangers' pages have the same origin on Binder: what a tab keeps, they could read."""
    shared = voila.replace("127.0.0.1", "shared.localhost")
    page = visit(browser, shared)
    answer(page)
    unfold(page)
    assert page.locator('[data-key="keep/tab"]').count() == 0
    expect(page.locator('[data-key="keep"]')).to_contain_text(say("fr", "alone.keep.lead"))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.evaluate("sessionStorage.setItem('kit-kept', 'no')")
    page.reload()
    arrived(page)
    assert stands(page) == GONE
    page.evaluate("sessionStorage.clear()")
    answer(page)
    page.goto(f"{shared}/voila/static/none")
    assert page.evaluate("Object.keys(sessionStorage).concat(Object.keys(localStorage))") == []
    page.context.close()


def test_a_dead_kernel_takes_nothing_along(browser: Browser, voila: str) -> None:
    page = visit(browser, voila)
    answer(page)
    end_kernel(page, voila)
    note = page.locator(".kit-alone-note")
    expect(note).to_contain_text(say("fr", "alone.keep.ended"))
    axe.check(page, "ended")
    page.locator(f'[data-item="{CHOICE}"] input').nth(1).check()
    page.locator(f'[data-item="{CHOICE}"] input').first.check()
    copy = download(page, "ended/download")
    page.locator('[data-key="ended/reload"]').click()
    page.wait_for_function("!document.querySelector('.kit-alone-note p')")
    arrived(page)
    bring(page, copy, "brought")
    assert stands(page) == ALL
    page.context.close()


def end_kernel(page: Page, url: str) -> None:
    """The server ends the kernel, as it does with one that nobody has used for long."""
    kernel = page.evaluate("kitPage.kernelId")
    # As the page itself does: stock Voila asks for a cookie that it never sets.
    status = page.evaluate(
        """([url, id]) => {
          document.cookie = "_xsrf=abc; path=/";
          const asked = {method: "DELETE", headers: {"X-XSRFToken": "abc"}};
          return fetch(`${url}/api/kernels/${id}`, asked).then((answer) => answer.status);
        }""",
        [url, kernel],
    )
    assert status == 204


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that waits for eight seconds, and says on whose machines it is."""
    config = {"MappingKernelManager": {"cull_idle_timeout": 8}, "Kit": {"public": True}}
    with _voila(tmp_path_factory.mktemp("impatient"), config) as url:
        yield url


def test_before_an_idle_server_ends_the_person_is_told(browser: Browser, impatient: str) -> None:
    lang = "en"
    page = visit(browser, impatient, lang=lang)
    expect(page.get_by_text(say(lang, "alone.keep.is_public"))).to_be_visible()
    answer(page)
    note = page.locator(".kit-alone-note")
    for said in ("idle", "download", "stay"):
        expect(note).to_contain_text(say(lang, f"alone.keep.{said}", n=1))
    axe.check(page, "idle")
    page.locator('[data-key="idle/stay"]').click()
    expect(note).to_be_empty()
    expect(note).to_contain_text(say(lang, "alone.keep.idle", n=1))
    download(page, "idle/download")
    expect(note).to_be_empty()
    page.context.close()
