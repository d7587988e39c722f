"""Fixtures of the plugin's tests."""

import fixtures
import screens

anyio_backend, artifacts, browser = fixtures.anyio_backend, fixtures.artifacts, fixtures.browser
screen = screens.screen
