"""Run the server until somebody stops it, and say where it is."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import webbrowser
from dataclasses import dataclass

from kit.serving.app import make_app
from kit.serving.network import bind, lan_address, qr_text
from kit.session import Session
from kit.store import Store
from kit.texts import default_language, say

MOST_FILES = 65536


@dataclass(frozen=True)
class Serving:
    """What to serve and how: `session` and `key` are of the workshop that was just made."""

    store: Store
    host: str
    port: int | None
    lang: str
    limit: int
    session: Session | None = None
    key: str = ""
    rehearse: int = 0
    browser: bool = False


def serve_until_stopped(what: Serving) -> None:
    """Serve until Ctrl-C or a signal; raises `PortInUse`."""
    asyncio.run(_serve(what))


def raise_file_limit() -> None:
    """Let this process hold as many files and sockets as the system lets it: a participant takes about fifteen."""
    try:
        import resource
    except ImportError:  # Windows counts them in another way
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else hard
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):  # macOS has a lower limit of its own
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _serve(what: Serving) -> None:
    raise_file_limit()
    sockets, port = bind(what.host, what.port)
    reached = lan_address() if what.host in ("0.0.0.0", "") else what.host
    address = f"http://{reached}:{port}"
    app = make_app(what.store, address, what.lang, what.limit)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C arrives as KeyboardInterrupt
            loop.add_signal_handler(one, stop.set)
    _announce(what, address, port)
    rehearsal = asyncio.create_task(_rehearse(what, port)) if what.rehearse and what.session else None
    try:
        await app.serve(sockets, stop)
    finally:
        if rehearsal is not None:
            rehearsal.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await rehearsal


def _announce(what: Serving, address: str, port: int) -> None:
    """Print where to join and where to facilitate; the key stands behind the # only."""
    if what.session is None:
        _say("serving", address=address)
        return
    join = f"{address}/j/{what.session.code}"
    # This machine reaches itself without the network, whatever the hotspot does.
    local = f"http://127.0.0.1:{port}" if what.host in ("0.0.0.0", "") else address
    host = f"{local}/host#{what.session.id}.{what.key}"
    made = what.session
    _say("running_at", title=made.title, join=join, code=made.code, host=host, mode=made.mode.value, k=made.k)
    if sys.stdout.isatty():
        print(qr_text(join))
    sys.stdout.flush()
    if what.browser:
        with contextlib.suppress(webbrowser.Error):
            webbrowser.open(host)


async def _rehearse(what: Serving, port: int) -> None:
    """Simulated people in a process of their own, so that they load the machine as real ones would."""
    assert what.session is not None
    address = f"http://127.0.0.1:{port}" if what.host in ("0.0.0.0", "") else f"http://{what.host}:{port}"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "kit", "rehearse", what.session.code, "--participants", str(what.rehearse),
        "--address", address, "--store", what.store.engine.url.render_as_string(hide_password=False),
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
