"""The licence in force, and the entitlement that each session gets from it."""

import secrets
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from attrs import frozen
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete
from sqlmodel import Session, col, select

from deskside.catalogue import Catalogue
from deskside.errors import BadSignature
from deskside.grants import Gate, Grant, Refusal
from deskside.licence import Entitlement, Licence, public, read_licence, sign
from deskside_admin.model import LicenceKind, LicenceRow, SupportSession, User
from deskside_admin.service import features, sessions
from deskside_admin.service.outcome import Refused, refused

TRIAL_LASTS = timedelta(days=30)
TRIAL_SEATS = 2
ENTITLEMENT_LASTS = timedelta(hours=24)
Decisions = Mapping[str, Grant | Refusal]
LATER = Refusal(Gate.GROUP, "refused.next_session")


@frozen
class Issuer:
    """What entitlements are signed with, and what there is to entitle to."""

    key: Ed25519PrivateKey
    catalogue: Catalogue
    vendor_keys: tuple[str, ...] = ()


@frozen(kw_only=True)
class Entitled:
    """Everything a viewer and a host need to know about a session's rights."""

    licence: str
    entitlement: str
    label: str
    serial: int
    features: Decisions

    @property
    def on(self) -> frozenset[str]:
        """Return what is neither refused by the licence nor by the group."""
        return frozenset(key for key, one in self.features.items() if isinstance(one, Grant))


def start_trial(db: Session, now: datetime) -> None:
    """Begin the trial at the first start; later starts change nothing."""
    if db.exec(select(LicenceRow.id).where(LicenceRow.kind == LicenceKind.TRIAL)).first() is None:
        row = LicenceRow(
            id=f"trial-{secrets.token_hex(8)}",
            kind=LicenceKind.TRIAL,
            token="",
            seats=TRIAL_SEATS,
            starts=now,
            ends=now + TRIAL_LASTS,
            installed=now,
        )
        db.add(row)
        db.flush()


def install(db: Session, token: str, issuer: Issuer, now: datetime) -> LicenceRow | Refused:
    """Put a vendor's licence in force, in place of an earlier one."""
    licence = _vendors(token, issuer.vendor_keys)
    if licence is None:
        return refused("licence.not_of_vendor")
    if licence.gateway_key != public(issuer.key):
        return refused("licence.of_another_gateway", key=public(issuer.key))
    remove(db)
    row = LicenceRow(
        id=licence.id[:64],
        kind=LicenceKind.SOLD,
        token=token,
        seats=licence.seats,
        starts=datetime.fromtimestamp(licence.starts, UTC),
        ends=datetime.fromtimestamp(licence.ends, UTC),
        installed=now,
    )
    db.add(row)
    db.flush()
    return row


def remove(db: Session) -> None:
    """Take a vendor's licence out of force."""
    db.exec(delete(LicenceRow).where(col(LicenceRow.kind) == LicenceKind.SOLD))


def in_force(db: Session) -> LicenceRow | None:
    """Return the vendor's licence if one is installed, else the trial."""
    found = {row.kind: row for row in db.exec(select(LicenceRow))}
    return found.get(LicenceKind.SOLD) or found.get(LicenceKind.TRIAL)


def has_ended(row: LicenceRow, now: datetime) -> bool:
    """Tell whether a licence no longer stands."""
    return now >= row.ends


def may_support(db: Session, user: User, now: datetime) -> Refused | None:
    """Say why a user cannot open another session, if he cannot.

    Seats are counted by use: so many agents may be in touch with customers at the same moment.
    """
    row = in_force(db)
    if row is None or has_ended(row, now):
        return refused("refused.licence.expired")
    if sessions.helping(db, user.id) >= row.seats:
        return refused("refused.licence.seats", seats=row.seats)
    return None


def entitle(
    db: Session, issuer: Issuer, session: SupportSession, now: datetime, before: Decisions | None = None
) -> Entitled:
    """Sign what a session may use now; each answer has a higher serial than the one before.

    For a session that runs, `before` is what it was told: features can only go then, and values stay.
    """
    row = in_force(db)
    token, sold = _token(row, issuer)
    user = db.get_one(User, session.user_id)
    decided = _decisions(db, issuer.catalogue, user, sold, now)
    if before is not None:
        decided = {
            key: one if isinstance(one, Refusal) else before.get(key, LATER) for key, one in decided.items()
        }
    on = [key for key, one in decided.items() if isinstance(one, Grant)]
    session.serial += 1
    session.label = _label(row, sold)
    db.flush()
    entitlement = Entitlement(
        session=session.id,
        licence=sold.id if sold else "",
        features=on,
        serial=session.serial,
        starts=int(now.timestamp()),
        ends=int((now + ENTITLEMENT_LASTS).timestamp()),
    )
    return Entitled(
        licence=token,
        entitlement=sign(entitlement, issuer.key),
        label=session.label,
        serial=session.serial,
        features=decided,
    )


def _decisions(
    db: Session, catalogue: Catalogue, user: User, sold: Licence | None, now: datetime
) -> dict[str, Grant | Refusal]:
    of_group = features.effective(db, catalogue, user)
    if not user.active:
        return dict.fromkeys(of_group, Refusal(Gate.GROUP, "refused.user"))
    if sold is None or now.timestamp() >= sold.ends:
        return dict.fromkeys(of_group, Refusal(Gate.LICENCE, "refused.licence.expired"))
    return {
        key: decision
        if key in sold.features
        else Refusal(Gate.LICENCE, "refused.licence", {"tier": catalogue.features[key].tier})
        for key, decision in of_group.items()
    }


def _token(row: LicenceRow | None, issuer: Issuer) -> tuple[str, Licence | None]:
    if row is None:
        return "", None
    if row.kind == LicenceKind.SOLD:
        return row.token, _vendors(row.token, issuer.vendor_keys)
    # Signed anew each time: a plugin installed during the trial belongs to it.
    trial = Licence(
        id=row.id,
        company="",
        features=list(issuer.catalogue.features),
        seats=row.seats,
        concurrent=True,
        demo=True,
        starts=int(row.starts.timestamp()),
        ends=int(row.ends.timestamp()),
        gateway_key=public(issuer.key),
    )
    return sign(trial, issuer.key), trial


def _vendors(token: str, vendor_keys: Collection[str]) -> Licence | None:
    for key in vendor_keys:
        try:
            return read_licence(token, key)
        except BadSignature:
            continue
    return None


def _label(row: LicenceRow | None, licence: Licence | None) -> str:
    if row is not None and row.kind == LicenceKind.TRIAL:
        return "trial"
    return "demo" if licence is not None and licence.demo else ""
