"""The owner of a media channel keeps a line full and yet nearly nothing waiting on it."""

from collections import deque

import pytest
from attrs import define, field

from deskside.api import Message
from deskside.media import FULL_WINDOW, MediaOwner
from deskside.messages import Codec


class Nothing(Message):
    """Stands for any message; the codec below makes its bytes."""


class Sized:
    """Encodes everything into so many bytes."""

    size = 20_000

    def encode(self, message: Message) -> bytes:
        del message
        return bytes(self.size)


@define(eq=False)
class Line:
    """A line with a rate and a delay, and pages at its end; time passes by steps."""

    rate: float
    way_s: float
    now: float = 10.0
    owner: MediaOwner = field(init=False)
    sizes: Sized = field(factory=Sized)
    carried: int = 0
    _free_at: float = 0.0
    _coming: deque[tuple[float, int]] = field(factory=deque)
    waits: list[float] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        codec: Codec = self.sizes  # type: ignore[assignment]
        self.owner = MediaOwner(codec, self._transmit, lambda: self.now)
        self.owner.told(1, 1, 0, 0.0, refresh=False)

    def run(self, seconds: float, every_s: float = 0.0) -> None:
        """Offer as much as goes, or once in a while."""
        self.waits.clear()
        self.carried, end, due = 0, self.now + seconds, self.now
        while self.now < end:
            while self.now >= due and self.owner.offer(Nothing(), 1, refresh=False):
                due = self.now + every_s
            self.now += 0.001
            while self._coming and self._coming[0][0] <= self.now:
                _, size = self._coming.popleft()
                self.carried += size
                self._acked += size
                self.owner.told(1, 1, self._acked, 0.0, refresh=False)

    _acked: int = 0

    def _transmit(self, quality: int, mark: int, body: bytes) -> None:
        del quality, mark
        self.waits.append(max(0.0, self._free_at - self.now))
        self._free_at = max(self._free_at, self.now) + len(body) / self.rate
        self._coming.append((self._free_at + self.way_s, len(body)))


@pytest.mark.parametrize(("mbit", "way_s"), [(3, 0.15), (20, 0.05), (100, 0.01), (400, 0.002)])
def test_a_line_is_used_and_little_waits_on_it(mbit: int, way_s: float) -> None:
    line = Line(mbit * 125_000, way_s)
    line.run(2)

    line.run(3)

    assert line.carried > 0.85 * 3 * line.rate
    assert sorted(line.waits)[len(line.waits) // 2] < 0.15


def test_a_line_that_becomes_slower_soon_carries_less_and_a_faster_one_more() -> None:
    line = Line(20 * 125_000, 0.05)
    line.run(3)

    line.rate /= 8
    line.run(0.5)
    line.run(0.5)
    assert sorted(line.waits)[len(line.waits) // 2] < 0.2
    slow = line.owner.classes()[1].rate_bytes_s
    assert slow < 2 * line.rate

    line.rate *= 8
    line.run(1)
    assert line.owner.classes()[1].rate_bytes_s > 0.6 * line.rate


def test_few_small_messages_do_not_pass_for_a_slow_line() -> None:
    line = Line(20 * 125_000, 0.05)
    line.run(2)
    rate = line.owner.classes()[1].rate_bytes_s

    line.sizes.size = 300
    line.run(5, every_s=0.1)

    assert line.owner.classes()[1].rate_bytes_s > 0.8 * rate


def test_a_machine_that_stands_still_for_a_moment_does_not_pass_for_a_slow_line() -> None:
    line = Line(100 * 125_000, 0.005)
    line.run(1)
    line.sizes.size = 300
    for way_s in (0.005, 0.3) * 10:
        line.way_s = way_s
        line.run(0.5, every_s=0.1)

    assert line.owner.classes()[1].room_bytes > 200_000


def test_a_line_that_was_never_full_has_no_known_rate_and_a_fair_window() -> None:
    line = Line(100 * 125_000, 0.05)
    line.sizes.size = 300
    line.run(3, every_s=0.1)

    need = line.owner.classes()[1]
    assert need.rate_bytes_s == 0
    assert need.room_bytes >= 200_000


def test_a_very_narrow_line_holds_little() -> None:
    line = Line(8_000, 0.05)
    line.sizes.size = 2_000
    line.run(60)

    line.run(20)

    assert max(line.waits) < 1.5


def test_a_page_that_paints_slowly_is_not_starved() -> None:
    line = Line(50 * 125_000, 0.003)
    line.sizes.size = 300
    line.run(2, every_s=0.1)
    line.way_s, line.sizes.size = 0.12, 60_000

    line.run(20)

    assert line.carried > 0.3 * 20 * line.rate


def test_an_acknowledgement_from_the_future_opens_no_window() -> None:
    line = Line(20 * 125_000, 0.05)
    line.run(1)

    line.owner.told(1, 1, 2**60, 0.0, refresh=False)

    assert 0 < line.owner.classes()[1].room_bytes <= FULL_WINDOW
