"""What customers are shown once a support is over, as the agent's group wants it at that moment."""

from attrs import frozen
from sqlmodel import Session

from deskside_admin import rules
from deskside_admin.model import User
from deskside_admin.service import features, waiting


@frozen(kw_only=True)
class Popup:
    """A page of the company, and how large its window should be."""

    address: str
    width: int
    height: int


@frozen(kw_only=True)
class Ending:
    """What opens in the customer's browser; either may be there without the other."""

    has_notice: bool
    hides_agent: bool
    popup: Popup | None


def wanted(db: Session, user: User) -> Ending:
    """Return what the customers of an agent are shown."""
    values = features.followed(db, rules.END_POPUP, user)
    address = str(values["address"]) if values is not None else ""
    return Ending(
        has_notice=features.followed(db, rules.END_NOTICE, user) is not None,
        hides_agent=waiting.hides_agent(db, user),
        popup=Popup(address=address, width=int(values["width"]), height=int(values["height"]))
        if values is not None and address
        else None,
    )
