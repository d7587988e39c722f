"""What goes on a line next: the core's own first, then lanes by their turns, streams in rotation. No I/O."""

from collections import deque
from collections.abc import Callable

from attrs import define, field

from deskside.declare import Lane
from deskside.lanes import ORDER, Turns
from deskside.streams import Outgoing
from deskside.wire import Packet

MOST_CORE = 10_000
MOST_PASSING = 8 * 1024 * 1024
PACKET_BYTES = 512
"""What a packet takes beside its body: empty ones fill the memory too."""


@define(eq=False)
class Schedule:
    """Everything that waits for one link; `wake` is called when something new does."""

    number_of: Callable[[str], int]
    """The link's number of a channel."""
    wake: Callable[[], None]
    _core: deque[Packet] = field(factory=deque)
    _passing: dict[Lane, deque[Packet]] = field(factory=lambda: {lane: deque() for lane in ORDER})
    _streams: dict[Lane, deque[Outgoing]] = field(factory=lambda: {lane: deque() for lane in ORDER})
    _passing_bytes: dict[Lane, int] = field(factory=lambda: dict.fromkeys(ORDER, 0))
    _turns: Turns = field(factory=Turns)

    def put_core(self, packet: Packet) -> None:
        """Take a packet of channel 0."""
        self._core.append(packet)
        self.wake()

    def put_passing(self, lane: Lane, packet: Packet) -> None:
        """Take a finished packet: media, or one that is passed on for others."""
        self._passing[lane].append(packet)
        self._passing_bytes[lane] += len(packet.body) + PACKET_BYTES
        self.wake()

    def put_stream(self, stream: Outgoing) -> None:
        """Note that a stream has something to send."""
        ring = self._streams[stream.lane]
        if stream.waits and stream not in ring:
            ring.append(stream)
        self.wake()

    def passing_bytes(self, lane: Lane) -> int:
        """Return how much memory waits to be passed on in one lane."""
        return self._passing_bytes[lane]

    @property
    def has_core(self) -> bool:
        """Tell whether messages of the core wait."""
        return bool(self._core)

    @property
    def is_full(self) -> bool:
        """Tell whether so much waits that whoever feeds this should pause."""
        return len(self._core) > MOST_CORE or sum(self._passing_bytes.values()) > MOST_PASSING

    @property
    def is_choked(self) -> bool:
        """Tell whether so much of the core waits that the far end cannot be reading at all."""
        return len(self._core) > 2 * MOST_CORE

    def clear(self, lanes: tuple[Lane, ...] = ORDER) -> None:
        """Drop what was on its way in these lanes; streams keep their own."""
        if Lane.CONTROL in lanes:
            self._core.clear()
        for lane in lanes:
            self._passing[lane].clear()
            self._passing_bytes[lane] = 0
            self._streams[lane].clear()

    def next(self, lanes: tuple[Lane, ...] = ORDER) -> Packet | None:
        """Return the next packet of these lanes, or None if nothing waits."""
        if Lane.CONTROL in lanes and self._core:
            return self._core.popleft()
        self._turns = self._turns.with_waiting([lane for lane in lanes if self._waits(lane)])
        lane = self._turns.next()
        if lane is None:
            return None
        packet = self._from_passing(lane) if self._passing[lane] else self._from_streams(lane)
        self._turns = self._turns.after(lane, len(packet.body) + 16)
        return packet

    def _waits(self, lane: Lane) -> bool:
        ring = self._streams[lane]
        while ring and not ring[0].waits:
            ring.popleft()
        return bool(self._passing[lane] or ring)

    def _from_passing(self, lane: Lane) -> Packet:
        packet = self._passing[lane].popleft()
        self._passing_bytes[lane] -= len(packet.body) + PACKET_BYTES
        return packet

    def _from_streams(self, lane: Lane) -> Packet:
        ring = self._streams[lane]
        stream = ring.popleft()
        number, body = stream.take()
        if stream.waits:
            ring.append(stream)
        return Packet(self.number_of(stream.channel), number, stream.participant, body)
