"""A customer's program that holds the session's secret and keeps to no rule but those of a test."""

import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import anyio
import anyio.abc
import anyio.lowlevel
from attrs import define, evolve, field

from deskside.agree import Agreement, Hello, agree, hello_of
from deskside.declare import Side
from deskside.errors import DesksideError, TransportEnded
from deskside.link import CORE, Admitted, Far, Ping, Pong, Resync
from deskside.loader import Plugins
from deskside.messages import Message
from deskside.sealed import End
from deskside.services import needs_of, supplied
from deskside.transport import SealedRoad, Transport, pair, seal
from deskside.wire import CORE_CHANNEL, Packet

PAUSE_S = 0.05
LIMIT_S = 30


@define(eq=False)
class HostileHost:
    """One host; `come` brings it into its session as a good one, everything after that is the test's."""

    dial: Callable[[str], Awaitable[Transport]]
    session: str
    code: str
    plugins: Plugins
    person: str = "Kim"
    system: str = "Linux"
    secret: bytes = b""
    is_deaf: bool = False
    """True: nothing is read any more."""
    heard: list[Message] = field(factory=list)
    packets: list[Packet] = field(factory=list)
    losses: int = 0
    agreement: Agreement | None = None
    boot: str = field(factory=lambda: secrets.token_hex(8))
    _roads: dict[bool, SealedRoad] = field(factory=dict)
    _sending: dict[bool, anyio.Lock] = field(factory=lambda: {False: anyio.Lock(), True: anyio.Lock()})
    _changed: anyio.Event = field(factory=anyio.Event)

    async def run(self) -> None:
        """Keep both roads, again and again, until cancelled."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._keep, False)
            tasks.start_soon(self._keep, True)

    async def come(self, tasks: anyio.abc.TaskGroup) -> None:
        """Begin, and wait until the session is agreed on and the customer has let the agent in."""
        tasks.start_soon(self.run)
        await self.until(lambda: self.agreement is not None and set(self._roads) == {False, True})
        await self.say(Admitted())

    def number_of(self, channel: str) -> int:
        """Return the number both sides use for a channel."""
        assert self.agreement is not None
        return self.agreement.channels[channel]

    async def say(self, message: Message, participant: int = 0, *, bulk: bool = False) -> None:
        """Send a core message."""
        await self.raw(Packet(CORE_CHANNEL, 0, participant, CORE.encode(message)).encode(), bulk=bulk)

    async def put(
        self, channel: str, number: int, participant: int, body: bytes, *, bulk: bool = False
    ) -> None:
        """Send a packet on a channel."""
        await self.raw(Packet(self.number_of(channel), number, participant, body).encode(), bulk=bulk)

    async def raw(self, packet: bytes, *, bulk: bool = False) -> None:
        """Send any bytes, sealed; a road that is just lost swallows them."""
        await anyio.lowlevel.checkpoint()
        if bulk in self._roads:
            # Sealed frames keep their order, whoever of us sends them.
            async with self._sending[bulk]:
                if bulk in self._roads:
                    with suppress(TransportEnded):
                        await self._roads[bulk].send(packet)

    async def until(self, condition: Callable[[], Any], seconds: float = LIMIT_S) -> None:
        """Wait until something holds of what was heard."""
        with anyio.fail_after(seconds):
            while not condition():
                await self._changed.wait()

    def named(self, kind: type[Message]) -> list[Any]:
        """Return what was heard of one kind."""
        return [one for one in self.heard if isinstance(one, kind)]

    async def _keep(self, bulk: bool) -> None:
        while True:
            if bulk and self.agreement is None:
                await anyio.sleep(PAUSE_S)
                continue
            transport: Transport | None = None
            try:
                transport = await self.dial("bulk" if bulk else "main")
                await self._use(transport, bulk)
            except DesksideError:
                pass
            finally:
                if transport is not None:
                    with anyio.CancelScope(shield=True):
                        await transport.aclose()
            if self._roads.pop(bulk, None) is not None:
                self.losses += 1
            self._stir()
            await anyio.sleep(PAUSE_S)

    async def _use(self, transport: Transport, bulk: bool) -> None:
        if not self.secret:
            self.secret = await pair(transport, End.HOST, self.code, self.session.encode())
        name = b"bulk" if bulk else b"main"
        road = await seal(transport, End.HOST, name, self.secret, secrets.token_bytes)
        self._roads[bulk] = road
        if bulk:
            await self.say(self._level(Far.VIEWER, True, is_answer=False), bulk=True)
        else:
            await self.say(self._hello())
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._stay_awake, bulk)
            with suppress(DesksideError):
                await self._listen(road, bulk)
            tasks.cancel_scope.cancel()

    async def _listen(self, road: SealedRoad, bulk: bool) -> None:
        while True:
            while self.is_deaf:  # noqa: ASYNC110 - a deaf end is what is tested
                await anyio.sleep(PAUSE_S)
            packet = Packet.decode(await road.receive())
            if packet.channel != CORE_CHANNEL:
                self.packets.append(packet)
                continue
            message = CORE.decode(packet.body)
            self.heard = [*self.heard[-2000:], message]
            match message:
                case Hello() as hello:
                    found = agree(self._hello(), hello, Side.HOST)
                    assert isinstance(found, Agreement)
                    self.agreement = found
                    await self.say(self._level(Far.VIEWER, False, is_answer=False))
                case Resync(far=Far.HOST, bulk=of_bulk, is_answer=False) if packet.participant:
                    answer = self._level(Far.HOST, of_bulk, is_answer=True)
                    await self.say(answer, packet.participant, bulk=bulk)
                case Ping(stamp):
                    await self.say(Pong(stamp, -1.0))
            self._stir()

    async def _stay_awake(self, bulk: bool) -> None:
        while True:
            await self.say(Pong(0.0, -1.0), bulk=bulk)
            await anyio.sleep(2)

    def _level(self, far: Far, of_bulk: bool, *, is_answer: bool) -> Resync:
        return Resync(far, of_bulk, self.boot, "", is_answer, ())

    def _hello(self) -> Hello:
        told = hello_of(self.plugins.catalogue, "customer")
        services = supplied(self.plugins, Side.HOST, ())
        return evolve(
            told, person=self.person, system=self.system, supplies=services, needs=needs_of(self.plugins)
        )

    def _stir(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()
