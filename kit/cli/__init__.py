"""The command `kit`."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from kit.errors import KitError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command. Exit code 0 when it worked, 1 when it failed, 2 for a wrong call."""
    argv = sys.argv[1:] if argv is None else list(argv)
    # Before anything is said in a language.
    if spoken := _spoken(argv):
        os.environ["KIT_LANG"] = spoken
    from kit.cli.calls import parser

    _keep_memory_off_the_disk()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that has no é, or no block for a QR code, shows a ? there.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    # Whoever types no command gets the page.
    args = parser().parse_args(argv if _words(argv) else [*argv, "start"])
    try:
        if getattr(args, "region", None):
            from kit import regions

            regions.choose(args.region)
        code = args.run(args)
        # Now, and not when Python ends: what can go wrong then, nobody can answer.
        sys.stdout.flush()
    except KitError as error:
        sys.stderr.write(f"kit: {error}\n")
        code = 1
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        code = 130
    except BrokenPipeError:
        # The reader has gone (`kit session list | head`); Python must not complain about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code or 0)


def _keep_memory_off_the_disk() -> None:
    """No core file of this process or of its kernels, should one crash: it would hold what people wrote."""
    if sys.platform != "win32":
        import resource

        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _words(argv: Sequence[str]) -> Sequence[str]:
    """What was typed besides `--speak` and its language."""
    if argv[:1] == ["--speak"]:
        return argv[2:] if len(argv) > 1 else argv
    return argv[1:] if argv and argv[0].startswith("--speak=") else argv


def _spoken(argv: Sequence[str]) -> str:
    """The language that `--speak` asks for."""
    for word, following in zip(argv, [*argv[1:], ""], strict=False):
        if word.startswith("--speak="):
            return word.partition("=")[2]
        if word == "--speak":
            return following
    return ""
