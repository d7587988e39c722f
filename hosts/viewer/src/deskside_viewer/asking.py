"""Requests of an agent's page: read with limits, refused in words, and only for who is signed in."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from attrs import define
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from deskside import texts
from deskside.texts import Texts
from deskside_viewer.gateway import GatewayRefused
from deskside_viewer.hub import Agent
from deskside_viewer.people import Agents

LARGEST_BODY = 4096
LOCKED = 423
Plain = Callable[[Request], Awaitable[Response]]
Answer = Callable[[Request, Agent], Awaitable[Response]]


@define(eq=False)
class Asking:
    """What every route that a page's script calls has in common."""

    agents: Agents
    words: Texts

    def signed_in(self, answer: Answer) -> Plain:
        """Return a route for agents who are signed in."""

        async def unlocked(request: Request, agent: Agent) -> Response:
            if self.agents.locks.is_locked(agent.sign_in):
                return self._no(request, GatewayRefused("refused.locked"), LOCKED)
            return await answer(request, agent)

        return self.known(unlocked)

    def known(self, answer: Answer) -> Plain:
        """Return a route for agents who are signed in, even if their pages are locked."""

        async def guarded(request: Request) -> Response:
            agent = await self.agents.known(request)
            if agent is None:
                return self._no(request, GatewayRefused("refused.signed_out"), 401)
            return await answer(request, agent)

        return self.by_script(guarded)

    def by_script(self, answer: Plain, status: int = 409) -> Plain:
        """Return a route that a script calls, for anybody."""

        async def guarded(request: Request) -> Response:
            if not _is_json(request):
                return JSONResponse({"reason": "refused.request"}, 415)
            try:
                return await answer(request)
            except GatewayRefused as no:
                return self._no(request, no, 404 if no.reason.startswith("refused.session") else status)

        return guarded

    def say(self, request: Request, reason: str, values: Mapping[str, object]) -> str:
        """Return a sentence in the browser's language."""
        language = texts.choose(request.headers.get("accept-language", ""))
        return self.words.say(language, reason, **values)

    def _no(self, request: Request, no: GatewayRefused, status: int) -> Response:
        reason, values = (no.failed.key, dict(no.failed.values)) if no.failed else (no.reason, no.values)
        content = {"reason": reason, "values": values, "text": self.say(request, reason, values)}
        return JSONResponse(content, 503 if no.is_passing else status)


async def body(request: Request, most: int = LARGEST_BODY) -> dict[str, Any]:
    """Return the JSON object that a script sent.

    :raises GatewayRefused: if it is none, or too large
    """
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > most:
            raise GatewayRefused("refused.request.large")
    try:
        given = json.loads(raw or b"{}")
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise GatewayRefused("refused.request", {"field": "body"})
    return given


def _is_json(request: Request) -> bool:
    """Tell whether a script sent this: a form of a foreign site cannot."""
    return request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"
