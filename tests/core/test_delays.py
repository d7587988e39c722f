"""A viewer knows how late it gets to its work, and tells pages that ask."""

import time

import anyio
import pytest

from deskside.api import Feature, PluginInfo, hookimpl
from deskside.link import Ping, Pong
from deskside.testing import pair, plugin

pytestmark = pytest.mark.anyio
PATIENCE_S = 30


class Declared:
    @staticmethod
    @hookimpl
    def deskside_plugin() -> PluginInfo:
        return PluginInfo(name="any", version="1.0")

    @staticmethod
    @hookimpl
    def deskside_features() -> tuple[Feature, ...]:
        return (Feature(key="any.thing"),)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_a_page_hears_of_a_server_that_stood_still(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Pong] = []
    async with pair(plugins=[plugin("any", plugin=Declared)]) as kit:
        page = await kit.page()
        real = page._core

        def core(message: object) -> None:
            if isinstance(message, Pong):
                heard.append(message)
            real(message)

        monkeypatch.setattr(type(page), "_core", lambda _, message: core(message))
        time.sleep(0.6)  # noqa: ASYNC251 - the loop is to stand still
        with anyio.fail_after(PATIENCE_S):
            while not any(one.server_ms > 200 for one in heard):
                page.say(Ping(1.0))
                await anyio.sleep(0.05)
            peak = heard[-1].server_ms
            while heard[-1].server_ms > peak / 2:
                page.say(Ping(1.0))
                await anyio.sleep(0.05)
