"""How long the facilitator's click on "reveal" takes, before and now: `python -m bench.reveal`.

"Before" is the kit at the commit in `bench.earlier`, in the same run where git has it. Before and now take turns, so
that whatever else the machine does strikes both; of several times the fastest counts. Seconds on the clock, and in
brackets of the processor, which other work on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.command import count, tell
from bench.earlier import ROOT, earlier, run_with
from bench.table import rows as table

SIZES = (24, 300, 2000)
TIMES = 3
EXERCISES = ("partnership", "scenarios", "resources")
# Exercise → seconds on the clock and of the processor.
Fastest = Mapping[str, tuple[float, float]]


def measured(kit: Path, people: int, times: int, slugs: Sequence[str]) -> Fastest:
    """The fastest reveal of each exercise with the kit in this folder."""
    found = run_with(kit, "revealing.py", str(people), str(times), *slugs)
    return {slug: (min(one for one, _ in took), min(one for _, one in took)) for slug, took in found.items()}


def main() -> int:
    """Measure and print a table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=count, nargs="+", default=SIZES, metavar="N", help="sizes (24, 300, 2000)")
    asked.add_argument("--times", type=count, default=TIMES, metavar="T", help=f"reveals of each ({TIMES})")
    asked.add_argument("--exercises", nargs="+", default=EXERCISES, metavar="NAME", help=", ".join(EXERCISES))
    args = asked.parse_args()
    lines = []
    with earlier() as kit:
        for n in args.people:
            tell(f"a reveal with {n} people")
            before = measured(kit, n, args.times, args.exercises) if kit else {}
            now = measured(ROOT, n, args.times, args.exercises)
            lines += [[f"`{slug}`, {n} people", _told(before.get(slug)), _told(now[slug])] for slug in args.exercises]
    print(table(["reveal", "before", "now"], lines))
    return 0


def _told(took: tuple[float, float] | None) -> str:
    return "–" if took is None else f"{took[0]:.2f} s ({took[1]:.2f} s)"


if __name__ == "__main__":
    sys.exit(main())
