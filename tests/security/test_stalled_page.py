"""One page of a session reads nothing any more: the others stay current, and no program's memory grows."""

import re
from pathlib import Path

import anyio
import pytest
from live.running import Program, until
from live.shelf import Shelf
from live.stage import stage

from deskside.declare import Role
from deskside.testing import Page

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(240)]

SHOW = "film.show"
MOST_GROWTH_KB = 48 * 1024
ENOUGH_BYTES = 250_000_000
PARTS = {
    "messages": """
        from deskside.api import Length, Message, Range, field, frozen

        @frozen
        class Shot(Message):
            number: int = field(validator=Range(0, 2**53 - 1))
            content: bytes = field(validator=Length(240 * 1024))
    """,
    "plugin": """
        from deskside.api import ChannelSpec, Ends, Feature, Lane, PluginInfo, Side, hookimpl
        from film_code.messages import Shot

        @hookimpl
        def deskside_plugin():
            return PluginInfo(name="film", version="1.0")

        @hookimpl
        def deskside_features():
            return (Feature(key="film.play", indicator=True),)

        @hookimpl
        def deskside_channels():
            return (
                ChannelSpec(
                    name="show", feature="film.play", messages=(Shot,), ends=Ends.HOST_PAGE, owner=Side.HOST,
                    lane=Lane.MEDIA, senders=(),
                ),
            )
    """,
    "host": """
        import anyio
        from deskside.api import hookimpl
        from film_code.messages import Shot

        @hookimpl
        async def deskside_run_session(session):
            number = 0
            await session.until(lambda: session.allows("film.play"))
            async with session.open("show") as channel:
                while True:
                    for quality, need in channel.classes().items():
                        if need.room_bytes:
                            number += 1
                            shot = Shot(number, bytes(200_000))
                            channel.offer(shot, quality=quality, refresh=need.refresh)
                    await anyio.sleep(0.002)
    """,
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def resident_kb(program: Program) -> int:
    """Return what a program holds."""
    assert program.process is not None
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{program.process.pid}/status").read_text())
    assert found is not None
    return int(found[1])


class Counted:
    """A page that keeps only the last number it was shown, and how much it was."""

    def __init__(self, page: Page) -> None:
        self.page, self.bytes, self.last = page, 0, 0
        page.listen(SHOW)

    def take(self) -> int:
        """Take what has come."""
        came = self.page.media[SHOW]
        if came:
            self.last = came[-1][0].number  # type: ignore[attr-defined]
            self.bytes += 200_000 * len(came)
            came.clear()
        return self.bytes


async def test_a_page_that_reads_nothing_harms_nobody_and_fills_no_memory(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    async with stage(tmp_path, shelf.add("film", PARTS), shelf=shelf, apart=True) as live:
        live.bring_customer()
        quick = Counted(await live.page())
        stuck = Counted(await live.page(Role.OBSERVER))
        await until(lambda: quick.take() > 20_000_000 and stuck.take() > 5_000_000, "pictures", 60)
        programs = [live.gateway, live.viewer, live.customer]
        before = [resident_kb(one) for one in programs if one is not None]

        stuck.page.is_stalled = True
        begun, most = quick.take(), list(before)
        with anyio.fail_after(150):
            while quick.take() - begun < ENOUGH_BYTES:
                now = [resident_kb(one) for one in programs if one is not None]
                most = [max(pair) for pair in zip(most, now, strict=True)]
                await anyio.sleep(0.05)
        for least, largest in zip(before, most, strict=True):
            assert largest - least < MOST_GROWTH_KB, (before, most)

        reached = quick.last
        stuck.page.is_stalled = False
        await until(lambda: stuck.take() and stuck.last > reached, "the one that stood still catches up", 60)
