"""One page of a session: its line to the viewer, and what the viewer does with each of its packets."""

import itertools
from typing import TYPE_CHECKING

import anyio
import anyio.lowlevel
from attrs import define, field

from deskside.declare import ChannelSpec, Ends, Lane, Role
from deskside.errors import BadMessage, TransportEnded
from deskside.lanes import ORDER
from deskside.link import (
    CORE,
    MOST_PEOPLE,
    Ack,
    Closed,
    End,
    Enter,
    Far,
    MediaAck,
    Ping,
    Pong,
    Request,
    Resync,
    Retry,
    Welcome,
    Withdraw,
)  # fmt: skip
from deskside.messages import Message
from deskside.pace import Pace
from deskside.program_link import AT_ONCE
from deskside.schedule import MOST_PASSING, Schedule
from deskside.transport import Transport
from deskside.viewer_memory import Known
from deskside.wire import CORE_CHANNEL, Packet

if TYPE_CHECKING:
    from deskside.viewer_session import ViewerSession

ENTER_S = 10
BEHIND, REPLACED = 4008, 4009
CHANGES_AT_ONCE, CHANGES_PER_S = 200, 20
CHANGES = (Request, Withdraw, Retry, End)
"""What has everything judged anew, or asks the customer."""
JOINS_AT_ONCE, JOINS_PER_S = 20, 0.5
"""Each time the owner begins anew for all of a class."""


@define(eq=False)
class PageLink:
    """A page that is connected."""

    known: Known
    transport: Transport
    number_of: dict[str, int]
    schedule: Schedule = field(init=False)
    close_code: int = 1000
    synced: set[bool] = field(factory=set)
    """Roads to the host, main and bulk, on which it has said what it received; what comes before is old."""
    _wake: anyio.Event = field(factory=anyio.Event)
    _scope: anyio.CancelScope = field(factory=anyio.CancelScope)

    def __attrs_post_init__(self) -> None:
        self.schedule = Schedule(self.number_of.__getitem__, lambda: self._wake.set())

    @property
    def role(self) -> Role:
        """Return what the page is in the session."""
        return Role(self.known.role)

    def say(self, message: Message) -> None:
        """Send a core message; a page that reads none of them begins anew."""
        if self.schedule.is_choked:
            self.drop(BEHIND)
            return
        self.schedule.put_core(Packet(CORE_CHANNEL, 0, self.known.id, CORE.encode(message)))

    def pass_on(self, lane: Lane, packet: Packet) -> None:
        """Send a packet of the host; a page that lets too much pile up begins anew."""
        if self.schedule.passing_bytes(lane) > 8 * MOST_PASSING:
            self.drop(BEHIND)
            return
        self.schedule.put_passing(lane, packet)

    def drop(self, code: int) -> None:
        """Close the page's line."""
        self.close_code = code
        self._scope.cancel()

    async def carry(self, session: "ViewerSession") -> None:
        """Use the line until it ends."""
        with self._scope:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._send, tasks.cancel_scope)
                try:
                    await self._receive(session)
                except BadMessage as error:
                    session.refused(f"page {self.known.id}", error)
                except TransportEnded:
                    pass
                tasks.cancel_scope.cancel()

    async def _send(self, scope: anyio.CancelScope) -> None:
        try:
            while True:
                packet = self.schedule.next(ORDER)
                if packet is None:
                    self._wake = anyio.Event()
                    await self._wake.wait()
                    continue
                await self.transport.send(packet.encode())
        except TransportEnded:
            scope.cancel()

    async def _receive(self, session: "ViewerSession") -> None:
        inbox = PageInbox(session, self)
        for count in itertools.count(1):
            packet = Packet.decode(await self.transport.receive())
            inbox.received(packet)
            if count % AT_ONCE == 0:
                await anyio.lowlevel.checkpoint()
            while session.link.schedule.is_full:  # noqa: ASYNC110
                await anyio.sleep(0.01)


