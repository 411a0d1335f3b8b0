"""The Voila application behind the front door."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import logging
import os
import shutil
import ssl
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from socket import socket
from typing import Any

import tornado.ioloop
import tornado.web
from jupyter_core.utils import ensure_async
from tornado.httpserver import HTTPServer
from traitlets.config import Config
from voila.app import Voila

from kit.serving import desk, door, forking, rendering
from kit.serving.arrival import Arrivals
from kit.serving.assets import assets, scripts
from kit.serving.compressed import Compressed
from kit.serving.connection import PageConnection
from kit.serving.guards import ConsolePage, KernelInfo, KernelLine, ParticipantPage, ScreenPage, Sockets
from kit.serving.hall import Hall
from kit.serving.kernels import Nobody, RoomKernels, RoomKernelSpecs
from kit.serving.reach import Reach
from kit.serving.room import Room
from kit.serving.web import Page
from kit.store import Store
from kit.texts import languages, section

KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
SWEEP_SECONDS = 2.0
# After so many sweeps without a kernel, memory is given back.
EMPTY_SWEEPS = 2
# A socket's path may have 103 characters (macOS), of which "/kernel-<id>-ipc-1" takes 50.
LONGEST_FOLDER = 103 - 50
SHARED_MEMORY = "/dev/shm"
# Whoever sets one of these says where temporary files are to be.
_TEMPORARY = {"TMPDIR", "TEMP", "TMP"}
# Who sends half a request, or nothing more on an open line, is not waited for.
HALF_SENT_SECONDS = 20
LARGEST_MESSAGE = 2 * 1024 * 1024
MOST_SOCKETS = 32768


class WorkshopApp(Voila):
    """Voila with the kit's pages instead of its own: no tree, no files, no contents, no kernel for a stranger."""

    def setup_template_dirs(self) -> None:
        """The kit's template from the package itself, before those of Jupyter's data folders."""
        self.template_paths: list[str] = []
        self.static_paths: list[str] = []
        super().setup_template_dirs()
        own = str(template_folder())
        self.template_paths.insert(0, own)
        self.static_paths.insert(0, str(Path(own) / "static"))

    def open_hall(self, hall: Hall) -> None:
        """Take what the pages share; call before `serve`."""
        self.hall = hall
        self.sockets: Sockets = {}
        self._empty = 0

    def init_handlers(self) -> list[Any]:
        """The kit's addresses, and nothing else."""
        hall = {"hall": self.hall}
        voila = {
            **hall, "template_paths": self.template_paths, "config": self.config,
            "voila_configuration": self.voila_configuration,
        }  # fmt: skip
        return [
            *door.handlers(self.hall),
            *desk.handlers(self.hall),
            (r"/w", ParticipantPage, voila),
            (r"/console", ConsolePage, voila),
            (r"/screen", ScreenPage, voila),
            (rf"/api/kernels/{KERNEL}", KernelInfo, hall),
            (rf"/api/kernels/{KERNEL}/channels", KernelLine, {**hall, "sockets": self.sockets}),
            (r".*", door.Missing, hall),
        ]

    async def serve(self, sockets: list[socket], until: asyncio.Event, tls: ssl.SSLContext | None = None) -> None:
        """Serve until the event is set, then end every kernel and leave nothing behind."""
        self.connection_dir = connection_folder()
        forking.register()
        forking.warm_up(env={"KIT_STORE": self.hall.store_url}, folder=self.connection_dir)
        try:
            server = self._listen(sockets, tls)
            sweeper = tornado.ioloop.PeriodicCallback(self._sweep, SWEEP_SECONDS * 1000)
            watcher = tornado.ioloop.PeriodicCallback(self.hall.health.look, SWEEP_SECONDS * 1000)
            sweeper.start()
            watcher.start()
            # What is here now stays; nobody need look through it for garbage while people wait.
            gc.collect()
            gc.freeze()
            await until.wait()
            sweeper.stop()
            watcher.stop()
            server.stop()
            await self._end_all()
            await server.close_all_connections()
        finally:
            forking.close()
            shutil.rmtree(self.connection_dir, ignore_errors=True)

    async def end_kernel(self, kernel_id: str) -> None:
        """End one kernel and its lines; it may have died already."""
        for line in list(self.sockets.pop(kernel_id, set())):
            line.close()
        if kernel_id in self.kernel_manager:
            await ensure_async(self.kernel_manager.shutdown_kernel(kernel_id, now=True))

    async def _end_all(self) -> None:
        """End every kernel, also those that are still starting. One that never started is no reason to stop here."""
        kernels = self.kernel_manager
        # Jupyter's own `shutdown_all` fails for good after one kernel could not be started.
        await asyncio.gather(*kernels._pending_kernels.values(), return_exceptions=True)
        ends = [ensure_async(kernels.shutdown_kernel(one, now=True)) for one in kernels.list_kernel_ids()]
        await asyncio.gather(*ends, return_exceptions=True)

    def _listen(self, sockets: list[socket], tls: ssl.SSLContext | None) -> HTTPServer:
        settings = self.init_settings() | {"kernel_websocket_connection_class": PageConnection}
        self.kernel_manager.room = self.hall.room
        # ZeroMQ stops at 1023 sockets otherwise: a room of 70 or so.
        self.kernel_manager.context.max_sockets = MOST_SOCKETS
        self.app = Arrivals(
            self.init_handlers(), **settings, websocket_max_message_size=LARGEST_MESSAGE,
            transforms=[Compressed],
            ws_ping_interval=0, websocket_compression_options={"compression_level": 6, "mem_level": 5},
            log_function=lambda handler: None,
            default_handler_class=Page, default_handler_args={"hall": self.hall},
        )  # fmt: skip
        self.app.open_site(self.hall.reach.site)
        server = HTTPServer(
            self.app, ssl_options=tls, max_body_size=64 * 1024, max_header_size=32 * 1024,
            body_timeout=HALF_SENT_SECONDS, idle_connection_timeout=HALF_SENT_SECONDS,
        )  # fmt: skip
        server.add_sockets(sockets)
        return server

    async def _sweep(self) -> None:
        await self.hall.room.sweep(self._alive)
        # A kernel's end takes a while longer than its page's, and what knew of it is garbage only then.
        self._empty = 0 if len(self.kernel_manager) else self._empty + 1
        if self._empty == EMPTY_SWEEPS:
            give_memory_back()

    async def _alive(self, kernel_id: str) -> bool:
        return kernel_id in self.kernel_manager and bool(await ensure_async(self.kernel_manager.is_alive(kernel_id)))


