"""How the browser tests start the browser that `tools.browser` finds."""

from __future__ import annotations

# Nothing that calls out, nothing that asks.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
