"""A kernel's command line, without the parser that visits every setting there is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from traitlets.config.loader import Config, DeferredConfigString

# Whose setting the connection file is.
APP = "ForkedKernelApp"
_SETTING = re.compile(r"--(?P<section>[A-Z]\w*)\.(?P<name>\w+)=(?P<value>.*)", re.DOTALL)


def plain_arguments(argv: Sequence[str]) -> Config | None:
    """`-f FILE` and `--Section.name=value` as configuration; None when there is anything else, or more than one."""
    config = Config()
    rest = iter(argv)
    for argument in rest:
        if argument == "-f":
            argument = f"--{APP}.connection_file={next(rest, '')}"
        found = _SETTING.fullmatch(argument)
        if found is None or found["name"] in config[found["section"]]:
            return None
        config[found["section"]][found["name"]] = DeferredConfigString(found["value"])
    return config
