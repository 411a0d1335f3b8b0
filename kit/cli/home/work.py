"""The kit's own commands that run for the trainer's page, each in a process of its own."""

from __future__ import annotations

import http.client
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from kit.errors import PortInUse
from kit.serving.network import bind

KIT = (sys.executable, "-m", "kit")
LOOPBACK = "127.0.0.1"
# A server ends its kernels and lines in order; one that does not come to that is ended all the same.
GOODBYE_SECONDS = 20
ANSWER_SECONDS = 2
LONGEST_TOLD = 4000


def environment(lang: str, store: str) -> dict[str, str]:
    """What a command is told that does not stand in its call, which everybody on this machine can read."""
    from kit.store.place import VARIABLE

    return {**os.environ, "KIT_LANG": lang, VARIABLE: store, "PYTHONIOENCODING": "utf-8:replace"}


@dataclass
class Job:
    """A command that runs, or has run.

    folder  where its files are; `files` is how many come of it, where that is known
    code    the workshop that it is about; empty where it is about several or none
    """

    kind: str
    code: str
    call: Sequence[str]
    env: Mapping[str, str]
    folder: Path
    out: str = ""
    err: str = ""
    files: int = 0
    _process: subprocess.Popen[str] = field(init=False)
    _reader: Thread = field(init=False)

    def __post_init__(self) -> None:
        self._process = subprocess.Popen(
            [*KIT, *self.call], env=dict(self.env), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
        )  # fmt: skip
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def is_over(self) -> bool:
        """Whether it has ended, and all that it said is here."""
        return not self._reader.is_alive()

    @property
    def failed(self) -> bool:
        """Whether it ended with an error; 3 says that it worked, and that there is something to know."""
        return self._process.returncode not in (0, 3)

    def told(self) -> str:
        """What it said, without the folder that nobody has to know of."""
        said = "\n".join(one.strip() for one in (self.out, self.err) if one.strip())
        return said.replace(f"{self.folder}{os.sep}", "").replace(f"{self.folder}", "")[-LONGEST_TOLD:]

    def stop(self) -> None:
        """End it, if it still runs."""
        self._process.terminate()
        self._reader.join(GOODBYE_SECONDS)

    def _read(self) -> None:
        self.out, self.err = self._process.communicate()


def packed(paths: Iterable[Path]) -> bytes:
    """Files in one ZIP, without folders."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bundle:
        for path in paths:
            bundle.write(path, path.name)
    return made.getvalue()


def back_of(job: Job) -> str:
    """Where the page of a job leads back to."""
    return f"w/{job.code}" if job.code else "reports" if job.kind == "report" else ""


def _free(port: int | None) -> int:
    """This port, or the first one, that nobody listens on now; raises `PortInUse`."""
    sockets, found = bind("0.0.0.0", port)
    for one in sockets:
        one.close()
    return found


class Server:
    """A server of workshops. It ends when this process does, however that ends: its standard input ends then."""

    def __init__(self, call: Sequence[str], env: Mapping[str, str], log: Path, practice: Path | None = None) -> None:
        """`practice` is the store of a rehearsal, which serves nothing else."""
        self.log, self.practice = log, practice
        self._call, self._env = [*KIT, *call, "--until-input-ends"], dict(env)
        self._wanted = True
        self._start()

    def _start(self) -> None:
        self.port = _free(None)
        with self.log.open("wb") as out:
            self._process = subprocess.Popen(
                [*self._call, "--port", str(self.port)], env=self._env, stdin=subprocess.PIPE, stdout=out, stderr=out
            )

    def began_anew(self) -> bool:
        """Whether another program took its port before it came up itself; then it starts on the next one."""
        if not self.is_over or not self._wanted:
            return False
        with suppress(PortInUse):
            _free(self.port)
            return False
        self._start()
        return True

    @property
    def address(self) -> str:
        """Where this machine's browser finds it."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def is_over(self) -> bool:
        """Whether it has ended, by itself or by `stop`."""
        return self._process.poll() is not None

    def is_up(self) -> bool:
        """Whether it answers."""
        line = http.client.HTTPConnection(LOOPBACK, self.port, timeout=ANSWER_SECONDS)
        try:
            line.request("GET", "/healthz")
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def trouble(self) -> str:
        """Why it has ended: the last that it said."""
        lines = self.log.read_text("utf-8", errors="replace").strip().splitlines()
        return "\n".join(lines[-5:])[-LONGEST_TOLD:]

    def stop(self) -> None:
        """End it in order, for good."""
        self._wanted = False
        with suppress(OSError):
            assert self._process.stdin
            self._process.stdin.close()
        try:
            self._process.wait(GOODBYE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
