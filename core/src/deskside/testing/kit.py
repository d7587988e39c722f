"""`pair`: a session in memory. Consent, services and entitlement are stand-ins; the wire is the real one."""

import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import anyio
import anyio.abc
import anyio.lowlevel
from attrs import define, field

from deskside import texts
from deskside.audit import Event
from deskside.chain import Trust
from deskside.declare import Role, Side
from deskside.errors import BadMessage, TransportEnded
from deskside.grants import Answer, Grant, Refusal
from deskside.host_ports import HostPorts
from deskside.host_session import HostSession
from deskside.licence import Entitlement as Signed
from deskside.licence import Licence, new_key, public, sign
from deskside.loader import Plugins, load
from deskside.notice import Answered, NoticeState, Question, SessionState
from deskside.scoped import PluginSession
from deskside.session import Surroundings
from deskside.testing.line import Line
from deskside.testing.page import Page
from deskside.transport import MemoryTransport, Transport, memory_road
from deskside.viewer_memory import Memory
from deskside.viewer_ports import Entitlement, ViewerPorts
from deskside.viewer_session import ViewerSession

SESSION = "a-session"
NOW = 1_800_000_000.0


@define(eq=False)
class Kit:
    """A running session."""

    tasks: anyio.abc.TaskGroup
    line: Line
    host_plugins: Plugins
    viewer_plugins: Plugins
    services: Mapping[str, object]
    options: Mapping[str, Mapping[str, object]]
    refusals: Mapping[str, Refusal]
    kind: str = "pc"
    answer: Callable[[Question], Awaitable[Answered]] | None = None
    """What the customer says; None means yes to everything."""
    questions: list[Question] = field(factory=list)
    begun_with: list[tuple[str, ...]] = field(factory=list)
    """What the customer was told of that begins with his first yes, each time he was asked for it."""
    notices: list[NoticeState] = field(factory=list)
    events: list[Event] = field(factory=list)
    pages: list[Page] = field(factory=list)
    saved: bytes = b""
    host: HostSession = field(init=False)
    viewer: ViewerSession = field(init=False)
    _viewer_scope: anyio.CancelScope = field(factory=anyio.CancelScope)
    _clients: list[MemoryTransport] = field(factory=list)
    _alive: bool = True

    async def page(self, role: Role = Role.AGENT, name: str = "Lee Jun", *, active: bool = True) -> Page:
        """Open a page and wait until it is in an active session."""
        page = Page(self.viewer_plugins.catalogue, self._connect, role, name)
        self.pages.append(page)
        self.tasks.start_soon(page.run)
        await page.until(lambda: page.session is not None and bool(page.features))
        if active:
            await page.until_state(SessionState.ACTIVE)
        return page

    async def kill_viewer(self) -> None:
        """End the viewer as a kill would: nothing is saved any more, nobody is told; then start a new one."""
        self._alive = False
        self._viewer_scope.cancel()
        for end in self._clients:
            await end.aclose()
        self._clients.clear()
        await self.line.lose()
        await anyio.sleep(0.01)
        self.start_viewer(Memory.from_bytes(self.saved))

    def start_viewer(self, memory: Memory) -> None:
        """Start a viewer with what one before it has stored."""
        self._alive = True
        ports = ViewerPorts(
            dial=functools.partial(self.line.dial, "viewer"),
            burnt=self._burnt,
            paired=_nothing,
            save=self._save,
            changed=lambda: None,
        )
        around = Surroundings(
            self.viewer_plugins, self.events.append, _words(self.viewer_plugins), now=lambda: NOW
        )
        self.viewer = ViewerSession(around, ports, memory, self._entitlement(), "1234")
        self._viewer_scope = anyio.CancelScope()
        self.tasks.start_soon(self._run_viewer, self.viewer, self._viewer_scope)

    def start_host(self) -> None:
        """Start the host side."""
        around = Surroundings(
            self.host_plugins,
            self.events.append,
            _words(self.host_plugins),
            supply=self._supply,
            supplies=tuple(self.services),
            now=lambda: NOW,
        )
        ports = HostPorts(
            dial=functools.partial(self.line.dial, "host"),
            consent=self._consent,
            show=self.notices.append,
            trust=Trust(),
            admit=self._admit,
        )
        self.host = HostSession(SESSION, around, ports, code="1234")
        self.tasks.start_soon(self.host.run)

    def _connect(self, page: Page) -> Transport:
        if not self._alive:
            raise TransportEnded("the viewer is gone")
        here, there = memory_road(64)
        self._clients += [here, there]
        self.tasks.start_soon(self._serve, there, page)
        return here

    async def _serve(self, transport: Transport, page: Page) -> None:
        try:
            await self.viewer.serve(transport, page.name, page.role)
        except BadMessage:
            pass
        finally:
            with anyio.CancelScope(shield=True):
                await transport.aclose()

    async def _run_viewer(self, viewer: ViewerSession, scope: anyio.CancelScope) -> None:
        with scope:
            await viewer.run()

    async def _save(self, data: bytes) -> None:
        await anyio.lowlevel.checkpoint()
        if self._alive:
            self.saved = data

    async def _burnt(self) -> str:
        return "1234"

    async def _admit(self, begins: tuple[str, ...]) -> bool:
        self.begun_with.append(begins)
        return True

    async def _consent(self, question: Question) -> Answered:
        self.questions.append(question)
        if self.answer is not None:
            return await self.answer(question)
        return Answered(Answer.YES, question.features)

    async def _supply(self, key: str, scope: PluginSession) -> object | None:
        found = self.services.get(key)
        return found(scope) if callable(found) else found

    def _entitlement(self) -> Entitlement:
        key = new_key()
        names = tuple(self.viewer_plugins.catalogue.features)
        granted = tuple(name for name in names if name not in self.refusals)
        times: dict[str, Any] = {"starts": int(NOW) - 60, "ends": int(NOW) + 3600}
        licence = Licence(
            id="L", company="Hanbit", features=names, seats=2, demo=True, gateway_key=public(key), **times
        )
        signed = Signed(
            session=SESSION, licence="L", features=granted, serial=1, options=self.options, **times
        )
        features: dict[str, Grant | Refusal] = {
            name: self.refusals.get(name) or Grant(name, self.options.get(name, {})) for name in names
        }
        return Entitlement(
            licence=sign(licence, key), entitlement=sign(signed, key), label="", features=features
        )


