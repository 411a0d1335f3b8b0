"""Make the virtual environment and install the kit into it: `python tools/setup.py [FOLDER] [--test] [--this-python]`.

Needs nothing but Python, and is quicker where uv is. Versions are those of constraints.txt, which the tests ran with.
--test adds what tests need; --this-python makes an environment of another Python anew. One that is ready is left alone;
one that is not whole, was moved or lost its Python is made anew.
"""

# No future import and no newer syntax: an old Python has to get as far as being told that it is too old.

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEAST = (3, 11, 2)
# Written last and removed first: an environment without it is not whole.
STAMP = "kit-ready.json"
TOO_OLD = (
    "The kit needs Python 3.11.2 or later; this is {}. Name another one: make PYTHON=python3.12\n"
    "La trousse demande Python 3.11.2 ou plus récent; ceci est {}. Nommez-en un autre : make PYTHON=python3.12\n"
)
NO_PIP = (
    "This Python cannot make environments. On Debian and Ubuntu: sudo apt install python3-venv\n"
    "Ce Python ne peut pas créer d’environnement. Sous Debian et Ubuntu : sudo apt install python3-venv\n"
)
NOT_OURS = (
    "{} is no virtual environment, so nothing in it is touched. Name another folder.\n"
    "{} n’est pas un environnement virtuel; rien n’y est touché. Nommez un autre dossier.\n"
)
ANEW = (
    "{}: not whole, moved, or of another Python. It is made anew.\n"
    "{} : incomplet, déplacé ou d’un autre Python. Il est refait.\n"
)
FAILED = (
    "It could not be installed; the lines above say why. Try again: what is half-made is made anew. Without the "
    "internet, see “Without the internet” in README.\n"
    "L’installation n’a pas réussi; les lignes ci-dessus disent pourquoi. Essayez de nouveau : ce qui est à moitié "
    "fait sera refait. Sans internet, voir « Sans internet » dans README.fr.md.\n"
)


def main() -> int:
    """Exit code 0 when the environment is ready, 1 when it cannot be made."""
    asked = _asked()
    made = _made(asked.folder)
    usable = bool(made) and (not asked.this_python or made["python"] == list(sys.version_info[:3]))
    test = asked.test or (usable and made["test"])
    wanted = _fingerprint()
    if usable and made["of"] == wanted and made["test"] == test:
        return 0
    if usable:
        (asked.folder / STAMP).unlink()
    elif not _fresh(asked.folder):
        return 1
    python = _python(asked.folder)
    if not _install(python, f"{ROOT}[test]" if test else str(ROOT)):
        sys.stderr.write(FAILED)
        return 1
    _findable(asked.folder)
    stamp = {"python": _version(python), "folder": str(asked.folder.resolve()), "of": wanted, "test": test}
    (asked.folder / STAMP).write_text(json.dumps(stamp), encoding="utf-8")
    return 0


def _asked() -> argparse.Namespace:
    call = argparse.ArgumentParser()
    call.add_argument("folder", nargs="?", type=Path, default=Path(".venv"))
    call.add_argument("--test", action="store_true")
    call.add_argument("--this-python", action="store_true")
    return call.parse_args()


def _made(folder: Path) -> dict:
    """What an environment says of itself that is whole, stands where it was made and has a Python; else nothing."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        here = stamp["folder"] == str(folder.resolve()) and stamp["python"] == _version(_python(folder))
        return stamp if here and {"of", "test"} <= set(stamp) else {}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _fresh(folder: Path) -> bool:
    """An empty environment of this Python, in place of what was there; False, with the reason told, when it cannot."""
    if sys.version_info < LEAST:
        sys.stderr.write(TOO_OLD.format(*2 * [".".join(map(str, sys.version_info[:3]))]))
        return False
    if importlib.util.find_spec("ensurepip") is None:
        sys.stderr.write(NO_PIP)
        return False
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        if not (folder / "pyvenv.cfg").is_file():
            sys.stderr.write(NOT_OURS.format(folder, folder))
            return False
        sys.stderr.write(ANEW.format(folder, folder))
        shutil.rmtree(str(folder))
    venv.create(str(folder), with_pip=True, symlinks=os.name != "nt")
    return True


def _install(python: Path, what: str) -> bool:
    """Whether it is installed: by uv where that is, in a fraction of the time; without it, or if it fails, by pip."""
    asked = ["install", "--quiet", "--constraint", str(ROOT / "constraints.txt"), "--editable", what]
    uv = shutil.which("uv")
    # What keeps uv from it, pip may not mind; what pip minds too, pip says.
    if uv and not subprocess.call([uv, "pip", *asked, "--python", str(python)], stderr=subprocess.DEVNULL):
        return True
    return not subprocess.call([str(python), "-m", "pip", *asked, "--disable-pip-version-check"])


def _findable(folder: Path) -> None:
    """Let Python find a kit in a folder with an accent.

    Installers write its path in UTF-8, and Python before 3.13 reads it in the system's own letters: on Windows it would
    look elsewhere ("No module named kit"), with LC_ALL=C it does not even start. As a line of code it is plain ASCII.
    """
    for file in folder.rglob("site-packages/*.pth"):
        lines = file.read_text(encoding="utf-8").splitlines()
        if not "".join(lines).isascii() and not any(line.startswith("import") for line in lines):
            file.write_text(f"import sys; sys.path.extend({lines!a})\n", encoding="ascii")


def _python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _version(python: Path) -> list:
    """Its version as three numbers; raises OSError where there is no Python that runs."""
    told = subprocess.run(
        [str(python), "-I", "-c", "import sys; print(*sys.version_info[:3])"], stdout=subprocess.PIPE, check=False
    )
    return [int(number) for number in told.stdout.split()]


def _fingerprint() -> str:
    """What an installation depends on."""
    parts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    return hashlib.sha256(b"".join(parts)).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
