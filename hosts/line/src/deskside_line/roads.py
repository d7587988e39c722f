"""Roads of a session through the relay: one WebSocket each."""

import contextlib
import logging
import socket as sockets
from collections.abc import AsyncIterator
from urllib.parse import urlencode, urlsplit, urlunsplit

import anyio
from attrs import define
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from deskside.errors import TransportEnded
from deskside.transport import Transport
from deskside_line.proxies import AS_THE_SYSTEM_SAYS, Proxies

LARGEST_MESSAGE = 1_258_291
UNSENT_BYTES = 128 * 1024
"""What the system may hold back unsent: less than one picture, so that a key press is never far behind."""
OPEN_S = 10
CLOSE_S = 1


def hush_libraries() -> None:
    """Keep out of a program's log what libraries would write there at their loudest: tickets and frames."""
    for name in ("httpcore", "httpx", "uvicorn", "websockets"):
        logging.getLogger(name).setLevel(logging.WARNING)


def socket_address(address: str, path: str, **query: str) -> str:
    """Return the WebSocket address of a path of a server."""
    parts = urlsplit(address)
    scheme = "wss" if parts.scheme == "https" else "ws"
    return urlunsplit((scheme, parts.netloc, path, urlencode(query), ""))


@define(eq=False)
class ClientRoad:
    """A client's WebSocket as a transport."""

    _socket: ClientConnection

    async def send(self, frame: bytes) -> None:
        """Send a frame."""
        try:
            await self._socket.send(frame)
        except ConnectionClosed:
            raise TransportEnded("the relay has closed the road") from None

    async def receive(self) -> bytes:
        """Return the next frame."""
        try:
            frame = await self._socket.recv()
        except ConnectionClosed:
            raise TransportEnded("the relay has closed the road") from None
        if isinstance(frame, str):
            raise TransportEnded("the relay sent text")
        return frame

    async def aclose(self) -> None:
        """End it."""
        await hang_up(self._socket)


async def hang_up(line: ClientConnection) -> None:
    """Close politely and soon; however that goes, and whoever is cancelled meanwhile, nothing stays open."""
    try:
        with anyio.CancelScope(shield=True), anyio.move_on_after(CLOSE_S):
            await line.close()
    finally:
        line.transport.abort()


@contextlib.asynccontextmanager
async def held(
    address: str, largest_frame: int, proxies: Proxies = AS_THE_SYSTEM_SAYS
) -> AsyncIterator[ClientConnection]:
    """Hold a line to a server open while the block runs.

    :raises OSError, TimeoutError, InvalidHandshake: if it cannot be opened
    """
    way = proxies.towards(address) or None
    line = await connect(address, compression=None, max_size=largest_frame, open_timeout=OPEN_S, proxy=way)
    try:
        yield line
    finally:
        await hang_up(line)


async def dial(address: str, ticket: str, road: str, proxies: Proxies = AS_THE_SYSTEM_SAYS) -> Transport:
    """Open a road at the relay.

    :raises TransportEnded: if it cannot be reached or refuses
    """
    where = socket_address(address, "/v1/relay", ticket=ticket, road=road)
    try:
        line = await connect(
            where,
            compression=None,
            max_size=LARGEST_MESSAGE,
            open_timeout=OPEN_S,
            ping_interval=None,
            max_queue=4,
            write_limit=UNSENT_BYTES,
            proxy=proxies.towards(where) or None,
        )
    except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as error:
        raise TransportEnded(f"the relay cannot be reached: {error}") from None
    hold_little(line.transport.get_extra_info("socket"))
    return ClientRoad(line)


def hold_little(line: "sockets.socket | None") -> None:
    """Keep what the system holds back unsent small, where it can."""
    if line is not None and hasattr(sockets, "TCP_NOTSENT_LOWAT"):
        with contextlib.suppress(OSError):
            line.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
