"""A gateway on another machine, or in another process: JSON calls on one WebSocket, roads on others."""

import contextlib
import itertools
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import anyio.abc
from attrs import define, field
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from deskside.transport import Transport
from deskside_line.checks import Failed, failed_check
from deskside_line.proxies import AS_THE_SYSTEM_SAYS, Proxies
from deskside_line.roads import dial, held, socket_address
from deskside_viewer.gateway import Fields, GatewayRefused, Push

log = logging.getLogger(__name__)

CALL_S = 20
LARGEST_FRAME = 256 * 1024
RETRY_S = (0.2, 0.5, 1, 2, 5)
GONE = "refused.gateway.gone"
NO_SERVER = Failed("console.connection.none")


@define(eq=False)
class RemoteGateway:
    """The gateway as a viewer of its own sees it."""

    address: str
    node_secret: str = ""
    own_address: str = ""
    proxies: Proxies = AS_THE_SYSTEM_SAYS
    push: Push | None = None
    again: Callable[[], Awaitable[None]] | None = None
    """Called when the connection is there once more: what the gateway forgot has to be said again."""
    server_name: str = ""
    _token: str = ""
    _socket: ClientConnection | None = None
    _waiting: dict[int, tuple[anyio.Event, dict[str, Any]]] = field(factory=dict)
    _numbers: "itertools.count[int]" = field(factory=lambda: itertools.count(1))
    _is_ready: bool = False
    _was_ready: bool = False
    _failed: Failed | None = None
    _changed: anyio.Event = field(factory=anyio.Event)
    _tasks: anyio.abc.TaskGroup | None = None
    _line: anyio.CancelScope | None = None

    @asynccontextmanager
    async def life(self) -> AsyncIterator[None]:
        """Keep the control connection until the block ends."""
        async with anyio.create_task_group() as tasks:
            self._tasks = tasks
            tasks.start_soon(self._keep)
            yield
            tasks.cancel_scope.cancel()

    async def call(self, name: str, **fields: object) -> Fields:
        """Ask something."""
        with anyio.move_on_after(CALL_S):
            await self._reached()
            answer = await self._ask(name, fields)
            self._token = str(answer.get("token") or fields.get("token") or self._token)
            return answer
        raise GatewayRefused(GONE, failed=self._failed)

    async def dial(self, session: str, ticket: str, road: str) -> Transport:
        """Open a road of a session."""
        del session
        return await dial(self.address, ticket, road, self.proxies)

    def move(self, address: str, proxies: Proxies) -> None:
        """Go to another server, or another way; who was signed in is nobody there."""
        self.address, self.proxies = address, proxies
        self._token, self.server_name = "", ""
        self._is_ready = self._was_ready = False
        self._failed = None
        if self._line is not None:
            self._line.cancel()

    async def trouble(self, seconds: float) -> Failed | None:
        """Wait until the server is reached or it is known why not, but not for ever; return why not."""
        with anyio.move_on_after(seconds):
            while not self._is_ready and self._failed is None:
                await self._changed.wait()
        return None if self._is_ready else self._failed or NO_SERVER

    async def _reached(self) -> None:
        """Wait for the connection; one that never was is not waited for once it is known why."""
        while not self._is_ready:
            if self._failed is not None and not self._was_ready:
                raise GatewayRefused(GONE, failed=self._failed)
            await self._changed.wait()

    async def _ask(self, name: str, fields: Fields) -> Fields:
        socket = self._socket
        if socket is None:
            raise GatewayRefused(GONE)
        number, done, answer = next(self._numbers), anyio.Event(), dict[str, Any]()
        self._waiting[number] = done, answer
        try:
            await socket.send(json.dumps({"id": number, "call": name, "with": dict(fields)}))
            await done.wait()
        except ConnectionClosed:
            raise GatewayRefused(GONE) from None
        finally:
            del self._waiting[number]
        if "result" in answer:
            result: Fields = answer["result"]
            return result
        no = answer.get("refused", {"reason": GONE, "values": {}})
        raise GatewayRefused(str(no.get("reason")), no.get("values"))

    async def _keep(self) -> None:
        while True:
            with anyio.CancelScope() as self._line:
                await self._keep_to(self.address)
            self._lost()

    async def _keep_to(self, address: str) -> None:
        if not address:
            self._failed = NO_SERVER
            self._stir()
            await anyio.sleep_forever()
        for tries in itertools.count():
            try:
                where = socket_address(address, "/v1/control")
                async with held(where, LARGEST_FRAME, self.proxies) as socket:
                    self._socket = socket
                    async with anyio.create_task_group() as tasks:
                        tasks.start_soon(self._greet, tasks.cancel_scope)
                        await self._listen(socket)
                        tasks.cancel_scope.cancel()
            except (OSError, TimeoutError, InvalidHandshake) as error:
                await self._find_out(error)
            self._lost()
            await anyio.sleep(RETRY_S[min(tries, len(RETRY_S) - 1)])

    async def _greet(self, scope: anyio.CancelScope) -> None:
        try:
            said = await self._ask(
                "hello",
                {
                    "program": "viewer",
                    "version": "0.1",
                    "node_secret": self.node_secret,
                    "address": self.own_address,
                },
            )
        except GatewayRefused as no:
            log.warning("the gateway refuses this viewer: %s", no.reason)
            scope.cancel()
            return
        self.server_name = said.get("server_name", "")
        if self._token and not self.node_secret:
            with contextlib.suppress(GatewayRefused):
                await self._ask("agent", {"token": self._token})
        log.info("the server is reached")
        self._is_ready = self._was_ready = True
        self._failed = None
        self._stir()
        if self.again is not None:
            await self.again()

    async def _find_out(self, error: Exception) -> None:
        was_silent = isinstance(error, TimeoutError)
        failed = await failed_check(self.address, was_silent=was_silent, proxies=self.proxies)
        if failed != self._failed:
            log.warning("the server cannot be reached: %s", failed)
        self._failed = failed
        self._stir()

    def _stir(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    def _lost(self) -> None:
        self._socket = None
        self._is_ready = False
        for done, _ in self._waiting.values():
            done.set()

    async def _listen(self, socket: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for frame in socket:
                given = json.loads(frame)
                number = given.get("id", 0)
                if number < 0 and self._tasks is not None:
                    self._tasks.start_soon(self._answer, socket, number, given)
                elif number in self._waiting:
                    done, answer = self._waiting[number]
                    answer.update(given)
                    done.set()

    async def _answer(self, socket: ClientConnection, number: int, given: dict[str, Any]) -> None:
        try:
            if self.push is None:
                raise GatewayRefused("refused.request")
            result = await self.push(str(given.get("call", "")), given.get("with", {}))
            frame: dict[str, Any] = {"id": number, "result": dict(result)}
        except GatewayRefused as no:
            frame = {"id": number, "refused": {"reason": no.reason, "values": no.values}}
        with contextlib.suppress(ConnectionClosed):
            await socket.send(json.dumps(frame))
