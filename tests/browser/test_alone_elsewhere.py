"""Somebody who studies alone where the page is not the kit's own: JupyterLab, and Voila's own template."""

from __future__ import annotations

import json
import shutil
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import nbformat
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from kit import transfer
from kit.cli.new import KERNEL
from kit.exercise import exercise, exercises
from kit.session import Sector
from kit.texts import say
from kit.transfer import AnswersFile
from tests.browser.test_alone import ALL, CHOICE, NOTE, answer, bring, download, stands
from tests.support.chromium import FLAGS, all_in_sight
from tests.support.jupyter import TOKEN, run_the_cell, running, settings_below
from tests.support.long import in_test_long
from tests.support.ports import free_port
from tests.support.waiting import PATIENCE

# `test_alone` has the same on a page that is the kit's own, and `test_binder` an exercise in JupyterLab.
pytestmark = [pytest.mark.browser, pytest.mark.slow, in_test_long]

ROOT = Path(__file__).resolve().parents[2]
LAB_OPTIONS = (f"--IdentityProvider.token={TOKEN}", "--LabApp.news_url=None", "--ip=127.0.0.1", "--allow-root",
               "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate")  # fmt: skip
# Seconds: the person is told after half of it, and nobody who has the page open loses the kernel.
WAITS = {"MappingKernelManager": {"cull_idle_timeout": 16, "cull_interval": 3600, "cull_connected": False}}


