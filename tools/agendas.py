"""Write the tables of minutes in facilitation/*/agenda-*.md from the kit's agendas: `python -m tools.agendas`.

`--check` writes nothing, and says which guide tells something else than its agenda.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kit.agenda.model import find_agenda
from kit.agenda.table import rewritten
from kit.texts import languages

GUIDES = Path(__file__).parents[1] / "facilitation"
# Each guide with the agenda that it tells.
TOLD = {
    "agenda-90-minutes": "ninety_minutes",
    "agenda-half-day": "half_day",
    "agenda-full-day": "full_day",
    "agenda-three-meetings": "three_meetings",
}


def differing() -> dict[Path, str]:
    """The guides that say something else than their agenda, each with what it should say."""
    found = {}
    for lang in languages():
        for guide, agenda in TOLD.items():
            path = GUIDES / lang / f"{guide}.md"
            text = path.read_text("utf-8")
            wanted = rewritten(text, find_agenda(agenda), lang)
            if wanted != text:
                found[path] = wanted
    return found


def main() -> int:
    """Write the tables, or (with `--check`) say which are not as they should be."""
    found = differing()
    for path, wanted in found.items():
        sys.stdout.write(f"{path.relative_to(GUIDES.parent)}\n")
        if "--check" not in sys.argv:
            path.write_text(wanted, "utf-8")
    return 1 if found and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
