"""What Binder does, replayed in a fresh environment: repo2docker's own steps, the server, a phone, JupyterLab.

No container and no conda can be had here: a virtual environment of the same Python stands in for repo2docker's base.
All that comes after it is done as repo2docker wrote it, in the repository's root and as another user than root.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from kit import __version__, transfer
from kit.cli.new import KERNEL
from kit.exercise import exercise, exercises
from kit.texts import say
from tests.browser import axe
from tests.browser.people import PHONE
from tests.support.chromium import all_in_sight
from tests.support.jupyter import TOKEN, run_the_cell, running
from tests.support.long import LONG
from tests.support.ports import free_port
from tests.support.pythons import found
from tests.support.waiting import PATIENCE, eventually
from tools import binder

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(binder.newest(found()) is None, reason="no Python as in runtime.txt that others may run"),
]
SLUG = "reflection"
# A phone in one language, a laptop in the other; in test-long each in both.
PHONES, LAPTOPS = (("fr", "en"), ("en", "fr")) if LONG else (("fr",), ("en",))


@pytest.fixture(scope="module")
def image() -> Iterator[binder.Image]:
    """The steps are done. pip finds the packages in place, so that nothing is fetched twice for the tests."""
    python = binder.newest(found())
    assert python
    # Not below pytest's own folder, which is closed to other users.
    folder = Path(tempfile.mkdtemp(prefix="kit-binder-"))
    folder.chmod(0o755)
    try:
        yield binder.build(folder, python, warm=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def server(image: binder.Image) -> Iterator[str]:
    """JupyterLab's server with a token and a path, on a name that is nobody's own machine, as a hub starts it."""
    port = free_port()
    call = [
        str(image.prefix / "bin/jupyter"), "lab", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
        f"--IdentityProvider.token={TOKEN}", "--ServerApp.base_url=/user/someone/",
        "--ServerApp.allow_remote_access=True", f"--ServerApp.root_dir={image.home}",
    ]  # fmt: skip
    with running(call, f"http://127.0.0.1:{port}/user/someone", image.home, image.env, **image.as_user):
        yield f"http://shared.localhost:{port}/user/someone"


def test_the_steps_are_done_in_the_root_as_somebody_else_than_root(image: binder.Image) -> None:
    assert [user for user, _ in image.recipe.steps] == ["${NB_USER}"] * len(image.recipe.steps)
    commands = [command for _, command in image.recipe.steps]
    assert [one for one in commands if "pip install" in one and '"binder/requirements.txt"' in one]
    assert commands[-1] == "./binder/postBuild"
    told = image.run(["bash", "-c", "id -u; pwd; command -v kit; kit --version"], capture_output=True)
    user, home, command, version = told.stdout.splitlines()
    assert (int(user) == 0, home, command) == (False, str(image.home), str(image.prefix / "bin/kit"))
    assert version.endswith(__version__)


def phone(browser: Browser, server: str, lang: str) -> tuple[Page, list[str]]:
    """A phone whose browser speaks this language, and what it asks for elsewhere than here."""
    page = browser.new_context(locale=f"{lang}-CA", reduced_motion="reduce", **PHONE).new_page()
    page.set_default_timeout(PATIENCE * 1000)
    abroad: list[str] = []
    page.on("request", lambda asked: asked.url.startswith((server, "blob:", "data:")) or abroad.append(asked.url))
    return page, abroad


@pytest.mark.parametrize("lang", PHONES)
def test_from_the_list_to_a_finished_exercise_on_a_phone(server: str, browser: Browser, lang: str) -> None:
    page, abroad = phone(browser, server, lang)
    page.goto(f"{server}/voila/render/notebooks/welcome.ipynb?token={TOKEN}")
    expect(page.get_by_role("heading", level=1)).to_have_text(say(lang, "alone.welcome.title"))
    expect(page.locator("html")).to_have_attribute("lang", lang)
    expect(page.get_by_text(say(lang, "alone.keep.is_public"))).to_be_visible()
    listed = page.locator(".kit-choice")
    assert listed.locator("h3").all_inner_texts() == [model.texts(lang).title for model in exercises().values()]
    minutes = [say(lang, "alone.welcome.minutes", n=model.structure.minutes) for model in exercises().values()]
    assert listed.locator(".kit-meta").all_inner_texts() == minutes
    axe.check(page, f"the list, {lang}")
    page.locator(f'[data-key="open/{SLUG}"]').click()
    arrived(page, lang)
    finish(page, lang)
    with page.expect_download() as got:
        page.locator('[data-key="foot/download"]').click()
    copy = Path(got.value.path()).read_bytes()
    given = transfer.read(copy).exercises[SLUG]
    asked = [item.id for item in exercise(SLUG).structure.items() if item.kind == "choice" and not item.about]
    assert set(given) == set(asked)
    page.reload()
    arrived(page, lang)
    assert page.locator("fieldset input:checked").count() == 0
    page.locator('[data-key="fold/keep"]').click()
    assert page.locator('[data-key="keep/tab"]').count() == 0
    page.locator('[data-pick="copy"]').set_input_files({"name": "notes.json", "mimeType": "", "buffer": copy})
    expect(page.locator("fieldset input:checked")).to_have_count(len(given))
    page.locator('[data-key="keep/list"]').click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say(lang, "alone.welcome.title"))
    assert page.title() == "Atelier · Workshop"
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    page.goto("about:blank")
    eventually(lambda: kernels(server) == [], "nothing runs on for somebody who has left")
    assert abroad == []
    page.context.close()


def arrived(page: Page, lang: str) -> None:
    expect(page.locator(".kit-form h1")).to_have_text(exercise(SLUG).texts(lang).title)
    page.locator("html[data-kit-connection=connected]").wait_for()
    all_in_sight(page)


def finish(page: Page, lang: str) -> None:
    """Answer every choice, and see one's own picture."""
    all_in_sight(page)
    sets = page.locator(".kit-form fieldset.kit-card")
    for number in range(sets.count()):
        sets.nth(number).locator("input").nth(number % 2).check()
    page.locator("[data-is=saving]").first.wait_for(state="detached")
    done = sets.count()
    expect(page.locator(".kit-count")).to_have_text(say(lang, "form.count", done=done, all=done))
    page.locator('[data-key="picture"]').click()
    expect(page.locator(".kit-result").first.get_by_role("heading").first).to_be_focused()


