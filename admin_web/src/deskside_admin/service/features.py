"""What groups and users say about the declared features."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, select

from deskside.catalogue import Catalogue
from deskside.declare import Feature, Policy, Scope
from deskside.grants import Grant, Refusal
from deskside_admin.model import FeaturePolicy, FeatureTick, Group, OptionValue, User, UserOptionValue
from deskside_admin.service import changes, company_options, versions
from deskside_admin.service.outcome import Problem, Refused, gathered
from deskside_admin.service.policy import (
    GroupRule,
    GroupValue,
    UserChoice,
    decide,
    decide_all,
    group_value,
    is_users,
    policy_of,
)
from deskside_admin.service.values import bad_value

Rules = Mapping[str, GroupRule]
Choices = Mapping[str, UserChoice]


def of_group(db: Session, catalogue: Catalogue, group_id: int) -> dict[str, GroupRule]:
    """Return what a group says about every declared feature, and its company of what is the company's."""
    policies = {
        row.feature: Policy(row.policy)
        for row in db.exec(select(FeaturePolicy).where(FeaturePolicy.group_id == group_id))
    }
    values: dict[str, dict[str, GroupValue]] = {}
    for row in db.exec(select(OptionValue).where(OptionValue.group_id == group_id)):
        values.setdefault(row.feature, {})[row.option] = GroupValue(row.value, row.locked)
    found = {
        key: GroupRule(policies.get(key, feature.policy), values.get(key, {}))
        for key, feature in catalogue.features.items()
    }
    return {**found, **company_options.of(db, catalogue, db.get_one(Group, group_id).company_id)}


def of_user(db: Session, catalogue: Catalogue, user_id: int) -> dict[str, UserChoice]:
    """Return what a user said about every declared feature, heard at present or not."""
    ticks = {
        row.feature: row.ticked for row in db.exec(select(FeatureTick).where(FeatureTick.user_id == user_id))
    }
    values: dict[str, dict[str, object]] = {}
    for row in db.exec(select(UserOptionValue).where(UserOptionValue.user_id == user_id)):
        values.setdefault(row.feature, {})[row.option] = row.value
    return {key: UserChoice(ticks.get(key), values.get(key, {})) for key in catalogue.features}


def effective(
    db: Session, catalogue: Catalogue, user: User, *, kind: str = "", instead: Rules | None = None
) -> dict[str, Grant | Refusal]:
    """Return for every declared feature what is in force for a user, in supports of a kind.

    `instead` are rules to judge by in place of what his group says at present.
    """
    rules = {**of_group(db, catalogue, user.group_id), **(instead or {})}
    return decide_all(catalogue.features, rules, of_user(db, catalogue, user.id), kind)


def in_support(db: Session, catalogue: Catalogue, user: User, kind: str) -> dict[str, Grant | Refusal]:
    """Return what is in force in a support of a kind; rules of sign-in are nothing that leaves the server."""
    found = effective(db, catalogue, user, kind=kind)
    return {key: one for key, one in found.items() if not catalogue.features[key].is_rule}


def followed(db: Session, rule: Feature, user: User) -> Mapping[str, Any] | None:
    """Return the values of a rule that a user must follow, or None if he need not."""
    if rule.scope is Scope.COMPANY:
        return company_options.followed(db, rule, user.company_id)
    policy = db.get(FeaturePolicy, (user.group_id, rule.key))
    tick = db.get(FeatureTick, (user.id, rule.key))
    of_group = select(OptionValue).where(
        OptionValue.group_id == user.group_id, OptionValue.feature == rule.key
    )
    of_user = select(UserOptionValue).where(
        UserOptionValue.user_id == user.id, UserOptionValue.feature == rule.key
    )
    decision = decide(
        rule,
        GroupRule(
            Policy(policy.policy) if policy else rule.policy,
            {row.option: GroupValue(row.value, row.locked) for row in db.exec(of_group)},
        ),
        UserChoice(tick.ticked if tick else None, {row.option: row.value for row in db.exec(of_user)}),
    )
    return decision.options if isinstance(decision, Grant) else None


