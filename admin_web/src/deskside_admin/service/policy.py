"""What is in force for a user: the group's word, then his own where the group leaves it to him. Pure."""

from collections.abc import Mapping

from attrs import field, frozen

from deskside.declare import Feature, Option, Policy
from deskside.grants import Gate, Grant, Refusal


@frozen
class GroupValue:
    """A group's value of an option, and whether its users must take it."""

    value: object
    locked: bool = False


@frozen
class GroupRule:
    """What a group says about one feature."""

    policy: Policy
    values: Mapping[str, GroupValue] = field(factory=dict)


@frozen
class UserChoice:
    """What a user said about one feature; without a tick he has not said anything."""

    ticked: bool | None = None
    values: Mapping[str, object] = field(factory=dict)


def decide(feature: Feature, rule: GroupRule, choice: UserChoice) -> Grant | Refusal:
    """Return the option values in force, or who switched the feature off.

    Where users decide, a feature is on until the user switches it off.
    """
    if rule.policy is Policy.NONE:
        return Refusal(Gate.GROUP, "policy.off_for_group")
    if rule.policy is Policy.USER and choice.ticked is False:
        return Refusal(Gate.GROUP, "policy.off_by_user")
    return Grant(feature.key, {option.key: in_force(option, rule, choice) for option in feature.options})


def in_force(option: Option, rule: GroupRule, choice: UserChoice) -> object:
    """Return the value of one option: the user's if he may have one, else the group's."""
    of_group = group_value(option, rule)
    if not of_group.locked and option.key in choice.values:
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
