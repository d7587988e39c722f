"""Tests of what groups and users say about features."""

import pytest
from sqlmodel import Session, select

from deskside.catalogue import Catalogue
from deskside.declare import Policy
from deskside.grants import Grant, Refusal
from deskside_admin import rules
from deskside_admin.model import Group, OptionValue, User, UserOptionValue
from deskside_admin.service import features
from deskside_admin.service.outcome import Refused
from deskside_admin.service.policy import GroupRule, GroupValue, UserChoice

FLY, LAND = "kites.fly", "kites.land"


@pytest.fixture
def group(db: Session, agent: User) -> Group:
    found = db.get(Group, agent.group_id)
    assert found is not None
    return found


def test_a_new_group_says_what_the_declarations_say(db: Session, catalogue: Catalogue, group: Group) -> None:
    rules = features.of_group(db, catalogue, group.id)

    assert {key: rule.policy for key, rule in rules.items()} == {FLY: Policy.USER, LAND: Policy.ALL}


def test_switching_a_feature_off_reaches_every_user_of_the_group(
    db: Session, catalogue: Catalogue, group: Group, agent: User
) -> None:
    changed = features.set_for_group(db, catalogue, group, {LAND: GroupRule(Policy.NONE)}, group.version)

    assert changed == 1
    in_force = features.effective(db, catalogue, agent)
    assert isinstance(in_force[LAND], Refusal)
    assert isinstance(in_force[FLY], Grant)


def test_saving_the_same_again_changes_nothing(db: Session, catalogue: Catalogue, group: Group) -> None:
    wanted = {FLY: GroupRule(Policy.ALL, {"height": GroupValue(50, locked=True)})}
    features.set_for_group(db, catalogue, group, wanted, group.version)

    assert features.set_for_group(db, catalogue, group, wanted, group.version) == 0


@pytest.mark.parametrize(("option", "value"), [("height", 500), ("height", "50"), ("colour", "green")])
def test_a_value_that_the_option_does_not_accept_is_refused(
    db: Session, catalogue: Catalogue, group: Group, option: str, value: object
) -> None:
    wanted = {FLY: GroupRule(Policy.ALL, {option: GroupValue(value)})}

    outcome = features.set_for_group(db, catalogue, group, wanted, group.version)

    assert isinstance(outcome, Refused)
    assert outcome.problems[0].entry == f"{FLY}.{option}"
    assert db.exec(select(OptionValue)).all() == []


def test_a_users_tick_is_ignored_but_kept_while_the_group_decides(
    db: Session, catalogue: Catalogue, group: Group, agent: User
) -> None:
    features.set_for_user(db, catalogue, agent, {FLY: UserChoice(ticked=False)}, agent.version)
    features.set_for_group(db, catalogue, group, {FLY: GroupRule(Policy.ALL)}, group.version)
    features.set_for_user(db, catalogue, agent, {FLY: UserChoice(ticked=True)}, agent.version)
    forced = features.effective(db, catalogue, agent)

    features.set_for_group(db, catalogue, group, {FLY: GroupRule(Policy.USER)}, group.version)

    assert isinstance(forced[FLY], Grant)
    assert isinstance(features.effective(db, catalogue, agent)[FLY], Refusal)


def test_a_locked_value_cannot_be_changed_by_a_user(
    db: Session, catalogue: Catalogue, group: Group, agent: User
) -> None:
    locked = {FLY: GroupRule(Policy.ALL, {"height": GroupValue(50, locked=True)})}
    features.set_for_group(db, catalogue, group, locked, group.version)

    features.set_for_user(
        db, catalogue, agent, {FLY: UserChoice(None, {"height": 70, "colour": "blue"})}, agent.version
    )

    grant = features.effective(db, catalogue, agent)[FLY]
    assert isinstance(grant, Grant)
    assert grant.options == {"height": 50, "colour": "blue", "motto": ""}


def test_a_user_value_that_equals_the_groups_follows_the_group(
    db: Session, catalogue: Catalogue, agent: User
) -> None:
    features.set_for_user(db, catalogue, agent, {FLY: UserChoice(None, {"height": 70})}, agent.version)

    features.set_for_user(db, catalogue, agent, {FLY: UserChoice(None, {"height": 30})}, agent.version)

    assert db.exec(select(UserOptionValue)).all() == []


def test_a_users_bad_value_is_refused(db: Session, catalogue: Catalogue, agent: User) -> None:
    outcome = features.set_for_user(
        db, catalogue, agent, {FLY: UserChoice(None, {"height": 0})}, agent.version
    )

    assert isinstance(outcome, Refused)


def test_a_feature_that_nobody_declared_is_a_fault(db: Session, catalogue: Catalogue, group: Group) -> None:
    with pytest.raises(KeyError):
        features.set_for_group(db, catalogue, group, {"no.such": GroupRule(Policy.ALL)}, group.version)


def test_of_two_who_save_at_once_only_the_first_is_heard(
    db: Session, catalogue: Catalogue, group: Group, agent: User
) -> None:
    seen = group.version
    features.set_for_group(db, catalogue, group, {LAND: GroupRule(Policy.NONE)}, seen)

    outcome = features.set_for_group(db, catalogue, group, {LAND: GroupRule(Policy.ALL)}, seen)

    assert isinstance(outcome, Refused)
    assert outcome.reason == "conflict.changed"
    assert features.of_group(db, catalogue, group.id)[LAND].policy is Policy.NONE


def test_a_rule_for_all_is_the_groups_and_a_rule_left_to_users_is_theirs(
    db: Session, group: Group, agent: User
) -> None:
    catalogue = Catalogue.of(rules.declared())
    ours, mine = {"addresses": GroupValue(["10.0.0.1"])}, {"addresses": ["10.0.0.2"]}
    key = rules.IP_ALLOW.key
    assert features.followed(db, rules.IP_ALLOW, agent) is None
    features.set_for_group(db, catalogue, group, {key: GroupRule(Policy.USER, ours)}, group.version)
    assert features.followed(db, rules.IP_ALLOW, agent) is None

    features.set_for_user(db, catalogue, agent, {key: UserChoice(True, mine)}, agent.version)
    of_user = features.followed(db, rules.IP_ALLOW, agent)
    features.set_for_group(db, catalogue, group, {key: GroupRule(Policy.ALL)}, group.version)
    features.set_for_user(db, catalogue, agent, {key: UserChoice(None, mine)}, agent.version)
    for_all = features.followed(db, rules.IP_ALLOW, agent)

    assert (of_user, for_all) == ({"addresses": ["10.0.0.2"]}, {"addresses": ["10.0.0.1"]})


def test_rules_of_sign_in_never_leave_the_server(db: Session, agent: User) -> None:
    catalogue = Catalogue.of(rules.declared())

    assert features.in_support(db, catalogue, agent, "pc") == {}
