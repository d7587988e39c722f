"""Nothing is lost on a page's streams and nothing comes twice, whatever happens to its line."""

import random
import time
from collections.abc import Callable

import anyio
import pytest
from hosts.viewer.web.far_ends import BEHIND, PAGE, FarEnds
from hosts.viewer.web.probe import Line
from hosts.viewer.web.stand_in import StandIn
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

CUTS = 12
PAUSE_S = 0.05
RELIABLE = ["talk", "bulk", "far", "far_bulk"]
Start = Callable[..., StandIn]
OpenPage = Callable[..., Page]


def opened(stand_in: StandIn, page: Page) -> Page:
    page.goto(f"{stand_in.address}/session/one")
    wait_until(lambda: len(stand_in.far.wishes) >= len(RELIABLE), "the module asked every channel's owner")
    return page


def wait_until(is_so: Callable[[], bool], what: str, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.02)


async def send_lines(far: FarEnds, name: str, first: int, count: int, size: int) -> None:
    for number in range(first, first + count):
        if number % 10 == 0:
            await anyio.sleep(PAUSE_S)
        await far.ports[name].send(Line(number, "x" * size), PAGE, lambda: [PAGE])


def send_from_page(page: Page, name: str, first: int, count: int, size: int) -> None:
    page.evaluate(
        """([name, first, count, size, pause]) => {
          window.handed = 0;
          void (async () => {
            for (let number = first; number < first + count; number += 1) {
              if (number % 10 === 0) await new Promise((resolve) => setTimeout(resolve, pause));
              await probe.channels[name].send("line", { number, text: "y".repeat(size) });
              window.handed += 1;
            }
          })();
        }""",
        [name, first, count, size, PAUSE_S * 1000],
    )


def heard_by_page(page: Page, name: str) -> list[int]:
    heard: list[int] = page.evaluate("name => probe.heard[name]", name)
    return heard


