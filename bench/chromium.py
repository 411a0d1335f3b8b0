"""A real browser, and what it did: requests, hosts, until when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from bench.trouble import Trouble
from tools.browser import find as find_browser

# No name but this machine's is looked up: a page that asks elsewhere is counted, and gets no answer.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PATIENCE = 180_000
_WEB = ("http", "https", "ws", "wss")


@dataclass
class Traffic:
    """What one page asked for since it was last cleared; what came from the browser's own cache is not counted."""

    here: str
    _asked: dict[str, str] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        """Requests that went to the server, each websocket as one."""
        return sum(urlsplit(url).netloc == self.here for url in self._asked.values())

    @property
    def elsewhere(self) -> list[str]:
        """Other hosts that were asked."""
        return sorted({urlsplit(url).netloc for url in self._asked.values()} - {self.here})

    @property
    def requests_elsewhere(self) -> int:
        """Requests to other hosts."""
        return len(self._asked) - self.requests

    def clear(self) -> None:
        """Count anew."""
        self._asked.clear()

    def watch(self, cdp: CDPSession) -> None:
        """Count what this page asks for."""
        cdp.on("Network.requestWillBeSent", lambda told: self._ask(told["requestId"], told["request"]["url"]))
        cdp.on("Network.webSocketCreated", lambda told: self._ask(told["requestId"], told["url"]))
        cdp.on("Network.requestServedFromCache", lambda told: self._drop(told["requestId"]))
        cdp.on("Network.responseReceived", self._answered)
        cdp.send("Network.enable")

    def _ask(self, number: str, url: str) -> None:
        if urlsplit(url).scheme in _WEB:
            # A redirect keeps its number, and is a request more.
            self._asked[number if number not in self._asked else f"{number}+{len(self._asked)}"] = url

    def _answered(self, told: dict[str, Any]) -> None:
        if told["response"].get("fromDiskCache"):
            self._drop(told["requestId"])

    def _drop(self, number: str) -> None:
        self._asked.pop(number, None)


@dataclass
class Visit:
    """A page in a browser of its own: nothing kept from anyone before."""

    context: BrowserContext
    page: Page
    cdp: CDPSession
    traffic: Traffic

    def slow_down(self, cpu: float, mbit: float, ms: float) -> None:
        """A phone: a processor so many times slower, a line of so many Mbit/s down (half of it up) and ms of delay."""
        self.cdp.send("Emulation.setCPUThrottlingRate", {"rate": cpu})
        line = {
            "offline": False, "latency": ms, "downloadThroughput": mbit * 1e6 / 8, "uploadThroughput": mbit * 5e5 / 8,
        }  # fmt: skip
        self.cdp.send("Network.emulateNetworkConditions", line)

    def load(self, url: str, usable: str) -> float:
        """Go there; returns the seconds from the start of the navigation until `usable` (JavaScript) is true."""
        self.page.add_init_script(_LOOK % usable)
        self.page.goto(url, wait_until="commit", timeout=PATIENCE)
        try:
            self.page.wait_for_function("() => window.benchUsable !== undefined", timeout=PATIENCE, polling=50)
        except Exception as error:
            raise Trouble(f"never usable in the browser: {error}") from None
        return float(self.page.evaluate("window.benchUsable")) / 1000

    def give_cookies(self, cookies: dict[str, str], address: str) -> None:
        """Come with a seat that was taken before."""
        self.context.add_cookies([{"name": name, "value": one, "url": address} for name, one in cookies.items()])


# Looked at from inside the page at every frame: what the outside would take to ask is not counted.
_LOOK = """(() => {
  if (window.top !== window) return;
  const usable = () => { %s };
  const look = () => {
    if (usable()) window.benchUsable = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""


@contextmanager
def browser() -> Iterator[Browser]:
    """One Chromium for several visits."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        try:
            yield launched
        finally:
            launched.close()


@contextmanager
def visit(browser: Browser, address: str, device: dict[str, Any] | None = None) -> Iterator[Visit]:
    """A visitor with an empty cache."""
    context = browser.new_context(locale="en-CA", **(device or {}))
    try:
        page = context.new_page()
        cdp = context.new_cdp_session(page)
        traffic = Traffic(urlsplit(address).netloc)
        traffic.watch(cdp)
        yield Visit(context, page, cdp, traffic)
    finally:
        context.close()


def find() -> str:
    """KIT_CHROMIUM, or the browser that is there; raises `Trouble`."""
    found = find_browser()
    if found is None:
        raise Trouble("no Chromium or Chrome was found; install one or name it in KIT_CHROMIUM")
    return found
