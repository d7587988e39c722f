"""What holds while an agent waits, and what he finds at the console: licence's end, password, links."""

from datetime import datetime

from sqlmodel import Session

from deskside_admin import rules
from deskside_admin.model import User
from deskside_admin.service import features, licences

AUTOMATIC = "auto"


def licence_ends(db: Session, user: User) -> datetime | None:
    """Return when the licence ends, where the user's group wants that to be shown."""
    if features.followed(db, rules.EXPIRY_NOTICE, user) is None:
        return None
    row = licences.in_force(db, user.company_id)
    return row.ends if row else None


def hides_agent(db: Session, user: User) -> bool:
    """Tell whether his customers are not shown his name at the end."""
    return features.followed(db, rules.PRIVACY, user) is not None


def session_password(db: Session, user: User) -> str:
    """Return how his customers prove that they are meant: not at all (empty), `auto`, or four digits."""
    values = features.followed(db, rules.SESSION_PASSWORD, user)
    if values is None:
        return ""
    # A rule without digits must not fall back to no password at all.
    return (values["mode"] == "fixed" and str(values["digits"])) or AUTOMATIC


def links(db: Session, user: User) -> dict[str, str]:
    """Return the links that the user's group wants to be shown, by name."""
    found = {rule.key: features.followed(db, rule, user) for rule in (rules.COMPANION, rules.BREAK_AREA)}
    return {
        key.partition(".")[2]: str(values["address"])
        for key, values in found.items()
        if values is not None and values["address"]
    }
