"""The viewer's lines: one to the host, one to each page, and media fanned out between them."""

from collections.abc import Callable
from functools import partial

from deskside.declare import Ends, Lane, Side
from deskside.link import Ack, ClassState, Far
from deskside.media import FanOut
from deskside.messages import Translation
from deskside.program_link import ProgramLink
from deskside.session import SessionEnd, Surroundings
from deskside.streams import Outgoing
from deskside.viewer_inbox import HOST
from deskside.viewer_page import BEHIND, PageLink
from deskside.wire import CORE_CHANNEL, Packet


class ViewerLines(SessionEnd):
    """Everything that crosses a line of the viewer."""

    side = Side.VIEWER

    def __init__(
        self, id: str, around: Surroundings, received: Callable[[Packet, bool], None]  # noqa: A002
    ) -> None:  # fmt: skip
        super().__init__(id, around)
        self.link = ProgramLink(self._number_of, received, partial(self.refused, HOST))
        self.pages: dict[int, PageLink] = {}
        names = sorted(self.catalogue.channels)
        self.page_numbers = {name: number for number, name in enumerate(names, start=1)}
        self.page_names = {number: name for name, number in self.page_numbers.items()}
        self.must_renew: set[int] = set()
        """Pages whose streams were given up: they begin anew when they come back."""
        self._translations: dict[str, Translation] = {}
        self.fans = {
            name: FanOut(name, self._give, self._teller(name))
            for name, spec in self.catalogue.channels.items()
            if spec.lane is Lane.MEDIA and spec.ends is Ends.HOST_PAGE
        }

    def transmit(self, stream: Outgoing) -> None:
        """Put a stream's next packets on the line to its participant."""
        if stream.participant == 0:
            self.link.schedule.put_stream(stream)
        elif stream.participant in self.pages:
            self.pages[stream.participant].schedule.put_stream(stream)

    def say_ack(self, channel: str, participant: int, number: int) -> None:
        """Acknowledge to a participant."""
        if participant == 0:
            self.link.say(Ack(channel, number))
        elif participant in self.pages:
            self.pages[participant].say(Ack(channel, number))

    def fell_behind(self, participant: int) -> None:
        """Make a page begin anew."""
        self.must_renew.add(participant)
        if participant in self.pages:
            self.pages[participant].drop(BEHIND)

    def use_agreement(self) -> None:
        """Speak to the host as it understands."""
        for name, port in self.ports.items():
            port.codec = self.codec_of(name, port.spec)
        self._translations.clear()

    def begin_bulk(self) -> None:
        """Begin on a new bulk road."""
        self.link.say(self.resync_to(0, Far.HOST, bulk=True, is_answer=False), bulk=True)

    def for_host(self, name: str, body: bytes) -> bytes:
        """Check what a page sends to the host, and put it as the host understands it.

        :raises BadMessage: if it is not a message of this channel
        """
        return self._translation(name).checked(body)

    def check_of_host(self, name: str, body: bytes) -> None:
        """Check what the host sends to a page.

        :raises BadMessage: if it is not a message of this channel
        """
        self._translation(name).codec.decode(body)

    def _translation(self, name: str) -> Translation:
        if name not in self._translations:
            self._translations[name] = Translation.of(self.codec_of(name, self.catalogue.channels[name]))
        return self._translations[name]

    def _number_of(self, channel: str) -> int:
        return self.agreement.channels[channel] if self.agreement else CORE_CHANNEL

    def _give(self, participant: int, packet: Packet) -> None:
        page = self.pages.get(participant)
        if page is not None:
            page.pass_on(Lane.MEDIA, packet)

    def _teller(self, channel: str) -> Callable[[int, int, int, bool, int], None]:
        def tell(quality: int, members: int, acked: int, refresh: bool, arrived: int) -> None:
            self.link.say(ClassState(channel, quality, members, acked, refresh, arrived))

        return tell
