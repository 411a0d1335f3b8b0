"""YAML as an author writes it: where each thing stands, and what stands there twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Twice:
    """A name that stands twice in one group, so that only the second would count; or one that is read as no name."""

    path: Path
    key: str
    line: int


class Places:
    """The lines of a YAML text, counted from 1, by the path to what stands there.

    twice  names that stand twice in one group; `odd` are those that YAML reads as something else than a name: no, on, 1
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._ids: dict[str, int] = {}
        self.twice: list[Twice] = []
        self.odd: list[Twice] = []
        root = yaml.compose(text, Loader=LOADER)
        if root is not None:
            self._walk(root, (), frozenset(), ())

    def line(self, path: Path) -> int:
        """The line of what stands at `path`, or of the nearest thing around it; 0 in an empty text."""
        return next((self._lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self._lines), 0)

    def of(self, where: str) -> int:
        """The line of what an author calls so: "scales.degree.much", or the id of something in a list.

        Of an id that stands twice, the last one.
        """
        path = tuple(where.split("."))
        return self._lines.get(path) or self._ids.get(where) or self.line(path)

    def _walk(self, node: yaml.Node, path: Path, above: frozenset[int], ids: tuple[str, ...]) -> None:
        self._lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in above:
            return  # an alias that holds itself
        below = list(self._below(node, path))
        for step, child, line in below:
            if step == "id" and isinstance(child, yaml.ScalarNode):
                ids = (*ids, str(child.value))
                # Called by its own id, and by those around it: "opening.split_it".
                self._ids |= {".".join(ids[at:]): line for at in range(len(ids))}
        for step, child, line in below:
            self._lines[(*path, step)] = line
            self._walk(child, (*path, step), above | {id(node)}, ids)

    def _below(self, node: yaml.Node, path: Path) -> Iterator[tuple[str | int, yaml.Node, int]]:
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, child in node.value:
                name, line = str(key.value), key.start_mark.line + 1
                if isinstance(key, yaml.ScalarNode) and key.tag.rpartition(":")[2] not in ("str", "merge"):
                    self.odd.append(Twice((*path, name), name, line))
                if name in seen and name != "<<":
                    self.twice.append(Twice((*path, name), name, line))
                seen.add(name)
                yield name, child, line
        elif isinstance(node, yaml.SequenceNode):
            for at, child in enumerate(node.value):
                yield at, child, child.start_mark.line + 1
