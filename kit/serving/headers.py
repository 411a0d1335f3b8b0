"""What every answer of the server says to the browser about safety."""

from __future__ import annotations

from tornado.web import RequestHandler

# No script but the kit's own (blob: is how anywidget loads a module); nothing from elsewhere. A page's line is of
# `default-src`: each word here travels with each page.
POLICY = (
    "default-src 'self'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
# What a line that has opened says nothing with: it is neither shown nor kept.
UNSAID = (*HEADERS, "Date")


def set_headers(handler: RequestHandler) -> None:
    """The same protection on every answer of this server."""
    handler.clear_header("Server")
    for name, value in HEADERS.items():
        handler.set_header(name, value)
