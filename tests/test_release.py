"""A release is stopped as long as nobody has said where the repository is published; one command says it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from kit import invitation
from kit.errors import NowherePublished
from tools.release import PLACEHOLDER, ROOT, say, unsaid

# What is told of where the kit is published. What else needs it asks the package (`kit.invitation.binder`).
PLACES = ["README.fr.md", "README.md", "pyproject.toml"]
SOMEWHERE = "somebody/a-kit"


def test_it_is_said_in_these_places_alone_until_one_command_names_it(tmp_path: Path) -> None:
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    named = urls["Homepage"].removeprefix("https://github.com/")
    assert unsaid(ROOT) == (PLACES if named == PLACEHOLDER else [])
    for name in PLACES:
        text = (ROOT / name).read_text("utf-8")
        assert f"/{named}" in text
        (tmp_path / name).write_text(text.replace(named, PLACEHOLDER), "utf-8")
    assert say(tmp_path, SOMEWHERE) == PLACES
    assert unsaid(tmp_path) == []
    for name in PLACES:
        assert (tmp_path / name).read_text("utf-8") == (ROOT / name).read_text("utf-8").replace(named, SOMEWHERE)


@pytest.mark.skipif(not unsaid(ROOT), reason="it has been said")
def test_a_placeholder_stops_a_release(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools/release.py", tmp_path / "dist"], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 1
    assert all(name in done.stderr for name in PLACES)
    assert "--at" in done.stderr
    assert not (tmp_path / "dist").exists()


def test_the_command_itself(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools/release.py", tmp_path / "tools")
    (tmp_path / "README.md").write_text(f"https://mybinder.org/v2/gh/{PLACEHOLDER}/HEAD\r\n", "utf-8", newline="")
    call = [sys.executable, tmp_path / "tools/release.py", "--at"]
    wrong = subprocess.run([*call, "https://github.com/x"], capture_output=True, text=True, check=False)
    assert (wrong.returncode, "NAME/REPOSITORY" in wrong.stderr) == (2, True)
    done = subprocess.run([*call, SOMEWHERE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "README.md\n"), done.stderr
    assert (tmp_path / "README.md").read_bytes() == b"https://mybinder.org/v2/gh/somebody/a-kit/HEAD\r\n"


@pytest.mark.parametrize(
    ("home", "there"),
    [
        (f"https://github.com/{SOMEWHERE}", f"https://mybinder.org/v2/gh/{SOMEWHERE}/HEAD"),
        (f"https://github.com/{PLACEHOLDER}", None),
        (None, None),
    ],
)
def test_a_link_for_home_leads_where_the_package_says(
    monkeypatch: pytest.MonkeyPatch, home: str | None, there: str | None
) -> None:
    """Better none than one that leads nowhere: people at home would be left with it."""
    told = _Metadata([f"Homepage, {home}", "Issues, https://example.org"] if home else [])
    monkeypatch.setattr(invitation, "metadata", lambda name: told)
    if there:
        assert invitation.binder() == there
    else:
        with pytest.raises(NowherePublished):
            invitation.binder()


class _Metadata:
    """A package's own description, with these addresses."""

    def __init__(self, urls: list[str]) -> None:
        self._urls = urls

    def get_all(self, name: str, default: list[str]) -> list[str]:
        return self._urls if name == "Project-URL" and self._urls else default
