"""A home that cannot be written, as in many containers: a workshop runs where --store says, or a line says what to do.

Root may write anywhere, so the home here lies below a file: nobody can make a folder there.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE
from tests.support.workshop import KIT, ROOT, environment, serving

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="HOME is not what leads home there")


@pytest.fixture
def no_home(tmp_path: Path) -> dict[str, str]:
    """An environment with such a home, and nothing that leads around it."""
    (tmp_path / "file").write_text("no folder")
    home = str(tmp_path / "file" / "home")
    return {"HOME": home, "MPLCONFIGDIR": f"{home}/fonts"}


@pytest.mark.slow
def test_phones_console_and_wall_open(tmp_path: Path, no_home: dict[str, str]) -> None:
    with serving(tmp_path, "--exercises", "pulse", **no_home) as made:
        host = made.host_device()
        for page in ("/console", "/screen"):
            assert host.get(page).status == 200, page
        person = made.device()
        person.take_seat(made.code)
        assert person.get("/w").status == 200
        assert "Traceback" not in made.log


@pytest.mark.parametrize(("lang", "word"), [("en", "--store or KIT_STORE"), ("fr", "--store ou KIT_STORE")])
def test_without_a_store_that_can_be_written_it_says_what_to_do(
    tmp_path: Path, no_home: dict[str, str], lang: str, word: str
) -> None:
    env = environment(tmp_path, tmp_path, lang) | no_home
    call = [*KIT, "workshop", "--no-browser", "--port", "0"]
    done = subprocess.run(
        call, cwd=ROOT, env=env, capture_output=True, text=True, encoding="utf-8", check=False, timeout=PATIENCE * 2
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert word in done.stderr
    assert no_home["HOME"] in done.stderr
