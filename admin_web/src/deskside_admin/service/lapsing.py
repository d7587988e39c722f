"""Console sign-ins that end without anybody's doing: nothing to do for too long, or nobody there any more."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from attrs import frozen
from sqlmodel import Session, col, func, select

from deskside_admin.model import SessionState, SignIn, SupportSession, User
from deskside_admin.rules import AUTO_LOGOUT
from deskside_admin.service import admission, features, signins

NOBODY_THERE = timedelta(minutes=15)
"""After so long without its page a console is closed: its seat is for somebody else."""
CODE_LASTS = timedelta(minutes=10)
"""Waiting for a customer is no idleness for as long as a code lives."""
LATELY = timedelta(days=1)
IDLE, GONE = "signin.ended.idle", "signin.ended.gone"
MOST_AT_ONCE = 200


@frozen
class Use:
    """What a user has done with his console."""

    is_helping: bool = False
    latest: datetime | None = None
    """When his last support ended, or its code died."""


def look(db: Session, now: datetime) -> list[int]:
    """End what has lapsed; return the ids of the sign-ins. A user with a running support is left alone."""
    ended = _over(db, now)
    rows = admission.open_consoles(db, now)
    uses = _uses(db, {row.user_id for row in rows}, now)
    for row in rows:
        use = uses.get(row.user_id, Use())
        if use.is_helping:
            continue
        user = db.get_one(User, row.user_id)
        if why := _why(row, use, idle_limit(db, user), now):
            signins.end(db, row, user, now, why)
            ended.append(row.id)
    return ended


def _over(db: Session, now: datetime) -> list[int]:
    """Note which sign-ins of either kind have lasted their time."""
    wanted = select(SignIn, User).join(User, col(User.id) == col(SignIn.user_id))
    found = list(db.exec(wanted.where(col(SignIn.revoked).is_(None), SignIn.ends <= now).limit(MOST_AT_ONCE)))
    for row, user in found:
        signins.end(db, row, user, now, signins.TIME_OVER)
    return [row.id for row, _ in found]


def idle_limit(db: Session, user: User) -> timedelta | None:
    """Return after how long without a support a user is signed out, None for never."""
    followed = features.followed(db, AUTO_LOGOUT, user)
    return None if followed is None else timedelta(minutes=int(followed["minutes"]))


def _why(row: SignIn, use: Use, limit: timedelta | None, now: datetime) -> str:
    # A clock that was set back gives negative times: then nothing lapses.
    since = max(row.created, use.latest or row.created)
    if limit is not None and now - since >= limit:
        return IDLE
    return GONE if now - max(row.last_seen, since) >= NOBODY_THERE else ""


def _uses(db: Session, users: Iterable[int], now: datetime) -> Mapping[int, Use]:
    waiting = col(SupportSession.state) == SessionState.WAITING
    of_users = col(SupportSession.user_id).in_(list(users))
    running = select(SupportSession.user_id).where(
        of_users, col(SupportSession.state).not_in([SessionState.WAITING, SessionState.ENDED])
    )
    helping = set(db.exec(running))
    lately = col(SupportSession.opened) > now - LATELY
    ended = select(SupportSession.user_id, func.max(SupportSession.ended)).where(of_users, lately, ~waiting)
    rows = db.exec(ended.group_by(col(SupportSession.user_id)))
    latest = {user: moment for user, moment in rows if moment is not None}
    opened = select(SupportSession.user_id, func.max(SupportSession.opened)).where(of_users, waiting)
    for user, moment in db.exec(opened.group_by(col(SupportSession.user_id))):
        dies = moment + CODE_LASTS
        latest[user] = max(dies, latest.get(user, dies))
    return {user: Use(user in helping, latest.get(user)) for user in {*helping, *latest}}
