"""What a user has and why not, by licence, group and himself; and what a change would make of it."""

from collections.abc import Mapping
from datetime import datetime

from attrs import frozen
from sqlmodel import Session

from deskside.catalogue import Catalogue
from deskside.chain import capped
from deskside.declare import Feature
from deskside.grants import Gate, Grant, Refusal
from deskside_admin.model import User
from deskside_admin.service import features, licences
from deskside_admin.service.features import Rules
from deskside_admin.service.policy import with_needs


@frozen
class Prospect:
    """What a user has of one feature at present, and what he would have."""

    feature: Feature
    now: Grant | Refusal
    then: Grant | Refusal

    @property
    def is_changed(self) -> bool:
        """Tell whether the change reaches this feature: on or off, or its values."""
        return self.now != self.then


def for_user(
    db: Session,
    catalogue: Catalogue,
    user: User,
    now: datetime,
    *,
    kind: str = "",
    instead: Rules | None = None,
) -> dict[str, Grant | Refusal]:
    """Return what is in force for a user in a support that begins now, or who refuses.

    `instead` are rules to judge by in place of what his group says at present.
    """
    of_group = features.effective(db, catalogue, user, kind=kind, instead=instead)
    if not user.active:
        return dict.fromkeys(of_group, Refusal(Gate.GROUP, "policy.user_stopped"))
    stopped = licences.why_not(licences.in_force(db, user.company_id), now)
    missing = licences.missing(db, user.company_id, catalogue, now)
    caps = licences.caps(db, user.company_id)
    found: dict[str, Grant | Refusal] = {}
    for key, decision in of_group.items():
        if catalogue.features[key].is_rule:
            found[key] = decision
        elif stopped:
            found[key] = Refusal(Gate.LICENCE, stopped)
        else:
            found[key] = missing.get(key, _within(catalogue.features[key], decision, caps))
    return with_needs(catalogue.features, found)


def of_change(db: Session, catalogue: Catalogue, user: User, now: datetime, wanted: Rules) -> list[Prospect]:
    """Return what a user of a group would have of each feature if the group said this; store nothing."""
    present = for_user(db, catalogue, user, now)
    then = for_user(db, catalogue, user, now, instead=wanted)
    return [Prospect(feature, present[key], then[key]) for key, feature in catalogue.features.items()]


def _within(feature: Feature, decision: Grant | Refusal, caps: Mapping[str, int]) -> Grant | Refusal:
    if isinstance(decision, Refusal):
        return decision
    return Grant(decision.feature, capped(feature, decision.options, caps))
