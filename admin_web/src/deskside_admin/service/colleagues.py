"""Who else of an agent's group may sign in, and who is there."""

from datetime import datetime

from attrs import frozen
from sqlmodel import Session, col, select

from deskside_admin.model import SignIn, SignInKind, User, UserRole
from deskside_admin.rules import USER_STATUS
from deskside_admin.service import features, presence
from deskside_admin.service.presence import Presence

MOST = 200


@frozen
class Colleague:
    """One user of the group."""

    name: str
    presence: Presence

    @property
    def is_signed_in(self) -> bool:
        """Tell whether he has signed in, there or away."""
        return self.presence is not Presence.OFFLINE


def of(db: Session, user: User, now: datetime) -> list[Colleague] | None:
    """Return the others of a user's group by name, or None where his group does not show them."""
    if features.followed(db, USER_STATUS, user) is None:
        return None
    here = (
        select(SignIn.user_id, SignIn.away)
        .join(User, col(User.id) == col(SignIn.user_id))
        .where(User.group_id == user.group_id, SignIn.kind == SignInKind.CONSOLE)
        .where(col(SignIn.revoked).is_(None), SignIn.ends > now)
    )
    away: dict[int, list[bool]] = {}
    for user_id, is_away in db.exec(here):
        away.setdefault(user_id, []).append(is_away)
    others = select(User).where(
        User.group_id == user.group_id, User.id != user.id, User.active, User.role != UserRole.SYSTEM
    )
    rows = db.exec(others.order_by(col(User.name), col(User.id)).limit(MOST))
    return [Colleague(row.name, presence.of(away.get(row.id, []))) for row in rows]
