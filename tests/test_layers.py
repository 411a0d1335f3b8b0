"""A module imports only from below: the levels of the plan, kept over the syntax tree."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# The first pattern that fits a module's name gives its level.
LEVELS = (
    ("kit.texts", 0),
    ("kit.errors", 0.5),
    ("kit.content", 1),
    ("kit.session", 1),
    ("kit.summary", 1),
    ("kit.contact", 1),
    ("kit.answers", 1.5),
    ("kit.files", 1.5),
    ("kit.decisions", 1.5),
    ("kit.stories", 1.7),
    ("kit.twee", 1.8),
    ("kit.directory", 1.5),
    ("kit.exercise", 2),
    ("kit.transfer", 2.2),
    ("kit.exercises.*.listed", 2.3),
    ("kit.exercises.*.model", 2.5),
    ("kit.disclosure", 2.5),
    ("kit.exercises.*.summary", 3),
    ("kit.exercises.*.bring", 2.8),
    ("kit.exercises.*.files", 3),
    ("kit.exercises.*.group", 3),
    ("kit.store", 3),
    ("kit.figures", 3.5),
    ("kit.views", 4),
    ("kit.exercises.*.view", 4.5),
    ("kit.results", 5),
    ("kit.reports", 6),
    ("kit.serving", 6),
    ("kit.rehearsal", 6),
    ("kit.cli", 7),
    ("kit.__main__", 8),
)


def modules():
    for path in sorted((ROOT / "kit").rglob("*.py")):
        if "frontend" not in path.parts:
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def level(name: str) -> float | None:
    for pattern, number in LEVELS:
        wanted, have = pattern.split("."), name.split(".")
        if len(have) >= len(wanted) and all(w in ("*", h) for w, h in zip(wanted, have, strict=False)):
            return number
    return None


def imported(path: Path):
    """Every module of the kit that a file imports, wherever in it; `import_module` calls are by name."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "kit")
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "kit":
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(("name", "path"), modules())
def test_a_module_imports_from_below_only(name, path):
    own = level(name)
    if own is None:
        assert name in ("kit", "kit.exercises") or name.startswith("kit.exercises."), f"give {name} a level"
        return
    room = ".".join(name.split(".")[:2])
    for other in imported(path):
        below = level(other)
        if below is not None and not other.startswith(room):
            assert below < own, f"{name} (level {own}) imports {other} (level {below})"


def test_importing_the_kit_loads_nothing_heavy():
    heavy = ("ipywidgets", "anywidget", "sqlalchemy", "matplotlib", "voila", "pydantic", "tornado", "numpy")
    code = f"import sys, kit; print([m for m in {heavy!r} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_rules_run_without_widget_database_or_server():
    heavy = ("ipywidgets", "anywidget", "sqlalchemy", "matplotlib", "voila", "tornado", "numpy")
    code = (
        "import sys, kit.exercise, kit.disclosure; kit.exercise.exercises(); "
        f"print([m for m in {heavy!r} if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
