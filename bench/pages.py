"""What a real browser looks for on each server's page. The JavaScript is beside this file, in pages.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bench.people import crowd
from bench.server import Server
from bench.web import run


@dataclass(frozen=True)
class PageOf:
    """`path` of the page; `usable`: body of a function that says whether a person could answer now.

    `click`: an async function of a number that changes an answer and returns the ms until "saved" was on screen;
    empty where the page does not say so.
    """

    path: str
    usable: str
    click: str


def page_of(place: Server) -> PageOf:
    """The page of one of the servers."""
    return PageOf(**_pages()[place.name])


@contextmanager
def seated(place: Server) -> Iterator[dict[str, str]]:
    """Come in without a browser, for the cookies that one is to bring; afterwards leave for good."""
    (guest,) = crowd(place, 1, seed=7)
    run(guest.come())
    try:
        yield guest.browser.cookies
    finally:
        if guest.browser.cookies:
            run(guest.browser.post("/exit", {}))


@cache
def _pages() -> Any:
    return yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
