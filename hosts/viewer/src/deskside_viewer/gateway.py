"""What a viewer needs of its gateway, whether it runs in the same process or far away."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from deskside.errors import DesksideError
from deskside.transport import Transport
from deskside_line.checks import Failed

Fields = Mapping[str, Any]
Push = Callable[[str, Fields], Awaitable[Fields]]


PASSING = frozenset({"refused.gateway.gone", "refused.database"})


class GatewayRefused(DesksideError):
    """Raised when the gateway says no; `reason` is a text key.

    Where it cannot be reached, `failed` says which check failed on the way, as far as that is known.
    """

    def __init__(
        self, reason: str, values: Mapping[str, object] | None = None, failed: Failed | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = dict(values or {})
        self.failed = failed

    @property
    def is_passing(self) -> bool:
        """Tell whether the same question may well be answered in a moment."""
        return self.reason in PASSING


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
