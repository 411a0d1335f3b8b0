"""docs/threats.md promises nothing that no test shows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = ("docs/threats.md", "docs/threats.fr.md")
_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def named(page: str) -> list[tuple[str, str]]:
    """The tests that a page names: file, and function (empty for the whole file)."""
    return _TEST.findall((ROOT / page).read_text("utf-8"))


def functions(file: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_is_named_is_there(page: str) -> None:
    found = named(page)
    assert len(found) > 20
    for file, name in found:
        assert (ROOT / file).is_file(), file
        assert not name or (name.startswith("test_") and name in functions(ROOT / file)), f"{file}::{name}"


@pytest.mark.parametrize("page", PAGES)
def test_every_line_about_a_protection_names_its_test(page: str) -> None:
    lines = [line for line in (ROOT / page).read_text("utf-8").splitlines() if line.startswith("| ")]
    protections = [line for line in lines if "| test |" not in line and not line.startswith("| ---")]
    assert len(protections) > 15
    assert [line[:60] for line in protections if not _TEST.search(line.rstrip("| ").rpartition("|")[2])] == []


def test_both_languages_tell_the_same() -> None:
    one, other = map(named, PAGES)
    assert one == other
    counts = [(ROOT / page).read_text("utf-8").count("\n- **") for page in PAGES]
    assert counts[0] == counts[1]
