"""The scripts and style sheets of the views, as `make frontend` has built them.

A script is one module, whether it travels with its widget or is asked for by its address.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from kit.exercise import exercises

HERE = Path(__file__).parent
# Where `make frontend` puts what it makes of the scripts beside this folder.
BUILT = "built"
# In a kernel's environment: names of the scripts that its server has, with spaces between them.
SCRIPTS = "KIT_SCRIPTS"
# Where it has them, below the path that the server itself is at, which kernels know as this.
PATH = "/v/"
BASE = "KIT_BASE"


@cache
def built(name: str) -> str:
    """One of this folder's scripts ("form", "room"), with all that it imports, as it was built ahead."""
    return (HERE / BUILT / f"{name}.js").read_text("utf-8")


@cache
def script_of(folder: Path) -> str:
    """The script of the view of the exercise in this folder; the shared form's where it has no `view.js`.

    One that was not built ahead, as in another package, is one plain module. The object `kit` stands before it, with
    the parts that `kit.js` names.
    """
    plain = folder / "view.js"
    if (made := ahead(plain)) != plain:
        return made.read_text("utf-8")
    return f"{built('kit')}\n{plain.read_text('utf-8')}" if plain.is_file() else built("form")


@cache
def name_of(script: str) -> str:
    """What a server calls a script: a digest of its content, so that whoever asks for it gets no other."""
    return hashlib.sha256(script.encode()).hexdigest()[:16] + ".js"


@cache
def styles() -> str:
    """The style sheet that every page of the kit shares, and below it the `view.css` of each exercise that has one."""
    own = (Path(str(one.folder)) / "view.css" for one in exercises().values())
    return "\n".join(ahead(path).read_text("utf-8") for path in (HERE / "kit.css", *own) if path.is_file())


def ahead(path: Path) -> Path:
    """What was built of a file, without what only we read; the file itself where nothing was, as in another package."""
    made = path.parent / BUILT / path.name
    return made if made.is_file() else path
