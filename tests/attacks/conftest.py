"""The server that is attacked: as `kit workshop` starts it, and the same behind nginx, with TLS, below a path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from kit.session import State
from tests.support.hosting import PATH, nginx
from tests.support.postgres import free_port
from tests.support.workshop import Workshop, serving

ALONE, PROXIED = "alone", "behind a proxy"


@pytest.fixture(scope="session", params=[ALONE, pytest.param(PROXIED, marks=pytest.mark.services)])
def room(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """A workshop with two exercises that are open, at the address that people use; all attacks are on the same one."""
    folder = tmp_path_factory.mktemp("attacked")
    wanted = ("--exercises", "reflection,resources")
    if request.param == ALONE:
        with serving(folder, *wanted) as made:
            made.set_state(State.OPEN)
            yield made
        return
    front, port = free_port(), free_port()
    address = f"https://localhost:{front}{PATH}"
    hosted = ("--address", address, "--behind-proxy", "--port", str(port))
    with serving(folder, *wanted, *hosted) as made, nginx(folder, front, (port, port)):
        made.set_state(State.OPEN)
        yield replace(made, address=address)
