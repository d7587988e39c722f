"""The far ends of a page, made of the core's own streams: what the viewer and a host do with one page."""

from collections.abc import Callable

import anyio
from attrs import define, field
from hosts.viewer.web.probe import NUMBERS, SPECS, Line

from deskside.declare import Lane, Role
from deskside.link import (
    CORE,
    Ack,
    Delivered,
    Enter,
    Far,
    FeatureNow,
    Features,
    FeatureState,
    HostLink,
    MediaAck,
    Person,
    Ping,
    Pong,
    Resync,
    Roster,
    SessionNow,
    Welcome,
)  # fmt: skip
from deskside.media import FanOut
from deskside.messages import Codec, Message
from deskside.notice import SessionState
from deskside.port import Participant, Port
from deskside.schedule import Schedule
from deskside.streams import Outgoing
from deskside.wire import CORE_CHANNEL, Packet

PAGE = 1
BEHIND = 4008
NOW = SessionNow(
    state=SessionState.ACTIVE, reason="", by="", number="S-20261120-0042", agent="Lee Jun",
    company="Hanbit Service", customer="Kim Minji", began=0.0, ended=0.0, sealed_to_agent=False, label="",
)  # fmt: skip


@define(eq=False)
class FarEnds:
    """One session with one page; `heard` holds what each channel's owner was handed."""

    role: Role = Role.AGENT
    now: SessionNow = NOW
    features: dict[str, FeatureNow] = field(
        factory=lambda: {"probe.use": FeatureNow("probe.use", FeatureState.ON)}
    )
    people: list[Person] = field(factory=lambda: [Person(PAGE, "Lee Jun", Role.AGENT, True)])
    host_up: bool = True
    bulk_up: bool = True
    on_core: Callable[[Message], None] = lambda message: None
    heard: dict[str, list[int]] = field(factory=lambda: {name: [] for name in SPECS})
    wishes: list[str] = field(factory=list)
    messages: list[Message] = field(factory=list)
    shown: list[int] = field(factory=list)
    boots: dict[Far, str] = field(factory=lambda: {Far.VIEWER: "viewer-1", Far.HOST: "host-1"})
    page_boots: list[str] = field(factory=list)
    entered: int = 0
    ports: dict[str, Port] = field(init=False)
    fan: FanOut = field(init=False)
    schedule: Schedule = field(init=False)
    close_code: int = 0
    _known: dict[tuple[Far, bool], str] = field(factory=dict)
    _stirred: anyio.Event = field(factory=anyio.Event)

    def __attrs_post_init__(self) -> None:
        self.schedule = Schedule(NUMBERS.__getitem__, lambda: self._stirred.set())
        self.ports = {
            name: Port(name, spec, Codec.of(spec.messages), self, False)
            for name, spec in SPECS.items()
            if spec.lane is not Lane.MEDIA
        }
        for port in self.ports.values():
            port.is_open = True
        self.fan = FanOut(
            "probe.film", lambda _, packet: self.schedule.put_passing(Lane.MEDIA, packet), _nothing
        )

    # What the core's port needs.

    def transmit(self, stream: Outgoing) -> None:
        self.schedule.put_stream(stream)

    def say_ack(self, channel: str, participant: int, number: int) -> None:
        self.say(Ack(channel, number))

    def person(self, participant: int) -> Participant:
        return Participant(participant, "Lee Jun", self.role)

    def fell_behind(self, participant: int) -> None:
        self.close_code = BEHIND

    # The line.

    def say(self, message: Message) -> None:
        self.schedule.put_core(Packet(CORE_CHANNEL, 0, PAGE, CORE.encode(message)))

    async def next_packet(self) -> Packet:
        while (packet := self.schedule.next()) is None:
            self._stirred = anyio.Event()
            await self._stirred.wait()
        return packet

    def line_lost(self) -> None:
        self.schedule.clear()
        self.fan.left(PAGE)
        for port in self.ports.values():
            port.pair(PAGE).out.is_ready = False

    def received(self, packet: Packet) -> None:
        if packet.channel == CORE_CHANNEL:
            self._core(CORE.decode(packet.body))
            return
        name = next(name for name, number in NUMBERS.items() if number == packet.channel)
        self.ports[name].arrived(PAGE, packet.number, packet.body)

    def tell(self) -> None:
        """Say where the session is, as the viewer does to whoever enters."""
        self.say(Roster(tuple(self.people)))
        self.say(self.now)
        self.say(Features(tuple(self.features.values())))
        self.say(HostLink(self.host_up, self.bulk_up, 0.0))

    def host_line(self, *, up: bool, new_boot: str = "") -> None:
        """Lose or find the host; with a new boot word it has forgotten everything."""
        self.host_up = self.bulk_up = up
        for name, port in self.ports.items():
            if _far(name) is not Far.HOST:
                continue
            port.pair(PAGE).out.is_ready = False
            if new_boot:
                self.boots[Far.HOST] = new_boot
                port.forget(PAGE)
                self._known.pop((Far.HOST, SPECS[name].lane is Lane.BULK), None)
        self.say(HostLink(up, up, 0.0))

    def send_frame(self, number: int, size: int, *, refresh: bool) -> None:
        """Send a media packet of quality class 1, as the host would."""
        body = Codec.of((Line,)).encode(Line(number, "x" * size))
        self.fan.packet(Packet(NUMBERS["probe.film"], int(refresh), 1, body))

    async def listen(self, name: str) -> None:
        """Be the plugin that owns a channel."""
        while True:
            message = (await self.ports[name].receive()).message
            if isinstance(message, Line):
                self.heard[name].append(message.number)
            else:
                self.messages.append(message)
                self.wishes.append(name)

    def _core(self, message: Message) -> None:
        match message:
            case Enter() as enter:
                self._enter(enter)
            case Resync() as told:
                self._resync(told)
            case Ack(channel, number):
                self.ports[channel].acknowledged(PAGE, number)
            case MediaAck(_, total, arrived):
                if total or not arrived:
                    self.shown.append(total)
                if total == arrived == 0:
                    self.fan.joined(PAGE)
                self.fan.shown(PAGE, total, arrived)
            case Ping(stamp):
                self.say(Pong(stamp, 31.0))
            case other:
                self.on_core(other)

    def _enter(self, enter: Enter) -> None:
        self.entered += 1
        self.page_boots.append(enter.boot)
        secret = "of the page"
        assert (enter.participant, enter.secret) in ((0, ""), (PAGE, secret))
        self.say(Welcome(PAGE, secret, self.boots[Far.VIEWER], False))
        self.tell()

    def _resync(self, told: Resync) -> None:
        key = told.far, told.bulk
        boot = self.boots[told.far]
        is_new = self._known.get(key, told.boot) != told.boot
        numbers = {one.channel: one.number for one in told.delivered} if told.knows == boot else {}
        ports = [
            port
            for name, port in self.ports.items()
            if _far(name) is told.far and (SPECS[name].lane is Lane.BULK) == told.bulk
        ]
        if is_new:
            for port in ports:
                port.forget(PAGE)
        delivered = tuple(Delivered(port.name, port.pair(PAGE).inc.received) for port in ports)
        self.say(Resync(told.far, told.bulk, boot, self._known.get(key, told.boot), True, delivered))
        for port in ports:
            port.pair(PAGE).out.resync(numbers.get(port.name, 0))
            self.transmit(port.pair(PAGE).out)
            port.stir()
        self._known[key] = told.boot


def _far(name: str) -> Far:
    return Far.HOST if SPECS[name].ends == "host_page" else Far.VIEWER


def _nothing(*_: object) -> None:
    return
