"""Further companies on this server: added by whoever runs it, begun by their own first administrator."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from deskside_admin.model import Company, OneTimeLink, User, UserRole
from deskside_admin.service.entries import bad_name, tidy
from deskside_admin.service.outcome import Refused, refused
from deskside_admin.service.tokens import digest, new_token

PURPOSE = "administrator_of:"
LASTS = timedelta(days=7)
"""The link goes to people elsewhere, who may be away."""


def add(db: Session, name: str, now: datetime) -> Company | Refused:
    """Add a company that nobody belongs to yet."""
    tidied = tidy(name)
    if problem := bad_name(tidied, "name"):
        return Refused((problem,))
    company = Company(name=tidied, created=now)
    db.add(company)
    db.flush()
    return company


def make_link(db: Session, company: Company, now: datetime) -> str | Refused:
    """Return the token of a link for the company's first administrator; earlier ones stop working."""
    if has_administrator(db, company.id):
        return refused("server.has_administrator")
    purpose = f"{PURPOSE}{company.id}"
    db.exec(delete(OneTimeLink).where(col(OneTimeLink.purpose) == purpose))
    token = new_token()
    db.add(OneTimeLink(purpose=purpose, token_sha256=digest(token), expires=now + LASTS))
    db.flush()
    return token


def company_of(db: Session, token: str, now: datetime) -> Company | None:
    """Return the company whose first administrator a link makes, as long as it is good."""
    good = select(OneTimeLink.purpose).where(
        col(OneTimeLink.purpose).startswith(PURPOSE),
        OneTimeLink.token_sha256 == digest(token),
        col(OneTimeLink.used_at).is_(None),
        OneTimeLink.expires > now,
    )
    purpose = db.exec(good).first()
    company = db.get(Company, int(purpose.removeprefix(PURPOSE))) if purpose else None
    return company if company is not None and not has_administrator(db, company.id) else None


def has_administrator(db: Session, company_id: int) -> bool:
    """Tell whether a company can manage itself."""
    wanted = select(User.id).where(User.company_id == company_id, User.role == UserRole.ADMIN)
    return db.exec(wanted.limit(1)).first() is not None
