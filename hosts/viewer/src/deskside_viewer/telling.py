"""What the gateway has to hear, kept until it has heard it: events, and how sessions stand."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence

import anyio
from attrs import asdict, define, field

from deskside.audit import Event
from deskside_viewer.gateway import Fields, Gateway, GatewayRefused

log = logging.getLogger(__name__)

BATCH = 100
MOST_EVENTS = 10_000
MOST_OF_ONE = 2000
"""How many of one session may wait, so that none takes the room of the others."""
AGAIN_S = 1.0
"""How soon something is told again while the gateway or its database is away."""


@define(eq=False)
class Telling:
    """Tells the gateway."""

    _gateway: Gateway
    _events: list[Event] = field(factory=list)
    _waiting: Counter[str] = field(factory=Counter)
    """How many of each session wait."""
    _noted: anyio.Event = field(factory=anyio.Event)

    def note(self, event: Event) -> None:
        """Take an event."""
        if len(self._events) < MOST_EVENTS and self._waiting[event.session] < MOST_OF_ONE:
            self._events.append(event)
            self._waiting[event.session] += 1
        self._noted.set()

    async def run(self) -> None:
        """Tell events, in order, as long as the program runs."""
        while True:
            await self._noted.wait()
            self._noted = anyio.Event()
            while batch := self._events[:BATCH]:
                answer = await self.insist("record", events=[_as_json(one) for one in batch])
                _log_refused(batch, answer.get("refused", ()))
                del self._events[: len(batch)]
                self._waiting = Counter(one.session for one in self._events)

    async def insist(self, name: str, **fields: object) -> Fields:
        """Ask something until the gateway has answered; a no that will not pass is only logged."""
        while True:
            try:
                return await self._gateway.call(name, **fields)
            except GatewayRefused as no:
                if no.is_passing:
                    await anyio.sleep(AGAIN_S)
                    continue
                log.warning("%s was not taken: %s", name, no.reason)
                return {}


def _log_refused(batch: Sequence[Event], refused: Iterable[Fields]) -> None:
    for one in refused:
        for event in batch[one["index"] :][:1]:
            where = f"event {event.number} ({event.name}) of session {event.session}"
            log.warning("%s was not taken: %s", where, one["reason"])


def _as_json(event: Event) -> dict[str, object]:
    return {**asdict(event), "side": str(event.side), "values": dict(event.values)}
