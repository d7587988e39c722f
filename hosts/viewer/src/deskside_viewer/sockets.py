"""WebSockets of browsers: where they come from, and as roads of the session core."""

from urllib.parse import urlsplit

from attrs import define
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from deskside.errors import TransportEnded

REFUSED, GONE = 4003, 4004
LOCKED = 4012


def is_own_origin(socket: WebSocket) -> bool:
    """Tell whether the page that opens a socket was served from here."""
    origin = urlsplit(socket.headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == socket.headers.get("host", "")


@define(eq=False)
class SocketRoad:
    """A browser's WebSocket as a transport."""

    _socket: WebSocket

    async def send(self, frame: bytes) -> None:
        """Send a frame."""
        try:
            await self._socket.send_bytes(frame)
        except (WebSocketDisconnect, RuntimeError, OSError):
            raise TransportEnded("the page is gone") from None

    async def receive(self) -> bytes:
        """Return the next binary message; a text message ends the line."""
        try:
            message = await self._socket.receive()
        except (WebSocketDisconnect, RuntimeError, OSError):
            raise TransportEnded("the page is gone") from None
        frame = message.get("bytes")
        if message["type"] == "websocket.disconnect" or frame is None:
            raise TransportEnded("the page is gone")
        return bytes(frame)

    async def aclose(self, code: int = 1000) -> None:
        """End the line."""
        if self._socket.application_state is WebSocketState.CONNECTED:
            try:
                await self._socket.close(code)
            except (RuntimeError, WebSocketDisconnect, OSError):
                return
