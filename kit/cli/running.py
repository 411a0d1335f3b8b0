"""Run the server until somebody stops it, and say where it is."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import ssl
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Thread

from kit.cli.opening import leading_page, open_file, private_file
from kit.serving.app import make_app
from kit.serving.network import Kind, qr_text
from kit.serving.reach import Reach
from kit.serving.site import Site
from kit.serving.tickets import Tickets
from kit.session import Session
from kit.store import Store
from kit.store.hosts import Opens
from kit.store.place import VARIABLE
from kit.texts import default_language, say

MOST_FILES = 65536

# So often it is looked whether the browser has come in.
LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Serving:
    """What to serve and how: `sockets` listen on `port` of `host`; `session` is the workshop that was just made, `key`
    what its link carries.

    `rehearse` is what `kit rehearse` is called with beside it, if at all; with a practice, the store `passes`. The
    facilitator's browser is opened if `browser` says so. With `until_input_ends`, it serves no longer than whoever has
    started it holds its standard input open.
    """

    store: Store
    host: str
    port: int
    sockets: Sequence[socket.socket]
    lang: str
    limit: int
    site: Site = field(default_factory=Site)
    tls: ssl.SSLContext | None = None
    session: Session | None = None
    key: str = ""
    rehearse: Sequence[str] = ()
    passes: bool = False
    browser: bool = False
    until_input_ends: bool = False


def serve_until_stopped(what: Serving) -> None:
    """Serve until Ctrl-C or a signal."""
    asyncio.run(_serve(what))


def raise_file_limit() -> None:
    """Let this process hold as many files and sockets as the system lets it: a participant takes about fifteen."""
    if sys.platform == "win32":  # counts them in another way
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else hard
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):  # macOS has a lower limit of its own
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _serve(what: Serving) -> None:
    raise_file_limit()
    reach = Reach(what.site, what.host, what.port, "https" if what.tls else "http")
    app = make_app(what.store, reach, what.lang, what.limit)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(one, stop.set)
        except NotImplementedError:
            # Windows. asyncio's own answer there, a cancelled task, can be lost on what still starts.
            signal.signal(one, lambda *_: _stop_soon(loop, stop))
    if what.until_input_ends:
        Thread(target=_stop_when_input_ends, args=(loop, stop), daemon=True).start()
    _announce(what, reach)
    app.hall.on_moved = lambda: _tell_moved(what, reach)
    leading = asyncio.create_task(_lead_in(what, reach, app.hall.tickets)) if what.session else None
    rehearsal = asyncio.create_task(_rehearse(what, reach)) if what.rehearse and what.session else None
    try:
        await app.serve(list(what.sockets), stop, what.tls)
    finally:
        for task in (leading, rehearsal):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task


def _stop_when_input_ends(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    with contextlib.suppress(OSError):
        # Not through `sys.stdin`: Python would wait for its lock when it ends.
        while os.read(0, 1024):
            pass
    _stop_soon(loop, stop)


def _stop_soon(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    with contextlib.suppress(RuntimeError):  # it has ended by itself
        loop.call_soon_threadsafe(stop.set)


def _announce(what: Serving, reach: Reach) -> None:
    """Print where to join and where to facilitate; the key stands behind the # only."""
    address = reach.now.url
    if what.session is None:
        _say("serving", address=address)
    else:
        join = f"{address}/j/{what.session.join_name}"
        # Where there is no public address, this machine reaches itself without the network, whatever the hotspot does.
        host = f"{_local(what, reach)}/host#{what.session.id}.{what.key}"
        made = what.session
        mode = say(default_language(), f"cli.mode_{made.mode.value}")
        ends = say(default_language(), "cli.ends_practice" if what.passes else "cli.ends_kept")
        _say("running_at", title=made.title, join=join, code=made.join_name, host=host, mode=mode, k=made.k, ends=ends)
        if sys.stdout.isatty() and reach.now.reached:
            print(qr_text(join))
    _tell_addresses(reach)
    sys.stdout.flush()


def _tell_moved(what: Serving, reach: Reach) -> None:
    """Whoever looks at the terminal sees the address of now, and not only that of the start."""
    join = f"{reach.now.url}/j/{what.session.join_name}" if what.session else reach.now.url
    if reach.now.kind is not Kind.LOOPBACK:
        _say("moved", join=join)
        if sys.stdout.isatty() and reach.now.reached:
            print(qr_text(join))
    _tell_addresses(reach)


def _local(what: Serving, reach: Reach) -> str:
    return what.site.address or reach.local


async def _lead_in(what: Serving, reach: Reach, tickets: Tickets) -> None:
    """Bring the facilitator's browser in, and leave nothing behind that opens anything."""
    assert what.session is not None
    if what.browser:
        session_id = what.session.id
        ticket = tickets.new(session_id, what.store.hosts.add(session_id, Opens.LEAD))
        with private_file(leading_page(f"{_local(what, reach)}/desk", {"ticket": ticket})) as file:
            open_file(file)
            while tickets.is_good(ticket):
                await asyncio.sleep(LOOK_SECONDS)


def _tell_addresses(reach: Reach) -> None:
    """What phones may need to know when the first address is not the right one, or is none."""
    now = reach.now
    if reach.site.address:
        _say("listening", local=reach.local)
    if now.kind is Kind.LOOPBACK:
        _say("loopback" if reach.look()[0].kind is Kind.LOOPBACK else "loopback_host")
    elif not now.reached:
        _say("doubtful", network=now.network, kind=_kind(now.kind))
    others = [one for one in reach.choices() if one != now and one.kind is not Kind.LOOPBACK]
    if others:
        _say("other_addresses")
    for one in others:
        _say("other_address", url=one.url, network=one.network, kind=_kind(one.kind))


def _kind(kind: Kind) -> str:
    return say(default_language(), f"cli.network.{kind.value}")


async def _rehearse(what: Serving, reach: Reach) -> None:
    """Simulated people in a process of their own, so that they load the machine as real ones would."""
    assert what.session is not None
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "kit", "rehearse", what.session.code, "--address", reach.local, *what.rehearse,
        # Not as an option: everybody on this machine can read those, and there may be a password in it.
        env={**os.environ, VARIABLE: what.store.engine.url.render_as_string(hide_password=False)},
    )  # fmt: skip
    try:
        await process.wait()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        raise


def _say(key: str, **details: object) -> None:
    print(say(default_language(), f"cli.{key}", **details), flush=True)
