"""What a viewer needs of its gateway, whether it runs in the same process or far away."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from deskside.errors import DesksideError
from deskside.transport import Transport

Fields = Mapping[str, Any]
Push = Callable[[str, Fields], Awaitable[Fields]]


class GatewayRefused(DesksideError):
    """Raised when the gateway says no; `reason` is a text key."""

    def __init__(self, reason: str, values: Mapping[str, object] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = dict(values or {})


class Gateway(Protocol):
    """A connection to the gateway."""

    @property
    def address(self) -> str:
        """Return where people reach it."""

    async def call(self, name: str, **fields: object) -> Fields:
        """Ask something.

        :raises GatewayRefused: if the answer is no, or the gateway cannot be reached
        """

    async def dial(self, session: str, ticket: str, road: str) -> Transport:
        """Open a road of a session.

        :raises TransportEnded: if the relay cannot be reached
        """
