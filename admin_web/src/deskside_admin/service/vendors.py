"""Vendors whose licences this server takes, and the licences that they no longer stand behind."""

import re
from collections.abc import Collection
from datetime import datetime

from attrs import frozen
from sqlmodel import Session, col, select

from deskside.errors import BadDocument, BadSignature
from deskside.licence import Revocations, read_revocations
from deskside_admin.model import LicenceKind, LicenceRow, Vendor
from deskside_admin.service.entries import bad_name, tidy
from deskside_admin.service.outcome import Problem, Refused, gathered, refused

KEY = re.compile(r"[0-9a-f]{64}")


@frozen(kw_only=True)
class Trusted:
    """A vendor key that counts here."""

    public_key: str
    name: str
    of_settings: bool
    """The settings name it: it cannot be taken away in the panel."""
    revoked: int = 0
    """How many licences its latest list names."""
    serial: int = 0


def keys(db: Session, of_settings: Collection[str]) -> tuple[str, ...]:
    """Return the keys that count: those of the settings, then those that the operator typed in."""
    typed = db.exec(select(Vendor.public_key).where(Vendor.typed).order_by(Vendor.public_key)).all()
    return (*of_settings, *(one for one in typed if one not in of_settings))


def trusted(db: Session, of_settings: Collection[str]) -> list[Trusted]:
    """Return every vendor key that counts, with what is known about its vendor."""
    rows = {row.public_key: row for row in db.exec(select(Vendor))}
    return [_trusted(key, rows.get(key), of_settings) for key in keys(db, of_settings)]


def add(db: Session, public_key: str, name: str, now: datetime) -> Vendor | Refused:
    """Take licences that are signed with a key from now on."""
    key, shown = public_key.strip().lower(), tidy(name)
    wrong = None if KEY.fullmatch(key) else Problem("entry.vendor_key", "public_key")
    if no := gathered([wrong, bad_name(shown, "name")]):
        return no
    row = db.get(Vendor, key) or Vendor(public_key=key, name=shown, added=now)
    row.name, row.typed = shown, True
    db.add(row)
    db.flush()
    return row


def remove(db: Session, public_key: str) -> None:
    """Take no licences that are signed with this key any more; what the settings name stays."""
    if row := db.get(Vendor, public_key):
        row.typed = False
        db.flush()


def install_revocations(
    db: Session, token: str, of_settings: Collection[str], now: datetime
) -> Revocations | Refused:
    """Take a vendor's list of licences that no longer count, unless a newer one is known."""
    for key in keys(db, of_settings):
        try:
            wanted = read_revocations(token.strip(), key)
        except BadDocument:
            return refused("licence.revocations_unreadable", "token")
        except BadSignature:
            continue
        return _take(db, key, wanted, token.strip(), now)
    return refused("licence.revocations_not_of_vendor", "token")


def revoked_by(db: Session, public_key: str) -> frozenset[str]:
    """Return the licences that this vendor no longer stands behind."""
    found = _list_of(db.get(Vendor, public_key))
    return frozenset(found.licences if found else ())


def _take(db: Session, key: str, wanted: Revocations, token: str, now: datetime) -> Revocations | Refused:
    row = db.get(Vendor, key, with_for_update=True)
    known = _list_of(row)
    if known is not None and wanted.serial <= known.serial:
        return refused("licence.revocations_older", "token", serial=wanted.serial, known=known.serial)
    row = row or Vendor(public_key=key, name=wanted.vendor or key[:16], added=now, typed=False)
    row.revocations = token
    db.add(row)
    for one in db.exec(
        select(LicenceRow).where(LicenceRow.kind == LicenceKind.SOLD, col(LicenceRow.vendor_key) == key)
    ):
        one.revoked = (one.revoked or now) if one.id in wanted.licences else None
    db.flush()
    return wanted


def _trusted(key: str, row: Vendor | None, of_settings: Collection[str]) -> Trusted:
    found = _list_of(row)
    return Trusted(
        public_key=key,
        name=row.name if row else "",
        of_settings=key in of_settings,
        revoked=len(found.licences) if found else 0,
        serial=found.serial if found else 0,
    )


def _list_of(row: Vendor | None) -> Revocations | None:
    if row is None or not row.revocations:
        return None
    try:
        return read_revocations(row.revocations, row.public_key)
    except BadSignature:
        return None
