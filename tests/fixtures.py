"""Fixtures that tests of the product and of its plugins have in common; each conftest takes what it needs."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from programs import CHROMIUM_OPTIONS, chromium


@pytest.fixture
def anyio_backend() -> str:
    """Return the event loop that async tests run on."""
    return "asyncio"


@pytest.fixture
def artifacts() -> Path:
    """Return the folder for screenshots that people look at."""
    folder = Path(os.environ.get("DESKSIDE_ARTIFACTS", "artifacts"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return the system's Chromium, headless.

    The driver occupies the thread's event loop: no longer than a module, and not beside async tests.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()
