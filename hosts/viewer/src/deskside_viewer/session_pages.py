"""The session page: for agents, observers, and customers who have only a browser."""

from collections.abc import Sequence

from attrs import define, field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from deskside import texts
from deskside.declare import Role
from deskside.errors import BadMessage
from deskside_viewer import boot
from deskside_viewer.gateway import GatewayRefused
from deskside_viewer.hub import Hub
from deskside_viewer.live import Live
from deskside_viewer.people import Agents, Tickets
from deskside_viewer.render import Pages
from deskside_viewer.sockets import GONE, REFUSED, SocketRoad, is_own_origin

HELP_COOKIE = "deskside_help"


@define(eq=False)
class SessionPages:
    """Routes of one session's pages."""

    hub: Hub
    agents: Agents
    pages: Pages
    web: boot.WebFolders
    tickets: Tickets = field(factory=Tickets)

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes."""
        return [
            Route("/session/{id}", self.page),
            Route("/session/{id}/start", self.start),
            WebSocketRoute("/session/{id}/socket", self.socket),
            Route("/help/{id}", self.help),
            Route("/help/{id}/start", self.help_start),
        ]

    async def page(self, request: Request) -> Response:
        """Serve the agent's page."""
        try:
            agent = await self.agents.of(request)
        except GatewayRefused as no:
            return self.pages.draw(request, "away", 503, reason=no.reason)
        if agent is None:
            return RedirectResponse("/console", 303)
        live = await self._live(request)
        if live is None or live.session.memory.user != agent.user:
            return self.pages.draw(request, "gone", 404)
        as_observer = "?as=observer" if request.query_params.get("as") == "observer" else ""
        start = f"/session/{live.session.id}/start{as_observer}"
        return self.pages.draw(request, "session", start=start, home="/console")

    async def start(self, request: Request) -> Response:
        """Return an agent's or observer's boot data."""
        try:
            agent = await self.agents.of(request)
        except GatewayRefused as no:
            return JSONResponse({"reason": no.reason}, 503)
        live = await self._live(request)
        if agent is None:
            return JSONResponse({"reason": "refused.signed_out"}, 401)
        if live is None or live.session.memory.user != agent.user:
            return JSONResponse({"reason": "refused.session.unknown"}, 404)
        role = Role.OBSERVER if request.query_params.get("as") == "observer" else Role.AGENT
        return self._start(request, live.session.id, role, agent.chat_name, agent.user)

    async def help(self, request: Request) -> Response:
        """Let a customer in who was admitted, and serve his page."""
        live = await self._live(request)
        ticket = request.query_params.get("ticket", "")
        admitted = live.session.memory.admitted if live else {}
        if ticket and ticket in admitted:
            answer = RedirectResponse(request.url.path, 303)
            answer.set_cookie(
                HELP_COOKIE, ticket, path=request.url.path, httponly=True, samesite="strict",
                secure=request.url.scheme == "https",
            )  # fmt: skip
            return answer
        if live is None or request.cookies.get(HELP_COOKIE, "") not in admitted:
            return self.pages.draw(request, "gone", 404)
        return self.pages.draw(request, "session", start=f"/help/{live.session.id}/start", home="")

    async def help_start(self, request: Request) -> Response:
        """Return a customer's boot data."""
        live = await self._live(request)
        admitted = live.session.memory.admitted if live else {}
        ticket = request.cookies.get(HELP_COOKIE, "")
        if live is None or ticket not in admitted:
            return JSONResponse({"reason": "refused.session.unknown"}, 404)
        name = admitted[ticket] or live.session.memory.customer
        return self._start(request, live.session.id, Role.CUSTOMER, name, ticket[:16])

    async def _live(self, request: Request) -> Live | None:
        session = request.path_params["id"]
        if await self.hub.resuming.wait_for(session):
            raise HTTPException(503)
        return self.hub.sessions.get(session)

    def _start(self, request: Request, session: str, role: Role, name: str, user: str) -> Response:
        language = texts.choose(request.headers.get("accept-language", ""))
        ticket = self.tickets.give(session, name, role, user)
        live = self.hub.sessions[session]
        reader = boot.Reader(ticket, role, name, language)
        data = boot.start(live.session, self.web, self.hub.words, reader)
        data["waiting"] = live.as_json() if role is Role.AGENT else None
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
        if live is None:
            await road.aclose(GONE)
            return
        code = GONE
        try:
            code = await live.session.serve(road, admission.name, admission.role, admission.user)
        except BadMessage:
            code = REFUSED
        finally:
            await road.aclose(code)
