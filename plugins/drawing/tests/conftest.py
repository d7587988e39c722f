"""Fixtures of the plugin's tests."""

from collections.abc import AsyncIterator

import fixtures
import pytest
import screens

from deskside.testing import Kit, pair
from deskside_drawing.messages import GEOMETRY, OVERLAY

from .stand_ins import FakeGeometry, FakeOverlay

anyio_backend, artifacts, browser = fixtures.anyio_backend, fixtures.artifacts, fixtures.browser
screen = screens.screen


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
