"""The Voila application behind the front door."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import shutil
import ssl
import tempfile
from importlib.resources import files
from pathlib import Path
from socket import socket
from typing import Any

import tornado.ioloop
import tornado.web
from tornado.httpserver import HTTPServer
from traitlets.config import Config
from voila.app import Voila

from kit.serving import desk, door, passing, phones
from kit.serving.arrival import Arrivals
from kit.serving.assets import assets, scripts
from kit.serving.compressed import Compressed
from kit.serving.hall import Hall, PageFrame
from kit.serving.kernels import Nobody, OwnKernelSpecs, Post, QuietKernels
from kit.serving.lines import PING_SECONDS, LifeHandler, LineHandler
from kit.serving.link import KernelGone, KernelLink
from kit.serving.pages import ConsoleHandler, ParticipantHandler, ScreenHandler
from kit.serving.reach import Reach
from kit.serving.rendering import frame
from kit.serving.room import Room
from kit.serving.web import Page
from kit.store import Store
from kit.store.place import VARIABLE
from kit.texts import languages, section
from kit.views.scripts import BASE, SCRIPTS

PAGE = r"(?P<page>\w+-\w+-\w+-\w+-\w+)"
SWEEP_SECONDS = 2.0
# So often consoles are told how many people are here.
HERE_SECONDS = 1
# A socket's path may have 103 characters (macOS), of which "/kernel-<id>-ipc-1" takes 50.
LONGEST_FOLDER = 103 - 50
SHARED_MEMORY = "/dev/shm"
# Whoever sets one of these says where temporary files are to be.
_TEMPORARY = {"TMPDIR", "TEMP", "TMP"}
# Who sends half a request, or nothing more on an open line, is not waited for.
HALF_SENT_SECONDS = 20
KERNELS, MOST_KERNELS = "KIT_KERNELS", 64
LARGEST_MESSAGE = 2 * 1024 * 1024


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

    def init_handlers(self) -> list[Any]:
        """The kit's addresses, and nothing else."""
        hall = {"hall": self.hall}
        return [
            *door.handlers(self.hall),
            *desk.handlers(self.hall),
            *passing.handlers(self.hall),
            *phones.handlers(self.hall),
            (r"/w", ParticipantHandler, hall),
            (r"/console", ConsoleHandler, hall),
            (r"/screen", ScreenHandler, hall),
            (rf"/api/kernels/{PAGE}", LifeHandler, hall),
            (rf"/api/kernels/{PAGE}/channels", LineHandler, hall),
            (r".*", door.Missing, hall),
        ]

    async def serve(self, sockets: list[socket], until: asyncio.Event, tls: ssl.SSLContext | None = None) -> None:
        """Serve until the event is set, then end every kernel and leave nothing behind."""
        self.connection_dir = connection_folder()
        try:
            server = self._listen(sockets, tls)
            self._start_kernels()
            sweeper = tornado.ioloop.PeriodicCallback(self.hall.room.sweep, SWEEP_SECONDS * 1000)
            watcher = tornado.ioloop.PeriodicCallback(self.hall.health.look, SWEEP_SECONDS * 1000)
            finder = tornado.ioloop.PeriodicCallback(self.hall.moved, SWEEP_SECONDS * 1000)
            porter = tornado.ioloop.PeriodicCallback(self.hall.check_keys, SWEEP_SECONDS * 1000)
            crowds = tornado.ioloop.PeriodicCallback(self.hall.rush, SWEEP_SECONDS * 1000)
            people = tornado.ioloop.PeriodicCallback(self.hall.count_here, HERE_SECONDS * 1000)
            people.start()
            crowds.start()
            finder.start()
            porter.start()
            sweeper.start()
            watcher.start()
            # What is here now stays; nobody need look through it for garbage while people wait.
            gc.freeze()
            await until.wait()
            sweeper.stop()
            watcher.stop()
            finder.stop()
            porter.stop()
            crowds.stop()
            people.stop()
            server.stop()
            await asyncio.gather(*(post.close() for post in (*self.hall.posts, *self.hall.desk)))
            await server.close_all_connections()
        finally:
            shutil.rmtree(self.connection_dir, ignore_errors=True)

    def _start_kernels(self) -> None:
        env = {VARIABLE: self.hall.store_url, SCRIPTS: " ".join(scripts()), BASE: self.hall.path("")}
        hall, manager = self.hall, self.kernel_manager

        def post(*notebooks: str) -> Post:
            async def prepare(link: KernelLink) -> None:
                for notebook in notebooks:
                    hall.frames[notebook] = await self._frame(link, notebook)

            made = Post(manager, env, hall.hear, hall.news, prepare, hall.lost)
            made.open()
            return made

        hall.posts += [post("participant") for _ in range(number_of_kernels())]
        hall.desk.append(post("console", "screen"))

    async def _frame(self, link: KernelLink, notebook: str) -> PageFrame:
        voila = {
            "template_paths": self.template_paths, "traitlet_config": self.config, "root_dir": self.root_dir,
            "voila_configuration": self.voila_configuration, "contents_manager": self.contents_manager,
            "config_manager": self.config_manager, "kernel_spec_manager": self.kernel_spec_manager,
            "base_url": self.base_url,
        }  # fmt: skip
        made = await frame(link, notebook, **voila)
        if not made.is_whole:
            raise KernelGone
        return made

    def _listen(self, sockets: list[socket], tls: ssl.SSLContext | None) -> HTTPServer:
        self.app = Arrivals(
            self.init_handlers(), **self.init_settings(), websocket_max_message_size=LARGEST_MESSAGE,
            transforms=[Compressed], websocket_ping_interval=PING_SECONDS, websocket_ping_timeout=PING_SECONDS,
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


def number_of_kernels() -> int:
    """How many kernels hold participants' pages: one, or what KIT_KERNELS says."""
    wanted = os.environ.get(KERNELS, "")
    return int(wanted) if wanted.isdecimal() and 0 < int(wanted) <= MOST_KERNELS else 1


def connection_folder() -> str:
    """A new folder for kernels' sockets, for this user only, whose path leaves room for theirs.

    In memory where the system has a place for that. On a Mac the usual temporary folder's path is so long that no
    kernel could start.
    """
    for place in (os.environ.get("XDG_RUNTIME_DIR"), None if _TEMPORARY & os.environ.keys() else SHARED_MEMORY):
        if place and os.path.isdir(place) and os.access(place, os.W_OK | os.X_OK):
            with contextlib.suppress(OSError):
                clear_up(Path(place))
                return _new_folder(place)
    return _new_folder(None)


def clear_up(place: Path) -> None:
    """Remove the folders that servers have left here which did not end by themselves."""
    for left in place.glob("kit_*_*"):
        number = left.name.split("_")[1]
        # Another user's cannot be removed, and a number that is used again is left alone.
        if number.isdecimal() and not is_running(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def is_running(pid: int) -> bool:
    """Whether there is such a process; True also where that cannot be told."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _new_folder(place: str | None) -> str:
    folder = tempfile.mkdtemp(prefix=f"kit_{os.getpid()}_", dir=place)
    if os.name == "posix" and len(os.fsencode(folder)) > LONGEST_FOLDER:
        os.rmdir(folder)
        folder = tempfile.mkdtemp(prefix=f"kit_{os.getpid()}_", dir="/tmp")
    return folder


def template_folder() -> Path:
    """The kit's Voila template."""
    return Path(str(files("kit.serving").joinpath("template")))


def notebook_folder() -> Path:
    """The notebooks of a workshop's desk: in the installed package, or beside it in a source tree."""
    package = Path(str(files("kit")))
    inside = package / "notebooks" / "desk"
    return inside if inside.is_dir() else package.parent / "notebooks" / "desk"


def make_app(store: Store, reach: Reach, lang: str, limit: int) -> WorkshopApp:
    """An application that is ready to `serve`; nothing listens yet."""
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
    config.VoilaConfiguration.multi_kernel_manager_class = QuietKernels
    config.VoilaConfiguration.kernel_spec_manager_class = OwnKernelSpecs
    config.Voila.identity_provider_class = Nobody
    # Whether a notebook is trusted matters to nobody here; a home that cannot be written must not stop a page.
    config.NotebookNotary.db_file = ":memory:"
    config.NotebookNotary.secret = b"none"
    config.VoilaConfiguration.resources = {
        "kit": {
            "lang": lang, "base": base, "leave_url": base + "/leave", "seat_lost_url": base + "/lost",
            "static_url": base + assets().prefix,
            "said": {one: section(one, "page") for one in languages()},
        }
    }  # fmt: skip
    # A restarted kernel would know nothing of its pages; they come back with a new one instead.
    config.KernelManager.autorestart = False
    if os.name == "posix":
        # To a TCP port, anyone on the machine could connect.
        config.KernelManager.transport = "ipc"
    app = WorkshopApp(config=config)
    app.config_file_paths = []
    app.initialize([])
    # Otherwise each note that nobody wants to read is made, and then put aside.
    app.log.setLevel(app.log_level)
    hall = Hall(store, Room(limit, lambda page: hall.end(page)), reach, lang)
    app.open_hall(hall)
    return app
