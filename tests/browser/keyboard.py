"""Somebody who uses the keyboard alone: Tab, and what has the focus is seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

FOCUS = """(wanted) => {
  const it = document.activeElement;
  const box = it.getBoundingClientRect();
  const mark = it.closest("label.kit-option") ?? it;
  const style = getComputedStyle(mark);
  const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const places = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
  const seen = places.some(([x, y]) => {
    const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return top && (it.contains(top) || mark.contains(top));
  });
  return {there: it.matches(wanted), seen, marked, what: it.outerHTML.slice(0, 160)};
}"""


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the wanted element has focus; on the way each one must be seen and marked."""
    for _ in range(150):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUS, wanted)
        assert now["seen"], f"has focus and is hidden: {now['what']}"
        assert now["marked"], f"has focus and no mark: {now['what']}"
        if now["there"]:
            # Whoever looks sees whether it rests from what was pressed before, and waits.
            expect(page.locator(":focus")).not_to_have_attribute("aria-disabled", "true")
            return
    pytest.fail(f"not reached: {wanted}")


def enter(page: Page) -> None:
    """Press what has the focus, once it has rested from what was pressed before."""
    expect(page.locator(":focus")).not_to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Enter")
