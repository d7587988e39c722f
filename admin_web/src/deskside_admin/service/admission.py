"""The console's door: who may not come in although his password is right."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from attrs import frozen
from sqlmodel import Session, col, select

from deskside_admin.model import SignIn, SignInKind, User, UserRole
from deskside_admin.rules import FORCE_PREVIOUS_SIGNOUT, IP_ALLOW, MAC_ALLOW
from deskside_admin.service import allow_list, features, licences, signins
from deskside_admin.service.outcome import Refused, refused
from deskside_admin.service.sealing import Box
from deskside_admin.service.signins import Door

UNSEEN = timedelta(minutes=3)
"""A console that has not been seen for so long is not open any more, whatever its row says."""
ELSEWHERE = "signin.ended.elsewhere"


@frozen(kw_only=True)
class Machine:
    """From where somebody signs in to the console, as far as anybody knows."""

    addresses: Sequence[str] = ()
    """The address the gateway saw, and those that the agent's own program reports."""
    macs: Sequence[str] = ()
    is_browser: bool = True
    """A browser knows no network card."""


def door(machine: Machine, box: Box) -> Door:
    """Return the console's door for somebody who comes from this machine."""

    def admit(db: Session, user: User, now: datetime) -> Refused | None:
        del now
        return _no_service(user) or _no_place(db, user, machine)

    return Door(kind=SignInKind.CONSOLE, box=box, admit=admit, settle=_settle)


def _no_service(user: User) -> Refused | None:
    return refused("refused.role.system") if user.role == UserRole.SYSTEM else None


def _no_place(db: Session, user: User, machine: Machine) -> Refused | None:
    listed = features.followed(db, IP_ALLOW, user)
    if listed is not None and not allow_list.address_allowed(machine.addresses, listed["addresses"]):
        return refused("signin.address")
    listed = features.followed(db, MAC_ALLOW, user)
    if listed is None or allow_list.mac_allowed(machine.macs, listed["addresses"]):
        return None
    return refused("signin.mac_browser" if machine.is_browser else "signin.mac")


def _settle(db: Session, user: User, now: datetime) -> Refused | None:
    """Pass an earlier sign-in's place on, or refuse this one; then see whether there is a seat."""
    earlier = open_consoles(db, now, user.id)
    is_forced = features.followed(db, FORCE_PREVIOUS_SIGNOUT, user) is not None
    if not is_forced and any(abs(now - row.last_seen) < UNSEEN for row in earlier):
        return refused("signin.elsewhere")
    if no := licences.take_seat(db, user, now):
        return no
    for row in earlier:
        signins.end(db, row, user, now, ELSEWHERE)
    return None


def open_consoles(db: Session, now: datetime, user_id: int | None = None) -> list[SignIn]:
    """Return the console sign-ins that are open now, of one user or of everybody."""
    wanted = select(SignIn).where(
        SignIn.kind == SignInKind.CONSOLE, col(SignIn.revoked).is_(None), SignIn.ends > now
    )
    if user_id is not None:
        wanted = wanted.where(SignIn.user_id == user_id)
    return list(db.exec(wanted.order_by(col(SignIn.id))))
