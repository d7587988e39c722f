"""All sessions of this viewer: started, taken up again, shown, ended."""

import functools
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

import anyio
import anyio.abc
from attrs import define, field, frozen

from deskside.errors import TransportEnded
from deskside.loader import Plugins
from deskside.notice import SessionState
from deskside.restarting import packages_of, restart_without
from deskside.running import BLOCKED
from deskside.session import Surroundings
from deskside.texts import Texts
from deskside.transport import Transport
from deskside.viewer_memory import Memory
from deskside.viewer_ports import ViewerPorts
from deskside.viewer_session import ViewerSession
from deskside.watchdog import Watchdog
from deskside_viewer import lending, rights
from deskside_viewer.gateway import Fields, Gateway, GatewayRefused
from deskside_viewer.live import Live, secret_of
from deskside_viewer.resuming import Resuming
from deskside_viewer.store import SessionStore
from deskside_viewer.telling import Telling

log = logging.getLogger(__name__)

MOST_SESSIONS = 500
KEPT_S = 4 * 3600
"""How long an ended session stays on the console."""
TIDY_S = 5.0


@frozen
class Agent:
    """Whose console this is."""

    token: str
    user: str
    name: str
    chat_name: str
    login_name: str
    company: str
    sign_in: int
    password_due: bool
    password_level: str
    keeps_log: bool = False
    sends_feedback: bool = False
    no_licence: str = ""
    """A text key: why the company's licence lets nobody begin a support, if it does."""


