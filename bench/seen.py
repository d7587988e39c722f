"""A session whose customer's desktop is painted all the time, and pages that see it."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import anyio
import anyio.abc
from attrs import define, field
from far_page import Agent
from kit import ROOT, Program, address_of, password_of, server
from screens import Screen

from deskside.notice import SessionState
from deskside.testing import Page
from deskside.wire import Packet

FRAMES = "screen.frames"
PLUGINS = ("deskside-screen",)
CUSTOMER = ROOT / "tests" / "live" / "customer.py"
SOON_S = 60


@define(eq=False)
class Seen:
    """One session: server, customer's program, and the desktop that it shows."""

    server: Program
    customer: Program
    agent: Agent
    session: str
    password: str

    def page(self) -> "Watcher":
        """Return a page, to be run."""
        return self.agent.page(self.session, PLUGINS, Watcher)


@define(eq=False)
class Watcher(Page):
    """A page that counts what it is shown."""

    bytes: int = 0
    pictures: int = 0
    arrived: list[tuple[float, int]] = field(factory=list)
    """When messages came and how large they were, if that is wanted."""
    keeps: bool = False

    async def come(self, tasks: anyio.abc.TaskGroup) -> "Watcher":
        """Enter, and wait for the first picture."""
        tasks.start_soon(self.run)
        await self.until(lambda: self.session is not None and bool(self.features), SOON_S)
        await self.until_state(SessionState.ACTIVE)
        self.listen(FRAMES)
        await self.until(lambda: self.pictures > 0, SOON_S)
        return self

    def _show(self, _name: str, packet: Packet) -> None:
        size = len(packet.body)
        self.bytes, self.pictures = self.bytes + size, self.pictures + 1
        if self.keeps:
            self.arrived.append((time.perf_counter(), size))


@contextmanager
def seen(folder: Path, scene: str) -> Iterator[Seen]:
    """Run a server, a painted screen and a customer's program that shows it."""
    home = folder / "home"
    home.mkdir()
    allowed = ",".join(PLUGINS)
    with ExitStack() as running:
        up = running.enter_context(server("up", folder / "data", DESKSIDE_PLUGINS=allowed))
        screen = running.enter_context(Screen(1280, 800, has_window_manager=False))
        painter = [sys.executable, Path(__file__).with_name("painted.py"), screen.name, scene]
        running.enter_context(Program(*painter, ready="ready", log=folder / "painter.log"))
        agent = Agent(address_of(up), password_of(up))
        session, code = agent.new_session()
        environ = {
            "DISPLAY": screen.name, "HOME": str(home), "XDG_RUNTIME_DIR": str(home),
            "DESKSIDE_PLUGINS": allowed, "PYTHONPATH": str(ROOT / "tests"), "LIVE_LOG": "warning",
        }  # fmt: skip
        command = [sys.executable, CUSTOMER, code, agent.address]
        log = folder / "customer.log"
        customer = running.enter_context(Program(*command, ready='"told": "notice"', log=log, **environ))
        yield Seen(up, customer, agent, session, password_of(up))


def resident_mb(process: int) -> float:
    """Return what a process holds in memory."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)
