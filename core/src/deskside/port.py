"""One reliable channel where it ends: what every participant sent, and what each may still take."""

from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Protocol

import anyio
from attrs import define, field, frozen

from deskside.declare import ChannelSpec, Role
from deskside.errors import BadMessage, ChannelClosed
from deskside.messages import Codec, Message
from deskside.streams import Incoming, Outgoing

ALL = 0
"""The receiver that stands for every page."""


@frozen
class Participant:
    """Someone in the session; 0 is the customer's own machine."""

    id: int
    name: str
    role: Role
    present: bool = True


@frozen
class Received:
    """A message and who sent it, stamped by the viewer."""

    message: Message
    sender: Participant


class Wiring(Protocol):
    """What a channel needs of its session."""

    def transmit(self, stream: Outgoing) -> None:
        """Put a stream's next packets on the line to its participant."""

    def say_ack(self, channel: str, participant: int, number: int) -> None:
        """Acknowledge to a participant."""

    def person(self, participant: int) -> Participant:
        """Return who a participant is."""

    def fell_behind(self, participant: int) -> None:
        """Make a participant begin anew."""


@define(eq=False)
class Pair:
    """Both directions between this end and one participant."""

    out: Outgoing
    inc: Incoming


@define(eq=False)
class Port:
    """One reliable channel at the end where a plugin opens it; lives as long as the session."""

    name: str
    spec: ChannelSpec
    codec: Codec
    wiring: Wiring
    to_machine: bool
    """True if the only participant is the other program, not pages."""
    pairs: dict[int, Pair] = field(factory=dict)
    _queue: deque[tuple[Pair, int, int, Message]] = field(factory=deque)
    _in_hand: tuple[Pair, int, int] | None = None
    _changed: anyio.Event = field(factory=anyio.Event)
    in_hand_since: float = 0.0
    is_open: bool = False
    refused: set[int] = field(factory=set)

    def pair(self, participant: int) -> Pair:
        """Return the streams of a participant, made when first needed."""
        if participant not in self.pairs:
            window = self.spec.window_bytes
            self.pairs[participant] = Pair(
                Outgoing(self.name, participant, self.spec.lane, window),
                Incoming(self.name, participant, window),
            )
        return self.pairs[participant]

    def arrived(self, participant: int, number: int, body: bytes) -> None:
        """Take a packet from the line.

        :raises BadMessage: if it is not what this participant may send here
        """
        pair = self.pair(participant)
        if not pair.inc.accept(number, len(body)):
            return
        if participant in self.refused:
            self._consumed(pair, number, len(body))
            return
        message = self.codec.decode(body)
        if not self.to_machine and self.wiring.person(participant).role not in self.spec.senders:
            raise BadMessage(f"a page of this role may not send on {self.name}")
        self._queue.append((pair, number, len(body), message))
        self.stir()

    def acknowledged(self, participant: int, number: int) -> None:
        """Take an acknowledgement from the line."""
        self.pair(participant).out.acknowledged(number)
        self.stir()

    def forget(self, participant: int) -> None:
        """Drop a participant's streams and what he sent."""
        self.pairs.pop(participant, None)
        self.refused.discard(participant)
        self._queue = deque(one for one in self._queue if one[0].inc.participant != participant)
        if self._in_hand is not None and self._in_hand[0].inc.participant == participant:
            self._in_hand = None
        self.stir()

    def refuse(self, participant: int) -> None:
        """Take nothing more from this participant; what still comes is acknowledged and dropped."""
        self.refused.add(participant)
        pair = self.pair(participant)
        kept: deque[tuple[Pair, int, int, Message]] = deque()
        for one in self._queue:
            if one[0] is pair:
                self._consumed(pair, one[1], one[2])
            else:
                kept.append(one)
        self._queue = kept

    def discard(self, participant: int, number: int, body: bytes) -> None:
        """Acknowledge and drop a packet for which no plugin runs."""
        pair = self.pair(participant)
        if pair.inc.accept(number, len(body)):
            self._consumed(pair, number, len(body))

    def drain(self) -> None:
        """Acknowledge and drop everything that waits."""
        while self._queue:
            pair, number, size, _ = self._queue.popleft()
            self._consumed(pair, number, size)

    def hangs(self, limit_s: float) -> bool:
        """Tell whether a message has been in hand for this long while others wait."""
        return self._in_hand is not None and bool(self._queue) and monotonic() - self.in_hand_since > limit_s

    def stir(self) -> None:
        """Wake whoever waits for a message or for room."""
        self._changed.set()
        self._changed = anyio.Event()

    async def changed(self) -> None:
        """Wait until somebody may have room, came or went.

        :raises ChannelClosed: if the channel has ended
        """
        if self.is_open:
            await self._changed.wait()
        if not self.is_open:
            raise ChannelClosed(f"{self.name} is closed")

    def consumed_numbers(self) -> dict[int, int]:
        """Return per participant the last number that plugin code has been handed."""
        found = {participant: pair.inc.consumed for participant, pair in self.pairs.items()}
        if self._in_hand is not None:
            pair, number, _ = self._in_hand
            found[pair.inc.participant] = number
        return {participant: number for participant, number in found.items() if number}

    def close(self) -> None:
        """End the plugin's use of the channel."""
        self.is_open = False
        self._finish()
        self.stir()

    async def receive(self) -> Received:
        """Return the next message; this acknowledges the one before."""
        self._finish()
        while not self._queue:
            if not self.is_open:
                raise ChannelClosed(f"{self.name} is closed")
            await self._changed.wait()
        pair, number, size, message = self._queue.popleft()
        self._in_hand, self.in_hand_since = (pair, number, size), monotonic()
        return Received(message, self.wiring.person(pair.inc.participant))

    async def send(self, message: Message, to: int, everyone: Callable[[], list[int]]) -> None:
        """Queue a message for one participant or all, waiting for room."""
        body = self.codec.encode(message)
        while self.is_open:
            targets = everyone() if to == ALL and not self.to_machine else [to]
            pairs = [self.pair(one) for one in targets]
            if not pairs:
                return
            if any(pair.out.has_room for pair in pairs):
                for pair in pairs:
                    self._put(pair, body, alone=len(pairs) == 1)
                return
            await self._changed.wait()
        raise ChannelClosed(f"{self.name} is closed")

    def offer(self, message: Message, to: int, everyone: Callable[[], list[int]]) -> bool:
        """Queue a message if nobody has to wait for it."""
        targets = everyone() if to == ALL and not self.to_machine else [to]
        pairs = [self.pair(one) for one in targets]
        if not self.is_open or not all(pair.out.has_room for pair in pairs):
            return False
        body = self.codec.encode(message)
        for pair in pairs:
            self._put(pair, body, alone=True)
        return True

    def _put(self, pair: Pair, body: bytes, *, alone: bool) -> None:
        if not alone and pair.out.is_lagging:
            pair.out.clear()
            self.wiring.fell_behind(pair.out.participant)
            return
        pair.out.put(body)
        self.wiring.transmit(pair.out)

    def _finish(self) -> None:
        if self._in_hand is not None:
            pair, number, size = self._in_hand
            self._in_hand = None
            self._consumed(pair, number, size)

    def _consumed(self, pair: Pair, number: int, size: int) -> None:
        if pair.inc.consume(number, size):
            self.wiring.say_ack(self.name, pair.inc.participant, pair.inc.acknowledge())
