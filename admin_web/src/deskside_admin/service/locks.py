"""Five wrong passwords lock an account, where its company wants that."""

from datetime import datetime, timedelta

from deskside_admin.model import Company, User
from deskside_admin.service.outcome import Refused, refused

MOST_WRONG = 5


def is_locked(user: User, company: Company, now: datetime) -> bool:
    """Tell whether an account is locked: for the company's minutes, or until somebody unlocks it."""
    if user.locked_at is None or not company.lock_after_wrong:
        return False
    if not company.lock_minutes:
        return True
    # Either way round: a clock that is set back must not keep somebody out for as long as it was wrong.
    return abs(now - user.locked_at) < timedelta(minutes=company.lock_minutes)


def count(user: User, company: Company, now: datetime) -> None:
    """Count an attempt before it is judged, so that many at the same moment gain nothing.

    Attempts on a locked account do not count: they must not make the lock longer.
    """
    if is_locked(user, company, now):
        return
    if user.locked_at is not None:
        unlock(user)
    user.wrong_passwords += 1
    if company.lock_after_wrong and user.wrong_passwords >= MOST_WRONG:
        user.locked_at = now


def unlock(user: User) -> None:
    """Let a user try again, from the first attempt on."""
    user.wrong_passwords, user.locked_at = 0, None


def wrong(company: Company | None, attempts: int) -> Refused:
    """Return the answer to a wrong password after so many attempts from one address. Pure.

    It depends on nothing that only a real account has: a name that does not exist is answered in the
    same words, and a right password on a locked account too, since "right, but locked" would tell a
    guesser when to stop.
    """
    if company is None or not company.lock_after_wrong:
        return refused("signin.wrong")
    key = "signin.locked" if attempts >= MOST_WRONG else "signin.wrong_or_locked"
    if company.lock_minutes:
        return refused(f"{key}_for", minutes=company.lock_minutes)
    return refused(key)
