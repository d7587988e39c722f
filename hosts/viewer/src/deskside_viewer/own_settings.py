"""What the agent sets for himself: sign-out, lock, log file; and what opens his pages again."""

from collections.abc import Sequence
from typing import Any

from attrs import define
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from deskside_viewer.asking import Asking, body
from deskside_viewer.gateway import GatewayRefused
from deskside_viewer.hub import Agent, Hub
from deskside_viewer.render import Pages

LONGEST_PASSWORD = 200
LARGEST_FEEDBACK = 16 * 1024


@define(eq=False)
class OwnSettings:
    """Routes of the settings page, of use, and of the lock."""

    hub: Hub
    asking: Asking
    pages: Pages
    log_place: str = ""
    """Where this program's log file is, if it is the agent's own."""

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes."""
        signed_in = self.asking.signed_in
        posts = {
            "/console/keep-settings": signed_in(self.keep),
            "/console/used": signed_in(self.used),
            "/console/looked": signed_in(self.looked),
            "/console/group": signed_in(self.group),
            "/console/feedback": signed_in(self.feedback),
            "/console/unlock": self.asking.known(self.unlock),
        }
        return [
            Route("/console/settings", self.page),
            *(Route(path, answer, methods=["POST"]) for path, answer in posts.items()),
        ]

    async def page(self, request: Request) -> Response:
        """Serve the settings."""
        try:
            agent = await self.asking.agents.of(request)
            if agent is None or agent.password_due:
                return RedirectResponse("/console", 303)
            found = await self.hub.gateway.call("own_settings", token=agent.token)
        except GatewayRefused as no:
            return self.pages.draw(request, "away", 503, reason=no.reason)
        rules = [_named(one) for one in found["rules"]]
        if not self.log_place:
            rules = [one for one in rules if one["name"] != "log_file"]
        return self.pages.draw(
            request, "settings", rules=rules, version=found["version"], log_place=self.log_place
        )

    async def keep(self, request: Request, agent: Agent) -> Response:
        """Keep what the agent wants."""
        given = await body(request)
        version = given.get("version") if type(given.get("version")) is int else 0
        rules = given.get("rules")
        if not isinstance(rules, dict):
            raise GatewayRefused("refused.request", {"field": "rules"})
        found = await self.hub.gateway.call(
            "keep_own_settings", token=agent.token, version=version, rules=rules
        )
        self.asking.agents.forget(agent.token)
        await self.asking.agents.of(request)
        problems = {
            one["entry"]: self.asking.say(request, one["reason"], one["values"]) for one in found["problems"]
        }
        return JSONResponse({"problems": problems}, 422 if problems else 200)

    async def used(self, _: Request, agent: Agent) -> Response:
        """Note that somebody uses a page."""
        self._note_use(agent)
        return self._minutes(agent)

    async def looked(self, _: Request, agent: Agent) -> Response:
        """Tell a page that nobody uses whether it may stay."""
        return self._minutes(agent)

    async def group(self, _: Request, agent: Agent) -> Response:
        """Tell who else is of the agent's group."""
        return JSONResponse(dict(await self.hub.gateway.call("group", token=agent.token)))

    async def unlock(self, request: Request, agent: Agent) -> Response:
        """Open the agent's pages to whoever knows his password."""
        password = str((await body(request)).get("password", ""))[:LONGEST_PASSWORD]
        await self.hub.gateway.call("prove", token=agent.token, password=password)
        self.asking.agents.locks.unlock(agent.sign_in)
        self._note_use(agent)
        self.hub.stir()
        return JSONResponse({})

    async def feedback(self, request: Request, agent: Agent) -> Response:
        """Pass on what the agent says about the product."""
        text = str((await body(request, LARGEST_FEEDBACK)).get("text", ""))
        await self.hub.gateway.call("send_feedback", token=agent.token, text=text)
        return JSONResponse({})

    def _note_use(self, agent: Agent) -> None:
        self.asking.agents.locks.used(agent.sign_in)
        self.asking.agents.presences.used(agent.sign_in)

    def _minutes(self, agent: Agent) -> Response:
        return JSONResponse({"minutes": self.asking.agents.locks.minutes(agent.sign_in)})


def _named(rule: dict[str, Any]) -> dict[str, Any]:
    """Return a rule with the short name that its words go by."""
    return {**rule, "name": rule["key"].partition(".")[2]}
