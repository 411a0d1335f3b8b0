"""What Binder does, replayed in a fresh environment: install, postBuild, Jupyter server, the page in a browser."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = ("binder", "kit", "notebooks", "facilitation", "pyproject.toml", "constraints.txt", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A checkout and an environment as repo2docker makes them: requirements.txt, then postBuild."""
    folder = tmp_path_factory.mktemp("binder")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
        else:
            shutil.copy(source, folder / name)
    venv.create(folder / "env", with_pip=True)
    env = environment(folder)
    pip = [str(folder / "env/bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", "requirements.txt"], cwd=folder / "binder", env=env, check=True)
    subprocess.run(["./binder/postBuild"], cwd=folder, env=env, check=True)
    return folder


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "KIT_"))}
    path = f"{folder / 'env/bin'}{os.pathsep}{kept['PATH']}"
    return {**kept, "PATH": path, "HOME": str(folder), "VIRTUAL_ENV": str(folder / "env")}


@pytest.fixture(scope="module")
def server(home):
    """`jupyter server` with a token, as Binder starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    call = [
        str(home / "env/bin/jupyter"), "server", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
        "--IdentityProvider.token=t0ken", "--ServerApp.base_url=/user/someone/", f"--ServerApp.root_dir={home}",
    ]  # fmt: skip
    with (home / "server.log").open("w") as log:
        running = subprocess.Popen(call, cwd=home, env=environment(home), stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}/user/someone"
    try:
        _wait(lambda: _get(f"{url}/api/status?token=t0ken") is not None, running)
        yield url
    finally:
        running.terminate()
        running.wait(20)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(sys.platform == "win32", reason="Binder is Linux")
@pytest.mark.parametrize("slug", ["reflection", "partnership"])
def test_an_exercise_opens_alone_through_voila(server, slug, browser):
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="fr-CA")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server}/voila/render/notebooks/{slug}.ipynb?token=t0ken")
    page.locator("fieldset input[type=radio]").first.wait_for(timeout=60_000)
    page.locator("fieldset input[type=radio]").first.check()
    page.get_by_text("✓").or_(page.locator("[data-is=saved]")).first.wait_for()
    assert page.title() == "Atelier · Workshop"
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Quick exit").wait_for()
    assert page.locator("fieldset input[type=radio]").first.is_checked()
    outside = [url for url in asked if not url.startswith((server, "blob:", "data:"))]
    assert outside == []
    page.goto("about:blank")
    _wait(lambda: _kernels(server) == [])
    page.context.close()


def _kernels(server):
    return json.loads(_get(f"{server}/api/kernels?token=t0ken") or "[]")


def _get(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.read()
    except (urllib.error.URLError, ConnectionError):
        return None


def _wait(done, running=None, seconds=60):
    deadline = time.monotonic() + seconds
    while not done():
        assert running is None or running.poll() is None, "the server has stopped"
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.1)
