"""A page of another site in the browser of somebody who sits in the workshop.

It stands on another port of the same address, so that the browser sends the seat's cookie along with all it asks for:
what holds here is the server's own doing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser

from tests.browser.people import Person, person
from tests.support.waiting import eventually
from tests.support.workshop import Workshop

pytestmark = pytest.mark.browser
EVIL = """<!DOCTYPE html><title>x</title><body><script>
const there = {there}, code = {code}, page = {page};
async function tried(what) {{ try {{ return String(await what()); }} catch (error) {{ return "refused"; }} }}
async function all() {{
  const read = (path) => tried(async () => (await fetch(there + path, {{credentials: "include"}})).status);
  const send = (path, body) => tried(async () => (await fetch(there + path, {{
    method: "POST", mode: "no-cors", credentials: "include", body: new URLSearchParams(body),
  }})).type);
  const line = () => new Promise((done) => {{
    const socket = new WebSocket(there.replace("http", "ws") + `/api/kernels/${{page}}/channels?session_id=x`,
      ["v1.kernel.websocket.jupyter.org"]);
    socket.onopen = () => done("open");
    socket.onerror = () => done("refused");
  }});
  const script = (path) => new Promise((done) => {{
    const made = document.createElement("script");
    made.src = there + path;
    made.onload = () => done("ran");
    made.onerror = () => done("refused");
    document.body.append(made);
  }});
  return {{
    read: [await read("/card"), await read("/w"), await read(`/api/kernels/${{page}}`), await read("/console")],
    line: await line(),
    script: [await script("/card"), await script(`/api/kernels/${{page}}`)],
    sent: [
      await send("/exit", {{}}), await send("/leave", {{kernel: page}}),
      await send(`/j/${{code}}`, {{sector: "other"}}),
    ],
  }};
}}
</script></body>"""


@pytest.fixture
def evil() -> Iterator[tuple[str, dict[str, str]]]:
    """A site of its own: its address, and what it serves by path."""
    pages: dict[str, str] = {}

    class Site(BaseHTTPRequestHandler):
        def log_message(self, *_said: object) -> None:
            pass

        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", pages
    server.shutdown()
    server.server_close()


def test_another_site_in_the_same_browser_reads_frames_and_sends_nothing(
    alone: Workshop, browser: Browser, evil: tuple[str, dict[str, str]]
) -> None:
    """It would learn that somebody takes part and what they answer, lead them out, or seat them again."""
    (site, pages), room, before = evil, alone, set(alone.pages())
    with person(browser, room, "fr") as victim:
        victim.join()
        victim.choose("reflection")
        (held,) = set(room.pages()) - before
        joined = seats(room)
        pages["/"] = EVIL.format(there=json.dumps(room.address), code=json.dumps(room.code), page=json.dumps(held))
        other = victim.context.new_page()
        other.goto(f"{site}/")
        found = other.evaluate("all()")
        assert found["read"] == ["refused"] * 4
        assert found["line"] == "refused"
        assert found["script"] == ["refused"] * 2
        assert found["sent"] == ["opaque"] * 3, "the browser does send them"
        frames_nothing(victim, other, room, pages, site)
        sends_no_form(other, room, pages, site)
        assert seats(room) == joined
        assert held in room.pages(), "the page that was open still is"
        cookies = {cookie["name"] for cookie in victim.context.cookies()}
        assert "seat" in cookies
        victim.option("organisation_teams", "growth").check()
        victim.saved("organisation_teams")


def seats(room: Workshop) -> int:
    with room.store() as store:
        return store.sessions.counts(room.session_id).joined


def frames_nothing(victim: Person, other, room: Workshop, pages: dict[str, str], site: str) -> None:
    """Clickjacking: the person would press a button that they do not see."""
    paths = ("/w", "/card", "/quiet", "/nothing")
    pages["/frames"] = "".join(f'<iframe src="{room.address}{path}"></iframe>' for path in paths)
    other.goto(f"{site}/frames")
    eventually(lambda: other.evaluate("frames.length") == 4 and len(other.frames) == 5, "the frames are there")
    for frame in other.frames[1:]:
        eventually(lambda frame=frame: frame.evaluate("location.href").startswith("chrome-error:"), "not in a frame")


def sends_no_form(other, room: Workshop, pages: dict[str, str], site: str) -> None:
    pages["/form"] = (
        f'<form method="post" action="{room.address}/j/{room.code}?new=1"><input name="sector" value="other">'
        '<input name="form" value="AAAAAAAAAAAAAAAAAAAAAA"><button>x</button></form>'
    )
    other.goto(f"{site}/form")
    with other.expect_navigation() as went:
        other.locator("button").click()
    assert went.value.status == 403
