"""What an agent decides for himself about his console, as far as his group leaves it to him."""

from collections.abc import Mapping, Sequence

from attrs import frozen
from sqlmodel import Session

from deskside.catalogue import Catalogue
from deskside.declare import Feature, Policy
from deskside.grants import Grant
from deskside_admin.model import User
from deskside_admin.rules import AUTO_AWAY, AUTO_LOCK, AUTO_LOGOUT, LOG_FILE
from deskside_admin.service import features
from deskside_admin.service.outcome import Refused
from deskside_admin.service.policy import UserChoice, decide, in_force, is_users, policy_of

OWN = (AUTO_AWAY, AUTO_LOGOUT, AUTO_LOCK, LOG_FILE)
CATALOGUE = Catalogue({}, {feature.key: feature for feature in OWN}, {})


@frozen
class OwnRule:
    """One rule as its user finds it."""

    feature: Feature
    policy: Policy
    is_on: bool
    values: Mapping[str, object]
    """In force, or what would be if it were on."""
    his: frozenset[str]
    """Options of which he decides."""


def of(db: Session, user: User) -> Sequence[OwnRule]:
    """Return the rules that a user finds among his settings."""
    rules = features.of_group(db, CATALOGUE, user.group_id)
    choices = features.of_user(db, CATALOGUE, user.id)
    found = []
    for feature in OWN:
        rule, choice = rules[feature.key], choices[feature.key]
        is_on = isinstance(decide(feature, rule, choice), Grant)
        his = frozenset(one.key for one in feature.options if is_users(feature, one, rule))
        values = {one.key: in_force(feature, one, rule, choice) for one in feature.options}
        found.append(OwnRule(feature, policy_of(feature, rule), is_on, values, his))
    return found


def keep(db: Session, user: User, wanted: Mapping[str, UserChoice], version: int) -> Refused | None:
    """Keep what a user wants; what his group has fixed stays as it is.

    :raises KeyError: if it is none of these rules, or has no such option
    """
    return features.set_for_user(db, CATALOGUE, user, wanted, version)


def minutes_to_lock(db: Session, user: User) -> int:
    """Return after how many minutes without use his pages are locked; 0 is never."""
    followed = features.followed(db, AUTO_LOCK, user)
    return 0 if followed is None else int(followed["minutes"])


def keeps_log(db: Session, user: User) -> bool:
    """Tell whether his viewer writes a log file."""
    return features.followed(db, LOG_FILE, user) is not None
