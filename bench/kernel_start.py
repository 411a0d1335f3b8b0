"""A kernel's start, from the request to the reply to its first question.

The kit's way: its kernelspec, its provisioner, local sockets, as its server asks for kernels. Beside it Jupyter's
ordinary kernel through the ordinary provisioner. Both through jupyter_client's kernel manager: start_kernel,
connect, kernel_info; one after the other on an otherwise idle machine, after one start that is not counted.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from bench.command import count, finish, main, none_or_more, parser, percentile, tell
from bench.rows import Figure
from bench.server import environment
from bench.trouble import Trouble
from bench.web import run

REACH = 60.0
PATIENCE = 60.0
Make = Callable[[str], Any]


def kit_manager(connection_file: str) -> Any:
    """One kernel as the kit's server starts it."""
    from jupyter_client.manager import AsyncKernelManager

    from kit.serving.kernels import RoomKernelSpecs

    return AsyncKernelManager(
        kernel_spec_manager=RoomKernelSpecs(), kernel_name="python3", transport="ipc", connection_file=connection_file
    )


def ordinary_manager(connection_file: str) -> Any:
    """One kernel as Jupyter starts it when nobody says otherwise."""
    from jupyter_client.manager import AsyncKernelManager

    return AsyncKernelManager(kernel_name="python3", connection_file=connection_file)


async def measure(make: Make, times: int) -> list[float]:
    """Milliseconds of each start."""
    with tempfile.TemporaryDirectory(prefix="kb_") as name:
        folder = Path(name)
        (folder / "home").mkdir()
        own = environment(folder, {"TMPDIR": name})
        await _start(make(str(folder / "kernel-first.json")), own)
        return [await _start(make(str(folder / f"kernel-{one}.json")), own) for one in range(times)]


async def _start(manager: Any, env: dict[str, str]) -> float:
    begun = time.perf_counter()
    await manager.start_kernel(env=env, stdout=DEVNULL, stderr=DEVNULL)
    client = manager.client()
    try:
        client.start_channels(shell=True, iopub=False, stdin=False, hb=False, control=False)
        asked = client.kernel_info()
        while (await client.get_shell_msg(timeout=PATIENCE))["parent_header"].get("msg_id") != asked:
            pass
        return 1000 * (time.perf_counter() - begun)
    except Exception as error:
        raise Trouble(f"the kernel did not answer: {type(error).__name__}") from error
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


def measure_both(times: int, ordinary: int) -> tuple[list[float], list[float]]:
    """The kit's way, the ordinary way."""
    with ExitStack() as stack:
        stack.callback(_let_go)
        _warm_up()
        kit = run(measure(kit_manager, times))
        tell(f"kit: a kernel in {statistics.median(kit):.0f} ms")
        plain = run(measure(ordinary_manager, ordinary)) if ordinary else []
        if plain:
            tell(f"ordinary: a kernel in {statistics.median(plain):.0f} ms")
        return kit, plain


def figures(kit: Sequence[float], ordinary: Sequence[float]) -> list[Figure]:
    """The row of this measurement."""
    against = statistics.median(ordinary) if ordinary else None
    spread = f"{len(kit)} starts: 95th percentile {percentile(kit, 95):.0f} ms, longest {max(kit):.0f} ms"
    note = f"{spread}; the kit's kernel has loaded all that its page needs by then, the ordinary one nothing"
    return [Figure("kernel_start", statistics.median(kit), against, REACH, note=note)]


def _warm_up() -> None:
    """As the server does when it comes up."""
    from kit.serving import forking

    forking.register()
    forking.warm_up()


def _let_go() -> None:
    from kit.serving import forking

    forking.close()


def command() -> int:
    """The kit first."""
    made = parser(__doc__)
    made.add_argument("--times", type=count, default=30, metavar="N", help="starts, the kit's way (30)")
    made.add_argument("--stock", type=none_or_more, default=5, metavar="N", help="starts, the ordinary way (5)")
    args = made.parse_args()
    return finish(figures(*measure_both(args.times, args.stock)), args.json)


if __name__ == "__main__":
    main(command)
