"""The page's JavaScript: types, lint, unit tests, and that what is committed is what the sources build."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FRONTEND = ROOT / "kit" / "serving" / "frontend"
TESTS = sorted((ROOT / "tests" / "javascript").glob("*.test.js"))

needs_node = pytest.mark.skipif(not shutil.which("npm"), reason="needs Node")


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, with the parts that the lock file names."""
    whole = tmp_path_factory.mktemp("javascript") / "kit"
    left_out = shutil.ignore_patterns("node_modules", "__pycache__", "*.py", "*.yaml", "*.txt.gz")
    shutil.copytree(ROOT / "kit", whole, ignore=left_out)
    place = whole / FRONTEND.relative_to(ROOT / "kit")
    got = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=place, capture_output=True, text=True)
    if got.returncode:
        pytest.skip(f"its parts cannot be had here: {got.stderr[-200:]}")
    return place


def run(place: Path, script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["npm", "run", "--silent", script], cwd=place, capture_output=True, text=True)


@needs_node
@pytest.mark.parametrize("script", ["typecheck", "lint"])
def test_the_sources_are_sound(parts: Path, script: str) -> None:
    done = run(parts, script)
    assert done.returncode == 0, done.stdout + done.stderr


@needs_node
def test_what_is_committed_is_what_the_sources_build(parts: Path) -> None:
    done = run(parts, "check")
    assert done.returncode == 0, done.stderr
    source = parts.parent.parent / "views" / "notes.js"
    text = source.read_text("utf-8")
    source.write_text(text.replace("kit-notes-", "kit-other-"), "utf-8")
    assert "is not what the sources build" in run(parts, "check").stderr
    source.write_text(text, "utf-8")


@needs_node
def test_a_wrong_type_and_a_careless_line_are_found(parts: Path) -> None:
    views = parts.parent.parent / "views"
    (views / "wrong.js").write_text('import { Outbox } from "./outbox.js";\nnew Outbox(1, 2, 3).put(4);\n', "utf-8")
    assert "wrong.js" in run(parts, "typecheck").stdout
    (views / "wrong.js").write_text("export const same = (a, b) => a == b;\n", "utf-8")
    assert "eqeqeq" in run(parts, "lint").stdout
    (views / "wrong.js").unlink()


@needs_node
@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name.split(".")[0])
def test_the_parts_that_need_no_page(path: Path) -> None:
    call = ["node", "--no-warnings", "--test", "--test-reporter=tap", str(path)]
    done = subprocess.run(call, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert int(re.findall(r"^# pass (\d+)$", done.stdout, re.MULTILINE)[0]) > 0


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (FRONTEND / "package-lock.json").read_text("utf-8")
