"""How much small and large rooms are told, before and now: `python -m bench.usefulness` writes docs/what-is-told*.md.

"Before" is the kit at the commit in `bench.earlier`, measured in the same run where git has it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.earlier import ROOT, earlier, run_with
from bench.table import rows as table
from bench.told import SIZES
from bench.usefulness_words import WORDS

# Exercise → kind of room → size → what is told.
Told = Mapping[str, Mapping[str, Mapping[str, Mapping[str, float]]]]
DOCS = {"en": ROOT / "docs/what-is-told.md", "fr": ROOT / "docs/what-is-told.fr.md"}
# What is told → of how many.
TOTALS = {"sectors": "compared", "shown": "traits"}
ALL_KINDS = ("rehearsed", "uniform", "polarised", "consensual")


def page(lang: str, now: Told, before: Told | None) -> str:
    """The whole document."""
    says = WORDS[lang]
    parts = [says["top"]]
    for what in ("told", "sure", "bands", "middle"):
        parts += [says[what], _table(lang, now, before, "rehearsed", what)]
    parts += [says["shown"], _table(lang, now, before, "rehearsed", "shown")]
    parts.append(says["minds"])
    for kind in ALL_KINDS[1:]:
        parts += [f"**{says[kind]}**", _table(lang, now, before, kind, "sure")]
    parts.append(says["sectors"])
    for kind in ("rehearsed", "sectors"):
        parts += [f"**{says[f'{kind}_sectors']}**", _table(lang, now, before, kind, "sectors")]
    return "\n\n".join([*parts, says["bottom"]]) + "\n"


def _table(lang: str, now: Told, before: Told | None, kind: str, what: str) -> str:
    """A row for each exercise: of how many items it is told, before → now, by size of the room."""
    lines = []
    for slug, kinds in now.items():
        total = TOTALS.get(what, "items")
        of = kinds[kind][str(SIZES[0])][total]
        if not of:
            continue
        was = before[slug][kind] if before and slug in before else None
        cells = []
        for n in SIZES:
            share = _percent(kinds[kind][str(n)], what, total)
            cells.append(f"{_percent(was[str(n)], what, total)} → {share}" if was else share)
        lines.append([f"`{slug}` ({of:g})", *cells])
    return table([WORDS[lang]["exercise"], *map(str, SIZES)], lines)


def _percent(one: Mapping[str, float], what: str, total: str) -> str:
    return f"{round(100 * one[what] / one[total])}" if one[total] else "0"


def main() -> int:
    """Measure both and write the documents, or take what was measured from files."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rooms", default="1", metavar="N", help="rooms of each size and kind (1)")
    asked.add_argument(
        "--measured", nargs=2, type=Path, metavar="FILE", help="what bench/told.py printed, before and now"
    )
    args = asked.parse_args()
    if args.measured:
        before, now = (json.loads(one.read_text("utf-8")) for one in args.measured)
    else:
        now = run_with(ROOT, "told.py", args.rooms)
        with earlier() as kit:
            before = run_with(kit, "told.py", args.rooms) if kit else None
    for lang, path in DOCS.items():
        path.write_text(page(lang, now, before), "utf-8")
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
