"""Sign-ins that end while their page is open: found each second, and told to whoever serves the page."""

import logging
import math
from collections.abc import Sequence
from datetime import datetime

from anyio import current_time, fail_after
from attrs import define, field
from sqlmodel import Session

from deskside_admin.service import lapsing, signins
from deskside_gateway.hub import PUSH_LASTS_S, Holder, Hub
from deskside_gateway.refusals import Refused

log = logging.getLogger(__name__)

SWEEP_S = 5.0
"""How often sign-ins are looked through that end because nothing happens."""


@define
class Closing:
    """Looks when it is told to."""

    _hub: Hub
    _swept: float = field(default=-math.inf, init=False)

    async def look(self) -> None:
        """Look once."""
        is_due = current_time() - self._swept >= SWEEP_S
        known, now = list(self._hub.consoles), self._hub.store.now()
        if not (is_due or known):
            return
        ended = await self._hub.store.run(lambda db: _ended(db, known, now, sweeps=is_due))
        if is_due:
            self._swept = current_time()
        for sign_in, why in ended.items():
            if holder := self._hub.consoles.pop(sign_in, None):
                self._hub.soon(_tell, holder, sign_in, why)


def _ended(db: Session, known: Sequence[int], now: datetime, *, sweeps: bool) -> dict[int, str]:
    if sweeps:
        lapsing.look(db, now)
    return signins.ended_among(db, known, now)


async def _tell(holder: Holder, sign_in: int, why: str) -> None:
    try:
        with fail_after(PUSH_LASTS_S):
            await holder.push("signed_out", {"sign_in": sign_in, "why": why})
    except TimeoutError:
        raise Refused("refused.viewer.silent") from None
