"""Whether agents who are signed in are there: away is who has touched no page for the minutes he has set."""

from collections.abc import Iterable
from enum import StrEnum

from sqlmodel import Session, col, select

from deskside_admin import rules
from deskside_admin.model import SignIn, SignInKind, User
from deskside_admin.service import features
from deskside_admin.service.tokens import digest


class Presence(StrEnum):
    """Where an agent is, as his colleagues see it."""

    HERE = "here"
    AWAY = "away"
    OFFLINE = "offline"


def minutes_to_away(db: Session, user: User) -> int:
    """Return after how many minutes without use an agent is taken for away; 0 is never."""
    followed = features.followed(db, rules.AUTO_AWAY, user)
    return 0 if followed is None else int(followed["minutes"])


def note(db: Session, token: str, *, is_away: bool) -> bool:
    """Note that nobody uses the pages of a console any more, or that somebody does again.

    Return whether there is such a sign-in. It does not count as being seen: nobody may be there.
    """
    wanted = select(SignIn).where(SignIn.token_sha256 == digest(token), SignIn.kind == SignInKind.CONSOLE)
    row = db.exec(wanted.where(col(SignIn.revoked).is_(None))).first()
    if row is None:
        return False
    row.away = is_away
    db.flush()
    return True


def of(away: Iterable[bool]) -> Presence:
    """Return where somebody is by whether he is away in each of his open sign-ins. Pure."""
    found = list(away)
    if not found:
        return Presence.OFFLINE
    return Presence.AWAY if all(found) else Presence.HERE
