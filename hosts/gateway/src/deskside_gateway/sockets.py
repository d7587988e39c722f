"""The gateway's WebSockets: relay, customer program's control connection, viewer's control connection."""

import math
from collections.abc import Awaitable, Callable

from anyio import CancelScope, create_task_group, current_time, fail_after
from attrs import define, field
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from deskside.declare import Side
from deskside_gateway.control import Control
from deskside_gateway.door import PATIENCE_S, Door
from deskside_gateway.hosts import HostConnection
from deskside_gateway.hub import Fields, Hub
from deskside_gateway.refusals import Refused
from deskside_gateway.relay import OF_PROGRAMS, PEER_GONE, RelayClosed, RelayEnd, Road
from deskside_gateway.rpc import Line
from deskside_gateway.tickets import Ticket

REFUSED, BAD_FRAME = 1008, 1003
CODES = {"refused.request.large": 1009, "refused.request.slow": 4008}
LONGEST_PAUSE_S = 3600.0
"""How long a message may wait for a far end; until then nobody could tell that its sender has gone."""
LAST_WORDS_S = 5.0
"""How long what somebody said before he went may take to be passed on."""
MOST_STRANGERS = 32
"""Viewers of one address that have not proven anything."""
STRANGER_LASTS_S = 600.0
"""How long a local viewer may take until its agent has signed in."""

Endpoint = Callable[[WebSocket], Awaitable[None]]


def routes(hub: Hub) -> list[BaseRoute]:
    """Return the WebSockets of programs."""
    door = Door(most=1024, most_per_address=MOST_STRANGERS)
    return [
        WebSocketRoute("/v1/relay", _relay(hub)),
        WebSocketRoute("/v1/host", _host(hub)),
        WebSocketRoute("/v1/control", _control(hub, door)),
    ]


def _relay(hub: Hub) -> Endpoint:
    async def relay(socket: WebSocket) -> None:
        road = socket.query_params.get("road", Road.MAIN)
        ticket = _ticket(hub, socket)
        allowed = Road if ticket is not None and ticket.side is Side.VIEWER else OF_PROGRAMS
        if ticket is None or road not in set(allowed):
            await socket.close(REFUSED)
            return
        await socket.accept()
        end = hub.relay.join(ticket.session, ticket.side, Road(road))
        try:
            await _copy(socket, end)
        finally:
            end.close(1000)

    return relay


def _host(hub: Hub) -> Endpoint:
    async def host(socket: WebSocket) -> None:
        ticket = _ticket(hub, socket)
        if ticket is None or ticket.side is not Side.HOST:
            await socket.close(REFUSED)
            return
        await socket.accept()
        connection = HostConnection(hub, socket, ticket.session)
        await _served(socket, connection.run)

    return host


def _control(hub: Hub, door: Door) -> Endpoint:
    async def control(socket: WebSocket) -> None:
        connection = ViewerConnection(hub, socket, door)
        if _is_browser(socket) or not connection.enter():
            await socket.close(REFUSED)
            return
        try:
            await socket.accept()
            await _served(socket, connection.run)
        finally:
            connection.leave()

    return control


@define(eq=False)
class ViewerConnection:
    """A viewer on a WebSocket: at the door until it has proven something."""

    _hub: Hub
    _socket: WebSocket
    _door: Door
    _control: Control = field(init=False)
    _line: Line = field(init=False)
    _scope: CancelScope = field(factory=CancelScope, init=False)

    def __attrs_post_init__(self) -> None:
        address = self._socket.client.host if self._socket.client else ""
        self._line = Line(self._socket, self._answer)
        self._control = Control(self._hub, self._line.ask, address)

    def enter(self) -> bool:
        """Come to the door, if there is room."""
        return self._door.enter(self, self._control.address)

    def leave(self) -> None:
        """Be gone."""
        self._door.leave(self)
        self._control.close()

    async def run(self) -> None:
        """Serve the viewer until it goes, or is shown out.

        :raises Refused: if it is shown out
        """
        self._scope.deadline = current_time() + PATIENCE_S
        with self._scope:
            await self._line.run()
        if self._scope.cancelled_caught:
            raise Refused("refused.request.slow")

    def show_out(self) -> None:
        """Make room for somebody else."""
        self._scope.cancel()

    async def _answer(self, name: str, fields: Fields) -> Fields:
        result = await self._control.call(name, fields)
        if self._control.is_trusted:
            self._door.leave(self)
            self._scope.deadline = math.inf
        elif name == "hello":
            self._scope.deadline = current_time() + STRANGER_LASTS_S
        return result


async def _served(socket: WebSocket, run: Callable[[], Awaitable[int | None]]) -> None:
    code, reason = 1000, ""
    try:
        code = await run() or code
    except Refused as no:
        code, reason = CODES.get(no.reason, REFUSED), no.reason
    await _close(socket, code, reason)


async def _close(socket: WebSocket, code: int, reason: str = "") -> None:
    try:
        await socket.close(code, reason)
    except (RuntimeError, WebSocketDisconnect):
        return


async def _copy(socket: WebSocket, end: RelayEnd) -> None:
    async with create_task_group() as tasks:
        tasks.start_soon(_inward, socket, end)
        try:
            while True:
                await socket.send_bytes(await end.receive())
        except RelayClosed as closed:
            await _close(socket, closed.code)
            tasks.cancel_scope.cancel()
        except (RuntimeError, WebSocketDisconnect):
            # Nothing reaches it any more; what it said before it went is still passed on.
            tasks.cancel_scope.deadline = current_time() + LAST_WORDS_S


async def _inward(socket: WebSocket, end: RelayEnd) -> None:
    while True:
        message = await socket.receive()
        content = message.get("bytes")
        if content is None:
            # A text frame is nothing for a relay; anything else means that the far end has gone.
            end.close(BAD_FRAME if message["type"] == "websocket.receive" else PEER_GONE)
            return
        try:
            with fail_after(LONGEST_PAUSE_S):
                await end.send(content)
        except RelayClosed as closed:
            end.close(closed.code)
            return
        except TimeoutError:
            end.close(PEER_GONE)
            return


def _ticket(hub: Hub, socket: WebSocket) -> Ticket | None:
    if _is_browser(socket):
        return None
    return hub.tickets.read(socket.query_params.get("ticket", ""), hub.store.now().timestamp())


def _is_browser(socket: WebSocket) -> bool:
    return "origin" in socket.headers
