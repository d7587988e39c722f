"""A session gives as many pages a number as come, none twice, and remembers only so many of them."""

from typing import Any

import anyio
import pytest

from deskside.api import (
    ChannelSpec,
    Ends,
    Feature,
    Length,
    Message,
    PluginInfo,
    PluginSession,
    Role,
    Side,
    field,
    frozen,
    hookimpl,
)
from deskside.link import CORE, MOST_PEOPLE, Enter, Welcome
from deskside.testing import Kit, Page, pair, plugin
from deskside.transport import memory_road
from deskside.viewer_memory import Memory
from deskside.wire import Packet

pytestmark = pytest.mark.anyio

MANY = 5000


@frozen
class Said(Message):
    text: str = field(validator=Length(200))


class Declares:
    @staticmethod
    @hookimpl
    def deskside_plugin() -> PluginInfo:
        return PluginInfo(name="echo", version="1.0")

    @staticmethod
    @hookimpl
    def deskside_features() -> tuple[Feature, ...]:
        return (Feature(key="echo.back"),)

    @staticmethod
    @hookimpl
    def deskside_channels() -> tuple[ChannelSpec, ...]:
        def spec(name: str, ends: Ends, owner: Side) -> ChannelSpec:
            return ChannelSpec(name=name, feature="echo.back", messages=(Said,), ends=ends, owner=owner)

        return (spec("host", Ends.HOST_PAGE, Side.HOST), spec("viewer", Ends.VIEWER_PAGE, Side.VIEWER))


def part(channel: str) -> Any:
    """Return a part that says to everyone who said what, and stores where it is."""

    @hookimpl
    async def deskside_run_session(session: PluginSession) -> None:
        async with session.open(channel) as lines:
            async for received in lines:
                await lines.send(Said(f"{received.sender.id}: {received.message.text}"))
                if session.side is Side.VIEWER:
                    await session.checkpoint(b"there is no state")

    return type("Part", (), {"deskside_run_session": staticmethod(deskside_run_session)})


ECHO = plugin("echo", plugin=Declares, host=part("host"), viewer=part("viewer"))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def visit(kit: Kit, participant: int = 0, secret: str = "", boot: str = "b") -> Welcome:
    """Enter as a page does, hear who one is, and go."""
    here, there = memory_road(64)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(kit.viewer.serve, there, "Lee Jun", Role.AGENT)
        await here.send(Packet(0, 0, participant, CORE.encode(Enter(participant, secret, boot))).encode())
        welcome = CORE.decode(Packet.decode(await here.receive()).body)
        await here.aclose()
    assert isinstance(welcome, Welcome)
    return welcome


async def said(page: Page, channel: str, text: str) -> str:
    """Say something and return what everyone is told."""
    await page.send(channel, Said(text))
    while True:
        told = (await page.receive(channel, Said)).text
        if told.endswith(text):
            return told


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_five_thousand_pages_come_and_go_and_the_last_still_works() -> None:
    async with pair(plugins=[ECHO]) as kit:
        stays = await kit.page()
        assert await said(stays, "echo.host", "first") == "1: first"
        numbers = [(await visit(kit)).participant for _ in range(MANY)]
        last = await kit.page(name="Park")

        assert len({1, *numbers, last.participant}) == MANY + 2
        assert last.participant == MANY + 2
        for channel in ("echo.host", "echo.viewer"):
            assert await said(last, channel, "still here") == f"{MANY + 2}: still here"
            assert await said(stays, channel, "and so am I") == "1: and so am I"


async def test_what_is_kept_of_those_who_have_gone_is_bounded_on_both_sides() -> None:
    async with pair(plugins=[ECHO]) as kit:
        stays = await kit.page()
        for count in range(300):
            if count % 10 == 0:
                talks = await kit.page()
                await said(talks, "echo.host", "x")
                await said(talks, "echo.viewer", "x")
                talks.connect = _nowhere
                talks.cut()
            else:
                await visit(kit)
        await said(stays, "echo.viewer", "the last")

        memory = Memory.from_bytes(kit.saved)
        assert len(kit.viewer.people) == len(memory.pages) == MOST_PEOPLE
        assert {participant for participant, _ in kit.viewer.far_boots} <= {0, *kit.viewer.people}
        with anyio.fail_after(10):
            while set(kit.host.people) != set(kit.viewer.people):  # noqa: ASYNC110 - the host hears it soon
                await anyio.sleep(0.01)
        assert {participant for participant, _ in kit.host.far_boots} <= {0, *kit.host.people}
        for end in (kit.host, kit.viewer):
            for port in end.ports.values():
                assert set(port.pairs) <= {0, *kit.viewer.people}
        kept = memory.checkpoints["echo"].consumed.values()
        assert all(set(numbers) <= {0, *memory.pages} for numbers in kept)
        assert len(kit.saved) < 40_000


async def test_a_reloaded_page_is_the_same_however_often_it_is_reloaded() -> None:
    async with pair(plugins=[ECHO]) as kit:
        await kit.page()
        first = await visit(kit)
        for count in range(200):
            again = await visit(kit, first.participant, first.secret, f"boot {count}")
            assert (again.participant, again.renew) == (first.participant, False)
        assert len(kit.viewer.people) == 2


async def test_who_was_forgotten_comes_back_as_somebody_new_and_begins_anew() -> None:
    async with pair(plugins=[ECHO]) as kit:
        page = await kit.page()
        assert await said(page, "echo.host", "before") == "1: before"
        back, page.connect = page.connect, _nowhere
        page.cut()
        with anyio.fail_after(10):
            while kit.viewer.people[1].present:  # noqa: ASYNC110 - the viewer keeps no event for it
                await anyio.sleep(0.01)
        for _ in range(MOST_PEOPLE):
            await visit(kit)
        assert 1 not in kit.viewer.people

        page.connect = back
        page.cut()

        await page.until(lambda: page.participant == MOST_PEOPLE + 2)
        assert page.resets > 0
        assert await said(page, "echo.host", "after") == f"{MOST_PEOPLE + 2}: after"


async def test_no_number_is_given_twice_though_the_viewer_is_killed() -> None:
    async with pair(plugins=[ECHO]) as kit:
        stays = await kit.page()
        before = {(await visit(kit)).participant for _ in range(MOST_PEOPLE + 10)}
        await kit.kill_viewer()
        await stays.until(lambda: stays.session is not None and stays.resets > 0)
        after = {(await visit(kit)).participant for _ in range(5)}
        assert not after & {1, *before}


async def test_nobody_takes_a_number_by_guessing_it() -> None:
    async with pair(plugins=[ECHO]) as kit:
        await kit.page()
        known = await visit(kit)
        for secret in ("", "guess", known.secret[:-1]):
            other = await visit(kit, known.participant, secret)
            assert other.participant > known.participant
            assert other.renew


class _Nowhere:
    async def send(self, frame: bytes) -> None:
        await anyio.sleep_forever()

    async def receive(self) -> bytes:
        await anyio.sleep_forever()
        raise AssertionError

    async def aclose(self) -> None:
        return


def _nowhere(page: object) -> Any:
    return _Nowhere()
