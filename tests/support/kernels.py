"""What a server's kernels hold, asked of the kernels themselves, as only this machine's user can."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from jupyter_client.blocking import BlockingKernelClient

HOLD = "__import__('kit.serving.inside.hold', fromlist=['held'])"
ANSWERS = 20.0


def asked(file: Path, expression: str) -> Any:
    """The value (a literal) of an expression in the kernel with this connection file."""
    with client(file) as talk:
        told = talk.execute("", silent=True, user_expressions={"it": expression}, reply=True, timeout=ANSWERS)
    found = told["content"]["user_expressions"]["it"]
    assert found["status"] == "ok", found
    return ast.literal_eval(found["data"]["text/plain"])


@contextmanager
def client(file: Path) -> Iterator[BlockingKernelClient]:
    """A client of a kernel, beside the server's."""
    made = BlockingKernelClient(connection_file=str(file))
    made.load_connection_file()
    made.start_channels(iopub=False, stdin=False, hb=False, control=False)
    try:
        yield made
    finally:
        made.stop_channels()


def held_below(temporary: Path) -> dict[str, list[str]]:
    """Kernel id → the pages that it holds; one that is dead or still loads does not answer, and holds none."""
    found = {}
    for file in temporary.glob("kit_*/kernel-*.json"):
        # The file of one that has just died may go between the two.
        with suppress(TimeoutError, FileNotFoundError):
            found[file.stem.removeprefix("kernel-")] = list(asked(file, f"{HOLD}.held()"))
    return found
