"""Sessions that were live when the viewer was killed are taken up again, as soon as the gateway is there."""

import logging
from typing import TYPE_CHECKING

import anyio
from attrs import define, field

from deskside.errors import BadMessage
from deskside.viewer_memory import Memory
from deskside_viewer.gateway import GatewayRefused

if TYPE_CHECKING:
    from deskside_viewer.hub import Hub

log = logging.getLogger(__name__)

PATIENCE_S = 10.0
PAUSE_S = 1.0
UNSAVED_EVENTS = 1000


@define(eq=False)
class Resuming:
    """What is stored and not yet live again."""

    _hub: "Hub"
    _waiting: dict[str, anyio.Event] = field(factory=dict)

    async def start(self) -> None:
        """Read what is stored, and begin to take it up."""
        for data in await self._hub.store.all():
            try:
                memory = Memory.from_bytes(data)
            except BadMessage as error:
                log.warning("a stored session cannot be read: %s", error)
                continue
            # What was reported after the last save has used up its numbers.
            memory.events += UNSAVED_EVENTS
            self._waiting[memory.id] = anyio.Event()
            self._hub.start(self._resume, memory)

    async def wait_for(self, session: str) -> bool:
        """Wait a moment for a session; tell whether it is still being taken up."""
        if session in self._waiting:
            with anyio.move_on_after(PATIENCE_S):
                await self._waiting[session].wait()
        return session in self._waiting

    async def _resume(self, memory: Memory) -> None:
        while True:
            if await self._take_up(memory):
                break
            await anyio.sleep(PAUSE_S)
        self._waiting.pop(memory.id).set()
        self._hub.stir()

    async def _take_up(self, memory: Memory) -> bool:
        try:
            memory.ticket = (await self._hub.gateway.call("ticket", session=memory.id))["ticket"]
            await self._hub.begin(memory, "")
        except GatewayRefused as no:
            if no.is_passing:
                return False
            log.warning("session %s cannot be taken up: %s", memory.number, no.reason)
            await self._hub.store.forget(memory.id)
        return True
