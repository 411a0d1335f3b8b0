"""A notebook of a workshop's desk that somebody opens by itself says where to open it, and makes and loses nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, expect

from kit.exercise import exercises
from kit.texts import languages, say
from kit.views import astray
from tests.browser import axe
from tests.support.jupyter import running, settings_below
from tests.support.long import LONG, in_test_long
from tests.support.ports import free_port
from tests.support.waiting import PATIENCE

expect.set_options(timeout=PATIENCE * 1000)

ROOT = Path(__file__).parent.parent
DESK = ("participant", "console", "screen", "report")


def words(notebook: str, lang: str) -> list[str]:
    return [say(lang, f"alone.astray.{part}") for part in (notebook, "list")]


def test_every_notebook_is_a_persons_own_or_the_desks() -> None:
    """The desk's lie in a folder of their own: whoever is alone in JupyterLab does not meet them."""
    for folder, names in (("notebooks", (*exercises(), "welcome")), ("notebooks/desk", (*DESK, "rollup"))):
        assert {path.stem for path in (ROOT / folder).glob("*.ipynb")} == set(names)


@pytest.mark.parametrize("notebook", DESK)
def test_each_says_in_every_language_where_its_page_is(
    notebook: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shown: list[dict[str, str]] = []
    monkeypatch.setattr(astray, "display", lambda data, raw: shown.append(data))
    monkeypatch.chdir(tmp_path)
    astray.tell(notebook)
    for lang in languages():
        assert all(sentence in shown[0]["text/plain"] for sentence in words(notebook, lang))
    assert "href" not in shown[0]["text/html"], "a link to a list that is not there"
    (tmp_path / "desk").mkdir()
    (tmp_path / "welcome.ipynb").touch()
    monkeypatch.chdir(tmp_path / "desk")
    astray.tell(notebook)
    assert 'href="../welcome.ipynb"' in shown[1]["text/html"]


# The two cells that there are: a page's, and the report's.
@pytest.mark.slow
@pytest.mark.parametrize("notebook", ["console", "report"] if LONG else ["console"])
def test_papermill_ends_well_and_no_store_is_made(tmp_path: Path, notebook: str) -> None:
    written = tmp_path / "out.ipynb"
    book = ROOT / "notebooks/desk" / f"{notebook}.ipynb"
    call = [sys.executable, "-m", "papermill", "--no-progress-bar", book, written]
    env = settings_below(tmp_path)
    done = subprocess.run(call, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    shown = [output for cell in nbformat.read(written, 4).cells for output in cell.get("outputs", ())]
    assert [output.output_type for output in shown] == ["display_data"]
    for lang in languages():
        for sentence in words(notebook, lang):
            assert sentence in shown[0].data["text/plain"]
    assert not list(tmp_path.rglob("store.db"))


@pytest.fixture(scope="module", params=["kit", "lab"])
def voila(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """`voila FOLDER` on all notebooks, with the kit's page and with Voila's own."""
    home = tmp_path_factory.mktemp("astray")
    shutil.copytree(ROOT / "kit/serving/template", home / "share/voila/templates/kit")
    shutil.copytree(ROOT / "notebooks", home / "books")
    for path in (home / "books").rglob("*.ipynb"):
        book = nbformat.read(path, 4)
        book.metadata["voila"] = {"template": request.param}
        nbformat.write(book, path)
    port = free_port()
    books = str(home / "books")
    call = [sys.executable, "-m", "voila", books, "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    url = f"http://127.0.0.1:{port}"
    with running(call, url, home, settings_below(home) | {"JUPYTER_PATH": str(home / "share")}):
        yield url, home


@pytest.mark.slow
@pytest.mark.browser
@in_test_long
def test_under_voila_it_leads_on(voila: tuple[str, Path], browser: Browser) -> None:
    url, home = voila
    page = browser.new_context(locale="en-CA", viewport={"width": axe.NARROW, "height": 640}).new_page()
    page.context.route(lambda one: url not in one, lambda route: route.abort())
    page.set_default_timeout(PATIENCE * 1000)
    for notebook in ("console", "report"):
        page.goto(f"{url}/voila/render/desk/{notebook}.ipynb?lang=en")
        for sentence in words(notebook, "en"):
            expect(page.get_by_text(sentence)).to_be_visible()
        assert page.get_by_text(words(notebook, "fr")[0]).count() == 0
        assert "Traceback" not in page.locator("body").inner_text()
    # Voila's own page would open it in another tab.
    page.goto(page.get_by_role("link", name="welcome.ipynb").evaluate("link => link.href"))
    expect(page.get_by_role("heading", name=say("en", "alone.welcome.title"))).to_be_visible()
    assert not list(home.rglob("store.db"))
    page.context.close()


@pytest.mark.slow
@pytest.mark.browser
@in_test_long
def test_where_no_language_is_known_it_says_so_in_each(voila: tuple[str, Path], browser: Browser) -> None:
    """Voila hands on no header by itself."""
    url, _ = voila
    page = browser.new_context(locale="en-CA").new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(f"{url}/voila/render/desk/console.ipynb")
    for lang in languages():
        expect(page.locator(f"section[lang={lang}]").get_by_text(words("console", lang)[0])).to_be_visible()
    page.context.close()
