"""Fixtures of the plugin's tests."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import screens
from playwright.sync_api import Browser, sync_playwright

from deskside.testing import Kit, pair
from deskside_drawing.messages import OVERLAY

from .stand_ins import FakeOverlay
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
def geometry() -> SimpleNamespace:
    return SimpleNamespace(shown=SimpleNamespace(left=0, top=0))


@pytest.fixture
async def kit(overlay: FakeOverlay) -> AsyncIterator[Kit]:
    async with pair("deskside-drawing", services={OVERLAY: overlay}) as kit:
        yield kit
