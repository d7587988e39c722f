"""The very first step: a link on the console that makes the company and its first administrator, once."""

from datetime import datetime, timedelta

from attrs import evolve, frozen
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from deskside_admin.model import Company, Group, OneTimeLink, PasswordLevel, User, UserRole
from deskside_admin.service import onboarding, passwords
from deskside_admin.service.entries import bad_login_name, bad_name, tidy, tidy_login_name
from deskside_admin.service.outcome import Refused, gathered, refused
from deskside_admin.service.tokens import digest, new_token

PURPOSE = "first_administrator"
LASTS = timedelta(hours=24)
LEVEL = PasswordLevel.MEDIUM
"""What a new company asks of its passwords until it decides otherwise."""


@frozen(kw_only=True)
class First:
    """What the person who sets Deskside up enters."""

    company: str
    group: str
    name: str
    login_name: str
    password: str


def make_first_administrator_link(db: Session, now: datetime) -> str | None:
    """Return the token of a new link, or None if there is an administrator. Earlier links stop working."""
    if is_done(db):
        return None
    db.exec(delete(OneTimeLink).where(col(OneTimeLink.purpose) == PURPOSE))
    token = new_token()
    db.add(OneTimeLink(purpose=PURPOSE, token_sha256=digest(token), expires=now + LASTS))
    db.flush()
    return token


def is_open(db: Session, token: str, now: datetime) -> bool:
    """Tell whether a link can still be used: the console's, or one for a further company."""
    if onboarding.company_of(db, token, now) is not None:
        return True
    good = select(OneTimeLink.id).where(
        OneTimeLink.purpose == PURPOSE,
        OneTimeLink.token_sha256 == digest(token),
        col(OneTimeLink.used_at).is_(None),
        OneTimeLink.expires > now,
    )
    return db.exec(good).first() is not None and not is_done(db)


def use_link(db: Session, token: str, first: First, now: datetime) -> User | Refused:
    """Make the company, its first group and its first administrator, and use the link up.

    A link for a further company names it already.
    """
    company = onboarding.company_of(db, token, now)
    first = evolve(first, company=company.name) if company else first
    if not is_open(db, token, now):
        return refused("setup.link_used")
    if no := _problems(first):
        return no
    # Only one of two people with the same link changes the row.
    using = update(OneTimeLink).where(
        col(OneTimeLink.token_sha256) == digest(token), col(OneTimeLink.used_at).is_(None)
    )
    if db.exec(using.values(used_at=now)).rowcount != 1:
        return refused("setup.link_used")
    return _create(db, company, first, now)


def _problems(first: First) -> Refused | None:
    return gathered(
        [
            bad_name(tidy(first.company), "company"),
            bad_name(tidy(first.name), "name"),
            bad_login_name(tidy_login_name(first.login_name)),
            *passwords.problems(first.password, LEVEL),
        ]
    )


def _create(db: Session, known: Company | None, first: First, now: datetime) -> User:
    company = known or Company(name=tidy(first.company), created=now)
    db.add(company)
    db.flush()
    group = Group(company_id=company.id, name=tidy(first.group))
    db.add(group)
    db.flush()
    user = User(
        company_id=company.id,
        group_id=group.id,
        login_name=tidy_login_name(first.login_name),
        name=tidy(first.name),
        chat_name="",
        role=UserRole.ADMIN,
        password_hash=passwords.hashed(first.password),
        password_due=False,
        active=True,
        created=now,
        password_changed=now,
        operator=known is None,
    )
    db.add(user)
    db.flush()
    return user


def is_done(db: Session) -> bool:
    """Tell whether there is an administrator."""
    return db.exec(select(User.id).where(User.role == UserRole.ADMIN).limit(1)).first() is not None
