"""Events of sessions: checked, and stored once however often they are reported."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from attrs import frozen
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from deskside_admin.model import AuditEvent, SupportSession

CORE = "core"
SIDES = ("host", "viewer", "gateway")
SESSION = re.compile(r"[A-Za-z0-9_-]{22}")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_EVENTS = 200
HIGHEST_NUMBER = 1_000_000
MOST_VALUES = 20
LONGEST_VALUE = 500
LARGEST_VALUE = 2**53
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


@frozen(kw_only=True)
class Event:
    """One event as a side reports it."""

    session: str
    side: str
    number: int
    at: datetime
    plugin: str
    name: str
    details: Mapping[str, str | int]


def parse(raw: object) -> Event | None:
    """Return the event in a JSON object, or None if it is none of ours."""
    if not isinstance(raw, dict):
        return None
    found: dict[str, Any] = {"plugin": CORE, "values": {}, **raw}
    found["plugin"] = found["plugin"] or CORE
    number, at = found.get("number"), found.get("at")
    good = (
        _matches(SESSION, found.get("session")),
        found.get("side") in SIDES,
        type(number) is int and 1 <= number <= HIGHEST_NUMBER,
        type(at) in (int, float) and 0 <= float(at or 0) <= LATEST.timestamp(),
        _matches(NAME, found["plugin"]),
        _matches(NAME, found.get("name")),
        _are_values(found["values"]),
    )
    if not all(good):
        return None
    return Event(
        session=found["session"],
        side=found["side"],
        number=found["number"],
        at=datetime.fromtimestamp(found["at"], UTC),
        plugin=found["plugin"],
        name=found["name"],
        details={key: _storable(value) for key, value in found["values"].items()},
    )


def as_json(event: Event) -> dict[str, object]:
    """Return an event as `parse` reads it."""
    return {
        "session": event.session,
        "side": event.side,
        "number": event.number,
        "at": event.at.timestamp(),
        "plugin": event.plugin,
        "name": event.name,
        "values": dict(event.details),
    }


def record(db: Session, events: Iterable[Event]) -> None:
    """Store events whose sessions exist; those that are stored already are passed over."""
    events = list(events)
    wanted = select(SupportSession.id).where(col(SupportSession.id).in_({one.session for one in events}))
    # A support may have been erased meanwhile.
    known = set(db.exec(wanted).all()) if events else set()
    rows = [
        {
            "session": one.session,
            "side": one.side,
            "number": one.number,
            "at": one.at,
            "plugin": one.plugin,
            "name": one.name,
            "details": dict(one.details),
        }
        for one in events
        if one.session in known
    ]
    if not rows:
        return
    is_postgres = db.get_bind().dialect.name == "postgresql"
    insert: Any = postgresql.insert if is_postgres else sqlite.insert
    db.execute(insert(AuditEvent).on_conflict_do_nothing(), rows)


def of_session(db: Session, session_id: str, most: int = 1000) -> list[AuditEvent]:
    """Return what happened in a session, in order of time."""
    order = (col(AuditEvent.at), col(AuditEvent.side), col(AuditEvent.number))
    wanted = select(AuditEvent).where(AuditEvent.session == session_id)
    return list(db.exec(wanted.order_by(*order).limit(most)))


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _are_values(details: object) -> bool:
    if not isinstance(details, dict) or len(details) > MOST_VALUES:
        return False
    return all(_matches(NAME, key) and isinstance(value, str | int) for key, value in details.items())


def _storable(value: str | int) -> str | int:
    if isinstance(value, str):
        # Cut rather than refused: what happened must not be lost for a long name.
        return value[:LONGEST_VALUE].replace("\0", "").encode(errors="replace").decode()
    return max(-LARGEST_VALUE, min(int(value), LARGEST_VALUE))
