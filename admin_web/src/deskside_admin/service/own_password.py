"""A user's own password: replaced by himself, under the level that his company asks for."""

from datetime import datetime

from sqlmodel import Session

from deskside_admin.model import Company, User
from deskside_admin.service import passwords, throttle
from deskside_admin.service.outcome import Problem, Refused, gathered, refused
from deskside_admin.service.tokens import digest


def change(db: Session, user: User, old: str, new: str, now: datetime) -> User | Refused:
    """Replace a password by somebody who knows it; the new one may not be the old one.

    Wrong guesses cost time: whoever sits at an unattended browser must not find the password out.
    """
    key = _key(user)
    if wait := throttle.seconds_to_wait(db, key, now):
        return refused("signin.wait", "old", seconds=wait)
    level = db.get_one(Company, user.company_id).password_level
    is_right = passwords.verify(user.password_hash, old)
    same = Problem("entry.password_same", "new") if old == new else None
    if not is_right:
        throttle.count(db, key, now)
    wrong = None if is_right else Problem("entry.password_wrong", "old")
    bad: list[Problem | None] = [*passwords.problems(new, level, "new")] or [same]
    if no := gathered([wrong, *bad]):
        return no
    throttle.forget(db, key)
    passwords.give(user, new, now)
    db.flush()
    return user


def prove(db: Session, user: User, password: str, now: datetime) -> Refused | None:
    """Say so if this is not his present password, or if too many wrong ones were tried just now."""
    key = _key(user)
    if wait := throttle.seconds_to_wait(db, key, now):
        return refused("signin.wait", seconds=wait)
    if not passwords.verify(user.password_hash, password):
        throttle.count(db, key, now)
        return refused("entry.password_wrong")
    throttle.forget(db, key)
    return None


def _key(user: User) -> str:
    return digest("own password", str(user.id))
