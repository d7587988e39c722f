"""Two agents and an observer: each is who the viewer says, and a slow one slows nobody."""

from pathlib import Path
from time import monotonic

import anyio
import pytest
from courier_code.messages import Frame, Noted, Notes, Stroke, WantNotes
from live.running import until
from live.stage import COURIER, Live, stage
from live.web import active

from deskside.declare import Role
from deskside.link import CORE, Ack, Enter, Far, Resync, Welcome
from deskside.testing import Page
from deskside.wire import Packet

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(180)]

STALL_S = 10


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def noted(page: Page) -> Noted:
    """Return the next stroke that the host told everyone."""
    await page.until(lambda: page.pending("courier.strokes") > 0, 30)
    return await page.receive("courier.strokes", Noted)


async def raw_stroke(live: Live, page: Page, claims: int, number: int) -> None:
    """Enter over a WebSocket of one's own as an agent, and send a stroke under another's number."""
    channel = sorted(page.catalogue.channels).index("courier.strokes") + 1
    codec = page._stream("courier.strokes").codec
    async with await live.agent.line(live.session) as line:
        hello = Packet(0, 0, claims, CORE.encode(Enter(claims, "", "liar")))
        await line.send(hello.encode())
        welcome = CORE.decode(Packet.decode(await line.recv()).body)  # type: ignore[arg-type]
        assert isinstance(welcome, Welcome)
        assert welcome.participant != claims
        for bulk in (False, True):
            await line.send(Packet(0, 0, claims, CORE.encode(resync(bulk=bulk))).encode())
        body = codec.encode(Stroke(number, "I am somebody else"))
        await line.send(Packet(channel, 1, claims, body).encode())
        told = await noted(page)
        assert (told.sender, told.number) == (welcome.participant, number)


def resync(*, bulk: bool) -> Resync:
    """Return what a new page tells the host."""
    return Resync(Far.HOST, bulk, "liar", "", False, ())


async def test_nobody_speaks_under_anothers_name_and_an_observer_does_not_speak(tmp_path: Path) -> None:
    async with stage(tmp_path, COURIER) as live:
        live.bring_customer()
        first, second = await live.page(), await live.page()
        observer = await live.page(Role.OBSERVER)
        roles = {one.id: one.role for one in first.people}
        assert roles == {
            first.participant: "agent",
            second.participant: "agent",
            observer.participant: "observer",
        }

        await first.send("courier.strokes", Stroke(1))
        assert (await noted(second)).sender == first.participant
        await second.send("courier.strokes", Stroke(2))
        assert [(await noted(first)).sender for _ in range(2)] == [first.participant, second.participant]
        await raw_stroke(live, first, claims=second.participant, number=3)

        await observer.send("courier.strokes", Stroke(666))
        await observer.send("courier.notes", Stroke(666))
        await observer.until(lambda: len(observer.closed) == 2)
        outcome = None
        with anyio.move_on_after(1):
            outcome = await observer.request("courier.show")
        assert outcome is None
        log = (tmp_path / "home" / "strokes.log").read_text()
        assert "666" not in log
        await first.send("courier.notes", WantNotes())
        assert await first.receive("courier.notes", Notes) == Notes(())
        assert first.features["courier.show"].state == "ask"


async def test_an_observers_lies_cost_nobody_else_the_line(tmp_path: Path) -> None:
    async with stage(tmp_path, COURIER) as live:
        live.bring_customer()
        agent, observer = await live.page(), await live.page(Role.OBSERVER)
        numbers = {name: n for n, name in enumerate(sorted(agent.catalogue.channels), start=1)}
        suspended = live.customer.said.count('"suspended"')
        for name, number in (("picture", 1), ("desk", 1), ("strokes", 99), ("parcels", 99)):
            assert observer._schedule is not None
            observer._schedule.put_core(Packet(numbers[f"courier.{name}"], number, 1, b"\x90"))
            await anyio.sleep(0.3)
            await active(observer)
        for name in ("strokes", "parcels", "notes", "desk", "picture"):
            observer.say(Ack(f"courier.{name}", 2**40))
            await anyio.sleep(0.3)
            await active(observer)
        for number in range(5):
            await agent.send("courier.strokes", Stroke(number))
            assert (await noted(agent)).number == number
        assert live.customer.said.count('"suspended"') == suspended


async def test_a_page_that_stalls_for_ten_seconds_slows_neither_control_nor_media(tmp_path: Path) -> None:
    async with stage(tmp_path, COURIER) as live:
        live.bring_customer()
        first, second, stalled = await live.page(), await live.page(), await live.page(Role.OBSERVER)
        await first.request("courier.show")
        for page in (first, second, stalled):
            page.listen("courier.picture")
        await stalled.until(lambda: len(stalled.media["courier.picture"]) > 3)

        stalled.is_stalled = True
        end, number, slowest = monotonic() + STALL_S, 0, 0.0
        frames = len(second.media["courier.picture"])
        text = "x" * 1900
        while monotonic() < end:
            before = monotonic()
            await first.send("courier.strokes", Stroke(number, text))
            assert (await noted(first)).number == number
            assert (await noted(second)).number == number
            slowest = max(slowest, monotonic() - before)
            number += 1
        assert number > 50
        assert slowest < STALL_S / 2
        assert len(second.media["courier.picture"]) > frames + 30

        seen = len(stalled.media["courier.picture"])
        stalled.is_stalled = False
        await until(lambda: len(stalled.media["courier.picture"]) > seen + 10)
        last = stalled.media["courier.picture"][-1][0]
        assert isinstance(last, Frame)
