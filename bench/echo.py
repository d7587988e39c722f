"""A plain WebSocket echo on a free loopback port, made of the libraries the gateway is made of."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

LARGEST_MESSAGE = 2 * 1024 * 1024


async def echo(socket: WebSocket) -> None:
    """Send back what comes."""
    await socket.accept()
    try:
        while True:
            await socket.send_bytes(await socket.receive_bytes())
    except WebSocketDisconnect:
        return


class Server(uvicorn.Server):
    """Says where it listens."""

    async def startup(self, *arguments: object, **named: object) -> None:
        """Open the port and say so."""
        await super().startup(*arguments, **named)  # type: ignore[arg-type]
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        sys.stdout.write(f"ready at http://{host}:{port}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    Server(
        uvicorn.Config(
            Starlette(routes=[WebSocketRoute("/echo", echo)]),
            port=0,
            ws="websockets-sansio",
            ws_max_size=LARGEST_MESSAGE,
            ws_per_message_deflate=False,
            access_log=False,
            log_config=None,
        )
    ).run()
