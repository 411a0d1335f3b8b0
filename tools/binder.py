"""Do what Binder does with this repository: repo2docker's own steps after its base, replayed without a container.

`python -m tools.binder [--keep FOLDER]` prints how long they take, how many packages and MB they bring, and how many
seconds pass from the server's start until the list of exercises can be used in a browser, the first time and again.

repo2docker writes the Dockerfile. Up to the copy of the repository it makes the base: Debian packages, a user, a
conda environment. Here a virtual environment of the Python that `binder/runtime.txt` names stands in for that. All
that comes after is done as it is written, in the repository's root and as another user than root.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPO2DOCKER = "jupyter-repo2docker==2026.4.0"
UID = 1000
USER = "jovyan"
COPIED = re.compile(r"COPY .*\bsrc/ \$\{REPO_DIR\}/$")
VARIABLE = re.compile(r"\$\{(\w+)\}")
PAIR = re.compile(r"(\w+)=(\"[^\"]*\"|\S+)")
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "__pycache__", "*.egg-info", ".*_cache", "build", "dist"
)  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    """What repo2docker would do after its base.

    env    what the Dockerfile sets, as it stands there
    steps  each a user and a shell command, in order
    start  the command that the image runs
    """

    env: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, str], ...]
    start: str


@dataclass
class Image:
    """What stands in for the image: `home` is the repository and the user's home, `env` the variables of its user."""

    home: Path
    prefix: Path
    env: dict[str, str]
    recipe: Recipe
    as_user: dict[str, object] = field(default_factory=dict)
    seconds: float = 0.0

    def run(self, call: list[str], **more: object) -> subprocess.CompletedProcess[str]:
        """One command of the image's user; raises CalledProcessError with what it said."""
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            call, cwd=self.home, env=self.env, check=True, text=True, stdin=subprocess.DEVNULL, **self.as_user, **more
        )

    def packages(self) -> int:
        """How many are installed, pip and its like included."""
        told = self.run([str(self.prefix / "bin/python"), "-m", "pip", "list", "--format=freeze"], capture_output=True)
        return len(told.stdout.split())

    def megabytes(self) -> float:
        """What the environment takes on disk, in 10^6 bytes; a file with two names counts once."""
        told = subprocess.run(["du", "-sk", str(self.prefix)], capture_output=True, text=True, check=True)
        return int(told.stdout.split()[0]) * 1024 / 1e6


def uv(*words: str, **more: object) -> None:
    """uv, which is installed with the tests."""
    call = [sys.executable, "-m", "uv", *words]
    subprocess.run(call, check=True, **more)  # type: ignore[call-overload]


def recipe(repository: Path, place: Path) -> Recipe:
    """The Dockerfile that repo2docker makes of a repository; repo2docker itself is installed into `place`."""
    uv("venv", "--quiet", "--python", sys.executable, str(place))
    uv("pip", "install", "--quiet", "--python", str(place / "bin/python"), REPO2DOCKER)
    call = [
        str(place / "bin/jupyter-repo2docker"), "--no-build", "--debug", f"--user-id={UID}", f"--user-name={USER}",
        str(repository),
    ]  # fmt: skip
    told = subprocess.run(call, capture_output=True, text=True, check=True, cwd=place)
    return read(told.stdout if "FROM " in told.stdout else told.stderr)


def read(dockerfile: str) -> Recipe:
    """A Dockerfile's part after the copy of the repository, and all variables that it sets."""
    env: list[tuple[str, str]] = []
    steps: list[tuple[str, str]] = []
    user, start, copied = "root", "", False
    for line in re.sub(r"\\\n\s*", "", dockerfile).splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "ENV":
            env += [(name, value.strip('"')) for name, value in PAIR.findall(rest)]
        elif word == "USER":
            user = rest
        elif word == "CMD":
            start = rest
        elif COPIED.match(line.strip()):
            copied = True
        elif word == "RUN" and copied:
            steps.append((user, rest))
    return Recipe(tuple(env), tuple(steps), start)


