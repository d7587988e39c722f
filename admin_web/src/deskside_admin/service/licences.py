"""The licence in force for a company, and what it allows: supports, features, and largest numbers."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from deskside.catalogue import Catalogue
from deskside.errors import BadSignature
from deskside.grants import Refusal
from deskside.licence import Licence, not_sold, read_unchecked
from deskside_admin.model import Company, LicenceKind, LicenceRow, User, UserRole
from deskside_admin.service import seating
from deskside_admin.service.outcome import Refused, refused
from deskside_admin.service.seating import Seats

TRIAL_LASTS = timedelta(days=30)
TRIAL_SEATS = 2


def start_trial(db: Session, now: datetime) -> None:
    """Begin the trial at the first start; later starts change nothing."""
    if db.exec(select(LicenceRow.id).where(LicenceRow.kind == LicenceKind.TRIAL)).first() is None:
        row = LicenceRow(
            id=f"trial-{secrets.token_hex(8)}",
            kind=LicenceKind.TRIAL,
            token="",
            seats=TRIAL_SEATS,
            concurrent=True,
            starts=now,
            ends=now + TRIAL_LASTS,
            installed=now,
        )
        db.add(row)
        db.flush()


def in_force(db: Session, company_id: int) -> LicenceRow | None:
    """Return the company's sold licence, else the server's trial.

    The one that the settings name belongs to the first company, until it has one of its own.
    """
    sold = select(LicenceRow).where(LicenceRow.kind == LicenceKind.SOLD, col(LicenceRow.replaced).is_(None))
    if own := db.exec(sold.where(LicenceRow.company_id == company_id)).first():
        return own
    first = db.exec(select(func.min(Company.id))).one()
    of_settings = db.exec(sold.where(col(LicenceRow.company_id).is_(None))).first()
    if of_settings is not None and first in (None, company_id):
        return of_settings
    return db.exec(select(LicenceRow).where(LicenceRow.kind == LicenceKind.TRIAL)).first()


def has_ended(row: LicenceRow, now: datetime) -> bool:
    """Tell whether a licence no longer stands."""
    return now >= row.ends


def why_not(row: LicenceRow | None, now: datetime) -> str:
    """Return the text key of the reason why nothing can begin under a licence, empty if it can."""
    if row is None or has_ended(row, now):
        return "refused.licence.expired"
    if row.revoked is not None:
        return "refused.licence.revoked"
    return "refused.licence.early" if now < row.starts else ""


def seats(db: Session, company_id: int, now: datetime) -> Seats:
    """Return how many seats a company has, and how many are taken."""
    return seating.count(db, in_force(db, company_id), company_id, now)


def take_seat(db: Session, user: User, now: datetime) -> Refused | None:
    """Say why a user gets no seat for a console sign-in, if he gets none.

    Otherwise open the sign-in with `has_seat` before the transaction ends: until then no other sign-in
    of the company is counted. A user who has a seat already takes no second one.
    """
    seating.one_at_a_time(db, user.company_id)
    row = in_force(db, user.company_id)
    if row is not None and row.revoked is not None:
        return refused("refused.licence.revoked")
    return _no_service(user) or seating.no_seat(db, row, user, now)


def may_activate(db: Session, company_id: int, now: datetime) -> Refused | None:
    """Say why a company cannot have one more active user who takes a seat, if it cannot."""
    seating.one_at_a_time(db, company_id)
    found = seats(db, company_id, now)
    if found.concurrent or found.free > 0:
        return None
    return refused("licence.all_seats_taken", seats=found.total)


def may_support(db: Session, user: User, now: datetime) -> Refused | None:
    """Say why a user cannot open another session, if he cannot.

    Whoever had signed in before a smaller licence came finds out here: no more agents than seats are
    in touch with customers at the same moment.
    """
    row = in_force(db, user.company_id)
    if no := why_not(row, now):
        return refused(no)
    return _no_service(user) or seating.no_seat_to_serve(db, row, user)


def content(row: LicenceRow | None) -> Licence | None:
    """Return what a sold licence says; checked when it was installed, and again by each host."""
    if row is None or row.kind != LicenceKind.SOLD:
        return None
    try:
        return read_unchecked(row.token)
    except BadSignature:
        return None


def missing(db: Session, company_id: int, catalogue: Catalogue, now: datetime) -> Mapping[str, Refusal]:
    """Return each declared feature that the company's licence does not contain, with the reason to show.

    A licence that is over still shows what it contained: `why_not` tells the rest.
    """
    del now
    row = in_force(db, company_id)
    if row is None or row.kind == LicenceKind.TRIAL:
        return {}
    sold = content(row)
    return {
        key: not_sold(sold)
        for key, feature in catalogue.features.items()
        if not feature.is_rule and (sold is None or key not in sold.features)
    }


def caps(db: Session, company_id: int) -> Mapping[str, int]:
    """Return the largest number in force of options that the licence limits, by `<feature>.<option>`."""
    sold = content(in_force(db, company_id))
    return sold.caps if sold else {}


def _no_service(user: User) -> Refused | None:
    return refused("refused.role.system") if user.role == UserRole.SYSTEM else None
