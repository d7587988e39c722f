"""The support history: searched, and read fifty at a time."""

from attrs import frozen
from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from deskside_admin.model import SessionState, SupportSession, User
from deskside_admin.service.entries import tidy
from deskside_admin.service.scope import Scope

SHOWN = ("live", "ended")


@frozen
class Entry:
    """A session with the agent who helped."""

    session: SupportSession
    agent: User


@frozen(kw_only=True)
class Wanted:
    """What a reader looks for."""

    words: str = ""
    shown: str = ""
    """`live`, `ended`, or empty for both."""
    after: str = ""
    """The id of the last session of the page before."""


def search(db: Session, scope: Scope, wanted: Wanted, most: int) -> list[Entry]:
    """Return sessions of the people in scope, the latest first."""
    query = (
        select(SupportSession, User)
        .join(User, col(User.id) == col(SupportSession.user_id))
        .where(SupportSession.company_id == scope.company_id, *scope.conditions())
        .order_by(col(SupportSession.opened).desc(), col(SupportSession.id).desc())
        .limit(most)
    )
    if wanted.shown == "live":
        query = query.where(SupportSession.state != SessionState.ENDED)
    if wanted.shown == "ended":
        query = query.where(SupportSession.state == SessionState.ENDED)
    if words := tidy(wanted.words):
        texts = (
            col(SupportSession.number),
            col(SupportSession.customer_name),
            col(User.name),
            col(User.chat_name),
        )
        query = query.where(or_(*(text.icontains(words, autoescape=True) for text in texts)))
    if last := find(db, scope, wanted.after):
        opened, key = col(SupportSession.opened), col(SupportSession.id)
        moment = last.session.opened
        query = query.where(or_(opened < moment, and_(opened == moment, key < last.session.id)))
    return [Entry(*row) for row in db.exec(query)]


def find(db: Session, scope: Scope, session_id: str) -> Entry | None:
    """Return one session of somebody in scope."""
    row = db.get(SupportSession, session_id) if session_id else None
    if row is None or row.company_id != scope.company_id:
        return None
    agent = db.get_one(User, row.user_id)
    return Entry(row, agent) if scope.holds(agent) else None
