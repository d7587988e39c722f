"""Roads for frames: what carries them, and how two ends make a road sealed."""

from collections import deque
from collections.abc import Callable
from typing import Protocol

import anyio
from attrs import define, field, frozen

from deskside.errors import BadFrame, BadMessage, PairingFailed, TransportEnded
from deskside.messages import pack, unpack
from deskside.pairing import Pairing
from deskside.sealed import NONCE_BYTES, End, SealedTransport, open_transport

HANDSHAKE_S = 10
MAX_HANDSHAKE = 4096
PAIR, PROOF, NONCE, SHOWN = range(4)


class Transport(Protocol):
    """Carries frames in order until it ends; how, is nobody else's business."""

    async def send(self, frame: bytes) -> None:
        """Send a frame, waiting while the line is full.

        :raises TransportEnded: once it has ended
        """

    async def receive(self) -> bytes:
        """Return the next frame.

        :raises TransportEnded: once it has ended
        """

    async def aclose(self) -> None:
        """End it."""


@define(eq=False)
class _Pipe:
    """Frames on their way inside one process."""

    depth: int
    frames: deque[bytes] = field(factory=deque)
    is_closed: bool = False
    _changed: anyio.Event = field(factory=anyio.Event)

    async def put(self, frame: bytes) -> None:
        while len(self.frames) >= self.depth and not self.is_closed:
            await self._changed.wait()
        if self.is_closed:
            raise TransportEnded("the other end is gone")
        self.frames.append(frame)
        self.stir()

    async def take(self) -> bytes:
        while not self.frames:
            if self.is_closed:
                raise TransportEnded("the other end is gone")
            await self._changed.wait()
        frame = self.frames.popleft()
        self.stir()
        return frame

    def stir(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()


@define(eq=False)
class MemoryTransport:
    """One end of a road inside one process."""

    _outbound: _Pipe
    _inbound: _Pipe

    async def send(self, frame: bytes) -> None:
        """Send a frame."""
        await self._outbound.put(frame)

    async def receive(self) -> bytes:
        """Return the next frame."""
        return await self._inbound.take()

    async def aclose(self) -> None:
        """End it for both; frames on their way are lost."""
        for pipe in (self._outbound, self._inbound):
            pipe.is_closed = True
            pipe.frames.clear()
            pipe.stir()


def memory_road(depth: int = 8) -> tuple[MemoryTransport, MemoryTransport]:
    """Return both ends of a road inside this process."""
    there, back = _Pipe(depth), _Pipe(depth)
    return MemoryTransport(there, back), MemoryTransport(back, there)


@frozen
class SealedRoad:
    """A transport whose frames are sealed with the session's secret."""

    _transport: Transport
    _seals: SealedTransport

    async def send(self, packet: bytes) -> None:
        """Seal and send; only one task may send."""
        await self._transport.send(self._seals.sending.seal(packet))

    async def receive(self) -> bytes:
        """Receive and open.

        :raises BadFrame: if a frame was changed, dropped, repeated or moved; the road is dead then
        """
        return self._seals.receiving.open(await self._transport.receive())

    async def aclose(self) -> None:
        """End the road."""
        await self._transport.aclose()


async def pair(transport: Transport, end: End, secret: str, context: bytes) -> bytes:
    """Turn the code's secret digits into a session secret with the far end.

    :raises PairingFailed: if the far end used other digits, or did not answer in time
    """
    exchange = Pairing(end, secret, context)
    try:
        with anyio.fail_after(HANDSHAKE_S):
            await _say(transport, PAIR, exchange.message)
            paired = exchange.finish(await _hear(transport, PAIR))
            await _say(transport, PROOF, paired.proof)
            return paired.confirm(await _hear(transport, PROOF))
    except TimeoutError:
        raise PairingFailed("the other side did not answer in time") from None


async def seal(
    transport: Transport, end: End, road: bytes, secret: bytes, nonce: Callable[[int], bytes]
) -> SealedRoad:
    """Make a road sealed; both ends must hold the session secret.

    :raises PairingFailed: if the far end does not hold it, or did not answer in time
    """
    own = nonce(NONCE_BYTES)
    try:
        with anyio.fail_after(HANDSHAKE_S):
            await _say(transport, NONCE, own)
            seals = open_transport(secret, end, road, own, await _hear(transport, NONCE))
            await _say(transport, SHOWN, seals.proof)
            seals.check_proof(await _hear(transport, SHOWN))
    except TimeoutError:
        raise PairingFailed("the other side did not answer in time") from None
    except BadFrame as error:
        raise PairingFailed(str(error)) from None
    return SealedRoad(transport, seals)


async def _say(transport: Transport, kind: int, content: bytes) -> None:
    await transport.send(pack([kind, content]))


async def _hear(transport: Transport, kind: int) -> bytes:
    try:
        raw = unpack(await transport.receive(), MAX_HANDSHAKE)
    except BadMessage as error:
        raise PairingFailed(f"the other side does not speak as it should: {error}") from None
    if type(raw) is not list or len(raw) != 2 or raw[0] != kind or type(raw[1]) is not bytes:
        raise PairingFailed("the other side is not where it should be in the exchange")
    content: bytes = raw[1]
    return content