@define(eq=False)
class Hub:
    """The viewer program's state."""

    gateway: Gateway
    plugins: Plugins
    words: Texts
    store: SessionStore
    sealed_to_agent: bool = False
    demo: "Callable[[Hub, Live], Coroutine[object, object, None]] | None" = None
    sessions: dict[str, Live] = field(factory=dict)
    signed_out: Callable[[object], None] = lambda _: None
    """Told which sign-in has ended."""
    resuming: Resuming = field(init=False)
    _telling: Telling = field(init=False)
    _tasks: anyio.abc.TaskGroup | None = None
    _changed: anyio.Event = field(factory=anyio.Event)

    def __attrs_post_init__(self) -> None:
        self.resuming = Resuming(self)
        self._telling = Telling(self.gateway)

    @asynccontextmanager
    async def life(self) -> AsyncIterator[None]:
        """Run until the block ends; sessions that were live before are taken up again."""
        async with anyio.create_task_group() as tasks:
            self._tasks = tasks
            await self.resuming.start()
            tasks.start_soon(self._telling.run)
            tasks.start_soon(self._tidy)
            tasks.start_soon(Watchdog(packages_of(self.plugins), self._blocked, restart_without).run)
            yield
            tasks.cancel_scope.cancel()

    async def wait_for_customer(self, agent: Agent, kind: str, *, demo: bool = False) -> Live:
        """Open a session and wait for its customer.

        :raises GatewayRefused: if the gateway says no
        """
        if len(self.sessions) >= MOST_SESSIONS:
            raise GatewayRefused("refused.too_many")
        wait = await self.gateway.call("new_wait", token=agent.token, kind=kind)
        memory = Memory(
            id=wait["session"], number=wait["number"], kind=kind, user=agent.user, agent=agent.chat_name,
            company=agent.company, ticket=wait["ticket"], hides_agent=wait.get("hides_agent", False),
        )  # fmt: skip
        live = await self.begin(memory, secret_of(wait))
        live.demo = demo
        self._waits(live, wait)
        await live.session.save()
        return live

    async def new_code(self, live: Live) -> None:
        """Show another code; the one before is worth nothing."""
        wait = await self.gateway.call("new_locator", session=live.session.id)
        live.session.roads.code = secret_of(wait)
        self._waits(live, wait)

    async def push(self, name: str, fields: Fields) -> Fields:
        """Answer what the gateway asks.

        :raises GatewayRefused: if the answer is no
        """
        if name == "signed_out":
            self.signed_out(fields.get("sign_in"))
            self.stir()
            return {}
        live = self.sessions.get(str(fields.get("session", "")))
        if live is None:
            raise GatewayRefused("refused.session.unknown")
        if name == "join":
            return await self._join(live, fields)
        if name in lending.CALLS:
            return await lending.CALLS[name](self, live, fields)
        if name == "withdrawn":
            live.session.entitlement = rights.entitlement(fields, live.session.entitlement)
            live.session.grants.judge()
        elif name == "visited":
            live.visited(str(fields.get("browser", "")), str(fields.get("system", "")))
        elif name == "loading":
            live.loading()
        elif name == "end":
            live.session.end("ended.forced", str(fields.get("by", "")))
        return {}

    async def hold_again(self) -> None:
        """Tell the gateway which sessions live here: it was away, and has forgotten."""
        for live in list(self.sessions.values()):
            if live.session.ended:
                continue
            try:
                fresh = await self.gateway.call("ticket", session=live.session.id)
                live.session.memory.ticket = fresh["ticket"]
                self.start(self._tell, live.session)
            except GatewayRefused as no:
                log.warning("%s is not held: %s", live.session.number, no.reason)

    def start(self, task: Callable[..., Coroutine[object, object, object]], *arguments: object) -> None:
        """Run something as long as the program does."""
        if self._tasks is not None:
            self._tasks.start_soon(task, *arguments)

    def stir(self) -> None:
        """Tell consoles that something has changed."""
        self._changed.set()
        self._changed = anyio.Event()

    async def changed(self) -> None:
        """Wait until something has changed that a console shows."""
        await self._changed.wait()

    def _blocked(self, plugin: str) -> None:
        for live in self.sessions.values():
            live.session.runner.fail(plugin, BLOCKED)

    async def begin(self, memory: Memory, code: str) -> Live:
        """Run a session, new or taken up again.

        :raises GatewayRefused: if the gateway says no
        """
        given = await self.gateway.call("entitlement", session=memory.id)
        around = Surroundings(self.plugins, self._telling.note, self.words)
        ports = ViewerPorts(
            dial=functools.partial(self.dial, memory),
            burnt=functools.partial(self._burnt, memory.id),
            paired=functools.partial(self._paired, memory.id),
            save=functools.partial(self.store.save, memory.id),
            changed=self.stir,
            sealed_to_agent=self.sealed_to_agent,
        )
        live = Live(ViewerSession(around, ports, memory, rights.entitlement(given, None), code))
        self.sessions[memory.id] = live
        self.start(self._run, live)
        return live

    async def _run(self, live: Live) -> None:
        session = live.session
        told: tuple[object, ...] = ()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_run_alone, session)
            while not session.over.is_set():
                changed = self._changed
                refused = rights.refused(session)
                now = (session.state, session.reason, session.memory.customer, session.memory.kind, refused)
                if now == told:
                    await changed.wait()
                    continue
                told = now
                await self._tell(session)
        self.stir()
        # In this order: if this process ends while nobody hears it, the session is taken up, and ended again.
        live.over(await self._tell(session))
        await self.store.forget(session.id)
        self.stir()

    async def _tell(self, session: ViewerSession) -> Fields:
        log.info("support %s is %s %s", session.memory.number, session.state, session.reason)
        customer = {"name": session.memory.customer, "system": session.memory.system}
        return await self._telling.insist(
            "changed", session=session.id, state=str(session.state), reason=session.reason,
            customer=customer, by=session.by, refused=rights.refused(session),
        )  # fmt: skip

    def _waits(self, live: Live, wait: Fields) -> None:
        live.locator, live.link = wait["locator"], wait["link"]
        live.ends_at = time.time() + wait["ends_in_s"]
        live.licence_ends = wait.get("licence_ends")
        self.stir()

    async def dial(self, memory: Memory, road: str) -> Transport:
        """Open a road of a session; raises TransportEnded if the relay cannot be reached."""
        try:
            return await self.gateway.dial(memory.id, memory.ticket, road)
        except GatewayRefused as no:
            raise TransportEnded(no.reason) from None

    async def _burnt(self, session: str) -> str:
        live = self.sessions[session]
        try:
            wait = await self.gateway.call("burn", session=session)
        except GatewayRefused:
            live.locator = ""
            return secrets.token_hex(8)
        code = secret_of(wait)
        self._waits(live, wait)
        return code

    async def _paired(self, session: str) -> None:
        self.sessions[session].locator = ""
        # Not waited for: a code that stays open for a moment is worth nothing, and the support goes on.
        self.start(self._tell_paired, session)

    async def _tell_paired(self, session: str) -> None:
        await self._telling.insist("paired", session=session)

    async def _join(self, live: Live, fields: Fields) -> Fields:
        """Let a customer in who has only a browser; a wrong guess burns the code."""
        session = live.session
        given = str(fields.get("secret", ""))
        if session.state is not SessionState.WAITING or not live.code:
            raise GatewayRefused("refused.code.unknown")
        if not secrets.compare_digest(given.encode(), session.roads.code.encode()):
            session.roads.code = await self._burnt(session.id)
            session.report("", "code_burned", {})
            session.become(SessionState.WAITING, "waiting.code_burned")
            raise GatewayRefused("refused.code.wrong")
        await self._paired(session.id)
        token = secrets.token_urlsafe(24)
        session.memory.kind = "chat"
        session.memory.admitted[token] = str(fields.get("name", ""))[:80]
        await session.save()
        return {"page": f"/help/{session.id}?ticket={token}"}

    async def _tidy(self) -> None:
        while True:
            await anyio.sleep(TIDY_S)
            for key, live in list(self.sessions.items()):
                if live.session.ended and time.time() - live.session.ended > KEPT_S:
                    del self.sessions[key]
            self.stir()


async def _run_alone(session: ViewerSession) -> None:
    """Run a session to its end; a fault in one must not cost the others the program."""
    try:
        await session.run()
    except Exception as error:
        log.error("%s is ended by a fault of this program", session.number, exc_info=error)
        session.end("ended.fault", "")
