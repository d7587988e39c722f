"""The console: an agent's home."""

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import anyio
from attrs import define
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from deskside import texts
from deskside_viewer.gateway import GatewayRefused
from deskside_viewer.hub import Agent, Hub
from deskside_viewer.live import Live
from deskside_viewer.people import COOKIE, Agents
from deskside_viewer.render import Pages
from deskside_viewer.sockets import GONE, REFUSED, is_own_origin

LARGEST_BODY = 4096
PAUSE_S = 0.05
MOST_RECENT = 30
Answer = Callable[[Request, Agent], Awaitable[Response]]


@define(eq=False)
class Console:
    """Routes of the console."""

    hub: Hub
    agents: Agents
    pages: Pages

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes."""
        return [
            Route("/console", self.page),
            Route("/console/sign-in", self.sign_in, methods=["POST"]),
            Route("/console/sign-out", self._signed_in(self.sign_out), methods=["POST"]),
            Route("/console/sessions", self._signed_in(self.begin), methods=["POST"]),
            Route("/console/sessions/{id}/code", self._signed_in(self.code), methods=["POST"]),
            Route("/console/sessions/{id}/end", self._signed_in(self.end), methods=["POST"]),
            Route("/console/demo", self._signed_in(self.demo), methods=["POST"]),
            WebSocketRoute("/console/socket", self.socket),
        ]

    async def page(self, request: Request) -> Response:
        """Serve the console, or its sign-in form."""
        agent = await self.agents.of(request)
        return self.pages.draw(request, "sign_in" if agent is None else "console")

    async def sign_in(self, request: Request) -> Response:
        """Exchange a password for a cookie."""
        if not _is_json(request):
            return JSONResponse({"reason": "refused.request"}, 415)
        try:
            given = await _body(request)
            found = await self.hub.gateway.call(
                "sign_in",
                company=str(given.get("company", ""))[:9],
                login_name=str(given.get("login_name", ""))[:64],
                password=str(given.get("password", ""))[:200],
                address=request.client.host if request.client else "",
            )
            agent = await self.hub.gateway.call("agent", token=found["token"])
        except GatewayRefused as no:
            return self._no(request, no, 403)
        answer = JSONResponse({"name": agent["name"], "password_due": agent.get("password_due", False)})
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, found["token"], path="/", httponly=True, samesite="strict", secure=secure)
        return answer

    async def sign_out(self, request: Request, agent: Agent) -> Response:
        """End the sign-in."""
        self.agents.forget(agent.token)
        try:
            await self.hub.gateway.call("sign_out", token=agent.token)
        except GatewayRefused as no:
            return self._no(request, no, 503)
        answer = JSONResponse({})
        answer.delete_cookie(COOKIE, path="/")
        self.hub.stir()
        return answer

    async def begin(self, request: Request, agent: Agent) -> Response:
        """Open a session that waits for its customer."""
        given = await _body(request)
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
        agent = await self.agents.of(socket)
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
        recent = await self._recent(agent)
        try:
            while True:
                if await self.agents.of(socket) is None:
                    await socket.close(GONE)
                    break
                state = self._state(agent, recent)
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
            "sessions": [one.as_json() for one in own],
            "recent": [one for one in recent if one["id"] not in self.hub.sessions],
        }

    async def _recent(self, agent: Agent) -> list[Any]:
        try:
            found = await self.hub.gateway.call("recent", token=agent.token, most=MOST_RECENT)
        except GatewayRefused:
            return []
        return [one for one in found["sessions"] if one.get("ended")]

    def _own(self, request: Request, agent: Agent) -> Live:
        live = self.hub.sessions.get(request.path_params["id"])
        if live is None or live.session.memory.user != agent.user:
            raise GatewayRefused("refused.session.unknown")
        return live

    def _signed_in(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            if not _is_json(request):
                return JSONResponse({"reason": "refused.request"}, 415)
            agent = await self.agents.of(request)
            if agent is None:
                return self._no(request, GatewayRefused("refused.signed_out"), 401)
            try:
                return await answer(request, agent)
            except GatewayRefused as no:
                return self._no(request, no, 404 if no.reason.startswith("refused.session") else 409)

        return guarded

    def _no(self, request: Request, no: GatewayRefused, status: int) -> Response:
        language = texts.choose(request.headers.get("accept-language", ""))
        sentence = self.hub.words.say(language, no.reason, **no.values)
        return JSONResponse({"reason": no.reason, "values": no.values, "text": sentence}, status)


def _is_json(request: Request) -> bool:
    """Tell whether a script sent this: a form of a foreign site cannot."""
    return request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"


async def _body(request: Request) -> dict[str, Any]:
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > LARGEST_BODY:
            raise GatewayRefused("refused.request.large")
    try:
        given = json.loads(raw or b"{}")
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise GatewayRefused("refused.request", {"field": "body"})
    return given
