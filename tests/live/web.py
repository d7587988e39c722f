"""An agent at a browser, in Python: signed in by cookie, pages with one-time tickets over real WebSockets."""

from typing import Any

import anyio
import httpx
from attrs import define, field
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from deskside.catalogue import Catalogue
from deskside.declare import Role
from deskside.errors import TransportEnded
from deskside.notice import SessionState
from deskside.testing import Page
from deskside_line.roads import hang_up

PAUSE_S = 0.1
OPEN_S = 15
LARGEST = 2**22


@define(eq=False)
class Agent:
    """Somebody signed in at a console."""

    console: str
    password: str = ""
    login_name: str = "agent"
    http: httpx.AsyncClient = field(init=False)

    def __attrs_post_init__(self) -> None:
        headers = {"content-type": "application/json", "accept-language": "en"}
        self.http = httpx.AsyncClient(base_url=self.console, headers=headers, timeout=30)

    async def sign_in(self) -> "Agent":
        """Sign in."""
        given = {"company": "", "login_name": self.login_name, "password": self.password}
        answer = await self.http.post("/console/sign-in", json=given)
        assert answer.status_code == 200, answer.text
        return self

    async def begin(self, kind: str = "pc") -> str:
        """Open a session and return its id."""
        answer = await self.http.post("/console/sessions", json={"kind": kind})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    async def boot(self, session: str, role: Role = Role.AGENT) -> dict[str, Any]:
        """Return a page's boot data."""
        given = {"as": "observer"} if role is Role.OBSERVER else {}
        answer = await self.http.get(f"/session/{session}/start", params=given)
        if answer.status_code != 200:
            raise TransportEnded(f"HTTP {answer.status_code}")
        found: dict[str, Any] = answer.json()
        return found

    async def code(self, session: str) -> str:
        """Return the code to tell the customer."""
        return str((await self.boot(session))["waiting"]["code"])

    async def line(self, session: str, role: Role = Role.AGENT) -> ClientConnection:
        """Open a page's WebSocket."""
        boot = await self.boot(session, role)
        where = f"{self.console.replace('http', 'ws', 1)}{boot['socket']}?ticket={boot['ticket']}"
        return await connect(where, origin=self.console, compression=None, max_size=LARGEST)  # type: ignore[arg-type]

    def page(self, session: str, catalogue: Catalogue, role: Role = Role.AGENT) -> Page:
        """Return a page, to be run."""
        return Page(catalogue, lambda page: PageRoad(self, session, page.role), role)


@define(eq=False)
class PageRoad:
    """A page's WebSocket, opened when first used; a failure costs a moment, as it does a browser."""

    agent: Agent
    session: str
    role: Role
    _line: ClientConnection | None = None
    _lock: anyio.Lock = field(factory=anyio.Lock)
    _is_over: bool = False

    async def send(self, frame: bytes) -> None:
        """Send a frame."""
        line = await self._opened()
        try:
            await line.send(frame)
        except ConnectionClosed:
            raise TransportEnded("the page's line is lost") from None

    async def receive(self) -> bytes:
        """Return the next frame."""
        line = await self._opened()
        try:
            frame = await line.recv()
        except ConnectionClosed:
            raise TransportEnded("the page's line is lost") from None
        return frame if isinstance(frame, bytes) else frame.encode()

    async def aclose(self) -> None:
        """Close it."""
        self._is_over = True
        with anyio.CancelScope(shield=True):
            async with self._lock:  # one that is just being opened is closed too
                if self._line is not None:
                    await hang_up(self._line)

    async def _opened(self) -> ClientConnection:
        async with self._lock:
            if self._line is None:
                if self._is_over:
                    raise TransportEnded("closed")
                try:
                    # A connection given up half-way would stay open: it is finished, then closed.
                    with anyio.CancelScope(shield=True), anyio.fail_after(OPEN_S):
                        self._line = await self.agent.line(self.session, self.role)
                except (OSError, httpx.HTTPError, InvalidHandshake, TimeoutError, TransportEnded) as error:
                    self._is_over = True
                    await anyio.sleep(PAUSE_S)
                    raise TransportEnded(str(error)) from None
            return self._line


async def active(page: Page, seconds: float = 30) -> None:
    """Wait until a page is in an active session."""
    await page.until(
        lambda: (
            page.session is not None
            and page.session.state is SessionState.ACTIVE
            and bool(page.features)
            and all(page._link)
        ),
        seconds,
    )