def build(folder: Path, python: Path, warm: bool = False) -> Image:
    """Replay the recipe below `folder`, which everyone can read. `warm`: the packages of the lock are put there first,
    out of uv's cache, so that the recipe's own pip finds them and needs not fetch them."""
    home, prefix = folder / "home" / USER, folder / "env"
    shutil.copytree(ROOT, home, ignore=LEFT_OUT)
    made = recipe(home, folder / "repo2docker")
    uv("venv", "--quiet", "--seed", "--python", str(python), str(prefix))
    if warm:
        wanted = ["--requirements", str(ROOT / "pyproject.toml"), "--constraints", str(ROOT / "constraints.txt")]
        uv("pip", "install", "--quiet", "--python", str(prefix / "bin/python"), *wanted)
    as_user: dict[str, object] = {}
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        as_user = {"user": UID, "group": UID, "extra_groups": []}
        give(home, files=True)
        # Files may be other names of those in uv's cache: they stay as they are, new ones come beside them.
        give(prefix, files=False)
    image = Image(home, prefix, variables(made, home, prefix), made, as_user)
    begun = time.monotonic()
    for _, command in made.steps:
        image.run(["bash", "-c", command])
    image.seconds = time.monotonic() - begun
    return image


def variables(made: Recipe, home: Path, prefix: Path) -> dict[str, str]:
    """The recipe's variables; where the base put things, there is the stand-in. Of who runs this, the path only."""
    here = {"NB_USER": USER, "NB_UID": str(UID), "HOME": str(home), "NB_PYTHON_PREFIX": str(prefix)}
    fixed = {*here, "CONDA_DIR", "DEBIAN_FRONTEND", "LC_ALL", "LANG", "LANGUAGE"}
    env: dict[str, str] = {**here, "PATH": os.environ["PATH"], "CONDA_DIR": str(prefix), "REPO_DIR": str(home)}
    for name, value in made.env:
        if name not in fixed:
            env[name] = VARIABLE.sub(lambda found: env.get(found[1], ""), value)
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "https_", "http_"))}
    return {**kept, **env}


def give(tree: Path, files: bool) -> None:
    """Folders, and files if asked for, become the image user's."""
    for folder, _, names in os.walk(tree):
        os.chown(folder, UID, UID)
        for name in names if files else ():
            os.chown(os.path.join(folder, name), UID, UID, follow_symlinks=False)


def runtime() -> tuple[int, int]:
    """The Python that `binder/runtime.txt` names."""
    found = re.fullmatch(r"python-(\d+)\.(\d+)", (ROOT / "binder" / "runtime.txt").read_text("utf-8").strip())
    assert found, "binder/runtime.txt names no Python"
    return int(found[1]), int(found[2])


def open_to_all(python: Path) -> bool:
    """Whether another user may run it: every folder on its way lets everybody through."""
    real = python.resolve()
    return all(one.stat().st_mode & stat.S_IXOTH for one in (real, *real.parents))


def newest(candidates: Mapping[Path, tuple[int, ...]]) -> Path | None:
    """Among these Pythons the newest of the runtime's version that the image's user may run."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    fitting = [path for path, version in candidates.items() if version[:2] == runtime()]
    fitting = [path for path in fitting if open_to_all(path)] if root else fitting
    return fitting[-1] if fitting else None


def usable(image: Image, times: int = 2) -> list[float]:
    """Seconds until a browser shows the list of exercises: first from the server's start, then from a visit."""
    from playwright.sync_api import sync_playwright

    from tools.browser import find

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    call = [
        str(image.prefix / "bin/jupyter"), "lab", "--no-browser", f"--port={port}", "--IdentityProvider.token=",
        f"--ServerApp.root_dir={image.home}",
    ]  # fmt: skip
    took: list[float] = []
    begun = time.monotonic()
    with sync_playwright() as playwright, subprocess.Popen(
        call, cwd=image.home, env=image.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **image.as_user
    ) as server:  # type: ignore[call-overload]
        try:
            browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
            while not listens(port):
                time.sleep(0.05)
            for _ in range(times):
                page = browser.new_page()
                page.goto(f"http://127.0.0.1:{port}/voila/render/notebooks/welcome.ipynb", timeout=300_000)
                page.locator(".kit-choice").first.wait_for(timeout=300_000)
                took.append(time.monotonic() - begun)
                page.close()
                begun = time.monotonic()
            browser.close()
        finally:
            server.terminate()
    return took


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--python", type=Path, default=Path("/usr/bin/python3"), metavar="PATH")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave everything there")
    asked = parser.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="kit-binder-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    try:
        image = build(folder, asked.python)
        told = f"{image.seconds:.0f} s, {image.packages()} packages, {image.megabytes():.0f} MB"
        first, again = usable(image)
        sys.stdout.write(f"{told}; the list of exercises after {first:.1f} s, again after {again:.1f} s\n")
    finally:
        if asked.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
