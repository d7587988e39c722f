"""A plugin that returns has finished; what is given to it anew starts it again."""

from collections.abc import AsyncIterator

import anyio
import pytest
from attrs import evolve

from deskside.api import Feature, PluginInfo, PluginSession, hookimpl
from deskside.grants import Gate, Grant, Refusal
from deskside.testing import Kit, Page, pair, plugin

pytestmark = pytest.mark.anyio

FLY, LAND = "kites.fly", "kites.land"
OFF = Refusal(Gate.GROUP, "refused.group")
calls: list[str] = []


class Declares:
    @staticmethod
    @hookimpl
    def deskside_plugin() -> PluginInfo:
        return PluginInfo(name="kites", version="1.0")

    @staticmethod
    @hookimpl
    def deskside_features() -> tuple[Feature, ...]:
        return (Feature(key=FLY), Feature(key=LAND))


class Returns:
    @staticmethod
    @hookimpl
    async def deskside_run_session(session: PluginSession) -> None:
        calls.append(str(session.side))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def kit() -> AsyncIterator[Kit]:
    calls.clear()
    kites = plugin("kites", plugin=Declares, host=Returns, viewer=Returns)
    async with pair(plugins=[kites]) as found:
        await called(1)
        yield found


async def called(times: int) -> None:
    """Wait until both sides have been called so often."""
    with anyio.fail_after(10):
        while sorted(calls) != ["host"] * times + ["viewer"] * times:
            await anyio.lowlevel.checkpoint()


async def switch(kit: Kit, page: Page, feature: str, *, on: bool) -> None:
    """Switch a feature, and wait until the host, too, has heard of it."""
    viewer = kit.viewer
    now = Grant(feature, {}) if on else OFF
    viewer.entitlement = evolve(viewer.entitlement, features={**viewer.entitlement.features, feature: now})
    viewer.grants.judge()
    await page.until_feature(feature, "on" if on else "refused")
    with anyio.fail_after(10):
        while kit.host.allows(feature) is not on:
            await anyio.lowlevel.checkpoint()


async def test_judging_anew_does_not_call_it_again(kit: Kit) -> None:
    page = await kit.page()

    await switch(kit, page, LAND, on=False)
    for _ in range(3):
        kit.viewer.grants.judge()
        kit.host.inbox.judge()

    await anyio.wait_all_tasks_blocked()
    assert sorted(calls) == ["host", "viewer"]
    assert not kit.host.runner.stopped


@pytest.mark.parametrize("taken", [(LAND,), (FLY, LAND)])
async def test_a_feature_that_was_taken_away_and_is_given_again_calls_it_once_more(
    kit: Kit, taken: tuple[str, ...]
) -> None:
    page = await kit.page()
    for feature in taken:
        await switch(kit, page, feature, on=False)
    assert sorted(calls) == ["host", "viewer"]

    await switch(kit, page, LAND, on=True)

    await called(2)
