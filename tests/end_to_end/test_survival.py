"""Whatever is killed or cut, everything arrives once and in order, and the customer does nothing."""

import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import pytest
from courier_code.host import content_of
from courier_code.messages import Noted, Stroke
from live.files import Sender
from live.running import until
from live.stage import CHAT, COURIER, FILES, Live, stage
from live.traffic import Traffic, history
from live.wire import Wire, wire

from deskside_chat.messages import Say
from deskside_viewer.remote import CALL_S

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def through(live: Live, breaks: Callable[[], Awaitable[None]], **amounts: int) -> Traffic:
    """Send everything while something breaks, and prove that it came."""
    page = await live.page()
    traffic = Traffic(live, page, **amounts)  # type: ignore[arg-type]
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(traffic.run)
        await traffic.half_way()
        await breaks()
    await traffic.prove()
    assert live.customer.process is not None
    assert live.customer.process.poll() is None
    assert '"told": "code"' not in live.customer.said
    assert live.customer.said.count('"told": "question"') <= 1
    return traffic


@pytest.mark.feature("SES-05")
async def test_the_whole_server_is_killed_and_started_again(tmp_path: Path) -> None:
    async with stage(tmp_path, COURIER, CHAT) as live:
        live.bring_customer()

        async def kill() -> None:
            live.gateway.kill()
            live.gateway.start()
            await live.gateway.says("ready at", 60)

        await through(live, kill)
        await end_and_look(live)


async def end_and_look(live: Live) -> None:
    """End the session, and find its end in the history: numbers used before the kill are not used again."""
    await live.agent.http.post(f"/console/sessions/{live.session}/end", json={})
    await live.customer.says('"told": "over", "code": 0')
    await until(lambda: [side for side, _ in live.events("session_ended")] == ["viewer"], "the end")


@pytest.mark.feature("SES-05")
async def test_relay_and_viewer_apart_are_killed_one_after_the_other(tmp_path: Path) -> None:
    async with stage(tmp_path, COURIER, CHAT, apart=True) as live:
        live.bring_customer()

        async def kill() -> None:
            live.gateway.kill()
            live.gateway.start()
            await live.gateway.says("ready at", 60)
            assert live.viewer is not None
            live.viewer.kill()
            live.viewer.start()
            await live.viewer.says("ready at", 60)

        await through(live, kill, strokes=800)


@pytest.mark.feature("SES-05")
async def test_a_viewer_that_is_back_before_its_gateway_takes_its_sessions_up_all_the_same(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path, COURIER, CHAT, apart=True) as live:
        live.bring_customer()

        async def kill() -> None:
            assert live.viewer is not None
            live.gateway.kill()
            live.viewer.kill()
            live.viewer.start()
            await live.viewer.says("ready at", 60)
            await anyio.sleep(CALL_S + 2)
            live.gateway.start()
            await live.gateway.says("ready at", 60)

        await through(live, kill, strokes=100, parcel=2_000_000)


async def test_a_real_file_arrives_whole_though_page_and_server_are_lost_on_the_way(tmp_path: Path) -> None:
    content = content_of(20_000_000)
    async with stage(tmp_path, FILES, COURIER) as live:
        live.bring_customer()
        page = await live.page()
        await page.until_feature("file_transfer.send", "ready")
        sender = Sender(page, "report.bin", content)

        assert not await sender.push(await sender.offer(), lambda sent: sent > 6_000_000)
        page.reload()
        accepted = await sender.resume()
        assert 0 < accepted.offset <= 7_000_000
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(sender.push, accepted)
            await until(lambda: sender.sent > 12_000_000, "the file", 60)
            live.gateway.kill()
            live.gateway.start()

        arrived = live.site.folder / "home" / "Documents" / "Received Files" / "report.bin"
        assert hashlib.sha256(arrived.read_bytes()).digest() == hashlib.sha256(content).digest()
        assert [one.name for one in arrived.parent.iterdir()] == ["report.bin"]


async def test_a_reloaded_page_goes_on_where_it_was(tmp_path: Path) -> None:
    async with stage(tmp_path, COURIER, CHAT) as live:
        live.bring_customer()
        page = await live.page()
        before = page.participant
        for round_ in range(4):
            for number in range(20):
                await page.send("courier.strokes", Stroke(round_ * 100 + number))
                await page.send("chat.lines", Say(f"agent {round_} {number}"))
            for number in range(20):
                await page.until(lambda: page.pending("courier.strokes") > 0, 30)
                assert (await page.receive("courier.strokes", Noted)).number == round_ * 100 + number
            wanted = [f"agent {one} {number}" for one in range(round_ + 1) for number in range(20)]
            with anyio.fail_after(20):
                while await history(page) != wanted:
                    pass
            page.reload()
            await until(lambda: page._boots and not page._awaited, "the page is back")
            assert await history(page) == wanted
        log = (live.site.folder / "home" / "strokes.log").read_text().splitlines()
        assert log == [f"{before} {one * 100 + number}" for one in range(4) for number in range(20)]


@pytest.mark.feature("SES-05")
@pytest.mark.parametrize("seconds", [3, 20])
async def test_the_customers_line_is_cut_for_a_while(tmp_path: Path, seconds: float) -> None:
    async with stage(tmp_path, COURIER, CHAT) as live, wire(live.site.gateway_port) as line:
        live.bring_customer(line.address)

        async def cut() -> None:
            line.freeze()
            await anyio.sleep(seconds / 2)
            line.cut()
            await anyio.sleep(seconds / 2)
            line.mend()

        await through(live, cut, strokes=200)


async def test_only_the_road_of_files_is_lost_again_and_again(tmp_path: Path) -> None:
    async with stage(tmp_path, COURIER, CHAT) as live, wire(live.site.gateway_port) as line:
        live.bring_customer(line.address)

        lost = 0

        async def lose() -> None:
            nonlocal lost
            for _ in range(5):
                await grow(line, 3_000_000)
                lost += line.lose(b"road=bulk")

        traffic = await through(live, lose, strokes=200)
        assert lost == 5
        assert traffic.page.closed == {}


async def grow(line: Wire, size: int) -> None:
    """Wait until so many bytes more were carried."""
    before = line.carried
    with anyio.move_on_after(5):
        while line.carried < before + size:  # noqa: ASYNC110 - bytes make no event
            await anyio.sleep(0.01)
