"""The blind relay: joins the two ends of one session and road, and copies messages as they are.

It never drops and hardly holds: an end that sends faster than the far end takes has to wait. Which
means that whoever feeds an end from a socket stops reading that socket.
"""

from collections import deque
from enum import StrEnum

from anyio import Event
from attrs import define, field, frozen
from prometheus_client import CollectorRegistry, Counter, Gauge

from deskside.declare import Side
from deskside.errors import TransportEnded

MOST_HELD = 64 * 1024
LARGEST_MESSAGE = 1_258_291
"""1.2 MiB."""
REPLACED, PEER_GONE, TOO_LARGE, ENDED = 4001, 4002, 1009, 4003


class Road(StrEnum):
    """Bulk has a connection of its own, so that a key press never waits behind a file."""

    MAIN = "main"
    BULK = "bulk"
    PAGE = "page"
    """From a customer's page that this server shows to the viewer of his session."""


OF_PROGRAMS = (Road.MAIN, Road.BULK)
"""What a customer program may come to, and what ends with the session: a page stays to show its end."""


class RelayClosed(TransportEnded):
    """Raised by an end that was closed; `code` is what a WebSocket would be closed with."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the relay connection was closed with {code}")
        self.code = code


@frozen
class Counters:
    """What the metrics tell about the relay."""

    messages: Counter
    carried: Counter
    ends: Gauge

    @classmethod
    def of(cls, registry: CollectorRegistry) -> "Counters":
        """Register them."""
        return cls(
            Counter("deskside_relay_messages", "Messages copied", registry=registry),
            Counter("deskside_relay_bytes", "Bytes copied", registry=registry),
            Gauge("deskside_relay_ends", "Connections to the relay", registry=registry),
        )


@define(eq=False)
class RelayEnd:
    """One end, a transport: what is sent here arrives at the far end, in order, once."""

    _relay: "Relay"
    _key: tuple[str, Road]
    side: Side
    _far: "RelayEnd | None" = field(default=None, init=False)
    _waiting: deque[bytes] = field(factory=deque, init=False)
    _held: int = field(default=0, init=False)
    _taken: int = field(default=0, init=False)
    """Size of the message handed out last: it counts as held until the next one is asked for."""
    _code: int = field(default=0, init=False)
    _bell: Event = field(factory=Event, init=False)

    @property
    def is_joined(self) -> bool:
        """Tell whether the far end is there."""
        return self._far is not None

    async def send(self, message: bytes) -> None:
        """Hand a message over, waiting until the far end is there and has room.

        :raises RelayClosed: if either end has gone
        """
        if len(message) > LARGEST_MESSAGE:
            raise RelayClosed(TOO_LARGE)
        while True:
            if self._code:
                raise RelayClosed(self._code)
            if self._far is not None and self._far._has_room(len(message)):
                break
            await self._bell.wait()
        self._far._put(message)
        self._relay.counters.messages.inc()
        self._relay.counters.carried.inc(len(message))

    async def receive(self) -> bytes:
        """Return the next message of the far end.

        :raises RelayClosed: once everything that came before the close has been received
        """
        self._release()
        while not self._waiting:
            if self._code:
                raise RelayClosed(self._code)
            await self._bell.wait()
        message = self._waiting.popleft()
        self._taken = len(message)
        return message

    async def aclose(self) -> None:
        """Leave; the far end is told that its peer has gone."""
        self.close(PEER_GONE)

    def close(self, code: int) -> None:
        """Close this end with a code of its own, and the far end because its peer has gone."""
        if self._code:
            return
        self._code = code
        self._relay.forget(self, self._key)
        self._ring()
        far, self._far = self._far, None
        if far is not None:
            far._far = None
            far.close(PEER_GONE)

    def join(self, far: "RelayEnd") -> None:
        """Become the two ends of one line."""
        self._far, far._far = far, self
        self._ring()
        far._ring()

    def _has_room(self, size: int) -> bool:
        return self._held == 0 or self._held + size <= MOST_HELD

    def _put(self, message: bytes) -> None:
        self._waiting.append(message)
        self._held += len(message)
        self._ring()

    def _release(self) -> None:
        self._held, self._taken = self._held - self._taken, 0
        if self._far is not None:
            self._far._ring()

    def _ring(self) -> None:
        bell, self._bell = self._bell, Event()
        bell.set()


@define(eq=False)
class Relay:
    """Every line there is, by session and road."""

    counters: Counters
    _ends: dict[tuple[str, Road], dict[Side, RelayEnd]] = field(factory=dict, init=False)

    def join(self, session: str, side: Side, road: Road) -> RelayEnd:
        """Connect one side; an earlier connection of the same side is replaced."""
        key = (session, Road(road))
        if earlier := self._ends.get(key, {}).get(side):
            earlier.close(REPLACED)
        end = RelayEnd(self, key, Side(side))
        sides = self._ends.setdefault(key, {})
        sides[end.side] = end
        self.counters.ends.inc()
        other = sides.get(Side.HOST if side == Side.VIEWER else Side.VIEWER)
        if other is not None:
            end.join(other)
        return end

    def end(self, session: str) -> None:
        """Close every connection of a session that has ended."""
        for road in OF_PROGRAMS:
            for one in list(self._ends.get((session, road), {}).values()):
                one.close(ENDED)

    def forget(self, end: RelayEnd, key: tuple[str, Road]) -> None:
        """Take a closed end out."""
        sides = self._ends.get(key, {})
        if sides.get(end.side) is end:
            del sides[end.side]
            self.counters.ends.dec()
        if not sides:
            self._ends.pop(key, None)

    def __len__(self) -> int:
        return sum(len(sides) for sides in self._ends.values())
