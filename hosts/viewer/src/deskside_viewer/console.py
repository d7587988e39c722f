"""The console: an agent's home."""

from collections.abc import Mapping, Sequence
from typing import Any

import anyio
from attrs import define
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from deskside_viewer.asking import LOCKED, Asking, body
from deskside_viewer.boot import WebFolders, for_console
from deskside_viewer.company_pages import CompanyPages
from deskside_viewer.gateway import GatewayRefused
from deskside_viewer.hub import Agent, Hub
from deskside_viewer.live import Live
from deskside_viewer.people import Agents
from deskside_viewer.render import Pages
from deskside_viewer.sockets import GONE, REFUSED, is_own_origin

PAUSE_S = 0.05
MOST_RECENT = 30


@define(eq=False)
class Console:
    """Routes of the console."""

    hub: Hub
    agents: Agents
    pages: Pages
    asking: Asking
    web: WebFolders
    doors: CompanyPages

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes."""
        return [
            Route("/console", self.page),
            Route("/console/sessions", self.asking.signed_in(self.begin), methods=["POST"]),
            Route("/console/sessions/{id}/code", self.asking.signed_in(self.code), methods=["POST"]),
            Route("/console/sessions/{id}/end", self.asking.signed_in(self.end), methods=["POST"]),
            Route("/console/demo", self.asking.signed_in(self.demo), methods=["POST"]),
            WebSocketRoute("/console/socket", self.socket),
        ]

    async def page(self, request: Request) -> Response:
        """Serve the console, or its sign-in form."""
        if not self.hub.gateway.address:
            return RedirectResponse("/console/connection", 303)
        try:
            agent = await self.agents.known(request)
            if agent is None:
                return await self.doors.form(request)
        except GatewayRefused as no:
            return self.pages.draw(request, "away", 503, reason=no.reason)
        if self.agents.locks.is_locked(agent.sign_in):
            return self.pages.draw(request, "locked", LOCKED, agent=agent)
        if agent.password_due:
            return RedirectResponse("/console/account", 303)
        modules = for_console(self.hub.plugins.catalogue, self.web)
        return self.pages.draw(request, "console", modules=modules)

    async def begin(self, request: Request, agent: Agent) -> Response:
        """Open a session that waits for its customer."""
        given = await body(request)
        kind = "chat" if given.get("kind") == "chat" else "pc"
        live = await self.hub.wait_for_customer(agent, kind)
        return JSONResponse({"id": live.session.id})

    async def demo(self, _: Request, agent: Agent) -> Response:
        """Open a session with the demo customer."""
        if self.hub.demo is None:
            raise GatewayRefused("refused.demo")
        live = await self.hub.wait_for_customer(agent, "pc", demo=True)
        self.hub.start(self.hub.demo, self.hub, live)
        return JSONResponse({"id": live.session.id})

    async def code(self, request: Request, agent: Agent) -> Response:
        """Show another code."""
        await self.hub.new_code(self._own(request, agent))
        return JSONResponse({})

    async def end(self, request: Request, agent: Agent) -> Response:
        """End a session."""
        self._own(request, agent).session.end("ended.agent", agent.chat_name)
        return JSONResponse({})

    async def socket(self, socket: WebSocket) -> None:
        """Push the whole state at once and on every change."""
        try:
            agent = await self.agents.of(socket)
        except GatewayRefused:
            await socket.close()
            return
        await socket.accept()
        if agent is None or not is_own_origin(socket):
            await socket.close(REFUSED)
            return
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._push, socket, agent, tasks.cancel_scope)
            try:
                while True:
                    await socket.receive_text()
            except (WebSocketDisconnect, RuntimeError, KeyError):
                tasks.cancel_scope.cancel()

    async def _push(self, socket: WebSocket, agent: Agent, scope: anyio.CancelScope) -> None:
        told: object = None
        recent, links = await self._recent(agent)
        try:
            while True:
                now = await self.agents.of(socket)
                if now is None:
                    await socket.close(GONE)
                    break
                state = {**self._state(now, recent), "links": links}
                if state != told:
                    told = state
                    await socket.send_json(state)
                await self.hub.changed()
                await anyio.sleep(PAUSE_S)
        except (WebSocketDisconnect, RuntimeError, OSError):
            pass
        scope.cancel()

    def _state(self, agent: Agent, recent: list[Any]) -> dict[str, object]:
        own = [one for one in self.hub.sessions.values() if one.session.memory.user == agent.user]
        own.sort(key=lambda one: one.opened, reverse=True)
        return {
            "me": {"name": agent.name, "login_name": agent.login_name, "company": agent.company},
            "demo": self.hub.demo is not None,
            "page": self.hub.gateway.address,
            "feedback": agent.sends_feedback,
            "no_licence": agent.no_licence,
            "sessions": [one.as_json() for one in own],
            "recent": [one for one in recent if one["id"] not in self.hub.sessions],
        }

    async def _recent(self, agent: Agent) -> tuple[list[Any], Mapping[str, str]]:
        try:
            found = await self.hub.gateway.call("recent", token=agent.token, most=MOST_RECENT)
        except GatewayRefused:
            return [], {}
        return [one for one in found["sessions"] if one.get("ended")], found.get("links", {})

    def _own(self, request: Request, agent: Agent) -> Live:
        live = self.hub.sessions.get(request.path_params["id"])
        if live is None or live.session.memory.user != agent.user:
            raise GatewayRefused("refused.session.unknown")
        return live
