"""Signing in, and the sign-ins that follow from it: rows that are looked up at each request."""

from datetime import datetime, timedelta

from attrs import frozen
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from deskside_admin.model import Company, SignIn, User
from deskside_admin.service import passwords, throttle
from deskside_admin.service.entries import tidy_login_name
from deskside_admin.service.outcome import Refused, refused
from deskside_admin.service.tokens import digest, new_token

LASTS = timedelta(hours=12)
KEPT = timedelta(days=30)
TOUCHED_EVERY = timedelta(minutes=1)


@frozen(kw_only=True)
class Attempt:
    """What someone who wants to sign in sends, and from where."""

    company_id: int
    login_name: str
    password: str
    address: str


@frozen(kw_only=True)
class SignedIn:
    """Who a token belongs to."""

    sign_in_id: int
    user: User
    company: Company


def sign_in(db: Session, attempt: Attempt, now: datetime) -> str | Refused:
    """Check a password and return the token of a new sign-in.

    Commits in steps: the slow check runs outside any transaction, and a wrong attempt must be kept.
    Unknown, stopped and wrong are one answer, and take the same time.
    """
    login_name = tidy_login_name(attempt.login_name)
    key = digest(str(attempt.company_id), login_name, attempt.address)
    if wait := throttle.seconds_to_wait(db, key, now):
        db.commit()
        return refused("signin.wait", seconds=wait)
    throttle.count(db, key, now)
    user = _active_user(db, attempt.company_id, login_name)
    password_hash = user.password_hash if user else None
    db.commit()
    if not passwords.verify(password_hash, attempt.password) or user is None:
        return refused("signin.wrong")
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hashed(attempt.password)
    throttle.forget(db, key)
    token = open_for(db, user, attempt.address, now)
    db.commit()
    return token


def open_for(db: Session, user: User, address: str, now: datetime) -> str:
    """Open a sign-in for a user who has proved himself, and return its token."""
    db.exec(delete(SignIn).where(col(SignIn.ends) < now - KEPT))
    token = new_token()
    row = SignIn(
        user_id=user.id,
        token_sha256=digest(token),
        address=address[:64],
        created=now,
        last_seen=now,
        ends=now + LASTS,
    )
    db.add(row)
    db.flush()
    return token


def look_up(db: Session, token: str, now: datetime) -> SignedIn | None:
    """Return who is signed in with this token, if it is good now; note that he was seen."""
    wanted = (
        select(SignIn, User, Company)
        .join(User, col(User.id) == col(SignIn.user_id))
        .join(Company, col(Company.id) == col(User.company_id))
        .where(SignIn.token_sha256 == digest(token), col(SignIn.revoked).is_(None), SignIn.ends > now)
        .where(User.active)
    )
    found = db.exec(wanted).first()
    if found is None:
        return None
    row, user, company = found
    if now - row.last_seen >= TOUCHED_EVERY:
        row.last_seen = now
        db.flush()
    return SignedIn(sign_in_id=row.id, user=user, company=company)


def open_ones(db: Session, user_id: int, now: datetime) -> list[SignIn]:
    """Return a user's present sign-ins, the latest first."""
    wanted = select(SignIn).where(SignIn.user_id == user_id, col(SignIn.revoked).is_(None), SignIn.ends > now)
    return list(db.exec(wanted.order_by(col(SignIn.created).desc(), col(SignIn.id).desc())))


def revoke(db: Session, user_id: int, sign_in_id: int, now: datetime) -> bool:
    """End one sign-in of a user; return False if he has no such sign-in."""
    row = db.get(SignIn, sign_in_id)
    if row is None or row.user_id != user_id:
        return False
    row.revoked = row.revoked or now
    db.flush()
    return True


def revoke_all(db: Session, user_id: int, now: datetime, *, but: int | None = None) -> None:
    """End every sign-in of a user, sparing one if asked."""
    ending = update(SignIn).where(col(SignIn.user_id) == user_id, col(SignIn.revoked).is_(None))
    if but is not None:
        ending = ending.where(col(SignIn.id) != but)
    db.exec(ending.values(revoked=now))


def _active_user(db: Session, company_id: int, login_name: str) -> User | None:
    wanted = select(User).where(User.company_id == company_id, User.login_name == login_name, User.active)
    return db.exec(wanted).first()
