"""The streams of one end of a session: its ports, and how they are made level again after a break."""

import secrets
from abc import abstractmethod
from collections.abc import Mapping

from deskside.agree import Agreement
from deskside.catalogue import Catalogue
from deskside.channel import is_media
from deskside.declare import ChannelSpec, Ends, Side
from deskside.link import Delivered, Far, Resync
from deskside.media import MediaOwner
from deskside.messages import Codec
from deskside.port import Port, Wiring
from deskside.streams import Outgoing

ENDS_AT: Mapping[Side, tuple[Ends, ...]] = {
    Side.HOST: (Ends.HOST_PAGE, Ends.HOST_VIEWER),
    Side.VIEWER: (Ends.VIEWER_PAGE, Ends.HOST_VIEWER),
}


def new_boot() -> str:
    """Return a boot word: new whenever an end's memory is."""
    return secrets.token_hex(8)


class SessionStreams(Wiring):
    """What both kinds of end keep of their channels."""

    side: Side

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.boot = new_boot()
        self.agreement: Agreement | None = None
        self.far_boots: dict[tuple[int, bool], str] = {}
        self.media: dict[str, MediaOwner] = {}
        self.ports = {
            name: self._port(name, spec)
            for name, spec in catalogue.channels.items()
            if spec.ends in ENDS_AT[self.side] and not is_media(spec)
        }

    @abstractmethod
    def transmit(self, stream: Outgoing) -> None:
        """Put a stream's next packets on the line to its participant."""

    @abstractmethod
    def transmit_media(self, channel: str, quality: int, mark: int, body: bytes) -> None:
        """Put a media packet on the line; only a host has any."""

    def media_of(self, name: str, spec: ChannelSpec) -> MediaOwner:
        """Return the owner's end of a media channel."""
        if name not in self.media:

            def transmit(quality: int, mark: int, body: bytes) -> None:
                self.transmit_media(name, quality, mark, body)

            self.media[name] = MediaOwner(self.codec_of(name, spec), transmit)
        return self.media[name]

    def codec_of(self, name: str, spec: ChannelSpec) -> Codec:
        """Return the codec of a channel towards what its far end knows."""
        codec = Codec.of(spec.messages)
        far = self.agreement.far_types.get(name) if self.agreement else None
        return codec if far is None or spec.ends is Ends.VIEWER_PAGE else codec.towards(far)

    def ports_of(self, participant: int, *, bulk: bool) -> list[Port]:
        """Return the ports that end at a participant, of the bulk lane or of all others."""
        return [
            port
            for port in self.ports.values()
            if port.to_machine == (participant == 0) and (port.spec.lane == "bulk") == bulk
        ]

    def resync_to(self, participant: int, far: Far, *, bulk: bool, is_answer: bool) -> Resync:
        """Return what to tell a far end about what was received."""
        delivered = tuple(
            Delivered(port.name, port.pair(participant).inc.received)
            for port in self.ports_of(participant, bulk=bulk)
        )
        return Resync(far, bulk, self.boot, self.far_boots.get((participant, bulk), ""), is_answer, delivered)

    def resynced(self, participant: int, told: Resync) -> None:
        """Take what a far end has received: begin anew where memory was lost, then repeat the rest."""
        key = participant, told.bulk
        is_new = self.far_boots.get(key, told.boot) != told.boot
        delivered = {one.channel: one.number for one in told.delivered} if told.knows == self.boot else {}
        for port in self.ports_of(participant, bulk=told.bulk):
            if is_new and participant:
                port.forget(participant)
            pair = port.pair(participant)
            if is_new:
                pair.inc.clear()
            pair.out.resync(delivered.get(port.name, 0))
            self.transmit(pair.out)
            port.stir()
        self.far_boots[key] = told.boot

    def unready(self, participant: int, *, bulk: bool) -> None:
        """Hold back what is for a participant until it has said what it received."""
        for port in self.ports_of(participant, bulk=bulk):
            port.pair(participant).out.is_ready = False

    def forget_streams(self, participant: int) -> None:
        """Keep nothing more of somebody who will not come back."""
        for port in self.ports.values():
            port.forget(participant)
        for bulk in (False, True):
            self.far_boots.pop((participant, bulk), None)

    def _port(self, name: str, spec: ChannelSpec) -> Port:
        return Port(name, spec, self.codec_of(name, spec), self, spec.ends is Ends.HOST_VIEWER)
