"""The customer program's own line to the gateway: what happened here goes out, fresh rights come in."""

import contextlib
import itertools
import json
import logging
from collections.abc import Callable
from typing import Any

import anyio
from attrs import asdict, define, field
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from deskside.audit import Event
from deskside_line.proxies import AS_THE_SYSTEM_SAYS, Proxies
from deskside_line.roads import held, socket_address

log = logging.getLogger(__name__)

BATCH = 50
MOST_EVENTS = 5000
LARGEST_FRAME = 256 * 1024
RETRY_S = (0.2, 1, 2, 5)


@define(eq=False)
class Reporter:
    """Keeps events until the gateway has stored them."""

    gateway: str
    ticket: str
    ended: Callable[[str], None]
    """Called when the gateway has ended the session."""
    renewed: Callable[[str, str], None]
    """Called with a fresh licence and entitlement."""
    proxies: Proxies = AS_THE_SYSTEM_SAYS
    after: object = None
    """What the gateway wants to be shown after the support, once it knows that it is over."""
    _is_over: anyio.Event = field(factory=anyio.Event)
    _events: list[Event] = field(factory=list)
    _changed: anyio.Event = field(factory=anyio.Event)

    def note(self, event: Event) -> None:
        """Take an event."""
        if len(self._events) < MOST_EVENTS:
            self._events.append(event)
        self._changed.set()
        self._changed = anyio.Event()

    async def run(self) -> None:
        """Keep the line until cancelled."""
        where = socket_address(self.gateway, "/v1/host", ticket=self.ticket)
        for tries in itertools.count():
            try:
                async with held(where, LARGEST_FRAME, self.proxies) as line:
                    await self._use(line)
            except (OSError, TimeoutError, InvalidHandshake, ConnectionClosed) as error:
                log.info("the gateway cannot be told what happens here: %s", error)
            await anyio.sleep(RETRY_S[min(tries, len(RETRY_S) - 1)])

    async def flush(self, seconds: float) -> None:
        """Wait until everything is stored, but not for ever."""
        with anyio.move_on_after(seconds):
            while self._events:
                await self._changed.wait()

    async def told_end(self, seconds: float) -> object:
        """Wait until the gateway knows of the end, but not for ever; return what is to be shown then."""
        with anyio.move_on_after(seconds):
            await self._is_over.wait()
        return self.after

    async def _use(self, line: ClientConnection) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._send, line)
            with contextlib.suppress(ConnectionClosed):
                async for frame in line:
                    self._take(json.loads(frame))
            tasks.cancel_scope.cancel()

    async def _send(self, line: ClientConnection) -> None:
        sent = 0
        with contextlib.suppress(ConnectionClosed):
            while True:
                changed = self._changed
                batch = [one for one in self._events if one.number > sent][:BATCH]
                if not batch:
                    await changed.wait()
                    continue
                await line.send(json.dumps({"events": [_as_json(one) for one in batch]}))
                sent = batch[-1].number

    def _take(self, given: dict[str, Any]) -> None:
        if "stored" in given:
            self._events = [one for one in self._events if one.number > int(given["stored"])]
            self._changed.set()
            self._changed = anyio.Event()
        elif "end" in given:
            self.after = given["end"].get("after")
            self._is_over.set()
            self.ended(str(given["end"].get("by", "")))
        elif "entitlement" in given:
            self.renewed(str(given.get("licence", "")), str(given["entitlement"]))


def _as_json(event: Event) -> dict[str, object]:
    return {**asdict(event), "side": str(event.side), "values": dict(event.values)}
