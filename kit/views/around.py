"""What a notebook's kernel can know of the page and the server around it: language, patience, who else is there."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from jupyter_core.paths import jupyter_config_path

from kit.errors import InvitationUnreadable
from kit.invitation import Invitation, invitation_in, query
from kit.views.base import known_language

CONFIG = "jupyter_server_config.json"
FIRST = "fr"
# A kernel works in the folder of its notebook.
LIST = "welcome.ipynb"


@dataclass(frozen=True)
class Around:
    """The surroundings of one page.

    lang        the language to begin in
    guess       nobody has chosen it yet: the page asks the browser
    idle_limit  seconds without anything after which the server ends the kernel; 0: never
    is_public   the server is a public service such as Binder: for practice only
    invitation  what a facilitator has asked for with the link that this page was opened with
    is_whole    nothing of that link is missing
    has_list    the notebook that lists all exercises lies beside this one
    """

    lang: str
    guess: bool = False
    idle_limit: int = 0
    is_public: bool = False
    invitation: Invitation | None = None
    is_whole: bool = True
    has_list: bool = False

    @property
    def asked(self) -> str:
        """What a link to another of these notebooks needs so that the invitation goes with it; begins with `&`."""
        return f"&{query(self.invitation)}" if self.invitation else ""


def around(lang: str | None = None, link: str | None = None) -> Around:
    """The surroundings of this kernel's page. `lang` and `link` are what the notebook itself asks for."""
    chosen = known_language(lang) or _asked()
    config = _config()
    own = config.get("Kit", {})
    limits = [_seconds(config.get("MappingKernelManager", {}), "cull_idle_timeout"), _seconds(own, "idle_limit")]
    return Around(
        lang=chosen or FIRST,
        guess=chosen is None,
        idle_limit=min((one for one in limits if one > 0), default=0),
        is_public=own.get("public") is True,
        **_invited(os.environ.get("QUERY_STRING", "") if link is None else link),
        has_list=Path(LIST).is_file(),
    )


def _invited(link: str) -> dict[str, Any]:
    try:
        return {"invitation": invitation_in(link)}
    except InvitationUnreadable:
        return {"is_whole": False}


def _asked() -> str | None:
    """The language of the page's address (`?lang=en`), else the first known one that its browser accepts.

    Voila gives a kernel both: the address always, the header where `http_header_envs` names it.
    """
    query = parse_qs(os.environ.get("QUERY_STRING", ""))
    accepted = os.environ.get("HTTP_ACCEPT_LANGUAGE", "")
    wanted = [*query.get("lang", ()), *(one.strip()[:2].lower() for one in accepted.split(","))]
    return next((one for one in wanted if known_language(one)), None)


def _config() -> dict[str, dict[str, Any]]:
    """What the Jupyter server of this environment was told, section by section; its own file says most."""
    found: dict[str, dict[str, Any]] = {}
    for folder in reversed(jupyter_config_path()):
        try:
            told = json.loads((Path(folder) / CONFIG).read_text("utf-8"))
        except (OSError, ValueError):
            continue
        for name, values in told.items() if isinstance(told, dict) else ():
            if isinstance(values, dict):
                found[name] = found.get(name, {}) | values
    return found


def _seconds(section: Mapping[str, Any], name: str) -> int:
    value = section.get(name)
    return value if type(value) is int and value > 0 else 0
