"""`kit start`: a workshop without the command line. A page on this machine asks what it needs to know, then leads on.

The page is one of its own, before the workshop's server: plain HTML without a script, on the loopback address only,
below a path that nobody can guess, and only for a browser that asks for this very address.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from kit.errors import KitError
from kit.quick import quickly
from kit.session import EXPECTED_DEFAULT, EXPECTED_MOST
from kit.texts import default_language, languages, say, section

if TYPE_CHECKING:
    from kit.cli.running import WayIn

LONGEST_TITLE, LONGEST_NUMBER = 120, 12
LONGEST_FORM = 20_000
LOOPBACK = "127.0.0.1"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
}  # fmt: skip


@dataclass
class Chosen:
    """What was typed and ticked on the page."""

    lang: str = ""
    title: str = ""
    exercises: Sequence[str] = ()
    expected: str = ""
    agenda: str = ""

    def problem(self, lang: str) -> str:
        """What is to be chosen otherwise; empty when all is well."""
        if not self.exercises and not self.agenda:
            return say(lang, "start.choose_one")
        number = int(self.expected) if re.fullmatch("[0-9]{1,6}", self.expected) else 0
        if self.expected and not 0 < number <= EXPECTED_MOST:
            return say(lang, "start.expected_most", most=EXPECTED_MOST)
        return ""


@dataclass
class Start:
    """Where things stand: nothing chosen yet, on the way, there (`way`), or failed (`problem`).

    `seen` is set once a browser has come; `ticket` leads it on to the workshop.
    """

    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    chosen: Chosen = field(default_factory=Chosen)
    ready: Event = field(default_factory=Event)
    seen: Event = field(default_factory=Event)
    way: WayIn | None = None
    ticket: str = ""
    problem: KitError | None = None


def start(args: Namespace) -> int:
    """Ask on a page, then make that workshop and serve it."""
    from kit.cli.commands import _starting

    _starting()
    with quickly():
        from kit.exercise import exercises

        exercises()
    asked = Start()
    with _page(asked, args.page_port) as address:
        print(say(default_language(), "start.open", address=address), flush=True)
        if not args.no_browser:
            Thread(target=_open, args=(asked, address)).start()
        try:
            return _until_served(args, asked)
        finally:
            # Whoever stops it before a browser has come leaves no file.
            asked.seen.set()


def _until_served(args: Namespace, asked: Start) -> int:
    while True:
        asked.ready.wait()
        try:
            return _serve(args, asked)
        except KitError as error:
            asked.problem = error
            asked.ready.clear()


def _open(asked: Start, address: str) -> None:
    """Open the page in the browser; the file that leads there goes once it has come."""
    from kit.cli.opening import leading_page, open_file, private_file
    from kit.serving.tickets import LASTS_SECONDS

    with private_file(leading_page(address, {}, "get")) as file:
        open_file(file)
        asked.seen.wait(LASTS_SECONDS)


def _serve(args: Namespace, asked: Start) -> int:
    """What `kit workshop` does, with what was chosen."""
    from kit.cli.calls import parser
    from kit.cli.commands import workshop

    chosen = asked.chosen
    call = ["workshop", "--no-browser", "--lang", chosen.lang]
    # An agenda has its own exercises.
    call += ["--agenda", chosen.agenda] if chosen.agenda else ["--exercises", ",".join(chosen.exercises)]
    call += ["--title", chosen.title] if chosen.title else []
    call += ["--expected", chosen.expected] if chosen.expected else []
    call += ["--store", args.store] if args.store else []
    made = parser().parse_args(call)
    made.arrived = lambda way: setattr(asked, "way", way)
    return workshop(made)


@contextlib.contextmanager
def _page(asked: Start, port: int) -> Iterator[str]:
    """The page, served until the workshop ends; its address."""
    server = ThreadingHTTPServer((LOOPBACK, port), _handler(asked, lambda: server.server_port))
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}/{asked.token}/"
    finally:
        server.shutdown()
        server.server_close()


def _handler(asked: Start, port: Callable[[], int]) -> type[BaseHTTPRequestHandler]:
    class Page(BaseHTTPRequestHandler):
        """`/TOKEN/`: the form; `/TOKEN/wait`: a word until the workshop is there, and then the way to it."""

        def log_message(self, *_said: object) -> None:
            """Nothing about who asked for what."""

        def do_GET(self) -> None:
            if not self._allowed():
                return self._send("", 404)
            asked.seen.set()
            lang = self._lang()
            if not urlsplit(self.path).path.endswith("/wait"):
                return self._send(_form(asked, lang, asked.chosen))
            if asked.way is not None:
                return self._lead_in(asked.way)
            if asked.problem is not None:
                return self._send(_form(asked, lang, asked.chosen, asked.problem.tell(lang)))
            return self._send(_drawn("wait", lang))

        def do_POST(self) -> None:
            if not self._allowed():
                return self._send("", 404)
            sent = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LONGEST_FORM)).decode("utf-8")
            chosen = _chosen(parse_qs(sent))
            if problem := chosen.problem(self._lang()):
                return self._send(_form(asked, self._lang(), chosen, problem))
            if not asked.ready.is_set():
                asked.chosen, asked.problem = chosen, None
                asked.ready.set()
            return self._lead(f"/{asked.token}/wait?lang={self._lang()}")

        def _allowed(self) -> bool:
            """Only this page's own address and path: another site's page knows neither."""
            own = f"{LOOPBACK}:{port()}"
            return self.headers.get("Host") == own and self.path.startswith(f"/{asked.token}/")

        def _lang(self) -> str:
            asked_for = parse_qs(urlsplit(self.path).query).get("lang", [""])[0]
            accepted = self.headers.get("Accept-Language", "")[:2].lower()
            return next((one for one in (asked_for, accepted) if one in languages()), default_language())

        def _lead_in(self, way: WayIn) -> None:
            """On to the workshop, once: who comes back later finds that it runs, and no key."""
            from kit.cli.opening import SEND, SEND_HASH

            if not asked.ticket:
                asked.ticket = way.ticket()
            ticket = asked.ticket if way.tickets.is_good(asked.ticket) else ""
            policy = HEADERS["Content-Security-Policy"].replace("'self'", f"'self' {_origin(way.address)}")
            self._send(
                _drawn("ready", self._lang(), address=way.address, ticket=ticket, send=SEND),
                policy=f"{policy}; script-src {SEND_HASH}",
            )

        def _lead(self, where: str) -> None:
            self.send_response(303)
            self.send_header("Location", where)
            self.end_headers()

        def _send(self, page: str, status: int = 200, policy: str = HEADERS["Content-Security-Policy"]) -> None:
            body = page.encode("utf-8")
            self.send_response(status)
            own = {"Content-Security-Policy": policy, "Content-Type": "text/html; charset=utf-8"}
            for name, value in {**HEADERS, **own}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Page


def _chosen(typed: Mapping[str, Sequence[str]]) -> Chosen:
    lang, title, expected = ((typed.get(name) or [""])[0].strip() for name in ("lang", "title", "expected"))
    from kit.agenda.model import shipped

    lang = lang if lang in languages() else default_language()
    agenda = next((one for one in typed.get("agenda") or [] if one in shipped()), "")
    return Chosen(lang, title[:LONGEST_TITLE], typed.get("exercise") or [], expected[:LONGEST_NUMBER], agenda)


def _origin(address: str) -> str:
    place = urlsplit(address)
    return f"{place.scheme}://{place.netloc}"


def _form(asked: Start, lang: str, chosen: Chosen, problem: str = "") -> str:
    from kit.agenda.model import read_agenda, shipped
    from kit.exercise import exercises

    agendas = [(name, read_agenda(folder).told(lang)) for name, folder in shipped().items()]
    lines = [(slug, one.texts(lang).title, one.structure.minutes) for slug, one in exercises().items()]
    ticked = chosen.exercises or ([] if problem and not asked.problem else [slug for slug, _, _ in lines])
    return _drawn(
        "form", lang, lines=lines, ticked=ticked, title=chosen.title, spoken=chosen.lang or lang, problem=problem,
        expected=chosen.expected, usual=EXPECTED_DEFAULT, most=EXPECTED_MOST, longest=LONGEST_TITLE,
        agendas=agendas, agenda=chosen.agenda,
    )  # fmt: skip


def _drawn(which: str, lang: str, **what: object) -> str:
    from jinja2 import Environment

    from kit.views.scripts import styles

    draw = Environment(autoescape=True).from_string(files("kit.cli").joinpath("start.html.j2").read_text("utf-8"))
    door = files("kit.serving").joinpath("static", "door.css").read_text("utf-8")
    names = {one: say(one, "language.name") for one in languages()}
    return draw.render(
        which=which, lang=lang, t=section(lang, "start"), names=names, style=f"{styles()}\n{door}", **what
    )

