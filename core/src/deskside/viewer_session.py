"""The viewer's end of a session: it joins one host and any number of pages, and owns the grants."""

from time import monotonic

import anyio
import anyio.abc
from attrs import evolve

from deskside.agree import hello_of, unmet
from deskside.declare import Role
from deskside.grants import Gate, Grant, Refusal
from deskside.link import (
    End,
    HostLink,
    Ping,
    Request,
    Retry,
    SessionNow,
    Stopped,
    Withdraw,
)  # fmt: skip
from deskside.messages import Message
from deskside.notice import PAUSED, SessionState, state_name
from deskside.port import Participant
from deskside.services import needs_of, supplied
from deskside.session import RECONNECT_S, Surroundings
from deskside.transport import Transport
from deskside.viewer_grants import Grants
from deskside.viewer_inbox import ViewerInbox
from deskside.viewer_lines import ViewerLines
from deskside.viewer_memory import Checkpoint, Memory
from deskside.viewer_page import REPLACED, PageLink, enter
from deskside.viewer_people import People
from deskside.viewer_ports import Entitlement, ViewerPorts
from deskside.viewer_roads import ViewerRoads

TICK_S = 0.25
LATE_FADES = 0.8
"""Per tick, so that somebody who asks every two seconds hears of a moment between."""
NAMELESS = {"ended.agent": {"by": "agent"}, "ended.forced": {"reason": "", "by": ""}}
"""How reasons that name somebody are told where no name is shown."""
EVENTS_UNSAVED = 1000
"""More events than can have been reported since the last time this was stored."""


