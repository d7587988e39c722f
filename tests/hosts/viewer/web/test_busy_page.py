"""A real page that is busy with other things, or paints late, is not taken for a slow line and starved."""

from collections.abc import Callable

import pytest
from hosts.viewer.web.far_ends import NUMBERS, FarEnds
from hosts.viewer.web.probe import Line
from hosts.viewer.web.stand_in import StandIn
from hosts.viewer.web.test_streams import opened, wait_until
from playwright.sync_api import Page

from deskside.media import MediaOwner
from deskside.messages import Codec
from deskside.wire import Packet

pytestmark = pytest.mark.browser

MESSAGE = 16 * 1024
ENOUGH = 8 * 1024 * 1024
PATIENCE_S = 90
BUSY = """setInterval(() => {
  const end = performance.now() + 20 + 100 * Math.random();
  while (performance.now() < end);
}, 10)"""


class Film:
    """The owner of the film, which sends whenever it may."""

    def __init__(self, far: FarEnds) -> None:
        self.far = far
        self.codec = Codec.of((Line,))
        self.owner = MediaOwner(self.codec, self._transmit)
        self.sent = 0
        far.fan.tell = self._told

    def send(self) -> None:
        """Send as long as there is room."""
        while self.sent < ENOUGH and 1 in (classes := self.owner.classes()) and classes[1].room_bytes:
            left = self.owner.offer(Line(self.sent, "x" * MESSAGE), 1, refresh=classes[1].refresh)
            assert left
            self.sent += MESSAGE

    def _told(self, quality: int, members: int, acked: int, refresh: bool, arrived: int) -> None:
        self.owner.told(quality, members, acked, arrived, refresh=refresh)
        self.send()

    def _transmit(self, quality: int, mark: int, body: bytes) -> None:
        self.far.fan.packet(Packet(NUMBERS["probe.film"], mark, quality, body))


@pytest.mark.parametrize("how", [BUSY, ""])
def test_a_busy_page_gets_the_whole_film(
    stand_in: Callable[..., StandIn], open_page: Callable[..., Page], how: str
) -> None:
    server = stand_in()
    film = Film(server.far)
    page = opened(server, open_page())
    page.evaluate(how)
    wait_until(lambda: server.far.shown[:1] == [0], "the page joined")

    server.do(film.send)

    wait_until(lambda: film.sent >= ENOUGH, "the whole film to be sent", PATIENCE_S)
    wait_until(
        lambda: page.evaluate("probe.frames.length") == film.sent // MESSAGE, "it was shown", PATIENCE_S
    )
    member = server.far.fan._members[1]
    wait_until(lambda: member.sent == member.shown == member.arrived, "not a byte more or less")
