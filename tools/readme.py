"""README as a package page shows it: there, paths lead nowhere, so each becomes an address below the project's own.

hatchling calls this while it builds. The address is `project.urls.Homepage` of `pyproject.toml`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

# The target of a link or of a picture that is neither an address nor a place on the page.
_PATH = re.compile(r"(?P<picture>!?)\[(?P<text>[^]]*)\]\((?!\w+:|#)(?P<path>[^)\s]+)\)")


def absolute(text: str, home: str) -> str:
    """The same Markdown with whole addresses, as GitHub has them below `home`."""

    def whole(found: re.Match[str]) -> str:
        kind = "raw" if found["picture"] else "blob"
        return f"{found['picture']}[{found['text']}]({home}/{kind}/HEAD/{found['path']})"

    return _PATH.sub(whole, text)


class Readme(MetadataHookInterface):
    """The long description of the package."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Put it where hatchling looks for it."""
        text = (Path(self.root) / "README.md").read_text("utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": absolute(text, metadata["urls"]["Homepage"])}
