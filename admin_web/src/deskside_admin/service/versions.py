"""Of two people who save the same page, the second is told."""

from sqlalchemy import update
from sqlmodel import Session, col

from deskside_admin.model import Company, Group, User
from deskside_admin.service.outcome import Refused, refused

CHANGED = "conflict.changed"


def claim(db: Session, row: Company | Group | User, version: int) -> Refused | None:
    """Raise a row's version, or say that somebody else has been faster than this form."""
    table = type(row)
    # One statement: of two transactions at the same moment, the second finds the version gone.
    wanted = update(table).where(col(table.id) == row.id, col(table.version) == version)
    done = db.execute(wanted.values(version=version + 1))
    db.refresh(row)
    return None if done.rowcount == 1 else refused(CHANGED)  # type: ignore[attr-defined]


def is_conflict(no: Refused | None) -> bool:
    """Tell whether a form came too late."""
    return no is not None and no.reason == CHANGED
