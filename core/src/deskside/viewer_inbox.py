"""What the viewer does with each packet of its host."""

from time import monotonic
from typing import TYPE_CHECKING

from deskside.agree import Hello, agree
from deskside.declare import Ends, Lane
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
from deskside.notice import SessionState
from deskside.session import options_text
from deskside.wire import CORE_CHANNEL, Packet

if TYPE_CHECKING:
    from deskside.viewer_session import ViewerSession


class ViewerInbox:
    """Takes packets; whatever is wrong in one ends the road."""

    def __init__(self, session: "ViewerSession") -> None:
        self._session = session
        self._names: dict[int, str] = {}

    def received(self, packet: Packet, bulk: bool) -> None:
        """Take a packet of a road."""
        del bulk
        if packet.channel == CORE_CHANNEL:
            self._core(packet)
            return
        session, name = self._session, self._names.get(packet.channel, "")
        spec = session.catalogue.channels.get(name)
        if spec is None or spec.ends is Ends.VIEWER_PAGE:
            raise BadMessage(f"a packet for channel {packet.channel}, which nobody agreed on")
        if spec.lane is Lane.MEDIA:
            if session.allows(spec.feature):
                number = session.page_numbers[name]
                session.fans[name].packet(Packet(number, packet.number, packet.participant, packet.body))
        elif spec.ends is Ends.HOST_PAGE:
            self._to_page(name, packet)
        elif not session.allows(spec.feature):
            session.ports[name].discard(0, packet.number, packet.body)
        else:
            self._to_viewer(name, packet)

    def _to_page(self, name: str, packet: Packet) -> None:
        page = self._session.pages.get(packet.participant)
        if page is not None:
            number = self._session.page_numbers[name]
            lane = self._session.catalogue.channels[name].lane
            page.pass_on(lane, Packet(number, packet.number, packet.participant, packet.body))

    def _to_viewer(self, name: str, packet: Packet) -> None:
        session = self._session
        try:
            session.ports[name].arrived(0, packet.number, packet.body)
        except BadMessage as error:
            session.ports[name].refuse(0)
            session.report("", "channel_closed", {"channel": name, "reason": str(error)[:200]})
            session.link.say(Closed(name, "closed.bad_message"))

    def _core(self, packet: Packet) -> None:  # noqa: C901 - one case per message
        session, participant = self._session, packet.participant
        page = session.pages.get(participant)
        match CORE.decode(packet.body):
            case Hello() as hello:
                self._agree(hello)
            case (Resync() | Ack() | Closed()) as told if participant:
                if page is not None:
                    page.say(told)
            case Resync() as told:
                session.resynced(0, told)
                if told.bulk:
                    self._tell_line()
            case Ack(channel, number) if channel in session.ports:
                session.ports[channel].acknowledged(0, number)
            case Answered() as answered:
                session.grants.answered(answered)
            case Withdraw(features):
                session.grants.take_back(features, "")
            case Paused(feature, is_paused) if feature in session.catalogue.features:
                session.grants.set_paused(feature, is_paused=is_paused)
            case Stopped(plugin, reason) if plugin in session.catalogue.owners:
                session.grants.failed[plugin] = reason
                session.runner.stop(plugin, reason)
                session.grants.judge()
            case Admitted():
                session.become(SessionState.ACTIVE)
                session.grants.judge()
            case Drop():
                session.fell_behind(participant)
            case End(reason):
                session.end(reason or "ended.customer", session.memory.customer)
            case Ping(stamp):
                session.link.say(Pong(stamp, session.line_ms))
            case Pong(stamp) if stamp > 0:
                session.line_ms = max(0.0, (monotonic() - stamp) * 1000)
            case Ack() | Closed() | Paused() | Stopped() | Pong():
                pass
            case other:
                raise BadMessage(f"{type(other).wire_name()} is nothing that a host sends")

    def _agree(self, hello: Hello) -> None:
        session = self._session
        agreement = agree(session.hello, hello, session.side)
        if isinstance(agreement, Refusal):
            session.end(agreement.reason, "")
            return
        session.agreement = agreement
        session.memory.customer = hello.person or session.memory.customer
        session.memory.system = hello.system
        self._names = {number: name for name, number in agreement.channels.items()}
        session.use_agreement()
        given = session.entitlement
        values = {key: dict(one) for key, one in session.option_values.items() if one}
        session.link.say(Entitled(given.licence, given.entitlement, options_text(values)))
        session.tell_people()
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
