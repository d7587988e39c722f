"""What a host or a page does wrong with pictures harms itself: the others go on, and memory stays bounded."""

import functools
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import courier_code.host
import courier_code.plugin
import courier_code.viewer
import pytest
from courier_code.messages import Frame
from live.hostile_host import HostileHost

from deskside.declare import Role
from deskside.grants import Answer
from deskside.link import ClassState, MediaAck
from deskside.messages import Codec
from deskside.notice import SessionState
from deskside.testing import Kit, Page, pair, plugin
from deskside.testing.kit import SESSION

pytestmark = pytest.mark.anyio

COURIER = plugin("courier", plugin=courier_code.plugin, host=courier_code.host, viewer=courier_code.viewer)
PICTURE = "courier.picture"
FRAMES = Codec.of((Frame,))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def hostile(role: Role = Role.AGENT) -> AsyncIterator[tuple[Kit, HostileHost, Page]]:
    """Run a session with a host that a test moves and a page that sees pictures."""
    async with pair(plugins=[COURIER], host=False) as kit:
        host = HostileHost(functools.partial(kit.line.dial, "host"), SESSION, "1234", kit.host_plugins)
        page = await kit.page(role, active=False)
        await host.come(kit.tasks)
        await page.until_state(SessionState.ACTIVE)
        await granted(kit)
        page.listen(PICTURE)
        yield kit, host, page


async def granted(kit: Kit) -> None:
    """Let pictures pass, as the customer's yes does."""
    kit.viewer.memory.answers["courier.show"] = Answer.YES
    kit.viewer.grants.judge()
    await kit.pages[0].until_feature("courier.show", "on")


async def test_a_packet_with_nothing_in_it_ends_the_hosts_line_and_no_page_joins_for_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    async with hostile() as (kit, host, page):
        await host.until(lambda: any(one.refresh for one in host.named(ClassState)))
        for mark in (1, 0, 0):
            await host.put(PICTURE, mark, 1, b"")

        await host.until(lambda: host.losses > 0)
        assert "with nothing in it" in caplog.text
        assert page.media[PICTURE] == []
        assert not kit.viewer.over.is_set()


@pytest.mark.parametrize("size", [0, 2000])
async def test_what_waits_for_a_page_that_reads_nothing_is_bounded(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr("deskside.viewer_page.MOST_PASSING", 32 * 1024)
    async with hostile() as (kit, host, page):
        await host.put(PICTURE, 1, 1, FRAMES.encode(Frame(0, b"first")))
        await page.until(lambda: len(page.media[PICTURE]) > 0)
        body = FRAMES.encode(Frame(1, b"x" * size))
        link = kit.viewer.pages[page.participant]
        most = 0
        page.is_stalled = True
        with anyio.fail_after(60):
            while kit.viewer.pages.get(page.participant) is link:
                await host.put(PICTURE, 0, 1, body)
                most = max(most, sum(len(waiting) for waiting in link.schedule._passing.values()))
        page.is_stalled = False

        assert most * (len(body) + 300) < 10 * 32 * 1024
        await page.until(lambda: kit.viewer.pages.get(page.participant) not in (None, link))
        await page.until_state(SessionState.ACTIVE)


async def test_a_page_that_joins_over_and_over_loses_its_line_and_the_others_see_on() -> None:
    async with pair(plugins=[COURIER]) as kit:
        page, liar = await kit.page(), await kit.page(Role.OBSERVER, "Kim")
        await page.request("courier.show")
        page.listen(PICTURE)
        await page.until(lambda: len(page.media[PICTURE]) > 2)
        link = kit.viewer.pages[liar.participant]

        for _ in range(60):
            liar.say(MediaAck(PICTURE, 0))
        await liar.until(lambda: kit.viewer.pages.get(liar.participant) is not link)

        seen = len(page.media[PICTURE])
        await page.until(lambda: len(page.media[PICTURE]) > seen + 5)
        begun = sum(begins for _, begins in page.media[PICTURE])
        assert begun < 40


async def test_acknowledgements_from_the_future_are_nothing_to_the_host_and_to_others() -> None:
    async with pair(plugins=[COURIER]) as kit:
        page, liar = await kit.page(), await kit.page(Role.OBSERVER, "Kim")
        await page.request("courier.show")
        for one in (page, liar):
            one.listen(PICTURE)
        await page.until(lambda: len(page.media[PICTURE]) > 2)

        seen = len(page.media[PICTURE])
        for total in (2**53 - 1, 2**40, 10**9, 1, 2**53 - 1):
            liar.say(MediaAck(PICTURE, total))
            liar.say(MediaAck("courier.strokes", total))
            liar.say(MediaAck("nobody.knows", total))
        await page.until(lambda: len(page.media[PICTURE]) > seen + 5)

        owner = kit.host.media[PICTURE]
        assert all(need.room_bytes < 2**30 for need in owner.classes().values())
        seen = len(liar.media[PICTURE])
        await liar.until(lambda: len(liar.media[PICTURE]) > seen)


async def test_a_class_that_nobody_shows_does_not_speak_to_the_host_without_end() -> None:
    async with hostile() as (_, host, page):
        await host.put(PICTURE, 1, 1, FRAMES.encode(Frame(0, b"first")))
        await page.until(lambda: len(page.media[PICTURE]) > 0)
        heard = len(host.heard)
        for _ in range(2000):
            page.say(MediaAck(PICTURE, 2**53 - 1))
        page.say(MediaAck(PICTURE, 1))
        with anyio.move_on_after(2):
            await host.until(lambda: len(host.named(ClassState)) > 1000)
        assert len(host.heard) - heard < 1000
