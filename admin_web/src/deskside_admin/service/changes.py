"""A number per company that rises when features may have been withdrawn; the gateway watches it."""

from collections.abc import Mapping

from sqlmodel import Session, select

from deskside_admin.model import PolicySerial


def note(db: Session, company_id: int) -> None:
    """Tell whoever watches that somebody of this company may have lost a feature."""
    row = db.get(PolicySerial, company_id, with_for_update=True)
    row = row or PolicySerial(company_id=company_id, serial=0)
    row.serial += 1
    db.add(row)
    db.flush()


def serials(db: Session) -> Mapping[int, int]:
    """Return every company's number."""
    return {row.company_id: row.serial for row in db.exec(select(PolicySerial))}
