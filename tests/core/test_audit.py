"""Neither a page nor a host fills the support history, and nothing is lost at the pace of people."""

from typing import Any

import pytest

from deskside.api import (
    ChannelSpec,
    Ends,
    Feature,
    Length,
    Message,
    PluginInfo,
    PluginSession,
    Side,
    field,
    frozen,
    hookimpl,
)
from deskside.audit import AT_ONCE, LEFT_OUT, MOST_IN_ALL, MOST_NAMES, MOST_OF_ONE, LeftOut, Quota
from deskside.notice import SessionState
from deskside.testing import pair, plugin

pytestmark = pytest.mark.anyio


class Clock:
    """Time that a test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_stored_and_what_comes_faster_for_long_is_counted() -> None:
    clock = Clock()
    quota = Quota(clock=clock)

    stored = sum(quota.admits("files", "file_refused") for _ in range(5000))

    assert stored == AT_ONCE
    assert quota.close() == [LeftOut("files", "file_refused", 5000 - AT_ONCE)]
    assert quota.close() == []


def test_nothing_is_lost_at_one_a_second_for_two_hours() -> None:
    clock = Clock()
    quota = Quota(clock=clock)

    for _ in range(2 * 3600):
        clock.now += 1
        assert quota.admits("files", "file_sent")


def test_a_flood_of_one_name_leaves_all_others_their_room() -> None:
    clock = Clock()
    quota = Quota(clock=clock)
    for _ in range(5000):
        quota.admits("files", "file_refused")

    assert quota.admits("files", "file_sent")
    assert quota.admits("chat", "file_refused")


def test_even_the_most_patient_stores_only_so_much() -> None:
    clock = Clock()
    quota = Quota(clock=clock)

    def hours(name: str) -> int:
        stored = 0
        for _ in range(3 * MOST_OF_ONE):
            clock.now += 1
            stored += quota.admits("files", name)
        return stored

    assert hours("one") == MOST_OF_ONE
    assert hours("two") == MOST_OF_ONE
    assert hours("three") == MOST_IN_ALL - 2 * MOST_OF_ONE


def test_names_without_end_are_counted_as_one() -> None:
    clock = Clock()
    quota = Quota(clock=clock)

    stored = sum(quota.admits("any", f"name_{number}") for number in range(10_000))

    assert stored <= MOST_NAMES + AT_ONCE
    assert len(quota.close()) == 1


@frozen
class Poke(Message):
    name: str = field(validator=Length(40))


class Declares:
    @staticmethod
    @hookimpl
    def deskside_plugin() -> PluginInfo:
        return PluginInfo(name="teller", version="1.0")

    @staticmethod
    @hookimpl
    def deskside_features() -> tuple[Feature, ...]:
        return (Feature(key="teller.tell"),)

    @staticmethod
    @hookimpl
    def deskside_channels() -> tuple[ChannelSpec, ...]:
        def spec(name: str, ends: Ends, owner: Side) -> ChannelSpec:
            return ChannelSpec(name=name, feature="teller.tell", messages=(Poke,), ends=ends, owner=owner)

        return (spec("far", Ends.HOST_PAGE, Side.HOST), spec("near", Ends.VIEWER_PAGE, Side.VIEWER))


def part(channel: str) -> Any:
    """Return a part that reports whatever it is told to."""

    @hookimpl
    async def deskside_run_session(session: PluginSession) -> None:
        async with session.open(channel) as pokes:
            async for received in pokes:
                session.audit(received.message.name)
                await pokes.send(received.message)

    return type("Part", (), {"deskside_run_session": staticmethod(deskside_run_session)})


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize(("channel", "side"), [("far", Side.HOST), ("near", Side.VIEWER)])
async def test_a_page_that_floods_is_told_of_once_at_the_end(channel: str, side: Side) -> None:
    given = plugin("teller", plugin=Declares, host=part("far"), viewer=part("near"))
    async with pair(plugins=[given]) as kit:
        page = await kit.page()
        count = 2 * AT_ONCE
        for _ in range(count):
            await page.send(f"teller.{channel}", Poke("file_refused"))
            await page.receive(f"teller.{channel}", Poke)
        await page.send(f"teller.{channel}", Poke("file_sent"))
        await page.receive(f"teller.{channel}", Poke)
        page.end()
        await page.until_state(SessionState.ENDED)
        await page.until(lambda: any(one.name == LEFT_OUT for one in kit.events))

        told = [one for one in kit.events if one.plugin == "teller" and one.side is side]
        refused = sum(one.name == "file_refused" for one in told)
        assert AT_ONCE <= refused < AT_ONCE + 120
        assert sum(one.name == "file_sent" for one in told) == 1
        (closing,) = (one for one in kit.events if one.name == LEFT_OUT)
        assert closing.side is side
        assert closing.values == {"event": "file_refused", "plugin": "teller", "count": count - refused}
        numbers = [one.number for one in kit.events if one.side is side]
        assert numbers == list(range(1, len(numbers) + 1))
