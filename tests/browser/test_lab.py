"""The self-study notebooks in JupyterLab: run the one cell, answer, see one's own picture."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kit.cli.new import KERNEL
from tests.support.waiting import eventually

NOTEBOOKS = Path(__file__).parent.parent.parent / "notebooks"

# The shared form, and one view of an exercise's own.
SLUGS = ("reflection", "partnership", "resources")

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on copies of the notebooks, with settings of its own."""
    home = tmp_path_factory.mktemp("lab")
    # The kernel's name as it is here: an installed one may be older.
    shutil.copytree(NOTEBOOKS.parent / "kit/kernelspec", home / "share/kernels/collaboration-kit")
    for slug in SLUGS:
        shutil.copy(NOTEBOOKS / f"{slug}.ipynb", home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    call = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
        "--IdentityProvider.token=t0ken", f"--ServerApp.root_dir={home}", "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    env = {**os.environ, "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
           "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"), "IPYTHONDIR": str(home / "ipython"),
           "JUPYTER_PATH": str(home / "share")}  # fmt: skip
    with (home / "lab.log").open("w") as log:
        running = subprocess.Popen(call, cwd=home, env=env, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: _answers(f"{url}/api/status?token=t0ken"), "JupyterLab answers")
        yield url
    finally:
        running.terminate()
        running.wait(30)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_notebook_opens_its_exercise_in_jupyterlab(lab: str, browser: Browser, slug: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="fr-CA")
    page.goto(f"{lab}/lab/tree/{slug}.ipynb?token=t0ken&reset")
    cell = page.locator(".jp-CodeCell").first
    cell.wait_for(timeout=60_000)
    page.get_by_text("| Idle").first.wait_for(timeout=60_000)
    assert page.locator(".jp-KernelName:visible").inner_text() == KERNEL
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    radio = page.locator(".kit fieldset input[type=radio]").first
    radio.wait_for(timeout=60_000)
    radio.check()
    expect(page.locator(".kit [data-is=saved]").first).to_be_visible()
    page.get_by_role("button", name="Voir mon portrait").click()
    expect(page.locator(".kit-result, .kit-summary").first).to_be_visible()
    page.close()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False
