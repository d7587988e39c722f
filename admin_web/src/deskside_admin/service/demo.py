"""A ready company to try things with."""

from datetime import datetime

from sqlmodel import Session

from deskside_admin.model import UserRole
from deskside_admin.service import accounts, passwords, setup
from deskside_admin.service.outcome import Refused

COMPANY, GROUP = "Hanbit Demo", "Support"
ADMINISTRATOR, AGENT = ("admin", "Park Ha-neul"), ("agent", "Lee Jun")


def make(db: Session, administrator_password: str, agent_password: str, now: datetime) -> bool:
    """Make the company with an administrator and an agent; return False if there is one already."""
    token = setup.make_first_administrator_link(db, now)
    if token is None:
        return False
    first = setup.First(
        company=COMPANY,
        group=GROUP,
        name=ADMINISTRATOR[1],
        login_name=ADMINISTRATOR[0],
        password=administrator_password,
    )
    administrator = setup.use_link(db, token, first, now)
    if isinstance(administrator, Refused):
        return False
    details = accounts.Details(name=AGENT[1], role=UserRole.AGENT, group_id=administrator.group_id)
    added = accounts.add(db, administrator.company_id, AGENT[0], details, now)
    if not isinstance(added, Refused):
        passwords.give(added.user, agent_password, now)
    db.flush()
    return True