def test_every_message_of_both_directions_arrives_once_and_in_order_though_the_line_is_cut_again_and_again(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in()
    page = opened(server, open_page())
    chance = random.Random(7)
    count = 600

    sending = [server.later(send_lines, server.far, f"probe.{name}", 1, count, 300) for name in RELIABLE]
    for name in RELIABLE:
        send_from_page(page, name, 1, count, 300)
    for cut in range(1, CUTS + 1):
        time.sleep(chance.uniform(0.0, 0.15))
        server.drop(chance.choice([1012, 1001, 4000]))
        wait_until(lambda cut=cut: server.far.entered > cut, "the page came back")

    wanted = list(range(1, count + 1))
    for name in RELIABLE:
        wait_until(
            lambda name=name: len(server.far.heard[f"probe.{name}"]) >= count, f"the owner heard {name}"
        )
        wait_until(lambda name=name: len(heard_by_page(page, name)) >= count, f"the page heard {name}")
        assert server.far.heard[f"probe.{name}"] == wanted
        assert heard_by_page(page, name) == wanted
    assert all(one.done() for one in sending)
    assert server.far.entered == CUTS + 1
    assert len(set(server.far.page_boots)) == 1


def test_a_line_to_the_customers_machine_that_comes_and_goes_loses_nothing(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in()
    page = opened(server, open_page())
    count = 400

    server.later(send_lines, server.far, "probe.far", 1, count, 200)
    send_from_page(page, "far", 1, count, 200)
    for _ in range(6):
        time.sleep(0.1)
        server.do(lambda: server.far.host_line(up=False))
        time.sleep(0.05)
        server.do(lambda: server.far.host_line(up=True))

    wanted = list(range(1, count + 1))
    wait_until(lambda: len(server.far.heard["probe.far"]) >= count, "the owner heard all")
    wait_until(lambda: len(heard_by_page(page, "far")) >= count, "the page heard all")
    assert server.far.heard["probe.far"] == wanted
    assert heard_by_page(page, "far") == wanted
    assert page.evaluate("probe.resets") == RELIABLE


def test_a_host_with_a_new_memory_makes_the_page_ask_again_and_keeps_what_was_not_acknowledged(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in()
    page = opened(server, open_page())
    server.do(send_lines, server.far, "probe.far", 1, 3, 10)
    wait_until(lambda: heard_by_page(page, "far") == [1, 2, 3], "three lines came")
    server.far.wishes.clear()

    server.do(lambda: server.far.host_line(up=False))
    send_from_page(page, "far", 10, 3, 10)
    server.do(lambda: server.far.host_line(up=True, new_boot="host-2"))

    wait_until(
        lambda: sorted(server.far.wishes) == ["probe.far", "probe.far_bulk"], "host channels asked again"
    )
    wait_until(lambda: server.far.heard["probe.far"] == [10, 11, 12], "what was kept arrived")
    server.do(send_lines, server.far, "probe.far", 4, 2, 10)
    wait_until(lambda: heard_by_page(page, "far") == [1, 2, 3, 4, 5], "numbers begin anew")
    assert page.evaluate("probe.resets") == [*RELIABLE, "far", "far_bulk"]


def test_a_reloaded_page_is_who_it_was_with_a_new_memory(stand_in: Start, open_page: OpenPage) -> None:
    server = stand_in()
    page = opened(server, open_page())
    server.do(send_lines, server.far, "probe.talk", 1, 3, 10)
    wait_until(lambda: heard_by_page(page, "talk") == [1, 2, 3], "three lines came")
    server.far.wishes.clear()

    opened(server, page)

    assert len(set(server.far.page_boots)) == 2
    assert heard_by_page(page, "talk") == []
    server.do(send_lines, server.far, "probe.talk", 4, 1, 10)
    wait_until(lambda: heard_by_page(page, "talk") == [4], "the next line came")


def test_a_page_that_fell_behind_comes_back_with_a_new_memory_and_its_modules_begin_again(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in()
    page = opened(server, open_page())
    server.far.wishes.clear()

    server.drop(BEHIND)

    wait_until(lambda: len(server.far.wishes) >= len(RELIABLE), "the module asked again")
    assert len(set(server.far.page_boots)) == 2
    assert page.evaluate("[probe.activations, probe.disposed]") == [2, 1]
    server.do(send_lines, server.far, "probe.talk", 1, 2, 10)
    wait_until(lambda: heard_by_page(page, "talk") == [1, 2], "lines come again")


def test_sending_waits_while_the_window_is_full(stand_in: Start, open_page: OpenPage) -> None:
    server = stand_in()
    page = opened(server, open_page())
    server.do(lambda: server.far.host_line(up=False))
    page.wait_for_timeout(200)

    send_from_page(page, "far", 1, 100, 1000)
    wait_until(lambda: page.evaluate("handed") >= 5, "what the window takes")
    page.wait_for_timeout(100)

    assert page.evaluate("handed") == 5, "the window has 4096 bytes"
    assert server.far.heard["probe.far"] == []
    server.do(lambda: server.far.host_line(up=True))
    wait_until(lambda: server.far.heard["probe.far"] == list(range(1, 101)), "all came once there was room")


def test_media_is_counted_as_it_is_shown_and_begins_at_a_refresh_point(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in()
    page = opened(server, open_page())
    wait_until(lambda: server.far.shown == [0], "the page joined")

    def film() -> None:
        for number in range(40):
            server.far.send_frame(number, 1000, refresh=number == 5)

    server.do(film)

    wait_until(
        lambda: len(page.evaluate("probe.frames")) == 35, "frames from the refresh point on were shown"
    )
    assert page.evaluate("probe.frames[0]") == {"number": 5, "refresh": True}
    wait_until(lambda: server.far.shown[-1] > 35_000, "they were acknowledged")
    member = server.far.fan._members[PAGE]
    wait_until(lambda: member.sent == member.shown, "not a byte more or less")


def test_media_goes_on_after_the_line_of_page_or_host_was_lost(stand_in: Start, open_page: OpenPage) -> None:
    server = stand_in()
    page = opened(server, open_page())
    wait_until(lambda: server.far.shown == [0], "the page joined")

    def film(first: int) -> None:
        for number in range(first, first + 20):
            server.far.send_frame(number, 2000, refresh=number == first)

    server.do(lambda: film(0))
    server.do(lambda: server.far.host_line(up=False))
    server.do(server.far.fan.begin_anew)
    server.do(lambda: server.far.host_line(up=True))
    server.do(lambda: film(100))
    wait_until(lambda: page.evaluate("probe.frames.at(-1)?.number") == 119, "the host's picture went on")
    server.drop()
    wait_until(lambda: server.far.shown.count(0) == 2, "the page joined again")
    server.do(lambda: film(200))

    wait_until(lambda: page.evaluate("probe.frames.at(-1)?.number") == 219, "the page's picture went on")
    wait_until(
        lambda: server.far.fan._members[PAGE].sent == server.far.fan._members[PAGE].shown, "all is counted"
    )


def test_a_packet_out_of_order_makes_the_page_come_back_and_nothing_is_lost(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in()
    page = opened(server, open_page())

    def skip() -> None:
        stream = server.far.ports["probe.talk"].pair(PAGE).out
        stream.put(server.far.ports["probe.talk"].codec.encode(Line(1)))
        stream.take()

    server.do(skip)
    server.do(send_lines, server.far, "probe.talk", 2, 3, 10)

    wait_until(lambda: heard_by_page(page, "talk") == [1, 2, 3, 4], "the hole was filled")
    assert server.far.entered == 2


@pytest.mark.parametrize(
    ("code", "word"), [(4003, "not open to you"), (4004, "Support ended"), (4009, "another tab")]
)
def test_some_closings_are_final(stand_in: Start, open_page: OpenPage, code: int, word: str) -> None:
    server = stand_in()
    page = opened(server, open_page())

    server.drop(code)

    page.get_by_role("heading", level=1, name=word).wait_for()
    page.wait_for_timeout(600)
    assert server.far.entered == 1
