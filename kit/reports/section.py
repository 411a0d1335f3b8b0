"""A section of the report on its way from the notebook to the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

MIME = "application/vnd.collaboration-kit.report+json"


@dataclass(frozen=True)
class ReportSection:
    """`html` begins with its heading (h2), which reads `title`; `id` is unique in the page."""

    id: str
    title: str
    html: str


class Sections(tuple[ReportSection, ...]):
    """What a notebook's cell shows: as HTML for a reader in JupyterLab, as data for the report."""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {
            "text/html": "\n".join(one.html for one in self),
            "text/plain": "\n".join(one.title for one in self),
            MIME: list(self._plain()),
        }

    def _plain(self) -> Iterator[dict[str, str]]:
        yield from (asdict(one) for one in self)
