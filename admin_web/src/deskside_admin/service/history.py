"""The support history: searched, and read fifty at a time."""

from attrs import frozen
from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from deskside_admin.model import SessionState, SupportSession, User, UserRole
from deskside_admin.service.entries import tidy

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


def search(db: Session, reader: User, wanted: Wanted, most: int) -> list[Entry]:
    """Return sessions, the latest first: an agent's own, an administrator's company's."""
    query = (
        select(SupportSession, User)
        .join(User, col(User.id) == col(SupportSession.user_id))
        .where(SupportSession.company_id == reader.company_id)
        .order_by(col(SupportSession.opened).desc(), col(SupportSession.id).desc())
        .limit(most)
    )
    if reader.role != UserRole.ADMIN:
        query = query.where(SupportSession.user_id == reader.id)
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
    if last := find(db, reader, wanted.after):
        opened, key = col(SupportSession.opened), col(SupportSession.id)
        moment = last.session.opened
        query = query.where(or_(opened < moment, and_(opened == moment, key < last.session.id)))
    return [Entry(*row) for row in db.exec(query)]


def find(db: Session, reader: User, session_id: str) -> Entry | None:
    """Return one session, if this reader may see it."""
    row = db.get(SupportSession, session_id) if session_id else None
    if row is None or row.company_id != reader.company_id:
        return None
    if reader.role != UserRole.ADMIN and row.user_id != reader.id:
        return None
    return Entry(row, db.get_one(User, row.user_id))
