"""What the host does with each packet of its viewer."""

import logging
from typing import TYPE_CHECKING

from deskside.agree import Hello, agree, in_words
from deskside.errors import BadMessage
from deskside.grants import Refusal
from deskside.licence import not_sold
from deskside.link import (
    CORE,
    MOST_PEOPLE,
    Ack,
    Answered,
    Ask,
    ClassState,
    Closed,
    End,
    Entitled,
    Far,
    Features,
    FeatureState,
    Person,
    Ping,
    Pong,
    Resync,
    Retry,
    Roster,
    SessionNow,
    Stopped,
    Withdraw,
)  # fmt: skip
from deskside.messages import Message
from deskside.port import Participant, Port
from deskside.wire import CORE_CHANNEL, Packet

if TYPE_CHECKING:
    from deskside.host_session import HostSession

log = logging.getLogger(__name__)

MOST_AT_ONCE = 20


class HostInbox:
    """Takes packets; whatever is wrong in one ends the road, or closes the channel for its sender."""

    def __init__(self, session: "HostSession") -> None:
        self._session = session
        self._names: dict[int, str] = {}
        self._told = Features(())
        self._serial = 0
        self.label = ""
        """What the licence itself says of every support; no viewer can leave it out."""
        self._rights: tuple[str, str] | None = None
        self.is_entitled = False
        """Known what this session may use."""
        self._early: dict[tuple[int, bool], Resync] = {}
        """Of pages that are not known yet: the bulk road may be quicker than the main one."""

    def received(self, packet: Packet, bulk: bool) -> None:
        """Take a packet of a road."""
        del bulk
        if packet.channel == CORE_CHANNEL:
            self._core(packet)
            return
        session, name = self._session, self._names.get(packet.channel, "")
        port = session.ports.get(name)
        if port is None:
            raise BadMessage(f"a packet for channel {packet.channel}, which nobody agreed on")
        if not self._knows(port, packet.participant):
            return
        try:
            if not packet.body or not session.allows(port.spec.feature):
                port.discard(packet.participant, packet.number, packet.body)
            else:
                port.arrived(packet.participant, packet.number, packet.body)
        except BadMessage as error:
            self._refuse(port, packet.participant, error)

    def _knows(self, port: Port, participant: int) -> bool:
        """Tell whether someone can speak on a channel; of who has gone for good something may still come."""
        return participant == 0 if port.to_machine else participant in self._session.people

    def _refuse(self, port: Port, participant: int, error: BadMessage) -> None:
        if participant in port.refused:
            return
        port.refuse(participant)
        self._session.refused(f"page {participant}" if participant else "the viewer", f"{port.name}: {error}")
        self._session.report("", "channel_closed", {"channel": port.name, "reason": str(error)[:200]})
        self._session.link.say(Closed(port.name, "closed.bad_message"), participant)

    def _core(self, packet: Packet) -> None:
        session = self._session
        match CORE.decode(packet.body):
            case Hello() as hello:
                self._agree(hello)
            case Roster(people):
                self._people(people)
            case Resync() as told:
                self._resync(packet.participant, told)
            case Ack(channel, number) if channel in session.ports:
                self._acknowledged(session.ports[channel], packet.participant, number)
            case Entitled() as entitled:
                self.entitle(entitled.licence, entitled.entitlement)
            case Features() as features:
                self._told = features
                self.judge()
                self._disown()
            case Stopped(plugin, reason):
                session.runner.stop(plugin, reason)
            case Retry(plugin):
                session.runner.retry(plugin)
            case other:
                self._about_session(other)

    def _acknowledged(self, port: Port, participant: int, number: int) -> None:
        if not self._knows(port, participant):
            return
        try:
            port.acknowledged(participant, number)
        except BadMessage:
            if not participant:
                raise
            # One page's mistake must not cost the others the road: that page begins anew.
            self._session.fell_behind(participant)

    def _about_session(self, message: Message) -> None:
        session = self._session
        match message:
            case Ask() as ask:
                session.put_question(ask)
            case ClassState(channel, quality, members, acked, refresh, arrived):
                spec = session.catalogue.channels.get(channel)
                if spec is not None:
                    owner = session.media_of(channel, spec)
                    owner.told(quality, members, acked, arrived, refresh=refresh)
            case SessionNow() as now:
                session.session_now(now)
            case Withdraw(features):
                session.desk.forget(features)
                self.judge()
            case End(reason):
                session.finish(reason, by="agent")
            case Ping(stamp):
                session.link.say(Pong(stamp, -1.0))
            case Pong() | Answered() | Closed() | Ack():
                pass
            case other:
                raise BadMessage(f"{type(other).wire_name()} is nothing that a viewer sends")

    def judge(self) -> None:
        """Apply the viewer's word on features, as far as this machine agrees."""
        session = self._session
        told = self._told.features if session.is_admitted else ()
        agreed = [session.desk.agreed(one) for one in told]
        session.now_on({one.key: one for one in agreed if one is not None})
        session.let_run()
        session.notice_changed()

    def _disown(self) -> None:
        """Give back what the viewer takes for granted but this customer has not allowed, or no longer."""
        desk = self._session.desk
        on = (one.key for one in self._told.features if one.state is FeatureState.ON)
        if lost := tuple(key for key in on if desk.is_unanswered(key)):
            self._session.link.say(Withdraw(lost[:MOST_AT_ONCE]))

    def _agree(self, hello: Hello) -> None:
        session = self._session
        log.info("session %s: the other end is %s", session.id, in_words(hello))
        agreement = agree(session.hello, hello, session.side)
        if isinstance(agreement, Refusal):
            session.finish(agreement.reason)
            return
        session.agreement = agreement
        session.desk.incapable = agreement.incapable
        for key, refusal in agreement.incapable.items():
            log.info("%s is off: %s", key, session.say("", refusal.reason, refusal.values))
        self._names = {number: name for name, number in agreement.channels.items()}
        for name, port in session.ports.items():
            port.codec = session.codec_of(name, port.spec)
        session.link.say(session.resync_to(0, Far.VIEWER, bulk=False, is_answer=False))
        session.admit()
        if self._rights is not None:
            rights, self._rights = self._rights, None
            self.entitle(*rights)

    def _people(self, people: tuple[Person, ...]) -> None:
        session = self._session
        now = {one.id: Participant(one.id, one.name, one.role, one.present) for one in people}
        for gone in set(session.people) - set(now):
            session.forget_streams(gone)
        session.people = now
        session.people_changed()
        session.show_people()
        early, self._early = self._early, {}
        for (participant, _), told in early.items():
            self._resync(participant, told)

    def _resync(self, participant: int, told: Resync) -> None:
        session = self._session
        if participant and participant not in session.people:
            if len(self._early) >= 2 * MOST_PEOPLE:
                raise BadMessage("more pages than a session can hold speak before they are known")
            self._early[participant, told.bulk] = told
            return
        session.resynced(participant, told)
        if participant:
            answer = session.resync_to(participant, Far.HOST, bulk=told.bulk, is_answer=True)
            session.link.say(answer, participant, bulk=told.bulk)

    def entitle(self, licence: str, entitlement: str) -> None:
        """Check what this session may use; without a right there is no session.

        What comes before the viewer is there waits for it, so that the agent learns of a no.
        """
        session = self._session
        if session.agreement is None:
            self._rights = licence, entitlement
            return
        now, is_running = session.around.now(), self._serial > 0 or session.ports_out.resumed
        chain = session.trust.check(licence, entitlement, session.id, now, is_running=is_running)
        if isinstance(chain, Refusal):
            session.desk.licensed = frozenset()
            session.report("", "entitlement_refused", {"reason": chain.reason})
            session.link.say(End(chain.reason))
            session.finish(chain.reason)
            return
        if chain.entitlement.serial >= self._serial:
            self._serial = chain.entitlement.serial
            session.desk.licensed = chain.features
            session.desk.not_sold = not_sold(chain.licence)
            session.option_values = chain.options(session.catalogue)
            self.label = "demo" if chain.licence.demo else ""
            session.show_label(self.label)
            self.is_entitled = True
            if not session.is_admitted:
                session.admit()
            self.judge()
