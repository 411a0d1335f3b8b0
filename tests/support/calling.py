"""`kit` called in this process, as if at a command line: half a second where a process of its own needs two.

That the command line reaches it, a process of its own shows once in each file of tests.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch

from kit.cli import main


def kit(*words: object, env: Mapping[str, str], cwd: Path | None = None, asks: bool = False) -> CompletedProcess[str]:
    """What it says and ends with, in exactly this environment; `asks`: at a terminal, at which somebody says yes."""
    out, err = (TextIOWrapper(BytesIO(), "utf-8", write_through=True) for _ in range(2))
    terminal, theirs = os.openpty() if asks else (-1, os.open(os.devnull, os.O_RDONLY))
    if asks:
        os.write(terminal, b"yes\n")
    try:
        with (
            os.fdopen(theirs, encoding="utf-8", closefd=False) as typed, patch.dict(os.environ, env, clear=True),
            patch.object(sys, "stdin", typed), redirect_stdout(out), redirect_stderr(err), chdir(cwd or Path.cwd()),
        ):  # fmt: skip
            try:
                main(list(map(str, words)))
            except SystemExit as ended:
                code = ended.code
    finally:
        for one in {terminal, theirs} - {-1}:
            os.close(one)
    assert isinstance(code, int), code
    return CompletedProcess(["kit", *words], code, *(one.buffer.getvalue().decode("utf-8") for one in (out, err)))
