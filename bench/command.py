"""What the commands share: options, progress, how a result is told, how a failure is."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence

from bench.rows import Figure, as_text
from bench.server import more_descriptors
from bench.trouble import Trouble

MOST_VISITORS = 2000
MOST_SECONDS = 3600.0

_begun = time.monotonic()


def parser(about: str | None) -> argparse.ArgumentParser:
    """A command line with --json."""
    made = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--json", action="store_true", help="print the figures as JSON")
    return made


def add_visitors(made: argparse.ArgumentParser, default: int) -> None:
    """--visitors and --stock: how many people."""
    made.add_argument("--visitors", type=count, default=default, metavar="N", help=f"people at the kit ({default})")
    add_stock(made)


def add_stock(made: argparse.ArgumentParser) -> None:
    """--stock: how many people at stock Voila, which takes seconds and 90 MB for each."""
    made.add_argument("--stock", type=none_or_more, default=20, metavar="N", help="people at stock Voila (20; 0: none)")


def add_seconds(made: argparse.ArgumentParser, default: float) -> None:
    """--seconds: how long to measure."""
    made.add_argument("--seconds", type=seconds, default=default, metavar="S", help=f"how long ({default:g})")


def count(typed: str) -> int:
    """At least one."""
    return _within(int(typed), 1, MOST_VISITORS)


def none_or_more(typed: str) -> int:
    """Zero leaves it out."""
    return _within(int(typed), 0, MOST_VISITORS)


def seconds(typed: str) -> float:
    """A time to measure for."""
    value = float(typed)
    if not 0 < value <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"from 0 to {MOST_SECONDS:g}")
    return value


def tell(progress: str) -> None:
    """One line of progress on stderr, with the seconds since the start."""
    sys.stderr.write(f"[{time.monotonic() - _begun:6.1f} s] {progress}\n")
    sys.stderr.flush()


def finish(figures: Sequence[Figure], as_json: bool) -> int:
    """Print the result."""
    print(json.dumps([one.as_dict() for one in figures], indent=1) if as_json else as_text(figures))
    return 0


def main(run: Callable[[], int]) -> None:
    """Run a command: exit code 0, or 1 with one line that says which path is broken.

    A goal that is missed is no failure.
    """
    if not sys.platform.startswith("linux"):
        sys.exit("bench: what processes use is read from /proc, so this runs on Linux only")
    more_descriptors()
    try:
        sys.exit(run())
    except Trouble as trouble:
        sys.exit(f"bench: {trouble}")
    except KeyboardInterrupt:
        sys.exit(130)


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent do not exceed."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def _within(number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"from {least} to {most}")
    return number