class PageInbox:
    """Takes a page's packets; whatever is wrong in one ends the line or closes the channel for it."""

    def __init__(self, session: "ViewerSession", page: PageLink) -> None:
        self._session = session
        self._page = page
        self._id = page.known.id
        self._closed_channels: set[str] = set()
        self._pace = Pace(CHANGES_AT_ONCE, CHANGES_PER_S)
        self._joins = Pace(JOINS_AT_ONCE, JOINS_PER_S)

    def received(self, packet: Packet) -> None:
        """Take a packet."""
        if packet.channel == CORE_CHANNEL:
            self._core(CORE.decode(packet.body))
            return
        session = self._session
        name = session.page_names.get(packet.channel, "")
        spec = session.catalogue.channels.get(name)
        if spec is None or packet.number == 0 or spec.ends is Ends.HOST_VIEWER or spec.lane is Lane.MEDIA:
            raise BadMessage(f"a packet for channel {packet.channel}, on which pages do not send")
        if spec.ends is Ends.HOST_PAGE:
            self._to_host(name, packet)
        elif not session.allows(spec.feature):
            session.ports[name].discard(self._id, packet.number, packet.body)
        else:
            self._to_viewer(name, packet)

    def _to_viewer(self, name: str, packet: Packet) -> None:
        try:
            self._session.ports[name].arrived(self._id, packet.number, packet.body)
        except BadMessage as error:
            self._session.ports[name].refuse(self._id)
            self._closed(name, error)

    def _to_host(self, name: str, packet: Packet) -> None:
        """Check, stamp and pass on; what must not pass goes on empty, so that numbers stay whole."""
        session = self._session
        spec = session.catalogue.channels[name]
        if not self._is_synced(spec):
            return
        body = b""
        try:
            if self._page.role in spec.senders and session.allows(spec.feature):
                body = session.for_host(name, packet.body)
            elif self._page.role not in spec.senders:
                raise BadMessage(f"a page of this role may not send on {name}")
        except BadMessage as error:
            self._closed(name, error)
        if session.agreement is not None and name in session.agreement.channels:
            number = session.agreement.channels[name]
            session.link.schedule.put_passing(spec.lane, Packet(number, packet.number, self._id, body))

    def _is_synced(self, spec: ChannelSpec) -> bool:
        return (spec.lane is Lane.BULK) in self._page.synced

    def _closed(self, name: str, error: BadMessage) -> None:
        if name in self._closed_channels:
            return
        self._closed_channels.add(name)
        self._session.refused(f"page {self._id}", f"{name}: {error}")
        self._session.report("", "channel_closed", {"channel": name, "reason": str(error)[:200]})
        self._page.say(Closed(name, "closed.bad_message"))

    def _core(self, message: Message) -> None:  # noqa: C901 - one case per message
        session, page = self._session, self._page
        if isinstance(message, CHANGES) and not self._pace.allows():
            raise BadMessage(f"more of {type(message).wire_name()} than anybody presses")
        match message:
            case Resync() as told:
                self._resync(told)
            case Ack(channel, number):
                spec = session.catalogue.channels.get(channel)
                if spec is not None and spec.ends is Ends.HOST_PAGE:
                    if self._is_synced(spec):
                        session.link.say(message, self._id)
                elif spec is not None and spec.ends is Ends.VIEWER_PAGE:
                    session.ports[channel].acknowledged(self._id, number)
            case MediaAck(channel, total, arrived) if channel in session.fans:
                if total or arrived:
                    session.fans[channel].shown(self._id, total, arrived)
                elif self._joins.allows():
                    session.fans[channel].joined(self._id)
                else:
                    raise BadMessage("more of media_ack with 0 than any page joins")
            case Ping(stamp):
                page.say(Pong(stamp, session.line_ms, session.late_ms))
            case Request() as request if page.role is Role.AGENT:
                session.request(page, request)
            case Withdraw(features) if page.role is Role.AGENT:
                session.switch_off(features, page.known.name)
            case Retry(plugin) if page.role is Role.AGENT:
                session.retry(plugin)
            case End() if page.role in (Role.AGENT, Role.CUSTOMER):
                session.end(f"ended.{page.role}", page.known.name)
            case Closed(channel) if channel in session.catalogue.channels:
                session.refused("the customer's machine", f"{channel}: page {self._id} cannot read it")
            case Pong() | Enter() | MediaAck() | Closed():
                pass
            case other:
                raise BadMessage(f"{type(other).wire_name()} is nothing that this page may send")

    def _resync(self, told: Resync) -> None:
        session = self._session
        if told.far is Far.HOST:
            if told.bulk in session.link.roads:
                session.link.say(told, self._id, bulk=told.bulk)
                self._page.synced.add(told.bulk)
            return
        session.resynced(self._id, told)
        self._page.say(session.resync_to(self._id, Far.VIEWER, bulk=told.bulk, is_answer=True))


async def enter(session: "ViewerSession", transport: Transport, name: str, role: Role, user: str) -> PageLink:
    """Let a page in: as who it was, if it can show that, else as somebody new.

    :raises BadMessage: if it does not begin as a page must
    """
    try:
        with anyio.fail_after(ENTER_S):
            packet = Packet.decode(await transport.receive())
    except (TimeoutError, TransportEnded):
        raise BadMessage("the page went, or said nothing") from None
    asked = CORE.decode(packet.body)
    if not isinstance(asked, Enter):
        raise BadMessage("a page begins with Enter")
    back = session.guests.back(asked, role, user)
    if len(session.pages) >= MOST_PEOPLE and (back is None or back.id not in session.pages):
        raise BadMessage("this session has as many pages as it can hold")
    known = back or session.guests.new(name, role, user)
    # Streams of a number that was forgotten, or was never this page's, mean nothing under a new one.
    is_other = asked.participant not in (0, known.id)
    renew = is_other or (asked.boot == known.boot and known.id in session.must_renew)
    known.boot = asked.boot
    session.must_renew.discard(known.id)
    page = PageLink(known, transport, session.page_numbers)
    page.say(Welcome(known.id, known.secret, session.boot, renew))
    return page
