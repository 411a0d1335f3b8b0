"""`kit take-along`: the folder for a laptop without the internet, gathered, and used where there is no network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from kit import regions
from kit.cli import main, own_wheel
from kit.cli.take_along import SYSTEMS, _launchers, pinned
from tests.support.built import ROOT, release, uv
from tests.support.region import PHONE, filled


def names(system: str, python: str) -> set[str]:
    return {line.partition("==")[0] for line in pinned(system, python)}


def test_what_a_system_and_a_python_need_is_read_for_them_and_not_for_this_one() -> None:
    assert {"pywinpty", "colorama"} <= names("windows", "3.12")
    assert not {"pywinpty", "colorama", "appnope"} & names("linux", "3.12")
    assert "appnope" in names("macos", "3.13")
    assert "aiohttp" in names("linux", "3.12")
    assert "aiohttp" not in names("linux", "3.13")
    # A folder for 3.11 serves each 3.11, Debian's 3.11.2 too.
    assert next(line for line in pinned("linux", "3.11") if line.startswith("soupsieve")) == "soupsieve==2.10"


def test_the_list_in_the_package_is_part_of_the_lock_and_has_all_that_the_kit_needs() -> None:
    listed = (ROOT / "kit/packages.txt").read_text("utf-8").splitlines()
    lock = {(one.name, str(one.specifier)) for one in _requirements(ROOT / "constraints.txt")}
    assert {(one.name, str(one.specifier)) for one in _requirements(ROOT / "kit/packages.txt")} <= lock
    for asked in map(Requirement, distribution("collaboration-kit").requires or ()):
        if asked.marker is None:
            assert any(line.startswith(f"{asked.name.lower()}==") for line in listed), asked


def _requirements(file: Path) -> list[Requirement]:
    return [Requirement(line) for line in file.read_text("utf-8").splitlines() if line and line[0] != "#"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_folder_says_what_to_do_and_its_launcher_is_whole(tmp_path: Path, system: str) -> None:
    _launchers(tmp_path, system, "3.12")
    files = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    start = {"linux": "start.sh", "windows": "start.cmd", "macos": "start.command"}[system]
    assert {start, "start.py", "README.txt"} <= set(files)
    for name, told in files.items():
        assert b"@PYTHON@" not in told, name
        assert b"@START@" not in told, name
        assert (b"\r\n" in told) is (system == "windows"), name
    assert start.encode() in files["README.txt"]
    assert b"Double-cliquez sur " + start.encode() in files["README.txt"]
    compile(files["start.py"], "start.py", "exec")
    if system != "windows" and sys.platform != "win32":
        assert os.access(tmp_path / start, os.X_OK)
        assert subprocess.run(["sh", "-n", tmp_path / start], check=False).returncode == 0


def batch_faults(told: bytes) -> list[str]:
    """What Windows' command interpreter would stumble over in a batch file; read, since there is no Windows here."""
    text = told.decode("ascii")
    lines = text.replace("\r\n", "\n").split("\n")
    found = ["a line without CRLF" for _ in re.findall(rb"(?<!\r)\n", told)]
    # %0 to %9, %* and %~dp0 are arguments, %% is one sign, and anything else the name of a variable.
    found += [f"a single %: {line}" for line in lines if "%" in re.sub(r"%%|%\*|%~dp0", "", line)]
    found += [f"no quotes: {line}" for line in lines if "%~dp0" in line and '"%~dp0"' not in line]
    found += [f"no quotes: {line}" for line in lines if re.match(r"\s*%%f", line)]
    # A bracket in a sentence would end the block that the sentence stands in.
    found += [f"a bracket: {line}" for line in lines if re.match(r"\s*echo\b.*[()&|<>^]", line)]
    code = re.sub(r'"[^"]*"', "", "\n".join(line for line in lines if not line.strip().startswith("echo")))
    found += ["brackets that do not match"] * (code.count("(") != code.count(")"))
    found += [f"no label {one}" for one in re.findall(r"goto (\w+)", text) if f":{one}" not in lines]
    words = re.findall(r"^\s*(?:#!|sh |bash |export |fi\b|done\b|exec )|\$\(|/bin/|/dev/null", text, re.MULTILINE)
    return found + [f"of a shell: {one}" for one in words]