def give_memory_back() -> None:
    """What a full room has used goes back to the system, where the C library can do that."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def connection_folder() -> str:
    """A new folder for kernels' sockets, for this user only, whose path leaves room for theirs.

    In memory where the system has a place for that: a hundred kernels make five hundred sockets at once. On a Mac
    the usual temporary folder's path is so long that no kernel could start.
    """
    for place in (os.environ.get("XDG_RUNTIME_DIR"), None if _TEMPORARY & os.environ.keys() else SHARED_MEMORY):
        if place and os.path.isdir(place) and os.access(place, os.W_OK | os.X_OK):
            with contextlib.suppress(OSError):
                return _new_folder(place)
    return _new_folder(None)


def _new_folder(place: str | None) -> str:
    folder = tempfile.mkdtemp(prefix="kit_", dir=place)
    if os.name == "posix" and len(os.fsencode(folder)) > LONGEST_FOLDER:
        os.rmdir(folder)
        folder = tempfile.mkdtemp(prefix="kit_", dir="/tmp")
    return folder


def template_folder() -> Path:
    """The kit's Voila template."""
    return Path(str(files("kit.serving").joinpath("template")))


def notebook_folder() -> Path:
    """The notebooks that Voila and Papermill run: in the installed package, or beside it in a source tree."""
    package = Path(str(files("kit")))
    inside = package / "notebooks"
    return inside if inside.is_dir() else package.parent / "notebooks"


def make_app(store: Store, reach: Reach, lang: str, limit: int) -> WorkshopApp:
    """An application that is ready to `serve`; nothing listens yet."""
    rendering.install()
    # The first visitor need not wait for them to be compressed.
    scripts()
    base = reach.site.base
    config = Config()
    config.Voila.base_url = base + "/"
    config.Voila.root_dir = str(notebook_folder())
    config.Voila.log_level = logging.ERROR
    config.VoilaConfiguration.template = "kit"
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.multi_kernel_manager_class = RoomKernels
    config.VoilaConfiguration.kernel_spec_manager_class = RoomKernelSpecs
    # Voila's own sign of life is an inline script; the page has its own.
    config.VoilaConfiguration.http_keep_alive_timeout = 3600
    config.Voila.identity_provider_class = Nobody
    config.VoilaConfiguration.resources = {
        "kit": {
            "lang": lang, "base": base, "leave_url": base + "/leave", "seat_lost_url": base + "/lost",
            "static_url": base + assets().prefix,
            "style_urls": [base + assets().prefix + "kit.css", base + assets().prefix + "desk.css"],
            "said": {one: section(one, "page") for one in languages()},
        }
    }  # fmt: skip
    # A restarted kernel would know nothing of its page; the page comes back with a new one instead.
    config.KernelManager.autorestart = False
    if os.name == "posix":
        # A hundred kernels that pick TCP ports at once collide, and anyone on the machine could connect.
        config.KernelManager.transport = "ipc"
    app = WorkshopApp(config=config)
    app.config_file_paths = []
    app.initialize([])
    # Otherwise each note that nobody wants to read is made, and then put aside.
    app.log.setLevel(app.log_level)
    room = Room(limit, app.end_kernel)
    app.open_hall(Hall(store, room, reach, lang))
    return app
