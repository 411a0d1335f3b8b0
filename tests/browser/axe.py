"""axe-core on a page: every violation of WCAG 2.0 to 2.2, levels A and AA."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

Scheme = Literal["light", "dark"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROW = 320
# Each colour scheme once, in the width of a phone and in the narrowest that must do.
LOOKS: tuple[tuple[Scheme, int], ...] = (("light", 390), ("dark", NARROW))
WIDE: tuple[tuple[Scheme, int], ...] = (("light", 1280), ("dark", NARROW))


@cache
def _source() -> str:
    return Path(__file__).with_name("axe.min.js").read_text("utf-8")


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong, one line per rule with the places; empty when all is well.

    The page's own protection forbids scripts from elsewhere, so axe-core comes in through the debugger.
    """
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_source() + "; 0")
    found: list[dict[str, Any]] = page.evaluate(
        """tags => axe.run(document, {runOnly: tags, resultTypes: ['violations'], preload: false})
        .then(all => all.violations)""",
        TAGS,
    )
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def wider_than_the_page(page: Page) -> list[str]:
    """Elements that stick out to the right, so that the page scrolls sideways; empty when it does not."""
    found: list[str] = page.evaluate(
        """() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          if (scrollWidth <= clientWidth) return [];
          const wide = (one) => one.getBoundingClientRect().right > clientWidth;
          const all = [...document.body.querySelectorAll("*")].filter((one) => !one.closest(".kit-scroll"));
          return all.filter(wide).map((one) => one.outerHTML.slice(0, 200));
        }"""
    )
    return found


def _show_all(page: Page, width: int, height: int) -> None:
    """As tall as the page is: what sticks to an edge lies over nothing, wherever the page was scrolled to."""
    page.set_viewport_size({"width": width, "height": height})
    whole: int = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(height, whole)})


def check(page: Page, what: str, looks: tuple[tuple[Scheme, int], ...] = LOOKS) -> None:
    """Fail when axe-core finds anything in any of these looks, or a narrow page scrolls sideways."""
    size = page.viewport_size
    assert size
    for scheme, width in looks:
        # Without movement: colours on their way from one scheme to the other are those of neither.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        _show_all(page, width, size["height"])
        found = violations(page)
        assert not found, f"{what}, {scheme}, {width} px:\n" + "\n".join(found)
        if width == NARROW:
            wide = wider_than_the_page(page)
            assert not wide, f"{what} at {NARROW} px: {wide[-3:]}"
    page.set_viewport_size(size)