def set_for_group(
    db: Session, catalogue: Catalogue, group: Group, wanted: Rules, version: int
) -> int | Refused:
    """Store what a group says about some features; return how many of them have changed.

    :raises KeyError: if a feature is not declared
    """
    if no := group_problems(catalogue, wanted) or versions.claim(db, group, version):
        return no
    before = of_group(db, catalogue, group.id)
    changed = [key for key, rule in wanted.items() if _differs(catalogue.features[key], before[key], rule)]
    for key in changed:
        rule = wanted[key]
        db.merge(FeaturePolicy(group_id=group.id, feature=key, policy=rule.policy))
        for option, one in rule.values.items():
            db.merge(
                OptionValue(group_id=group.id, feature=key, option=option, value=one.value, locked=one.locked)
            )
    changes.note(db, group.company_id)
    db.flush()
    return len(changed)


def set_for_user(
    db: Session, catalogue: Catalogue, user: User, wanted: Choices, version: int
) -> Refused | None:
    """Store a user's own choices; what the group has fixed stays as the user once left it.

    :raises KeyError: if a feature is not declared
    """
    if no := gathered(_user_problems(catalogue, wanted)) or versions.claim(db, user, version):
        return no
    rules = of_group(db, catalogue, user.group_id)
    for key, choice in wanted.items():
        feature, rule = catalogue.features[key], rules[key]
        if policy_of(feature, rule) is Policy.USER and choice.ticked is not None:
            db.merge(FeatureTick(user_id=user.id, feature=key, ticked=choice.ticked))
        _keep_values(db, user, feature, rule, choice)
    changes.note(db, user.company_id)
    db.flush()
    return None


def _differs(feature: Feature, before: GroupRule, wanted: GroupRule) -> bool:
    present = {option.key: group_value(option, before) for option in feature.options}
    return before.policy is not wanted.policy or {**present, **wanted.values} != present


def _keep_values(db: Session, user: User, feature: Feature, rule: GroupRule, choice: UserChoice) -> None:
    """Keep a user's values where he may have them; one that equals the group's follows the group."""
    for option in feature.options:
        of_group = group_value(option, rule)
        if option.key not in choice.values or not is_users(feature, option, rule):
            continue
        key, value = (user.id, feature.key, option.key), choice.values[option.key]
        if value != of_group.value:
            db.merge(UserOptionValue(user_id=key[0], feature=key[1], option=key[2], value=value))
        elif kept := db.get(UserOptionValue, key):
            db.delete(kept)


def group_problems(catalogue: Catalogue, wanted: Rules) -> Refused | None:
    """Say why a group cannot say this, if it cannot."""
    values = {key: {option: one.value for option, one in rule.values.items()} for key, rule in wanted.items()}
    scopes = [_scope_problem(catalogue.features[key], rule) for key, rule in wanted.items()]
    return gathered([*scopes, *_value_problems(catalogue, values)])


def _scope_problem(feature: Feature, rule: GroupRule) -> Problem | None:
    if feature.scope is Scope.USER:
        return Problem("policy.users_alone", feature.key)
    if feature.scope is Scope.COMPANY:
        # It has no row on a group's page that this could be said beside.
        return Problem("policy.companys_alone")
    if feature.scope is Scope.GROUP and rule.policy is Policy.USER:
        return Problem("policy.groups_alone", feature.key)
    return None


def _user_problems(catalogue: Catalogue, wanted: Choices) -> list[Problem | None]:
    return _value_problems(catalogue, {key: choice.values for key, choice in wanted.items()})


def _value_problems(catalogue: Catalogue, values: Mapping[str, Mapping[str, object]]) -> list[Problem | None]:
    found: list[Problem | None] = []
    for key, of_feature in values.items():
        options = {option.key: option for option in catalogue.features[key].options}
        found += [bad_value(options[name], value, f"{key}.{name}") for name, value in of_feature.items()]
    return found
