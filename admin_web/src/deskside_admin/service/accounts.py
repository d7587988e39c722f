"""User accounts: adding, finding, changing, passwords, activity."""

from datetime import datetime

from attrs import frozen
from sqlalchemy import func, or_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from deskside_admin.model import User, UserRole
from deskside_admin.service import changes, groups, passwords, signins
from deskside_admin.service.entries import bad_login_name, bad_name, tidy, tidy_login_name
from deskside_admin.service.outcome import Problem, Refused, gathered, refused


@frozen(kw_only=True)
class Details:
    """What an administrator enters about a user."""

    name: str
    chat_name: str = ""
    role: str
    group_id: int


@frozen
class Added:
    """A new user and his first password, which is kept nowhere else."""

    user: User
    password: str


def add(db: Session, company_id: int, login_name: str, details: Details, now: datetime) -> Added | Refused:
    """Add a user with a generated password that must be changed at the first sign-in."""
    login_name = tidy_login_name(login_name)
    if no := gathered([bad_login_name(login_name), *_problems(db, company_id, details)]):
        return no
    password = passwords.generated()
    user = User(
        company_id=company_id,
        group_id=details.group_id,
        login_name=login_name,
        name=tidy(details.name),
        chat_name=tidy(details.chat_name),
        role=details.role,
        password_hash=passwords.hashed(password),
        password_due=True,
        active=True,
        created=now,
    )
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


def change(db: Session, user: User, details: Details) -> User | Refused:
    """Change name, chat name, role and group; the login name never changes."""
    if no := gathered(_problems(db, user.company_id, details)):
        return no
    if details.role != UserRole.ADMIN and _is_last_administrator(db, user):
        return refused("users.last_administrator", "role")
    user.name, user.chat_name = tidy(details.name), tidy(details.chat_name)
    user.role, user.group_id = details.role, details.group_id
    changes.note(db, user.company_id)
    db.flush()
    return user


def set_active(db: Session, user: User, *, active: bool, now: datetime) -> User | Refused:
    """Let a user in again, or stop him and end his sign-ins."""
    if not active and _is_last_administrator(db, user):
        return refused("users.last_administrator")
    user.active = active
    if not active:
        signins.revoke_all(db, user.id, now)
    changes.note(db, user.company_id)
    db.flush()
    return user


def reset_password(db: Session, user: User, now: datetime) -> str:
    """Give a user a generated password, to be changed at the next sign-in, and end his sign-ins."""
    password = passwords.generated()
    user.password_hash, user.password_due = passwords.hashed(password), True
    signins.revoke_all(db, user.id, now)
    db.flush()
    return password


def change_password(db: Session, user: User, old: str, new: str) -> User | Refused:
    """Let a user replace his own password."""
    wrong = None if passwords.verify(user.password_hash, old) else Problem("entry.password_wrong", "old")
    same = Problem("entry.password_same", "new") if old == new else None
    if no := gathered([wrong, passwords.bad_password(new, "new") or same]):
        return no
    user.password_hash, user.password_due = passwords.hashed(new), False
    db.flush()
    return user


def search(
    db: Session,
    company_id: int,
    words: str = "",
    *,
    group_id: int | None = None,
    after: str = "",
    most: int = 50,
) -> list[User]:
    """Return users by login name, beginning after a given one, whose names contain `words`."""
    texts = (col(User.login_name), col(User.name), col(User.chat_name))
    wanted = (
        select(User)
        .where(User.company_id == company_id, col(User.login_name) > after)
        .where(or_(*(text.icontains(tidy(words), autoescape=True) for text in texts)))
        .order_by(User.login_name)
        .limit(most)
    )
    if group_id is not None:
        wanted = wanted.where(User.group_id == group_id)
    return list(db.exec(wanted))


def active_count(db: Session, company_id: int) -> int:
    """Return how many users of a company may sign in."""
    return db.exec(select(func.count(col(User.id))).where(User.company_id == company_id, User.active)).one()


def _problems(db: Session, company_id: int, details: Details) -> list[Problem | None]:
    known_role = details.role in set(UserRole)
    known_group = groups.find(db, company_id, details.group_id) is not None
    return [
        bad_name(tidy(details.name), "name"),
        bad_name(tidy(details.chat_name), "chat_name", optional=True),
        None if known_role else Problem("entry.choose", "role"),
        None if known_group else Problem("entry.choose", "group_id"),
    ]


def _is_last_administrator(db: Session, user: User) -> bool:
    if user.role != UserRole.ADMIN or not user.active:
        return False
    others = select(User.id).where(
        User.company_id == user.company_id, User.role == UserRole.ADMIN, User.active, User.id != user.id
    )
    return db.exec(others.limit(1)).first() is None
