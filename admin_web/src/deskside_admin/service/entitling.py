"""What each session may use: signed for its host, from the licence, the group and the user."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from attrs import frozen
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session

from deskside.catalogue import Catalogue
from deskside.chain import capped
from deskside.errors import BadDocument
from deskside.grants import Gate, Grant, Refusal
from deskside.licence import Entitlement, Licence, not_sold, public, sign, signed_by
from deskside_admin.model import LicenceKind, LicenceRow, SupportSession, User
from deskside_admin.service import features, licences, vendors
from deskside_admin.service.policy import with_needs

ENTITLEMENT_LASTS = timedelta(hours=24)
Decisions = Mapping[str, Grant | Refusal]
LATER = Refusal(Gate.GROUP, "refused.next_session")


@frozen
class Issuer:
    """What entitlements are signed with, and what there is to entitle to."""

    key: Ed25519PrivateKey
    catalogue: Catalogue
    vendor_keys: tuple[str, ...] = ()
    """Those that the settings name; the operator may have typed in others."""

    @property
    def public_key(self) -> str:
        """Return the key that a licence for this server names."""
        return public(self.key)


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


@frozen
class _Standing:
    """The licence of one session: its row, its token, its content if it can be relied on, or why not."""

    row: LicenceRow | None
    token: str
    licence: Licence | None
    why_not: str


def entitle(
    db: Session, issuer: Issuer, session: SupportSession, now: datetime, before: Decisions | None = None
) -> Entitled:
    """Sign what a session may use now; each answer has a higher serial than the one before.

    For a session that runs, `before` is what it was told: features can only go then, and values stay.
    """
    standing = _standing(db, issuer, session, now)
    decided = _decisions(db, issuer.catalogue, session, standing)
    if before is not None:
        decided = {key: _not_more(one, before.get(key, LATER)) for key, one in decided.items()}
    session.serial += 1
    session.label = _label(standing)
    session.licence = standing.row.id if standing.row else ""
    db.flush()
    entitlement = Entitlement(
        session=session.id,
        licence=standing.licence.id if standing.licence else "",
        features=[key for key, one in decided.items() if isinstance(one, Grant)],
        options={
            key: dict(one.options) for key, one in decided.items() if isinstance(one, Grant) and one.options
        },
        serial=session.serial,
        starts=int(now.timestamp()),
        ends=int((now + ENTITLEMENT_LASTS).timestamp()),
    )
    return Entitled(
        licence=standing.token,
        entitlement=sign(entitlement, issuer.key),
        label=session.label,
        serial=session.serial,
        features=decided,
    )


def _not_more(now: Grant | Refusal, before: Grant | Refusal) -> Grant | Refusal:
    """Return what holds in a support that runs: what came since then is for the next one."""
    if isinstance(now, Refusal):
        return now
    return before if isinstance(before, Grant) else LATER


def _standing(db: Session, issuer: Issuer, session: SupportSession, now: datetime) -> _Standing:
    """Return the licence of a session: a running one keeps the licence that it began under, come what may."""
    row = db.get(LicenceRow, session.licence) if session.began and session.licence else None
    why_not = ""
    if row is None:
        row = licences.in_force(db, session.company_id)
        why_not = licences.why_not(row, now)
    if row is None:
        return _Standing(None, "", None, why_not)
    if row.kind == LicenceKind.TRIAL:
        trial = _trial(row, issuer)
        return _Standing(row, sign(trial, issuer.key), trial, why_not)
    try:
        found = signed_by(row.token, vendors.keys(db, issuer.vendor_keys))
    except BadDocument:
        found = None
    if found is None:
        return _Standing(row, row.token, None, why_not or "refused.licence.vendor")
    return _Standing(row, row.token, found[0], why_not)


def _decisions(
    db: Session, catalogue: Catalogue, session: SupportSession, standing: _Standing
) -> dict[str, Grant | Refusal]:
    user = db.get_one(User, session.user_id)
    of_group = features.in_support(db, catalogue, user, session.kind)
    if not user.active:
        return dict.fromkeys(of_group, Refusal(Gate.GROUP, "refused.user"))
    sold = standing.licence
    if sold is None or standing.why_not:
        why_not = standing.why_not or "refused.licence.expired"
        return dict.fromkeys(of_group, Refusal(Gate.LICENCE, why_not))
    no = not_sold(sold)
    found = {
        key: _within(catalogue, decision, sold) if key in sold.features else no
        for key, decision in of_group.items()
    }
    return with_needs({key: catalogue.features[key] for key in found}, found)


def _within(catalogue: Catalogue, decision: Grant | Refusal, sold: Licence) -> Grant | Refusal:
    if isinstance(decision, Refusal):
        return decision
    return Grant(decision.feature, capped(catalogue.features[decision.feature], decision.options, sold.caps))


def _trial(row: LicenceRow, issuer: Issuer) -> Licence:
    """Made anew each time: a plugin installed during the trial belongs to it."""
    return Licence(
        id=row.id,
        company="",
        features=list(issuer.catalogue.features),
        seats=row.seats,
        concurrent=True,
        demo=True,
        starts=int(row.starts.timestamp()),
        ends=int(row.ends.timestamp()),
        gateway_key=issuer.public_key,
    )


def _label(standing: _Standing) -> str:
    if standing.row is not None and standing.row.kind == LicenceKind.TRIAL:
        return "trial"
    return "demo" if standing.licence is not None and standing.licence.demo else ""
