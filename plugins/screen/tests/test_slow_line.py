"""On 64 kbit/s little is on its way at any time, so that a letter does not wait behind pictures."""

from collections.abc import Callable
from typing import Any

import anyio
import pytest

from deskside.testing import pair, plugin
from deskside_screen import host
from deskside_screen import plugin as declared
from deskside_screen.tiles import Box

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
SCREEN = plugin("screen", plugin=declared, host=host)
DOCUMENT, LETTER = Box(0, 0, 320, 192), Box(600, 380, 9, 14)
FRAMES = "screen.frames"
RATE_BYTES_S = 8000
PATIENCE_S = 120


async def test_little_is_on_its_way_while_everything_changes_and_the_newest_picture_is_reached(
    desktop: Any, document: Callable[..., Any], make_decoder: Callable[[], Any]
) -> None:
    decoder, taken = make_decoder(), 0
    async with pair(plugins=[SCREEN]) as kit:
        page = await kit.page()
        kit.line.slow(RATE_BYTES_S, delay_s=0.05)
        desktop.paint(DOCUMENT, document(320, 192))
        page.listen(FRAMES)

        def shows() -> bool:
            nonlocal taken
            for message, _ in page.media[FRAMES][taken:]:
                decoder.take(message)
            taken = len(page.media[FRAMES])
            return bool(decoder.shows(desktop.pixels))

        with anyio.fail_after(PATIENCE_S):
            while not shows():  # noqa: ASYNC110
                await anyio.sleep(0.05)
        pipe = kit.host.media[FRAMES]._classes[1].pipe
        on_way = []
        for turn in range(120):
            desktop.paint(DOCUMENT, document(320, 192, turn))
            await anyio.sleep(0.05)
            on_way.append(pipe.on_way)
        desktop.paint(LETTER, 0x336699)

        with anyio.fail_after(PATIENCE_S):
            while not shows():  # noqa: ASYNC110
                await anyio.sleep(0.05)
    on_way = sorted(on_way[60:])
    assert 0 < on_way[len(on_way) // 2] <= RATE_BYTES_S
    assert on_way[-1] <= 2 * RATE_BYTES_S
