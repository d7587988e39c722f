"""Events are stored, or kept until they can be; whoever reported them may forget them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from deskside_admin.model import AuditEvent, SessionKind, User
from deskside_admin.service import audit, sessions
from deskside_admin.service.audit import Event
from deskside_gateway import outbox as outbox_module
from deskside_gateway.hub import Hub
from deskside_gateway.outbox import Outbox
from deskside_gateway.refusals import Refused
from deskside_gateway.store import Store

pytestmark = pytest.mark.anyio

SESSION = "s" * 22
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def happened(number: int, session: str = SESSION) -> Event:
    return Event(
        session=session, side="host", number=number, at=NOW, plugin="core", name="file_sent",
        details={"name": "한글 \u2028 😀.txt", "bytes": number},
    )  # fmt: skip


@pytest.fixture
def opened(hub: Hub) -> Hub:
    """A hub with one session."""

    def begin(db: Session) -> None:
        user = db.exec(select(User).where(User.login_name == "lee")).one()
        sessions.begin(db, user, SESSION, SessionKind.PC, NOW)

    hub.store.at_once(begin)
    return hub


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "events.waiting"


def is_there(kept: Path) -> bool:
    return kept.exists()


def is_private(kept: Path) -> bool:
    return kept.stat().st_mode & 0o077 == 0


def copied(kept: Path) -> Callable[[], object]:
    """Return what puts the file back as it is now."""
    content = kept.read_bytes()
    return lambda: kept.write_bytes(content)


def stored(hub: Hub) -> list[AuditEvent]:
    return hub.store.at_once(lambda db: audit.of_session(db, SESSION))


def lose(store: Store) -> Callable[[], None]:
    """Let the database go away; return what brings it back."""
    engine = store._engine

    def refuse(*_: Any) -> None:
        raise engine.dialect.dbapi.OperationalError("gone")  # type: ignore[union-attr]

    event.listen(engine, "do_connect", refuse)
    engine.dispose()
    return lambda: event.remove(engine, "do_connect", refuse)


async def test_an_event_goes_straight_to_the_database(opened: Hub, kept: Path) -> None:
    await opened.outbox.record([happened(1)])

    assert [one.number for one in stored(opened)] == [1]
    assert not is_there(kept)


async def test_while_the_database_is_away_events_are_kept_and_then_stored_as_they_were(
    opened: Hub, kept: Path
) -> None:
    come_back = lose(opened.store)
    await opened.outbox.record([happened(1), happened(2)])
    await opened.outbox.record([happened(3)])
    with pytest.raises(Refused):
        await opened.outbox.deliver()
    assert is_private(kept)

    come_back()
    await opened.outbox.deliver()

    assert [(one.number, one.details) for one in stored(opened)] == [
        (number, happened(number).details) for number in (1, 2, 3)
    ]
    assert not is_there(kept)


async def test_the_next_process_stores_what_the_one_before_has_kept(opened: Hub, kept: Path) -> None:
    come_back = lose(opened.store)
    await opened.outbox.record([happened(1)])
    come_back()

    await Outbox(opened.store, kept).deliver()

    assert [one.number for one in stored(opened)] == [1]


async def test_a_line_that_was_not_finished_costs_only_itself(opened: Hub, kept: Path) -> None:
    come_back = lose(opened.store)
    await opened.outbox.record([happened(1)])
    with kept.open("a") as file:
        file.write('{"session": "sss')
    come_back()

    await opened.outbox.deliver()

    assert [one.number for one in stored(opened)] == [1]


async def test_an_event_that_cannot_be_stored_does_not_hold_up_the_others(opened: Hub, kept: Path) -> None:
    come_back = lose(opened.store)
    await opened.outbox.record([happened(1), happened(1, "n" * 22), happened(2)])
    come_back()

    await opened.outbox.deliver()

    assert [one.number for one in stored(opened)] == [1, 2]
    assert not is_there(kept)


async def test_delivering_twice_stores_once(opened: Hub, kept: Path) -> None:
    come_back = lose(opened.store)
    await opened.outbox.record([happened(1)])
    again = copied(kept)
    come_back()
    await opened.outbox.deliver()
    again()

    await Outbox(opened.store, kept).deliver()

    assert [one.number for one in stored(opened)] == [1]


async def test_what_can_be_neither_stored_nor_kept_is_refused_so_that_it_comes_again(
    opened: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "LARGEST_FILE", -1)
    lose(opened.store)

    with pytest.raises(Refused) as no:
        await opened.outbox.record([happened(1)])

    assert no.value.reason == "refused.database"
