"""Tests of what is in force, as tables."""

import pytest

from deskside.declare import Feature, Kind, Policy
from deskside.grants import Gate, Grant, Refusal
from deskside.options import Choice, Number
from deskside_admin.service.policy import (
    GroupRule,
    GroupValue,
    UserChoice,
    decide,
    decide_all,
    with_needs,
)

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


@pytest.mark.parametrize(
    ("declared", "expected"), [(Policy.ALL, True), (Policy.USER, True), (Policy.NONE, False)]
)
def test_a_user_who_has_said_nothing_has_what_the_declaration_says(
    declared: Policy, *, expected: bool
) -> None:
    feature = Feature(key="kites.fly", policy=declared)

    assert isinstance(decide(feature, GroupRule(Policy.USER), UserChoice()), Grant) is expected


def decided(policy: Policy, kind: str, *features: Feature) -> dict[str, Grant | Refusal]:
    return decide_all(
        {feature.key: feature for feature in features},
        {feature.key: GroupRule(policy) for feature in features},
        {feature.key: UserChoice() for feature in features},
        kind,
    )


@pytest.mark.feature("OPT-06")
def test_a_switch_rules_only_the_kinds_of_support_it_is_marked_for() -> None:
    talk = Feature(key="kites.talk", kinds=(Kind.PC,))
    watch = Feature(key="kites.watch", kinds=(Kind.PC,), policy=Policy.NONE)
    everywhere = Feature(key="kites.fly")

    in_pc = decided(Policy.NONE, "pc", talk, everywhere)
    in_chat = decided(Policy.NONE, "chat", talk, everywhere)
    watched = decided(Policy.ALL, "pc", watch) | {"chat": decided(Policy.ALL, "chat", watch)["kites.watch"]}

    assert not any(isinstance(one, Grant) for one in in_pc.values())
    assert isinstance(in_chat["kites.talk"], Grant)
    assert in_chat["kites.fly"] == Refusal(Gate.GROUP, "policy.off_for_group")
    assert isinstance(watched["kites.watch"], Grant)
    assert watched["chat"] == Refusal(Gate.GROUP, "policy.other_kind")


def test_what_needs_something_falls_with_it_whoever_refused_that() -> None:
    first, second, third = (
        Feature(key="kites.fly"),
        Feature(key="kites.loop", requires=("kites.fly",)),
        Feature(key="kites.twirl", requires=("kites.loop", "kites.gone")),
    )
    declared = {one.key: one for one in (first, second, third)}
    no = Refusal(Gate.LICENCE, "refused.licence")

    found = with_needs(declared, {**{key: Grant(key) for key in declared}, "kites.fly": no})

    assert found["kites.fly"] == no
    assert found["kites.loop"] == Refusal(Gate.GROUP, "policy.needs", {"feature": "kites.fly"})
    assert isinstance(found["kites.twirl"], Refusal)
    assert with_needs(declared, {key: Grant(key) for key in declared})["kites.twirl"] == Refusal(
        Gate.GROUP, "policy.needs", {"feature": "kites.gone"}
    )
