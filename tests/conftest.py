"""Fixtures that any test can ask for by name: servers and workshops, a store, a database, a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, expect, sync_playwright

from kit.store import Store
from tests.support.chromium import FLAGS
from tests.support.postgres import postgres
from tests.support.waiting import PATIENCE
from tests.support.workshop import Workshop, serving
from tools.browser import ADVICE, find, without_window

# Only a bound: beside other tests a page may take its time.
expect.set_options(timeout=PATIENCE * 1000)
# How long an example takes says nothing here.
settings.register_profile("kit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kit")


def pytest_xdist_auto_num_workers() -> int:
    """Two workers more than there are processors, since much of a test with a browser is waiting."""
    return (os.cpu_count() or 1) + 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with browsers and servers first: a long file that begins last keeps one worker at work alone."""
    long = {item.path for item in items if item.get_closest_marker("slow") or _with_a_server(item)}
    items.sort(key=lambda item: item.path not in long)
    if "PYTEST_XDIST_WORKER" in os.environ:
        _once_more(items)


def _once_more(items: list[pytest.Item]) -> None:
    """What fails in a browser beside other tests is tried again, once, and the summary names it.

    One in some thousand meets a moment that no other run meets, and the run is lost with it. Look at each that is
    named: many of them were faults of the product.
    """
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))


def _with_a_server(item: pytest.Item) -> bool:
    return not {"server", "workshop", "browser", "postgres_url"}.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """A running workshop with every exercise, none of them open; one for each test file."""
    with serving(tmp_path_factory.mktemp("workshop")) as made:
        yield made


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """A server for all test files of a process that want no more than a workshop of their own: `server.another()`.

    Who counts its pages, reads its log, or ends a kernel takes a server of their own.
    """
    with serving(tmp_path_factory.mktemp("server")) as made:
        yield made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store in a file of this test's own."""
    with Store.open(tmp_path / "store.db") as made:
        yield made


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database of PostgreSQL that tests may empty: KIT_TEST_POSTGRES, or one that is started for them."""
    named = os.environ.get("KIT_TEST_POSTGRES")
    if named:
        yield named
        return
    with postgres() as server:
        yield server.url


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Chromium, Chrome or Edge; fails with what to install when there is none."""
    found = find()
    if found is None:
        pytest.fail(ADVICE)
    return found


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One browser for each test file; take a new context for each person.

    Not one for the whole run: as long as it is there, no test in this process can run an event loop of its own.
    """
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=without_window() or chromium_path, args=FLAGS)
        yield launched
        launched.close()
