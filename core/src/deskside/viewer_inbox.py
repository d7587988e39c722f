"""What the viewer does with each packet of its host."""

import logging
from time import monotonic
from typing import TYPE_CHECKING

from deskside.agree import Hello, agree, in_words
from deskside.declare import ChannelSpec, Ends, Lane
from deskside.errors import BadMessage
from deskside.grants import Refusal
from deskside.link import (
    CORE,
    Ack,
    Admitted,
    Answered,
    Closed,
    Drop,
    End,
    Entitled,
    Far,
    HostLink,
    Paused,
    Ping,
    Pong,
    Resync,
    Stopped,
    Withdraw,
)  # fmt: skip
from deskside.media import QUALITIES
from deskside.messages import Message
from deskside.notice import SessionState
from deskside.pace import Pace
from deskside.running import RAISED
from deskside.texts import plain
from deskside.wire import CORE_CHANNEL, Packet

if TYPE_CHECKING:
    from deskside.viewer_session import ViewerSession

log = logging.getLogger(__name__)

HOST = "the customer's machine"
CHANGES_AT_ONCE, CHANGES_PER_S = 200, 20
CHANGES = (Hello, Withdraw, Paused, Stopped, Admitted, Drop)
"""What has everything judged anew, or costs a page its line."""
ENDED = ("ended.customer", "ended.refused")
MOST_GREETINGS_LOGGED = 100


