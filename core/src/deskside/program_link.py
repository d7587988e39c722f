"""The sealed line between host and viewer: one main road, one for bulk, one schedule for both."""

import itertools
from collections.abc import Callable
from time import monotonic

import anyio
import anyio.lowlevel
from attrs import define, field

from deskside.declare import Lane
from deskside.errors import BadFrame, BadMessage, TransportEnded
from deskside.link import CORE, Pong
from deskside.messages import Message
from deskside.schedule import Schedule
from deskside.transport import SealedRoad
from deskside.wire import CORE_CHANNEL, Packet

MAIN_LANES = (Lane.CONTROL, Lane.MEDIA)
BULK_LANES = (Lane.BULK,)
KEEP_AWAKE_S = 4
AT_ONCE = 32
"""Packets after which other sessions have their turn, however many wait here."""
LAST_WORDS_S = 1
"""How long is read on from a road on which nothing can be sent any more."""
SILENT_S = 15
"""A road on which nothing came for this long is dead; pings keep a living one awake."""


@define(eq=False)
class ProgramLink:
    """One end of the line; `received` gets every packet, and whether it came on the bulk road."""

    number_of: Callable[[str], int]
    received: Callable[[Packet, bool], None]
    refused: Callable[[object], None]
    """Called with what was wrong when a road is given up because of it."""
    roads: dict[bool, SealedRoad] = field(factory=dict)
    sent_bytes: int = 0
    clock: Callable[[], float] = monotonic
    _bulk_said: float = 0.0
    schedule: Schedule = field(init=False)
    _wakes: dict[bool, anyio.Event] = field(factory=lambda: {False: anyio.Event(), True: anyio.Event()})

    def __attrs_post_init__(self) -> None:
        self.schedule = Schedule(self.number_of, self._wake)

    def say(self, message: Message, participant: int = 0, *, bulk: bool = False) -> None:
        """Send a core message, if the line is there; what must survive is said again on a new one."""
        if bulk not in self.roads:
            return
        packet = Packet(CORE_CHANNEL, 0, participant, CORE.encode(message))
        if bulk:
            self.schedule.put_passing(Lane.BULK, packet)
        else:
            self.schedule.put_core(packet)

    def lost(self, *, bulk: bool) -> None:
        """Drop what was on its way to a road that is lost; the other road keeps its own."""
        self.schedule.clear(BULK_LANES if bulk else MAIN_LANES)

    async def flush(self, seconds: float) -> None:
        """Wait until the core's last words are on the line, but not for ever."""
        with anyio.move_on_after(seconds):
            while False in self.roads and self.schedule.has_core:  # noqa: ASYNC110 - the sender takes them
                await anyio.sleep(0.01)

    def keep_bulk_awake(self) -> None:
        """Let the far end know that an idle bulk road lives."""
        if self.clock() - self._bulk_said >= KEEP_AWAKE_S:
            self._bulk_said = self.clock()
            self.say(Pong(0.0, -1.0), bulk=True)

    async def carry(self, road: SealedRoad, *, bulk: bool, begun: Callable[[], None]) -> None:
        """Use a road until it ends, and say nothing about how."""
        self.roads[bulk] = road
        try:
            begun()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._send, road, bulk, tasks.cancel_scope)
                await self._receive(road, bulk)
                tasks.cancel_scope.cancel()
        finally:
            del self.roads[bulk]
            with anyio.CancelScope(shield=True):
                await road.aclose()

    async def _send(self, road: SealedRoad, bulk: bool, scope: anyio.CancelScope) -> None:
        lanes = BULK_LANES if bulk else MAIN_LANES
        try:
            while True:
                packet = self.schedule.next(lanes)
                if packet is None:
                    self._wakes[bulk] = anyio.Event()
                    await self._wakes[bulk].wait()
                    continue
                self.sent_bytes += len(packet.body)
                await road.send(packet.encode())
        except TransportEnded:
            # The far end's last words, such as why it has ended, may be here and not yet read.
            scope.deadline = anyio.current_time() + LAST_WORDS_S

    async def _receive(self, road: SealedRoad, bulk: bool) -> None:
        try:
            for count in itertools.count(1):
                with anyio.fail_after(SILENT_S):
                    frame = await road.receive()
                self.received(Packet.decode(frame), bulk)
                if self.schedule.is_choked:
                    raise BadMessage("it does not take what it has asked for")
                if count % AT_ONCE == 0:
                    await anyio.lowlevel.checkpoint()
        except (BadFrame, BadMessage) as error:
            self.refused(error)
        except (TransportEnded, TimeoutError):
            return

    def _wake(self) -> None:
        for event in self._wakes.values():
            event.set()
