"""A TCP line between two programs that a test can freeze, lose and mend."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import anyio.abc
from attrs import define, field

PIECE = 64 * 1024


@define(eq=False)
class Wire:
    """What stands between."""

    port: int
    target: int
    is_down: bool = False
    is_frozen: bool = False
    delay_s: float = 0.0
    carried: int = 0
    _lines: dict[anyio.CancelScope, bytes] = field(factory=dict)
    _changed: anyio.Event = field(factory=anyio.Event)

    @property
    def address(self) -> str:
        """Return where to dial."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Lose every connection and take no new one until mend()."""
        self.is_down = True
        self.lose()

    def lose(self, word: bytes = b"") -> int:
        """Lose the connections whose first bytes hold this word; they may be dialled again at once."""
        gone = [scope for scope, head in self._lines.items() if word in head]
        for scope in gone:
            scope.cancel()
        return len(gone)

    def freeze(self) -> None:
        """Carry nothing more, without telling anybody."""
        self.is_frozen = True

    def mend(self) -> None:
        """Carry again."""
        self.is_down = self.is_frozen = False
        self._changed.set()
        self._changed = anyio.Event()

    async def serve(self, near: anyio.abc.SocketStream) -> None:
        """Carry one connection."""
        async with near:
            if self.is_down:
                return
            with anyio.CancelScope() as scope:
                try:
                    head = await near.receive(PIECE)
                    self._lines[scope] = head
                    async with (
                        await anyio.connect_tcp("127.0.0.1", self.target) as far,
                        anyio.create_task_group() as tasks,
                    ):
                        await far.send(head)
                        tasks.start_soon(self._copy, near, far, tasks.cancel_scope)
                        tasks.start_soon(self._copy, far, near, tasks.cancel_scope)
                except (OSError, anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError):
                    pass
                finally:
                    self._lines.pop(scope, None)

    async def _copy(
        self, source: anyio.abc.SocketStream, goal: anyio.abc.SocketStream, scope: anyio.CancelScope
    ) -> None:
        try:
            while True:
                piece = await source.receive(PIECE)
                while self.is_frozen:
                    await self._changed.wait()
                if self.delay_s:
                    await anyio.sleep(self.delay_s)
                await goal.send(piece)
                self.carried += len(piece)
        except (OSError, anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError):
            scope.cancel()


@asynccontextmanager
async def wire(target: int) -> AsyncIterator[Wire]:
    """Stand between whoever dials this wire and a port."""
    async with (
        await anyio.create_tcp_listener(local_host="127.0.0.1") as listener,
        anyio.create_task_group() as tasks,
    ):
        port = listener.extra(anyio.abc.SocketAttribute.local_port)
        one = Wire(port, target)
        tasks.start_soon(listener.serve, one.serve)
        yield one
        tasks.cancel_scope.cancel()
