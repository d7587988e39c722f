"""A relay that is against us, as a program of its own: it records everything, and changes what it likes."""

import json
import random
import sys
from pathlib import Path
from typing import Any

import anyio
import httpx
import uvicorn
from attrs import define, field
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

LARGEST = 2**21
KEPT = 50


@define
class Mischief:
    """What is done to frames of the relay, and how often."""

    mode: str = "honest"
    rate: float = 0.0
    most: int = 6
    done: int = 0
    frames: int = 0
    chance: random.Random = field(factory=lambda: random.Random(7))


@define
class Way:
    """One direction of one road."""

    mischief: Mischief
    seen: list[bytes] = field(factory=list)
    held: bytes | None = None

    def of(self, frame: bytes) -> list[bytes]:
        """Return what is sent on instead of a frame."""
        chance, mode = self.mischief.chance, self.mischief.mode
        self.mischief.frames += 1
        self.seen = [*self.seen[-KEPT:], frame]
        if self.held is not None:
            before, self.held = self.held, None
            return [frame, before]
        is_over = mode == "honest" or self.mischief.done >= self.mischief.most
        if is_over or chance.random() >= self.mischief.rate:
            return [frame]
        self.mischief.done += 1
        if mode == "change":
            place = chance.randrange(len(frame))
            return [frame[:place] + bytes([frame[place] ^ 1 << chance.randrange(8)]) + frame[place + 1 :]]
        if mode == "reorder":
            self.held = frame
            return []
        others: dict[str, list[bytes]] = {
            "replay": [frame, chance.choice(self.seen)],
            "drop": [],
            "truncate": [frame[: chance.randrange(len(frame))]],
        }
        return others[mode]


@define
class HostileRelay:
    """Stands where the gateway should."""

    target: str
    record: Path
    mischief: Mischief = field(factory=Mischief)

    def app(self) -> Starlette:
        """Return the application."""
        return Starlette(
            routes=[
                Route("/hostile", self.command, methods=["POST"]),
                WebSocketRoute("/v1/relay", self.relay),
                WebSocketRoute("/v1/{name}", self.pass_on),
                Route("/{path:path}", self.plain, methods=["GET", "POST"]),
            ]
        )

    async def command(self, request: Request) -> Response:
        """Take a command of the test, and tell what was done since the one before."""
        done = {"done": self.mischief.done, "frames": self.mischief.frames}
        self.mischief = Mischief(**await request.json())
        return JSONResponse(done)

    async def plain(self, request: Request) -> Response:
        """Pass a plain request on, and note it."""
        body = await request.body()
        self.note(body)
        async with httpx.AsyncClient() as client:
            headers = {"content-type": request.headers.get("content-type", "")}
            where = f"{self.target}{request.url.path}"
            answer = await client.request(request.method, where, content=body, headers=headers)
        self.note(answer.content)
        return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))

    async def relay(self, socket: WebSocket) -> None:
        """Carry a road, with mischief."""
        await self._join(socket, lambda: Way(self.mischief))

    async def pass_on(self, socket: WebSocket) -> None:
        """Carry a control connection as it is."""
        await self._join(socket, lambda: None)

    def note(self, frame: bytes) -> None:
        """Record a frame."""
        with self.record.open("ab") as file:
            file.write(len(frame).to_bytes(4, "big") + frame)

    async def _join(self, socket: WebSocket, way: Any) -> None:
        where = f"{self.target.replace('http', 'ws', 1)}{socket.url.path}?{socket.url.query}"
        try:
            far = await connect(where, compression=None, max_size=LARGEST, ping_interval=None)
        except (OSError, InvalidHandshake):
            await socket.close(1008)
            return
        await socket.accept()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._inward, socket, far, way, tasks.cancel_scope)
            await self._outward(socket, far, way)
            tasks.cancel_scope.cancel()
        await far.close()

    async def _inward(self, socket: WebSocket, far: ClientConnection, way: Any, scope: Any) -> None:
        state = way()
        try:
            while True:
                message = await socket.receive()
                if message["type"] == "websocket.disconnect":
                    break
                if (text := message.get("text")) is not None:
                    await far.send(text)
                    continue
                for frame in self._tampered(state, message["bytes"]):
                    await far.send(frame)
        except (ConnectionClosed, WebSocketDisconnect, RuntimeError):
            pass
        scope.cancel()

    async def _outward(self, socket: WebSocket, far: ClientConnection, way: Any) -> None:
        state = way()
        try:
            async for frame in far:
                if isinstance(frame, str):
                    await socket.send_text(frame)
                    continue
                for one in self._tampered(state, frame):
                    await socket.send_bytes(one)
            await socket.close(far.close_code or 1000)
        except (ConnectionClosed, WebSocketDisconnect, RuntimeError):
            pass

    def _tampered(self, state: Way | None, frame: bytes) -> list[bytes]:
        self.note(frame)
        if state is None:
            return [frame]
        state.mischief = self.mischief
        return state.of(frame)


def frames_in(record: Path) -> list[bytes]:
    """Return everything that was recorded."""
    raw, found, place = record.read_bytes(), [], 0
    while place < len(raw):
        size = int.from_bytes(raw[place : place + 4], "big")
        found.append(raw[place + 4 : place + 4 + size])
        place += 4 + size
    return found


def main() -> None:
    """Listen on a port, in front of a gateway."""
    port, target, record = sys.argv[1:]
    relay = HostileRelay(target, Path(record))
    sys.stdout.write(json.dumps({"ready": port}) + "\n")
    uvicorn.run(
        relay.app(), port=int(port), ws="websockets-sansio", ws_max_size=LARGEST, log_level="warning",
        ws_per_message_deflate=False, ws_ping_interval=None,
    )  # fmt: skip


if __name__ == "__main__":
    main()
