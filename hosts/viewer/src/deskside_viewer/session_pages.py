"""The session page: for agents, observers, and customers who have only a browser."""

from collections.abc import Sequence
from typing import Protocol

import anyio
from attrs import define, field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from deskside import texts
from deskside.declare import Role
from deskside.errors import BadMessage
from deskside_viewer import asking, boot
from deskside_viewer.gateway import GatewayRefused
from deskside_viewer.help_cookie import let_in, shown_by
from deskside_viewer.hub import Hub
from deskside_viewer.live import Live
from deskside_viewer.people import Agents, Tickets
from deskside_viewer.render import Pages
from deskside_viewer.sockets import GONE, LOCKED, REFUSED, SocketRoad, is_own_origin

TOLD_S = 10.0
"""How long a customer's page waits for the gateway's word on what opens at the end."""


class Elsewhere(Protocol):
    """Serves customers' pages of sessions that another viewer holds."""

    async def help(self, request: Request) -> Response:
        """Let a customer in, and serve his page."""

    async def help_start(self, request: Request) -> Response:
        """Return his boot data."""

    async def help_after(self, request: Request) -> Response:
        """Return what opens at the end."""


@define(eq=False)
class SessionPages:
    """Routes of one session's pages."""

    hub: Hub
    agents: Agents
    pages: Pages
    web: boot.WebFolders
    elsewhere: Elsewhere | None = None
    tickets: Tickets = field(factory=Tickets)

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes."""
        return [
            Route("/session/{id}", self.page),
            Route("/session/{id}/start", self.start),
            WebSocketRoute("/session/{id}/socket", self.socket),
            Route("/help/{id}", self.help),
            Route("/help/{id}/start", self.help_start),
            Route("/help/{id}/after", self.help_after),
        ]

    async def page(self, request: Request) -> Response:
        """Serve the agent's page."""
        try:
            agent = await self.agents.known(request)
        except GatewayRefused as no:
            return self.pages.draw(request, "away", 503, reason=no.reason)
        if agent is None:
            return RedirectResponse("/console", 303)
        if self.agents.locks.is_locked(agent.sign_in):
            return self.pages.draw(request, "locked", asking.LOCKED, agent=agent)
        live = await self._live(request)
        if live is None or live.session.memory.user != agent.user:
            return self.pages.draw(request, "gone", 404)
        as_observer = "?as=observer" if request.query_params.get("as") == "observer" else ""
        start = f"/session/{live.session.id}/start{as_observer}"
        return self.pages.draw(request, "session", start=start, home="/console")

    async def start(self, request: Request) -> Response:
        """Return an agent's or observer's boot data."""
        try:
            agent = await self.agents.known(request)
        except GatewayRefused as no:
            return JSONResponse({"reason": no.reason}, 503)
        if agent is not None and self.agents.locks.is_locked(agent.sign_in):
            return JSONResponse({"reason": "refused.locked"}, asking.LOCKED)
        live = await self._live(request)
        if agent is None:
            return JSONResponse({"reason": "refused.signed_out"}, 401)
        if live is None or live.session.memory.user != agent.user:
            return JSONResponse({"reason": "refused.session.unknown"}, 404)
        role = Role.OBSERVER if request.query_params.get("as") == "observer" else Role.AGENT
        ticket = self.tickets.give(live.session.id, agent.chat_name, role, agent.user, agent.sign_in)
        return self._start(live, boot.Reader(ticket, role, agent.chat_name, _language(request)))

    async def help(self, request: Request) -> Response:
        """Let a customer in who was admitted, and serve his page."""
        live = await self._live(request)
        if live is None and self.elsewhere is not None:
            return await self.elsewhere.help(request)
        ticket = request.query_params.get("ticket", "")
        admitted = live.session.memory.admitted if live else {}
        if ticket and ticket in admitted:
            return let_in(request, ticket)
        if live is None or shown_by(request) not in admitted:
            return self.pages.draw(request, "gone", 404)
        return self.pages.draw(request, "session", start=f"/help/{live.session.id}/start", home="")

    async def help_start(self, request: Request) -> Response:
        """Return a customer's boot data."""
        live = await self._live(request)
        if live is None and self.elsewhere is not None:
            return await self.elsewhere.help_start(request)
        admitted = live.session.memory.admitted if live else {}
        ticket = shown_by(request)
        if live is None or ticket not in admitted:
            return JSONResponse({"reason": "refused.session.unknown"}, 404)
        name = admitted[ticket] or live.session.memory.customer
        own = self.tickets.give(live.session.id, name, Role.CUSTOMER, ticket[:16])
        return self._start(live, boot.Reader(own, Role.CUSTOMER, name, _language(request)))

    async def help_after(self, request: Request) -> Response:
        """Return what opens in a customer's browser once the support is over."""
        live = await self._live(request)
        if live is None and self.elsewhere is not None:
            return await self.elsewhere.help_after(request)
        admitted = live.session.memory.admitted if live else {}
        if live is None or shown_by(request) not in admitted:
            return JSONResponse({"reason": "refused.session.unknown"}, 404)
        with anyio.move_on_after(TOLD_S):
            await live.is_told.wait()
        return JSONResponse(dict(live.after), headers={"Cache-Control": "no-store"})

    async def _live(self, request: Request) -> Live | None:
        session = request.path_params["id"]
        if await self.hub.resuming.wait_for(session):
            raise HTTPException(503)
        return self.hub.sessions.get(session)

    def _start(self, live: Live, reader: boot.Reader) -> Response:
        data = boot.start(live.session, self.web, self.hub.words, reader)
        data["waiting"] = live.as_json() if reader.role is Role.AGENT else None
        return JSONResponse(data, headers={"Cache-Control": "no-store"})

    async def socket(self, socket: WebSocket) -> None:
        """Serve a page's line."""
        session = socket.path_params["id"]
        admission = self.tickets.take(socket.query_params.get("ticket", ""), session)
        await socket.accept()
        if admission is None or not is_own_origin(socket):
            await socket.close(REFUSED)
            return
        live = self.hub.sessions.get(session)
        road = SocketRoad(socket)
        if live is None or self.agents.locks.is_locked(admission.sign_in):
            await road.aclose(GONE if live is None else LOCKED)
            return
        code = GONE
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._watch, road, admission.sign_in)
            try:
                code = await live.session.serve(road, admission.name, admission.role, admission.user)
            except BadMessage:
                code = REFUSED
            finally:
                tasks.cancel_scope.cancel()
                with anyio.CancelScope(shield=True):
                    await road.aclose(code)

    async def _watch(self, road: SocketRoad, sign_in: int) -> None:
        """End a line as soon as its page is locked: nothing goes in or out of it any more."""
        await self.agents.locks.wait(sign_in)
        await road.aclose(LOCKED)


def _language(request: Request) -> str:
    return texts.choose(request.headers.get("accept-language", ""))
