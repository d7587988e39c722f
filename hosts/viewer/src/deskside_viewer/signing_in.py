"""Signing in to the console and out of it, and what an agent keeps up about himself there."""

from collections.abc import Sequence

from attrs import define
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from deskside_viewer import machine
from deskside_viewer.asking import Asking, body
from deskside_viewer.gateway import Fields, GatewayRefused
from deskside_viewer.hub import Agent, Hub
from deskside_viewer.people import COOKIE
from deskside_viewer.render import Pages

OWN_DETAILS = ("chat_name", "nickname", "position")


@define(eq=False)
class SigningIn:
    """Routes of signing in, and of one's own account."""

    hub: Hub
    asking: Asking
    pages: Pages

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes."""
        asking = self.asking
        posts = {
            "/console/sign-in": asking.by_script(self.sign_in, 403),
            "/console/second-step": asking.by_script(self.second_step, 403),
            "/console/sign-out": asking.known(self.sign_out),
            "/console/seats": asking.signed_in(self.seats),
            "/console/password": asking.signed_in(self.password),
            "/console/details": asking.signed_in(self.details),
            "/console/keep-details": asking.signed_in(self.keep_details),
        }
        return [
            Route("/console/account", self.account),
            *(Route(path, answer, methods=["POST"]) for path, answer in posts.items()),
        ]

    async def sign_in(self, request: Request) -> Response:
        """Exchange a password for a cookie, or for a second step."""
        given = await body(request)
        found = await self.hub.gateway.call(
            "sign_in",
            company=str(given.get("company", ""))[:9],
            login_name=str(given.get("login_name", ""))[:64],
            password=str(given.get("password", ""))[:200],
            **await self._where(request),
        )
        return await self._opened(request, found)

    async def second_step(self, request: Request) -> Response:
        """Exchange a code for a cookie."""
        given = await body(request)
        found = await self.hub.gateway.call(
            "second_step",
            second=str(given.get("second", ""))[:100],
            code=str(given.get("code", ""))[:40],
            **await self._where(request),
        )
        return await self._opened(request, found)

    async def sign_out(self, _: Request, agent: Agent) -> Response:
        """End the sign-in."""
        self.asking.agents.forget(agent.token)
        await self.hub.gateway.call("sign_out", token=agent.token)
        answer = JSONResponse({})
        answer.delete_cookie(COOKIE, path="/")
        self.hub.stir()
        return answer

    async def account(self, request: Request) -> Response:
        """Serve the page of one's own account."""
        try:
            agent = await self.asking.agents.of(request)
        except GatewayRefused as no:
            return self.pages.draw(request, "away", 503, reason=no.reason)
        if agent is None:
            return RedirectResponse("/console", 303)
        return self.pages.draw(request, "account", agent=agent)

    async def seats(self, _: Request, agent: Agent) -> Response:
        """Tell free and used seats."""
        return JSONResponse(dict(await self.hub.gateway.call("seats", token=agent.token)))

    async def password(self, request: Request, agent: Agent) -> Response:
        """Change one's own password."""
        given = await body(request)
        old, new = str(given.get("old", ""))[:200], str(given.get("new", ""))[:200]
        found = await self.hub.gateway.call("change_password", token=agent.token, old=old, new=new)
        self.asking.agents.forget(agent.token)
        return self._kept(request, found)

    async def details(self, _: Request, agent: Agent) -> Response:
        """Tell what customers see of one."""
        return JSONResponse(dict(await self.hub.gateway.call("details", token=agent.token)))

    async def keep_details(self, request: Request, agent: Agent) -> Response:
        """Keep what customers see of one."""
        given = await body(request)
        shown = {name: str(given.get(name, ""))[:200] for name in OWN_DETAILS}
        version = given.get("version") if type(given.get("version")) is int else 0
        found = await self.hub.gateway.call("keep_details", token=agent.token, version=version, **shown)
        self.asking.agents.forget(agent.token)
        return self._kept(request, found)

    async def _where(self, request: Request) -> Fields:
        """Return where the agent is: his browser's address, or what his own machine knows of itself."""
        if self.hub.sealed_to_agent:
            return await machine.report(self.hub.gateway.address)
        return {"address": request.client.host if request.client else ""}

    async def _opened(self, request: Request, found: Fields) -> Response:
        if "token" not in found:
            return JSONResponse({"second": found["second"]})
        if self.hub.sealed_to_agent:
            # Supports that outlived an earlier sign-in are this agent's again.
            await self.hub.hold_again()
        self.asking.agents.locks.signed_in(found["token"])
        answer = JSONResponse({})
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, found["token"], path="/", httponly=True, samesite="strict", secure=secure)
        return answer

    def _kept(self, request: Request, found: Fields) -> Response:
        problems: dict[str, list[str]] = {}
        for one in found["problems"]:
            text = self.asking.say(request, one["reason"], one["values"])
            problems.setdefault(one["entry"], []).append(text)
        told = {entry: " ".join(texts) for entry, texts in problems.items()}
        return JSONResponse({"problems": told}, 422 if told else 200)
