"""What a viewer may ask of the gateway: the same calls in process and on a WebSocket."""

from collections.abc import Mapping

from attrs import define

from deskside_gateway.caller import Caller
from deskside_gateway.calls import CALLS
from deskside_gateway.given import Given
from deskside_gateway.hub import Fields, Hub, Push
from deskside_gateway.refusals import Refused


@define(eq=False)
class Control(Caller):
    """One viewer's connection, ready to be called."""

    @classmethod
    def in_process(cls, hub: Hub, push: Push) -> "Control":
        """Return the connection of a viewer that runs in this process, and so is trusted."""
        return cls(hub, push, is_hosted=True, has_said_hello=True)

    async def call(self, name: str, arguments: Mapping[str, object]) -> Fields:
        """Carry out one call.

        :raises Refused: with the reason for a no
        """
        if name != "hello" and not self.has_said_hello:
            raise Refused("refused.hello_first")
        if name not in CALLS:
            raise Refused("refused.request", field="call")
        return await CALLS[name](self, Given(arguments))
