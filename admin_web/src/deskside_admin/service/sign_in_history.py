"""Who came, who left, who was refused and why: written at each sign-in, searched, read by key."""

from datetime import datetime, timedelta

from attrs import field, frozen
from sqlalchemy import and_, delete, or_
from sqlmodel import Session, col, select

from deskside_admin.model import Company, SignInRecord, User
from deskside_admin.service.entries import tidy
from deskside_admin.service.scope import Scope

IN, OUT, REFUSED = "in", "out", "refused"
WHATS = (IN, OUT, REFUSED)
TIDIED_EVERY = 200
MONTH = timedelta(days=31)


@frozen(kw_only=True)
class Visit:
    """One sign-in, sign-out or refusal to be noted."""

    company_id: int
    user_id: int | None
    login_name: str
    kind: str
    address: str

    @classmethod
    def of(cls, user: User, kind: str, address: str) -> "Visit":
        """Return one of a known user."""
        return cls(
            company_id=user.company_id,
            user_id=user.id,
            login_name=user.login_name,
            kind=kind,
            address=address,
        )


@frozen(kw_only=True)
class Wanted:
    """What a reader looks for."""

    words: str = ""
    what: str = ""
    kind: str = ""
    first: datetime | None = None
    """From this moment on."""
    until: datetime | None = None
    """Before this moment."""
    after: int = 0
    """The last entry of the page before."""


@frozen
class Entry:
    """An entry with the person, where the name belongs to one."""

    record: SignInRecord
    user: User | None = field(default=None)


def note(db: Session, visit: Visit, what: str, now: datetime, reason: str = "") -> None:
    """Keep an entry; what is older than the company keeps goes from time to time."""
    row = SignInRecord(
        company_id=visit.company_id,
        user_id=visit.user_id,
        login_name=visit.login_name[:64],
        kind=visit.kind,
        what=what,
        reason=reason[:40],
        address=visit.address[:64],
        at=now,
    )
    db.add(row)
    db.flush()
    if row.id % TIDIED_EVERY == 0:
        forget_old(db, visit.company_id, now)


def forget_old(db: Session, company_id: int, now: datetime) -> None:
    """Forget what is older than the company keeps."""
    oldest = now - MONTH * db.get_one(Company, company_id).keep_months
    db.exec(
        delete(SignInRecord).where(col(SignInRecord.company_id) == company_id, col(SignInRecord.at) < oldest)
    )


def search(db: Session, scope: Scope, wanted: Wanted, most: int) -> list[Entry]:
    """Return entries, the latest first; names of nobody are for whoever sees the whole company."""
    at, key = col(SignInRecord.at), col(SignInRecord.id)
    query = (
        select(SignInRecord, User)
        .outerjoin(User, col(User.id) == col(SignInRecord.user_id))
        .where(SignInRecord.company_id == scope.company_id)
        .order_by(at.desc(), key.desc())
        .limit(most)
    )
    if scope.group_id is not None or scope.user_id is not None:
        query = query.where(*scope.conditions())
    if wanted.what in WHATS:
        query = query.where(SignInRecord.what == wanted.what)
    if wanted.kind:
        query = query.where(SignInRecord.kind == wanted.kind)
    if wanted.first is not None:
        query = query.where(at >= wanted.first)
    if wanted.until is not None:
        query = query.where(at < wanted.until)
    if words := tidy(wanted.words):
        texts = (col(SignInRecord.login_name), col(User.name), col(SignInRecord.address))
        query = query.where(or_(*(text.icontains(words, autoescape=True) for text in texts)))
    last = db.get(SignInRecord, wanted.after) if wanted.after else None
    if last is not None and last.company_id == scope.company_id:
        query = query.where(or_(at < last.at, and_(at == last.at, key < last.id)))
    return [Entry(*row) for row in db.exec(query)]
