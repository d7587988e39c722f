"""Whether a film is sent as video is for all pages to say, and each may ask for a new beginning."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest

from deskside.api import Role
from deskside.testing import Page, pair, plugin
from deskside_screen import host
from deskside_screen import plugin as declared
from deskside_screen.audience import KEY_GAP_S, Audience
from deskside_screen.messages import Decodes, Packing, Piece, Tiles, VideoCodec, WantKey
from deskside_screen.tiles import Box
from deskside_screen.video import HEAD

SCREEN = plugin("screen", plugin=declared, host=host)
FRAMES, VIEW = "screen.frames", "screen.view"
FILM = Box(101, 53, 333, 251)
BOTH = tuple(VideoCodec)


def pieces(page: Page) -> list[Piece]:
    return [piece for one, _ in page.media[FRAMES] if isinstance(one, Tiles) for piece in one.pieces]


def films(page: Page) -> list[Piece]:
    return [one for one in pieces(page) if one.packing is Packing.VIDEO]


def keys(page: Page) -> int:
    return sum(HEAD.unpack_from(one.data)[1] for one in films(page))


@pytest.fixture
def playing(desktop: Any, movie: Any) -> Callable[[], Any]:
    """Return what shows a film on the desktop meanwhile."""
    pictures = [movie(FILM.width, FILM.height, number) for number in range(40)]

    async def show() -> None:
        number = 0
        while True:
            number += 1
            desktop.paint(FILM, pictures[number % len(pictures)])
            await anyio.sleep(0.02)

    @asynccontextmanager
    async def playing() -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(show)
            yield
            tasks.cancel_scope.cancel()

    return playing


async def some_more(page: Page, what: Callable[[Page], list[Piece]], count: int = 10) -> None:
    """Wait until so many more have come."""
    before = len(what(page))
    await page.until(lambda: len(what(page)) >= before + count)


@pytest.mark.anyio
async def test_a_film_is_video_while_every_page_that_is_there_decodes_it(playing: Any) -> None:
    async with pair(plugins=[SCREEN]) as kit:
        agent = await kit.page()
        agent.listen(FRAMES)
        async with playing():
            await some_more(agent, pieces, 40)
            before = len(films(agent))
            await agent.send(VIEW, Decodes(BOTH))
            await some_more(agent, films)

            observer = await kit.page(Role.OBSERVER, "Kim")
            observer.listen(FRAMES)
            await some_more(observer, pieces, 60)
            meanwhile = len(films(observer))
            await observer.send(VIEW, Decodes((VideoCodec.VP9,)))
            await some_more(observer, films)
            chosen = films(observer)[-1].data[0]
            await observer.send(VIEW, Decodes(()))
            await observer.until(
                lambda: not any(one.packing is Packing.VIDEO for one in pieces(observer)[-20:])
            )

    assert before == meanwhile == 0
    assert chosen == BOTH.index(VideoCodec.VP9)


@pytest.mark.anyio
async def test_a_page_that_lacks_a_picture_gets_a_key_picture(playing: Any) -> None:
    async with pair(plugins=[SCREEN]) as kit:
        page = await kit.page()
        page.listen(FRAMES)
        await page.send(VIEW, Decodes(BOTH))
        async with playing():
            await some_more(page, films, 30)
            before = keys(page)
            await some_more(page, films, 20)
            meanwhile = keys(page)
            await page.send(VIEW, WantKey())
            await page.until(lambda: keys(page) > meanwhile)

    assert meanwhile == before


@pytest.mark.anyio
async def test_a_page_that_comes_later_begins_with_a_key_picture_and_ends_exact(
    playing: Any, desktop: Any, make_decoder: Any
) -> None:
    async with pair(plugins=[SCREEN]) as kit:
        first = await kit.page()
        first.listen(FRAMES)
        await first.send(VIEW, Decodes(BOTH))
        async with playing():
            await some_more(first, films)
            second = await kit.page(Role.OBSERVER, "Kim")
            second.listen(FRAMES)
            await second.send(VIEW, Decodes(BOTH))
            await some_more(second, films)

        for page in (first, second):
            decoder, taken = make_decoder(), [0]

            def shows(page: Page = page, decoder: Any = decoder, taken: list[int] = taken) -> bool:
                for message, _ in page.media[FRAMES][taken[0] :]:
                    decoder.take(message)
                    taken[0] += 1
                return bool(decoder.shows(desktop.pixels))

            await page.until(shows)


@pytest.mark.anyio
async def test_on_a_line_that_fills_up_the_film_stays_whole_and_ends_exact(
    playing: Any, desktop: Any, make_decoder: Any
) -> None:
    decoder, taken = make_decoder(), [0]

    async with pair(plugins=[SCREEN]) as kit:
        page = await kit.page()
        page.listen(FRAMES)
        await page.send(VIEW, Decodes(BOTH))
        async with playing():
            await some_more(page, films)
            kit.line.slow(rate_bytes_s=40_000)
            await some_more(page, films)
            kit.line.slow()
            await some_more(page, films)

        def shows() -> bool:
            for message, _ in page.media[FRAMES][taken[0] :]:
                decoder.take(message)
                taken[0] += 1
            return bool(decoder.shows(desktop.pixels))

        await page.until(shows)


def test_key_pictures_are_made_no_more_often_than_is_good_for_the_others() -> None:
    audience = Audience()

    made = [audience.may_have_key(number * 0.01) for number in range(100)]

    assert sum(made) == int(1 / KEY_GAP_S)
