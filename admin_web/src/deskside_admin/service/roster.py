"""Users in lists: by group in the groups' order, or those who are stopped."""

from sqlalchemy import ColumnElement, or_, tuple_
from sqlmodel import Session, col, select

from deskside_admin.model import Group, User
from deskside_admin.service.entries import tidy
from deskside_admin.service.scope import Scope

KEY = (col(Group.place), col(Group.name), col(Group.id), col(User.login_name))


def search(
    db: Session, scope: Scope, words: str = "", *, active: bool = True, after: int = 0, most: int = 50
) -> list[User]:
    """Return active or stopped users whose names contain `words`, beginning after the user of an id."""
    texts = (User.login_name, User.name, User.chat_name, User.reading)
    wanted = (
        select(User)
        .join(Group, col(Group.id) == col(User.group_id))
        .where(*scope.conditions(), col(User.active) == active)
        .where(or_(*(col(text).icontains(tidy(words), autoescape=True) for text in texts)))
        .order_by(*KEY)
        .limit(most)
    )
    if (rest := _after(db, scope, after)) is not None:
        wanted = wanted.where(rest)
    return list(db.exec(wanted))


def _after(db: Session, scope: Scope, user_id: int) -> ColumnElement[bool] | None:
    user = db.get(User, user_id) if user_id else None
    if user is None or not scope.holds(user):
        return None
    group = db.get_one(Group, user.group_id)
    return tuple_(*KEY) > tuple_(group.place, group.name, group.id, user.login_name)
