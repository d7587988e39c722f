"""What survives a broken line: numbered packets, kept until acknowledged. Pure.

Nothing unacknowledged is lost and nothing comes twice: the sender keeps what the far end has not
acknowledged, in bounded room, and sends it again after a break; the receiver knows the last number
it delivered and passes over what it has seen.
"""

from attrs import evolve, field, frozen

from deskside.errors import BadMessage
from deskside.wire import Packet


@frozen
class Outbox:
    """One channel's sent packets that the far end has not acknowledged."""

    room_bytes: int
    next_number: int = 1
    kept: tuple[Packet, ...] = ()
    kept_bytes: int = 0

    def has_room(self, size: int) -> bool:
        """Tell whether a body of this size may be sent now; an empty box always takes one."""
        return not self.kept or self.kept_bytes + size <= self.room_bytes

    def with_sent(self, channel: int, participant: int, body: bytes) -> tuple["Outbox", Packet]:
        """Return the box with one more packet, and the packet."""
        packet = Packet(channel, self.next_number, participant, body)
        box = evolve(
            self,
            next_number=self.next_number + 1,
            kept=(*self.kept, packet),
            kept_bytes=self.kept_bytes + len(body),
        )
        return box, packet

    def with_acknowledged(self, number: int) -> "Outbox":
        """Return the box without what the far end has delivered.

        :raises BadMessage: if the far end claims what was never sent
        """
        if number >= self.next_number:
            raise BadMessage(f"packet {number} was acknowledged but never sent")
        kept = tuple(packet for packet in self.kept if packet.number > number)
        return evolve(self, kept=kept, kept_bytes=sum(len(packet.body) for packet in kept))


@frozen
class Inbox:
    """The last number delivered on one channel."""

    delivered: int = field(default=0)

    def with_packet(self, packet: Packet) -> tuple["Inbox", bool]:
        """Return the box after a packet, and whether it is new.

        :raises BadMessage: if packets in between are missing
        """
        if packet.number <= self.delivered:
            return self, False
        if packet.number != self.delivered + 1:
            raise BadMessage(f"packet {packet.number} came after {self.delivered}")
        return Inbox(packet.number), True
