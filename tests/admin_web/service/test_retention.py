"""Tests of how long supports are kept."""

from datetime import UTC, datetime, timedelta

import pytest
from admin_web.kit import NOW
from sqlmodel import Session, select

from deskside_admin.model import AuditEvent, Company, SessionState, SupportSession, User
from deskside_admin.service import audit, retention, sessions
from deskside_admin.service.audit import Event
from deskside_admin.service.retention import months_before


def serve(db: Session, user: User, ended: datetime | None, opened: datetime | None = None) -> str:
    """Let a user help somebody until a moment, with one event; return the session's id."""
    number = len(db.exec(select(SupportSession)).all())
    begun = opened or (ended or NOW) - timedelta(minutes=5)
    row = sessions.begin(db, user, f"{number:022d}", "pc", begun)
    tell(db, row.id)
    if ended:
        sessions.change(db, row, sessions.Change(state=SessionState.ENDED), ended)
    return row.id


def tell(db: Session, session: str, number: int = 1) -> None:
    event = Event(
        session=session, side="host", number=number, at=NOW, plugin="core", name="session_ended", details={}
    )
    audit.record(db, [event])


def kept(db: Session) -> set[str]:
    return set(db.exec(select(SupportSession.id)).all())


@pytest.mark.feature("COM-02")
def test_supports_of_a_company_that_keeps_no_history_go_after_their_end(
    db: Session, admin: User, stranger: User
) -> None:
    db.get_one(Company, admin.company_id).keep_history = False
    long_ago, just_now = (serve(db, admin, NOW - timedelta(minutes=m)) for m in (300, 0))
    running = serve(db, admin, None, opened=NOW - timedelta(days=3))
    foreign = serve(db, stranger, NOW - timedelta(minutes=300))

    count = retention.tidy(db, NOW)

    assert count == 1
    assert kept(db) == {just_now, running, foreign}
    assert long_ago not in {event.session for event in db.exec(select(AuditEvent))}
    retention.tidy(db, NOW + timedelta(minutes=2))
    assert kept(db) == {running, foreign}


@pytest.mark.feature("COM-03")
@pytest.mark.parametrize(
    ("months", "day"), [(6, datetime(2026, 5, 21, 9, tzinfo=UTC)), (12, NOW.replace(year=2025))]
)
def test_supports_that_ended_before_the_companys_months_go_with_their_events(
    db: Session, admin: User, months: int, day: datetime
) -> None:
    db.get_one(Company, admin.company_id).keep_months = months
    an_hour = timedelta(hours=1)
    serve(db, admin, day - an_hour)
    younger = serve(db, admin, day + an_hour)
    across = serve(db, admin, day + an_hour, opened=day - an_hour)
    running = serve(db, admin, None, opened=day - an_hour)

    retention.tidy(db, NOW)

    assert kept(db) == {younger, across, running}
    assert {event.session for event in db.exec(select(AuditEvent))} == kept(db)


@pytest.mark.feature("COM-03")
def test_a_company_keeps_twelve_months_unless_it_says_otherwise(db: Session, admin: User) -> None:
    company = db.get_one(Company, admin.company_id)

    assert (company.keep_history, company.keep_months) == (True, 12)


def test_last_words_about_an_erased_support_hurt_nobody(db: Session, admin: User) -> None:
    db.get_one(Company, admin.company_id).keep_history = False
    gone, running = serve(db, admin, NOW - timedelta(hours=1)), serve(db, admin, None)
    retention.tidy(db, NOW)

    for session in (gone, running):
        tell(db, session, number=2)

    assert {(event.session, event.number) for event in db.exec(select(AuditEvent))} == {
        (running, 1),
        (running, 2),
    }


def test_many_supports_go_a_part_at_a_time(db: Session, admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    db.get_one(Company, admin.company_id).keep_history = False
    for _ in range(5):
        serve(db, admin, NOW - timedelta(hours=1))

    assert [retention.tidy(db, NOW) for _ in range(4)] == [2, 2, 1, 0]


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (datetime(2026, 8, 31, tzinfo=UTC), 6, datetime(2026, 2, 28, tzinfo=UTC)),
        (datetime(2024, 8, 31, tzinfo=UTC), 6, datetime(2024, 2, 29, tzinfo=UTC)),
        (datetime(2026, 6, 1, tzinfo=UTC), 6, datetime(2025, 12, 1, tzinfo=UTC)),
        (datetime(2026, 1, 15, tzinfo=UTC), 12, datetime(2025, 1, 15, tzinfo=UTC)),
    ],
)
def test_months_are_counted_by_the_calendar(day: datetime, months: int, earlier: datetime) -> None:
    assert months_before(day, months) == earlier
