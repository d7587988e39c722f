"""What tests of licences share: a vendor, a server's key, and licences made of few words."""

from datetime import timedelta
from typing import Any

from admin_web.kit import NOW
from attrs import evolve
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session

from deskside.licence import Licence, Revocations, new_key, public, sign
from deskside_admin.model import Company, LicenceRow
from deskside_admin.service import installing
from deskside_admin.service.entitling import Issuer
from deskside_admin.service.installing import Checked

VENDOR = new_key()


def licence(issuer: Issuer, **more: Any) -> Licence:
    """Return a licence for a year from yesterday on."""
    made = Licence(
        id="L-1",
        company="Hanbit",
        features=("kites.fly",),
        seats=5,
        starts=int((NOW - timedelta(days=1)).timestamp()),
        ends=int((NOW + timedelta(days=365)).timestamp()),
        gateway_key=issuer.public_key,
        vendor="Acme",
        tier="Standard",
    )
    return evolve(made, **more)


def install(
    db: Session, issuer: Issuer, company_id: int, key: Ed25519PrivateKey = VENDOR, **more: Any
) -> LicenceRow:
    """Put a licence in force for a company."""
    checked = installing.check(db, sign(licence(issuer, **more), key), issuer)
    assert isinstance(checked, Checked), checked
    row = installing.install(db, db.get_one(Company, company_id), checked, NOW)
    assert isinstance(row, LicenceRow), row
    db.commit()
    return row


def revocations(serial: int, *ids: str, key: Ed25519PrivateKey = VENDOR) -> str:
    """Return a vendor's signed list."""
    made = Revocations(vendor="Acme", serial=serial, issued=int(NOW.timestamp()), licences=ids)
    return sign(made, key)


def vendor_key(key: Ed25519PrivateKey = VENDOR) -> str:
    """Return the public half of a vendor's key."""
    return public(key)
