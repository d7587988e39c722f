"""A class goes as fast as its fastest member, the last as its slowest; what is not painted yet is bounded."""

from collections import deque

from attrs import define, field

from deskside.api import Length, Message, frozen
from deskside.api import field as limited
from deskside.media import TO_PAINT, FanOut, MediaOwner
from deskside.messages import Codec
from deskside.wire import Packet

STEP_S = 0.01
SIZE = 4000


@frozen
class Picture(Message):
    content: bytes = limited(validator=Length(256 * 1024))


@define(eq=False)
class Page:
    """A page at the end of a line of its own."""

    rate: float
    paints: bool = True
    got: int = 0
    shown: int = 0
    told: int = 0
    _credit: float = 0.0
    _waiting: deque[int] = field(factory=deque)

    def give(self, size: int) -> None:
        self._waiting.append(size)

    def step(self) -> None:
        self._credit = min(self._credit + self.rate * STEP_S, self.rate * STEP_S + SIZE + 100)
        while self._waiting and self._waiting[0] <= self._credit:
            size = self._waiting.popleft()
            self._credit -= size
            self.got += size
        if self.paints:
            self.shown = self.got


@define(eq=False)
class Session:
    """An owner that sends whenever it may, the viewer, and pages."""

    pages: dict[int, Page]
    quality: int = 1
    now: float = 50.0
    owner: MediaOwner = field(init=False)
    fan: FanOut = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.owner = MediaOwner(Codec.of((Picture,)), self._transmit, lambda: self.now)
        self.fan = FanOut("any", self._give, self._tell, lambda: self.now)
        for number in self.pages:
            self.fan.joined(number, self.quality)

    def run(self, seconds: float) -> None:
        for _ in range(int(seconds / STEP_S)):
            self.now += STEP_S
            for quality, need in self.owner.classes().items():
                for _ in range(8):
                    self.owner.offer(Picture(bytes(SIZE)), quality, refresh=need.refresh)
            for number, page in self.pages.items():
                page.step()
                if (page.got, page.shown) != (0, 0):
                    self.fan.shown(number, page.shown, page.got)
            self.fan.tick()

    def _transmit(self, quality: int, mark: int, body: bytes) -> None:
        self.fan.packet(Packet(1, mark, quality, body))

    def _give(self, participant: int, packet: Packet) -> None:
        self.pages[participant].give(len(packet.body))

    def _tell(self, quality: int, members: int, shown: int, refresh: bool, arrived: int) -> None:
        self.owner.told(quality, members, shown, arrived, refresh=refresh)


def test_a_page_on_a_slow_line_slows_nobody_and_gets_a_class_of_its_own() -> None:
    session = Session({1: Page(2_000_000), 2: Page(30_000)})
    session.run(4)
    before = {number: page.got for number, page in session.pages.items()}

    session.run(4)

    got = {number: page.got - before[number] for number, page in session.pages.items()}
    assert got[1] > 0.7 * 4 * 2_000_000
    assert got[2] > 0.5 * 4 * 30_000
    assert set(session.owner.classes()) == {1, 2}


def test_in_the_last_class_everybody_waits_for_everybody() -> None:
    session = Session({1: Page(200_000), 2: Page(100_000)}, quality=3)
    session.run(5)
    before = {number: page.got for number, page in session.pages.items()}

    session.run(5)

    assert set(session.owner.classes()) == {3}
    for number, page in session.pages.items():
        assert 0.5 * 5 * 100_000 < page.got - before[number] < 1.3 * 5 * 100_000


def test_what_has_arrived_and_is_not_painted_is_bounded_and_tells_nothing_of_the_line() -> None:
    session = Session({1: Page(2_000_000)})
    session.run(2)
    page = session.pages[1]

    page.paints = False
    session.run(3)
    assert page.got - page.shown <= 2 * TO_PAINT
    got, page.paints = page.got, True
    session.run(1)

    assert page.got - got > 0.5 * 2_000_000
