"""A line is kept full with nearly nothing waiting on it; a far end that is busy is not taken for a line."""

import random
from collections import deque
from collections.abc import Callable

import pytest
from attrs import define, field

from deskside.pipe import FULL_WINDOW, QUEUE_S, Pipe

STEP_S = 0.001
MESSAGE = 60_000
LEAST = 2048
AGREED_S = 0.5
"""Within this a line that has become another is followed."""


class Fixed(Pipe):
    """One that always lets so much be on its way."""

    def room(self) -> int:
        return max(0, 256 * 1024 - self.on_way)


def never() -> float:
    return 1e9


def nothing() -> float:
    return 0.0


@define(eq=False)
class Line:
    """A line with a rate and a delay, and at its end a page that is busy with other things at times."""

    mbit: float
    way_s: float
    busy_s: Callable[[], float] = nothing
    gap_s: Callable[[], float] = never
    late_s: float = 0.0
    per_byte_s: float = 0.0
    now: float = 100.0
    pipe: Pipe = field(factory=Pipe)
    waits: list[float] = field(factory=list)
    carried: int = 0
    seconds: float = 0.0
    _arrived: int = 0
    _free_at: float = 0.0
    _page_free_at: float = 0.0
    _busy_at: float = 0.0
    _coming: deque[tuple[float, int]] = field(factory=deque)

    def __attrs_post_init__(self) -> None:
        self._busy_at = self.now + self.gap_s()
        self._send(60)
        while self._coming:
            self._step()

    @property
    def rate(self) -> float:
        """Return what the line carries in a second."""
        return self.mbit * 125_000

    def run(self, seconds: float, size: int = MESSAGE, every_s: float = 0.0) -> "Line":
        """Send as much as there is room for, or so much once in a while."""
        self.waits, self.carried, self.seconds = [], 0, seconds
        due, end = self.now, self.now + seconds
        while self.now < end:
            while self.now >= due and self.pipe.room():
                self._send(size if every_s else self._share(size))
                due = self.now + every_s
            self._step()
        return self

    @property
    def used(self) -> float:
        """Return which part of the line was used in the last run."""
        return self.carried / self.seconds / self.rate

    def wait(self, part: float = 0.5) -> float:
        """Return how long so many of the messages waited at most before the line took them."""
        return sorted(self.waits)[int(part * (len(self.waits) - 1))]

    def _share(self, size: int) -> int:
        known = self.pipe.rate_bytes_s(self.now)
        return int(min(size, max(LEAST, known * 0.015 if known else self.pipe.room() / 2)))

    def _send(self, size: int) -> None:
        self.pipe.put(size, self.now)
        self.waits.append(max(0.0, self._free_at - self.now))
        self._free_at = max(self._free_at, self.now) + size / self.rate
        self._coming.append((self._free_at + self.way_s, size))

    def _step(self) -> None:
        self.now += STEP_S
        while self.now >= self._busy_at:
            self._page_free_at = max(self._page_free_at, self._busy_at) + self.busy_s()
            self._busy_at = max(self._busy_at, self._page_free_at) + self.gap_s()
        while (
            self._coming and self._coming[0][0] + self.late_s <= self.now and self._page_free_at <= self.now
        ):
            _, size = self._coming.popleft()
            self._page_free_at = max(self._page_free_at, self.now - STEP_S) + size * self.per_byte_s
            self.carried += size
            self._arrived += size
            self.pipe.took(self._arrived, self.now)


LINES = [(1, 0.05), (3, 0.15), (20, 0.05), (100, 0.01), (400, 0.002)]


@pytest.mark.parametrize(("mbit", "way_s"), LINES)
def test_a_line_is_used_whole_and_less_than_two_pictures_wait_on_it(mbit: float, way_s: float) -> None:
    line = Line(mbit, way_s).run(3)

    line.run(3)

    assert line.used > 0.95
    assert line.wait(0.95) < 2 * QUEUE_S + 0.01


def test_on_64_kbit_a_letter_waits_less_than_a_second_behind_pictures() -> None:
    line = Line(0.064, 0.05).run(8)

    line.run(10)

    assert line.used > 0.8
    assert line.wait(1) + LEAST / line.rate < 0.6


def test_a_line_that_becomes_slower_is_followed_at_once_and_one_that_becomes_faster_too() -> None:
    line = Line(20, 0.05).run(3)

    line.mbit = 2.5
    line.run(AGREED_S)
    known = line.pipe.rate_bytes_s(line.now)
    assert 0.8 * line.rate < known < 1.6 * line.rate
    line.run(1).run(3)
    assert line.wait(0.95) < 3 * QUEUE_S
    assert line.used > 0.95

    line.mbit = 20
    line.run(AGREED_S)
    known = line.pipe.rate_bytes_s(line.now)
    assert known == 0 or known > 0.8 * line.rate
    line.run(3)
    assert line.used > 0.9


def test_few_small_messages_do_not_pass_for_a_slow_line_nor_does_a_pause() -> None:
    line = Line(20, 0.05).run(3)
    room = line.pipe.room() + line.pipe.on_way

    line.run(5, size=300, every_s=0.1)

    assert line.pipe.rate_bytes_s(line.now) == 0
    assert line.pipe.room() + line.pipe.on_way > 0.8 * room


def drawn(seed: int, least: float, most: float) -> Callable[[], float]:
    chance = random.Random(seed)
    return lambda: chance.uniform(least, most)


BUSY = {
    "half its time": (drawn(1, 0.02, 0.08), drawn(2, 0.02, 0.08)),
    "most of its time": (drawn(3, 0.06, 0.18), drawn(4, 0.01, 0.05)),
    "for a moment now and then": (lambda: 0.3, drawn(5, 0.5, 1.5)),
}


@pytest.mark.parametrize("how", BUSY)
@pytest.mark.parametrize("mbit", [20, 100, 400])
def test_a_page_that_is_busy_with_other_things_gets_nearly_what_a_fixed_window_gives(
    mbit: int, how: str
) -> None:
    def carried(pipe: Pipe) -> int:
        busy, gap = BUSY[how]
        line = Line(mbit, 0.01, busy, gap, pipe=pipe).run(3)
        return line.run(20).carried

    assert carried(Pipe()) > 0.6 * carried(Fixed())


@pytest.mark.parametrize("late_s", [0.06, 0.12, 0.3])
def test_a_page_that_has_become_late_is_not_starved(late_s: float) -> None:
    def carried(pipe: Pipe) -> int:
        line = Line(100, 0.003, pipe=pipe).run(2, size=300, every_s=0.1)
        line.late_s = late_s
        return line.run(3).run(5).carried

    assert carried(Pipe()) > carried(Fixed())


def test_a_page_that_cannot_read_so_fast_is_sent_what_it_can_read() -> None:
    line = Line(100, 0.003, per_byte_s=1 / 3e6).run(3)

    line.run(3)

    assert line.carried > 0.8 * 3 * 3e6


def test_what_is_said_to_have_arrived_before_it_was_sent_opens_no_window() -> None:
    line = Line(20, 0.05).run(1)

    line.pipe.took(2**60, line.now)

    assert line.pipe.on_way == 0
    assert 0 < line.pipe.room() <= FULL_WINDOW
    line.pipe.took(0, line.now)
    assert line.pipe.on_way == 0