class ViewerSession(ViewerLines):
    """Runs the viewer parts of one session until it ends."""

    def __init__(
        self,
        around: Surroundings,
        ports: ViewerPorts,
        memory: Memory,
        entitlement: Entitlement,
        code: str = "",
    ) -> None:
        self.memory = memory
        super().__init__(memory.id, around, ViewerInbox(self).received)
        self.number = memory.number
        self.ports_out = ports
        self.entitlement = entitlement
        self.option_values = {
            key: one.options for key, one in entitlement.features.items() if isinstance(one, Grant)
        }
        self.state = SessionState.SUSPENDED if memory.began else SessionState.WAITING
        self.reason, self.by, self.ended = "", "", 0.0
        self.line_ms = -1.0
        self.late_ms = 0.0
        """How late the loop gets to what is due: what this program adds to everything that passes."""
        self.hello = evolve(
            hello_of(self.catalogue, ports.program),
            supplies=supplied(around.plugins, self.side, around.supplies),
            needs=needs_of(around.plugins),
        )
        self.unmet = unmet({self.side: self.hello})
        """Features that need a service which this program should supply and does not."""
        self.roads = ViewerRoads(self, code)
        self.grants = Grants(self)
        self.guests = People(self)
        self._lost_since = monotonic()
        self._tasks: anyio.abc.TaskGroup | None = None
        self._events = memory.events + (EVENTS_UNSAVED if memory.events else 0)
        self._remember()

    async def run(self) -> None:
        """Run until the session has ended."""
        async with anyio.create_task_group() as tasks:
            self._tasks = tasks
            self.runner.use(tasks)
            self.grants.judge()
            if self.memory.kind != "chat":
                tasks.start_soon(self.roads.keep, False)
                tasks.start_soon(self.roads.keep, True)
            tasks.start_soon(self._tick)
            await self.over.wait()
            self.tell_state()
            self.link.say(End(self.reason))
            await self.runner.end()
            self.close_record()
            with anyio.move_on_after(1):
                await anyio.sleep(0.3)
            tasks.cancel_scope.cancel()

    async def serve(self, transport: Transport, name: str, role: Role, user: str = "") -> int:
        """Serve one page until its line ends; return the close code to send.

        :raises BadMessage: if it does not begin as a page must
        """
        page = await enter(self, transport, name, role, user)
        number = page.known.id
        if number in self.pages:
            self.pages[number].drop(REPLACED)
        self.guests.came(page)
        try:
            await self.save()
            self._greet(page)
            await page.carry(self)
        finally:
            if self.pages.get(number) is page:
                self.guests.left(number)
        return page.close_code

    def _greet(self, page: PageLink) -> None:
        if page.role is Role.CUSTOMER and self.agreement is None:
            self.memory.customer = self.memory.customer or page.known.name
            self.become(SessionState.ACTIVE)
        self.guests.tell()
        page.say(self.session_now(page.role))
        page.say(self.grants.for_page(page.role))
        page.say(HostLink(False in self.link.roads, True in self.link.roads, self.around.now()))

    # The session as a whole.

    def become(self, state: SessionState, reason: str = "", by: str = "") -> None:
        """Change the state and tell everyone."""
        if state is SessionState.ACTIVE and self.grants.paused:
            reason = PAUSED
        if self.state is SessionState.ENDED or (state, reason) == (self.state, self.reason):
            return
        if state is SessionState.ACTIVE and not self.memory.began:
            self.memory.began = self.around.now()
            self.report("", "session_began", {"kind": self.memory.kind, "customer": self.memory.customer})
        elif state is not SessionState.ENDED:
            self.report("", "state_changed", {"state": state_name(state, reason)})
        if state is SessionState.SUSPENDED and self.state is not SessionState.SUSPENDED:
            self._lost_since = monotonic()
        self.state, self.reason, self.by = state, reason, by
        if state is SessionState.ENDED:
            self.ended = self.around.now()
            self.report("", "session_ended", {"reason": reason, "by": by})
            self.over.set()
        self.tell_state()
        self.ports_out.changed()

    def end(self, reason: str, by: str) -> None:
        """End the session."""
        self.become(SessionState.ENDED, reason, by)

    def session_now(self, role: Role = Role.AGENT) -> SessionNow:
        """Return where the session is, for a page of this role or for the host."""
        memory = self.memory
        now = SessionNow(
            state=self.state, reason=self.reason, by=self.by, number=memory.number, agent=memory.agent,
            company=memory.company, customer=memory.customer, began=memory.began, ended=self.ended,
            # Pages of customers speak through the server, which could read along.
            sealed_to_agent=self.ports_out.sealed_to_agent and not memory.admitted,
            label=self.entitlement.label,
            hides_agent=memory.hides_agent,
        )  # fmt: skip
        if role is not Role.CUSTOMER or self.state is not SessionState.ENDED or not memory.hides_agent:
            return now
        told = NAMELESS.get(self.reason, {})
        return evolve(now, agent="", reason=told.get("reason", now.reason), by=told.get("by", now.by))

    def tell_state(self) -> None:
        """Tell the host and every page where the session is."""
        self.link.say(self.session_now())
        for page in self.pages.values():
            page.say(self.session_now(page.role))

    def tell_all(self, message: Message) -> None:
        """Send a core message to the host and every page."""
        self.link.say(message)
        for page in self.pages.values():
            page.say(message)

    def person(self, participant: int) -> Participant:
        """Return who a participant is; 0 is the customer at his own machine."""
        if participant == 0:
            return Participant(0, self.memory.customer, Role.CUSTOMER)
        return super().person(participant)

    # What plugins and pages ask for.

    async def ask_for(
        self, plugin: str, features: tuple[str, ...], detail: str, who: Participant | None
    ) -> Grant | Refusal:
        """Get a grant for a plugin."""
        del plugin
        outcome = await self.grants.get(features, detail, who.id if who else 0)
        if outcome.granted == features:
            return Grant(features[0])
        values = {one.name: one.value for one in outcome.values}
        return Refusal(Gate(outcome.gate), outcome.reason, values)

    async def take_back(self, features: tuple[str, ...]) -> None:
        """Withdraw grants."""
        self.switch_off(features, "")

    def request(self, page: PageLink, request: Request) -> None:
        """Answer a page's request, in its own time."""
        if self._tasks is not None:
            self._tasks.start_soon(self._request, page, request)

    async def _request(self, page: PageLink, request: Request) -> None:
        outcome = await self.grants.get(request.features, request.detail, page.known.id, request.id)
        self.pages.get(page.known.id, page).say(outcome)

    def switch_off(self, features: tuple[str, ...], by: str) -> None:
        """Take grants back for the agent."""
        self.grants.take_back(features, by)
        self.link.say(Withdraw(features))

    def retry(self, plugin: str) -> None:
        """Start a stopped plugin again on both sides."""
        self.link.say(Retry(plugin))
        self.grants.failed.pop(plugin, None)
        self.runner.retry(plugin)
        self.grants.judge()

    def plugin_failed(self, name: str, reason: str) -> None:
        """Tell host and pages that a plugin was stopped here."""
        self.report("", "plugin_stopped", {"plugin": name, "reason": reason})
        self.link.say(Stopped(name, reason))
        self.grants.failed[name] = reason
        self.grants.judge()

    async def keep(self, plugin: str, state: bytes) -> None:
        """Store a plugin's state with what it has consumed."""
        consumed = {
            name: port.consumed_numbers()
            for name, port in self.ports.items()
            if name.split(".", 1)[0] == plugin
        }
        self.memory.checkpoints[plugin] = Checkpoint(state, consumed)
        await self.save()

    def kept(self, plugin: str) -> bytes | None:
        """Return the state stored last."""
        kept = self.memory.checkpoints.get(plugin)
        return kept.state if kept else None

    async def save(self) -> None:
        """Store everything that a new process needs."""
        self.memory.events = self._events
        self.memory.keep_boots(self.far_boots)
        await self.ports_out.save(self.memory.to_bytes())

    def _remember(self) -> None:
        self.far_boots.update(self.memory.kept_boots())
        for name, participant, number in self.memory.consumed():
            if name in self.ports and (participant == 0 or participant in self.memory.pages):
                self.ports[name].pair(participant).inc.clear(number)
        self.guests.remember()

    async def _tick(self) -> None:
        while True:
            began = monotonic()
            await anyio.sleep(TICK_S)
            self.late_ms = max((monotonic() - began - TICK_S) * 1000, self.late_ms * LATE_FADES)
            self.link.say(Ping(monotonic()))
            self.link.keep_bulk_awake()
            self.stop_hung()
            for fan in self.fans.values():
                fan.tick()
            if self.state is SessionState.SUSPENDED and monotonic() - self._lost_since > RECONNECT_S:
                self.end("ended.lost", "")
