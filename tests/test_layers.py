"""A module imports only from below: the levels of the plan, kept over the syntax tree."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# The first pattern that fits a module's name gives its level. Modules of one pattern may import each other: a room
# that has an order inside names its modules before itself. No exercise imports another.
LEVELS = (
    ("kit.texts", 0),
    ("kit.errors", 0.5),
    ("kit.yamls", 0.6),
    ("kit.faults", 0.7),
    ("kit.twine", 1),
    *((f"kit.twine_{one}", 0.9) for one in ("marks", "html")),
    ("kit.sentences", 0.8),
    ("kit.content", 1),
    ("kit.content_check", 1.1),
    ("kit.session", 1),
    ("kit.guides", 1),
    ("kit.days", 0.5),
    ("kit.terms", 1.1),
    ("kit.regions.pack", 1.5),
    *((f"kit.regions.{one}", 1.6) for one in ("place", "telling")),
    ("kit.regions", 2),
    ("kit.offline", 0),
    ("kit.summary", 1),
    ("kit.typeset", 1.1),
    ("kit.contact", 1),
    ("kit.spoken", 1),
    ("kit.cards", 1.2),
    ("kit.sealed", 1),
    ("kit.letters", 1),
    ("kit.quick", 0),
    ("kit.tables", 1.2),
    ("kit.answers", 1.5),
    ("kit.files", 1.5),
    ("kit.closing", 1.6),
    ("kit.brought", 1.6),
    ("kit.decisions", 1.5),
    ("kit.stories", 1.7),
    ("kit.story_check", 1.75),
    ("kit.twee", 1.8),
    ("kit.directory", 1.5),
    ("kit.exercise", 2),
    ("kit.sectors", 2.1),
    ("kit.upgrades", 2.2),
    ("kit.versions", 0.5),
    ("kit.transfer", 2.3),
    ("kit.invitation", 2.2),
    ("kit.picture", 2),
    ("kit.exercises.*.listed", 2.3),
    ("kit.exercises.*.model", 2.5),
    ("kit.agenda.place", 2.38),
    ("kit.agenda.model", 2.4),
    *((f"kit.agenda.{one}", 2.42) for one in ("table", "course")),
    ("kit.agenda.slots", 2.41),
    ("kit.agenda.protocol", 2.44),
    ("kit.agenda.check", 2.45),
    ("kit.agenda.offers", 2.46),
    ("kit.agenda", 2.4),
    ("kit.disclosure", 2.5),
    ("kit.shared", 2.8),
    ("kit.telling", 2.9),
    ("kit.foretelling", 2.95),
    ("kit.findings", 2.95),
    ("kit.twice", 2.95),
    ("kit.exercises.*.summary", 3),
    ("kit.exercises.*.above", 2.65),
    ("kit.exercises.*.lines", 2.7),
    ("kit.exercises.*.bring", 2.8),
    ("kit.exercises.*.files", 3),
    ("kit.exercises.*.group", 3),
    ("kit.exercises.*.view", 4.5),
    ("kit.exercises.*", 3),
    ("kit.exercises", 0),
    ("kit.store", 3),
    ("kit.figures", 3.5),
    ("kit.views", 4),
    ("kit.summaries", 4.9),
    ("kit.results", 5),
    ("kit.deciding", 5.05),
    ("kit.following", 5),
    ("kit.series", 5.05),
    ("kit.retention", 5.05),
    ("kit.intake", 5),
    ("kit.reports", 6),
    # What both sides of a kernel know, what runs inside it, then the server.
    *((f"kit.serving.{one}", 5.1) for one in ("wire", "protocol", "headers", "network", "site")),
    *((f"kit.serving.{one}", 5.1) for one in ("tries", "joins", "trial", "tickets", "compressed", "health", "tls")),
    *((f"kit.serving.inside.{one}", 5.15) for one in ("adding", "together", "undoing")),
    *((f"kit.serving.inside.{one}", 5.2) for one in ("widgets", "watchdog", "conducting", "ready", "standing")),
    *((f"kit.serving.inside.{one}", 5.3) for one in ("line", "watching")),
    ("kit.serving.inside.wall", 5.35),
    *((f"kit.serving.inside.{one}", 5.4) for one in ("keeper", "participant", "facilitator")),
    ("kit.serving.inside.hold", 5.5),
    ("kit.serving.inside", 5),
    *((f"kit.serving.{one}", 5.2) for one in ("assets", "link", "room", "reach", "arrival", "client", "sources")),
    *((f"kit.serving.{one}", 5.3) for one in ("kernels", "routes", "doctor")),
    ("kit.serving.hall", 5.4),
    ("kit.serving.web", 5.5),
    *((f"kit.serving.{one}", 5.55) for one in ("joining", "card")),
    *((f"kit.serving.{one}", 5.6) for one in ("door", "passing", "desk", "phones", "lines", "pages", "rendering")),
    ("kit.serving.app", 6),
    ("kit.serving", 5),
    ("kit.rehearsal", 6),
    ("kit.practice", 3.1),
    ("kit.testing", 7),
    ("kit.cli", 7),
    ("kit.__main__", 8),
)


# Whatever its level: a view gets a callback, and an exercise its answers.
NEVER = (("kit.views", "kit.store"), ("kit.exercises", "kit.store"))
# `kit` itself is the face that notebooks see: modules ask it where it lies and which version it is, and nothing else.
OF_THE_FACE = ("kit", "kit.__version__")


def modules():
    for path in sorted((ROOT / "kit").rglob("*.py")):
        if "node_modules" not in path.parts:
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


ALL = dict(modules())


def inside(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def place(name: str) -> tuple[float, str]:
    """The level of a module, and the room in which it may import from its own level."""
    have = name.split(".")
    if name == "kit" or (len(have) == 2 and name not in ALL):
        return 8, "kit"
    for pattern, number in LEVELS:
        wanted = pattern.split(".")
        if len(have) >= len(wanted) and all(w in ("*", h) for w, h in zip(wanted, have, strict=False)):
            return number, ".".join(have[:3]) if pattern.startswith("kit.exercises.") else pattern
    raise LookupError(f"give {name} a level")


def imported(name: str, tree: ast.AST, is_package: bool):
    """Every module of the kit that one imports, wherever in it; `import_module` calls are by name and not seen."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "kit")
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            if node.level:
                up = name.split(".")[: len(name.split(".")) - node.level + is_package]
                source = ".".join([*up, *([source] if source else [])])
            if source.split(".")[0] == "kit":
                found = {f"{source}.{alias.name}" for alias in node.names}
                yield from (one if one in ALL or source == "kit" else source for one in found)


