"""How the browser tests start the browser that `tools.browser` finds."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page

# Nothing that calls out, nothing that asks.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

# What somebody chooses with "All on one page": a test that is not about steps finds every question in sight.
_WHOLE = """if (/\\/w$/.test(location.pathname)) try { sessionStorage.setItem("kit-whole", "yes"); } catch {}"""


def on_one_page(context: BrowserContext) -> BrowserContext:
    """This browser shows a workshop's exercises on one page, not one step at a time."""
    context.add_init_script(_WHOLE)
    return context


def all_in_sight(page: Page) -> None:
    """Show an exercise on one page, where nothing is kept of that wish."""
    if page.locator(".kit-steps .kit-row:visible").count():
        page.locator('[data-key="step/whole"]').click()
