"""A Jupyter server or a Voila of the test's own, as somebody runs it who studies alone: settings from one folder."""

from __future__ import annotations

import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Page, TimeoutError

from kit.cli.new import KERNEL
from tests.support.waiting import eventually

TOKEN = "t0ken"
SOON = 3000  # Milliseconds for one click: a dialog that comes in its way is answered first.


def settings_below(home: Path) -> dict[str, str]:
    """An environment in which Jupyter and IPython read and write below `home` only."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "KIT_"))}
    own = {
        "JUPYTER_CONFIG_DIR": "config", "IPYTHONDIR": "ipython", "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "spaces",
    }  # fmt: skip
    return {**kept, "HOME": str(home), **{name: str(home / folder) for name, folder in own.items()}}


@contextmanager
def running(call: Sequence[str], url: str, home: Path, env: Mapping[str, str], **more: object) -> Iterator[str]:
    """The server that `call` starts, once it answers; its log is `home/server.log`."""
    log = home / "server.log"
    with log.open("w") as file:
        server = subprocess.Popen(call, cwd=home, env=dict(env), stdout=file, stderr=file, **more)  # type: ignore[call-overload]
    try:
        eventually(lambda: _answers(url) or server.poll() is not None, "the server answers")
        assert server.poll() is None, log.read_text()
        yield url
    finally:
        server.terminate()
        server.wait(30)


def run_the_cell(page: Page, word: str) -> None:
    """Run the cell that says this word, once its kernel is there.

    JupyterLab asks which kernel it should take (and suggests another) when a cell is run while its own still starts:
    then this one is chosen, as the guide tells people to; what was asked is in the test's output.
    """
    cell = page.locator(".jp-NotebookPanel:visible .jp-CodeCell", has_text=word).first
    cell.wait_for()
    ready = page.locator(".jp-NotebookPanel:visible .jp-Notebook-ExecutionIndicator[data-status=idle]")

    def ran() -> bool:
        asked = page.locator(".jp-Dialog:visible")
        with suppress(TimeoutError):  # What came between look and click is seen at the next look.
            if asked.count():
                print("JupyterLab asks:", asked.first.inner_text(timeout=SOON))
                if asked.first.locator("select").count():
                    asked.first.locator("select").select_option(label=KERNEL, timeout=SOON)
                asked.first.locator("button.jp-mod-accept").click(timeout=SOON)
            elif ready.count() and cell.locator(".jp-InputPrompt").first.inner_text() == "[ ]:":
                cell.locator(".cm-content").first.click(timeout=SOON)
                page.keyboard.press("Shift+Enter")
                page.wait_for_timeout(1000)
        return cell.locator(".kit").count() > 0

    eventually(ran, "the cell shows its page")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/api/status?token={TOKEN}", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, urllib.error.URLError):
        return False