def faults(name: str, source: str, is_package: bool = False) -> list[str]:
    """What a module imports and should not."""
    try:
        own, room = place(name)
        found = []
        for other in sorted(set(imported(name, ast.parse(source), is_package))):
            if other == name or other in OF_THE_FACE:
                continue
            level, its_room = place(other)
            elsewhere = other.startswith("kit.exercises.") and name.startswith("kit.exercises.") and its_room != room
            never = any(inside(name, one) and inside(other, barred) for one, barred in NEVER)
            if elsewhere or never or not (level < own or (level == own and its_room == room)):
                found.append(f"{name} (level {own}) imports {other} (level {level})")
        return found
    except LookupError as unknown:
        return [str(unknown)]


@pytest.mark.parametrize(("name", "path"), ALL.items(), ids=ALL)
def test_a_module_imports_from_below_only(name, path):
    assert faults(name, path.read_text("utf-8"), path.name == "__init__.py") == []


PLANTED = {
    "at the top": ("kit.exercises.action_plan.sheets", "from kit.serving.app import make_app"),
    "in a function": ("kit.store.engine", "def late():\n    from kit.views.form import FormView"),
    "in a method of a class": ("kit.views.form", "class A:\n    def late(self):\n        import kit.store.answers"),
    "by another name": ("kit.disclosure", "import kit.store.engine as e"),
    "a module out of its package": ("kit.session", "from kit import store"),
    "a relative one": ("kit.figures.charts", "from ..serving import app"),
    "a relative one in a package": ("kit.store", "from ..reports import make"),
    "everything of a module": ("kit.content", "from kit.exercise import *"),
    "for types only": ("kit.summary", "if TYPE_CHECKING:\n    from kit.store import Store"),
    "where it may be missing": ("kit.content", "try:\n    import kit.cli\nexcept ImportError:\n    pass"),
    "rules that know the telling": ("kit.exercises.pulse.model", "from kit.exercises.pulse.summary import summarise"),
    "a helper that knows the view": ("kit.exercises.agreement.document", "from kit.views.form import FormView"),
    "a summary that reads the store": ("kit.exercises.pulse.summary", "from kit.store import Store"),
    "another exercise": ("kit.exercises.pulse.summary", "from kit.exercises.strengths.model import Model"),
    "one of the same height": ("kit.rehearsal", "from kit.reports.make import make"),
    "the face of the kit": ("kit.reports.run", "from kit import open_exercise"),
    "a module without a level": ("kit.brand_new.thing", "import re"),
}


@pytest.mark.parametrize(("name", "planted"), PLANTED.values(), ids=PLANTED)
def test_an_import_from_above_is_found_wherever_it_stands(name, planted):
    path = ALL.get(name)
    text = path.read_text("utf-8") if path else ""
    is_package = path is not None and path.name == "__init__.py"
    assert len(faults(name, f"{text}\n{planted}\n", is_package)) == 1


def test_no_class_name_stands_for_two_things():
    """`Model` and `View` are what an exercise's package must call them; a private name is its module's own."""
    stands = Counter(
        node.name
        for path in ALL.values()
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and node.name not in ("Model", "View")
    )
    assert [name for name, times in stands.items() if times > 1] == []


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
