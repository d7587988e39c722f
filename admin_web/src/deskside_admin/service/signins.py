"""Signing in, and the sign-ins that follow from it: rows that are looked up at each request."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from attrs import field, frozen
from sqlalchemy import delete, or_
from sqlmodel import Session, col, select

from deskside_admin.model import Company, SecondStep, SignIn, SignInKind, User
from deskside_admin.service import code_generator, locks, passwords, second_step, sign_in_history, throttle
from deskside_admin.service.entries import tidy_login_name
from deskside_admin.service.outcome import Refused, refused
from deskside_admin.service.sealing import Box
from deskside_admin.service.second_step import Asked
from deskside_admin.service.sign_in_history import IN, OUT, REFUSED, Visit
from deskside_admin.service.tokens import digest, new_token

LASTS = timedelta(hours=12)
KEPT = timedelta(days=30)
TOUCHED_EVERY = timedelta(minutes=1)
TIME_OVER = "signin.ended.time"

Gate = Callable[[Session, User, datetime], Refused | None]


def _nothing_against(db: Session, user: User, now: datetime) -> Refused | None:
    del db, user, now
    return None


@frozen(kw_only=True)
class Door:
    """What somebody signs in to, and who else has a say."""

    kind: SignInKind = SignInKind.PANEL
    box: Box | None = None
    mail_is_on: bool = False
    admit: Gate = _nothing_against
    """Asked once the password is right."""
    settle: Gate = _nothing_against
    """Asked last, in the transaction that opens the sign-in."""


@frozen(kw_only=True)
class Attempt:
    """What someone who wants to sign in sends, and from where."""

    company_id: int
    login_name: str
    password: str = field(repr=False)
    address: str


@frozen(kw_only=True)
class SignedIn:
    """Who a token belongs to."""

    sign_in_id: int
    user: User
    company: Company
    password_due: bool = False
    """Nothing else is for him before he has chosen another password."""


def sign_in(db: Session, attempt: Attempt, now: datetime, door: Door) -> str | Asked | Refused:
    """Check a password; return the token of a new sign-in, or what else is wanted.

    Commits in steps: the slow check runs outside any transaction, and a wrong attempt must be kept.
    Unknown, stopped, locked and wrong are one answer, and take the same time.
    """
    login_name = tidy_login_name(attempt.login_name)
    key = digest(str(attempt.company_id), login_name, attempt.address)
    if wait := throttle.seconds_to_wait(db, key, now):
        db.commit()
        return refused("signin.wait", seconds=wait)
    attempts = throttle.count(db, key, now)
    company = db.get(Company, attempt.company_id)
    user = _active_user(db, attempt.company_id, login_name)
    if company is None or user is None:
        db.commit()
        passwords.verify(None, attempt.password)
        _note_stranger(db, company, login_name, attempt.address, door, now)
        return locks.wrong(company, attempts)
    if not _is_right(db, user, company, attempt.password, now):
        reason = "signin.locked" if locks.is_locked(user, company, now) else "signin.wrong"
        _note(db, user, attempt.address, door, now, reason)
        db.commit()
        return locks.wrong(company, attempts)
    throttle.forget(db, key)
    outcome = _go_on(db, user, company, attempt.address, now, door)
    db.commit()
    return outcome


def finish(db: Session, token: str, code: str, now: datetime, door: Door) -> str | Refused:
    """Check the second proof, and return the token of a new sign-in; commits, also a wrong attempt."""
    row = second_step.find(db, token, now)
    user = db.get(User, row.user_id) if row is not None else None
    if row is None or user is None or not user.active or row.kind != door.kind or door.box is None:
        db.commit()
        return refused("signin.second.expired")
    company = db.get_one(Company, user.company_id)
    if locks.is_locked(user, company, now):
        db.commit()
        return locks.wrong(company, locks.MOST_WRONG)
    no = second_step.attempt(db, row, token, code, door.box, now)
    if no is not None:
        locks.count(user, company, now)
        _note(db, user, row.address, door, now, no.reason)
    outcome = no or _open(db, user, row.address, now, door)
    db.commit()
    return outcome


def open_for(
    db: Session,
    user: User,
    address: str,
    now: datetime,
    kind: SignInKind = SignInKind.PANEL,
    *,
    has_seat: bool = False,
) -> str:
    """Open a sign-in for a user who has proved himself, and return its token."""
    db.exec(delete(SignIn).where(col(SignIn.ends) < now - KEPT))
    locks.unlock(user)
    token = new_token()
    row = SignIn(
        user_id=user.id,
        token_sha256=digest(token),
        address=address[:64],
        created=now,
        last_seen=now,
        ends=now + LASTS,
        kind=kind,
        has_seat=has_seat,
    )
    db.add(row)
    sign_in_history.note(db, Visit.of(user, kind, address), IN, now)
    return token


def look_up(db: Session, token: str, now: datetime, kind: SignInKind = SignInKind.PANEL) -> SignedIn | None:
    """Return who is signed in with this token, if it is good now and for this; note that he was seen."""
    wanted = (
        select(SignIn, User, Company)
        .join(User, col(User.id) == col(SignIn.user_id))
        .join(Company, col(Company.id) == col(User.company_id))
        .where(SignIn.token_sha256 == digest(token), col(SignIn.revoked).is_(None), SignIn.ends > now)
        .where(User.active, SignIn.kind == kind)
    )
    found = db.exec(wanted).first()
    if found is None:
        return None
    row, user, company = found
    if abs(now - row.last_seen) >= TOUCHED_EVERY:
        row.last_seen = now
        db.flush()
    due = passwords.is_due(user, company, now)
    return SignedIn(sign_in_id=row.id, user=user, company=company, password_due=due)


def why_ended(db: Session, token: str, now: datetime) -> str:
    """Return the text key of why a sign-in is over, empty if there never was one or its owner ended it."""
    row = db.exec(select(SignIn).where(SignIn.token_sha256 == digest(token))).first()
    return _why(row, now) if row is not None else ""


def ended_among(db: Session, ids: Sequence[int], now: datetime) -> dict[int, str]:
    """Return which of these sign-ins are over, with the text key of why."""
    wanted = select(SignIn).where(
        col(SignIn.id).in_(ids), or_(col(SignIn.revoked).is_not(None), col(SignIn.ends) <= now)
    )
    return {row.id: _why(row, now) for row in db.exec(wanted)}


def open_ones(db: Session, user_id: int, now: datetime) -> list[SignIn]:
    """Return a user's present sign-ins, the latest first."""
    wanted = select(SignIn).where(SignIn.user_id == user_id, col(SignIn.revoked).is_(None), SignIn.ends > now)
    return list(db.exec(wanted.order_by(col(SignIn.created).desc(), col(SignIn.id).desc())))


