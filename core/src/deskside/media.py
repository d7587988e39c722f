"""Media channels: the owner's classes, and the viewer's fan-out to pages. No I/O.

The owner never queues: it sends while a class has room, else it skips. Pages say at once what has arrived,
which tells about the line, and then what they have shown, which tells about themselves; each has a bound of
its own. A class goes as fast as its fastest member, the last one as its slowest; one that lags leaves it.
"""

from collections.abc import Callable, Mapping
from time import monotonic

import anyio
from attrs import define, field

from deskside.channel import ClassNeed
from deskside.messages import Codec, Message
from deskside.pipe import FULL_WINDOW, Pipe
from deskside.wire import Packet

QUALITIES = (1, 2, 3)
TO_PAINT = 256 * 1024
"""What pages may have received and not shown yet."""
LAG_BYTES = 64 * 1024
LAG_S = 1.0


@define(eq=False)
class _Class:
    members: int = 0
    acked: int = 0
    refresh: bool = False
    pipe: Pipe = field(factory=Pipe)

    def room(self) -> int:
        return max(0, min(self.pipe.room(), TO_PAINT - (self.pipe.arrived - self.acked)))


@define(eq=False)
class MediaOwner:
    """The end that encodes."""

    codec: Codec
    transmit: Callable[[int, int, bytes], None]
    """Put a packet on the line: class, refresh mark, body."""
    clock: Callable[[], float] = monotonic
    _classes: dict[int, _Class] = field(factory=lambda: {one: _Class() for one in QUALITIES})
    _changed: anyio.Event = field(factory=anyio.Event)

    def classes(self) -> Mapping[int, ClassNeed]:
        """Return the classes that have members."""
        now = self.clock()
        return {
            quality: ClassNeed(one.room(), one.refresh, one.pipe.rate_bytes_s(now))
            for quality, one in self._classes.items()
            if one.members
        }

    def offer(self, message: Message, quality: int, *, refresh: bool) -> bool:
        """Send to one class unless it is empty or full."""
        one = self._classes[quality]
        if not one.members or not one.room():
            return False
        body = self.codec.encode(message)
        one.pipe.put(len(body), self.clock())
        if refresh:
            one.refresh = False
        self.transmit(quality, int(refresh), body)
        return True

    async def changed(self) -> None:
        """Wait until room, refresh wishes or members change."""
        await self._changed.wait()

    def told(self, quality: int, members: int, acked: int, arrived: int, *, refresh: bool) -> None:
        """Take the viewer's word on a class."""
        one = self._classes[quality]
        one.members = members
        one.acked = min(one.pipe.sent, max(one.acked, acked))
        one.pipe.took(max(one.acked, arrived), self.clock())
        one.refresh = one.refresh or refresh
        self._stir()

    def begin_anew(self) -> None:
        """Forget the classes: the line was lost, and what was on it with it."""
        for quality in QUALITIES:
            self._classes[quality] = _Class()
        self._stir()

    def _stir(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()


@define(eq=False)
class _Member:
    quality: int
    sent: int = 0
    arrived: int = 0
    shown: int = 0
    joined: bool = False
    """False until a refresh point has come."""
    behind_since: float | None = None
    offset: int = 0
    """The class's count where this member's count begins."""

    def anew(self, quality: int) -> "_Member":
        """Return it as it waits for a refresh point."""
        return _Member(quality, self.sent, self.arrived, self.shown)


@define(eq=False)
class FanOut:
    """The viewer's part: one media channel from its owner to all pages."""

    channel: str
    give: Callable[[int, Packet], None]
    """Hand a packet to a page."""
    tell: Callable[[int, int, int, bool, int], None]
    """Tell the owner: quality, members, shown, refresh wanted, arrived."""
    clock: Callable[[], float] = monotonic
    _members: dict[int, _Member] = field(factory=dict)
    _counts: dict[int, int] = field(factory=lambda: dict.fromkeys(QUALITIES, 0))
    _acked: dict[int, int] = field(factory=lambda: dict.fromkeys(QUALITIES, 0))
    _arrived: dict[int, int] = field(factory=lambda: dict.fromkeys(QUALITIES, 0))

    def joined(self, participant: int, quality: int = 1) -> None:
        """Let a page in, from the next refresh point on."""
        self._members[participant] = _Member(quality)
        self._say(quality, refresh=True)

    def left(self, participant: int) -> None:
        """Take a page out."""
        gone = self._members.pop(participant, None)
        if gone is not None:
            self._settle(gone.quality)
            self._say(gone.quality)

    def begin_anew(self) -> None:
        """Begin again with an owner whose line was lost: everybody waits for a refresh point."""
        for quality in QUALITIES:
            self._counts[quality] = self._acked[quality] = self._arrived[quality] = 0
        for participant, member in list(self._members.items()):
            self._members[participant] = member.anew(member.quality)
        for quality in {member.quality for member in self._members.values()}:
            self._say(quality, refresh=True)

    def packet(self, packet: Packet) -> None:
        """Fan a packet of a class out."""
        quality, size = packet.participant, len(packet.body)
        if quality not in self._counts:
            return
        before = self._counts[quality]
        self._counts[quality] += size
        for participant, member in self._members.items():
            if member.quality != quality or not (member.joined or packet.number):
                continue
            if not member.joined:
                member.joined, member.offset = True, before - member.sent
            member.sent += size
            self.give(participant, packet)
        self._settle(quality)

    def shown(self, participant: int, total: int, arrived: int = 0) -> None:
        """Take a page's word on what it has shown, and on what has arrived there."""
        member = self._members.get(participant)
        arrived = max(total, arrived)
        if member is None or not (member.shown <= total and member.arrived <= arrived <= member.sent):
            return
        member.shown, member.arrived = total, arrived
        self._settle(member.quality)
        self._say(member.quality)

    def tick(self) -> None:
        """Look for members that lag; called a few times a second, for a stalled class is silent."""
        for quality in {one.quality for one in self._members.values()}:
            before = len(self._members), self._acked[quality]
            self._settle(quality)
            if before != (len(self._members), self._acked[quality]):
                self._say(quality)

    def _settle(self, quality: int) -> None:
        """Move the class's counts on with the member it goes by; put out who lags."""
        now = self.clock()
        members = {key: one for key, one in self._members.items() if one.quality == quality and one.joined}
        level = [one for one in members.values() if one.sent == one.shown]
        for participant, one in members.items():
            one.behind_since = None if one.sent == one.shown else one.behind_since or now
            lags = one.behind_since is not None and now - one.behind_since > LAG_S
            behind = one.sent - one.shown
            is_far = behind >= FULL_WINDOW and len(members) > 1
            if is_far or (lags and level and behind >= LAG_BYTES):
                self._put_out(participant, one)
        staying = [one for one in self._members.values() if one.quality == quality and one.joined]
        # There is no slower class than the last: there everybody waits for everybody.
        pace = min if quality == QUALITIES[-1] else max
        everything = self._counts[quality]
        shown = pace((one.offset + one.shown for one in staying), default=everything)
        arrived = pace((one.offset + one.arrived for one in staying), default=everything)
        self._acked[quality] = max(self._acked[quality], shown)
        self._arrived[quality] = max(self._arrived[quality], arrived)

    def _put_out(self, participant: int, member: _Member) -> None:
        slower = min(member.quality + 1, QUALITIES[-1])
        self._members[participant] = member.anew(slower)
        self._say(slower, refresh=True)

    def _say(self, quality: int, *, refresh: bool = False) -> None:
        members = sum(1 for one in self._members.values() if one.quality == quality)
        self.tell(quality, members, self._acked[quality], refresh, self._arrived[quality])
