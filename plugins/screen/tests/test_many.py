"""Many pages on one session: a picture is made once for all, and who comes late disturbs nobody."""

import threading
from typing import Any

import numpy as np
import pytest

import deskside_screen.host
import deskside_screen.plugin
from deskside.api import Role
from deskside.media import MediaOwner
from deskside.testing import Kit, Page, pair, plugin
from deskside_screen.camera import ENCODERS
from deskside_screen.messages import Frame
from deskside_screen.tiles import Box

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]
SCREEN = plugin("screen", plugin=deskside_screen.plugin, host=deskside_screen.host)
FRAMES = "screen.frames"
WIDTH, HEIGHT = 640, 400
PAGES = 8


class Watching:
    """A page that decodes what comes, message by message."""

    def __init__(self, page: Page, decoder: Any) -> None:
        self.page, self.decoder, self._taken = page, decoder, 0
        page.listen(FRAMES)

    def take_one(self) -> bool:
        """Take the next message, as a page does: a picture of the same size stays until then."""
        messages = self.page.media[FRAMES]
        if self._taken == len(messages):
            return False
        message, _ = messages[self._taken]
        before = self.decoder.canvas
        self.decoder.take(message)
        if isinstance(message, Frame) and before is not None and before.shape == self.decoder.canvas.shape:
            self.decoder.canvas[:] = before
        self._taken += 1
        return True

    def shows(self, picture: Any) -> bool:
        """Tell whether every pixel is the source's by now."""
        while self.take_one():
            pass
        return bool(self.decoder.shows(picture))

    async def until(self, picture: Any) -> None:
        """Wait until every pixel is the source's."""
        await self.page.until(lambda: self.shows(picture), 60)


async def watching(kit: Kit, make_decoder: Any, count: int) -> list[Watching]:
    """Let so many pages in."""
    roles = [Role.AGENT] + [Role.OBSERVER] * (count - 1)
    return [Watching(await kit.page(role, f"Page {at}"), make_decoder()) for at, role in enumerate(roles)]


async def test_eight_pages_are_shown_what_was_made_once(
    desktop, document, make_decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    real = MediaOwner.offer

    def counted(self: MediaOwner, message: Any, quality: int, *, refresh: bool) -> bool:
        left = real(self, message, quality, refresh=refresh)
        if left and Frame in self.codec.numbers:
            made.append(quality)
        return left

    desktop.paint(Box(0, 0, WIDTH, HEIGHT), document(WIDTH, HEIGHT))
    async with pair(plugins=[SCREEN]) as kit:
        all_ = await watching(kit, make_decoder, PAGES)
        for one in all_:
            await one.until(desktop.pixels)
        counts = [len(one.page.media[FRAMES]) for one in all_]
        monkeypatch.setattr(MediaOwner, "offer", counted)

        for number in range(5):
            desktop.paint(Box(0, 100, WIDTH, 200), document(WIDTH, 200, 50 * number))
            for one in all_:
                await one.until(desktop.pixels)

        assert set(made) == {1}
        got = [len(one.page.media[FRAMES]) - count for one, count in zip(all_, counts, strict=True)]
        assert got == [len(made)] * PAGES
        last = [one.page.media[FRAMES][-1] for one in all_]
        assert all(one == last[0] for one in last)
        encoders = [one for one in threading.enumerate() if one.name.startswith("screen-encode")]
        assert len(encoders) <= ENCODERS


@pytest.mark.feature("SCR-01")
async def test_who_comes_late_sees_all_and_the_others_see_no_pixel_change(
    desktop, document, make_decoder
) -> None:
    desktop.paint(Box(0, 0, WIDTH, HEIGHT), document(WIDTH, HEIGHT))
    async with pair(plugins=[SCREEN]) as kit:
        first, second = await watching(kit, make_decoder, 2)
        for one in (first, second):
            await one.until(desktop.pixels)
        begun = sum(isinstance(one, Frame) for one, _ in first.page.media[FRAMES])

        late = Watching(await kit.page(Role.OBSERVER, "Late"), make_decoder())
        await late.until(desktop.pixels)
        await first.page.until(
            lambda: sum(isinstance(one, Frame) for one, _ in first.page.media[FRAMES]) > begun, 60
        )

        # What begins anew for the late one passes the others too; nothing of it shows.
        while first.take_one():
            assert first.decoder.shows(desktop.pixels)
        desktop.paint(Box(10, 10, 300, 200), np.uint32(0x336699))
        for one in (first, second, late):
            await one.until(desktop.pixels)


async def test_pages_that_come_and_go_all_the_time_leave_an_honest_page_current(
    desktop, document, make_decoder
) -> None:
    async with pair(plugins=[SCREEN]) as kit:
        (first,) = await watching(kit, make_decoder, 1)
        restless = [await kit.page(Role.OBSERVER, f"Restless {number}") for number in range(4)]
        for number in range(12):
            for one in restless:
                one.listen(FRAMES)
                if number % 3 == 2:
                    one.cut()
            desktop.paint(Box(0, 0, WIDTH, 300), document(WIDTH, 300, 40 * number))
            await first.until(desktop.pixels)
        assert set(kit.host.media[FRAMES].classes()) >= {1}
