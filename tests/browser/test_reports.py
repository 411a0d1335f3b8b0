"""Report files in a browser: axe finds nothing in both languages side by side, in a roll-up, on their index page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser

from kit import series
from kit.exercise import exercises
from kit.reports.build import build
from kit.reports.document import Look
from kit.reports.formats import html
from kit.reports.material import Several
from kit.reports.rollup import build_rollup
from kit.results import Since
from kit.session import Response, Sector
from tests.browser.axe import WIDE, check
from tests.support.long import in_test_long
from tests.test_rollup import of, room

pytestmark = pytest.mark.browser


def paired(people: int) -> list[tuple[Response, dict[str, str]]]:
    """People who came to two workshops, of whom some have moved."""
    said = ("little", "half", "much")
    return [
        (Response(f"{n}", Sector.OTHER, {"now_contacts": said[n % 3]}), {"now_contacts": said[n % 2]})
        for n in range(people)
    ]


def pages() -> dict[str, bytes]:
    every = [room(slug, seed=2) for slug in exercises()]
    first = of(1, *every)
    made = series.compared("pulse", (), paired(30), 5, Random(1))
    second = of(2, *(room(slug, seed=3) for slug in exercises()))
    since = Since(first.session.id, {"pulse": (made, ())})
    several = Several((first, replace(second, shown=replace(second.shown, since=since))), "Une année")
    files = [("a.html", "français", "fr")]
    entries = [{"code": "ACD347", "title": "Table", "day": "1 mai", "files": files, "told": {"rien": None}}]
    return {
        "both": html.write(replace(build(first, "fr"), beside=build(first, "en")), Look()),
        "rollup": html.write(replace(build_rollup(several, "en"), beside=build_rollup(several, "fr")), Look()),
        "index": html.index(entries, [("rollup-fr.html", "français, html", "fr")], "fr", Look()).encode(),
    }


@in_test_long
def test_axe_finds_nothing_in_files_that_are_handed_out(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    for name, data in pages().items():
        (tmp_path / f"{name}.html").write_bytes(data)
        page.goto((tmp_path / f"{name}.html").as_uri())
        check(page, name, WIDE)
        langs = {str(one.get_attribute("lang")) for one in page.locator("[lang]").all()}
        assert langs >= {"fr", "en"} or name == "index"
    page.close()