def test_the_launcher_for_windows_is_read_as_windows_would(tmp_path: Path) -> None:
    _launchers(tmp_path, "windows", "3.12")
    told = (tmp_path / "start.cmd").read_bytes()
    assert batch_faults(told) == []
    lines = told.decode("ascii").splitlines()
    assert lines[0] == "@echo off"
    assert lines[-1] == "pause", "the window stays open until the person has read why"
    assert 'cd /d "%~dp0"' in lines, "also from another drive, and below a folder with spaces"
    assert [line.split()[0] for line in lines if "start.py" in line] == ["py", "python"]
    for spoilt in (
        told.replace(b"\r\n", b"\n", 1), told.replace(b"%%d", b"%d"), told.replace(b'"%~dp0"', b"%~dp0"),
        told.replace(b'"%%f"', b"%%f"), told.replace(b":end\r\n", b""), told.replace(b"echo Its", b"echo (Its"),
        told.replace(b"2>nul", b"2>/dev/null"), told.replace(b"&& (", b"&&", 1),
    ):  # fmt: skip
        assert spoilt != told
        assert batch_faults(spoilt)


@pytest.mark.parametrize(("system", "name"), [("macos", "start.command"), ("linux", "start.sh")])
def test_the_launcher_for_a_shell_is_plain(tmp_path: Path, system: str, name: str) -> None:
    """Any POSIX shell: macOS has zsh and an old bash, Debian dash."""
    _launchers(tmp_path, system, "3.12")
    text = (tmp_path / name).read_bytes().decode("utf-8")
    assert text.startswith("#!/bin/sh\n")
    assert "\r" not in text
    assert 'cd "$(dirname "$0")"' in text
    assert not re.search(r"\[\[|\bfunction\b|\blocal\b|<<<|&>|\bsource\b|\$'", text), "bash alone knows this"
    assert not re.search(r'(?<!")\$(?:python|@|0)\b(?!")', text), "a path with spaces would fall apart"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_without_its_python_the_launcher_says_which_is_needed(tmp_path: Path) -> None:
    _launchers(tmp_path, "linux", "3.99")
    done = subprocess.run(["sh", tmp_path / "start.sh"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)  # noqa: E501
    assert done.returncode == 1
    assert "Python 3.99 is needed" in done.stdout
    assert "Il faut Python 3.99" in done.stdout


def test_another_python_is_refused_with_a_word(tmp_path: Path) -> None:
    _launchers(tmp_path, "linux", "3.99")
    done = subprocess.run([sys.executable, tmp_path / "start.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "3.99" in done.stdout


@pytest.mark.parametrize("typed", ["3.10", "3", "x", "2.7"])
def test_a_python_that_cannot_be_is_a_wrong_call(
    tmp_path: Path, typed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["take-along", str(tmp_path), "--python", typed])
    assert ended.value.code == 2
    assert "3.11" in capsys.readouterr().err


def test_an_installed_kit_is_packed_again_as_it_was(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """From the wheel to an installation and back: the same files with the same bytes."""
    wheel, again, place = release(tmp_path_factory).wheel, tmp_path / "again", tmp_path / "place"
    again.mkdir()
    uv("venv", "--quiet", "--python", sys.executable, place)
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    uv("pip", "install", "--quiet", "--no-deps", "--python", python, wheel)
    code = f"import sys; sys.path.append({str(ROOT)!r})\nimport runpy\nrunpy.run_path({own_wheel.__file__!r})['pack'](__import__('pathlib').Path({str(again)!r}))"  # noqa: E501
    subprocess.run([python, "-I", "-c", code], check=True)
    (packed,) = again.glob("*.whl")
    assert packed.name == wheel.name
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(packed) as other:
        whole = {name for name in one.namelist() if not name.endswith("/RECORD")}
        assert {name for name in other.namelist() if not name.endswith("/RECORD")} == whole
        assert all(one.read(name) == other.read(name) for name in whole)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="taking the network away needs Linux and root")
def test_a_laptop_without_the_internet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gathered with the network; then, in a namespace without one: double-click, choose, start, join, answer page."""
    if subprocess.run(["unshare", "-n", "true"], check=False, capture_output=True).returncode:
        pytest.skip("no network namespaces here")
    stick = tmp_path / "clé USB"
    # The pack that is named here is forgotten after it.
    monkeypatch.setenv(regions.VARIABLE, "")
    with pytest.raises(SystemExit) as ended:
        main(["take-along", str(stick), "--region", str(filled(tmp_path))])
    assert ended.value.code == 0
    driver = Path(__file__).parent / "support/offline.py"
    path = f"{Path(sys._base_executable).parent}{os.pathsep}{os.environ['PATH']}"  # type: ignore[attr-defined]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "PIP_", "UV_", "KIT_"))}
    done = subprocess.run(
        ["unshare", "-n", sys.executable, driver, stick, PHONE], capture_output=True, text=True, check=False,
        env=kept | {"HOME": str(tmp_path), "PATH": path, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    assert (tmp_path / ".local/share/collaboration-kit/store.db").is_file(), "answers are at home, not on the stick"
    assert not list(stick.rglob("*.db"))