@dataclass(frozen=True)
class Place:
    """A server that shows the notebooks in its own way, and the browsers of people who have been there."""

    url: str
    is_lab: bool
    browsers: dict[str, BrowserContext] = field(default_factory=dict)

    def visit(self, browser: Browser, slug: str, lang: str) -> Page:
        """A new tab with the exercise, in the browser of somebody who speaks this language."""
        if lang not in self.browsers:
            self.browsers[lang] = browser.new_context(locale=f"{lang}-CA", viewport={"width": 1280, "height": 900})
        page = self.browsers[lang].new_page()
        page.set_default_timeout(PATIENCE * 1000)
        self.open(page, slug, lang)
        return page

    def leave(self, page: Page) -> None:
        """Close the tab, and whatever has run for it."""
        page.close()
        for one in self.kernels() if self.is_lab else ():
            gone = urllib.request.Request(f"{self.url}/api/kernels/{one}", method="DELETE")
            gone.add_header("Authorization", f"token {TOKEN}")
            urllib.request.urlopen(gone, timeout=PATIENCE).close()

    def kernels(self) -> list[str]:
        """All that run on JupyterLab's server."""
        with urllib.request.urlopen(f"{self.url}/api/kernels?token={TOKEN}", timeout=PATIENCE) as told:
            return [one["id"] for one in json.loads(told.read())]

    def open(self, page: Page, slug: str, lang: str) -> None:
        """The exercise, made anew."""
        if self.is_lab:
            page.goto(f"{self.url}/lab/tree/{slug}.ipynb?token={TOKEN}&reset")
            run_the_cell(page, slug)
            assert page.locator(".jp-KernelName:visible").inner_text() == KERNEL
        else:
            page.goto(f"{self.url}/voila/render/{slug}.ipynb")
        expect(page.locator(".kit-form h1")).to_have_text(exercise(slug).texts(lang).title)
        page.locator('[data-key="foot/download"]').wait_for()
        all_in_sight(page)

    def end_kernel(self, page: Page) -> None:
        """The server ends the kernel, as it does with one that nobody has used for long."""
        if self.is_lab:
            ids = self.kernels()
        else:
            ids = [json.loads(page.locator("#jupyter-config-data").text_content() or "")["kernelId"]]
        for one in ids:
            status = page.evaluate(
                """([url, token]) => {
                  document.cookie = "_xsrf=abc; path=/";
                  const headers = {"X-XSRFToken": "abc", ...(token && {Authorization: `token ${token}`})};
                  return fetch(url, {method: "DELETE", headers}).then((answer) => answer.status);
                }""",
                [f"{self.url}/api/kernels/{one}", TOKEN if self.is_lab else ""],
            )
            assert status == 204


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One that reaches this machine alone. A route that says so would keep it from remembering JupyterLab's scripts."""
    with sync_playwright() as playwright:
        shut = [*FLAGS, "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
        launched = playwright.chromium.launch(executable_path=chromium_path, args=shut)
        yield launched
        launched.close()


@pytest.fixture(scope="module", params=["lab", "voila"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """JupyterLab, and Voila with the template that it has by itself, on copies of the notebooks."""
    home = tmp_path_factory.mktemp(request.param)
    (home / "books").mkdir()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        book = nbformat.read(path, 4)
        book.metadata.pop("voila", None)
        nbformat.write(book, home / "books" / path.name)
    # The kernel's name as it is here: an installed one may be older.
    shutil.copytree(ROOT / "kit/kernelspec", home / "share/kernels/collaboration-kit")
    (home / "config").mkdir()
    (home / "config/jupyter_server_config.json").write_text(json.dumps(WAITS))
    port, books = free_port(), str(home / "books")
    call = [sys.executable, "-m", "voila", books, "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    if request.param == "lab":
        call = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", f"--ServerApp.root_dir={books}"]
        call += LAB_OPTIONS
    env = settings_below(home) | {"JUPYTER_PATH": str(home / "share")}
    with running(call, f"http://127.0.0.1:{port}", home, env) as url:
        made = Place(url, request.param == "lab")
        yield made
        for one in made.browsers.values():
            one.close()


@pytest.mark.parametrize("slug", exercises())
def test_in_every_exercise_a_copy_comes_back_as_it_left(browser: Browser, place: Place, slug: str) -> None:
    lang = "fr" if list(exercises()).index(slug) % 2 else "en"
    model = exercise(slug)
    given = dict(model.rehearse(Random(11), Sector.COMMUNITY, lang, model.unnamed))
    page = place.visit(browser, slug, lang)
    bring(page, transfer.write(AnswersFile(exercises={slug: given})), "brought", lang)
    page.locator("[data-is=saving]").first.wait_for(state="detached")
    assert dict(transfer.read(download(page)).exercises[slug]) == given
    assert page.locator("[data-problem]:visible").count() == 0
    page.locator('[data-key="picture"]').click()
    page.locator(".kit-result").first.wait_for()
    place.leave(page)


def test_an_idle_page_tells_and_a_dead_kernel_takes_nothing_along(browser: Browser, place: Place) -> None:
    page = place.visit(browser, "reflection", "fr")
    answer(page)
    note = page.locator(".kit-alone-note")
    expect(note).to_contain_text(say("fr", "alone.keep.idle", n=1))
    page.locator('[data-key="idle/stay"]').click()
    expect(note).to_be_empty()
    place.end_kernel(page)
    page.locator(f'[data-item="{CHOICE}"] input').nth(1).check()
    page.locator(f'[data-item="{CHOICE}"] input').first.check()
    expect(page.locator(f'[data-state="{CHOICE}"]')).to_have_text(say("fr", "alone.form.late"))
    copy = download(page)
    assert stands(page) == ALL
    place.open(page, "reflection", "fr")
    bring(page, copy, "brought")
    assert stands(page) == ALL
    if not place.is_lab:
        one_speaks_and_leaves(page)
    place.leave(page)


def one_speaks_and_leaves(page: Page) -> None:
    """Language, title and way out are there although the page is not the kit's."""
    page.locator('[data-key="lang/en"]').click()
    expect(page.locator(".kit-form h1")).to_have_text(exercise("reflection").texts("en").title)
    expect(page).to_have_title("Atelier · Workshop")
    page.locator(f'[data-key="{NOTE}"]').scroll_into_view_if_needed()
    expect(page.locator(".kit-exit")).to_be_in_viewport()
    page.locator(".kit-exit").click()
    page.wait_for_url("about:blank")
