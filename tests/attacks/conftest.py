"""The servers that are attacked: as `kit workshop` starts one, and the same behind nginx, with TLS, below a path.

One of each for all files that a worker runs: what one attack does to the server, the next ones would notice.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from kit.session import State
from tests.support.hosting import PATH, nginx
from tests.support.ports import free_port
from tests.support.workshop import Workshop, serving

# The command as it is, with less patience for requests that are half sent; `test_http` holds the usual one to seconds.
HALF_SENT_SECONDS = 5
_HURRIED = f"from kit.serving import app; app.HALF_SENT_SECONDS = {HALF_SENT_SECONDS}; from kit.cli import main; main()"
PROGRAM = (sys.executable, "-c", _HURRIED)
WANTED = ("--exercises", "reflection,resources")


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """On a trainer's machine."""
    with serving(tmp_path_factory.mktemp("attacked"), *WANTED, program=PROGRAM) as made:
        made.set_state(State.OPEN)
        yield made


@pytest.fixture(scope="session")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """At the address that people use."""
    folder, front, port = tmp_path_factory.mktemp("hosted"), free_port(), free_port()
    address = f"https://localhost:{front}{PATH}"
    hosted = ("--address", address, "--behind-proxy", "--port", str(port))
    with serving(folder, *WANTED, *hosted, program=PROGRAM) as made, nginx(folder, front, (port, port)):
        made.set_state(State.OPEN)
        yield replace(made, address=address)


@pytest.fixture(scope="module", params=["alone", pytest.param("proxied", marks=pytest.mark.services)])
def room(request: pytest.FixtureRequest) -> Workshop:
    """A workshop with two exercises that are open; all attacks of one kind are on the same one."""
    found: Workshop = request.getfixturevalue(request.param)
    return found
