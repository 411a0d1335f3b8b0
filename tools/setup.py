"""Make the virtual environment and install the kit into it: `python tools/setup.py [FOLDER]`.

Needs nothing but Python 3.11 or later. Versions are those of constraints.txt, which the tests ran with.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEAST = (3, 11)


def main() -> int:
    if sys.version_info < LEAST:
        sys.stderr.write(
            "The kit needs Python 3.11 or later; this is {}.{}. Name another one: make PYTHON=python3.12\n"
            "La trousse demande Python 3.11 ou plus récent. Nommez-en un autre : make PYTHON=python3.12\n".format(
                *sys.version_info
            )
        )
        return 1
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".venv")
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return subprocess.call([*install, "--constraint", str(ROOT / "constraints.txt"), "--editable", f"{ROOT}[test]"])


if __name__ == "__main__":
    sys.exit(main())
