"""What is kept no longer than its company wants: looked for now and then, and deleted a little at a time."""

import logging

from anyio import sleep
from attrs import define

from deskside_admin.service import retention
from deskside_gateway.refusals import Refused
from deskside_gateway.store import Store

log = logging.getLogger(__name__)

EVERY_S = 30.0
BREATH_S = 0.2
"""Between two parts of one tidying others may write."""
HOURLY = 120


@define
class Tidying:
    """Deletes supports whose company does not keep them, and old entries of the sign-in history."""

    _store: Store
    _rounds: int = 0

    async def run(self) -> None:
        """Tidy for ever."""
        while True:
            try:
                await self.look()
            except Refused as no:
                log.debug("cannot tidy: %s", no.reason)
            await sleep(EVERY_S)

    async def look(self) -> None:
        """Tidy once."""
        now, found = self._store.now(), 1
        while found:
            found = await self._store.run(lambda db: retention.tidy(db, now))
            await sleep(BREATH_S if found else 0)
        if self._rounds % HOURLY == 0:
            await self._store.run(lambda db: retention.tidy_sign_ins(db, now))
        self._rounds += 1
