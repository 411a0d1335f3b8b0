"""Set the Collaboration Kit up from this folder, once and without the internet, and start a workshop."""

import io
import os
import pathlib
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "@PYTHON@"


def home() -> pathlib.Path:
    """Where the kit is installed on this computer: not on the stick, which may be slow or may not be written."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(pathlib.Path.home() / "AppData/Local")
    elif sys.platform == "darwin":
        base = str(pathlib.Path.home() / "Library/Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME") or str(pathlib.Path.home() / ".local/share")
    return pathlib.Path(base) / "collaboration-kit" / "program"


def install(folder: pathlib.Path, python: pathlib.Path, wanted: str) -> None:
    print("Setting up, once, without the internet. This takes a minute or two.")
    print("Installation, une seule fois et sans internet. Cela prend une minute ou deux.", flush=True)
    venv.create(str(folder), with_pip=True, clear=True, symlinks=os.name != "nt")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
    # Of a hundred packages a workshop loads a part; Python compiles each when it is loaded first.
    pip.append("--no-compile")
    packages = ["--find-links", str(HERE / "packages"), "--requirement", str(HERE / "packages.txt")]
    subprocess.run([*pip, *packages], check=True)
    (folder / "made-of.txt").write_text(wanted, encoding="utf-8")


def main() -> int:
    if "{}.{}".format(*sys.version_info) != PYTHON:
        print("This folder is for Python {}; this is {}.{}.".format(PYTHON, *sys.version_info))
        print("Ce dossier est pour Python {}; ceci est {}.{}.".format(PYTHON, *sys.version_info))
        return 1
    folder = home()
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    kit = sorted(one.name for one in (HERE / "packages").glob("collaboration_kit-*.whl"))
    wanted = "\n".join([PYTHON, *kit, (HERE / "packages.txt").read_text(encoding="utf-8")])
    made = folder / "made-of.txt"
    try:
        ready = made.is_file() and made.read_text(encoding="utf-8") == wanted and python.exists()
        if not ready:
            install(folder, python, wanted)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"It could not be set up: {error}")
        print(f"L'installation n'a pas réussi : {error}")
        return 1
    packs = HERE / "regions"
    brought = ["--packs", str(packs)] if packs.is_dir() else []
    return subprocess.call([str(python), "-m", "kit", "start", *brought, *sys.argv[1:]])


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
