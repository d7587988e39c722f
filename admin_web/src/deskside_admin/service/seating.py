"""Seats: who takes one, and how many are free.

A *named* licence counts users who may serve, a *concurrent* one those who are signed in to the console.
The seats of the trial are the server's: whoever has no licence of his own shares them with the others.
"""

from datetime import datetime

from attrs import frozen
from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from deskside_admin.model import (
    Company,
    LicenceKind,
    LicenceRow,
    SessionState,
    SignIn,
    SignInKind,
    SupportSession,
    User,
    UserRole,
)
from deskside_admin.service.outcome import Refused, refused

IN_TOUCH = (SessionState.CONNECTING, SessionState.AGREEING, SessionState.ACTIVE)


@frozen
class Seats:
    """A company's seats."""

    total: int
    used: int
    concurrent: bool

    @property
    def free(self) -> int:
        """Return how many are left; a smaller licence may have come meanwhile."""
        return max(0, self.total - self.used)


def one_at_a_time(db: Session, company_id: int) -> None:
    """Let nobody else count this company's seats until the transaction ends."""
    db.exec(select(Company.id).where(Company.id == company_id).with_for_update()).one()


def count(db: Session, row: LicenceRow | None, company_id: int, now: datetime) -> Seats:
    """Return the seats of a company under a licence."""
    if row is None:
        return Seats(0, 0, concurrent=True)
    used = _signed_in(db, row, company_id, now) if row.concurrent else _named(db, company_id)
    return Seats(row.seats, used, row.concurrent)


def no_seat(db: Session, row: LicenceRow | None, user: User, now: datetime) -> Refused | None:
    """Say so if there is no seat for a user who signs in."""
    if row is None or not row.concurrent:
        return _no_name(db, row, user)
    if _signed_in(db, row, user.company_id, now, but=user.id) < row.seats:
        return None
    return refused("refused.licence.seats", seats=row.seats)


def no_seat_to_serve(db: Session, row: LicenceRow | None, user: User) -> Refused | None:
    """Say so if as many others as there are seats are in touch with customers already."""
    if row is None or not row.concurrent:
        return _no_name(db, row, user)
    others = (
        select(SupportSession.user_id)
        .where(_shares(db, row, col(SupportSession.company_id), user.company_id))
        .where(SupportSession.user_id != user.id)
        .where(col(SupportSession.state).in_(IN_TOUCH))
        .distinct()
    )
    if len(db.exec(others).all()) < row.seats:
        return None
    return refused("refused.licence.seats", seats=row.seats)


def _no_name(db: Session, row: LicenceRow | None, user: User) -> Refused | None:
    """Of more users than seats, those who came first have them."""
    total = row.seats if row else 0
    earlier = select(func.count(col(User.id))).where(*_takes_name(user.company_id), col(User.id) < user.id)
    return None if db.exec(earlier).one() < total else refused("refused.licence.seats", seats=total)


def _named(db: Session, company_id: int) -> int:
    return db.exec(select(func.count(col(User.id))).where(*_takes_name(company_id))).one()


def _takes_name(company_id: int) -> tuple[ColumnElement[bool], ...]:
    return col(User.company_id) == company_id, col(User.active).is_(True), col(User.role) != UserRole.SYSTEM


def _shares(db: Session, row: LicenceRow, company: Mapped[int], company_id: int) -> ColumnElement[bool]:
    """Return the condition that a company has its seats from the same licence as this one."""
    if row.kind != LicenceKind.TRIAL:
        return company == company_id
    sold = LicenceRow.kind == LicenceKind.SOLD, col(LicenceRow.replaced).is_(None)
    own = select(LicenceRow.company_id).where(*sold, col(LicenceRow.company_id).is_not(None))
    of_settings = select(LicenceRow.id).where(*sold, col(LicenceRow.company_id).is_(None))
    if db.exec(of_settings).first() is None:
        return company.not_in(own)
    # The licence that the settings name is the first company's.
    first = db.exec(select(func.min(Company.id))).one()
    return company.not_in(own) & (company != first)


def _signed_in(db: Session, row: LicenceRow, company_id: int, now: datetime, but: int = 0) -> int:
    """Return how many users have an open console sign-in with a seat; two of one user are one seat."""
    wanted = (
        select(func.count(func.distinct(col(SignIn.user_id))))
        .join(User, col(User.id) == col(SignIn.user_id))
        .where(_shares(db, row, col(User.company_id), company_id))
        .where(User.id != but, SignIn.kind == SignInKind.CONSOLE)
        .where(col(SignIn.has_seat), col(SignIn.revoked).is_(None), SignIn.ends > now)
    )
    return db.exec(wanted).one()
