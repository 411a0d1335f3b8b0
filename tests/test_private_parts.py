"""What the kit uses of other packages although they do not promise to keep it: each is there, shaped as it is used.

When a new version of one of them breaks a page, this says where. Checked for the versions in constraints.txt and newer
ones; ipykernel 6 has not all of it, and does without.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import ipykernel
import ipykernel.iostream
import ipykernel.ipkernel
import ipykernel.kernelapp
import IPython.core.shellapp
import ipywidgets
import pytest
import voila.exporter
import voila.handler
import voila.notebook_renderer
from ipykernel.heartbeat import Heartbeat
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.history import HistoryManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager, ServerKernelManager
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from kit.serving import kernel, kernels, rendering
from kit.serving.forking import app, output, provisioner

pytestmark = pytest.mark.skipif(ipykernel.version_info[0] < 7, reason="what ipykernel 6 lacks, it does not need")

# What the kit's class overrides, and does nothing if nobody calls it: by class, its base and the names.
OVERRIDDEN: tuple[tuple[type, type, tuple[str, ...]], ...] = (
    (app.ForkedKernelApp, IPKernelApp, (
        "parse_command_line", "init_profile_dir", "load_config_file", "update_config", "init_poller", "init_sockets",
        "init_control", "init_heartbeat", "close", "init_io", "init_kernel", "init_extensions", "init_code", "start",
    )),
    (output.OutStream, ipykernel.iostream.OutStream, ("flush",)),
    (output.IOPubThread, ipykernel.iostream.IOPubThread, ("_setup_event_pipe", "schedule", "_handle_event")),
    (provisioner.ForkProvisioner, LocalProvisioner, ("launch_kernel", "send_signal", "kill")),
    (kernel.RoomKernel, ServerKernelManager, ("emit", "_async_post_start_kernel", "_async_cleanup_resources")),
    (kernels.RoomKernels, AsyncMappingKernelManager, (
        "start_watching_activity", "_async_start_kernel", "_remove_kernel_when_ready",
    )),
    (rendering.LeanRenderer, voila.notebook_renderer.NotebookRenderer, (
        "load_notebook", "_jinja_kernel_start", "_jinja_cell_generator",
    )),
    (rendering.LeanExporter, voila.exporter.VoilaExporter, ("_preprocess", "generate_from_notebook_node")),
)  # fmt: skip

# What is read, set or called, and where it stands.
USED: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (ipykernel.iostream.OutStream, ("_buffers", "_flush_pending", "echo")),
    (ipykernel.iostream.IOPubThread, ("_events", "_pipe_flag", "_setup_pipe_in", "io_loop", "thread")),
    (IPKernelApp, ("shell_channel_thread", "control_thread", "hb_port", "heartbeat", "config_file_paths")),
    (ZMQInteractiveShell, (
        "_orig_sys_modules_main_mod", "_orig_sys_module_state", "init_pushd_popd_magic", "init_environment",
        "starting_dir", "_sys_modules_keys", "atexit_operations", "last_execution_result",
    )),
    (HistoryManager, ("dir_hist",)),
    (AsyncKernelManager, ("_make_url", "provisioner")),
    (AsyncMappingKernelManager, ("_pending_kernels", "_kernels", "stop_buffering", "allowed_message_types")),
    (ZMQChannelsWebsocketConnection, ("_register_session", "create_stream", "nudge", "subprotocol")),
    (VoilaKernelWebsocketHandler, ("pre_get", "open", "on_message", "on_close", "get_websocket_protocol")),
    (KernelProvisionerFactory, ("provisioners", "GROUP_NAME")),
    (ipywidgets.DOMWidget, ("_repr_mimebundle_", "add_traits", "get_state")),
)  # fmt: skip


def sources(kind: Any) -> str:
    """The source of a class and of those that it inherits from."""
    ours = [one for one in kind.__mro__ if one.__module__.partition(".")[0] in ("ipykernel", "IPython", "traitlets")]
    return "\n".join(inspect.getsource(one) for one in ours or [kind])


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


@pytest.mark.parametrize(
    ("module", "names"),
    [
        (ipykernel.kernelapp, ("IOPubThread",)),
        (ipykernel.ipkernel, ("sys",)),
        (IPython.core.shellapp, ("sys",)),
        (voila.notebook_renderer, ("VoilaExporter",)),
        (voila.handler, ("NotebookRenderer", "get_page_config")),
    ],
)
def test_names_that_are_replaced_are_used_by_their_modules(module: Any, names: tuple[str, ...]) -> None:
    text = inspect.getsource(module)
    for name in names:
        assert hasattr(module, name), f"{module.__name__} has no {name} any more"
        assert text.count(name) >= 2, f"{module.__name__} does not use {name} any more"


@pytest.mark.parametrize("module", [ipykernel.ipkernel, IPython.core.shellapp])
def test_where_the_list_of_modules_is_empty_it_is_read_once(module: Any) -> None:
    """`app.list_no_modules` shows two modules an empty `sys.modules`: whatever else they look for there is missing."""
    assert inspect.getsource(module).count("sys.modules") == 1


def test_a_heart_beats_over_a_context_that_is_there() -> None:
    takes = list(inspect.signature(Heartbeat).parameters)
    assert takes[:2] == ["context", "addr"]
    made: Callable[..., Any] = Heartbeat.run
    assert "zmq.ROUTER" in inspect.getsource(Heartbeat) or "ROUTER" in inspect.getsource(made)
