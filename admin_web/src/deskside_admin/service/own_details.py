"""What customers see of a user during a support, kept by himself."""

from attrs import frozen
from sqlmodel import Session

from deskside_admin.model import User
from deskside_admin.service import versions
from deskside_admin.service.entries import bad_name, tidy
from deskside_admin.service.outcome import Refused, gathered

ENTRIES = ("chat_name", "nickname", "position")


@frozen(kw_only=True)
class Shown:
    """The name in chat and support, and what stands beside it."""

    chat_name: str = ""
    nickname: str = ""
    position: str = ""


def change(db: Session, user: User, shown: Shown, version: int) -> User | Refused:
    """Keep what a user wants customers to see; it shows from his next support on."""
    tidied = {name: tidy(getattr(shown, name)) for name in ENTRIES}
    if no := gathered(bad_name(text, name, optional=True) for name, text in tidied.items()):
        return no
    if no := versions.claim(db, user, version):
        return no
    for name, text in tidied.items():
        setattr(user, name, text)
    db.flush()
    return user
