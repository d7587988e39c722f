"""Putting licences in force: from the settings, or by the operator in the panel."""

from datetime import UTC, datetime

from attrs import frozen
from sqlmodel import Session, col, select

from deskside.errors import BadDocument
from deskside.licence import Licence, signed_by
from deskside_admin.model import Company, LicenceKind, LicenceRow
from deskside_admin.service import changes, licences, vendors
from deskside_admin.service.entitling import Issuer
from deskside_admin.service.outcome import Refused, refused


@frozen
class Checked:
    """A licence that may be put in force, and the key that signed it."""

    licence: Licence
    vendor_key: str
    token: str


@frozen(kw_only=True)
class Loss:
    """What a company would no longer have under another licence."""

    is_older: bool
    """It begins before the one in force."""
    seats: int
    features: tuple[str, ...]
    is_sooner_over: bool

    def __bool__(self) -> bool:
        """Tell whether there is anything to ask about."""
        return bool(self.is_older or self.seats or self.features or self.is_sooner_over)


def check(db: Session, token: str, issuer: Issuer) -> Checked | Refused:
    """Say whether a licence is one of a trusted vendor for this server."""
    token = "".join(token.split())
    try:
        found = signed_by(token, vendors.keys(db, issuer.vendor_keys))
    except BadDocument:
        return refused("licence.unreadable", "token")
    if found is None:
        return refused("licence.not_of_vendor", "token")
    licence, key = found
    if licence.gateway_key != issuer.public_key:
        return refused("licence.of_another_gateway", "token", server_key=issuer.public_key)
    return Checked(licence, key, token)


def begin_with(db: Session, token: str, issuer: Issuer, now: datetime) -> LicenceRow | Refused:
    """Put the licence that the settings name in force; that it is over or withdrawn the panel says."""
    checked = check(db, token, issuer)
    if isinstance(checked, Refused):
        return checked
    row = db.get(LicenceRow, checked.licence.id)
    if row is not None and row.company_id is not None and row.replaced is None:
        # The operator has installed the very same one in the panel: it is in force already.
        return row
    forget(db, now)
    return _put(db, checked, None, now)


def forget(db: Session, now: datetime) -> None:
    """Put the licence that the settings named out of force."""
    _replace(db, None, now)


def install(db: Session, company: Company, checked: Checked, now: datetime) -> LicenceRow | Refused:
    """Put a checked licence in force for a company, in place of an earlier one."""
    if no := why_not(db, company, checked, now):
        return no
    _replace(db, company.id, now)
    return _put(db, checked, company.id, now)


def why_not(db: Session, company: Company, checked: Checked, now: datetime) -> Refused | None:
    """Say why a checked licence cannot be put in force for a company now, if it cannot."""
    licence = checked.licence
    if now.timestamp() >= licence.ends:
        return refused("licence.is_over", "token")
    if now.timestamp() < licence.starts:
        return refused("licence.not_begun", "token")
    if licence.id in vendors.revoked_by(db, checked.vendor_key):
        return refused("licence.is_revoked", "token")
    known = db.get(LicenceRow, licence.id)
    if known is not None and known.company_id not in (None, company.id):
        return refused("licence.of_another_company", "token")
    return None


def loss(db: Session, company: Company, licence: Licence, now: datetime) -> Loss:
    """Return what a company would lose with a licence that takes the present one's place."""
    row = licences.in_force(db, company.id)
    sold = licences.content(row)
    if row is None or sold is None or licences.why_not(row, now):
        return Loss(is_older=False, seats=0, features=(), is_sooner_over=False)
    return Loss(
        is_older=licence.starts < sold.starts,
        seats=max(0, sold.seats - licence.seats),
        features=tuple(sorted(set(sold.features) - set(licence.features))),
        is_sooner_over=licence.ends < sold.ends,
    )


def history(db: Session, company_id: int | None = None) -> list[LicenceRow]:
    """Return every licence that was ever in force, of one company or of all, the latest first."""
    wanted = select(LicenceRow).order_by(col(LicenceRow.installed).desc(), col(LicenceRow.id))
    if company_id is not None:
        wanted = wanted.where(LicenceRow.company_id == company_id)
    return list(db.exec(wanted))


def _replace(db: Session, company_id: int | None, now: datetime) -> None:
    present = select(LicenceRow).where(
        LicenceRow.kind == LicenceKind.SOLD, col(LicenceRow.replaced).is_(None)
    )
    if company_id is None:
        present = present.where(col(LicenceRow.company_id).is_(None))
    else:
        present = present.where(LicenceRow.company_id == company_id)
    for row in db.exec(present):
        row.replaced = now
    db.flush()


def _put(db: Session, checked: Checked, company_id: int | None, now: datetime) -> LicenceRow:
    licence = checked.licence
    row = db.merge(
        LicenceRow(
            id=licence.id,
            kind=LicenceKind.SOLD,
            token=checked.token,
            vendor_key=checked.vendor_key,
            company_id=company_id,
            vendor=licence.vendor,
            tier=licence.tier,
            seats=licence.seats,
            concurrent=licence.concurrent,
            starts=datetime.fromtimestamp(licence.starts, UTC),
            ends=datetime.fromtimestamp(licence.ends, UTC),
            installed=now,
            revoked=now if licence.id in vendors.revoked_by(db, checked.vendor_key) else None,
        )
    )
    db.flush()
    for one in db.exec(select(Company.id)):
        changes.note(db, one)
    return row
