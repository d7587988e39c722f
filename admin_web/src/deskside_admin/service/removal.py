"""Deleting a stopped user for good, with every row that is known of him."""

from attrs import frozen
from sqlalchemy import ColumnElement, Table, and_, delete, func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from deskside_admin.model import AuditEvent, Row, SessionState, SignInRecord, SupportSession, User
from deskside_admin.service import changes, retention
from deskside_admin.service.entries import tidy_login_name
from deskside_admin.service.outcome import Refused, refused


@frozen(kw_only=True)
class Belongings:
    """How much goes with a user."""

    supports: int
    events: int
    sign_ins: int


def belongings(db: Session, user: User) -> Belongings:
    """Count what would be deleted."""
    supports = select(func.count()).select_from(SupportSession).where(SupportSession.user_id == user.id)
    events = select(func.count()).select_from(AuditEvent).where(col(AuditEvent.session).in_(_sessions(user)))
    sign_ins = select(func.count()).select_from(SignInRecord).where(_records(user))
    return Belongings(
        supports=db.exec(supports).one(), events=db.exec(events).one(), sign_ins=db.exec(sign_ins).one()
    )


def delete_for_good(db: Session, user: User, typed_login_name: str) -> Refused | None:
    """Delete a stopped user whose login name was typed once more, and every row about him."""
    if user.active:
        return refused("users.stop_first")
    if tidy_login_name(typed_login_name) != user.login_name:
        return refused("users.type_login_name", "login_name", login_name=user.login_name)
    live = select(SupportSession.number).where(
        SupportSession.user_id == user.id, SupportSession.state != SessionState.ENDED
    )
    if (number := db.exec(live.limit(1)).first()) is not None:
        return refused("users.still_helping", number=number)
    db.exec(delete(SignInRecord).where(_records(user)))
    retention.erase(db, _sessions(user))
    for table in reversed(Row.metadata.sorted_tables):
        if (his := _his(table, user)) is not None:
            db.execute(delete(table).where(his))
    changes.note(db, user.company_id)
    db.delete(user)
    db.flush()
    return None


def _his(table: Table, user: User) -> ColumnElement[bool] | None:
    """Return which rows of a table are this user's own, if it has such rows."""
    for key in table.foreign_keys:
        if key.target_fullname == "user_account.id" and key.parent.name == "user_id":
            return key.parent == user.id
    return None


def _sessions(user: User) -> SelectOfScalar[str]:
    return select(SupportSession.id).where(SupportSession.user_id == user.id)


def _records(user: User) -> ColumnElement[bool]:
    """Return his sign-ins, and attempts on his login name that were nobody's."""
    of_name = and_(col(SignInRecord.user_id).is_(None), col(SignInRecord.login_name) == user.login_name)
    own = or_(col(SignInRecord.user_id) == user.id, of_name)
    return and_(own, col(SignInRecord.company_id) == user.company_id)
