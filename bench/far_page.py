"""An agent's page without a browser, on the viewer's real WebSocket."""

from collections.abc import Callable
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from deskside.errors import TransportEnded
from deskside.testing import Page
from deskside_line.roads import LARGEST_MESSAGE, socket_address
from deskside_viewer.app import load_plugins

Kind = TypeVar("Kind", bound=Page)
JSON = {"content-type": "application/json"}


class Agent:
    """Signed in at a server."""

    def __init__(self, address: str, password: str) -> None:
        self.address = address
        self.http = httpx.Client(base_url=address, headers=JSON, timeout=30)
        said = {"login_name": "agent", "password": password}
        self.http.post("/console/sign-in", json=said).raise_for_status()

    def new_session(self) -> tuple[str, str]:
        """Open a session and return its id and the code for its customer."""
        made = self.http.post("/console/sessions", json={"kind": "pc"}).raise_for_status().json()["id"]
        return made, self.start(made)["waiting"]["code"]

    def start(self, session: str) -> dict[str, Any]:
        """Return a page's boot data."""
        return dict(self.http.get(f"/session/{session}/start").raise_for_status().json())

    def page(self, session: str, plugins: tuple[str, ...], kind: type[Kind] = Page) -> Kind:  # type: ignore[assignment]
        """Return a page of a session; `run()` lets it live."""
        catalogue = load_plugins(lambda distribution: distribution in plugins).catalogue
        return kind(catalogue, lambda _: _Line(self, session))


class _Line:
    """A page's line that is dialled when it is first used."""

    def __init__(self, agent: Agent, session: str) -> None:
        self._agent, self._session = agent, session
        self._socket: ClientConnection | None = None
        self._dialling = anyio.Lock()

    async def send(self, frame: bytes) -> None:
        """Send a frame."""
        await self._use(lambda socket: socket.send(frame))

    async def receive(self) -> bytes:
        """Return the next frame."""
        return bytes(await self._use(lambda socket: socket.recv()))

    async def aclose(self) -> None:
        """End it."""
        if self._socket is not None:
            with anyio.CancelScope(shield=True):
                await self._socket.close()

    async def _use(self, act: Callable[[ClientConnection], Any]) -> Any:
        async with self._dialling:
            if self._socket is None:
                self._socket = await self._dial()
        try:
            return await act(self._socket)
        except ConnectionClosed:
            raise TransportEnded("the viewer has closed the line") from None

    async def _dial(self) -> ClientConnection:
        boot = await anyio.to_thread.run_sync(self._agent.start, self._session)
        where = socket_address(self._agent.address, boot["socket"], ticket=boot["ticket"])
        return await connect(
            where,
            origin=self._agent.address,
            compression=None,
            max_size=LARGEST_MESSAGE,
            ping_interval=None,
        )
