"""The way from the gateway's loop to the panel's synchronous services: worker threads of its own."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from attrs import define, field
from sqlalchemy import Engine
from sqlalchemy.exc import DataError, SQLAlchemyError
from sqlmodel import Session

from deskside_admin import database
from deskside_admin.service.clock import Clock, utc_now
from deskside_gateway.refusals import Refused

log = logging.getLogger(__name__)

THREADS = 8
Answer = TypeVar("Answer")


@define
class Store:
    """Runs functions with a database session; what they did is committed once they return."""

    _engine: Engine
    _clock: Clock = utc_now
    _limiter: CapacityLimiter = field(init=False)
    _is_away: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        self._limiter = CapacityLimiter(THREADS)

    def now(self) -> datetime:
        """Return the present moment."""
        return self._clock()

    async def run(self, function: Callable[[Session], Answer]) -> Answer:
        """Run a function in a worker thread, in one transaction."""
        return await to_thread.run_sync(self.at_once, function, limiter=self._limiter)

    def at_once(self, function: Callable[[Session], Answer]) -> Answer:
        """Run a function in this thread, in one transaction.

        :raises Refused: if the database fails; the fault is in the log
        """
        try:
            with Session(self._engine, expire_on_commit=False) as db:
                answer = function(db)
                db.commit()
        except SQLAlchemyError as error:
            raise self._refusal(error) from None
        if self._is_away:
            self._is_away = False
            log.warning("the database can be used again")
        return answer

    def _refusal(self, error: SQLAlchemyError) -> Refused:
        if isinstance(error, DataError):
            # A text with a zero byte, which PostgreSQL does not hold: no row has it.
            return Refused("refused.request", field="value")
        if not database.is_unusable(error):
            log.error("the database failed", exc_info=error)
            return Refused("refused.fault")
        # Asked every second: one line when it goes, one when it is back.
        if not self._is_away:
            self._is_away = True
            log.error("the database cannot be used: %s", database.why(error))
        return Refused("refused.database")
