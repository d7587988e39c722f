"""The relay in process: order, room, replacement, and who is told when an end goes."""

from collections.abc import Awaitable

import pytest
from anyio import create_task_group, fail_after, wait_all_tasks_blocked
from prometheus_client import CollectorRegistry

from deskside.declare import Side
from deskside_gateway.relay import (
    ENDED,
    LARGEST_MESSAGE,
    MOST_HELD,
    PEER_GONE,
    REPLACED,
    TOO_LARGE,
    Counters,
    Relay,
    RelayClosed,
    RelayEnd,
    Road,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def relay(registry: CollectorRegistry) -> Relay:
    return Relay(Counters.of(registry))


def pair(relay: Relay, road: Road = Road.MAIN) -> tuple[RelayEnd, RelayEnd]:
    return relay.join("s", Side.HOST, road), relay.join("s", Side.VIEWER, road)


async def code_of(doing: Awaitable[object]) -> int:
    with fail_after(5), pytest.raises(RelayClosed) as closed:
        await doing
    return closed.value.code


async def test_messages_arrive_as_they_are_and_in_order(relay: Relay, registry: CollectorRegistry) -> None:
    host, viewer = pair(relay)
    for message in (b"one", b"", b"\xff" * 1000):
        await host.send(message)
        await viewer.send(message[::-1])

    assert [await viewer.receive() for _ in range(3)] == [b"one", b"", b"\xff" * 1000]
    assert [await host.receive() for _ in range(3)] == [b"eno", b"", b"\xff" * 1000]
    assert registry.get_sample_value("deskside_relay_messages_total") == 6
    assert registry.get_sample_value("deskside_relay_bytes_total") == 2006


async def test_a_message_waits_until_the_far_end_is_there(relay: Relay) -> None:
    host = relay.join("s", Side.HOST, Road.MAIN)
    async with create_task_group() as tasks:
        tasks.start_soon(host.send, b"early")
        await wait_all_tasks_blocked()
        assert not host.is_joined

        viewer = relay.join("s", Side.VIEWER, Road.MAIN)

        assert await viewer.receive() == b"early"


async def test_a_sender_waits_while_the_far_end_holds_64_kib_or_one_message(relay: Relay) -> None:
    host, viewer = pair(relay)
    sent = []

    async def pour() -> None:
        for number in range(40):
            await host.send(bytes(4096))
            sent.append(number)

    async with create_task_group() as tasks:
        tasks.start_soon(pour)
        await wait_all_tasks_blocked()
        assert len(sent) == MOST_HELD // 4096
        await viewer.receive()
        await wait_all_tasks_blocked()
        assert len(sent) == MOST_HELD // 4096, "what has been handed out counts until the next is asked for"
        await viewer.receive()
        await wait_all_tasks_blocked()
        assert len(sent) == MOST_HELD // 4096 + 1
        for _ in range(38):
            await viewer.receive()


async def test_one_large_message_goes_through_and_the_next_waits_for_it(relay: Relay) -> None:
    host, viewer = pair(relay)
    sent = []

    async def pour() -> None:
        for message in (bytes(LARGEST_MESSAGE), b"next"):
            await host.send(message)
            sent.append(len(message))

    async with create_task_group() as tasks:
        tasks.start_soon(pour)
        await wait_all_tasks_blocked()
        assert sent == [LARGEST_MESSAGE]
        assert len(await viewer.receive()) == LARGEST_MESSAGE
        assert await viewer.receive() == b"next"


async def test_a_message_over_the_limit_is_refused(relay: Relay) -> None:
    host, _ = pair(relay)

    assert await code_of(host.send(bytes(LARGEST_MESSAGE + 1))) == TOO_LARGE


async def test_roads_and_sessions_are_apart(relay: Relay) -> None:
    host, viewer = pair(relay)
    bulk_host, bulk_viewer = pair(relay, Road.BULK)
    await bulk_host.send(bytes(LARGEST_MESSAGE))
    other = relay.join("other", Side.VIEWER, Road.MAIN)

    await host.send(b"key press")

    assert await viewer.receive() == b"key press"
    assert len(await bulk_viewer.receive()) == LARGEST_MESSAGE
    assert not other.is_joined


async def test_when_an_end_goes_the_other_gets_what_was_sent_and_is_then_closed(relay: Relay) -> None:
    host, viewer = pair(relay)
    await host.send(b"last words")

    await host.aclose()

    assert await viewer.receive() == b"last words"
    assert await code_of(viewer.receive()) == PEER_GONE
    assert await code_of(viewer.send(b"x")) == PEER_GONE
    assert len(relay) == 0


async def test_a_newer_connection_replaces_and_the_far_end_dials_again(relay: Relay) -> None:
    host, viewer = pair(relay)

    newer = relay.join("s", Side.HOST, Road.MAIN)

    assert await code_of(host.receive()) == REPLACED
    assert await code_of(viewer.receive()) == PEER_GONE
    assert not newer.is_joined
    again = relay.join("s", Side.VIEWER, Road.MAIN)
    await host.aclose()
    await newer.send(b"hello")
    assert await again.receive() == b"hello"


async def test_an_ended_session_has_no_line(relay: Relay) -> None:
    host, viewer = pair(relay)
    bulk = relay.join("s", Side.HOST, Road.BULK)

    relay.end("s")

    codes = {await code_of(end.receive()) for end in (host, viewer, bulk)}
    assert codes <= {ENDED, PEER_GONE}
    assert len(relay) == 0
