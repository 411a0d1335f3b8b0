"""The kit as it is hosted: servers on one PostgreSQL, nginx with TLS in front, from the files in docs/hosting."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.ports import free_port
from tests.support.waiting import PATIENCE, eventually
from tests.support.workshop import KIT, ROOT, environment
from tools.services import ADVICE, find

EXAMPLES = ROOT / "docs" / "hosting"
PATH = "/workshop"
# What the example says, and what stands there in a test.
_LOG = "/var/log/nginx/workshop.log"
_TLS = "/etc/ssl/workshop"


@dataclass
class Server:
    """One `kit serve`."""

    process: subprocess.Popen[bytes]
    port: int
    file: Path
    temporary: Path

    @property
    def log(self) -> str:
        """What it has written out."""
        return self.file.read_text("utf-8", errors="replace")

    def end(self) -> None:
        """End it if it still runs, and remove what it leaves."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)
        shutil.rmtree(self.temporary, ignore_errors=True)


def serve(folder: Path, store: str, address: str, port: int = 0) -> Server:
    """Start `kit serve` as the examples do; the store's place, password and all, is in its environment."""
    folder.mkdir(exist_ok=True)
    (folder / "home").mkdir(exist_ok=True)
    port, temporary, file = port or free_port(), Path(tempfile.mkdtemp(prefix="t")), folder / "log.txt"
    called = ["serve", "--host", "127.0.0.1", "--port", str(port), "--address", address, "--behind-proxy"]
    with file.open("ab") as log:
        process = subprocess.Popen(
            [*KIT, *called], cwd=ROOT, env=environment(folder, temporary) | {"KIT_STORE": store}, stdout=log,
            stderr=log, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    return Server(process, port, file, temporary)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that nobody has signed but itself, and its key."""
    folder.mkdir(exist_ok=True)
    cert, key = folder / "cert.pem", folder / "key.pem"
    made = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-keyout", str(key), "-out", str(cert),
    ]  # fmt: skip
    subprocess.run(made, check=True, capture_output=True)
    return cert, key


@contextmanager
def nginx(folder: Path, port: int, servers: tuple[int, int]) -> Iterator[None]:
    """nginx with docs/hosting/nginx.conf, of which only places and ports are others."""
    program = find("nginx")
    if program is None:
        pytest.fail(ADVICE.format(missing="nginx"))
    certificate(folder / "tls")
    text = (EXAMPLES / "nginx.conf").read_text("utf-8")
    for said, here in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"), ("server_name workshop.example.org", "server_name _"),
        (_TLS, str(folder / "tls")), (_LOG, str(folder / "workshop.log")),
        ("127.0.0.1:8866 max", f"127.0.0.1:{servers[0]} max"), ("127.0.0.1:8867 max", f"127.0.0.1:{servers[1]} max"),
    ):  # fmt: skip
        assert text.count(said), said
        text = text.replace(said, here)
    (folder / "workshop.conf").write_text(text)
    parts = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in parts)
    # Which server has answered: for the test's eyes only.
    whole = (
        f"{'user root;' if os.geteuid() == 0 else ''}\ndaemon off;\npid {folder}/pid;\nworker_processes 1;\n"
        f"events {{}}\nhttp {{\n{temporary}add_header X-Server $upstream_addr always;\n"
        f"include {folder}/workshop.conf;\n}}\n"
    )
    (folder / "nginx.conf").write_text(whole)
    called = [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    subprocess.run([*called, "-t"], check=True, capture_output=True)
    with subprocess.Popen(called, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            # Not its file: a look at the configuration (`-t`) leaves one, too.
            eventually(lambda: _listens(port), "nginx has started")
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), PATIENCE):
        return True
    return False


def new_session(folder: Path, store: str, *options: str) -> dict[str, object]:
    """`kit session new`; what it says."""
    import json

    (folder / "home").mkdir(exist_ok=True)
    told = subprocess.run(
        [sys.executable, "-m", "kit", "session", "new", "--json", *options], cwd=ROOT, check=True, capture_output=True,
        env=environment(folder, folder) | {"KIT_STORE": store},
    )  # fmt: skip
    return dict(json.loads(told.stdout))
