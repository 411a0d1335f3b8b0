"""What the kit uses of other packages although they do not promise to keep it: each is there, shaped as it is used.

When a new version of one of them breaks a page, this says where. Checked for the versions in constraints.txt and newer
ones.
"""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import Any

import ipywidgets
import pytest
import voila.app
import voila.notebook_renderer
from comm.base_comm import BaseComm
from ipywidgets.widgets import widget
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from kit.serving import app, kernels, rendering
from kit.serving.inside import line
from kit.views.lean import LeanWidget

# What the kit's class overrides, and does nothing if nobody calls it: by class, its base and the names.
OVERRIDDEN: tuple[tuple[type, type, tuple[str, ...]], ...] = (
    (app.WorkshopApp, voila.app.Voila, ("setup_template_dirs", "init_handlers")),
    (kernels.QuietKernels, AsyncMappingKernelManager, ("start_watching_activity",)),
    (rendering.FrameRenderer, voila.notebook_renderer.NotebookRenderer, (
        "load_notebook", "_jinja_kernel_start", "_jinja_cell_generator",
    )),
    (line.PageComm, BaseComm, ("open", "close", "publish_msg")),
    (LeanWidget, ipywidgets.DOMWidget, ("add_traits",)),
)  # fmt: skip

# What is read, set or called, and where it stands.
USED: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (AsyncMappingKernelManager, ("_kernels",)),
    (BaseComm, ("_closed", "_msg_callback")),
    (ipywidgets.DOMWidget, ("add_traits", "get_state", "_trait_values", "_handle_msg")),
    (voila.app.Voila, ("init_settings", "template_paths", "connection_dir")),
)  # fmt: skip


def sources(kind: Any) -> str:
    """The source of a class and of those that it inherits from."""
    theirs = ("ipywidgets", "traitlets", "comm", "voila", "jupyter_server", "jupyter_client")
    return "\n".join(inspect.getsource(one) for one in kind.__mro__ if one.__module__.partition(".")[0] in theirs)


@pytest.mark.parametrize(("mine", "base", "names"), OVERRIDDEN)
def test_what_is_overridden_is_there_with_the_same_arguments(mine: type, base: type, names: tuple[str, ...]) -> None:
    for name in names:
        assert name in vars(mine), f"{mine.__name__}.{name} is not overridden any more"
        theirs = getattr(base, name, None)
        assert theirs is not None, f"{base.__module__}.{base.__name__} has no {name} any more"
        takes = inspect.signature(theirs).parameters.values()
        needed = [one for one in takes if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD]
        # Raises TypeError if the base calls it with more, or fewer, than this one takes.
        inspect.signature(getattr(mine, name)).bind(*needed)


@pytest.mark.parametrize(("kind", "names"), USED)
def test_what_is_used_is_there(kind: Any, names: tuple[str, ...]) -> None:
    text = sources(kind)
    for name in names:
        found = hasattr(kind, name) or f"self.{name}" in text
        assert found, f"{kind.__module__}.{kind.__name__} has no {name} any more"


def test_ipywidgets_opens_its_comms_through_the_hook_and_takes_binary_values_apart() -> None:
    assert "comm.create_comm(" in inspect.getsource(widget.Widget.open)
    plain, paths, buffers = widget._remove_buffers({"a": {"b": b"x", "c": 1}})
    assert (plain, paths, [bytes(one) for one in buffers]) == ({"a": {"c": 1}}, [["a", "b"]], [b"x"])


def test_a_comm_that_is_cleared_away_only_closes_itself() -> None:
    """`forget` leaves a widget with nothing but the knowledge that it has no comm."""
    assert inspect.getsource(widget.Widget.__del__).count("self.") == 1
    assert "if self.comm is not None:" in inspect.getsource(widget.Widget.close)


def test_the_grammar_of_addresses_is_an_option_that_is_done_without() -> None:
    """`kit.quick` keeps it from being built; jsonschema must go on without it, and without a word."""
    code = (
        "import sys, kit.serving.app, jsonschema; print('lark' in sys.modules, sys.modules['rfc3987_syntax']); "
        "jsonschema.validate('http://a', {'format': 'iri'}, format_checker=jsonschema.FormatChecker())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False None\n"
