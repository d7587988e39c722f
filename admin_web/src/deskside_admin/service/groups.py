"""Groups of a company."""

from attrs import frozen
from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from deskside_admin.model import Group, User
from deskside_admin.service.entries import bad_name, tidy
from deskside_admin.service.outcome import Refused, refused


@frozen
class GroupSummary:
    """A group in a list, with how many active users it has."""

    id: int
    name: str
    users: int


def create(db: Session, company_id: int, name: str) -> Group | Refused:
    """Add a group; its features are as their declarations say until someone changes them."""
    return _keep(db, Group(company_id=company_id, name=""), name)


def rename(db: Session, group: Group, name: str) -> Group | Refused:
    """Give a group another name."""
    return _keep(db, group, name)


def find(db: Session, company_id: int, group_id: int) -> Group | None:
    """Return a group of this company."""
    group = db.get(Group, group_id)
    return group if group and group.company_id == company_id else None


def summaries(db: Session, company_id: int, words: str = "") -> list[GroupSummary]:
    """Return the company's groups by name, those whose name contains `words`."""
    active = func.count(col(User.id)).filter(col(User.active))
    wanted = (
        select(Group.id, Group.name, active)
        .join(User, col(User.group_id) == col(Group.id), isouter=True)
        .where(Group.company_id == company_id, col(Group.name).icontains(tidy(words), autoescape=True))
        .group_by(col(Group.id), col(Group.name))
        .order_by(Group.name)
    )
    return [GroupSummary(*row) for row in db.exec(wanted)]


def active_users(db: Session, group: Group) -> int:
    """Return how many people a change in this group concerns."""
    return db.exec(select(func.count(col(User.id))).where(User.group_id == group.id, User.active)).one()


def _keep(db: Session, group: Group, name: str) -> Group | Refused:
    tidied = tidy(name)
    if problem := bad_name(tidied, "name"):
        return Refused((problem,))
    try:
        with db.begin_nested():
            group.name = tidied
            db.add(group)
    except IntegrityError:
        return refused("groups.name_taken", "name", name=tidied)
    return group
