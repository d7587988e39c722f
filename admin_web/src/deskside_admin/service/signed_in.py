"""Who is signed in right now, for whoever manages them."""

from datetime import datetime

from attrs import frozen
from sqlalchemy import or_
from sqlmodel import Session, col, select

from deskside_admin.model import Group, SessionState, SignIn, SupportSession, User
from deskside_admin.service.entries import tidy
from deskside_admin.service.scope import Scope

BUSY = (SessionState.CONNECTING, SessionState.AGREEING, SessionState.ACTIVE, SessionState.SUSPENDED)


@frozen
class Entry:
    """One open sign-in."""

    sign_in: SignIn
    user: User
    group: str


def search(
    db: Session, scope: Scope, now: datetime, words: str = "", after: int = 0, most: int = 50
) -> list[Entry]:
    """Return open sign-ins, the latest first, from below a given one."""
    query = (
        select(SignIn, User, Group.name)
        .join(User, col(User.id) == col(SignIn.user_id))
        .join(Group, col(Group.id) == col(User.group_id))
        .where(*scope.conditions())
        .where(col(SignIn.revoked).is_(None), SignIn.ends > now, User.active)
        .order_by(col(SignIn.id).desc())
        .limit(most)
    )
    if after:
        query = query.where(SignIn.id < after)
    if found := tidy(words):
        texts = (col(User.login_name), col(User.name), col(SignIn.address), col(Group.name))
        query = query.where(or_(*(text.icontains(found, autoescape=True) for text in texts)))
    return [Entry(*row) for row in db.exec(query)]


def find(db: Session, scope: Scope, sign_in_id: int, now: datetime) -> Entry | None:
    """Return one open sign-in, if it is among those somebody may see."""
    row = db.get(SignIn, sign_in_id)
    user = db.get(User, row.user_id) if row is not None else None
    if row is None or user is None or row.revoked is not None or row.ends <= now or not scope.holds(user):
        return None
    return Entry(row, user, db.get_one(Group, user.group_id).name)


def busy(db: Session, scope: Scope) -> set[int]:
    """Return who is in touch with a customer."""
    query = (
        select(SupportSession.user_id)
        .join(User, col(User.id) == col(SupportSession.user_id))
        .where(*scope.conditions(), col(SupportSession.state).in_(BUSY))
    )
    return set(db.exec(query))
