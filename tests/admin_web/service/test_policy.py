"""Tests of what is in force, as tables."""

import pytest

from deskside.declare import Choice, Feature, Number, Policy
from deskside.grants import Gate, Grant, Refusal
from deskside_admin.service.policy import GroupRule, GroupValue, UserChoice, decide

FLY = Feature(
    key="kites.fly",
    options=(
        Number("height", default=30, minimum=1, maximum=120),
        Choice("colour", ("red", "blue"), default="red"),
    ),
)


@pytest.mark.parametrize(
    ("policy", "ticked", "reason"),
    [
        (Policy.ALL, None, None),
        (Policy.ALL, False, None),
        (Policy.NONE, None, "policy.off_for_group"),
        (Policy.NONE, True, "policy.off_for_group"),
        (Policy.USER, None, None),
        (Policy.USER, True, None),
        (Policy.USER, False, "policy.off_by_user"),
    ],
)
def test_the_group_decides_and_the_user_where_it_lets_him(
    policy: Policy, ticked: bool | None, reason: str | None
) -> None:
    decision = decide(FLY, GroupRule(policy), UserChoice(ticked))

    if reason is None:
        assert isinstance(decision, Grant)
    else:
        assert decision == Refusal(Gate.GROUP, reason)


@pytest.mark.parametrize(
    ("group", "user", "expected"),
    [
        ({}, {}, 30),
        ({"height": GroupValue(50)}, {}, 50),
        ({"height": GroupValue(50)}, {"height": 70}, 70),
        ({"height": GroupValue(50, locked=True)}, {"height": 70}, 50),
        ({"height": GroupValue(500)}, {}, 30),
        ({"height": GroupValue(50)}, {"height": 500}, 50),
        ({"height": GroupValue("gone", locked=True)}, {"height": 70}, 30),
    ],
)
def test_the_value_in_force_is_the_users_where_free_and_allowed(
    group: dict[str, GroupValue], user: dict[str, object], expected: int
) -> None:
    decision = decide(FLY, GroupRule(Policy.ALL, group), UserChoice(None, user))

    assert decision == Grant("kites.fly", {"height": expected, "colour": "red"})
