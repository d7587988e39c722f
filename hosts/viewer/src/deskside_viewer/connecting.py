"""Where the agent says which server his viewer goes to, before he signs in; only at his own machine."""

import logging
from collections.abc import Sequence
from typing import Protocol

from anyio import to_thread
from attrs import define
from starlette.datastructures import URL
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from deskside_line.checks import Failed
from deskside_line.proxies import AS_THE_SYSTEM_SAYS, Proxies, shown
from deskside_viewer.asking import Asking, body
from deskside_viewer.connection import Connection, Wrong, entered, is_this_machine
from deskside_viewer.connection_file import ConnectionFile
from deskside_viewer.gateway import GatewayRefused
from deskside_viewer.hub import Agent, Hub
from deskside_viewer.render import Pages

log = logging.getLogger(__name__)

PATIENCE_S = 25.0


class Movable(Protocol):
    """A gateway that can be another."""

    def move(self, address: str, proxies: Proxies) -> None:
        """Go to another server, or another way."""

    async def trouble(self, seconds: float) -> Failed | None:
        """Wait until it is known whether the server is reached; return why not."""


@define(eq=False)
class Choice:
    """The connection in force, and where it is kept."""

    gateway: Movable
    file: ConnectionFile
    now: Connection

    def for_page(self, connection: HTTPConnection) -> Connection | None:
        """Return the connection, if who asks sits at this machine."""
        return self.now if is_at_this_machine(connection) else None

    def take(self, wanted: Connection) -> None:
        """Go another way from now on."""
        self.now = wanted
        self.gateway.move(wanted.address, wanted.proxies)


@define(eq=False)
class Connecting:
    """Routes of the connection's page."""

    hub: Hub
    asking: Asking
    pages: Pages
    choice: Choice

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes."""
        return [
            Route("/console/connection", self.page),
            Route("/console/connection", self.asking.by_script(self.keep), methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        """Serve the form."""
        if not is_at_this_machine(request):
            return self.pages.draw(request, "gone", 404)
        found = shown(AS_THE_SYSTEM_SAYS.towards(self.choice.now.address or "https://server.invalid"))
        fixed = await self._why_fixed(request)
        return self.pages.draw(request, "connection", now=self.choice.now, found=found, fixed=fixed)

    async def keep(self, request: Request) -> Response:
        """Keep what was entered, go there, and tell how that went."""
        if not is_at_this_machine(request):
            raise GatewayRefused("refused.request", {"field": "host"})
        if why := await self._why_fixed(request):
            raise GatewayRefused(why)
        wanted = entered(await body(request), self.choice.now)
        if isinstance(wanted, Wrong):
            told = {entry: self.asking.say(request, key, {}) for entry, key in wanted.problems.items()}
            return JSONResponse({"problems": told}, 422)
        try:
            await to_thread.run_sync(self.choice.file.write, wanted)
        except OSError as error:
            log.error("the connection cannot be kept: %s", error.strerror)
            raise GatewayRefused("console.connection.not_kept") from None
        self.choice.take(wanted)
        self.asking.agents.forget_all()
        failed = await self.choice.gateway.trouble(PATIENCE_S)
        text = self.asking.say(request, failed.key, failed.values) if failed else ""
        return JSONResponse({"connected": failed is None, "text": text})

    async def _why_fixed(self, request: Request) -> str:
        """Return the text key of why nothing can be changed now; empty if it can."""
        if any(not live.session.ended for live in self.hub.sessions.values()):
            return "console.connection.busy"
        return "console.connection.signed_in" if await self._agent(request) else ""

    async def _agent(self, request: Request) -> Agent | None:
        try:
            return await self.asking.agents.of(request)
        except GatewayRefused:
            # Nobody can tell: whoever has to mend the address must not be kept from it by an old sign-in.
            return None


def is_at_this_machine(connection: HTTPConnection) -> bool:
    """Tell whether a browser of this machine asks, by a name of this machine: a foreign page cannot."""
    client = connection.client.host if connection.client else ""
    name = URL(f"http://{connection.headers.get('host', '')}").hostname or ""
    return is_this_machine(client) and is_this_machine(name)
