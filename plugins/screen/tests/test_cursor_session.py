"""Both sides of a session in memory: pages are told of the pointer, and of each of its shapes once."""

from typing import Any

import anyio
import numpy as np
import pytest
from attrs import define, field

from deskside.api import Message, Role
from deskside.testing import Page, pair, plugin
from deskside_screen import host
from deskside_screen import plugin as declared
from deskside_screen.bell import Bell
from deskside_screen.cursor import Seen, Shape
from deskside_screen.messages import ChooseMonitor, CursorMoved, CursorShape, WantCursor

pytestmark = pytest.mark.anyio
SCREEN = plugin("screen", plugin=declared, host=host)
CURSOR, VIEW = "screen.cursor", "screen.view"


def shape(colour: int) -> Shape:
    found = Shape.of(np.full((8, 8), 0xFF000000 | colour, np.uint32), 1, 2)
    assert found is not None
    return found


@define(eq=False)
class Moved:
    """A pointer that a test moves."""

    seen: Seen = field(factory=lambda: Seen(10, 20, shape(1)))

    def look(self) -> Seen:
        return self.seen

    def sleep(self, seconds: float, bell: Bell) -> None:
        bell.sleep(min(seconds, 0.01))

    def close(self) -> None:
        """Hold nothing."""


@pytest.fixture
def pointer(desktop: Any, monkeypatch: pytest.MonkeyPatch) -> Moved:
    one = Moved()
    monkeypatch.setattr(host, "open_pointer", lambda: one)
    return one


async def heard(page: Page, kind: type[Any]) -> Any:
    """Return the next message of a kind that a page gets about the pointer."""
    while True:
        message = await page.receive(CURSOR, Message)
        if isinstance(message, kind):
            return message


async def until(page: Page, x: int, y: int, number: int) -> None:
    """Wait until a page is told of a place."""
    while await heard(page, CursorMoved) != CursorMoved(x, y, number):
        pass


async def test_a_page_is_told_the_shape_once_and_every_place(pointer: Moved) -> None:
    async with pair(plugins=[SCREEN]) as kit:
        page = await kit.page()
        await page.send(CURSOR, WantCursor())
        first = await heard(page, CursorShape)
        await until(page, 10, 20, 1)

        pointer.seen = Seen(30, 40, pointer.seen.shape)
        await until(page, 30, 40, 1)
        pointer.seen = Seen(30, 40, shape(2))
        second = await heard(page, CursorShape)
        await until(page, 30, 40, 2)
        pointer.seen = Seen(31, 40, shape(1))

        await until(page, 31, 40, 1)
        assert (first.number, second.number, first.png) == (1, 2, shape(1).png)


async def test_a_pointer_that_is_invisible_or_elsewhere_is_none(pointer: Moved) -> None:
    async with pair(plugins=[SCREEN]) as kit:
        page = await kit.page()
        await page.send(CURSOR, WantCursor())
        await until(page, 10, 20, 1)

        pointer.seen = Seen(10, 20, None)
        await until(page, 0, 0, 0)
        pointer.seen = Seen(400, 20, shape(1))
        await until(page, 400, 20, 1)
        await page.send(VIEW, ChooseMonitor(2))
        await until(page, 80, 20, 1)
        pointer.seen = Seen(10, 20, shape(1))

        await until(page, 0, 0, 0)


async def test_a_page_that_comes_later_learns_the_shape_too(pointer: Moved) -> None:
    async with pair(plugins=[SCREEN]) as kit:
        page = await kit.page()
        await page.send(CURSOR, WantCursor())
        await until(page, 10, 20, 1)
        late = await kit.page(Role.OBSERVER, "Kim")

        await late.send(CURSOR, WantCursor())

        assert (await heard(late, CursorShape)).png == shape(1).png
        await until(late, 10, 20, 1)


async def test_nothing_is_told_while_the_screen_is_paused(pointer: Moved) -> None:
    async with pair(plugins=[SCREEN]) as kit:
        page = await kit.page()
        await page.send(CURSOR, WantCursor())
        await until(page, 10, 20, 1)
        kit.host.pause(declared.SEE, is_paused=True)
        await page.until(lambda: page.features[declared.SEE].is_paused)

        for x in range(100, 110):
            pointer.seen = Seen(x, 50, shape(1))
            await anyio.sleep(0.02)
        kit.host.pause(declared.SEE, is_paused=False)

        assert await heard(page, CursorMoved) == CursorMoved(109, 50, 1)


async def test_a_page_that_stands_still_gets_the_newest_place_and_few_before(pointer: Moved) -> None:
    async with pair(plugins=[SCREEN]) as kit:
        page, stuck = await kit.page(), await kit.page(Role.OBSERVER, "Kim")
        for one in (page, stuck):
            await one.send(CURSOR, WantCursor())
            await until(one, 10, 20, 1)
        stuck.is_stalled = True

        for number in range(300):
            pointer.seen = Seen(number % 320, 100 + number % 50, shape(1))
            await until(page, number % 320, 100 + number % 50, 1)
        stuck.is_stalled = False

        places = []
        while not places or places[-1] != CursorMoved(299, 149, 1):
            places.append(await heard(stuck, CursorMoved))
        assert len(places) < 200
