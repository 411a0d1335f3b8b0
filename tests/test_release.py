"""A release is stopped as long as nobody has said where the repository is published."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools.release import PLACEHOLDER, ROOT, unsaid


def test_a_placeholder_stops_a_release(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"https://example.org/{PLACEHOLDER}", "utf-8")
    (tmp_path / "pyproject.toml").write_text("", "utf-8")
    assert unsaid(tmp_path) == ["README.md"]
    (tmp_path / "README.md").write_text("https://example.org/somebody/kit", "utf-8")
    assert unsaid(tmp_path) == []


def test_this_repository_as_it_stands() -> None:
    if found := unsaid(ROOT):
        done = subprocess.run(
            [sys.executable, ROOT / "tools/release.py"], capture_output=True, text=True, check=False
        )  # fmt: skip
        assert done.returncode == 1
        assert all(name in done.stderr for name in found)
