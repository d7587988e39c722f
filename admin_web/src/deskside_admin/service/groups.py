"""Groups of a company, in the order that its administrators give them."""

from collections.abc import Sequence

from attrs import frozen
from sqlalchemy import delete, func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from deskside_admin.model import FeaturePolicy, Group, OptionValue, User
from deskside_admin.service import versions
from deskside_admin.service.entries import bad_line, bad_name, tidy
from deskside_admin.service.outcome import Problem, Refused, gathered, refused

EXTERNAL_ID_LENGTH = 64
ORDER = (col(Group.place), col(Group.name), col(Group.id))


@frozen
class GroupSummary:
    """A group in a list, with how many active users it has."""

    id: int
    name: str
    users: int


def create(db: Session, company_id: int, name: str) -> Group | Refused:
    """Add a group at the end; its features are as their declarations say until someone changes them."""
    last = db.exec(select(func.max(Group.place)).where(Group.company_id == company_id)).one()
    return _keep(db, Group(company_id=company_id, name="", place=(last or 0) + 1), name, "")


def change(db: Session, group: Group, name: str, external_id: str, version: int) -> Group | Refused:
    """Give a group another name and what the company's own systems call it."""
    return _keep(db, group, name, external_id, version)


def find(db: Session, company_id: int, group_id: int) -> Group | None:
    """Return a group of this company."""
    group = db.get(Group, group_id)
    return group if group and group.company_id == company_id else None


def summaries(
    db: Session, company_id: int, words: str = "", *, only: int | None = None
) -> list[GroupSummary]:
    """Return the company's groups in their order, those whose name contains `words`."""
    active = func.count(col(User.id)).filter(col(User.active))
    wanted = (
        select(Group.id, Group.name, active)
        .join(User, col(User.group_id) == col(Group.id), isouter=True)
        .where(Group.company_id == company_id, col(Group.name).icontains(tidy(words), autoescape=True))
        .group_by(col(Group.id), col(Group.name), col(Group.place))
        .order_by(*ORDER)
    )
    if only is not None:
        wanted = wanted.where(Group.id == only)
    return [GroupSummary(*row) for row in db.exec(wanted)]


def arrange(db: Session, company_id: int, ids: Sequence[int]) -> Refused | None:
    """Put the company's groups into this order; it must name each of them once."""
    groups = {group.id: group for group in _ordered(db, company_id)}
    if sorted(ids) != sorted(groups):
        return refused("conflict.changed")
    for place, group_id in enumerate(ids, 1):
        groups[group_id].place = place
    db.flush()
    return None


def move(db: Session, group: Group, *, up: bool) -> None:
    """Let a group change places with the one before it or after it; at the end it stays."""
    ids = [one.id for one in _ordered(db, group.company_id)]
    here = ids.index(group.id)
    there = here - 1 if up else here + 1
    if 0 <= there < len(ids):
        ids[here], ids[there] = ids[there], ids[here]
    arrange(db, group.company_id, ids)


def delete_empty(db: Session, group: Group) -> Refused | None:
    """Delete a group that nobody is in, stopped users included."""
    if db.exec(select(User.id).where(User.group_id == group.id).limit(1)).first() is not None:
        return refused("groups.not_empty")
    for table in (FeaturePolicy, OptionValue):
        db.exec(delete(table).where(col(table.group_id) == group.id))
    db.delete(group)
    db.flush()
    return None


def people(db: Session, group: Group) -> int:
    """Return how many users are in a group, stopped ones included."""
    return db.exec(select(func.count(col(User.id))).where(User.group_id == group.id)).one()


def active_users(db: Session, group: Group) -> int:
    """Return how many people a change in this group concerns."""
    return db.exec(select(func.count(col(User.id))).where(User.group_id == group.id, User.active)).one()


def active_users_of_company(db: Session, company_id: int) -> int:
    """Return how many people a change for the whole company concerns."""
    return db.exec(select(func.count(col(User.id))).where(User.company_id == company_id, User.active)).one()


def _ordered(db: Session, company_id: int) -> list[Group]:
    return list(db.exec(select(Group).where(Group.company_id == company_id).order_by(*ORDER)))


def _keep(
    db: Session, group: Group, name: str, external_id: str, version: int | None = None
) -> Group | Refused:
    name, external_id = tidy(name), tidy(external_id)
    bad = [bad_name(name, "name"), bad_line(external_id, "external_id", EXTERNAL_ID_LENGTH)]
    if no := gathered(bad) or _taken(db, group, external_id):
        return no
    if version is not None and (no := versions.claim(db, group, version)):
        return no
    try:
        with db.begin_nested():
            group.name, group.external_id = name, external_id
            db.add(group)
    except IntegrityError:
        return refused("groups.name_taken", "name", name=name)
    return group


def _taken(db: Session, group: Group, external_id: str) -> Refused | None:
    """Refuse an external ID that would lead another system to two groups."""
    same = select(Group.name).where(
        Group.company_id == group.company_id, Group.external_id == external_id, Group.id != group.id
    )
    other = db.exec(same).first() if external_id else None
    problem = Problem("groups.external_id_taken", "external_id", {"name": other})
    return Refused((problem,)) if other is not None else None
