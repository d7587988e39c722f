"""What agents send about the product: kept, bounded, and told to the vendor by mail where that is set up."""

import unicodedata
from datetime import datetime, timedelta

from attrs import frozen
from sqlalchemy import delete, func, or_
from sqlmodel import Session, col, select

from deskside_admin import rules
from deskside_admin.model import Company, Feedback, User
from deskside_admin.model.feedback import LONGEST
from deskside_admin.service import features
from deskside_admin.service.entries import UNSHOWN, tidy
from deskside_admin.service.mail import Letter
from deskside_admin.service.outcome import Refused, refused

AN_HOUR = timedelta(hours=1)
MOST_IN_AN_HOUR = 10
MOST_OF_ONE = 500
"""How many of one person are kept; the oldest go first."""


@frozen
class Message:
    """One message with the people it belongs to."""

    row: Feedback
    user: User
    company: Company


def may_send(db: Session, user: User) -> bool:
    """Tell whether the user's group wants to hear from him."""
    return features.followed(db, rules.FEEDBACK, user) is not None


def send(db: Session, user: User, text: str, now: datetime) -> Message | Refused:
    """Keep what an agent says."""
    shown = shown_text(text)
    if not may_send(db, user):
        return refused("refused.feedback.off")
    if not shown:
        return refused("refused.feedback.empty")
    if len(shown) > LONGEST:
        return refused("refused.feedback.long", most=LONGEST)
    if _in_the_last_hour(db, user, now) >= MOST_IN_AN_HOUR:
        return refused("refused.feedback.many", most=MOST_IN_AN_HOUR)
    row = Feedback(company_id=user.company_id, user_id=user.id, at=now, text=shown)
    db.add(row)
    db.flush()
    _forget_old(db, user)
    return Message(row, user, db.get_one(Company, user.company_id))


def search(
    db: Session, company_id: int | None, words: str = "", after: int = 0, most: int = 50
) -> list[Message]:
    """Return messages, the latest first, from below a given one: of one company, or of all."""
    query = (
        select(Feedback, User, Company)
        .join(User, col(User.id) == col(Feedback.user_id))
        .join(Company, col(Company.id) == col(Feedback.company_id))
        .order_by(col(Feedback.id).desc())
        .limit(most)
    )
    if company_id is not None:
        query = query.where(Feedback.company_id == company_id)
    if after:
        query = query.where(Feedback.id < after)
    if found := tidy(words):
        texts = (col(Feedback.text), col(User.name), col(User.login_name), col(Company.name))
        query = query.where(or_(*(text.icontains(found, autoescape=True) for text in texts)))
    return [Message(*row) for row in db.exec(query)]


def letter(message: Message, to: str) -> Letter:
    """Return the mail that tells of a message; its readers are the vendor's people, so it is in English."""
    who = f"{message.user.name} ({message.user.login_name}), {message.company.name} ({message.company.id})"
    text = f"{who}\n{message.row.at:%Y-%m-%d %H:%M} UTC\n\n{message.row.text}\n"
    return Letter(to=to, subject=f"Feedback from {message.company.name}", text=text)


def shown_text(text: str) -> str:
    """Return a text of several lines without what moves a cursor or turns the reading direction. Pure."""
    kept = (
        one if one == "\n" or unicodedata.category(one) not in UNSHOWN else " "
        for one in tidy(text.replace("\r\n", "\n"))
    )
    return "".join(kept).strip()


def _in_the_last_hour(db: Session, user: User, now: datetime) -> int:
    # Whatever lies ahead counts too: a clock that was set back gives nobody more.
    wanted = select(func.count()).select_from(Feedback)
    return db.exec(wanted.where(Feedback.user_id == user.id, Feedback.at > now - AN_HOUR)).one()


def _forget_old(db: Session, user: User) -> None:
    kept = (
        select(Feedback.id)
        .where(Feedback.user_id == user.id)
        .order_by(col(Feedback.id).desc())
        .limit(MOST_OF_ONE)
    )
    ids = list(db.exec(kept))
    if len(ids) == MOST_OF_ONE:
        db.exec(delete(Feedback).where(col(Feedback.user_id) == user.id, col(Feedback.id) < ids[-1]))
