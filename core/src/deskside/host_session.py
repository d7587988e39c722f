"""The host's end of a session: the machine that is shared."""

from functools import partial
from pathlib import Path
from time import monotonic

import anyio
from attrs import evolve

from deskside.agree import hello_of
from deskside.declare import Lane, Role, Side
from deskside.host_asking import HostAsking
from deskside.host_desk import Desk
from deskside.host_inbox import HostInbox
from deskside.host_ports import HostPorts
from deskside.host_roads import keep_road
from deskside.link import (
    Ack,
    Drop,
    End,
    Far,
    Paused,
    Ping,
    SessionNow,
    Stopped,
    Withdraw,
)
from deskside.notice import NoticeState, SessionState
from deskside.program_link import ProgramLink
from deskside.services import needs_of, supplied
from deskside.session import RECONNECT_S, Surroundings
from deskside.streams import Outgoing
from deskside.wire import CORE_CHANNEL, Packet

TICK_S = 1.0
FLUSH_S = 2.0
VIEWER = "the viewer"
OF_CUSTOMER = {"ended.customer": "ended.you", "ended.refused": "ended.you.refused"}
"""What others are told of the customer is said to himself in other words."""


class HostSession(HostAsking):
    """Runs the host parts of one session until it ends."""

    side = Side.HOST

    def __init__(
        self, id: str, around: Surroundings, ports: HostPorts, *, code: str = "", secret: bytes = b""  # noqa: A002
    ) -> None:  # fmt: skip
        super().__init__(id, around)
        self.ports_out = ports
        self.code = code
        self.secret = secret
        self.inbox = HostInbox(self)
        self.is_admitted = bool(secret)
        self.link = ProgramLink(self._number_of, self.inbox.received, partial(self.refused, VIEWER))
        self.desk = Desk(self.catalogue, ports.consent, self._asked)
        self.notice = NoticeState()
        self.failure: str = ""
        """Why the first connection failed, as a text key."""
        self.trust = ports.trust
        self.hello = evolve(
            hello_of(self.catalogue, ports.program, ports.unavailable),
            person=ports.person[:80],
            system=ports.system[:80],
            supplies=supplied(around.plugins, self.side, around.supplies, ports.unavailable),
            needs=needs_of(around.plugins),
        )
        self._hides_agent = False
        self._lost_since = monotonic()

    async def run(self) -> None:
        """Run until the session has ended on both sides or cannot be reached again."""
        async with anyio.create_task_group() as tasks:
            self._tasks = tasks
            self.runner.use(tasks)
            tasks.start_soon(keep_road, self, False)
            tasks.start_soon(keep_road, self, True)
            tasks.start_soon(self._tick)
            await self.over.wait()
            await self.runner.end()
            self.close_record()
            await self.link.flush(FLUSH_S)
            tasks.cancel_scope.cancel()

    # What the customer does.

    def stop(self, feature: str) -> None:
        """Take a feature back, or pause one that can pause, as its line in the notice window says."""
        declared = self.catalogue.features.get(feature)
        if declared is None:
            return
        if declared.can_pause:
            self.pause(feature, is_paused=feature not in self.desk.paused)
            return
        self._withdraw((feature,))

    def press(self, button_id: str) -> None:
        """Press a plugin's button."""
        for one in self.runner.running.values():
            for button in one.session.notice.buttons:
                if button.state.id == button_id:
                    button.press()

    def drop(self, paths: tuple[Path, ...]) -> None:
        """Give dropped files to the plugin that takes them."""
        for one in self.runner.running.values():
            if one.session.notice.accepts_files:
                one.session.notice.drop(paths)
                return

    def end(self, reason: str = "ended.customer") -> None:
        """End the support."""
        if self.over.is_set():
            return
        self.link.say(End(reason))
        self.finish(reason)

    # What plugins ask for.

    async def take_back(self, features: tuple[str, ...]) -> None:
        """Withdraw grants."""
        self._withdraw(features)

    def pause(self, feature: str, *, is_paused: bool) -> None:
        """Pause or resume a feature; pausing takes back what needs it."""
        if is_paused:
            self.desk.paused.add(feature)
            if fallen := self.desk.falls_with(feature):
                self._withdraw(fallen)
        else:
            self.desk.paused.discard(feature)
        self.report("", "feature_paused" if is_paused else "feature_resumed", {"feature": feature})
        self.link.say(Paused(feature, is_paused))
        self.inbox.judge()

    def plugin_failed(self, name: str, reason: str) -> None:
        """Tell the viewer that a plugin was stopped here."""
        self.report("", "plugin_stopped", {"plugin": name, "reason": reason})
        self.link.say(Stopped(name, reason))
        self.notice_changed()

    def notice_changed(self) -> None:
        """Draw the notice window anew."""
        plugins = [one.session.notice for _, one in sorted(self.runner.running.items())]
        self.notice = evolve(
            self.notice,
            lines=self.desk.lines(self.features, lambda key: self.say("", f"{key}.indicator", {})),
            buttons=tuple(button.state for one in plugins for button in one.buttons),
            messages=tuple(one.message for one in plugins if one.message),
            accepts_files=any(one.accepts_files for one in plugins),
        )
        self.ports_out.show(self.notice)

    # Streams.

    def transmit(self, stream: Outgoing) -> None:
        """Put a stream's next packets on the line."""
        self.link.schedule.put_stream(stream)

    def say_ack(self, channel: str, participant: int, number: int) -> None:
        """Acknowledge to a participant."""
        self.link.say(Ack(channel, number), participant)

    def fell_behind(self, participant: int) -> None:
        """Make a page begin anew."""
        self.link.say(Drop("closed.behind"), participant)

    def transmit_media(self, channel: str, quality: int, mark: int, body: bytes) -> None:
        """Put a media packet on the line."""
        if False in self.link.roads:
            self.link.schedule.put_passing(Lane.MEDIA, Packet(self._number_of(channel), mark, quality, body))

    def _number_of(self, channel: str) -> int:
        return self.agreement.channels[channel] if self.agreement else CORE_CHANNEL

    # The line.

    def begun(self, *, bulk: bool) -> None:
        """Speak first on a new road."""
        if bulk:
            self.link.say(self.resync_to(0, Far.VIEWER, bulk=True, is_answer=False), bulk=True)
            return
        self.link.say(self.hello)
        self._show(state=SessionState.AGREEING, reason="")

    def lost(self, *, bulk: bool) -> None:
        """Hold back what is for a far end that cannot be reached."""
        for participant in [0, *self.people]:
            self.unready(participant, bulk=bulk)
        self.link.lost(bulk=bulk)
        if bulk or self.over.is_set():
            return
        for one in self.media.values():
            one.begin_anew()
        if self.notice.state is not SessionState.SUSPENDED:
            self._lost_since = monotonic()
            self._show(state=SessionState.SUSPENDED, reason=self.say("", "session.lost", {}))

    def fail(self, reason: str) -> None:
        """Give up: the very first connection failed, so there never was a session."""
        self.failure = reason
        self.over.set()

    def _withdraw(self, features: tuple[str, ...]) -> None:
        self.desk.take_back(features)
        for key in features:
            self.report("", "feature_withdrawn", {"feature": key, "by": "customer"})
        self.link.say(Withdraw(features))
        self.inbox.judge()

    def entitle(self, licence: str, entitlement: str) -> None:
        """Take fresh rights from the gateway itself."""
        self.inbox.entitle(licence, entitlement)

    def session_now(self, now: SessionNow) -> None:
        """Take the viewer's word on where the session is."""
        self.number = now.number
        self._hides_agent = now.hides_agent
        if now.state is SessionState.ENDED:
            self.finish(now.reason, now.by)
            return
        self._show(
            state=now.state, company=now.company, number=now.number, began=now.began or None,
            sealed_to_agent=now.sealed_to_agent, label=now.label or self.inbox.label, reason="",
        )  # fmt: skip

    def show_label(self, label: str) -> None:
        """Show what the licence says of every support, unless the viewer has said it in better words."""
        self._show(label=self.notice.label or label)

    def show_people(self) -> None:
        """Show who is there."""
        agents = tuple(one.name for one in self.people.values() if one.role is not Role.CUSTOMER)
        self._show(agents=agents)

    async def _tick(self) -> None:
        while True:
            await anyio.sleep(TICK_S)
            self.link.say(Ping(monotonic()))
            self.link.keep_bulk_awake()
            self.stop_hung()
            if self.notice.state is SessionState.SUSPENDED and monotonic() - self._lost_since > RECONNECT_S:
                self.finish("ended.lost")

    def finish(self, reason: str, by: str = "") -> None:
        """Show that it is over, and why, in words for the customer himself."""
        if self.over.is_set():
            return
        is_agent = self._hides_agent or by == "agent"
        who = self.say("", "by.agent", {}) if is_agent else by
        if self._hides_agent and reason == "ended.forced":
            reason = ""
        shown = self.say("", OF_CUSTOMER.get(reason, reason), {"by": who}) if reason else ""
        agents = () if self._hides_agent else self.notice.agents
        self._show(state=SessionState.ENDED, reason=shown, agents=agents)
        self.over.set()

    def _show(self, **changes: object) -> None:
        if self.over.is_set():
            # What its viewer still says must not take the place of why it is over.
            return
        self.notice = evolve(self.notice, **changes)  # type: ignore[arg-type]
        self.notice_changed()