def revoke(db: Session, user_id: int, sign_in_id: int, now: datetime, why: str = "") -> bool:
    """End one sign-in of a user; return False if he has no such sign-in."""
    row = db.get(SignIn, sign_in_id)
    if row is None or row.user_id != user_id:
        return False
    end(db, row, db.get_one(User, user_id), now, why)
    return True


def revoke_all(db: Session, user_id: int, now: datetime, *, but: int | None = None, why: str = "") -> None:
    """End every sign-in of a user and what he has begun of one, sparing one if asked."""
    db.exec(delete(SecondStep).where(col(SecondStep.user_id) == user_id))
    user = db.get_one(User, user_id)
    for row in open_ones(db, user_id, now):
        if row.id != but:
            end(db, row, user, now, why)


def end(db: Session, row: SignIn, user: User, now: datetime, why: str) -> None:
    """End a sign-in, once, and keep why: a text key that is shown where it was used."""
    if row.revoked is None:
        row.revoked, row.why_ended = now, why
        db.add(row)
        sign_in_history.note(db, Visit.of(user, row.kind, row.address), OUT, now, why)


def unlock(db: Session, user: User) -> None:
    """Let a user in again whom wrong passwords have locked out."""
    locks.unlock(user)
    db.flush()


def is_locked(db: Session, user: User, now: datetime) -> bool:
    """Tell whether wrong passwords have locked a user out."""
    return locks.is_locked(user, db.get_one(Company, user.company_id), now)


def _why(row: SignIn, now: datetime) -> str:
    if row.revoked is not None:
        return row.why_ended
    return TIME_OVER if row.ends <= now else ""


def _is_right(db: Session, user: User, company: Company, password: str, now: datetime) -> bool:
    """Judge a password outside any transaction; the attempt counts as wrong until it turns out right."""
    before = (user.wrong_passwords, user.locked_at)
    was_locked = locks.is_locked(user, company, now)
    locks.count(user, company, now)
    password_hash = user.password_hash
    db.add(user)
    db.commit()
    is_right = passwords.verify(password_hash, password)
    db.refresh(user)
    if not is_right or was_locked or not user.active or user.password_hash != password_hash:
        return False
    user.wrong_passwords, user.locked_at = before
    if passwords.is_outdated(password_hash):
        user.password_hash = passwords.hashed(password)
    return True


def _go_on(
    db: Session, user: User, company: Company, address: str, now: datetime, door: Door
) -> str | Asked | Refused:
    outcome: Asked | Refused | None = door.admit(db, user, now)
    if outcome is None:
        if not second_step.is_needed(user, company, door.kind):
            return _open(db, user, address, now, door)
        if not door.mail_is_on and not code_generator.is_enrolled(user):
            outcome = refused("signin.second.no_mail")
        else:
            outcome = second_step.ask(db, user, door.kind, address, now)
    if isinstance(outcome, Refused):
        _note(db, user, address, door, now, outcome.reason)
    return outcome


def _open(db: Session, user: User, address: str, now: datetime, door: Door) -> str | Refused:
    if no := door.settle(db, user, now):
        _note(db, user, address, door, now, no.reason)
        return no
    is_console = door.kind is SignInKind.CONSOLE
    return open_for(db, user, address, now, door.kind, has_seat=is_console)


def _note(db: Session, user: User, address: str, door: Door, now: datetime, reason: str) -> None:
    sign_in_history.note(db, Visit.of(user, door.kind, address), REFUSED, now, reason)


def _note_stranger(
    db: Session, company: Company | None, login_name: str, address: str, door: Door, now: datetime
) -> None:
    if company is not None:
        visit = Visit(
            company_id=company.id, user_id=None, login_name=login_name, kind=door.kind, address=address
        )
        sign_in_history.note(db, visit, REFUSED, now, "signin.unknown")
    db.commit()


def _active_user(db: Session, company_id: int, login_name: str) -> User | None:
    wanted = select(User).where(User.company_id == company_id, User.login_name == login_name, User.active)
    return db.exec(wanted).first()
