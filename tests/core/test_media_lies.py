"""Media counts what pages and viewers say; no numbers of theirs bring it out of its bounds or harm others."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskside.api import Length, Message, field, frozen
from deskside.errors import BadMessage
from deskside.link import CORE, CORE_MESSAGES, ClassState
from deskside.media import FULL_WINDOW, QUALITIES, FanOut, MediaOwner
from deskside.messages import Codec, pack
from deskside.wire import Packet

NUMBERS = st.sampled_from([0, 1, 2, 100, 65_536, 2**31, 2**40, 2**53 - 1]) | st.integers(0, 2**53 - 1)
HONEST, LIAR = 1, 2
STEP_S = 0.05


@frozen
class Picture(Message):
    content: bytes = field(validator=Length(256 * 1024))


def owner() -> tuple[MediaOwner, list[int]]:
    sent: list[int] = []
    return MediaOwner(Codec.of((Picture,)), lambda _, __, body: sent.append(len(body))), sent


@pytest.mark.parametrize("count", [float("nan"), float("inf"), -1.0, 1e300])
def test_a_count_that_is_none_is_not_taken(count: float) -> None:
    values = [CORE_MESSAGES.index(ClassState), "any", 1, 1, 0, False, count]

    with pytest.raises(BadMessage):
        CORE.decode(pack(values))


TOLD = st.tuples(
    st.just("told"), st.sampled_from(QUALITIES), st.integers(0, 1000), NUMBERS, NUMBERS, st.booleans()
)
OFFERED = st.tuples(
    st.just("offer"),
    st.sampled_from(QUALITIES),
    st.integers(0, 200_000),
    st.just(0),
    st.just(0),
    st.booleans(),
)


@settings(max_examples=300)
@given(st.lists(TOLD | OFFERED, max_size=40))
def test_no_word_of_a_viewer_makes_the_host_have_more_on_its_way_than_a_window(steps: list[Any]) -> None:
    media, sent = owner()
    for name, quality, number, acked, arrived, refresh in steps:
        if name == "told":
            media.told(quality, number, acked, arrived, refresh=refresh)
        else:
            before = sum(sent)
            media.offer(Picture(b"x" * number), quality, refresh=refresh)
            assert sum(sent) - before <= number + 20
        for need in media.classes().values():
            assert 0 <= need.room_bytes <= FULL_WINDOW


WORDS = st.one_of(
    st.tuples(st.just("shown"), NUMBERS),
    st.tuples(st.just("joined"), st.just(0)),
    st.tuples(st.just("left"), st.just(0)),
    st.tuples(st.just("packet"), st.integers(0, 70_000)),
    st.tuples(st.just("tick"), st.just(0)),
)


class Room:
    """An honest page and one that says anything, on one fan-out with its owner."""

    def __init__(self) -> None:
        self.now = 100.0
        self.given: dict[int, int] = {HONEST: 0, LIAR: 0}
        self.owner, _ = owner()
        self.acked = dict.fromkeys(QUALITIES, 0)
        self.owner.transmit = self._pass
        self.owner.clock = lambda: self.now
        self.fan = FanOut("any", self._give, self._tell, lambda: self.now)
        self.fan.joined(HONEST)

    def _pass(self, quality: int, mark: int, body: bytes) -> None:
        self.fan.packet(Packet(1, mark, quality, body))

    def _give(self, participant: int, packet: Packet) -> None:
        self.given[participant] += len(packet.body)

    def _tell(self, quality: int, members: int, acked: int, refresh: bool, arrived: int) -> None:
        assert acked >= self.acked[quality]
        self.acked[quality] = acked
        self.owner.told(quality, members, acked, arrived, refresh=refresh)

    def paint(self, size: int) -> int:
        """Send a picture to every class with room; return how much of it the honest page got."""
        before = self.given[HONEST]
        for quality, need in self.owner.classes().items():
            if need.room_bytes:
                self.owner.offer(Picture(b"x" * size), quality, refresh=need.refresh)
        self.fan.shown(HONEST, self.given[HONEST])
        self.now += STEP_S
        self.fan.tick()
        return self.given[HONEST] - before

    def lie(self, word: str, number: int) -> None:
        match word:
            case "shown":
                self.fan.shown(LIAR, number)
                self.fan.shown(LIAR, number // 2, number)
                self.fan.shown(LIAR, number, number // 2)
            case "joined":
                self.given[LIAR] = 0
                self.fan.joined(LIAR)
            case "left":
                self.fan.left(LIAR)
            case "packet":
                self.paint(number)
            case _:
                self.now += STEP_S
                self.fan.tick()


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=30))
def test_whatever_one_page_says_an_honest_page_is_current_again_within_moments(words: list[Any]) -> None:
    room = Room()
    for word, number in words:
        room.lie(word, number)

    got = [room.paint(20_000) for _ in range(80)]

    assert all(got[-20:])
