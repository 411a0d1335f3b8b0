"""The kit as it was before nobody could be found in what it tells, where git has it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COMMIT = "f717faf"


@contextmanager
def earlier() -> Iterator[Path | None]:
    """A folder with that kit; None where git, or the commit, is not there."""
    try:
        packed = subprocess.run(["git", "archive", COMMIT, "kit"], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="kb") as folder:
        with tarfile.open(fileobj=BytesIO(packed)) as tar:
            tar.extractall(folder, filter="data")
        yield Path(folder)


def run_with(kit: Path, script: str, *args: str) -> Any:
    """What a script of this folder prints as JSON, with the kit in this folder."""
    env = os.environ | {"PYTHONPATH": str(kit)}
    done = subprocess.run(
        [sys.executable, ROOT / "bench" / script, *args], cwd=kit, env=env, stdout=subprocess.PIPE, check=True
    )
    return json.loads(done.stdout)
