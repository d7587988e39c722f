"""Code generators (TOTP): enrolled by the person, sealed, each code good once; recovery codes beside them."""

import hmac
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from deskside_admin.model import Company, RecoveryCode, User
from deskside_admin.service.outcome import Refused, refused
from deskside_admin.service.passwords import FIGURES, SMALL
from deskside_admin.service.sealing import Box
from deskside_admin.service.tokens import digest

STEP_S = 30
EITHER_WAY = 1
"""Steps that a person's clock may be early or late."""
RECOVERY_CODES = 10
ISSUER = "Deskside"


def is_enrolled(user: User) -> bool:
    """Tell whether a user is asked for codes."""
    return bool(user.totp_sealed)


def new_secret() -> str:
    """Return a fresh secret to enrol with."""
    return pyotp.random_base32()


def text_for_app(user: User, company: Company, secret: str) -> str:
    """Return the address that code generators read, as text or from a picture."""
    name = f"{company.name}:{user.login_name}".replace(":", " ", company.name.count(":"))
    return pyotp.TOTP(secret).provisioning_uri(name=name.replace(":", " / "), issuer_name=ISSUER)


def enrol(
    db: Session, user: User, secret: str, code: str, box: Box, now: datetime
) -> tuple[str, ...] | Refused:
    """Ask this user for codes from now on, once he has shown one; return his recovery codes."""
    step = _step(secret, code, now)
    if step is None:
        return refused("entry.code_wrong", "code")
    user.totp_sealed, user.totp_step = box.seal(secret, _purpose(user)), step
    return renew_recovery(db, user)


def renew_recovery(db: Session, user: User) -> tuple[str, ...]:
    """Replace a user's recovery codes; they are shown once and kept as digests."""
    _forget_recovery(db, user)
    made = tuple(f"{_part()}-{_part()}" for _ in range(RECOVERY_CODES))
    db.add_all(RecoveryCode(user_id=user.id, code_sha256=_recovery_digest(user, one)) for one in made)
    db.flush()
    return made


def remove(db: Session, user: User) -> None:
    """Ask this user for no more codes."""
    user.totp_sealed, user.totp_step = "", 0
    _forget_recovery(db, user)
    db.flush()


def recovery_left(db: Session, user: User) -> int:
    """Return how many recovery codes are left."""
    wanted = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user.id)
    return db.exec(wanted).one()


def take(db: Session, user: User, code: str, box: Box, now: datetime) -> bool:
    """Tell whether a code is right, and use it up."""
    plain = "".join(code.split())
    if not (plain.isascii() and plain.isdigit()):
        return _take_recovery(db, user, plain)
    secret = box.open(user.totp_sealed, _purpose(user))
    step = _step(secret, plain, now) if secret else None
    if step is None or _was_taken(user.totp_step, step, now):
        return False
    user.totp_step = step
    return True


def _was_taken(latest: int, step: int, now: datetime) -> bool:
    # A latest step that lies ahead means that the clock was set back: it must not lock anybody out.
    return step <= latest <= _now_step(now) + EITHER_WAY


def _step(secret: str, code: str, now: datetime) -> int | None:
    """Return the step that a code belongs to, if it belongs to one near now."""
    generator, here = pyotp.TOTP(secret), _now_step(now)
    plain = "".join(code.split()).encode()
    for step in range(here - EITHER_WAY, here + EITHER_WAY + 1):
        if hmac.compare_digest(generator.at(step * STEP_S).encode(), plain):
            return step
    return None


def _now_step(now: datetime) -> int:
    return int(now.timestamp()) // STEP_S


def _take_recovery(db: Session, user: User, code: str) -> bool:
    of_code = col(RecoveryCode.code_sha256) == _recovery_digest(user, code)
    return db.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id, of_code)).rowcount == 1


def _forget_recovery(db: Session, user: User) -> None:
    db.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))


def _recovery_digest(user: User, code: str) -> str:
    return digest("recovery", str(user.id), code.replace("-", "").lower())


def _part() -> str:
    return "".join(secrets.choice(SMALL + FIGURES) for _ in range(5))


def _purpose(user: User) -> str:
    return f"code generator of {user.id}"
