"""A session in memory: both sides and pages through the real wire."""

from collections.abc import AsyncIterator

import anyio
import pytest

from deskside.api import (
    ChannelSpec,
    Consent,
    Ends,
    Feature,
    Lane,
    Length,
    Message,
    PluginInfo,
    PluginSession,
    Role,
    Side,
    field,
    frozen,
    hookimpl,
)  # fmt: skip
from deskside.notice import SessionState
from deskside.testing import Kit, Page, pair, plugin

pytestmark = pytest.mark.anyio


@frozen
class Said(Message):
    text: str = field(validator=Length(2000))


@frozen
class WantAll(Message):
    pass


class Declares:
    @staticmethod
    @hookimpl
    def deskside_plugin() -> PluginInfo:
        return PluginInfo(name="echo", version="1.0")

    @staticmethod
    @hookimpl
    def deskside_features() -> tuple[Feature, ...]:
        return (Feature(key="echo.back"), Feature(key="echo.asked", consent=Consent.ONCE, indicator=True))

    @staticmethod
    @hookimpl
    def deskside_channels() -> tuple[ChannelSpec, ...]:
        messages = (Said, WantAll)
        return (
            ChannelSpec(
                name="host", feature="echo.back", messages=messages, ends=Ends.HOST_PAGE, owner=Side.HOST
            ),
            ChannelSpec(
                name="bulk", feature="echo.back", messages=messages, ends=Ends.HOST_PAGE, owner=Side.HOST,
                lane=Lane.BULK,
            ),
            ChannelSpec(
                name="notes", feature="echo.back", messages=messages, ends=Ends.VIEWER_PAGE, owner=Side.VIEWER
            ),
        )  # fmt: skip


class Host:
    @staticmethod
    @hookimpl
    async def deskside_run_session(session: PluginSession) -> None:
        async def echo(name: str) -> None:
            async with session.open(name) as channel:
                async for received in channel:
                    await channel.send(Said(f"{received.sender.id}: {received.message.text}"))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(echo, "host")
            tasks.start_soon(echo, "bulk")


class Viewer:
    @staticmethod
    @hookimpl
    async def deskside_run_session(session: PluginSession) -> None:
        lines = session.resumed.decode().split("\n") if session.resumed else []
        async with session.open("notes") as notes:
            async for received in notes:
                if isinstance(received.message, Said):
                    lines.append(received.message.text)
                    await session.checkpoint("\n".join(lines).encode())
                await notes.send(Said("|".join(lines)), to=received.sender)


ECHO = plugin("echo", plugin=Declares, host=Host, viewer=Viewer)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def kit() -> AsyncIterator[Kit]:
    async with pair(plugins=[ECHO]) as kit:
        yield kit


async def said(page: Page, channel: str = "echo.host") -> str:
    return (await page.receive(channel, Said)).text


async def test_a_page_reaches_the_host_and_hears_back() -> None:
    async with pair(plugins=[ECHO]) as kit:
        page = await kit.page()
        await page.send("echo.host", Said("hello"))
        assert await said(page) == "1: hello"


async def test_bulk_takes_a_road_of_its_own() -> None:
    async with pair(plugins=[ECHO]) as kit:
        page = await kit.page()
        await page.send("echo.bulk", Said("hello"))
        assert await said(page, "echo.bulk") == "1: hello"


async def test_everything_arrives_once_and_in_order_while_the_line_is_lost_again_and_again() -> None:
    async with pair(plugins=[ECHO]) as kit:
        page = await kit.page()
        for round_ in range(10):
            for number in range(20):
                await page.send("echo.host", Said(f"{round_} {number}"))
                await page.send("echo.bulk", Said(f"{round_} {number}"))
            if round_ % 2:
                await kit.line.lose()
            else:
                page.cut()
        wanted = [f"1: {round_} {number}" for round_ in range(10) for number in range(20)]
        assert [await said(page) for _ in wanted] == wanted
        assert [await said(page, "echo.bulk") for _ in wanted] == wanted


async def test_a_killed_viewer_loses_and_doubles_nothing() -> None:
    async with pair(plugins=[ECHO]) as kit:
        page = await kit.page()
        for number in range(30):
            await page.send("echo.host", Said(str(number)))
            await page.send("echo.notes", Said(str(number)))
            if number % 10 == 5:
                await kit.kill_viewer()
        assert [await said(page) for _ in range(30)] == [f"1: {number}" for number in range(30)]
        await page.send("echo.notes", WantAll())
        wanted = "|".join(map(str, range(30)))
        with anyio.fail_after(10):
            while await said(page, "echo.notes") != wanted:
                pass


async def test_a_reloaded_page_is_the_same_participant_with_empty_hands() -> None:
    async with pair(plugins=[ECHO]) as kit:
        page = await kit.page()
        for number in range(5):
            await page.send("echo.host", Said(str(number)))
        page.reload()
        await page.until(lambda: page.session is not None)
        await page.send("echo.host", Said("after"))
        while (await said(page)) != "1: after":
            pass
        assert page.participant == 1
        assert page.pending("echo.host") == 0


async def test_a_stalled_page_does_not_hold_up_the_others() -> None:
    async with pair(plugins=[ECHO]) as kit:
        live, slow = await kit.page(), await kit.page(name="Park")
        slow.is_stalled = True
        text = "x" * 1900
        for _ in range(1500):
            await live.send("echo.host", Said(text))
            await said(live)
        slow.is_stalled = False
        await slow.until(lambda: slow.resets > 0)
        await slow.send("echo.host", Said("back"))
        while not (await said(slow)).endswith("back"):
            pass


async def test_what_asks_runs_only_after_the_customers_yes() -> None:
    async with pair(plugins=[ECHO]) as kit:
        page = await kit.page()
        await page.until_feature("echo.asked", "ask")
        outcome = await page.request("echo.asked")
        assert outcome.granted == ("echo.asked",)
        await page.until_feature("echo.asked", "on")
        assert [line.feature for line in kit.notices[-1].lines] == ["echo.asked"]
        kit.host.stop("echo.asked")
        await page.until_feature("echo.asked", "ask")
        names = [event.name for event in kit.events]
        assert "consent_given" in names
        assert "feature_withdrawn" in names


async def test_either_side_ends_and_both_know_who() -> None:
    async with pair(plugins=[ECHO]) as kit:
        page = await kit.page()
        kit.host.end()
        await page.until_state(SessionState.ENDED)
        assert page.session is not None
        assert page.session.reason == "ended.customer"


async def test_chat_alone_needs_no_host() -> None:
    async with pair(plugins=[ECHO], kind="chat") as kit:
        agent = await kit.page(active=False)
        await kit.page(Role.CUSTOMER, "Kim")
        await agent.until_state(SessionState.ACTIVE)
        await agent.send("echo.notes", Said("hi"))
        assert await said(agent, "echo.notes") == "hi"
        assert agent.features["echo.asked"].reason == "refused.absent.customer"
