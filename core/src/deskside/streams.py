"""Reliable streams: what survives a broken line. No I/O, no time.

A sender keeps numbered bodies until they are acknowledged, in bounded room, and sends them again
after a break; a receiver passes over what it has seen. Nothing is lost and nothing comes twice.
"""

from collections import deque

from attrs import define, field

from deskside.declare import Lane
from deskside.errors import BadMessage

LAG_WINDOWS = 4
"""A participant that is this many windows behind a broadcast is dropped from it."""
SHORT_BYTES = 16


@define(eq=False)
class Outgoing:
    """One direction of one stream, at its sender."""

    channel: str
    participant: int
    lane: Lane
    window_bytes: int
    kept: deque[tuple[int, bytes]] = field(factory=deque)
    kept_bytes: int = 0
    next_number: int = 1
    is_ready: bool = False
    """True while the far end is there and has said what it has received."""
    _unsent: int = 0

    @property
    def has_room(self) -> bool:
        """Tell whether one more body fits the window; an empty one always takes it."""
        return not self.kept or self.kept_bytes < self.window_bytes

    @property
    def is_lagging(self) -> bool:
        """Tell whether the far end has fallen behind for good."""
        return self.kept_bytes >= LAG_WINDOWS * self.window_bytes

    @property
    def waits(self) -> bool:
        """Tell whether something can be sent now."""
        return self.is_ready and self._unsent > 0

    def put(self, body: bytes) -> None:
        """Take a body to send."""
        self.kept.append((self.next_number, body))
        self.kept_bytes += len(body)
        self.next_number += 1
        self._unsent += 1

    def take(self) -> tuple[int, bytes]:
        """Return the next body to put on the line."""
        one = self.kept[len(self.kept) - self._unsent]
        self._unsent -= 1
        return one

    def acknowledged(self, number: int) -> None:
        """Forget what the far end has consumed.

        :raises BadMessage: if the far end claims what was never sent
        """
        if number >= self.next_number:
            raise BadMessage(f"packet {number} of {self.channel} was acknowledged but never sent")
        while self.kept and self.kept[0][0] <= number:
            _, body = self.kept.popleft()
            self.kept_bytes -= len(body)
        self._unsent = min(self._unsent, len(self.kept))

    def resync(self, delivered: int) -> None:
        """Send again everything after what the far end says it has received.

        Numbers follow the far end's: after one of the two has forgotten, what is kept is renumbered.
        """
        while self.kept and self.kept[0][0] <= delivered < self.next_number:
            _, body = self.kept.popleft()
            self.kept_bytes -= len(body)
        first = self.kept[0][0] if self.kept else self.next_number
        if first != delivered + 1:
            bodies = [body for _, body in self.kept]
            self.kept = deque(enumerate(bodies, start=delivered + 1))
            self.next_number = delivered + 1 + len(bodies)
        self._unsent = len(self.kept)
        self.is_ready = True

    def clear(self) -> None:
        """Forget everything: the far end will ask for the present state."""
        self.kept.clear()
        self.kept_bytes = self._unsent = 0
        self.next_number = 1
        self.is_ready = False


@define(eq=False)
class Incoming:
    """One direction of one stream, at its receiver."""

    channel: str
    participant: int
    window_bytes: int
    received: int = 0
    consumed: int = 0
    acked: int = 0
    waiting_bytes: int = 0
    unacked_bytes: int = 0

    @property
    def _most_waiting(self) -> int:
        """Return how many messages may wait: each costs memory, however short it is."""
        return LAG_WINDOWS * self.window_bytes // SHORT_BYTES

    def accept(self, number: int, size: int) -> bool:
        """Tell whether a packet is new.

        :raises BadMessage: if packets in between are missing, or more came than the window allows
        """
        if number <= self.received:
            return False
        if number != self.received + 1:
            raise BadMessage(f"packet {number} of {self.channel} came after {self.received}")
        if self.waiting_bytes and self.waiting_bytes >= LAG_WINDOWS * self.window_bytes + size:
            raise BadMessage(f"more came on {self.channel} than its window allows")
        if number - self.consumed > self._most_waiting:
            raise BadMessage(f"more messages came on {self.channel} than may wait")
        self.received = number
        self.waiting_bytes += size
        return True

    def consume(self, number: int, size: int) -> bool:
        """Note that a packet was consumed; tell whether it is time to acknowledge."""
        self.consumed = number
        self.waiting_bytes -= size
        self.unacked_bytes += size
        return self.unacked_bytes * 8 >= self.window_bytes or self.waiting_bytes == 0

    def acknowledge(self) -> int:
        """Return the number to acknowledge, and note that it was said."""
        self.acked, self.unacked_bytes = self.consumed, 0
        return self.consumed

    def clear(self, delivered: int = 0) -> None:
        """Begin again after what the far end's memory or our own has kept."""
        self.received = self.consumed = self.acked = delivered
        self.waiting_bytes = self.unacked_bytes = 0
