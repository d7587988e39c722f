"""The HTTP protocol with a door: a connection must send a whole request head in time."""

import asyncio
import socket
import sys
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from deskside_gateway.door import PATIENCE_S, Door

UNSENT_BYTES = 64 * 1024
TCP_NOTSENT_LOWAT = 0x19 if sys.platform == "linux" else 0x201
LISTENING_LIMIT = 20_000
CLOSE_LIMIT_S = 3.0


class Listening(HttpToolsProtocol):
    """Closes connections that do not say what they want."""

    door: Door
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Come to the door, if there is room."""
        super().connection_made(transport)
        tune(transport)
        if self.door.enter(self, self.client[0] if self.client else ""):
            self._timer = self.loop.call_later(PATIENCE_S, self.show_out)
        else:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Be gone."""
        self._has_spoken()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Wait for the rest of a head; later ones have no more time than the first."""
        super().on_message_begin()
        if self._timer is None:
            self._timer = self.loop.call_later(PATIENCE_S, self.show_out)

    def on_headers_complete(self) -> None:
        """Let in who has said what he wants."""
        self._has_spoken()
        super().on_headers_complete()

    def show_out(self) -> None:
        """Close the connection at once."""
        self._has_spoken()
        self.transport.abort()

    def _has_spoken(self) -> None:
        self.door.leave(self)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def protocol_with(door: Door) -> type[Listening]:
    """Return the protocol class for uvicorn whose connections pass this door."""
    return type("ListeningAtDoor", (Listening,), {"door": door})


class Sockets(WebSocketsSansIOProtocol):
    """WebSockets whose far end has little time to answer a close."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.close_timeout = CLOSE_LIMIT_S


def tune(transport: Any) -> None:
    """Keep little unsent in the kernel, and send small messages at once: a key press must not queue."""
    connection = transport.get_extra_info("socket")
    if connection is None or connection.family not in (socket.AF_INET, socket.AF_INET6):
        return
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if sys.platform in ("linux", "darwin"):
        connection.setsockopt(socket.IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT_BYTES)


def allow_many_connections() -> None:
    """Raise the limit of open files as far as this process may."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - exists elsewhere only

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = LISTENING_LIMIT if hard == resource.RLIM_INFINITY else min(LISTENING_LIMIT, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
