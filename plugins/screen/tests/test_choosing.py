"""Both sides of a session in memory: agents choose how the picture is made while it runs."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from deskside.api import Message, Role
from deskside.testing import Page, pair, plugin
from deskside_screen import host
from deskside_screen import plugin as declared
from deskside_screen.colours import halved, reduced
from deskside_screen.messages import (
    ChoosePicture,
    Colours,
    Detection,
    Frame,
    Network,
    PictureNow,
    WantState,
)
from deskside_screen.tiles import Box

pytestmark = pytest.mark.anyio
SCREEN = plugin("screen", plugin=declared, host=host)
EVERYTHING = Box(0, 0, 640, 400)
FRAMES, VIEW = "screen.frames", "screen.view"


class Watching:
    """A page that decodes what comes."""

    def __init__(self, page: Page, decoder: Any) -> None:
        self.page, self.decoder, self._taken = page, decoder, 0
        page.listen(FRAMES)

    async def until(self, picture: Any) -> None:
        """Wait until every pixel is the one that is wanted."""

        def shows() -> bool:
            messages = self.page.media[FRAMES]
            for message, _ in messages[self._taken :]:
                self.decoder.take(message)
            self._taken = len(messages)
            return bool(self.decoder.shows(picture))

        await self.page.until(shows)


@pytest.fixture
def watch(make_decoder: Callable[[], Any]) -> Callable[[Page], Watching]:
    return lambda page: Watching(page, make_decoder())


async def told(page: Page) -> PictureNow:
    """Return the next word on how the picture is made."""
    while not isinstance(message := await page.receive(VIEW, Message), PictureNow):
        pass
    return message


@pytest.mark.feature("CFG-12", "CFG-03", "CFG-13")
async def test_what_an_agent_chooses_holds_at_once_for_everybody_and_comes_back_exact(
    desktop, document, watch
) -> None:
    desktop.paint(EVERYTHING, document(640, 400) ^ (np.arange(640, dtype=np.uint32) // 3 * 0x010203))
    async with pair(plugins=[SCREEN]) as kit:
        agent, other, observer = await kit.page(), await kit.page(), await kit.page(Role.OBSERVER, "Kim")
        watching = [watch(one) for one in (agent, other, observer)]
        for one in watching:
            await one.until(desktop.pixels)

        await agent.send(VIEW, ChoosePicture(colours=Colours.GREY))
        for one in watching:
            await one.until(reduced(desktop.pixels, Colours.GREY))
        await other.send(VIEW, ChoosePicture(scale=2))
        for one in watching:
            await one.until(reduced(halved(desktop.pixels), Colours.GREY))
        for page in (agent, other, observer):
            assert [(await told(page)).scale for _ in range(2)] == [1, 2]

        await agent.send(VIEW, ChoosePicture(colours=Colours.TRUE, scale=1))
        for one in watching:
            await one.until(desktop.pixels)
        for page in (agent, other, observer):
            now = await told(page)
            assert (now.colours, now.scale) == (Colours.TRUE, 1)


@pytest.mark.feature("CFG-12")
async def test_an_observer_sees_how_the_picture_is_made_and_cannot_change_it(
    desktop, document, watch
) -> None:
    desktop.paint(EVERYTHING, document(640, 400))
    async with pair(plugins=[SCREEN]) as kit:
        agent, observer = await kit.page(), await kit.page(Role.OBSERVER, "Kim")
        watching = watch(agent)
        await watching.until(desktop.pixels)

        await observer.send(VIEW, ChoosePicture(colours=Colours.GREY, scale=2))
        await observer.send(VIEW, WantState())
        now = await told(observer)
        desktop.paint(Box(10, 10, 30, 20), 0x336699)

        await watching.until(desktop.pixels)
        assert (now.colours, now.scale) == (Colours.TRUE, 1)


@pytest.mark.feature("CFG-02", "CFG-12")
async def test_another_way_to_find_changes_is_taken_in_the_running_session(
    desktop, document, watch, monkeypatch
) -> None:
    opened: list[str] = []

    def open_(detection: Detection) -> Any:
        opened.append(detection)
        return desktop

    monkeypatch.setattr("deskside_screen.host._open", open_)
    desktop.paint(EVERYTHING, document(640, 400))
    async with pair(plugins=[SCREEN]) as kit:
        page = await kit.page()
        watching = watch(page)
        await watching.until(desktop.pixels)

        await page.send(VIEW, ChoosePicture(detection=Detection.GRAPHICS))
        await page.until(lambda: len(opened) == 2)
        desktop.paint(EVERYTHING, document(640, 400, 50))

        await watching.until(desktop.pixels)
        assert (await told(page)).detection is Detection.GRAPHICS
    assert opened == [Detection.FAST, Detection.GRAPHICS]


@pytest.mark.feature("AGT-10")
async def test_a_session_begins_as_its_agent_has_set_for_himself(desktop, document, watch) -> None:
    desktop.paint(EVERYTHING, document(640, 400) ^ 0x102030)
    wanted = {"network": "fast", "detection": "graphics", "colours": "bits8", "quality": 55}
    async with pair(plugins=[SCREEN], options={declared.SEE: wanted}) as kit:
        page = await kit.page()
        await page.send(VIEW, WantState())

        now = await told(page)
        await watch(page).until(reduced(desktop.pixels, Colours.BITS_8))

    assert now == PictureNow(Network.FAST, Detection.GRAPHICS, Colours.BITS_8, 1, 55)
    assert all(one.scale == 1 for one, _ in page.media[FRAMES] if isinstance(one, Frame))
