"""Fixtures of the plugin's tests."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import screens
from playwright.sync_api import Browser, sync_playwright

from deskside.testing import Kit, pair
from deskside_drawing.messages import GEOMETRY, OVERLAY

from .stand_ins import FakeGeometry, FakeOverlay
from programs import CHROMIUM_OPTIONS, chromium

screen = screens.screen


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def artifacts() -> Path:
    """Return the folder for screenshots that people look at."""
    folder = Path(os.environ.get("DESKSIDE_ARTIFACTS", "artifacts"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return the system's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def overlay() -> FakeOverlay:
    return FakeOverlay()


@pytest.fixture
def geometry() -> FakeGeometry:
    return FakeGeometry()


@pytest.fixture
def services(overlay: FakeOverlay, geometry: FakeGeometry) -> dict[str, object]:
    """Return what the customer's machine supplies."""
    return {OVERLAY: overlay, GEOMETRY: geometry}


@pytest.fixture
async def kit(services: dict[str, object]) -> AsyncIterator[Kit]:
    async with pair("deskside-drawing", services=services) as kit:
        yield kit
