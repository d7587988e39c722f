"""JSON calls both ways on one WebSocket: bounded in size, in number, and in time by whoever waits."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from anyio import Event, Semaphore, create_task_group
from anyio.abc import TaskGroup
from attrs import define, field
from starlette.websockets import WebSocket, WebSocketDisconnect

from deskside_gateway.given import Given
from deskside_gateway.hub import Fields
from deskside_gateway.refusals import Refused

LARGEST_FRAME = 256 * 1024
MOST_IN_FLIGHT = 32
HIGHEST_ID = 2**53

Call = Callable[[str, Fields], Awaitable[Fields]]


@define
class Waiting:
    """A question that has been asked and not yet answered."""

    answered: Event = field(factory=Event)
    result: Fields | Refused | None = None


@define(eq=False)
class Line:
    """One WebSocket; `answer` carries out what the far end calls."""

    _socket: WebSocket
    _answer: Call
    _in_flight: Semaphore = field(init=False)
    _asked: dict[int, Waiting] = field(factory=dict, init=False)
    _last: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self._in_flight = Semaphore(MOST_IN_FLIGHT)

    async def run(self) -> None:
        """Serve until the far end has gone; calls that still run are given up.

        :raises Refused: if the far end sent what nobody can read
        """
        broken: Refused | None = None
        try:
            async with create_task_group() as tasks:
                try:
                    while True:
                        await self._take(tasks, await receive_text(self._socket))
                except WebSocketDisconnect:
                    pass
                except Refused as no:
                    broken = no
                tasks.cancel_scope.cancel()
        finally:
            self._give_up()
        if broken is not None:
            raise broken

    async def ask(self, name: str, fields: Fields) -> Fields:
        """Ask the far end, and wait for its answer for as long as the caller lets us.

        :raises Refused: if it says no, or too much has been asked already
        """
        if len(self._asked) >= MOST_IN_FLIGHT:
            raise Refused("refused.viewer.silent")
        self._last -= 1
        number, waiting = self._last, Waiting()
        self._asked[number] = waiting
        try:
            await self._send({"id": number, "call": name, "with": dict(fields)})
            await waiting.answered.wait()
        finally:
            del self._asked[number]
        if isinstance(waiting.result, Refused):
            raise waiting.result
        return waiting.result or {}

    async def _take(self, tasks: TaskGroup, text: str) -> None:
        given = Given.parse(text)
        number = given.number("id", -HIGHEST_ID, HIGHEST_ID)
        if number < 0:
            self._finish(number, given)
            return
        await self._in_flight.acquire()
        tasks.start_soon(self._carry_out, number, given)

    async def _carry_out(self, number: int, given: Given) -> None:
        try:
            result = await self._answer(given.text("call", 40), given.inner("with").fields)
            await self._send({"id": number, "result": dict(result)})
        except Refused as no:
            await self._send({"id": number, "refused": no.as_json()})
        finally:
            self._in_flight.release()

    def _finish(self, number: int, given: Given) -> None:
        waiting = self._asked.get(number)
        if waiting is None or waiting.answered.is_set():
            return
        waiting.result = _result(given)
        waiting.answered.set()

    def _give_up(self) -> None:
        for waiting in self._asked.values():
            waiting.result = waiting.result or Refused("refused.viewer.gone")
            waiting.answered.set()

    async def _send(self, frame: dict[str, Any]) -> None:
        try:
            await self._socket.send_text(json.dumps(frame, ensure_ascii=False))
        except (RuntimeError, WebSocketDisconnect):
            return


def _result(given: Given) -> Fields | Refused:
    if "refused" not in given.fields:
        return given.inner("result").fields
    try:
        no = given.inner("refused")
        values = {
            str(key)[:40]: one if type(one) is int else str(one)[:200]
            for key, one in no.inner("values").fields.items()
        }
        return Refused(no.text("reason"), **values)
    except Refused as broken:
        return broken


async def receive_text(socket: WebSocket) -> str:
    """Return the next text frame.

    :raises WebSocketDisconnect: if the far end has gone
    :raises Refused: if the frame is binary or too large
    """
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code") or 1005)
    text = message.get("text")
    if text is None:
        raise Refused("refused.request", field="text")
    if len(text.encode()) > LARGEST_FRAME:
        raise Refused("refused.request.large")
    return str(text)
