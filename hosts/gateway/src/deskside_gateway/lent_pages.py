"""Customers' pages of sessions whose viewer is elsewhere, on a machine that their browsers cannot reach.

Such a viewer may be any agent's own machine: it gives facts and a road, never code. Pages, scripts and
words come from here, the server whose address the customer was told.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import anyio
from attrs import define, field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from deskside import texts
from deskside.declare import Role, Side
from deskside.errors import BadMessage, TransportEnded
from deskside.loader import Plugins
from deskside.texts import Texts
from deskside_gateway import ending
from deskside_gateway.hub import Fields, Hub
from deskside_gateway.refusals import Refused
from deskside_gateway.relay import REPLACED, RelayClosed, RelayEnd, Road
from deskside_viewer import boot
from deskside_viewer.help_cookie import let_in, shown_by
from deskside_viewer.lending import code_in
from deskside_viewer.people import Tickets
from deskside_viewer.render import Pages
from deskside_viewer.sockets import REFUSED, SocketRoad, is_own_origin

AGAIN, OPEN_ELSEWHERE = 1013, 4009
FIRST_S = 20.0
"""How long the viewer may take to come to the road it was asked for."""
TOLD_S, LOOK_S = 10.0, 0.2
"""How long the end may take to be known here once the page has heard of it."""
MOST_REMEMBERED = 10_000
PASSING = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)


@define(eq=False)
class LentPages:
    """Routes of customers' pages."""

    hub: Hub
    plugins: Plugins
    words: Texts
    pages: Pages = field(init=False)
    web: boot.WebFolders = field(init=False)
    tickets: Tickets = field(factory=Tickets)
    _admitted: OrderedDict[tuple[str, str], None] = field(factory=OrderedDict)
    """Who was let in by a viewer, for when there is nobody left to ask."""

    def __attrs_post_init__(self) -> None:
        self.pages = Pages(self.words)
        self.web = boot.WebFolders.of(self.plugins)

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes, for a server that has no viewer of its own."""
        return [
            Route("/help/{id}", self.help),
            Route("/help/{id}/start", self.help_start),
            Route("/help/{id}/after", self.help_after),
            self.line(),
        ]

    def line(self) -> BaseRoute:
        """Return the route of the pages' WebSocket."""
        return WebSocketRoute("/help/{id}/socket", self.socket)

    async def help(self, request: Request) -> Response:
        """Let a customer in who was admitted, and serve his page."""
        if ticket := request.query_params.get("ticket", ""):
            return let_in(request, ticket)
        session = request.path_params["id"]
        try:
            await self._facts(request)
        except Refused as no:
            if no.status in PASSING:
                return self.pages.draw(request, "away", no.status, reason=no.reason)
            return self.pages.draw(request, "gone", HTTPStatus.NOT_FOUND)
        return self.pages.draw(request, "session", start=f"/help/{session}/start", home="")

    async def help_start(self, request: Request) -> Response:
        """Return a customer's boot data."""
        session, shown = request.path_params["id"], shown_by(request)
        try:
            facts = await self._facts(request)
            data = boot.completed(facts, self.plugins.catalogue, self.web, self.words, _language(request))
        except BadMessage:
            return JSONResponse({"reason": "refused.viewer.silent"}, HTTPStatus.BAD_GATEWAY)
        except Refused as no:
            status = no.status if no.status in PASSING else HTTPStatus.NOT_FOUND
            return JSONResponse(no.as_json(), status)
        name = str(data["me"]["name"])
        data["ticket"] = self.tickets.give(session, name, Role.CUSTOMER, shown)
        data["socket"] = f"/help/{session}/socket"
        return JSONResponse(data, headers={"Cache-Control": "no-store"})

    async def help_after(self, request: Request) -> Response:
        """Return what opens in a customer's browser once the support is over."""
        session = request.path_params["id"]
        found: Fields = {}
        if (session, shown_by(request)) not in self._admitted:
            return JSONResponse({"reason": "refused.session.unknown"}, HTTPStatus.NOT_FOUND)
        with anyio.move_on_after(TOLD_S):
            while not await self._is_over(session):  # noqa: ASYNC110 - the database tells nobody
                await anyio.sleep(LOOK_S)
            found = await ending.after(self.hub, session)
        return JSONResponse(dict(found), headers={"Cache-Control": "no-store"})

    async def socket(self, socket: WebSocket) -> None:
        """Serve a page's line: what goes over it is the viewer's business."""
        session = socket.path_params["id"]
        admission = self.tickets.take(socket.query_params.get("ticket", ""), session)
        await socket.accept()
        page = SocketRoad(socket)
        if admission is None or not is_own_origin(socket):
            await page.aclose(REFUSED)
            return
        road, code = self.hub.relay.join(session, Side.HOST, Road.PAGE), AGAIN
        try:
            await self.hub.push(session, "lend_road", {"ticket": admission.user})
            code = await carry(page, road)
        except Refused:
            code = AGAIN
        finally:
            with anyio.CancelScope(shield=True):
                await road.aclose()
                await page.aclose(code)

    async def _facts(self, request: Request) -> Mapping[str, Any]:
        session, ticket = request.path_params["id"], shown_by(request)
        if not ticket:
            raise Refused("refused.session.unknown")
        if await self._is_over(session):
            raise Refused("refused.session.ended")
        facts = await self.hub.push(session, "lend_facts", {"ticket": ticket})
        self._admitted[session, ticket] = None
        while len(self._admitted) > MOST_REMEMBERED:
            self._admitted.popitem(last=False)
        return facts

    async def _is_over(self, session: str) -> bool:
        return (await self.hub.known(session)).row.ended is not None


async def carry(page: SocketRoad, road: RelayEnd) -> int:
    """Copy both ways until either end goes; return with what to close the page's line."""
    codes = [AGAIN]
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_inward, page, road, tasks.cancel_scope)
        try:
            with anyio.fail_after(FIRST_S):
                frame = await road.receive()
            while not (code := code_in(frame)):
                await page.send(frame)
                frame = await road.receive()
            codes.append(code)
        except RelayClosed as closed:
            codes.append(OPEN_ELSEWHERE if closed.code == REPLACED else AGAIN)
        except (TransportEnded, TimeoutError):
            pass
        tasks.cancel_scope.cancel()
    return codes[-1]


async def _inward(page: SocketRoad, road: RelayEnd, scope: anyio.CancelScope) -> None:
    while True:
        try:
            frame = await page.receive()
        except TransportEnded:
            scope.cancel()
            return
        try:
            await road.send(frame)
        except RelayClosed as closed:
            # The other direction still reads what came before, such as why the viewer closes.
            road.close(closed.code)
            return


def _language(request: Request) -> str:
    return texts.choose(request.headers.get("accept-language", ""))
