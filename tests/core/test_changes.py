"""Plugins are told of grants, pauses and people on both sides, and miss nothing while they are busy."""

from collections.abc import Callable
from typing import Any

import anyio
import pytest
from attrs import define, field

from deskside.api import (
    ChannelSpec,
    Consent,
    Ends,
    Feature,
    Length,
    Message,
    PluginInfo,
    PluginSession,
    Role,
    Side,
    frozen,
    hookimpl,
)
from deskside.api import field as wire_field
from deskside.changes import Changes
from deskside.testing import pair, plugin

pytestmark = pytest.mark.anyio

ASKED, SHOWN = "watcher.asked", "watcher.shown"


@frozen
class Said(Message):
    text: str = wire_field(validator=Length(2000))


class Declares:
    @staticmethod
    @hookimpl
    def deskside_plugin() -> PluginInfo:
        return PluginInfo(name="watcher", version="1.0")

    @staticmethod
    @hookimpl
    def deskside_features() -> tuple[Feature, ...]:
        return (
            Feature(key="watcher.on"),
            Feature(key=ASKED, consent=Consent.ONCE, indicator=True),
            Feature(key=SHOWN, indicator=True, can_pause=True),
        )

    @staticmethod
    @hookimpl
    def deskside_channels() -> tuple[ChannelSpec, ...]:
        spec = ChannelSpec(
            name="talk", feature="watcher.on", messages=(Said,), ends=Ends.HOST_PAGE, owner=Side.HOST,
            window_bytes=1024,
        )  # fmt: skip
        return (spec,)


@define(eq=False)
class Seen:
    """What a plugin has seen whenever it was told to look."""

    looks: list[tuple[bool, bool, int]] = field(factory=list)
    pause_s: float = 0.0

    def part(self) -> Any:
        """Return the plugin's part."""

        @hookimpl
        async def deskside_run_session(session: PluginSession) -> None:
            seen = 0
            while True:
                here = sum(one.present for one in session.participants.values())
                self.looks.append((session.allows(ASKED), session.allows(SHOWN), here))
                await anyio.sleep(self.pause_s)
                seen = await session.changed(seen)

        return type("Part", (), {"deskside_run_session": staticmethod(deskside_run_session)})

    async def comes_to(self, *wanted: object) -> None:
        """Wait until the latest look shows this."""
        with anyio.fail_after(10):
            while self.looks[-1:] != [wanted]:  # noqa: ASYNC110 - the plugin keeps no event of its own
                await anyio.sleep(0.005)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def both(host: Seen, viewer: Seen) -> list[Any]:
    return [plugin("watcher", plugin=Declares, host=host.part(), viewer=viewer.part())]


async def test_both_sides_hear_of_grants_pauses_and_people() -> None:
    sides = host, viewer = Seen(), Seen()
    async with pair(plugins=both(host, viewer)) as kit:
        page = await kit.page()
        for side in sides:
            await side.comes_to(False, True, 1)

        await page.request(ASKED)
        for side in sides:
            await side.comes_to(True, True, 1)

        kit.host.stop(SHOWN)
        for side in sides:
            await side.comes_to(True, False, 1)

        other = await kit.page(Role.OBSERVER, "Park")
        for side in sides:
            await side.comes_to(True, False, 2)

        other.connect = _never
        other.cut()
        kit.host.stop(SHOWN)
        page.withdraw(ASKED)
        for side in sides:
            await side.comes_to(False, True, 1)


async def test_nobody_is_woken_when_nothing_is_different() -> None:
    host, viewer = Seen(), Seen()
    async with pair(plugins=both(host, viewer)) as kit:
        await kit.page()
        await host.comes_to(False, True, 1)
        await wait_for(lambda: len(host.looks) > 1)  # the first wait ends at once
        looks = len(host.looks)

        for _ in range(5):
            kit.viewer.grants.judge()
        await anyio.sleep(0.1)

        assert len(host.looks) == looks


async def test_what_changes_while_a_plugin_is_busy_is_seen_when_it_waits_again() -> None:
    host, viewer = Seen(pause_s=0.3), Seen()
    async with pair(plugins=both(host, viewer)) as kit:
        page = await kit.page()
        await viewer.comes_to(False, True, 1)
        await page.request(ASKED)

        await host.comes_to(True, True, 1)


async def test_each_of_several_waiters_sees_every_change_though_others_were_quicker() -> None:
    changes, told = Changes(), {"quick": 0, "slow": 0}
    all_told = anyio.Event()

    async def wait(name: str, pause_s: float) -> None:
        seen = 0
        while seen < 21:
            seen = await changes.after(seen)
            told[name] = seen
            await anyio.sleep(pause_s)
        if set(told.values()) == {21}:
            all_told.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(wait, "quick", 0)
        tasks.start_soon(wait, "slow", 0.02)
        for _ in range(20):
            changes.note()
            await anyio.sleep(0.001)
        with anyio.fail_after(5):
            await all_told.wait()


async def test_who_waits_for_a_condition_goes_on_as_soon_as_it_holds_and_at_once_if_it_does() -> None:
    reached: list[str] = []

    @hookimpl
    async def deskside_run_session(session: PluginSession) -> None:
        await session.until(lambda: session.allows(SHOWN))
        reached.append("shown")
        await session.until(lambda: session.allows(ASKED))
        reached.append("asked")
        await session.until(lambda: not session.allows(ASKED))
        reached.append("taken back")

    host = type("Host", (), {"deskside_run_session": staticmethod(deskside_run_session)})
    async with pair(plugins=[plugin("watcher", plugin=Declares, host=host)]) as kit:
        page = await kit.page()
        await wait_for(lambda: reached == ["shown"])
        await page.request(ASKED)
        await wait_for(lambda: reached == ["shown", "asked"])
        kit.host.stop(ASKED)
        await wait_for(lambda: "taken back" in reached)


async def test_who_waits_for_room_goes_on_when_the_one_he_waits_for_has_gone() -> None:
    given_up = anyio.Event()

    @hookimpl
    async def deskside_run_session(session: PluginSession) -> None:
        async with session.open("talk") as channel:
            async for received in channel:
                asker = received.sender.id
                while channel.offer(Said("x" * 1900), to=asker):
                    pass
                while not channel.offer(Said("no room"), to=asker):
                    if not session.participants[asker].present:
                        given_up.set()
                        break
                    await channel.changed()

    host = type("Host", (), {"deskside_run_session": staticmethod(deskside_run_session)})
    async with pair(plugins=[plugin("watcher", plugin=Declares, host=host)]) as kit:
        page = await kit.page()
        await page.send("watcher.talk", Said("go"))
        await page.until(lambda: page.pending("watcher.talk") > 0)
        page.connect = _never
        page.cut()

        with anyio.fail_after(10):
            await given_up.wait()


async def wait_for(condition: Callable[[], object]) -> None:
    with anyio.fail_after(10):
        while not condition():  # noqa: ASYNC110 - what the plugin noted is a list
            await anyio.sleep(0.005)


def _never(page: object) -> Any:
    """Stand where a page's way back was."""
    return _Nowhere()


class _Nowhere:
    async def send(self, frame: bytes) -> None:
        await anyio.sleep_forever()

    async def receive(self) -> bytes:
        return await anyio.sleep_forever()  # type: ignore[return-value]

    async def aclose(self) -> None:
        return