@asynccontextmanager
async def pair(
    *names: str,
    plugins: Iterable[Any] = (),
    services: Mapping[str, object] | None = None,
    options: Mapping[str, Mapping[str, object]] | None = None,
    refusals: Mapping[str, Refusal] | None = None,
    kind: str = "pc",
    host: bool = True,
) -> AsyncIterator[Kit]:
    """Run a session with installed distributions of these names, or with stand-ins made by `plugin()`.

    `services` supplies what the customer program's windows would: an object, or a function of the
    plugin's session.
    """
    both = [_loaded(side, names, list(plugins)) for side in (Side.HOST, Side.VIEWER)]
    async with anyio.create_task_group() as tasks:
        kit = Kit(tasks, Line(), both[0], both[1], services or {}, options or {}, refusals or {}, kind)
        memory = Memory(
            id=SESSION, number="S-20270115-0001", kind=kind, user="1", agent="Lee Jun", company="Hanbit",
            ticket="", secret=b"", pages={},
        )  # fmt: skip
        kit.start_viewer(memory)
        if host and kind != "chat":
            kit.start_host()
        try:
            yield kit
        finally:
            tasks.cancel_scope.cancel()


def _loaded(side: Side, names: tuple[str, ...], stand_ins: list[Any]) -> Plugins:
    if stand_ins:
        given = load(side, lambda _: True, stand_ins)
    else:
        given = load(side, lambda distribution: distribution in names)
    wrong = [one for one in given.refused if stand_ins or one.distribution in names]
    assert not wrong, wrong
    return given


def _words(plugins: Plugins) -> texts.Texts:
    return plugins.catalogue.texts().with_more(texts.load("deskside"))


async def _nothing() -> None:
    await anyio.lowlevel.checkpoint()
