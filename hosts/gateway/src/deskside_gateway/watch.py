"""What may change under running sessions: rights withdrawn in the panel, an end that somebody wants."""

import logging
from collections.abc import Mapping
from datetime import datetime

from anyio import current_time, sleep
from attrs import define, field
from sqlmodel import Session

from deskside_admin.model import SessionState, SupportSession
from deskside_admin.service import changes, sessions
from deskside_gateway.closing import Closing
from deskside_gateway.hub import Hub, features_as_json
from deskside_gateway.refusals import Refused

log = logging.getLogger(__name__)

EVERY_S = 1.0
ASKED_AGAIN_S = 30.0


@define
class Watch:
    """Looks once a second, and tells viewers and hosts."""

    _hub: Hub
    _closing: Closing = field(init=False)
    _serials: Mapping[int, int] = field(factory=dict, init=False)
    _asked: dict[str, float] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._closing = Closing(self._hub)

    async def run(self) -> None:
        """Look for ever."""
        while True:
            try:
                await self.look()
            except Refused as no:
                log.debug("cannot see what changed: %s", no.reason)
            await sleep(EVERY_S)

    async def look(self) -> None:
        """Look once."""
        serials, unwanted = await self._hub.store.run(
            lambda db: (changes.serials(db), sessions.end_wanted(db))
        )
        if serials != self._serials:
            for session in list(self._hub.told):
                await self._withdraw(session)
            # Only now: if the database went away half-way, everybody is looked at again.
            self._serials = serials
        await self._hub.outbox.deliver()
        await self._closing.look()
        now = current_time()
        self._asked = {one: at for one, at in self._asked.items() if one in unwanted}
        for session, by in unwanted.items():
            if now - self._asked.get(session, -ASKED_AGAIN_S) >= ASKED_AGAIN_S:
                self._asked[session] = now
                self._hub.soon(self._end, session, by)

    async def _withdraw(self, session: str) -> None:
        told = self._hub.told.get(session, {})
        entitled = await self._hub.entitle(session)
        if entitled.features == told:
            return
        self._hub.told[session] = entitled.features
        if line := self._hub.hosts.get(session):
            line.refresh()
        fields = {
            "licence": entitled.licence,
            "entitlement": entitled.entitlement,
            "serial": entitled.serial,
            "features": features_as_json(entitled),
        }
        self._hub.soon(self._tell, session, fields)

    async def _tell(self, session: str, fields: dict[str, object]) -> None:
        await self._hub.push(session, "withdrawn", fields)

    async def _end(self, session: str, by: str) -> None:
        if line := self._hub.hosts.get(session):
            line.end(by)
        try:
            await self._hub.push(session, "end", {"by": by})
        except Refused as no:
            log.info("nobody could end session %s: %s", session, no.reason)
            now = self._hub.store.now()
            await self._hub.store.run(lambda db: _end(db, session, by, now))
            self._hub.ended(session, by)


def _end(db: Session, session: str, by: str, now: datetime) -> None:
    row = db.get_one(SupportSession, session)
    sessions.change(db, row, sessions.Change(state=SessionState.ENDED, by=by), now)
