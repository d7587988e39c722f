"""A way back in for somebody who is locked out: a one-time link that whoever runs the server makes."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from deskside_admin.model import Company, OneTimeLink, User
from deskside_admin.service import code_generator, companies, passwords, signins
from deskside_admin.service.entries import tidy_login_name
from deskside_admin.service.outcome import Refused, gathered, refused
from deskside_admin.service.tokens import digest, new_token

PURPOSE = "let_in:"
LASTS = timedelta(hours=1)
WHY = "signin.ended.password"


def make_link(db: Session, company_id: int | None, login_name: str, now: datetime) -> str | None:
    """Return the token of a new link for a user, None if there is no such active user.

    Without a company number, the server must have one company. Earlier links of the user stop working.
    """
    only = companies.only_one(db)
    number = company_id if company_id is not None else only.id if only else 0
    wanted = select(User).where(
        User.company_id == number, User.login_name == tidy_login_name(login_name), User.active
    )
    user = db.exec(wanted).first()
    if user is None:
        return None
    purpose = f"{PURPOSE}{user.id}"
    db.exec(delete(OneTimeLink).where(col(OneTimeLink.purpose) == purpose))
    token = new_token()
    db.add(OneTimeLink(purpose=purpose, token_sha256=digest(token), expires=now + LASTS))
    db.flush()
    return token


def find(db: Session, token: str, now: datetime) -> User | None:
    """Return whom a link lets in, as long as it is good."""
    good = select(OneTimeLink).where(
        col(OneTimeLink.purpose).startswith(PURPOSE),
        OneTimeLink.token_sha256 == digest(token),
        col(OneTimeLink.used_at).is_(None),
        OneTimeLink.expires > now,
    )
    row = db.exec(good).first()
    user = db.get(User, int(row.purpose.removeprefix(PURPOSE))) if row is not None else None
    return user if user is not None and user.active else None


def use(
    db: Session, token: str, password: str, now: datetime, *, forget_generator: bool = False
) -> User | Refused:
    """Give the user another password, unlock him, end his sign-ins, and use the link up."""
    user = find(db, token, now)
    if user is None:
        return refused("setup.link_used")
    level = db.get_one(Company, user.company_id).password_level
    if no := gathered(passwords.problems(password, level)):
        return no
    using = update(OneTimeLink).where(
        col(OneTimeLink.token_sha256) == digest(token), col(OneTimeLink.used_at).is_(None)
    )
    if db.exec(using.values(used_at=now)).rowcount != 1:
        return refused("setup.link_used")
    passwords.give(user, password, now)
    if forget_generator:
        code_generator.remove(db, user)
    signins.revoke_all(db, user.id, now, why=WHY)
    db.flush()
    return user
