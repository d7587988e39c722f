"""Fixtures that every test may use."""

from collections.abc import Callable, Iterator
from pathlib import Path

import fixtures
import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, BrowserContext, Page

from postgres import Cluster
from programs import WIDE, Server, Servers

artifacts, browser = fixtures.artifacts, fixtures.browser
PROGRAMS = frozenset({"postgres", "server", "settled", "start_server", "start_settled", "start_stage"})
"""Fixtures that start a program."""

# How long an example takes says how busy the machine is, and nothing of the product.
BUSY = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("whole", **BUSY)
settings.register_profile("fast", max_examples=10, **BUSY)
settings.load_profile("whole")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow, before anybody selects by marks, what starts a program: that is never quick."""
    for item in items:
        module = getattr(item, "module", None)
        starts_one = PROGRAMS.intersection(getattr(item, "fixturenames", ()))
        if starts_one or hasattr(module, "subprocess") or hasattr(module, "stage"):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Return a function that starts `deskside up` with these options, always with the same data."""
    with Servers(tmp_path / "var") as servers:
        yield servers.start


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server without any account, for tests that only look."""
    with Servers(tmp_path_factory.mktemp("server") / "var") as servers:
        yield servers.start()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """Return a PostgreSQL of the tests' own, started once."""
    with Cluster() as cluster:
        yield cluster


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a browser context of its own."""
    contexts: list[BrowserContext] = []

    def make(**options: object) -> Page:
        contexts.append(browser.new_context(**{"viewport": WIDE, **options}))  # type: ignore[arg-type]
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()
