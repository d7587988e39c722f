"""What customers' programs report is bounded for each session, and what was left out is said once."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from attrs import define, field

from deskside.audit import AT_ONCE, LEFT_OUT
from deskside_admin.service.audit import Event
from deskside_gateway.intake import MOST_SESSIONS, Intake

pytestmark = pytest.mark.anyio

NOW = datetime(2027, 1, 15, tzinfo=UTC)


@define(eq=False)
class Stored:
    """What would go to the database."""

    events: list[Event] = field(factory=list)
    calls: int = 0

    async def record(self, events: Sequence[Event]) -> None:
        self.calls += 1
        self.events += events


def event(session: str, number: int, name: str = "done", **details: str) -> Event:
    return Event(
        session=session, side="host", number=number, at=NOW, plugin="chat", name=name, details=details
    )


@pytest.fixture
def stored() -> Stored:
    return Stored()


@pytest.fixture
def intake(stored: Stored) -> Intake:
    return Intake(stored, lambda: NOW)  # type: ignore[arg-type]


async def test_one_session_fills_neither_the_history_nor_the_room_of_another(
    intake: Intake, stored: Stored
) -> None:
    for start in range(0, 5000, 200):
        await intake.take("one", [event("one", start + n) for n in range(200)])
    await intake.take("two", [event("two", 1)])

    of_one = [one for one in stored.events if one.session == "one"]
    assert 2 * AT_ONCE <= len(of_one) < 2 * AT_ONCE + 60
    assert [one.number for one in stored.events if one.session == "two"] == [1]

    await intake.close("one")
    await intake.close("one")

    (told,) = (one for one in stored.events if one.name == LEFT_OUT)
    assert (told.side, told.number, told.plugin) == ("gateway", 1, "core")
    assert told.details == {"event": "done", "plugin": "chat", "count": 5000 - len(of_one)}


async def test_nothing_is_written_where_nothing_is_admitted(intake: Intake, stored: Stored) -> None:
    while True:
        calls = stored.calls
        await intake.take("one", [event("one", 1)])
        if stored.calls == calls:
            break
    await intake.close("two")
    assert stored.calls == calls


async def test_what_moves_a_cursor_or_turns_the_reading_direction_is_not_stored(
    intake: Intake, stored: Stored
) -> None:
    await intake.take("one", [event("one", 1, what="\x1b[2Jall \u202egone\r\n안녕 👍")])

    assert stored.events[0].details == {"what": "[2Jall gone안녕 👍"}


async def test_memory_for_sessions_is_bounded(intake: Intake) -> None:
    for number in range(MOST_SESSIONS + 50):
        await intake.take(f"session {number}", [])

    assert len(intake._sessions) == MOST_SESSIONS
