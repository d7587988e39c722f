"""A whole session, ready to be broken: `async with stage(tmp_path) as live`."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, closing
from pathlib import Path

import anyio
import anyio.abc
from attrs import define, field
from sqlmodel import Session, create_engine, select

from deskside.declare import Role
from deskside.loader import Plugins
from deskside.testing import Page
from deskside_admin.model import User
from deskside_admin.service import passwords
from live.running import Program, Site
from live.shelf import Shelf
from live.web import Agent, active

COURIER = "test-courier"
CHAT = "deskside-chat"
FILES = "deskside-file-transfer"
PASSWORD = "Correct-horse-7"


@define(eq=False)
class Live:
    """A session of real processes."""

    site: Site
    tasks: anyio.abc.TaskGroup
    plugins: Plugins
    gateway: Program
    viewer: Program | None
    agent: Agent
    session: str = ""
    code: str = ""
    customer: Program = field(init=False)

    async def start_viewer(self) -> None:
        """Start the viewer, if it is a program of its own, and sign the agent in."""
        if self.viewer is not None:
            self.viewer.start()
            await self.viewer.says("ready at", 60)
        await self.agent.sign_in()

    async def someone_else(self) -> Agent:
        """Add another agent of the same company, signed in."""
        add_user(self.site.folder / "gateway" / "deskside.db", "else", PASSWORD)
        return await Agent(self.site.console, PASSWORD, "else").sign_in()

    def events(self, name: str) -> list[tuple[str, int]]:
        """Return side and number of a session's events of this name, as the history holds them."""
        path = self.site.folder / "gateway" / "deskside.db"
        wanted = "SELECT side, number FROM audit_event WHERE session = ? AND name = ? ORDER BY number"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            return [(side, number) for side, number in db.execute(wanted, (self.session, name))]

    async def begin(self) -> None:
        """Open a session and learn its code."""
        self.session = await self.agent.begin()
        self.code = await self.agent.code(self.session)

    def bring_customer(self, gateway: str = "", **environ: str) -> None:
        """Let the customer come."""
        self.customer = self.site.customer(self.code, gateway, **environ)
        self.customer.start()

    async def page(self, role: Role = Role.AGENT, *, wait: bool = True) -> Page:
        """Open a page and wait until it is in an active session."""
        page = self.agent.page(self.session, self.plugins.catalogue, role)
        self.tasks.start_soon(page.run)
        if wait:
            await active(page)
        return page


def add_user(database: Path, login_name: str, password: str) -> None:
    """Add an agent to the one company."""
    engine = create_engine(f"sqlite:///{database}")
    with Session(engine) as db:
        first = db.exec(select(User)).first()
        assert first is not None
        user = User(
            company_id=first.company_id, group_id=first.group_id, login_name=login_name, name="Else",
            chat_name="", role="agent", password_hash=passwords.hashed(password), password_due=False,
            active=True, created=first.created,
        )  # fmt: skip
        db.add(user)
        db.commit()
    engine.dispose()


@asynccontextmanager
async def stage(
    folder: Path,
    *plugins: str,
    shelf: Shelf | None = None,
    apart: bool = False,
    relay: str = "",
    gateway_port: int = 0,
    begins: bool = True,
    database: str = "",
) -> AsyncIterator[Live]:
    """Start server and viewer, sign in, and open a session that waits for its customer.

    With `begins=False` the viewer is not started yet. Without the address of a database it is SQLite's.
    """
    if shelf is None:
        shelf = Shelf(folder / "shelf")
    if COURIER in plugins:
        shelf.announce("courier", ["plugin", "host", "viewer"])
    site = Site(folder, shelf, ",".join(plugins), apart=apart, relay=relay)
    site.environ = {"DESKSIDE_DATABASE": database} if database else {}
    site.gateway_port = gateway_port or site.gateway_port
    try:
        gateway, viewer = site.gateway(), site.viewer() if apart else None
        gateway.start()
        agent = Agent(site.console, await site.password(gateway))
        async with aclosing(agent.http), anyio.create_task_group() as tasks:
            live = Live(site, tasks, shelf.loaded(site.plugins), gateway, viewer, agent)
            try:
                if begins:
                    await live.start_viewer()
                    await live.begin()
                yield live
            finally:
                tasks.cancel_scope.cancel()
    finally:
        site.close()
