"""`kit` and `kit start`: the trainer's own page in the browser, for everything without the command line."""

from __future__ import annotations

import signal
from argparse import Namespace
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

from kit.quick import quickly
from kit.texts import default_language, say

if TYPE_CHECKING:
    from kit.cli.home.page import Home

LOOK_SECONDS = 1.0


def start(args: Namespace) -> int:
    """Serve the page until it is closed there, by Ctrl-C or by a signal; everything that it began ends then."""
    from kit.cli.commands import starting
    from kit.cli.keeping import forget_due

    starting()
    with quickly():
        from kit.cli.home.house import House
        from kit.cli.home.page import Home, page
        from kit.exercise import exercises
        from kit.practice import passing_folder
        from kit.store import Store

        exercises()
    if args.packs:
        from kit.cli.home.packs import bring

        bring(args.packs, named=bool(args.region))
    with Store.open(args.store) as store, passing_folder("kit_home_") as folder:
        forget_due(store)
        house = House(store, folder)
        home = Home(house)
        with suppress(ValueError):  # not in the main thread
            signal.signal(signal.SIGTERM, lambda *_: house.over.set())
        try:
            with page(home, args.page_port) as address:
                print(say(default_language(), "home.open", address=address), flush=True)
                if not args.no_browser:
                    Thread(target=_open, args=(home, address)).start()
                # On Windows, waiting without an end would not hear Ctrl-C.
                while not house.over.wait(LOOK_SECONDS):
                    pass
        finally:
            # Whoever stops it before a browser has come leaves no file.
            home.seen.set()
            house.close()
    return 0


def _open(home: Home, address: str) -> None:
    """Open the page in the browser; the file that leads there goes once it has come."""
    from kit.cli.opening import leading_page, open_file, private_file
    from kit.serving.tickets import LASTS_SECONDS

    with private_file(leading_page(address, {}, "get")) as file:
        open_file(file)
        home.seen.wait(LASTS_SECONDS)
