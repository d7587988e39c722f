"""User accounts: adding, finding, changing, passwords, activity."""

from datetime import datetime

from attrs import frozen
from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from deskside_admin.model import Company, User, UserRole
from deskside_admin.service import changes, licences, passwords, signins, versions
from deskside_admin.service.details import Details, problems
from deskside_admin.service.entries import bad_login_name, tidy_login_name
from deskside_admin.service.outcome import Problem, Refused, gathered, refused

KEPT = (
    "name",
    "family_name",
    "given_name",
    "reading",
    "chat_name",
    "role",
    "group_id",
    "telephone",
    "mobile",
    "mail",
    "wants_mail",
    "icon",
    "nickname",
    "position",
)

__all__ = [
    "Added",
    "Details",
    "active_count",
    "add",
    "change",
    "find",
    "give_password",
    "reset_password",
    "set_active",
]


@frozen
class Added:
    """A new user and his first password, which is kept nowhere else."""

    user: User
    password: str


def add(
    db: Session, company_id: int, login_name: str, details: Details, now: datetime, by: User | None = None
) -> Added | Refused:
    """Add a user with a generated password that must be changed at the first sign-in."""
    login_name, details = tidy_login_name(login_name), details.tidied()
    user = User(
        company_id=company_id,
        group_id=details.group_id,
        login_name=login_name,
        name="",
        chat_name="",
        role="",
        password_hash="",
        password_due=True,
        active=True,
        created=now,
    )
    if no := gathered([bad_login_name(login_name), *problems(db, user, details, by)]):
        return no
    if no := _no_seat(db, company_id, details.role, now):
        return no
    _fill(user, details)
    password = passwords.generated()
    passwords.give(user, password, now, due=True)
    try:
        with db.begin_nested():
            db.add(user)
    except IntegrityError:
        return refused("users.login_name_taken", "login_name", login_name=login_name)
    return Added(user, password)


def find(db: Session, company_id: int, user_id: int) -> User | None:
    """Return a user of this company."""
    user = db.get(User, user_id)
    return user if user and user.company_id == company_id else None


def change(
    db: Session, user: User, details: Details, version: int, now: datetime, by: User | None = None
) -> User | Refused:
    """Change what is known about a user; the login name never changes."""
    details = details.tidied()
    if no := gathered(problems(db, user, details, by)):
        return no
    if details.role != UserRole.ADMIN and _is_last_administrator(db, user):
        return refused("users.last_administrator", "role")
    takes_seat = user.active and user.role == UserRole.SYSTEM and details.role != UserRole.SYSTEM
    if takes_seat and (no := _no_seat(db, user.company_id, details.role, now, "role")):
        return no
    if no := versions.claim(db, user, version):
        return no
    _fill(user, details)
    changes.note(db, user.company_id)
    db.flush()
    return user


def set_active(db: Session, user: User, *, active: bool, now: datetime) -> User | Refused:
    """Let a user in again, or stop him and end his sign-ins."""
    if not active and _is_last_administrator(db, user):
        return refused("users.last_administrator")
    if active and not user.active and (no := _no_seat(db, user.company_id, user.role, now)):
        return no
    user.active = active
    if not active:
        signins.revoke_all(db, user.id, now, why="signin.ended.stopped")
    changes.note(db, user.company_id)
    db.flush()
    return user


def reset_password(db: Session, user: User, now: datetime) -> str:
    """Give a user a generated password, to be changed at the next sign-in, and end his sign-ins."""
    password = passwords.generated()
    passwords.give(user, password, now, due=True)
    signins.revoke_all(db, user.id, now, why="signin.ended.password")
    db.flush()
    return password


def give_password(db: Session, user: User, password: str, repeated: str, now: datetime) -> User | Refused:
    """Give a user a chosen password, to be changed at the next sign-in, and end his sign-ins."""
    level = db.get_one(Company, user.company_id).password_level
    differs = Problem("entry.not_equal", "repeated") if password != repeated else None
    if no := gathered([*passwords.problems(password, level), differs]):
        return no
    passwords.give(user, password, now, due=True)
    signins.revoke_all(db, user.id, now, why="signin.ended.password")
    db.flush()
    return user


def active_count(db: Session, company_id: int) -> int:
    """Return how many users of a company may sign in."""
    return db.exec(select(func.count(col(User.id))).where(User.company_id == company_id, User.active)).one()


def _fill(user: User, details: Details) -> None:
    for name in KEPT:
        setattr(user, name, getattr(details, name))


def _no_seat(db: Session, company_id: int, role: str, now: datetime, entry: str = "") -> Refused | None:
    if role == UserRole.SYSTEM:
        return None
    no = licences.may_activate(db, company_id, now)
    return Refused((Problem(no.reason, entry, no.problems[0].values),)) if no else None


def _is_last_administrator(db: Session, user: User) -> bool:
    if user.role != UserRole.ADMIN or not user.active:
        return False
    others = select(User.id).where(
        User.company_id == user.company_id, User.role == UserRole.ADMIN, User.active, User.id != user.id
    )
    return db.exec(others.limit(1)).first() is None
