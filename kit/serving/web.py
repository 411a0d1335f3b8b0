"""What every page shares: headers, language, who is there, messages."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import re
import secrets
import traceback
from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files
from typing import Any

import jinja2
from tornado.web import HTTPError, RequestHandler

from kit.errors import KeyEnded, KitError, NoCookie, NoSeat, StoreFull, StoreUnwritable, WrongKey
from kit.serving.assets import assets
from kit.serving.hall import Hall, host_holder
from kit.serving.headers import set_headers
from kit.session import Participant, Session
from kit.store.hosts import Opens, Right
from kit.texts import language_names, languages, section
from kit.views.support import menu, support

SEAT = "seat"
HOST = "host"
WALL = "wall"
LANG = "lang"
FORM = "form"
WAIT = "wait"
_TOKEN = re.compile(r"[\w-]{16,64}", re.ASCII)
HALF_DAY = 12 * 3600
# Who leads comes back to a workshop of two days, or that goes on a week later, by the cookie alone.
LEADS_SECONDS = 8 * 24 * 3600
HOST_PAGES = ("console", "screen")
# The store is away or full: it is nobody's fault, and it passes.
PASSING = (StoreUnwritable, StoreFull)

STATUS: Mapping[str, int] = {
    "NoSeat": 403, "NoCookie": 403, "WrongKey": 403, "KeyEnded": 403, "LinkUsed": 403, "TicketUsed": 403,
    "DoorLocked": 403, "RoomFull": 503, "TooManyTries": 429, "UnknownCode": 404,
}  # fmt: skip

_log = logging.getLogger(__name__)


@cache
def pages() -> jinja2.Environment:
    """The templates of the front door."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(files("kit.serving").joinpath("door"))),
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined,
    )  # fmt: skip


def refuse_other_sites(handler: RequestHandler, hall: Hall) -> None:
    """403 for a form or beacon that another site sent, or a page that hides where it comes from."""
    if handler.request.method != "POST":
        return
    origin = handler.request.headers.get("Origin")
    site = handler.request.headers.get("Sec-Fetch-Site", "none")
    own = origin is None or origin == hall.reach.site.origin or origin.partition("://")[2] == handler.request.host
    if not own or site not in ("none", "same-origin"):
        raise HTTPError(403)


def form_token(handler: RequestHandler, hall: Hall) -> str:
    """What a form on this page carries: the browser brings it back twice, in the form and as a cookie.

    Another site can send a form, but cannot read or set this cookie; and a browser that keeps no cookie is noticed
    before a seat is taken that it could not come back to.
    """
    known = handler.get_cookie(FORM) or ""
    if not _TOKEN.fullmatch(known):
        known = secrets.token_urlsafe(16)
        keep(handler, hall, FORM, known)
    return known


def check_form(handler: RequestHandler) -> None:
    """Raises `NoCookie` for a form that did not come from a page which this browser has had from here."""
    kept, sent = handler.get_cookie(FORM) or "", handler.get_body_argument(FORM, "")
    if not _TOKEN.fullmatch(kept) or not hmac.compare_digest(kept.encode(), sent.encode()):
        raise NoCookie()


def lang_of(handler: RequestHandler, hall: Hall) -> str:
    """Asked for on this page, or the seat's, the console's, chosen before, the browser's, or else the server's."""
    wished = handler.request.headers.get("Accept-Language", "")[:200].split(",")
    browser = (part.strip()[:2].lower() for part in wished)
    chosen = (asked_lang(handler), _seat_lang(handler, hall), _room_lang(handler, hall), handler.get_cookie(LANG) or "")
    return next((lang for lang in (*chosen, *browser, hall.lang) if lang in languages()), languages()[0])


def _seat_lang(handler: RequestHandler, hall: Hall) -> str:
    """The language that the person in this browser's seat speaks; empty when nobody sits there."""
    try:
        return participant_of(handler, hall).lang
    except KitError:
        return ""


def _room_lang(handler: RequestHandler, hall: Hall) -> str:
    """On a facilitator's pages, the language of their console; empty for everyone else."""
    if not handler.get_cookie(HOST):
        return ""
    try:
        return console_lang(handler, hosted_by(handler, hall))
    except KitError:
        return ""


def console_lang(handler: RequestHandler, session: Session) -> str:
    """The language of the console in this browser: chosen on it or at the entrance, or else the room's."""
    chosen = handler.get_cookie(LANG) or ""
    return chosen if chosen in languages() else session.wall_lang


def asked_lang(handler: RequestHandler) -> str:
    """The language in the address or the form; empty when it cannot be read."""
    try:
        return str(handler.get_argument(LANG, ""))
    except HTTPError:
        return ""


def participant_of(handler: RequestHandler, hall: Hall) -> Participant:
    """Who holds this browser's seat; raises `NoSeat`. The store is asked once for each request."""
    known: Participant | None = getattr(handler, "seat_holder", None)
    if known is None:
        token = handler.get_cookie(SEAT)
        if not token or len(token) > 200:
            raise NoSeat()
        known = hall.store.seats.by_token(token)
        vars(handler)["seat_holder"] = known
    return known


def hosted_by(handler: RequestHandler, hall: Hall) -> Session:
    """The session whose facilitator this is; raises `WrongKey`."""
    session_id, _ = right_of(handler, hall, HOST)
    return hall.store.sessions.get(session_id)


def right_of(handler: RequestHandler, hall: Hall, *names: str) -> tuple[str, Right]:
    """The session's id and what the first key that fits may do, of the cookies with these names; raises `WrongKey`.

    It is `KeyEnded` when there is a key, which fits no more. In the facilitator's cookie, the wall's key is none.
    """
    missing: WrongKey = WrongKey()
    for name in names:
        session_id, _, key = (handler.get_cookie(name) or "").partition(".")
        if not key or len(key) > 200:
            continue
        right = hall.store.hosts.right(session_id, key)
        if right is not None and (right.kind is Opens.WALL) == (name == WALL):
            return session_id, right
        missing = KeyEnded()
    raise missing


