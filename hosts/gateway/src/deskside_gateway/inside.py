"""A viewer inside the gateway's process: the same calls, and roads without a socket."""

from attrs import define, field

from deskside.declare import Side
from deskside.errors import TransportEnded
from deskside.transport import Transport
from deskside_gateway.control import Control
from deskside_gateway.hub import Fields, Hub
from deskside_gateway.refusals import Refused
from deskside_gateway.relay import RelayClosed, RelayEnd, Road
from deskside_viewer.gateway import GatewayRefused, Push


@define(eq=False)
class InsideRoad:
    """The viewer's end of a road."""

    _end: RelayEnd

    async def send(self, frame: bytes) -> None:
        """Send a frame."""
        try:
            await self._end.send(frame)
        except RelayClosed as error:
            raise TransportEnded(str(error)) from None

    async def receive(self) -> bytes:
        """Return the next frame."""
        try:
            return await self._end.receive()
        except RelayClosed as error:
            raise TransportEnded(str(error)) from None

    async def aclose(self) -> None:
        """End it."""
        await self._end.aclose()


@define(eq=False)
class InsideGateway:
    """The gateway as the viewer in its own process sees it."""

    _hub: Hub
    push: Push | None = None
    _control: Control = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._control = Control(self._hub, self._pushed, is_hosted=True, has_said_hello=True)

    @property
    def address(self) -> str:
        """Return where people reach this server."""
        return self._hub.address

    async def call(self, name: str, **fields: object) -> Fields:
        """Ask something."""
        try:
            return await self._control.call(name, fields)
        except Refused as no:
            raise GatewayRefused(no.reason, no.values) from None

    async def dial(self, session: str, ticket: str, road: str) -> Transport:
        """Open a road of a session."""
        del ticket
        return InsideRoad(self._hub.relay.join(session, Side.VIEWER, Road(road)))

    async def dial_as_customer(self, session: str, road: str) -> Transport:
        """Open a road of a session at its other end: for a customer made up in this process."""
        return InsideRoad(self._hub.relay.join(session, Side.HOST, Road(road)))

    async def _pushed(self, name: str, fields: Fields) -> Fields:
        if self.push is None:
            raise Refused("refused.viewer.gone")
        try:
            return await self.push(name, fields)
        except GatewayRefused as no:
            values = {key: one if isinstance(one, int) else str(one) for key, one in no.values.items()}
            raise Refused(no.reason, **values) from None
