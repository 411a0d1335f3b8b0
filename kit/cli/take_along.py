"""`kit take-along`: a folder for a USB stick, with all that an installation without the internet needs.

Regional packs go along: the one that was named, or all in the person's data folder.

The versions are those of `kit/packages.txt`. What a package needs on which system and Python stands there as markers;
they are read for the computer that the folder is for, not for this one.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import venv
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from kit.errors import FolderUnwritable, GatheringFailed
from kit.texts import default_language, say

# Macs with Intel's processor are missing: packages are no longer made for them.
# Per system: its `sys_platform`, `os_name`, `platform_system` and `platform_machine`, and pip's names for it.
SYSTEMS: dict[str, tuple[tuple[str, str, str, str], tuple[str, ...]]] = {
    "linux": (
        ("linux", "posix", "Linux", "x86_64"),
        (*(f"manylinux_2_{minor}_x86_64" for minor in range(35, 4, -1)), "manylinux2014_x86_64", "linux_x86_64"),
    ),
    "windows": (("win32", "nt", "Windows", "AMD64"), ("win_amd64",)),
    "macos": (
        ("darwin", "posix", "Darwin", "arm64"),
        tuple(f"macosx_{major}_0_{kind}" for major in (14, 13, 12, 11) for kind in ("arm64", "universal2")),
    ),
}  # fmt: skip
LEAST, NEWEST_KNOWN = (3, 11), (3, 14)
LAUNCHERS = {"linux": ("start.sh", "start.desktop"), "windows": ("start.cmd",), "macos": ("start.command",)}


def here() -> str:
    """This computer's system."""
    if sys.platform == "win32":
        return "windows"
    if sys.platform == "darwin":
        return "macos"
    return "linux"


def running() -> str:
    """This Python's version."""
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def version(typed: str) -> str:
    """A Python that the kit runs on, such as 3.12."""
    found = re.fullmatch(r"(\d+)\.(\d+)", typed)
    if not found or not LEAST <= (int(found[1]), int(found[2])) <= NEWEST_KNOWN:
        raise ArgumentTypeError(say(default_language(), "calls.take_version", value=typed[:20]))
    return typed


def take_along(args: Namespace) -> int:
    """Gather the folder; say what is in it and what else the stick needs."""
    from kit.regions import lay

    pins, packs = list(pinned(args.system, args.python)), _packs()
    try:
        (args.folder / "packages").mkdir(parents=True, exist_ok=True)
        lay(packs, args.folder)
    except OSError as error:
        raise FolderUnwritable(folder=args.folder, reason=error.strerror or error) from None
    _say("take_gathering", n=len(pins) + 1, system=args.system, python=args.python)
    with tempfile.TemporaryDirectory(prefix="kit_") as scratch:
        pip = _pip(Path(scratch))
        _own_wheel(pip, args.folder / "packages")
        _download(pip, args, pins, Path(scratch))
    _launchers(args.folder, args.system, args.python)
    size = sum(one.stat().st_size for one in args.folder.rglob("*") if one.is_file())
    _say("take_done", folder=args.folder, mb=round(size / 1e6), start=_starter(args.system))
    _say("take_python" if args.system != "linux" else "take_python_linux", python=args.python)
    _tell_packs(packs)
    return 0


def _packs() -> list[Path]:
    """The regional packs that go along, each of them sound; raises what `regions.read` does."""
    from kit import regions

    named = regions.found() if os.environ.get(regions.VARIABLE) else None
    packs = [named] if named else [*regions.own().values()]
    for pack in packs:
        regions.read(pack)
    return packs


def _tell_packs(packs: Sequence[Path]) -> None:
    """Which packs are in it, and what is wrong with their dates, while there is still time to call."""
    from kit import regions

    if packs:
        _say("take_packs", names=", ".join(one.name for one in packs))
    for region in map(regions.read, packs) if packs else [None]:
        if care := regions.care(region, default_language(), date.today()):
            print(care, flush=True)


def pinned(system: str, python: str) -> Iterator[str]:
    """Each package with its version, for a computer with this system and Python."""
    from packaging.requirements import Requirement

    sys_platform, os_name, platform_system, machine = SYSTEMS[system][0]
    there = {
        "sys_platform": sys_platform, "os_name": os_name, "platform_system": platform_system,
        "platform_machine": machine, "python_version": python, "python_full_version": _oldest(python),
        "implementation_name": "cpython", "platform_python_implementation": "CPython", "extra": "",
    }  # fmt: skip
    for line in files("kit").joinpath("packages.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            asked = Requirement(line)
            if asked.marker is None or asked.marker.evaluate(there):
                yield f"{asked.name}{asked.specifier}"


def _oldest(python: str) -> str:
    """The oldest release of a version, so that the folder serves whichever one is on the other computer."""
    return {"3.11": "3.11.2"}.get(python, f"{python}.0")


def _pip(scratch: Path) -> list[str]:
    """pip, also where this environment was made without it (uv, pipx)."""
    if find_spec("pip"):
        return [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    venv.create(scratch / "pip", with_pip=True)
    python = scratch / "pip" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    return [str(python), "-m", "pip", "--disable-pip-version-check"]


def _own_wheel(pip: list[str], target: Path) -> None:
    """The kit itself: built from a clone, or packed again from what is installed."""
    from kit.cli.own_wheel import pack

    for old in target.glob("collaboration_kit-*.whl"):
        old.unlink()
    root = Path(str(files("kit"))).parent
    if (root / "pyproject.toml").is_file():
        _run([*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", str(target), str(root)])
    else:
        pack(target)


def _download(pip: list[str], args: Namespace, pins: list[str], scratch: Path) -> None:
    wanted = scratch / "wanted.txt"
    wanted.write_text("\n".join(pins), "utf-8")
    abi = f"cp{args.python.replace('.', '')}"
    tags = [f"--platform={one}" for one in (*SYSTEMS[args.system][1], "any")]
    _run([
        *pip, "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", str(args.folder / "packages"),
        "--python-version", _oldest(args.python), "--implementation=cp", f"--abi={abi}", "--abi=abi3", "--abi=none",
        *tags, "--requirement", str(wanted),
    ])  # fmt: skip
    (args.folder / "packages.txt").write_text("\n".join([*pins, "collaboration-kit"]) + "\n", "utf-8")


def _run(call: list[str]) -> None:
    done = subprocess.run(call, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        last = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise GatheringFailed(reason=last[-1] if last else done.returncode)


def _starter(system: str) -> str:
    return LAUNCHERS[system][0]


def _launchers(folder: Path, system: str, python: str) -> None:
    """What is double-clicked, what it runs, and a page that says so."""
    from_here = files("kit").joinpath("offline")
    for name in (*LAUNCHERS[system], "start.py", "README.txt"):
        text = from_here.joinpath(name).read_text("utf-8").replace("@PYTHON@", python)
        text = text.replace("@START@", _starter(system))
        ends = "\r\n" if system == "windows" else "\n"
        (folder / name).write_bytes(text.replace("\n", ends).encode("utf-8"))
        if name.startswith("start.") and not name.endswith(".py"):
            (folder / name).chmod(0o755)


def _say(key: str, **details: object) -> None:
    print(say(default_language(), f"calls.{key}", **details), flush=True)