def holders_of(handler: RequestHandler, hall: Hall) -> list[str]:
    """Everyone whom the cookies of this request prove to be there, as the room knows them."""
    found = []
    # A facilitator has no seat, and a participant no key. (That the store is away says nothing about either.)
    with contextlib.suppress(NoSeat):
        found.append(participant_of(handler, hall).id)
    for name, kinds in ((HOST, HOST_PAGES), (WALL, ("screen",))):
        with contextlib.suppress(WrongKey):
            session_id, right = right_of(handler, hall, name)
            found += [host_holder(session_id, right.tag, page) for page in kinds]
    return found


def write_page(handler: RequestHandler, hall: Hall, name: str, error: KitError | None = None, **values: object) -> None:
    """Finish the request with one page of the front door, in the person's language."""
    lang = lang_of(handler, hall)
    if asked_lang(handler) in languages():
        keep(handler, hall, LANG, lang)
        # The page inside speaks the language that was chosen last, wherever it was chosen.
        with contextlib.suppress(KitError):
            person = participant_of(handler, hall)
            if person.lang != lang:
                # Nobody waits for it: the store may be slow, and this may be the page that somebody flees to.
                asyncio.get_running_loop().run_in_executor(None, _set_lang, hall, person.id, lang)
    handler.set_header("Content-Type", "text/html; charset=utf-8")
    shown: dict[str, Any] = {
        "lang": lang,
        "base": hall.reach.site.base,
        "assets": hall.path(assets().prefix),
        "languages": language_names(),
        "t": section(lang, "door"),
        "support_menu": menu(lang) if support(lang, level=1) else "",
        # "//other.example/x" as a link would lead to another site.
        "path": hall.path("/" + handler.request.path.lstrip("/\\")),
        "form_token": partial(form_token, handler, hall),
    }
    told = error.tell_people(lang) if error else ""
    handler.finish(pages().get_template(f"{name}.html.j2").render(**shown, error=told, **values))


def _set_lang(hall: Hall, person: str, lang: str) -> None:
    with contextlib.suppress(KitError):
        hall.store.seats.set_lang(person, lang)


def write_message(handler: RequestHandler, hall: Hall, status: int, error: object) -> None:
    """Any failure, in the person's language and with a way on; a facilitator's way leads to the facilitator's page."""
    to = "/host" if handler.request.path.strip("/") in ("host", "reach", *HOST_PAGES) else "/"
    if isinstance(error, PASSING):
        handler.set_status(status_of(error))
        handler.set_header("Retry-After", "5")
        write_page(handler, hall, "message", error, kind="passing", to=to)
    elif isinstance(error, KitError):
        handler.set_status(status_of(error))
        write_page(handler, hall, "message", error, kind="told", to=to)
    else:
        write_page(handler, hall, "message", kind="missing" if status == 404 else "failed", to=to)


def keep_right(handler: RequestHandler, hall: Hall, kind: Opens, value: str) -> None:
    """Keep what a facilitator's link has opened, from now on.

    The wall has a cookie of its own: on the facilitator's laptop it would take the place of theirs. What was lent is
    kept for half a day.
    """
    seconds = LEADS_SECONDS if kind is Opens.LEAD else HALF_DAY
    keep(handler, hall, WALL if kind is Opens.WALL else HOST, value, seconds)


def keep(handler: RequestHandler, hall: Hall, name: str, value: str, seconds: int = HALF_DAY) -> None:
    """Set a cookie that only this server gets, below its own path only, and no script reads."""
    secure = handler.request.protocol == "https" or hall.reach.site.address.startswith("https:")
    handler.set_cookie(name, value, path=hall.path("/"), httponly=True, samesite="Lax", secure=secure, max_age=seconds)


def status_of(error: KitError) -> int:
    """The HTTP status that a situation answers with."""
    return 503 if isinstance(error, PASSING) else STATUS.get(type(error).__name__, 400)


def log_failure(typ: Any, value: Any, tb: Any) -> None:
    """Log what failed and where; never who asked, nor what for, as Tornado would.

    A situation that a person was told about is no error of the server.
    """
    if isinstance(value, KitError | HTTPError):
        return
    steps = traceback.extract_tb(tb)
    _log.error("%s at %s", getattr(typ, "__name__", typ), f"{steps[-1].filename}:{steps[-1].lineno}" if steps else "-")


class Page(RequestHandler):
    """A plain page of the front door: no kernel, and no script needed."""

    hall: Hall

    def initialize(self, hall: Hall) -> None:
        self.hall = hall

    def set_default_headers(self) -> None:
        set_headers(self)

    def prepare(self) -> None:
        refuse_other_sites(self, self.hall)

    def lead(self, path: str) -> None:
        """On to another page of the door."""
        self.redirect(self.hall.path(path), status=303)

    @property
    def lang(self) -> str:
        """The language of this page."""
        return lang_of(self, self.hall)

    def show(self, name: str, error: KitError | None = None, **values: object) -> None:
        """Finish with one page; with an error, under its status."""
        if error is not None:
            self.set_status(status_of(error))
        write_page(self, self.hall, name, error, **values)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        log_failure(typ, value, tb)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Any failure as a page."""
        write_message(self, self.hall, status_code, kwargs.get("exc_info", (None, None, None))[1])


class FormPage(Page):
    """A page with a form that only this page may send."""

    def prepare(self) -> None:
        super().prepare()
        if self.request.method == "POST":
            check_form(self)
