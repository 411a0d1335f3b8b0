"""Until the form can be used on a slow phone.

A real Chromium with the screen of a phone and an empty cache, its processor slowed 4 times and its network at
1.6 Mbit/s with 150 ms of delay by the browser's own tools (they hold for websockets too, and add the delay to
each request). The time runs from the start of the navigation to the first frame in which the form is on the page
and connected. The person holds a seat; the way through the front door is not counted, and nothing of it is kept
in the cache.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from playwright.sync_api import Browser

from bench import chromium, server
from bench.command import count, finish, main, parser, tell
from bench.pages import page_of, seated
from bench.rows import Figure
from bench.server import Server

REACH = 2.1
CPU, MBIT, DELAY = 4, 1.6, 150


def measure(browser: Browser, place: Server, times: int) -> list[float]:
    """Seconds until usable, so many times, each with an empty cache."""
    page, taken = page_of(place), []
    for _ in range(times):
        with seated(place) as cookies, chromium.visit(browser, place.address, chromium.PHONE) as visit:
            visit.give_cookies(cookies, place.address)
            visit.slow_down(CPU, MBIT, DELAY)
            taken.append(visit.load(place.address + page.path, page.usable))
        tell(f"{place.name}: usable on the phone after {taken[-1]:.2f} s")
    return taken


def figures(kit: Sequence[float], stock: Sequence[float]) -> list[Figure]:
    """The row of this measurement."""
    note = f"median of {len(kit)}, longest {max(kit):.2f} s"
    return [Figure("phone", statistics.median(kit), statistics.median(stock) if stock else None, REACH, note=note)]


def command() -> int:
    """Stock first, then the kit."""
    made = parser(__doc__)
    made.add_argument("--times", type=count, default=5, metavar="N", help="how often (5); stock Voila once")
    made.add_argument("--no-stock", action="store_true", help="leave stock Voila out")
    args = made.parse_args()
    stock: list[float] = []
    with chromium.browser() as browser:
        if not args.no_stock:
            with server.stock() as place:
                stock = measure(browser, place, 1)
        with server.kit() as place:
            kit = measure(browser, place, args.times)
    return finish(figures(kit, stock), args.json)


if __name__ == "__main__":
    main(command)
