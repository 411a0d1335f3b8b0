"""What on this machine would spoil a workshop, with its mend; and what cannot be seen from here, with how to look."""

from __future__ import annotations

import sys
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import psutil

import kit
from kit.errors import PortInUse, WrongOption
from kit.serving.network import bind
from kit.serving.reach import Reach
from kit.serving.site import Site
from kit.session import EXPECTED_DEFAULT
from kit.store import Store
from kit.texts import say

MB = 1_000_000
# A workshop's answers are small; a database that finds no place loses them.
DISK_MB = 500
# What server and kernels need for themselves beside a browser, and what each person adds: bench/results.md has 250 MB
# with 300 people, and 0.18 MB for each.
MEMORY_MB, PERSON_MB = 600, 0.3
# Files and sockets.
PERSON_FILES, OWN_FILES = 15, 300


class Verdict(StrEnum):
    """Whether all is well, something is to be mended, or it cannot be seen from here."""

    WELL = "well"
    MEND = "mend"
    UNSEEN = "unseen"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `details` fill its sentences."""

    id: str
    state: Verdict
    details: dict[str, object] = field(default_factory=dict)

    def name(self, lang: str) -> str:
        """What was looked at."""
        return say(lang, f"doctor.{self.id}.name")

    def told(self, lang: str) -> str:
        """How it is."""
        details = {**self.details}
        if kind := details.get("kind"):
            details["kind"] = say(lang, f"cli.network.{kind}")
        return say(lang, f"doctor.{self.id}.{self.state.value}", **details)

    def how(self, lang: str) -> str:
        """What to do about it; nothing where all is well."""
        if self.state is Verdict.WELL:
            return ""
        return say(lang, f"doctor.{self.id}.{self.state.value}_how", **self.details)


def _battery() -> Any:
    """None where nobody can tell: not every system has it, and a container may not be shown the machine's."""
    try:
        return getattr(psutil, "sensors_battery", lambda: None)()
    except (OSError, RuntimeError):
        return None


def _most_files() -> int:
    """How many files and sockets a process may have; 0 where the system counts them in another way."""
    if sys.platform == "win32":
        return 0
    import resource

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return 1 << 20 if hard == resource.RLIM_INFINITY else hard


@dataclass(frozen=True)
class Machine:
    """Where a machine is asked; a test asks another one."""

    memory: Callable[[], Any] = psutil.virtual_memory
    disk: Callable[[str], Any] = psutil.disk_usage
    battery: Callable[[], Any] = _battery
    now: Callable[[], datetime] = datetime.now
    browser: Callable[[], object] = webbrowser.get
    files: Callable[[], int] = _most_files


def examine(
    store: Store, expected: int = EXPECTED_DEFAULT, reach: Reach | None = None, machine: Machine | None = None,
    in_browser: bool = False,
) -> list[Check]:  # fmt: skip
    """Everything that was looked at, for so many people.

    reach       of a server that runs; else a free port is looked for, and a browser
    in_browser  whether it is told in one: then there is one, whatever can be found of it
    """
    asked = machine or Machine()
    port = _port() if reach is None else None
    # Where a workshop would be reached if it were started now.
    free = port.details["port"] if port and port.state is Verdict.WELL else 8866
    there = reach or Reach(Site(), "0.0.0.0", int(str(free)))
    checks = [_address(there), Check("firewall", Verdict.UNSEEN)]
    checks += [port] if port else []
    checks += [*_disk(store, asked), _memory(expected, asked), *_files(expected, asked), _power(asked)]
    checks += [Check("sleep", Verdict.UNSEEN), _clock(store, asked)]
    return checks + ([] if reach or in_browser else [_browser(asked)])


def worst(checks: Sequence[Check]) -> list[Check]:
    """In the order in which they matter: what is to be mended, what cannot be seen, what is well."""
    order = [Verdict.MEND, Verdict.UNSEEN, Verdict.WELL]
    return sorted(checks, key=lambda one: order.index(one.state))


def _address(reach: Reach) -> Check:
    now = reach.now
    if now.reached:
        return Check("address", Verdict.WELL, {"url": now.url, "kind": now.kind.value})
    return Check("address", Verdict.MEND, {"network": now.network, "kind": now.kind.value})


def _port() -> Check:
    try:
        sockets, port = bind("0.0.0.0", None)
    except (PortInUse, WrongOption, OSError) as error:
        details = getattr(error, "details", {})
        return Check("port", Verdict.MEND, {"port": details.get("port", "8866")})
    for one in sockets:
        one.close()
    return Check("port", Verdict.WELL, {"port": port})


def _disk(store: Store, machine: Machine) -> Iterator[Check]:
    database = store.engine.url.database or ""
    # What is in a database elsewhere, that machine has to look after.
    if store.engine.url.get_backend_name() == "sqlite" and database != ":memory:":
        folder = Path(database).absolute().parent
        free = int(machine.disk(str(folder)).free) // MB
        yield Check("disk", Verdict.WELL if free >= DISK_MB else Verdict.MEND, {"free": free, "folder": str(folder)})


def _memory(people: int, machine: Machine) -> Check:
    free, need = int(machine.memory().available) // MB, round(MEMORY_MB + PERSON_MB * people)
    return Check("memory", Verdict.WELL if free >= need else Verdict.MEND, {"free": free, "need": need, "n": people})


def _files(people: int, machine: Machine) -> Iterator[Check]:
    most, need = machine.files(), OWN_FILES + PERSON_FILES * people
    if most:
        yield Check("files", Verdict.WELL if most >= need else Verdict.MEND, {"most": most, "need": need, "n": people})


def _power(machine: Machine) -> Check:
    battery = machine.battery()
    if battery is None or battery.power_plugged is None:
        return Check("power", Verdict.UNSEEN)
    if battery.power_plugged:
        return Check("power", Verdict.WELL)
    return Check("power", Verdict.MEND, {"percent": round(battery.percent)})


def _clock(store: Store, machine: Machine) -> Check:
    now = machine.now()
    days = [date.fromtimestamp(Path(kit.__file__).stat().st_mtime), *(one.made_on for one in store.sessions.all())]
    told: dict[str, object] = {"day": now.date().isoformat(), "time": f"{now:%H:%M}"}
    return Check("clock", Verdict.MEND if now.date() < max(days) else Verdict.WELL, told)


def _browser(machine: Machine) -> Check:
    try:
        machine.browser()
    except webbrowser.Error:
        return Check("browser", Verdict.MEND)
    return Check("browser", Verdict.WELL)
