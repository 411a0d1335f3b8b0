"""The facilitator's guides at the command line."""

from __future__ import annotations

from argparse import Namespace

from kit import guides
from kit.texts import default_language, say


def guide(args: Namespace) -> int:
    """Show one guide, or which ones there are."""
    if args.name:
        print(guides.guide(args.name, args.lang).rstrip())
        return 0
    known = guides.guides(args.lang)
    width = max(map(len, known))
    print(say(default_language(), "calls.guides"), end="\n\n")
    for name, title in known.items():
        print(f"  {name:{width}}  {title}")
    print()
    print(say(default_language(), "calls.guides_folder", folder=guides.folder(args.lang)))
    return 0
