"""Tells whoever waits that something has changed, and lets nobody miss a change while he does not."""

import anyio
from attrs import define, field


@define(eq=False)
class Changes:
    """A count of changes; each waiter remembers by itself what it has seen."""

    count: int = 1
    _more: anyio.Event = field(factory=anyio.Event)

    def note(self) -> None:
        """Count one more change."""
        self.count += 1
        self._more.set()
        self._more = anyio.Event()

    async def after(self, seen: int) -> int:
        """Return the count once it is above what was seen: at once, if it already is."""
        while self.count <= seen:
            await self._more.wait()
        return self.count
