"""A notebook rendered by Voila once, when its kernel starts: what is the same in all of its pages."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from pathlib import PurePath
from typing import Any

from nbformat import NotebookNode
from voila.notebook_renderer import NotebookRenderer

from kit.serving.assets import first_scripts, first_styles
from kit.serving.hall import PageFrame
from kit.serving.link import KernelLink
from kit.serving.wire import MODEL_MARK, PAGE_MARK, STATES_MARK

_log = logging.getLogger(__name__)


class FrameRenderer(NotebookRenderer):
    """Voila's renderer, whose cells run in a kernel that is there already and has a client."""

    link: KernelLink

    async def load_notebook(self, path: str) -> NotebookNode:
        """The notebook, with what its page needs at once."""
        found = await super().load_notebook(path)
        page = PurePath(path).stem
        found.metadata["kit"] = {"script_urls": first_scripts(page), "style_urls": first_styles(page)}
        return found

    async def _jinja_kernel_start(self, nb: NotebookNode, kernel_id: str, kernel_future: Any) -> str:
        return kernel_id

    async def _jinja_cell_generator(self, nb: NotebookNode, kernel_id: str) -> AsyncIterator[NotebookNode]:
        """The cells as they have run, up to one that fails."""
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = await self.link.run(cell.source)
            yield cell
            if failed := [output.ename for output in cell.get("outputs", ()) if output.output_type == "error"]:
                # Not its message, which may hold what somebody has written.
                _log.error("a cell of %s has failed: %s", self.notebook_path, failed[0])
                return


async def frame(link: KernelLink, notebook: str, **voila: Any) -> PageFrame:
    """Run the cells of a notebook in a kernel; what they show, with a gap for one person's page."""
    renderer = FrameRenderer(notebook_path=f"{notebook}.ipynb", page_config={}, **voila)
    renderer.link = link
    await renderer.initialize(template=None, theme=None)
    html = await renderer.generate_content_str(PAGE_MARK)
    for mark in (PAGE_MARK, MODEL_MARK, json.dumps(STATES_MARK).strip('"')):
        html = html.replace(mark, "\0")
    return PageFrame(tuple(html.split("\0")))
