"""A PostgreSQL of the test's own: made, started and removed by it, on a free port, never as root."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.ports import free_port
from tests.support.waiting import PATIENCE, eventually
from tools.services import ADVICE, find

# Not a secret: it opens an empty database on this machine for as long as a test runs. Tests look for it in logs.
PASSWORD = "a-word-that-no-log-may-hold"
USER = "kit"


@dataclass
class Postgres:
    """A database server that can be stopped and started again, as in a real night."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        """Its database, password and all."""
        return f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = (
            f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}",
            "fsync=off", "shared_buffers=16MB", "logging_collector=off",
        )  # fmt: skip
        options = [part for one in settings for part in ("-c", one)]
        with (self.folder / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(
                [_program("postgres"), "-D", str(self.folder / "data"), *options], stdout=log, stderr=log, **_somebody()
            )
        eventually(self.answers, f"PostgreSQL answers: {(self.folder / 'log.txt').read_text()[-2000:]}")

    def answers(self) -> bool:
        """Whether it takes connections."""
        asked = [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(asked, check=False).returncode == 0

    def stop(self) -> None:
        """Stop it at once; whoever is connected is thrown out."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(PATIENCE)
            self.process = None


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL with an empty database; fails with what to install when there is none."""
    # Not pytest's folder, which only its own user may enter.
    folder = Path(tempfile.mkdtemp(prefix="kitpg"))
    try:
        _give(folder)
        (folder / "password").write_text(PASSWORD)
        made = [
            _program("initdb"), "-D", str(folder / "data"), "-U", USER, "--auth=scram-sha-256", "--no-sync",
            f"--pwfile={folder / 'password'}", "--encoding=UTF8", "--locale=C", "--no-instructions",
        ]  # fmt: skip
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd=folder, **_somebody())
        server = Postgres(folder, free_port())
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str) -> str:
    found = find(name)
    if found is None:
        pytest.fail(ADVICE.format(missing=name))
    return found


def _somebody() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then as its own user, which Debian's package makes."""
    if os.geteuid() != 0:
        return {}
    person = pwd.getpwnam("postgres")
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


def _give(folder: Path) -> None:
    if somebody := _somebody():
        os.chown(folder, somebody["user"], somebody["group"])
