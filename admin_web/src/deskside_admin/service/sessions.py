"""Support sessions: begun when an agent waits, changed as they go, ended once."""

from datetime import UTC, datetime

from attrs import frozen
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from deskside_admin.model import NumberOfDay, SessionState, SupportSession, User
from deskside_admin.service.entries import NAME_LENGTH, one_line


@frozen(kw_only=True)
class Change:
    """What the viewer says about a session now; empty texts leave what is known."""

    state: SessionState
    reason: str = ""
    customer_name: str = ""
    customer_system: str = ""
    by: str = ""


def begin(db: Session, user: User, session_id: str, kind: str, now: datetime) -> SupportSession:
    """Open a session of an agent, with the next support number of his company and day."""
    row = SupportSession(
        id=session_id,
        company_id=user.company_id,
        user_id=user.id,
        number=_next_number(db, user.company_id, now),
        kind=kind,
        state=SessionState.WAITING,
        opened=now,
    )
    db.add(row)
    db.flush()
    return row


def find(db: Session, session_id: str) -> SupportSession | None:
    """Return a session, ended or not."""
    return db.get(SupportSession, session_id)


def change(db: Session, row: SupportSession, wanted: Change, now: datetime) -> SupportSession:
    """Note a session's state; one that has ended stays ended."""
    row.customer_name = one_line(wanted.customer_name, NAME_LENGTH) or row.customer_name
    row.customer_system = one_line(wanted.customer_system, NAME_LENGTH) or row.customer_system
    if row.state == SessionState.ENDED:
        db.flush()
        return row
    row.state, row.reason = wanted.state, one_line(wanted.reason, NAME_LENGTH)
    if wanted.state is SessionState.ACTIVE and row.began is None:
        row.began = now
    if wanted.state is SessionState.ENDED:
        row.ended, row.ended_by = now, one_line(wanted.by, NAME_LENGTH)
    db.flush()
    return row


def want_end(db: Session, row: SupportSession, by: str) -> None:
    """Ask whoever holds this session to end it."""
    if row.state != SessionState.ENDED:
        row.end_wanted_by = one_line(by, NAME_LENGTH) or "-"
        db.flush()


def end_wanted(db: Session) -> dict[str, str]:
    """Return the sessions that somebody wants ended and that still live, with who wants it."""
    wanted = select(SupportSession.id, SupportSession.end_wanted_by).where(
        SupportSession.state != SessionState.ENDED, SupportSession.end_wanted_by != ""
    )
    return dict(db.exec(wanted).all())


def recent(db: Session, user_id: int, most: int) -> list[SupportSession]:
    """Return an agent's latest sessions, the latest first, live ones included."""
    order = (col(SupportSession.opened).desc(), col(SupportSession.id).desc())
    wanted = select(SupportSession).where(SupportSession.user_id == user_id)
    return list(db.exec(wanted.order_by(*order).limit(most)))


def running(db: Session, user_id: int) -> list[SupportSession]:
    """Return an agent's supports whose customer is there, the latest first."""
    wanted = select(SupportSession).where(
        SupportSession.user_id == user_id, SupportSession.state == SessionState.ACTIVE
    )
    return list(db.exec(wanted.order_by(col(SupportSession.opened).desc())))


def _next_number(db: Session, company_id: int, now: datetime) -> str:
    day = f"{now.astimezone(UTC):%Y%m%d}"
    row = _counter(db, company_id, day)
    row.last += 1
    db.add(row)
    db.flush()
    return f"S-{day}-{row.last:04d}"


def _counter(db: Session, company_id: int, day: str) -> NumberOfDay:
    if found := db.get(NumberOfDay, (company_id, day), with_for_update=True):
        return found
    try:
        with db.begin_nested():
            db.add(NumberOfDay(company_id=company_id, day=day, last=0))
    except IntegrityError:
        db.expire_all()
    return db.get_one(NumberOfDay, (company_id, day), with_for_update=True)
