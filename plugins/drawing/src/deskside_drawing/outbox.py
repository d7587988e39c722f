"""What pages are told, in order, by a task of its own: drawing never waits for a slow page."""

from collections import deque
from collections.abc import Callable

import anyio
from attrs import define, field

from deskside.api import Channel, Message

MOST_WAITING = 2000


@define(eq=False)
class Outbox:
    """Every message sets something, so one told twice, or after the whole, does no harm."""

    channel: Channel
    whole: Callable[[], Message]
    _waiting: deque[Message] = field(factory=deque)
    _bell: anyio.Event = field(factory=anyio.Event)

    def put(self, message: Message) -> None:
        """Tell all pages; if too much waits, they are told the whole instead."""
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            message = self.whole()
        self._waiting.append(message)
        self._bell.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            while self._waiting:
                await self.channel.send(self._waiting.popleft())
            self._bell = anyio.Event()
            await self._bell.wait()

    async def give_whole(self, page: int, is_here: Callable[[], bool]) -> None:
        """Tell one page everything as it is when there is room for it."""
        while not self.channel.offer(self.whole(), to=page):
            if not is_here():
                return
            await self.channel.changed()
