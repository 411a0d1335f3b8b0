"""Which version each installed exercise has, read from its files without loading it: the store asks at every start."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable

GROUP = "kit.exercises"
_SLUG = re.compile(r"^slug:\s*[\"']?([a-z0-9_]+)", re.MULTILINE)
_VERSION = re.compile(r"^version:\s*(\d+)", re.MULTILINE)


def packages() -> Iterator[str]:
    """The packages of exercises: the folders of this package, then those of the entry-point group."""
    own = sorted(p.name for p in files("kit.exercises").iterdir() if p.joinpath("structure.yaml").is_file())
    yield from (f"kit.exercises.{name}" for name in own)
    yield from (point.value for point in entry_points(group=GROUP))


@cache
def versions() -> Mapping[str, int]:
    """The version of each exercise by its slug; the first of two with one slug counts.

    A package that cannot be read is left out here as it is in `kit.exercise.exercises`, which tells it.
    """
    found: dict[str, int] = {}
    for package in packages():
        try:
            folder = files(package)
            slug = _SLUG.search(folder.joinpath("structure.yaml").read_text("utf-8"))
        except Exception:  # whatever somebody else's package does when it is imported
            continue
        if slug:
            found.setdefault(slug[1], version_in(folder))
    return found


def version_in(folder: Traversable) -> int:
    """The version of the exercise in this folder: it grows with the version of each of its stories too."""
    stories = folder.joinpath("stories")
    told = sorted(stories.iterdir(), key=lambda one: one.name) if stories.is_dir() else []
    return _number(folder) + sum(_number(story) - 1 for story in told if story.joinpath("structure.yaml").is_file())


def _number(folder: Traversable) -> int:
    found = _VERSION.search(folder.joinpath("structure.yaml").read_text("utf-8"))
    return int(found[1]) if found else 1
