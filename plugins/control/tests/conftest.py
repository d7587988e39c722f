"""A session with this plugin, stand-ins for the machine's input, and real screens."""

from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from threading import Event
from typing import Any

import anyio
import fixtures
import pytest
from attrs import define, field
from playwright.sync_api import Browser
from screens import hand, screen

from deskside.api import Message
from deskside.testing import Kit, Page, pair
from deskside_control.injector import GoOn
from deskside_control.messages import ControllerChanged, KeyPressed, Modifier, WantState
from deskside_control.steering import Devices

from .agent_page import Agent, agent_in
from .support import PICTURE

__all__ = ["hand", "screen"]

anyio_backend, browser = fixtures.anyio_backend, fixtures.browser
INPUT = "control.input"


@define(eq=False)
class FakeInjector:
    """Writes down what would be done; can be made to block."""

    done: list[tuple[Any, ...]] = field(factory=list)
    free: Event = field(factory=Event)
    own_window: bool = False
    is_closed: bool = False

    def __attrs_post_init__(self) -> None:
        self.free.set()

    def move(self, x: int, y: int) -> None:
        self.free.wait()
        self.done.append(("move", x, y))

    def button(self, button: int, *, is_down: bool) -> bool:
        self.done.append(("button", button, is_down))
        return not self.own_window

    def wheel(self, right: int, down: int) -> bool:
        self.done.append(("wheel", right, down))
        return True

    def hold(self, modifiers: Collection[Modifier]) -> None:
        if modifiers:
            self.done.append(("hold", *modifiers))

    def key(self, pressed: KeyPressed) -> bool:
        self.free.wait()
        self.done.append(("key", pressed.key, pressed.is_down))
        return True

    def type(self, text: str, go_on: GoOn) -> bool:
        self.done.append(("type", text))
        return True

    def secure_attention(self) -> None:
        self.done.append(("secure attention",))

    def let_go(self) -> None:
        self.done.append(("let go",))

    def close(self) -> None:
        self.is_closed = True


@define(eq=False)
class FakeWatch:
    """A customer's hand that a test moves."""

    touched: Callable[[], None] | None = None
    closed: Event = field(factory=Event)

    def run(self, touched: Callable[[], None]) -> None:
        self.touched = touched
        self.closed.wait()

    def close(self) -> None:
        self.closed.set()


@define(eq=False)
class Desk:
    """A session, and what stands in for the customer's mouse and keyboard."""

    kit: Kit
    injectors: list[FakeInjector]
    watches: list[FakeWatch]
    now: list[float]

    @property
    def done(self) -> list[tuple[Any, ...]]:
        """What has been done on the machine, without what only let go of nothing."""
        return [one for injector in self.injectors for one in injector.done if one != ("let go",)]

    def count(self, what: str) -> int:
        return sum(1 for injector in self.injectors for one in injector.done if one[0] == what)

    async def until(self, condition: Callable[[], object]) -> None:
        with anyio.fail_after(10):
            while not condition():  # noqa: ASYNC110 - threads do not set the session's events
                await anyio.sleep(0.005)

    async def settled(self, page: Page) -> ControllerChanged:
        """Wait until everything this page has sent was looked at, and return who controls."""
        while page.pending(INPUT):
            await page.receive(INPUT, Message)
        await page.send(INPUT, WantState())
        told = await page.receive(INPUT, Message)
        while not isinstance(told, ControllerChanged):
            told = await page.receive(INPUT, Message)
        return told


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AbstractAsyncContextManager[Desk]]:
    """Return a function that opens a session whose machine is made of stand-ins."""
    injectors: list[FakeInjector] = []
    watches: list[FakeWatch] = []
    now = [1000.0]

    def open_injector() -> FakeInjector:
        injectors.append(FakeInjector())
        return injectors[-1]

    def new_watch() -> FakeWatch:
        watches.append(FakeWatch())
        return watches[-1]

    monkeypatch.setattr(
        "deskside_control.host.Devices", lambda *_: Devices(open_injector, new_watch, lambda: now[0])
    )

    @asynccontextmanager
    async def open_desk(**given: Any) -> AsyncIterator[Desk]:
        async with pair("deskside-control", services=PICTURE, **given) as kit:
            yield Desk(kit, injectors, watches, now)

    return open_desk


@pytest.fixture
def new_agent(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Agent]:
    """Return an agent's page on which nobody controls; a parameter may say which system it is on."""
    with agent_in(browser, getattr(request, "param", {})) as agent:
        yield agent


@pytest.fixture
def agent(new_agent: Agent) -> Agent:
    """Return an agent's page that controls."""
    new_agent.controls()
    return new_agent
