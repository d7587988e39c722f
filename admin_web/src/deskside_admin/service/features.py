"""What groups and users say about the declared features."""

from collections.abc import Mapping

from sqlmodel import Session, select

from deskside.catalogue import Catalogue
from deskside.declare import Feature, Policy
from deskside.grants import Grant, Refusal
from deskside_admin.model import FeaturePolicy, FeatureTick, Group, OptionValue, User, UserOptionValue
from deskside_admin.service import changes
from deskside_admin.service.outcome import Problem, Refused, gathered
from deskside_admin.service.policy import GroupRule, GroupValue, UserChoice, decide, group_value

Rules = Mapping[str, GroupRule]
Choices = Mapping[str, UserChoice]


def of_group(db: Session, catalogue: Catalogue, group_id: int) -> dict[str, GroupRule]:
    """Return what a group says about every declared feature."""
    policies = {
        row.feature: Policy(row.policy)
        for row in db.exec(select(FeaturePolicy).where(FeaturePolicy.group_id == group_id))
    }
    values: dict[str, dict[str, GroupValue]] = {}
    for row in db.exec(select(OptionValue).where(OptionValue.group_id == group_id)):
        values.setdefault(row.feature, {})[row.option] = GroupValue(row.value, row.locked)
    return {
        key: GroupRule(policies.get(key, feature.policy), values.get(key, {}))
        for key, feature in catalogue.features.items()
    }


def of_user(db: Session, catalogue: Catalogue, user_id: int) -> dict[str, UserChoice]:
    """Return what a user said about every declared feature, heard at present or not."""
    ticks = {
        row.feature: row.ticked for row in db.exec(select(FeatureTick).where(FeatureTick.user_id == user_id))
    }
    values: dict[str, dict[str, object]] = {}
    for row in db.exec(select(UserOptionValue).where(UserOptionValue.user_id == user_id)):
        values.setdefault(row.feature, {})[row.option] = row.value
    return {key: UserChoice(ticks.get(key), values.get(key, {})) for key in catalogue.features}


def effective(db: Session, catalogue: Catalogue, user: User) -> dict[str, Grant | Refusal]:
    """Return for every declared feature what is in force for a user."""
    rules = of_group(db, catalogue, user.group_id)
    choices = of_user(db, catalogue, user.id)
    return {key: decide(feature, rules[key], choices[key]) for key, feature in catalogue.features.items()}


def set_for_group(db: Session, catalogue: Catalogue, group: Group, wanted: Rules) -> int | Refused:
    """Store what a group says about some features; return how many of them have changed.

    :raises KeyError: if a feature is not declared
    """
    if no := gathered(_group_problems(catalogue, wanted)):
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


def set_for_user(db: Session, catalogue: Catalogue, user: User, wanted: Choices) -> Refused | None:
    """Store a user's own choices; what the group has fixed stays as the user once left it.

    :raises KeyError: if a feature is not declared
    """
    if no := gathered(_user_problems(catalogue, wanted)):
        return no
    rules = of_group(db, catalogue, user.group_id)
    for key, choice in wanted.items():
        if rules[key].policy is Policy.USER and choice.ticked is not None:
            db.merge(FeatureTick(user_id=user.id, feature=key, ticked=choice.ticked))
        if rules[key].policy is not Policy.NONE:
            _keep_values(db, user, catalogue.features[key], rules[key], choice)
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
        if of_group.locked or option.key not in choice.values:
            continue
        key, value = (user.id, feature.key, option.key), choice.values[option.key]
        if value != of_group.value:
            db.merge(UserOptionValue(user_id=key[0], feature=key[1], option=key[2], value=value))
        elif kept := db.get(UserOptionValue, key):
            db.delete(kept)


def _group_problems(catalogue: Catalogue, wanted: Rules) -> list[Problem | None]:
    values = {key: {option: one.value for option, one in rule.values.items()} for key, rule in wanted.items()}
    return _value_problems(catalogue, values)


def _user_problems(catalogue: Catalogue, wanted: Choices) -> list[Problem | None]:
    return _value_problems(catalogue, {key: choice.values for key, choice in wanted.items()})


def _value_problems(catalogue: Catalogue, values: Mapping[str, Mapping[str, object]]) -> list[Problem | None]:
    found: list[Problem | None] = []
    for key, of_feature in values.items():
        options = {option.key: option for option in catalogue.features[key].options}
        found += [
            Problem("entry.not_allowed", f"{key}.{name}")
            for name, value in of_feature.items()
            if not options[name].accepts(value)
        ]
    return found
