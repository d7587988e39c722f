"""Packets ↔ bytes: what one sealed frame, or one page frame, carries. Pure.

A packet is `[channel, number, participant, body]`. Channel 0 belongs to the core. `number` counts a
channel's reliable packets from 1, or is 0 where nothing is repeated after a break. `participant` is
the sender on the way to the owner, the receiver on the way back, 0 for all; the viewer stamps it.
"""

from collections.abc import Callable

import attrs
from attrs import field, frozen
from attrs.validators import instance_of

from deskside.errors import BadMessage
from deskside.messages import pack, unpack

CORE_CHANNEL = 0
EVERYONE = 0
MOST_CHANNELS = 1000
MOST_PARTICIPANTS = 2**31 - 1
"""No number is given twice in a session, so there must be more than it can ever need."""
MAX_BODY = 1024 * 1024
MAX_PACKET = MAX_BODY + 64


def _whole(most: int) -> Callable[[object, "attrs.Attribute[int]", int], None]:
    def check(_: object, attribute: "attrs.Attribute[int]", value: int) -> None:
        if type(value) is not int or not 0 <= value <= most:
            raise BadMessage(f"{attribute.name} must be a whole number up to {most}")

    return check


@frozen
class Packet:
    """One packet; making one checks it."""

    channel: int = field(validator=_whole(MOST_CHANNELS))
    number: int = field(validator=_whole(2**53 - 1))
    participant: int = field(validator=_whole(MOST_PARTICIPANTS))
    body: bytes = field(validator=instance_of(bytes))

    def encode(self) -> bytes:
        """Return the bytes of this packet."""
        return pack([self.channel, self.number, self.participant, self.body])

    @classmethod
    def decode(cls, data: bytes) -> "Packet":
        """Read a packet.

        :raises BadMessage: if the bytes are anything else
        """
        raw = unpack(data, MAX_PACKET)
        if type(raw) is not list or len(raw) != 4 or type(raw[3]) is not bytes:
            raise BadMessage("a packet is a list of channel, number, participant and body")
        return cls(*raw)
