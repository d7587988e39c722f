"""The page's half of the protocol, in Python."""

import secrets
from collections import deque
from collections.abc import Callable
from typing import Any

import anyio
from attrs import define, field

from deskside.catalogue import Catalogue
from deskside.declare import Ends, Lane, Role
from deskside.errors import BadMessage, TransportEnded
from deskside.lanes import ORDER
from deskside.link import (
    CORE,
    Ack,
    Closed,
    Delivered,
    Enter,
    Far,
    FeatureNow,
    Features,
    HostLink,
    MediaAck,
    Outcome,
    Person,
    Ping,
    Pong,
    Resync,
    Roster,
    SessionNow,
    Welcome,
)  # fmt: skip
from deskside.messages import Codec, Message
from deskside.schedule import Schedule
from deskside.streams import Incoming, Outgoing
from deskside.transport import Transport
from deskside.wire import CORE_CHANNEL, Packet


@define(eq=False)
class _Stream:
    codec: Codec
    far: Far
    out: Outgoing
    inc: Incoming
    queue: deque[Message] = field(factory=deque)


@define(eq=False)
class PageProtocol:
    """The page's half of the protocol; `connect` dials the viewer, again whenever the line is lost."""

    catalogue: Catalogue
    connect: Callable[[Any], Transport]
    role: Role = Role.AGENT
    name: str = "Lee Jun"
    participant: int = 0
    secret: str = ""
    boot: str = field(factory=lambda: secrets.token_hex(8))
    features: dict[str, FeatureNow] = field(factory=dict)
    people: tuple[Person, ...] = ()
    session: SessionNow | None = None
    closed: dict[str, str] = field(factory=dict)
    resets: int = 0
    is_stalled: bool = False
    """True: nothing is read from the line."""
    media: dict[str, list[tuple[Message, bool]]] = field(factory=dict)
    _streams: dict[str, _Stream] = field(factory=dict)
    _boots: dict[tuple[Far, bool], str] = field(factory=dict)
    _awaited: set[tuple[Far, bool]] = field(factory=set)
    _link: tuple[bool, bool] = (False, False)
    _outcomes: dict[int, Outcome] = field(factory=dict)
    _totals: dict[str, int] = field(factory=dict)
    _changed: anyio.Event = field(factory=anyio.Event)
    _schedule: Schedule | None = None
    _wake: anyio.Event = field(factory=anyio.Event)
    _scope: anyio.CancelScope = field(factory=anyio.CancelScope)
    _reading: anyio.Event = field(factory=anyio.Event)

    def say(self, message: Message) -> None:
        """Send a core message, if the line is there."""
        if self._schedule is not None:
            self._schedule.put_core(Packet(CORE_CHANNEL, 0, self.participant, CORE.encode(message)))

    def listen(self, channel: str) -> None:
        """Join a media channel; what comes is acknowledged at once and kept in `media`."""
        self.media[channel] = []
        self._totals[channel] = 0
        self.say(MediaAck(channel, 0))

    async def run(self) -> None:
        """Live until cancelled."""
        while True:
            try:
                with anyio.CancelScope() as self._scope:
                    await self._live(self.connect(self))
            except TransportEnded:
                pass
            self._schedule = None
            await anyio.sleep(0.02)

    def _stream(self, channel: str) -> _Stream:
        if channel not in self._streams:
            spec = self.catalogue.channels[channel]
            far = Far.HOST if spec.ends is Ends.HOST_PAGE else Far.VIEWER
            self._streams[channel] = _Stream(
                Codec.of(spec.messages),
                far,
                Outgoing(channel, self.participant, spec.lane, spec.window_bytes),
                Incoming(channel, self.participant, spec.window_bytes),
            )
            key = far, spec.lane is Lane.BULK
            self._streams[channel].out.is_ready = key in self._boots and key not in self._awaited
        return self._streams[channel]

    async def _live(self, transport: Transport) -> None:
        numbers = {name: n for n, name in enumerate(sorted(self.catalogue.channels), start=1)}
        names = {number: name for name, number in numbers.items()}
        self._schedule = Schedule(numbers.__getitem__, lambda: self._wake.set())
        for stream in self._streams.values():
            stream.out.is_ready = False
        self._awaited = {(far, bulk) for far in Far for bulk in (False, True)}
        self.say(Enter(self.participant, self.secret, self.boot))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._write, transport, tasks.cancel_scope)
            try:
                while True:
                    while self.is_stalled:  # noqa: ASYNC110 - a stalled page is what is tested
                        await anyio.sleep(0.01)
                    packet = Packet.decode(await transport.receive())
                    if packet.channel == CORE_CHANNEL:
                        self._core(CORE.decode(packet.body))
                    else:
                        self._packet(names[packet.channel], packet)
                    self._stir()
            except (TransportEnded, BadMessage):
                pass
            finally:
                tasks.cancel_scope.cancel()
                await transport.aclose()

    async def _write(self, transport: Transport, scope: anyio.CancelScope) -> None:
        try:
            while self._schedule is not None:
                packet = self._schedule.next(ORDER)
                if packet is None:
                    self._wake = anyio.Event()
                    await self._wake.wait()
                    continue
                stamped = Packet(packet.channel, packet.number, self.participant, packet.body)
                await transport.send(stamped.encode())
        except TransportEnded:
            scope.cancel()

    def _packet(self, name: str, packet: Packet) -> None:
        spec = self.catalogue.channels[name]
        if spec.lane is Lane.MEDIA:
            if name in self.media:
                self._show(name, packet)
                self._totals[name] += len(packet.body)
                self.say(MediaAck(name, self._totals[name]))
            return
        stream = self._stream(name)
        if (stream.far, spec.lane is Lane.BULK) in self._awaited:
            return
        if stream.inc.accept(packet.number, 0) and packet.body:
            stream.queue.append(stream.codec.decode(packet.body))

    def _show(self, name: str, packet: Packet) -> None:
        codec = Codec.of(self.catalogue.channels[name].messages)
        try:
            if name not in self.closed:
                self.media[name].append((codec.decode(packet.body), bool(packet.number)))
        except BadMessage:
            self.closed[name] = "closed.bad_message"
            self.say(Closed(name, "closed.bad_message"))

    def _core(self, message: Message) -> None:  # noqa: C901 - one case per message
        match message:
            case Welcome(participant, secret, _, renew):
                self._welcome(participant, secret, renew=renew)
            case Roster(people):
                self.people = people
            case Features(features):
                self.features = {one.key: one for one in features}
            case SessionNow() as now:
                self.session = now
            case HostLink(up, bulk):
                self._host_link((up, bulk))
            case Resync() as told:
                self._resynced(told)
            case Ack(channel, number):
                self._stream(channel).out.acknowledged(number)
            case Outcome(number) as outcome:
                self._outcomes[number] = outcome
            case Closed(channel, reason):
                self.closed[channel] = reason
            case Ping(stamp):
                self.say(Pong(stamp, -1.0))
            case _:
                pass

    def _welcome(self, participant: int, secret: str, *, renew: bool) -> None:
        self.participant, self.secret = participant, secret
        if renew:
            self.boot = secrets.token_hex(8)
            self._streams.clear()
            self._boots.clear()
            self.resets += 1
        self._link = (False, False)
        for bulk in (False, True):
            self._resync(Far.VIEWER, bulk=bulk)
        for channel in self.media:
            self.listen(channel)

    def _host_link(self, now: tuple[bool, bool]) -> None:
        before, self._link = self._link, now
        for bulk, is_up in enumerate(now):
            if not is_up:
                self._unready(Far.HOST, bulk=bool(bulk))
            elif not before[bulk] or not bulk:
                self._resync(Far.HOST, bulk=bool(bulk))

    def _unready(self, far: Far, *, bulk: bool) -> None:
        self._awaited.add((far, bulk))
        for stream in self._of(far, bulk=bulk):
            stream.out.is_ready = False

    def _of(self, far: Far, *, bulk: bool) -> list[_Stream]:
        streams = self._streams.values()
        return [one for one in streams if one.far is far and (one.out.lane is Lane.BULK) == bulk]

    def _resync(self, far: Far, *, bulk: bool) -> None:
        self._unready(far, bulk=bulk)
        delivered = tuple(Delivered(one.out.channel, one.inc.received) for one in self._of(far, bulk=bulk))
        self.say(Resync(far, bulk, self.boot, self._boots.get((far, bulk), ""), False, delivered))

    def _resynced(self, told: Resync) -> None:
        # The answer comes from the end whose boot word it carries; `far` names this page's far end.
        far = told.far
        key = far, told.bulk
        is_new = self._boots.get(key, told.boot) != told.boot
        self._boots[key] = told.boot
        self._awaited.discard(key)
        delivered = {one.channel: one.number for one in told.delivered}
        for stream in self._of(far, bulk=told.bulk):
            if is_new:
                stream.inc.clear()
                stream.queue.clear()
            stream.out.resync(delivered.get(stream.out.channel, 0))
            if self._schedule is not None:
                self._schedule.put_stream(stream.out)
        if is_new:
            self.resets += 1

    def _stir(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()
