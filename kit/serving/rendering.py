"""What Voila makes anew for each visit and a workshop needs only once."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from functools import cache
from pathlib import PurePath
from typing import Any

import voila.handler
import voila.notebook_renderer
from jupyter_core.utils import ensure_async
from nbformat import NotebookNode
from voila.exporter import VoilaExporter
from voila.notebook_renderer import NotebookRenderer

from kit.serving import cells
from kit.serving.assets import first_scripts

# What stands in the template right before the kernel is needed.
BEGUN = "<main "
_log = logging.getLogger(__name__)
_exporters: dict[str, Any] = {}
_notebooks: dict[str, NotebookNode] = {}


class LeanRenderer(NotebookRenderer):
    """Voila's renderer, which reads each notebook once and runs its cells without a client of its own.

    Voila's client has five sockets and a thread, and asks twice whether the kernel is there before it runs a cell.
    """

    async def load_notebook(self, path: str) -> NotebookNode:
        """The notebook, without outputs; the exporter copies it for each visit."""
        if path not in _notebooks:
            _notebooks[path] = await super().load_notebook(path)
            for cell in _notebooks[path].cells:
                if cell.cell_type == "code":
                    cell.outputs = []
            _notebooks[path].metadata["kit"] = {"script_urls": first_scripts(PurePath(path).stem)}
        return _notebooks[path]

    async def _jinja_kernel_start(self, nb: NotebookNode, kernel_id: str, kernel_future: Any) -> str:
        self._kernel = await ensure_async(kernel_future)
        await cells.prepare(self._kernel)
        return kernel_id

    async def _jinja_cell_generator(self, nb: NotebookNode, kernel_id: str) -> AsyncIterator[NotebookNode]:
        """The cells as they have run, up to one that fails."""
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = await cells.run(self._kernel, cell.source)
            yield cell
            if failed := [output.ename for output in cell.get("outputs", ()) if output.output_type == "error"]:
                # Not its message, which may hold what somebody has written.
                _log.error("a cell of %s has failed: %s", self.notebook_path, failed[0])
                return


class LeanExporter(VoilaExporter):
    """Voila's exporter for notebooks that need no preparation: nothing in them is to be removed or converted."""

    def _preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        return nb, resources

    async def generate_from_notebook_node(
        self, nb: NotebookNode, resources: Any = None, **given: Any
    ) -> AsyncIterator[tuple[str, Any]]:
        """In two pieces instead of two dozen: what a browser can begin with while the cells run, and the rest."""
        pieces: list[str] = []
        async for piece, told in super().generate_from_notebook_node(nb, resources, **given):
            pieces.append(piece)
            if BEGUN in piece:
                yield "".join(pieces), told
                pieces.clear()
        yield "".join(pieces), resources


def lean_exporter(**settings: Any) -> LeanExporter:
    """One exporter for all visits: its template is compiled once. Nothing of a visit is kept in it."""
    name = settings["template_name"]
    if name not in _exporters:
        _exporters[name] = LeanExporter(**settings)
    return _exporters[name]


def lean_page_config(**_about_the_server: Any) -> dict[str, Any]:
    """Voila looks through every JupyterLab extension of the machine for each visit; the kit's page has none."""
    return {}


@cache
def install() -> None:
    """Let this process's Voila use them: it takes none of them as a setting."""
    voila.notebook_renderer.VoilaExporter = lean_exporter
    voila.handler.NotebookRenderer = LeanRenderer
    voila.handler.get_page_config = lean_page_config
