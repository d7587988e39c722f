"""Events on their way to the database; while it is away they lie in a file, and nobody has to wait."""

import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from anyio import Lock, to_thread
from attrs import define, field

from deskside_admin.service import audit
from deskside_admin.service.audit import Event
from deskside_gateway.refusals import Refused
from deskside_gateway.store import Store

log = logging.getLogger(__name__)

LARGEST_FILE = 64 * 1024 * 1024
BATCH = audit.MOST_EVENTS


@define(eq=False)
class Outbox:
    """Takes events once and for all: whoever reported them may forget them."""

    _store: Store
    _path: Path
    _lock: Lock = field(factory=Lock, init=False)
    _is_empty: bool = field(default=False, init=False)

    async def record(self, events: Sequence[Event]) -> None:
        """Store events, or keep them until the database can be used again.

        :raises Refused: if they can be neither stored nor kept
        """
        try:
            await self._store.run(lambda db: audit.record(db, events))
        except Refused as no:
            if no.reason != "refused.database":
                raise
            async with self._lock:
                if not await to_thread.run_sync(self._keep, events):
                    raise
                self._is_empty = False

    async def deliver(self) -> None:
        """Bring what is kept to the database, if anything is.

        :raises Refused: if the database cannot be used yet
        """
        if self._is_empty:
            return
        async with self._lock:
            kept = await to_thread.run_sync(self._read)
            for start in range(0, len(kept), BATCH):
                await self._deliver(kept[start : start + BATCH])
            # Stored twice is stored once, so the file goes last.
            await to_thread.run_sync(lambda: self._path.unlink(missing_ok=True))
            self._is_empty = True

    async def _deliver(self, events: Sequence[Event]) -> None:
        try:
            await self._store.run(lambda db: audit.record(db, events))
        except Refused as no:
            if no.reason == "refused.database":
                raise
            if len(events) == 1:
                log.error("event %d of session %s cannot be stored", events[0].number, events[0].session)
                return
            for one in events:
                await self._deliver([one])

    def _keep(self, events: Sequence[Event]) -> bool:
        lines = "".join(f"{json.dumps(audit.as_json(one))}\n" for one in events)
        try:
            with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as file:
                if file.seek(0, os.SEEK_END) > LARGEST_FILE:
                    return False
                file.write(lines)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            log.error("events cannot be kept until the database is back: %s", error.strerror)
            return False
        return True

    def _read(self) -> list[Event]:
        if not self._path.exists():
            return []
        found = [_event(line) for line in self._path.read_text(encoding="utf-8").splitlines()]
        return [one for one in found if one is not None]


def _event(line: str) -> Event | None:
    try:
        return audit.parse(json.loads(line))
    except ValueError:
        # The end of a line that a full disk or a power cut did not let us finish.
        return None