@pytest.mark.parametrize("lang", LAPTOPS)
def test_in_jupyterlab_the_list_leads_to_an_exercise(server: str, browser: Browser, lang: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale=f"{lang}-CA")
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(f"{server}/lab/tree/notebooks/welcome.ipynb?token={TOKEN}&reset")
    run_the_cell(page, "welcome")
    assert page.locator(".jp-KernelName:visible").inner_text() == KERNEL
    assert page.locator(".jp-toast-button, .Toastify__toast").count() == 0, "JupyterLab asks for news from elsewhere"
    page.locator(f'[data-key="open/{SLUG}"]').click()
    page.wait_for_url(f"**/{SLUG}.ipynb*")
    run_the_cell(page, SLUG)
    expect(page.locator(".kit-form h1")).to_have_text(exercise(SLUG).texts(lang).title)
    finish(page, lang)
    page.context.close()


def test_only_people_s_pages_are_listed(server: str, browser: Browser) -> None:
    page, _ = phone(browser, server, "fr")
    page.goto(f"{server}/voila/tree?token={TOKEN}")
    assert page.locator("li").all_inner_texts() == ["notebooks"]
    page.locator("li a").click()
    own = sorted(f"{name}.ipynb" for name in (*exercises(), "welcome"))
    assert sorted(page.locator("li").all_inner_texts())[1:] == own
    page.context.close()
    # JupyterLab's list of files.
    assert sorted(one["name"] for one in asked(server, "contents/notebooks")["content"]) == own


def kernels(server: str) -> list[object]:
    running_now: list[object] = asked(server, "kernels")
    return running_now


def asked(server: str, what: str) -> Any:
    """What the server's own API says."""
    address = server.replace("shared.localhost", "127.0.0.1")
    with urllib.request.urlopen(f"{address}/api/{what}?token={TOKEN}", timeout=PATIENCE) as answer:
        return json.loads(answer.read())
