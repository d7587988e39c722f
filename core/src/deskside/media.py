"""Media channels: the owner's classes, and the viewer's fan-out to pages. No I/O.

The owner never queues: it sends while a class has room, else it skips. The viewer counts what each
page has shown; a class goes as fast as its slowest level member, and one that lags leaves it.
"""

from collections.abc import Callable, Mapping
from time import monotonic

import anyio
from attrs import define, field

from deskside.channel import ClassNeed
from deskside.messages import Codec, Message
from deskside.wire import Packet

QUALITIES = (1, 2, 3)
FULL_WINDOW = 2 * 1024 * 1024
LEAST_WINDOW = 64 * 1024
IN_FLIGHT_S = 0.25
LAG_S = 1.0


@define(eq=False)
class _Class:
    members: int = 0
    sent: int = 0
    acked: int = 0
    refresh: bool = False
    rate_bytes_s: float = 0.0

    def room(self) -> int:
        by_rate = int(self.rate_bytes_s * IN_FLIGHT_S) if self.rate_bytes_s else LEAST_WINDOW * 4
        window = max(LEAST_WINDOW, min(FULL_WINDOW, by_rate))
        return max(0, window - (self.sent - self.acked))


@define(eq=False)
class MediaOwner:
    """The end that encodes."""

    codec: Codec
    transmit: Callable[[int, int, bytes], None]
    """Put a packet on the line: class, refresh mark, body."""
    _classes: dict[int, _Class] = field(factory=lambda: {one: _Class() for one in QUALITIES})
    _changed: anyio.Event = field(factory=anyio.Event)

    def classes(self) -> Mapping[int, ClassNeed]:
        """Return the classes that have members."""
        return {
            quality: ClassNeed(one.room(), one.refresh, one.rate_bytes_s)
            for quality, one in self._classes.items()
            if one.members
        }

    def offer(self, message: Message, quality: int, *, refresh: bool) -> bool:
        """Send to one class unless it is empty or full."""
        one = self._classes[quality]
        if not one.members or not one.room():
            return False
        body = self.codec.encode(message)
        one.sent += len(body)
        if refresh:
            one.refresh = False
        self.transmit(quality, int(refresh), body)
        return True

    async def changed(self) -> None:
        """Wait until room, refresh wishes or members change."""
        await self._changed.wait()

    def told(self, quality: int, members: int, acked: int, rate_bytes_s: float, *, refresh: bool) -> None:
        """Take the viewer's word on a class."""
        one = self._classes[quality]
        one.members, one.rate_bytes_s = members, rate_bytes_s
        one.acked = min(one.sent, max(one.acked, acked))
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
    shown: int = 0
    joined: bool = False
    """False until a refresh point has come."""
    behind_since: float | None = None
    offset: int = 0
    """The class's count where this member's count begins."""


@define(eq=False)
class FanOut:
    """The viewer's part: one media channel from its owner to all pages."""

    channel: str
    give: Callable[[int, Packet], None]
    """Hand a packet to a page."""
    tell: Callable[[int, int, int, bool, float], None]
    """Tell the owner: quality, members, acknowledged, refresh wanted, rate."""
    clock: Callable[[], float] = monotonic
    _members: dict[int, _Member] = field(factory=dict)
    _counts: dict[int, int] = field(factory=lambda: dict.fromkeys(QUALITIES, 0))
    _acked: dict[int, int] = field(factory=lambda: dict.fromkeys(QUALITIES, 0))
    _rates: dict[int, "_Rate"] = field(factory=lambda: {one: _Rate() for one in QUALITIES})

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
            self._counts[quality] = self._acked[quality] = 0
        for participant, member in list(self._members.items()):
            self._members[participant] = _Member(member.quality, sent=member.sent, shown=member.shown)
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

    def shown(self, participant: int, total: int) -> None:
        """Take a page's word on what it has shown."""
        member = self._members.get(participant)
        if member is None or not member.shown <= total <= member.sent:
            return
        self._rates[member.quality].add(total - member.shown, self.clock())
        member.shown = total
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
        """Move the class's acknowledged count to its slowest level member; put out who lags."""
        now = self.clock()
        members = {key: one for key, one in self._members.items() if one.quality == quality and one.joined}
        level = [one for one in members.values() if one.sent == one.shown]
        for participant, one in members.items():
            one.behind_since = None if one.sent == one.shown else one.behind_since or now
            lags = one.behind_since is not None and now - one.behind_since > LAG_S
            if lags and level and one.sent - one.shown >= LEAST_WINDOW:
                self._put_out(participant, one)
        staying = [one for one in self._members.values() if one.quality == quality and one.joined]
        counts = [one.offset + one.shown for one in staying]
        self._acked[quality] = max(self._acked[quality], min(counts, default=self._counts[quality]))

    def _put_out(self, participant: int, member: _Member) -> None:
        slower = min(member.quality + 1, QUALITIES[-1])
        self._members[participant] = _Member(slower, sent=member.sent, shown=member.shown)
        self._say(slower, refresh=True)

    def _say(self, quality: int, *, refresh: bool = False) -> None:
        members = sum(1 for one in self._members.values() if one.quality == quality)
        self.tell(quality, members, self._acked[quality], refresh, self._rates[quality].bytes_s())


@define(eq=False)
class _Rate:
    """Bytes per second over the last moments in which something was on its way."""

    _since: float | None = None
    _bytes: int = 0
    _rate: float = 0.0

    def add(self, size: int, now: float) -> None:
        if self._since is None or now - self._since > 2:
            self._since, self._bytes = now, 0
        self._bytes += size
        if now - self._since >= 0.1:
            fresh = self._bytes / (now - self._since)
            self._rate = fresh if not self._rate else max(0.7 * self._rate + 0.3 * fresh, fresh)
            self._since, self._bytes = now, 0

    def bytes_s(self) -> float:
        return self._rate
