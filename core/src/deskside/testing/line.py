"""The line between both sides of a pair."""

import anyio
from attrs import define, field

from deskside.errors import TransportEnded
from deskside.transport import MemoryTransport, Transport, memory_road


@define(eq=False)
class Line:
    """The line between host and viewer: a test can cut it, slow it, or lose it now and then."""

    is_down: bool = False
    delay_s: float = 0.0
    rate_bytes_s: float = 0.0
    _waiting: dict[str, MemoryTransport] = field(factory=dict)
    _open: list[MemoryTransport] = field(factory=list)
    frames: list[bytes] = field(factory=list)
    """Every frame that crossed, as a relay would see it; kept only if `record` is set."""
    record: bool = False

    async def dial(self, side: str, road: str) -> Transport:
        """Meet the other side on a road."""
        await anyio.lowlevel.checkpoint()
        if self.is_down:
            raise TransportEnded("the line is cut")
        other = f"{'viewer' if side == 'host' else 'host'} {road}"
        if other in self._waiting:
            end = self._waiting.pop(other)
        else:
            end, far = memory_road()
            self._waiting[f"{side} {road}"] = far
            self._open += [end, far]
        return _Slowed(end, self)

    async def cut(self) -> None:
        """Cut the line until mend()."""
        self.is_down = True
        await self.lose()

    def mend(self) -> None:
        """Let both sides dial again."""
        self.is_down = False

    async def lose(self) -> None:
        """Lose what is on the line; both sides dial again at once."""
        self._waiting.clear()
        gone, self._open = self._open, []
        for one in gone:
            await one.aclose()

    def slow(self, rate_bytes_s: float = 0.0, delay_s: float = 0.0) -> None:
        """Limit the line."""
        self.rate_bytes_s, self.delay_s = rate_bytes_s, delay_s


@define(eq=False)
class _Slowed:
    _inner: MemoryTransport
    _line: Line

    async def send(self, frame: bytes) -> None:
        if self._line.record:
            self._line.frames.append(frame)
        if self._line.rate_bytes_s:
            await anyio.sleep(len(frame) / self._line.rate_bytes_s)
        await self._inner.send(frame)

    async def receive(self) -> bytes:
        frame = await self._inner.receive()
        if self._line.delay_s:
            await anyio.sleep(self._line.delay_s)
        return frame

    async def aclose(self) -> None:
        await self._inner.aclose()
