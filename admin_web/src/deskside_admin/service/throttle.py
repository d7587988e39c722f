"""Wrong passwords cost time, per login name and address; the table of them stays small."""

import math
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from deskside_admin.model import WrongPassword

FREE_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
MOST_ROWS = 10_000


def seconds_to_wait(db: Session, key: str, now: datetime) -> int:
    """Return for how long this key must wait before its next attempt."""
    row = db.get(WrongPassword, key)
    if row is None:
        return 0
    pause = pause_after(row.attempts)
    # No longer than the pause itself, even if the clock was set back since.
    left = min(row.last + pause - now, pause)
    return max(0, math.ceil(left.total_seconds()))


def pause_after(attempts: int) -> timedelta:
    """Return the pause that so many attempts in a row cost: none at first, then doubling. Pure."""
    if attempts < FREE_ATTEMPTS:
        return timedelta(0)
    doublings = min(attempts - FREE_ATTEMPTS, 10)
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << doublings))


def count(db: Session, key: str, now: datetime) -> int:
    """Count an attempt before it is judged, so that many at the same moment gain nothing; return how many."""
    row = db.get(WrongPassword, key)
    if row is not None and now - row.last > LONGEST_WAIT:
        row.attempts = 0
    row = row or WrongPassword(key_sha256=key, attempts=0, last=now)
    row.attempts, row.last = row.attempts + 1, now
    db.add(row)
    db.flush()
    _forget_old(db, now)
    return row.attempts


def forget(db: Session, key: str) -> None:
    """Forget the attempts of a key that turned out right."""
    db.exec(delete(WrongPassword).where(col(WrongPassword.key_sha256) == key))


def _forget_old(db: Session, now: datetime) -> None:
    last = col(WrongPassword.last)
    db.exec(delete(WrongPassword).where(last < now - LONGEST_WAIT))
    excess = db.exec(select(func.count()).select_from(WrongPassword)).one() - MOST_ROWS
    if excess > 0:
        oldest = select(WrongPassword.key_sha256).order_by(last).limit(excess)
        db.exec(delete(WrongPassword).where(col(WrongPassword.key_sha256).in_(oldest)))
