"""What a first and a second load of the page cost: bytes on the wire, requests, addresses elsewhere.

A real Chromium with an empty cache asks for the page through a relay that counts what TCP carries in both
directions: headers, bodies, websocket frames. It is over when the form can be used and the line has been quiet
for a second. Then the page is left and loaded again with what the browser has kept. Names other than this
machine's are not looked up: a request elsewhere is counted, and what it would have brought is not. For the kit,
the whole way from the join link through the front door is told as well.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from playwright.sync_api import Browser

from bench import chromium, server
from bench.chromium import Visit
from bench.command import finish, main, parser, tell
from bench.pages import PageOf, page_of, seated
from bench.rows import Figure
from bench.server import Server, Workshop
from bench.wire import Wire, wire

REACH_BYTES, REACH_REQUESTS, REACH_ELSEWHERE, REACH_AGAIN = 215.0, 10, 0, 10.0
QUIET = 1.0
AT_MOST = 20.0


@dataclass(frozen=True)
class Load:
    """Bytes in KB. `elsewhere`: requests to other hosts; `seconds` until usable; `door`: the way through it."""

    first: float
    requests: int
    elsewhere: int
    hosts: tuple[str, ...]
    seconds: float
    again: float
    again_requests: int
    again_seconds: float
    door: float | None = None
    door_requests: int = 0


def measure(browser: Browser, place: Server, quiet: float = QUIET) -> Load:
    """Load the page of a server twice, and for the kit a third time through the front door; `quiet` in seconds."""
    page = page_of(place)
    with wire(place.address) as line, seated(place) as cookies:
        with chromium.visit(browser, line.address) as visit:
            visit.give_cookies(cookies, line.address)
            seconds, first = _load(visit, line, page, quiet)
            requests, elsewhere = visit.traffic.requests, tuple(visit.traffic.elsewhere)
            asked_elsewhere = visit.traffic.requests_elsewhere
            visit.page.goto("about:blank")
            _settle(visit, line, quiet)
            visit.traffic.clear()
            again_seconds, again = _load(visit, line, page, quiet)
            again_requests = visit.traffic.requests
        door, door_requests = _through_door(browser, place, line, quiet) if isinstance(place, Workshop) else (None, 0)
    tell(f"{place.name}: {first:.0f} KB in {requests} requests, again {again:.0f} KB in {again_requests}")
    return Load(
        first, requests, asked_elsewhere, elsewhere, seconds, again, again_requests, again_seconds, door, door_requests
    )


def _load(visit: Visit, line: Wire, page: PageOf, quiet: float) -> tuple[float, float]:
    """Seconds until usable, KB until quiet."""
    before = line.total
    seconds = visit.load(line.address + page.path, page.usable)
    _settle(visit, line, quiet)
    return seconds, (line.total - before) / 1000


def _settle(visit: Visit, line: Wire, quiet: float) -> None:
    """Wait until nothing has passed for a while."""
    until, last, since = time.monotonic() + AT_MOST, line.total, time.monotonic()
    while time.monotonic() - since < quiet and time.monotonic() < until:
        visit.page.wait_for_timeout(50)
        if line.total != last:
            last, since = line.total, time.monotonic()


def _through_door(browser: Browser, place: Workshop, line: Wire, quiet: float) -> tuple[float, int]:
    """KB and requests of somebody who comes with the join link: notice, sector, card, page."""
    with chromium.visit(browser, line.address) as visit:
        before = line.total
        visit.page.goto(f"{line.address}/j/{place.code}")
        visit.page.locator('input[name="sector"]').first.check()
        visit.page.locator('form button[type="submit"]').click()
        visit.page.wait_for_url("**/card")
        visit.page.locator('a[href="/w"]').click()
        visit.page.wait_for_function(f"() => {{ {page_of(place).usable} }}", timeout=chromium.PATIENCE)
        _settle(visit, line, quiet)
        told = (line.total - before) / 1000, visit.traffic.requests
        visit.page.evaluate("() => fetch('/exit', {method: 'POST'})")
        return told


def figures(kit: Load, stock: Load | None) -> list[Figure]:
    """The rows of this measurement."""
    hosts = f"stock asks {', '.join(stock.hosts)}; what would come from there is not counted" if stock else ""
    made = [
        Figure("load_bytes", kit.first, stock.first if stock else None, REACH_BYTES, note=_usable(kit, stock)),
        Figure("load_requests", kit.requests, stock.requests if stock else None, REACH_REQUESTS),
        Figure("load_elsewhere", kit.elsewhere, stock.elsewhere if stock else None, REACH_ELSEWHERE, note=hosts),
        Figure("load_again", kit.again, stock.again if stock else None, REACH_AGAIN, note=_again(kit, stock)),
    ]
    if kit.door is not None:
        made.append(Figure("load_door", kit.door, note=f"{kit.door_requests} requests"))
    return made


def _usable(kit: Load, stock: Load | None) -> str:
    return f"usable after {kit.seconds:.2f} s" + (f", stock {stock.seconds:.2f} s" if stock else "")


def _again(kit: Load, stock: Load | None) -> str:
    told = f"{kit.again_requests} requests, usable after {kit.again_seconds:.2f} s"
    return told + (f"; stock {stock.again_requests} requests, {stock.again_seconds:.2f} s" if stock else "")


def command() -> int:
    """Stock first, then the kit."""
    made = parser(__doc__)
    made.add_argument("--no-stock", action="store_true", help="leave stock Voila out")
    args = made.parse_args()
    stock = None
    with chromium.browser() as browser:
        if not args.no_stock:
            with server.stock() as place:
                stock = measure(browser, place)
        with server.kit() as place:
            kit = measure(browser, place)
    return finish(figures(kit, stock), args.json)


if __name__ == "__main__":
    main(command)
