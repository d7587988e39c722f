"""What customers' programs report, bounded for each session: such a program may be anybody's."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime

from attrs import define, evolve, field

from deskside.audit import AT_ONCE, LEFT_OUT, MOST_IN_ALL, MOST_OF_ONE, OTHERS, LeftOut, Quota
from deskside.texts import plain
from deskside_admin.service.audit import CORE, Event
from deskside_gateway.outbox import Outbox

SIDE = "gateway"
MOST_SESSIONS = 10_000


@define
class _Reported:
    # A program that is ours stays below half of this by itself.
    quota: Quota = field(
        factory=lambda: Quota(at_once=2 * AT_ONCE, of_one=2 * MOST_OF_ONE, in_all=2 * MOST_IN_ALL)
    )
    unreadable: int = 0
    closed: int = 0


@define(eq=False)
class Intake:
    """Passes on to the history what one session may still store, and counts the rest."""

    _outbox: Outbox
    _now: Callable[[], datetime]
    _sessions: OrderedDict[str, _Reported] = field(factory=OrderedDict, init=False)

    async def take(self, session: str, events: Sequence[Event]) -> None:
        """Store events of a session's host, as far as there is room for them.

        :raises Refused: if they can be neither stored nor kept
        """
        quota = self._reported(session).quota
        if admitted := [_plain(one) for one in events if quota.admits(one.plugin, one.name)]:
            await self._outbox.record(admitted)

    def leave_out(self, session: str, count: int) -> None:
        """Count events of a session's host that nobody can read."""
        self._reported(session).unreadable += count

    async def close(self, session: str) -> None:
        """Say how many events were not stored since the last time; called when a program has gone.

        :raises Refused: if that can be neither stored nor kept
        """
        reported = self._reported(session)
        events = []
        unreadable, reported.unreadable = reported.unreadable, 0
        of_none = [LeftOut(*OTHERS, unreadable)] if unreadable else []
        for one in [*reported.quota.close(), *of_none]:
            reported.closed += 1
            events.append(
                Event(
                    session=session, side=SIDE, number=reported.closed, at=self._now(), plugin=CORE,
                    name=LEFT_OUT, details=dict(one.values),
                )
            )  # fmt: skip
        if events:
            await self._outbox.record(events)

    def _reported(self, session: str) -> _Reported:
        found = self._sessions.setdefault(session, _Reported())
        self._sessions.move_to_end(session)
        while len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return found


def _plain(event: Event) -> Event:
    details = {key: plain(one) if isinstance(one, str) else one for key, one in event.details.items()}
    return evolve(event, details=details)
