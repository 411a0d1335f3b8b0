"""The scripts of the views: each one module, whether it travels with its widget or is asked for by its address."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
# In a kernel's environment: names of the scripts that its server has, with spaces between them.
SCRIPTS = "KIT_SCRIPTS"
# Where it has them.
PATH = "/v/"

_IMPORT = re.compile(r'^import \{[^}]*\} from "(?P<path>\./[^"]+|\.\./[^"]+)";\n', re.MULTILINE)
_DEFAULT = "\nexport default "
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


@cache
def module(path: Path) -> str:
    """An ES module with the files that it imports put in front of it: a widget's code is one module.

    Only `import { name } from "./file.js";` on one line is followed; names are the same in all files. What an
    imported file exports by default (its own view, with which it ends) is left out.
    """
    path = path.resolve()
    parts = _parts(path, set())
    return "".join([*(part.partition(_DEFAULT)[0] for part in parts[:-1]), parts[-1]])


@cache
def name_of(script: str) -> str:
    """What a server calls a script: a digest of its content, so that whoever asks for it gets no other."""
    return hashlib.sha256(script.encode()).hexdigest()[:16] + ".js"


@cache
def styles() -> str:
    """The style sheet that every page of the kit shares."""
    return (HERE / "kit.css").read_text("utf-8")


def _parts(path: Path, seen: set[Path]) -> list[str]:
    if path in seen:
        return []
    seen.add(path)
    text = path.read_text("utf-8")
    imported = [(path.parent / found["path"]).resolve() for found in _IMPORT.finditer(text)]
    before = [part for one in imported for part in _parts(one, seen)]
    return [*before, _EXPORT.sub("", _IMPORT.sub("", text)) + "\n"]
