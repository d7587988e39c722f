"""How long supports are kept: a company's months, or not beyond their end."""

import calendar
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from deskside_admin.model import Company, Row, SessionState, SupportSession
from deskside_admin.service import sign_in_history

LAST_WORDS = timedelta(minutes=1)
"""What both sides still report of a support that has just ended has somewhere to go for so long."""
AT_ONCE = 500


def tidy(db: Session, now: datetime) -> int:
    """Erase supports that no company keeps any more, some at a time; return how many there were."""
    found = [one for company in db.exec(select(Company)).all() for one in _over(db, company, now)][:AT_ONCE]
    if found:
        erase(db, select(SupportSession.id).where(col(SupportSession.id).in_(found)))
    return len(found)


def tidy_sign_ins(db: Session, now: datetime) -> None:
    """Forget entries of the sign-in history that no company keeps any more."""
    for company_id in db.exec(select(Company.id)).all():
        sign_in_history.forget_old(db, company_id, now)


def erase(db: Session, chosen: SelectOfScalar[str]) -> None:
    """Delete supports with every row that belongs to one of them."""
    for table in reversed(Row.metadata.sorted_tables):
        for key in table.foreign_keys:
            if key.target_fullname == "support_session.id":
                db.execute(delete(table).where(key.parent.in_(chosen)))
    # Which ones they are must be known before the first of them is gone.
    ids = db.exec(chosen).all()
    db.exec(delete(SupportSession).where(col(SupportSession.id).in_(ids)))
    db.flush()


def months_before(now: datetime, months: int) -> datetime:
    """Return the same moment so many months earlier, or the last day that month has. Pure."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return now.replace(year=year, month=month + 1, day=min(now.day, last))


def _over(db: Session, company: Company, now: datetime) -> list[str]:
    oldest = months_before(now, company.keep_months) if company.keep_history else now - LAST_WORDS
    wanted = select(SupportSession.id).where(
        SupportSession.company_id == company.id,
        SupportSession.state == SessionState.ENDED,
        # What ended before a moment was opened before it: this is what the index knows.
        SupportSession.opened < oldest,
        col(SupportSession.ended) < oldest,
    )
    return list(db.exec(wanted.order_by(col(SupportSession.opened)).limit(AT_ONCE)))
