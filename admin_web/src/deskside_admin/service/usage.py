"""What whoever runs the server sees of its companies: how much they use, and nothing of their work."""

from datetime import datetime, timedelta

from attrs import frozen
from sqlalchemy import func
from sqlmodel import Session, col, select

from deskside_admin.model import Company, LicenceRow, SupportSession, User
from deskside_admin.service import licences
from deskside_admin.service.entries import tidy
from deskside_admin.service.seating import Seats

COUNTED = timedelta(days=30)


@frozen(kw_only=True)
class Usage:
    """One company at a glance."""

    company: Company
    licence: LicenceRow | None
    why_not: str
    """The text key of the reason why no support can begin, empty if one can."""
    seats: Seats
    users: int
    sessions: int
    """Those that began in the last 30 days."""


def of_company(db: Session, company: Company, now: datetime) -> Usage:
    """Return one company's usage."""
    row = licences.in_force(db, company.id)
    users = select(func.count(col(User.id))).where(User.company_id == company.id, User.active)
    sessions = select(func.count(col(SupportSession.id))).where(
        SupportSession.company_id == company.id, col(SupportSession.began) > now - COUNTED
    )
    return Usage(
        company=company,
        licence=row,
        why_not=licences.why_not(row, now),
        seats=licences.seats(db, company.id, now),
        users=db.exec(users).one(),
        sessions=db.exec(sessions).one(),
    )


def of_companies(
    db: Session, now: datetime, words: str = "", *, after: int = 0, most: int = 50
) -> list[Usage]:
    """Return companies by number, beginning after a given one, whose name contains `words`."""
    wanted = select(Company).where(
        col(Company.id) > after, col(Company.name).icontains(tidy(words), autoescape=True)
    )
    return [of_company(db, one, now) for one in db.exec(wanted.order_by(col(Company.id)).limit(most))]
