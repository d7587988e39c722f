"""What is in force for a user: the group's word, then his own where the group leaves it to him. Pure."""

from collections.abc import Mapping

from attrs import field, frozen

from deskside.declare import Feature, Policy, Scope
from deskside.grants import Gate, Grant, Refusal
from deskside.options import Option

NOT_USERS = frozenset({Scope.GROUP, Scope.COMPANY})
"""Where no user decides."""


@frozen
class GroupValue:
    """A group's value of an option, and whether its users must take it."""

    value: object
    locked: bool = False


@frozen
class GroupRule:
    """What a group says about one feature, or its company where that decides."""

    policy: Policy
    values: Mapping[str, GroupValue] = field(factory=dict)


@frozen
class UserChoice:
    """What a user said about one feature; without a tick he has not said anything."""

    ticked: bool | None = None
    values: Mapping[str, object] = field(factory=dict)


def decide(feature: Feature, rule: GroupRule, choice: UserChoice) -> Grant | Refusal:
    """Return the option values in force, or who switched the feature off.

    Where users decide, one who has said nothing has what the declaration says.
    """
    policy = policy_of(feature, rule)
    if policy is Policy.NONE:
        who = "company" if feature.scope is Scope.COMPANY else "group"
        return Refusal(Gate.GROUP, f"policy.off_for_{who}")
    if policy is Policy.USER and not is_ticked(feature, choice):
        return Refusal(Gate.GROUP, "policy.off_by_user")
    return _granted(feature, rule, choice)


def decide_all(
    declared: Mapping[str, Feature],
    rules: Mapping[str, GroupRule],
    choices: Mapping[str, UserChoice],
    kind: str = "",
) -> dict[str, Grant | Refusal]:
    """Decide every feature; in kinds of support that a switch is not marked for, it is as declared."""
    found: dict[str, Grant | Refusal] = {}
    for key, feature in declared.items():
        rule, choice = rules[key], choices[key]
        is_asked = not kind or feature.rules(kind)
        found[key] = decide(feature, rule, choice) if is_asked else _as_declared(feature, rule, choice)
    return with_needs(declared, found)


def with_needs(
    declared: Mapping[str, Feature], decided: Mapping[str, Grant | Refusal]
) -> dict[str, Grant | Refusal]:
    """Refuse as well what is of no use without something that is refused, or that nobody brings."""
    found = dict(decided)
    for _ in declared:
        lost = {key: need for key in declared if (need := _lacks(declared[key], found))}
        if not lost:
            break
        for key, need in lost.items():
            found[key] = Refusal(Gate.GROUP, "policy.needs", {"feature": need})
    return found


def _as_declared(feature: Feature, rule: GroupRule, choice: UserChoice) -> Grant | Refusal:
    if feature.policy is Policy.NONE:
        return Refusal(Gate.GROUP, "policy.other_kind")
    return _granted(feature, rule, choice)


def _lacks(feature: Feature, found: Mapping[str, Grant | Refusal]) -> str:
    if not isinstance(found[feature.key], Grant):
        return ""
    return next((key for key in feature.requires if not isinstance(found.get(key), Grant)), "")


def _granted(feature: Feature, rule: GroupRule, choice: UserChoice) -> Grant:
    values = {option.key: in_force(feature, option, rule, choice) for option in feature.options}
    return Grant(feature.key, values)


def policy_of(feature: Feature, rule: GroupRule) -> Policy:
    """Return what the group says, as far as it may say that about this feature."""
    if feature.scope is Scope.USER:
        return Policy.USER
    if feature.scope in NOT_USERS and rule.policy is Policy.USER:
        return feature.policy
    return rule.policy


def is_ticked(feature: Feature, choice: UserChoice) -> bool:
    """Tell whether a user wants a feature that is left to him."""
    return feature.policy is not Policy.NONE if choice.ticked is None else choice.ticked


def is_users(feature: Feature, option: Option, rule: GroupRule) -> bool:
    """Tell whether a user's own value of an option counts."""
    policy = policy_of(feature, rule)
    if policy is Policy.NONE or feature.scope in NOT_USERS or (feature.is_rule and policy is Policy.ALL):
        return False
    return not group_value(option, rule).locked


def in_force(feature: Feature, option: Option, rule: GroupRule, choice: UserChoice) -> object:
    """Return the value of one option: the user's if he may have one, else the group's."""
    of_group = group_value(option, rule)
    if is_users(feature, option, rule) and option.key in choice.values:
        value = choice.values[option.key]
        if option.accepts(value):
            return value
    return of_group.value


def group_value(option: Option, rule: GroupRule) -> GroupValue:
    """Return the group's value; one that a newer declaration no longer accepts falls back to the default."""
    stored = rule.values.get(option.key)
    if stored is None:
        return GroupValue(option.default)
    return stored if option.accepts(stored.value) else GroupValue(option.default, stored.locked)
