"""An agent's page that sends a real file, as the plugin's own page does."""

import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from attrs import define, field

from deskside.testing import Page
from deskside_file_transfer.messages import (
    CHUNK_BYTES,
    Accepted,
    Chunk,
    Complete,
    Done,
    Offer,
    OfferedFile,
    Progress,
    Resume,
    State,
    WantState,
)
from live.traffic import PATIENCE_S


@define(eq=False)
class Sender:
    """One file on its way to the customer."""

    page: Page
    name: str
    content: bytes
    id: int = field(factory=lambda: secrets.randbelow(2**50) + 1)
    sent: int = 0

    async def offer(self) -> Accepted:
        """Offer it and wait for the customer's yes."""
        file = OfferedFile(self.id, self.name, len(self.content))
        await self._send("send_offers", Offer((file,)))
        accepted: Accepted = await self._next(Accepted)
        return accepted

    async def resume(self) -> Accepted:
        """Go on after a reload: the host says from where."""
        await self._send("send_offers", WantState())
        state: State = await self._next(State)
        assert self.id in [row.id for row in state.transfers]
        await self._send("send_offers", Resume(self.id))
        accepted: Accepted = await self._next(Accepted)
        return accepted

    async def push(self, accepted: Accepted, until: Callable[[int], bool] = lambda _: False) -> bool:
        """Send the rest; stop once `until` says so of what was sent."""
        self.sent = accepted.offset
        while self.sent < len(self.content):
            piece = self.content[self.sent : self.sent + CHUNK_BYTES]
            await self._send("send_data", Chunk(self.id, accepted.run, self.sent, piece))
            self.sent += len(piece)
            if until(self.sent):
                return False
        digest = hashlib.sha256(self.content).digest()
        await self._send("send_data", Complete(self.id, accepted.run, digest))
        done: Done = await self._next(Done)
        assert done.sha256 == digest
        return True

    async def _send(self, channel: str, message: Any) -> None:
        name = f"file_transfer.{channel}"
        await self.page.until(lambda: self.page._stream(name).out.has_room, PATIENCE_S)
        await self.page.send(name, message)

    async def _next(self, kind: type[Any]) -> Any:
        channel = "file_transfer.send_offers"
        while True:
            await self.page.until(lambda: self.page.pending(channel) > 0, PATIENCE_S)
            message: Any = await self.page.receive(channel, object)  # type: ignore[type-var]
            if not isinstance(message, Progress):
                assert isinstance(message, kind), message
                return message
