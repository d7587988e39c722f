"""The sealed line between the programs: what came before its end is read, however it ended."""

import anyio
import pytest
from attrs import define, field

from deskside.errors import TransportEnded
from deskside.link import CORE, End, Ping
from deskside.program_link import ProgramLink
from deskside.wire import CORE_CHANNEL, Packet

pytestmark = pytest.mark.anyio


@define(eq=False)
class EndedRoad:
    """A road whose far end has said its last words and gone."""

    waiting: list[bytes]
    was_tried: anyio.Event = field(factory=anyio.Event)

    async def send(self, packet: bytes) -> None:
        del packet
        self.was_tried.set()
        raise TransportEnded("the far end has gone")

    async def receive(self) -> bytes:
        await self.was_tried.wait()
        await anyio.lowlevel.checkpoint()
        if self.waiting:
            return self.waiting.pop(0)
        raise TransportEnded("the far end has gone")

    async def aclose(self) -> None:
        """Nothing is left to close."""


async def test_the_last_words_are_read_though_nothing_can_be_sent_any_more() -> None:
    heard: list[object] = []
    link = ProgramLink(
        lambda _: 1, lambda packet, bulk: heard.append(CORE.decode(packet.body)), lambda why: None
    )
    said = [Ping(0.5), End("refused.licence.vendor")]
    road = EndedRoad([Packet(CORE_CHANNEL, 0, 0, CORE.encode(one)).encode() for one in said])

    with anyio.fail_after(20):
        await link.carry(road, bulk=False, begun=lambda: link.say(Ping(1.0)))  # type: ignore[arg-type]

    assert heard == said
