"""The customer program's control connection: events in; entitlements and a forced end out."""

import json
import logging
from typing import Any

from anyio import CancelScope, Event, create_task_group, current_time, move_on_after
from attrs import define, field
from starlette.websockets import WebSocket, WebSocketDisconnect

from deskside.declare import Side
from deskside_admin.service import audit
from deskside_gateway import ending
from deskside_gateway.given import Given
from deskside_gateway.hub import Hub
from deskside_gateway.refusals import Refused
from deskside_gateway.relay import REPLACED
from deskside_gateway.rpc import receive_text

log = logging.getLogger(__name__)

RENEWED_EVERY_S = 6 * 3600.0
LAST_WORDS_S = 60.0
"""How long a host may still report events after the end."""


@define(eq=False)
class HostConnection:
    """One customer program, for as long as its session lives."""

    _hub: Hub
    _socket: WebSocket
    _session: str
    _ended_by: str | None = field(default=None, init=False)
    _bell: Event = field(factory=Event, init=False)
    _scope: CancelScope = field(factory=CancelScope, init=False)
    _is_replaced: bool = field(default=False, init=False)

    async def run(self) -> int | None:
        """Serve the program until it goes or its session is over; return with what to close, if not 1000.

        :raises Refused: if there is no such session, or the program says what nobody can read
        """
        known = await self._hub.known(self._session)
        if earlier := self._hub.hosts.get(self._session):
            earlier.replace()
        self._hub.hosts[self._session] = self
        if known.row.ended is not None:
            self.end(known.row.ended_by)
        try:
            with self._scope:
                await self._both_ways()
        finally:
            if self._hub.hosts.get(self._session) is self:
                del self._hub.hosts[self._session]
            self._hub.soon(self._hub.intake.close, self._session)
        return REPLACED if self._is_replaced else None

    def refresh(self) -> None:
        """Send the entitlement again."""
        bell, self._bell = self._bell, Event()
        bell.set()

    def end(self, by: str) -> None:
        """Tell that the session has been ended, and leave time for the last events."""
        self._ended_by = by
        self._scope.deadline = current_time() + LAST_WORDS_S
        self.refresh()

    def replace(self) -> None:
        """Make room for a newer connection."""
        self._is_replaced = True
        self._scope.cancel()

    async def _both_ways(self) -> None:
        broken: Refused | None = None
        async with create_task_group() as tasks:
            tasks.start_soon(self._tell)
            try:
                while True:
                    await self._take(Given.parse(await receive_text(self._socket)))
            except WebSocketDisconnect:
                pass
            except Refused as no:
                broken = no
            tasks.cancel_scope.cancel()
        if broken is not None:
            raise broken

    async def _tell(self) -> None:
        while True:
            bell = self._bell
            if self._ended_by is None:
                await self._send(await self._rights())
            else:
                after = await ending.told(self._hub, self._session)
                await self._send({"end": {"by": self._ended_by, **after}})
            with move_on_after(RENEWED_EVERY_S):
                await bell.wait()

    async def _rights(self) -> dict[str, Any]:
        try:
            entitled = await self._hub.entitle(self._session)
        except Refused as no:
            return {"refused": no.as_json()}
        return {
            "entitlement": entitled.entitlement,
            "licence": entitled.licence,
            "ticket": self._hub.ticket(self._session, Side.HOST),
        }

    async def _take(self, given: Given) -> None:
        sent = given.items("events", audit.MOST_EVENTS)
        found = [audit.parse(raw) for raw in sent]
        events = [one for one in found if one and one.session == self._session and one.side == Side.HOST]
        if sent and not events:
            raise Refused("refused.request", field="events")
        if wrong := len(sent) - len(events):
            log.warning("%d of %d events of session %s cannot be stored", wrong, len(sent), self._session)
            self._hub.intake.leave_out(self._session, wrong)
        await self._hub.intake.take(self._session, events)
        # What cannot be stored is not to be sent again either.
        await self._send({"stored": max((_number(raw) for raw in sent), default=0)})

    async def _send(self, frame: dict[str, Any]) -> None:
        try:
            await self._socket.send_text(json.dumps(frame, ensure_ascii=False))
        except (RuntimeError, WebSocketDisconnect):
            return


def _number(raw: object) -> int:
    """Return the number that an event bears, readable or not; 0 where it bears none."""
    number = raw.get("number") if isinstance(raw, dict) else None
    return number if type(number) is int and 0 < number <= audit.HIGHEST_NUMBER else 0