class ViewerInbox:
    """Takes packets; whatever is wrong in one ends the road, or closes the channel."""

    def __init__(self, session: "ViewerSession") -> None:
        self._session = session
        self._names: dict[int, str] = {}
        self._pace = Pace(CHANGES_AT_ONCE, CHANGES_PER_S)
        self._greetings = 0
        self._wrong: set[str] = set()
        """Channels on which something came that could not pass; said once."""

    def received(self, packet: Packet, bulk: bool) -> None:
        """Take a packet of a road."""
        del bulk
        if packet.channel == CORE_CHANNEL:
            self._core(packet)
            return
        session, name = self._session, self._names.get(packet.channel, "")
        spec = session.catalogue.channels.get(name)
        if spec is None:
            raise BadMessage(f"a packet for channel {packet.channel}, which nobody agreed on")
        if spec.ends is Ends.VIEWER_PAGE:
            raise BadMessage(f"a packet on {name}, where no host speaks")
        if spec.lane is Lane.MEDIA:
            self._to_class(name, spec, packet)
        elif spec.ends is Ends.HOST_PAGE:
            self._to_page(name, spec, packet)
        elif packet.participant:
            raise BadMessage(f"a packet on {name} in the name of page {packet.participant}")
        elif not session.allows(spec.feature):
            session.ports[name].discard(0, packet.number, packet.body)
        else:
            self._to_viewer(name, packet)

    def _to_class(self, name: str, spec: ChannelSpec, packet: Packet) -> None:
        if packet.participant not in QUALITIES:
            raise BadMessage(f"a packet on {name} for class {packet.participant}, which does not exist")
        if not packet.body:
            raise BadMessage(f"a packet on {name} with nothing in it")
        if self._is_granted(name, spec) and self._session.allows(spec.feature):
            number = self._session.page_numbers[name]
            fan = self._session.fans[name]
            fan.packet(Packet(number, packet.number, packet.participant, packet.body))

    def _to_page(self, name: str, spec: ChannelSpec, packet: Packet) -> None:
        """Check and pass on; what must not pass goes on empty, so that numbers stay whole."""
        page = self._session.pages.get(packet.participant)
        if page is not None:
            body = self._checked(name, packet.body) if self._is_granted(name, spec) else b""
            number = self._session.page_numbers[name]
            page.pass_on(spec.lane, Packet(number, packet.number, packet.participant, body))

    def _is_granted(self, name: str, spec: ChannelSpec) -> bool:
        # A paused feature is granted: what was on its way when the customer paused it still arrives.
        if self._session.is_granted(spec.feature):
            return True
        self._say_once(name, f"{name}: {spec.feature} is not granted")
        return False

    def _checked(self, name: str, body: bytes) -> bytes:
        try:
            self._session.check_of_host(name, body)
        except BadMessage as error:
            self._close(name, error)
            return b""
        return body

    def _to_viewer(self, name: str, packet: Packet) -> None:
        session = self._session
        try:
            session.ports[name].arrived(0, packet.number, packet.body)
        except BadMessage as error:
            session.ports[name].refuse(0)
            self._close(name, error)

    def _close(self, name: str, error: BadMessage) -> None:
        if self._say_once(name, f"{name}: {error}"):
            session = self._session
            session.report("", "channel_closed", {"channel": name, "reason": str(error)[:200]})
            session.link.say(Closed(name, "closed.bad_message"))

    def _say_once(self, name: str, why: str) -> bool:
        if name in self._wrong:
            return False
        self._wrong.add(name)
        self._session.refused(HOST, why)
        return True

    def _core(self, packet: Packet) -> None:
        message = CORE.decode(packet.body)
        if isinstance(message, CHANGES) and not self._pace.allows():
            raise BadMessage(f"more of {type(message).wire_name()} than any machine needs")
        if packet.participant:
            self._for_page(packet.participant, message)
        else:
            self._for_viewer(message)

    def _for_page(self, participant: int, message: Message) -> None:
        session = self._session
        if isinstance(message, Drop):
            if participant in session.people:
                session.fell_behind(participant)
        elif not isinstance(message, Resync | Ack | Closed):
            raise BadMessage(f"{type(message).wire_name()} is nothing that a host tells a page")
        elif participant in session.pages:
            session.pages[participant].say(message)

    def _for_viewer(self, message: Message) -> None:
        session = self._session
        match message:
            case Hello() as hello:
                self._agree(hello)
            case Resync() as told:
                session.resynced(0, told)
                if told.bulk:
                    self._tell_line()
            case Ack(channel, number) if channel in session.ports:
                session.ports[channel].acknowledged(0, number)
            case Ping(stamp):
                session.link.say(Pong(stamp, session.line_ms))
            case Pong(stamp) if stamp > 0:
                session.line_ms = max(0.0, (monotonic() - stamp) * 1000)
            case Ack() | Closed() | Pong():
                pass
            case other:
                self._about_rights(other)

    def _about_rights(self, message: Message) -> None:
        session = self._session
        match message:
            case Answered() as answered:
                session.grants.answered(answered)
            case Withdraw(features):
                session.grants.take_back(features, "")
            case Paused(feature, is_paused):
                if feature in session.catalogue.features:
                    session.grants.set_paused(feature, is_paused=is_paused)
            case Stopped(plugin, reason):
                if plugin in session.catalogue.owners:
                    session.grants.failed[plugin] = reason if self._is_known(reason, "stopped.") else RAISED
                    session.runner.stop(plugin, session.grants.failed[plugin])
                    session.grants.judge()
            case Admitted():
                session.become(SessionState.ACTIVE)
                session.grants.judge()
            case End(reason):
                is_its_own = reason in ENDED or self._is_known(reason, "refused.")
                session.end(reason if is_its_own else ENDED[0], session.memory.customer)
            case other:
                raise BadMessage(f"{type(other).wire_name()} is nothing that a host sends")

    def _is_known(self, reason: str, beginning: str) -> bool:
        """Tell whether a reason is words of this program: a host puts none of its own on our pages."""
        return reason.startswith(beginning) and self._session.around.words.has(reason)

    def _agree(self, hello: Hello) -> None:
        session = self._session
        self._greetings += 1
        if self._greetings <= MOST_GREETINGS_LOGGED:
            log.info("session %s: the other end is %s", session.id, in_words(hello))
        agreement = agree(session.hello, hello, session.side)
        if isinstance(agreement, Refusal):
            session.end(agreement.reason, "")
            return
        session.agreement = agreement
        session.memory.customer = plain(hello.person) or session.memory.customer
        session.memory.system = plain(hello.system)
        self._names = {number: name for name, number in agreement.channels.items()}
        session.use_agreement()
        given = session.entitlement
        session.link.say(Entitled(given.licence, given.entitlement))
        session.guests.tell()
        session.grants.judge()
        session.link.say(session.resync_to(0, Far.HOST, bulk=False, is_answer=False))
        session.become(SessionState.ACTIVE if session.memory.began else SessionState.AGREEING)
        for fan in session.fans.values():
            fan.begin_anew()
        self._tell_line()

    def _tell_line(self) -> None:
        session = self._session
        line = HostLink(False in session.link.roads, True in session.link.roads, session.around.now())
        for page in session.pages.values():
            page.say(line)
