"""The second step of a sign-in: a code by mail, or one of a code generator."""

import hmac
import secrets
from datetime import datetime, timedelta

from attrs import field, frozen
from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from deskside_admin.model import Company, SecondStep, SignInKind, User, UserRole
from deskside_admin.service import code_generator
from deskside_admin.service.outcome import Refused, refused
from deskside_admin.service.sealing import Box
from deskside_admin.service.tokens import digest, new_token

LASTS = timedelta(minutes=10)
MOST_ATTEMPTS = 5
MOST_AT_ONCE = 5
"""Second steps of one user in their ten minutes: it bounds guesses, and letters in his box."""


@frozen(kw_only=True)
class Asked:
    """The password was right; now this is wanted."""

    token: str = field(repr=False)
    code: str = field(default="", repr=False)
    """What has to go out by mail; empty where a code generator is asked."""
    to: str = ""

    @property
    def by_mail(self) -> bool:
        """Tell whether a letter has to go out."""
        return bool(self.code)


def is_needed(user: User, company: Company, kind: SignInKind) -> bool:
    """Tell whether a password is not enough: the company's rule is for the panel, one's own for both."""
    return code_generator.is_enrolled(user) or (company.two_step and kind is SignInKind.PANEL)


def ask(db: Session, user: User, kind: str, address: str, now: datetime) -> Asked | Refused:
    """Begin a second step for a user who knows his password."""
    db.exec(delete(SecondStep).where(col(SecondStep.expires) <= now))
    db.exec(delete(SecondStep).where(col(SecondStep.expires) > now + LASTS))
    if _at_once(db, user) >= MOST_AT_ONCE:
        return refused("signin.second.wait", minutes=int(LASTS.total_seconds()) // 60)
    by_mail = not code_generator.is_enrolled(user)
    if by_mail and not user.mail:
        return refused("signin.second.no_address")
    token = new_token()
    code = f"{secrets.randbelow(10**6):06d}" if by_mail else ""
    row = SecondStep(
        user_id=user.id,
        token_sha256=digest(token),
        code_sha256=digest(token, code) if code else "",
        kind=kind,
        address=address[:64],
        expires=now + LASTS,
    )
    db.add(row)
    db.flush()
    return Asked(token=token, code=code, to=user.mail if by_mail else "")


def again(db: Session, token: str, now: datetime) -> Asked | Refused:
    """Make another code for the same second step; the one before is worth nothing."""
    row = find(db, token, now)
    if row is None or not row.code_sha256:
        return refused("signin.second.expired")
    row.attempts = MOST_ATTEMPTS
    return ask(db, db.get_one(User, row.user_id), row.kind, row.address, now)


def find(db: Session, token: str, now: datetime) -> SecondStep | None:
    """Return the second step that waits under a token."""
    wanted = select(SecondStep).where(SecondStep.token_sha256 == digest(token), SecondStep.expires > now)
    row = db.exec(wanted).first()
    return row if row is not None and row.attempts < MOST_ATTEMPTS else None


def attempt(db: Session, row: SecondStep, token: str, code: str, box: Box, now: datetime) -> Refused | None:
    """Judge a code, and say so if it is wrong; a right one ends the second step."""
    row.attempts += 1
    db.add(row)
    db.flush()
    user = db.get_one(User, row.user_id)
    if row.code_sha256:
        is_right = hmac.compare_digest(row.code_sha256, digest(token, "".join(code.split())))
    else:
        is_right = code_generator.take(db, user, code, box, now)
    left = MOST_ATTEMPTS - row.attempts
    if not is_right:
        return refused("signin.second.wrong" if left else "signin.second.used_up", "code", left=left)
    row.attempts = MOST_ATTEMPTS
    db.flush()
    return None


def may_be_required(db: Session, company: Company, *, mail_is_on: bool = True) -> Refused | None:
    """Say why a company cannot require a second step: an administrator could not get in any more."""
    managers = select(User).where(
        User.company_id == company.id, User.active, col(User.role).in_([UserRole.ADMIN, UserRole.SYSTEM])
    )
    relying = [one for one in db.exec(managers.order_by(User.login_name)) if not one.totp_sealed]
    if relying and not mail_is_on:
        return refused("company.two_step_no_mail", "two_step")
    without = [one.name for one in relying if not one.mail]
    if without:
        return refused("company.two_step_no_address", "two_step", names=", ".join(without))
    return None


def _at_once(db: Session, user: User) -> int:
    return db.exec(select(func.count(col(SecondStep.id))).where(SecondStep.user_id == user.id)).one()
